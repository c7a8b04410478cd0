//! A TLS handshake whose certificate must be valid.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::spec::Tls;
use super::{Seen, limit, network, roots};
use crate::message::{Message, cause, message};

/// Judges by the authorities that this machine trusts. A certificate that none of them signed is not well, the unit's own
/// included: it belongs into the system's store, where browsers look too.
pub(super) fn look(tls: &Tls) -> Seen {
    match roots::trusted() {
        Ok(roots) => look_with(tls, &roots),
        Err(message) => Seen::bad(message),
    }
}

fn look_with(tls: &Tls, roots: &[CertificateDer<'static>]) -> Seen {
    let address = tls.address.as_str();
    let Some((host, port)) = network::split(address) else {
        return Seen::bad(message!("probe-bad-address", address = address));
    };
    let name = tls.name.as_deref().unwrap_or(host);
    let Ok(server) = ServerName::try_from(name.to_owned()) else {
        return Seen::bad(message!("probe-tls-bad-name", name = name));
    };
    let failed = |cause: Message| Seen::bad(message!("probe-tls-failed", address = address, cause = cause));
    let (config, verifier) = match configured(roots) {
        Ok(configured) => configured,
        Err(error) => return failed(why(&error)),
    };
    match shake(host, port, server, config, limit(tls.timeout)) {
        Ok(()) => {}
        Err(error) => {
            let cause = error.get_ref().and_then(|e| e.downcast_ref::<Error>()).map_or_else(|| cause::io(&error), why);
            let seen = verifier.seen().map(|leaf| described(&leaf, cause.clone()));
            return failed(seen.unwrap_or(cause));
        }
    }
    match verifier.seen().as_deref().and_then(days_left) {
        Some(days) => {
            let wanted = tls.valid_for.map_or(0, |span| i64::try_from(span.seconds().div_ceil(86_400)).unwrap_or(0));
            if days < wanted {
                Seen::bad(message!("probe-tls-ends-soon", name = name, days = days, wanted = wanted))
            } else {
                Seen::good(message!("probe-tls-ok", name = name, days = days))
            }
        }
        None => failed(message!("probe-tls-no-certificate")),
    }
}

fn configured(roots: &[CertificateDer<'static>]) -> Result<(ClientConfig, Arc<Watching>), Error> {
    let provider = Arc::new(ring::default_provider());
    let mut store = RootCertStore::empty();
    // An authority that cannot be read vouches for nobody.
    store.add_parsable_certificates(roots.iter().cloned());
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(&provider))
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
    let verifier = Arc::new(Watching { inner, seen: Mutex::new(None), provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    Ok((config, verifier))
}

/// Shakes hands, and says goodbye.
fn shake(
    host: &str,
    port: u16,
    server: ServerName<'static>,
    config: ClientConfig,
    limit: Duration,
) -> std::io::Result<()> {
    let deadline = Instant::now() + limit;
    let stream = network::connect(host, port, limit)?;
    let mut connection = ClientConnection::new(Arc::new(config), server).map_err(std::io::Error::other)?;
    let mut timed = Timed { stream, deadline };
    while connection.is_handshaking() {
        connection.complete_io(&mut timed)?;
    }
    connection.send_close_notify();
    // The handshake is over: whether the goodbye arrives changes nothing.
    let _ = connection.write_tls(&mut timed);
    Ok(())
}

/// A stream on which everything together ends at the deadline.
struct Timed {
    stream: std::net::TcpStream,
    deadline: Instant,
}

impl Timed {
    fn left(&self) -> std::io::Result<Option<Duration>> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(std::io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}

/// The usual verifier, which also remembers the certificate it was shown, good or bad.
#[derive(Debug)]
struct Watching {
    inner: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Vec<u8>>>,
    provider: Arc<CryptoProvider>,
}

impl Watching {
    fn seen(&self) -> Option<Vec<u8>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.as_ref().to_vec());
        self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Whole days until the certificate ends; negative where it has ended.
fn days_left(leaf: &[u8]) -> Option<i64> {
    let (_, certificate) = x509_parser::parse_x509_certificate(leaf).ok()?;
    let now = jiff::Timestamp::now().as_second();
    Some((certificate.validity().not_after.timestamp() - now).div_euclid(86_400))
}

/// What is wrong, with whose certificate it is.
fn described(leaf: &[u8], cause: Message) -> Message {
    match x509_parser::parse_x509_certificate(leaf) {
        Ok((_, certificate)) => message!(
            "probe-tls-shown",
            cause = cause,
            subject = certificate.subject().to_string(),
            issuer = certificate.issuer().to_string()
        ),
        Err(_) => cause,
    }
}

fn why(error: &Error) -> Message {
    match error {
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            message!("probe-tls-expired")
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            message!("probe-tls-not-yet")
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => message!("probe-tls-other-name"),
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => message!("probe-tls-unknown-issuer"),
        Error::InvalidCertificate(CertificateError::Revoked) => message!("probe-tls-revoked"),
        Error::InvalidMessage(_) => message!("probe-tls-no-tls"),
        other => message!("words-cause-other", text = other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::path::Path;
    use std::process::Command;

    use rustls::pki_types::PrivateKeyDer;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::{ServerConfig, ServerConnection};

    use super::*;
    use crate::model::{Lang, Span};

    /// A certificate for `localhost` made by openssl, valid for `days` days, its own authority.
    fn certificate(folder: &Path, days: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-keyout", "key.pem", "-out", "cert.pem", "-days", days, "-subj", "/CN=ungpho test"])
            .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let certificate = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
        (certificate, PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap())
    }

    fn serve(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> String {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
            }
        });
        format!("localhost:{port}")
    }

    fn tls(address: &str) -> Tls {
        Tls { address: address.to_owned(), name: None, valid_for: None, timeout: Some(Span::from_seconds(5)) }
    }

    #[test]
    fn a_certificate_is_judged_by_its_authority_its_name_and_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = certificate(folder.path(), "30");
        let address = serve(certificate.clone(), key);
        let roots = [certificate];

        let seen = look_with(&tls(&address), &roots);
        let text = seen.detail.render(Lang::En);
        assert!(seen.ok, "{text}");
        assert!(text.contains("29 days") || text.contains("30 days"), "{text}");

        let soon = Tls { valid_for: Some(Span::from_seconds(60 * 86_400)), ..tls(&address) };
        assert!(!look_with(&soon, &roots).ok);

        let other = Tls { name: Some("dichvucong.example.vn".to_owned()), ..tls(&address) };
        let text = look_with(&other, &roots).detail.render(Lang::En);
        assert!(text.contains("not for this name"), "{text}");

        let seen = look(&tls(&address));
        let text = seen.detail.render(Lang::En);
        assert!(!seen.ok && text.contains("no authority") && text.contains("ungpho test"), "{text}");
    }

    #[test]
    fn a_service_that_does_not_speak_tls_is_told_so() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(b"SSH-2.0-OpenSSH_10\r\n");
        });
        let seen = look(&tls(&address));
        assert!(!seen.ok);
    }
}
