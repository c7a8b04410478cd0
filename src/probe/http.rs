//! An HTTP request whose answer is judged.

use std::io::Read as _;

use super::spec::Http;
use super::{MAX_BODY, Seen, limit, roots};
use crate::message::{Message, cause, message};

/// One request on a fresh connection: straight to the service (a proxy would be looked at instead), and no redirect
/// followed.
pub(super) fn look(http: &Http) -> Seen {
    let method = http.method.as_deref().unwrap_or("GET").to_ascii_uppercase();
    let mut config = ureq::Agent::config_builder()
        .timeout_global(Some(limit(http.timeout)))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .proxy(None)
        .user_agent("ungpho");
    if http.url.starts_with("https:") {
        config = match roots::for_requests() {
            Ok(tls) => config.tls_config(tls),
            Err(message) => return Seen::bad(message),
        };
    }
    let agent: ureq::Agent = config.build().into();
    let mut request = ureq::http::Request::builder().method(method.as_str()).uri(&http.url);
    for (name, value) in &http.headers {
        request = request.header(name, value);
    }
    let Ok(request) = request.body(()) else {
        // The library's own words could hold a header's value, which may be secret.
        return Seen::bad(message!("probe-http-bad-request", url = http.url.as_str()));
    };
    match agent.run(request) {
        Ok(response) if http.answers == Some(false) => {
            Seen::bad(message!("probe-http-answers", url = http.url.as_str(), status = response.status().as_u16()))
        }
        Err(error) if http.answers == Some(false) && silent(&error) => {
            Seen::good(message!("probe-http-no-answer", url = http.url.as_str(), cause = why(&error)))
        }
        Ok(response) => judge(http, response),
        Err(error) => Seen::bad(message!("probe-http-no-answer", url = http.url.as_str(), cause = why(&error))),
    }
}

fn judge(http: &Http, mut response: ureq::http::Response<ureq::Body>) -> Seen {
    let status = response.status().as_u16();
    let to = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
    let mut bytes = Vec::new();
    let read = response.body_mut().as_reader().take(MAX_BODY).read_to_end(&mut bytes);
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let expected = http.status.map_or((200..300).contains(&status), |expected| expected == status);
    let (ok, detail) = if !expected {
        (false, message!("probe-http-status", status = status, expected = expectation(http)))
    } else if let Err(error) = read {
        (false, message!("probe-http-cut", status = status, cause = cause::io(&error)))
    } else if let Some(text) = http.contains.as_deref().filter(|text| !body.contains(*text)) {
        (false, message!("probe-http-lacks", status = status, text = text))
    } else {
        (true, message!("probe-http-ok", status = status))
    };
    let detail = match to.filter(|_| (300..400).contains(&status)) {
        Some(to) => message!("probe-http-redirect", seen = detail, to = to),
        None => detail,
    };
    Seen { ok, detail, body: Some(body) }
}

fn expectation(http: &Http) -> String {
    http.status.map_or_else(|| "200–299".to_owned(), |status| status.to_string())
}

/// Whether nobody answered at the place that was asked. A name that is not known proves nothing about what it should have
/// named, and an answer that is not HTTP is an answer.
fn silent(error: &ureq::Error) -> bool {
    use std::io::ErrorKind;
    match error {
        ureq::Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::UnexpectedEof
                | ErrorKind::TimedOut
                | ErrorKind::WouldBlock
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable
        ),
        ureq::Error::Timeout(which) => !matches!(which, ureq::Timeout::Resolve),
        ureq::Error::ConnectionFailed => true,
        _ => false,
    }
}

