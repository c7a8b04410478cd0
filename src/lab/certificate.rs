//! The lab's own authority, and the certificate that the portal serves under.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

use super::LabError;
use super::place::{Home, Place};

/// How long a new certificate is valid: what an authority that is free of charge gives.
const VALID_DAYS: u32 = 90;
const AUTHORITY_DAYS: u32 = 3650;
const DAY: Duration = Duration::from_hours(24);
/// Whom it is for: the address at which it is served, and the name that the real portal would have.
const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "portal.quangngai.example"];

fn other(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> LabError {
    LabError::file(path)(std::io::Error::other(error))
}

fn named(name: &str, from: SystemTime, to: SystemTime) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = from.into();
    params.not_after = to.into();
    params
}

/// What the authority's certificate says, but for its key.
fn authority_params() -> CertificateParams {
    let now = SystemTime::now();
    let mut params = named("ungpho lab authority", now - DAY, now + DAY * AUTHORITY_DAYS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Writes a file that only this user reads, whole or not at all.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), LabError> {
    let beside = path.with_added_extension("new");
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, path))
        .map_err(LabError::file(path))
}

/// The file of the authority's certificate: who trusts it takes the lab's certificates for good.
pub(super) fn authority_file(place: &Place) -> PathBuf {
    place.authority().join("authority.pem")
}

/// Makes the lab's authority where there is none. It vouches for nothing outside this lab: nobody else trusts it.
pub(super) fn prepare_authority(place: &Place) -> Result<(), LabError> {
    let (folder, file) = (place.authority(), authority_file(place));
    if file.exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder).map_err(LabError::file(&folder))?;
    let key = KeyPair::generate().map_err(|error| other(&folder, error))?;
    let certificate = authority_params().self_signed(&key).map_err(|error| other(&folder, error))?;
    keep(&folder.join("key.pem"), key.serialize_pem().as_bytes())?;
    keep(&file, certificate.pem().as_bytes())
}

/// Puts a new certificate in its place: `valid_days=90`. The service takes it up with the next connection.
pub(super) fn renew(place: &Place, home: &Home) -> Result<String, LabError> {
    let now = SystemTime::now();
    // An hour back, for clocks that are behind.
    let ends = now + DAY * VALID_DAYS + Duration::from_mins(1);
    issue(place, home, now - Duration::from_hours(1), ends)?;
    Ok(format!("valid_days={VALID_DAYS}"))
}

/// Puts a certificate in its place that ended an hour ago.
pub(super) fn expire(place: &Place, home: &Home) -> Result<(), LabError> {
    let now = SystemTime::now();
    issue(place, home, now - DAY * VALID_DAYS, now - Duration::from_hours(1))
}

fn issue(place: &Place, home: &Home, from: SystemTime, to: SystemTime) -> Result<(), LabError> {
    let key_file = place.authority().join("key.pem");
    let read = |path: &Path| fs::read_to_string(path).map_err(LabError::file(path));
    let authority_key = KeyPair::from_pem(&read(&key_file)?).map_err(|error| other(&key_file, error))?;
    let issuer = Issuer::new(authority_params(), authority_key);
    let folder = home.certificate();
    fs::create_dir_all(&folder).map_err(LabError::file(&folder))?;
    let key = KeyPair::generate().map_err(|error| other(&folder, error))?;
    let mut params = named("portal.quangngai.example", from, to);
    let names = CertificateParams::new(NAMES.map(str::to_owned)).map_err(|error| other(&folder, error))?;
    params.subject_alt_names = names.subject_alt_names;
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, &issuer).map_err(|error| other(&folder, error))?;
    // One file, so that a certificate and its key are never of two different makings.
    keep(&folder.join("portal.pem"), format!("{}{}", certificate.pem(), key.serialize_pem()).as_bytes())
}

/// What the portal serves under, as it lies on the disk now.
pub(super) fn serving(home: &Home) -> Result<Arc<ServerConfig>, LabError> {
    let file = home.certificate().join("portal.pem");
    let chain = CertificateDer::pem_file_iter(&file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| other(&file, error))?;
    let key = PrivateKeyDer::from_pem_file(&file).map_err(|error| other(&file, error))?;
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map(Arc::new)
        .map_err(|error| other(&file, error))
}

/// Whether what the portal serves under is valid now.
pub(super) fn is_valid(home: &Home) -> bool {
    let Ok(text) = fs::read(home.certificate().join("portal.pem")) else { return false };
    let Ok(certificate) = CertificateDer::from_pem_slice(&text) else { return false };
    x509_parser::parse_x509_certificate(&certificate).is_ok_and(|(_, read)| read.validity().is_valid())
}

/// A client that trusts this lab's authority, and no other.
pub(super) fn trusting(place: &Place) -> Result<Arc<ClientConfig>, LabError> {
    let file = authority_file(place);
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(&file).map_err(|error| other(&file, error))?;
    roots.add(authority).map_err(|error| other(&file, error))?;
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
        .map_err(|error| other(&file, error))
}
