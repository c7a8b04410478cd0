//! The certificate authorities that this machine trusts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

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

/// A file with one authority more, of a practice range.
static ALSO: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Takes what the authority in the PEM file `authority` vouches for as good too, for the rest of this process's life. For a
/// drill on the lab, whose certificates nobody else trusts.
pub fn trust_also(authority: PathBuf) {
    *ALSO.lock().unwrap_or_else(PoisonError::into_inner) = Some(authority);
}

/// The authorities of the first place that has any; and the practice range's, which is read anew at each look.
pub(super) fn trusted() -> Result<Vec<CertificateDer<'static>>, Message> {
    let mut roots = TRUSTED.clone();
    if let Some(also) = &*ALSO.lock().unwrap_or_else(PoisonError::into_inner) {
        roots.extend(read(also));
    }
    if roots.is_empty() { Err(message!("probe-no-authorities", place = PLACES[0])) } else { Ok(roots) }
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