fn why(error: &ureq::Error) -> Message {
    match error {
        ureq::Error::Io(error) => cause::io(error),
        ureq::Error::Timeout(_) => message!("words-cause-timed-out"),
        ureq::Error::HostNotFound => message!("probe-host-not-found"),
        ureq::Error::BadUri(_) => message!("probe-bad-url"),
        other => message!("words-cause-other", text = other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::time::Instant;

    use super::*;
    use crate::model::{Lang, Span};

    /// A server on loopback that gives one answer, and what it was asked.
    fn serve(answer: Vec<u8>) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/health", listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            let mut byte = [0];
            while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                asked.push(byte[0]);
            }
            // A client that has seen enough closes before all is written.
            let _ = stream.write_all(&answer);
            String::from_utf8_lossy(&asked).into_owned()
        });
        (url, served)
    }

    fn http(url: &str) -> Http {
        Http {
            url: url.to_owned(),
            method: None,
            status: None,
            headers: BTreeMap::new(),
            contains: None,
            answers: None,
            timeout: Some(Span::from_seconds(5)),
        }
    }

    #[test]
    fn an_answer_is_judged_by_its_status() {
        let (url, served) = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec());
        let seen = look(&http(&url));
        assert!(seen.ok);
        assert_eq!(seen.body.as_deref(), Some("ok"));
        assert!(served.join().unwrap().starts_with("GET /health HTTP/1.1\r\n"));

        let (url, _) = serve(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n".to_vec());
        let seen = look(&http(&url));
        assert!(!seen.ok);
        assert_eq!(seen.detail.render(Lang::En), "HTTP 503, expected 200–299");

        let (url, _) = serve(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n".to_vec());
        assert!(look(&Http { status: Some(503), ..http(&url) }).ok);
    }

    #[test]
    fn a_redirect_is_told_and_not_followed() {
        let answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/login\r\nContent-Length: 0\r\n\r\n";
        let (url, _) = serve(answer.to_vec());
        let seen = look(&http(&url));
        assert!(!seen.ok);
        let text = seen.detail.render(Lang::En);
        assert!(text.contains("302") && text.contains("http://127.0.0.1:9/login"), "{text}");
    }

    #[test]
    fn a_text_that_is_missing_fails_the_look() {
        let (url, _) = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec());
        assert!(!look(&Http { contains: Some("Nộp hồ sơ".to_owned()), ..http(&url) }).ok);
    }

    #[test]
    fn a_flood_is_cut_at_the_bound() {
        let size = MAX_BODY + 500_000;
        let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes();
        answer.resize(answer.len() + usize::try_from(size).unwrap(), b'x');
        let (url, _) = serve(answer);
        let seen = look(&http(&url));
        assert!(seen.ok);
        assert_eq!(seen.body.unwrap().len() as u64, MAX_BODY);
    }

    #[test]
    fn a_service_that_hangs_ends_with_the_time_limit() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let began = Instant::now();
        let seen = look(&Http { timeout: Some(Span::from_seconds(1)), ..http(&url) });
        assert!(!seen.ok);
        assert!(seen.detail.render(Lang::En).contains("timed out"), "{}", seen.detail.render(Lang::En));
        assert!(began.elapsed() < crate::probe::TIMEOUT);
    }

    #[test]
    fn a_service_that_must_not_answer_is_well_only_when_it_is_silent() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = format!("http://{}/", listener.local_addr().unwrap());
        crate::probe::end(listener);
        assert!(look(&Http { answers: Some(false), ..http(&closed) }).ok);
        let (url, _) = serve(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n".to_vec());
        assert!(!look(&Http { answers: Some(false), ..http(&url) }).ok);
        assert!(!look(&Http { answers: Some(false), ..http("http://ungpho.invalid/") }).ok);
        assert!(!look(&Http { answers: Some(false), ..http("not an address") }).ok);
    }

    #[test]
    fn a_header_that_is_no_header_does_not_print_its_value() {
        let headers = BTreeMap::from([("Authorization".to_owned(), "hunter2hunter2\n".to_owned())]);
        let seen = look(&Http { headers, ..http("http://127.0.0.1:9/") });
        assert!(!seen.ok);
        assert!(!seen.detail.render(Lang::En).contains("hunter2"));
    }
}
