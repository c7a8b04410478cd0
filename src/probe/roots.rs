//! The certificate authorities that this machine trusts.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::message::{Message, message};

/// Where systems keep the authorities they trust, the unit's own among them.
const PLACES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

static TRUSTED: LazyLock<Vec<CertificateDer<'static>>> = LazyLock::new(|| {
    PLACES.iter().map(|place| read(Path::new(place))).find(|found| !found.is_empty()).unwrap_or_default()
});

/// The authorities of the first place that has any.
pub(super) fn trusted() -> Result<&'static [CertificateDer<'static>], Message> {
    if TRUSTED.is_empty() { Err(message!("probe-no-authorities", place = PLACES[0])) } else { Ok(&TRUSTED) }
}

/// The same for HTTP requests.
pub(super) fn for_requests() -> Result<ureq::tls::TlsConfig, Message> {
    let roots: Vec<_> =
        trusted()?.iter().map(|root| ureq::tls::Certificate::from_der(root.as_ref()).to_owned()).collect();
    Ok(ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::Specific(Arc::new(roots))).build())
}

/// The certificates of a PEM file; what is not one in it is passed over.
fn read(path: &Path) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_file_iter(path).map(|found| found.filter_map(Result::ok).collect()).unwrap_or_default()
}
