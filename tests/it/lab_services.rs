//! What each practice system is for, and what its users see when a link or a certificate fails.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::desk::Desk;
use crate::lab::{Range, http, kill, until, value};

/// Status and body of a form sent to the citizens' door; nothing where nobody answers.
fn send(range: &Range, system: &str, path: &str, form: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", range.ports(system).0)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let head = "Host: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded";
    stream
        .write_all(format!("POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len()).as_bytes())
        .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// What stands between `<b class="CLASS">` and its end.
fn marked(body: &str, class: &str) -> String {
    let rest = body.split(&format!("<b class=\"{class}\">")).nth(1).unwrap_or_else(|| panic!("{body}"));
    rest.split('<').next().unwrap().to_owned()
}

fn third(range: &Range, system: &str) -> u16 {
    let ports: Value = serde_json::from_slice(&fs::read(range.lab().join("ports.json")).unwrap()).unwrap();
    ports[system]["third"].as_u64().unwrap().try_into().unwrap()
}

/// The line by which a dossier of the land office is handed in.
const DOSSIER: &str = "procedure=%C4%90%C4%83ng+k%C3%BD+khai+sinh&applicant=An";

#[test]
fn a_message_is_delivered_into_every_mailbox_it_was_sent_to_also_after_the_service_was_killed() {
    let range = Range::with(&["official-mail"]);
    let form = "from=can-bo-mau-01&to=can-bo-mau-02,can-bo-mau-03&subject=Hop+giao+ban&body=8+gio";
    let (status, body) = send(&range, "official-mail", "/thu", form).unwrap();
    assert_eq!(status, 202, "{body}");
    let code = marked(&body, "code");
    for owner in ["can-bo-mau-02", "can-bo-mau-03"] {
        until("it is in the mailbox", || {
            range.look("official-mail", &format!("/hop-thu/{owner}")).is_some_and(|(_, list)| list.contains(&code))
        });
    }
    let (_, list) = range.look("official-mail", "/hop-thu/can-bo-mau-04").unwrap();
    assert!(!list.contains(&code), "{list}");
    let (status, message) = range.look("official-mail", &format!("/thu/{code}")).unwrap();
    assert!(status == 200 && message.contains("Hop giao ban"), "{message}");
    range.ok(&["lab", "break", "official-mail", "kill"]);
    range.operate("official-mail", "start");
    assert_eq!(range.look("official-mail", &format!("/thu/{code}")).unwrap().0, 200);
    until("officials send and find what they sent", || {
        let seen = range.status("official-mail")["citizens_since"].clone();
        seen["accepted"].as_u64() > Some(0) && seen["served"].as_u64() > seen["accepted"].as_u64()
    });
}

#[test]
fn two_who_issue_documents_at_once_get_numbers_without_a_gap_and_a_gap_is_seen() {
    let range = Range::with(&["document-management"]);
    let issue = || {
        let (status, body) = send(&range, "document-management", "/van-ban", "subject=A&issuer=B").unwrap();
        assert_eq!(status, 201, "{body}");
        marked(&body, "code").rsplit('-').next().unwrap().parse::<u32>().unwrap()
    };
    let numbers: BTreeSet<u32> = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| (0..20).map(|_| issue()).collect::<Vec<_>>()));
        both.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(numbers.len(), 40, "no number is given twice");
    let checked = range.operate("document-management", "check");
    assert!(checked.starts_with("integrity=ok"), "{checked}");
    assert_eq!(range.health("document-management"), Some(200));

    // Somebody takes one out past the service.
    let database = range.lab().join("document-management/data/document-management.db");
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.busy_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(connection.execute("DELETE FROM records WHERE number = 700", []).unwrap(), 1);
    assert_eq!(range.health("document-management"), Some(503));
    let (exit, error) = range.refused(&["lab-operate", range.lab().to_str().unwrap(), "document-management", "check"]);
    assert!(exit == 1 && error.contains("numbers have a gap"), "{error}");
}

#[test]
fn a_figure_that_an_agency_sends_is_in_the_sum_of_its_period() {
    let range = Range::with(&["reporting"]);
    let sum = || marked(&range.look("reporting", "/tong-hop/ky-thu").unwrap().1, "sum");
    assert_eq!(sum(), "0");
    for figure in [40, 2] {
        let form = format!("agency=So+A&period=ky-thu&value={figure}");
        assert_eq!(send(&range, "reporting", "/so-lieu", &form).unwrap().0, 201);
    }
    assert_eq!(sum(), "42");
    assert_eq!(send(&range, "reporting", "/so-lieu", "agency=So+A&period=ky-thu&value=-1").unwrap().0, 422);
}

#[test]
fn a_link_that_is_cut_at_lgsp_shows_to_those_who_submit_and_not_to_those_who_look_up() {
    let range = Range::with(&["one-stop"]);
    let (status, record) = range.look("lgsp", "/chuyen/population/7").unwrap();
    assert!(status == 200 && record.contains("DC-000007"), "{record}");
    assert!(range.look("lgsp", "/giao-dich").unwrap().1.contains("anonymous"), "what was forwarded is written down");
    assert_eq!(range.operate("lgsp", "links").trim(), "up=9 down=0 cut=none");
    assert_eq!(range.operate("one-stop", "links").trim(), "up=10 down=0 cut=none");
    assert_eq!(range.look("one-stop", "/nop-thu").unwrap().0, 200);

    range.ok(&["lab", "break", "lgsp", "cut-link", "to=population"]);
    let shows = |range: &Range| {
        let (status, why) = http(range.ports("lgsp").1, "/health").unwrap();
        assert!(status == 503 && why.contains("population") && !why.contains("vnpost"), "{why}");
        assert_eq!(range.look("lgsp", "/chuyen/population/7").unwrap().0, 502);
        assert_eq!(range.look("lgsp", "/chuyen/vnpost/7").unwrap().0, 200);
        assert_eq!(range.operate("lgsp", "links").trim(), "up=8 down=1 cut=population");
        assert_eq!(range.operate("one-stop", "links").trim(), "up=9 down=1 cut=population");
        assert_eq!(range.health("one-stop"), Some(200));
        assert_eq!(range.look("one-stop", "/ho-so/TT-2026-000123").unwrap().0, 200);
        let (status, why) = range.look("one-stop", "/nop-thu").unwrap();
        assert!(status == 503 && why.contains("population"), "{why}");
        assert_eq!(send(range, "one-stop", "/ho-so", DOSSIER).unwrap().0, 503);
    };
    shows(&range);
    until("citizens who submit are refused", || range.status("one-stop")["citizens"]["refused"].as_u64() > Some(0));
    assert_eq!(range.status("lgsp")["cut"], serde_json::json!(["population"]));

    // It stays cut when the keeper is another one.
    kill(range.processes("lab-keeper")[0]);
    until("every process has ended", || range.processes("lab-service").is_empty());
    range.ok(&["lab", "up", "one-stop"]);
    shows(&range);
    assert_eq!(range.operate("lgsp", "relink").trim(), "up=9 down=0 cut=none");
    assert_eq!(range.look("one-stop", "/nop-thu").unwrap().0, 200);
    assert_eq!(send(&range, "one-stop", "/ho-so", DOSSIER).unwrap().0, 201);
    assert_eq!(range.health("lgsp"), Some(200));
}

#[test]
fn a_national_system_that_is_gone_is_seen_over_the_link_to_it_and_a_link_that_is_not_there_is_named() {
    let range = Range::with(&["lgsp"]);
    range.ok(&["lab", "break", "vnpost", "kill"]);
    assert_eq!(range.operate("lgsp", "links").trim(), "up=8 down=1 cut=vnpost");
    range.operate("vnpost", "start");
    assert_eq!(range.operate("lgsp", "links").trim(), "up=9 down=0 cut=none");
    range.ok(&["lab", "break", "lgsp", "cut-link"]);
    assert!(range.operate("lgsp", "links").starts_with("up=0 down=9 cut="));
    let (exit, error) = range.refused(&["lab", "break", "lgsp", "cut-link", "to=portal"]);
    assert!(exit == 2 && error.contains("error[lab-unknown-link]"), "{error}");
    let (exit, error) = range.refused(&["lab", "break", "vnpost", "encrypt"]);
    assert!(exit == 2 && error.contains("error[lab-unfit-fault]"), "{error}");
    range.ok(&["lab", "up", "--fresh", "lgsp"]);
    assert_eq!(range.health("lgsp"), Some(200));
}

#[test]
fn dossiers_that_were_taken_without_a_check_are_checked_when_the_link_is_there_again() {
    let range = Range::with(&["one-stop"]);
    range.ok(&["lab", "break", "one-stop", "cut-link", "to=lgsp"]);
    assert_eq!(range.operate("one-stop", "links").trim().split(' ').next(), Some("up=0"));
    assert_eq!(send(&range, "one-stop", "/ho-so", DOSSIER).unwrap().0, 503);
    assert_eq!(value(&range.operate("one-stop", "defer_checks"), "deferred"), 0);
    assert_eq!(send(&range, "one-stop", "/ho-so", DOSSIER).unwrap().0, 201);
    assert!(value(&range.operate("one-stop", "defer_checks"), "deferred") >= 1);
    let early = range.operate("one-stop", "check_deferred");
    assert!(value(&early, "failed") >= 1 && value(&early, "left") >= 1, "{early}");
    range.operate("one-stop", "relink");
    let late = range.operate("one-stop", "check_deferred");
    assert!(value(&late, "checked") >= 1 && value(&late, "failed") == 0, "{late}");
    // Citizens may have handed one in meanwhile.
    until("none is left", || value(&range.operate("one-stop", "check_deferred"), "left") == 0);
    range.ok(&["lab", "break", "one-stop", "cut-link", "to=lgsp"]);
    assert_eq!(range.look("one-stop", "/nop-thu").unwrap().0, 503, "nothing is deferred any more");
}

#[test]
fn a_system_whose_line_to_its_citizens_is_cut_stays_closed_until_the_line_is_back() {
    let range = Range::with(&["reporting"]);
    range.ok(&["lab", "break", "reporting", "cut-link", "to=citizens"]);
    assert_eq!(range.look("reporting", "/"), None);
    assert_eq!(range.health("reporting"), Some(200));
    assert_eq!(range.operate("reporting", "links").trim(), "up=0 down=1 cut=citizens");
    range.operate("reporting", "stop");
    range.operate("reporting", "start");
    range.operate("reporting", "isolate");
    range.operate("reporting", "relink");
    assert_eq!(range.look("reporting", "/"), None, "it is isolated still");
    range.operate("reporting", "reopen");
    assert_eq!(range.look("reporting", "/").unwrap().0, 200);
}

#[test]
fn a_session_is_held_open_and_its_participant_sees_that_it_drops() {
    let range = Range::with(&["video-conference"]);
    let join = |code: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", third(&range, "video-conference"))).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream.write_all(format!("JOIN {code} Chủ trì\n").as_bytes()).unwrap();
        BufReader::new(stream)
    };
    let line = |session: &mut BufReader<TcpStream>| {
        let mut line = String::new();
        session.read_line(&mut line).map(|_| line)
    };
    assert_eq!(line(&mut join("HN-999999")).unwrap(), "NO\n");
    let mut session = join("HN-000007");
    assert_eq!(line(&mut session).unwrap(), "OK HN-000007\n");
    for _ in 0..3 {
        assert_eq!(line(&mut session).unwrap(), "TICK 1\n");
    }
    let (_, page) = range.look("video-conference", "/phong/HN-000007").unwrap();
    assert!(page.contains("<li>Chủ trì</li>") && marked(&page, "present") == "1", "{page}");
    drop(session);
    until("who has gone is not counted", || {
        marked(&range.look("video-conference", "/phong/HN-000007").unwrap().1, "present") == "0"
    });

    for how in [
        &["lab", "break", "video-conference", "kill"][..],
        &["lab", "break", "video-conference", "cut-link", "to=citizens"],
    ] {
        let mut session = join("HN-000007");
        assert_eq!(line(&mut session).unwrap(), "OK HN-000007\n");
        range.ok(how);
        until("the session has dropped", || line(&mut session).map_or(true, |line| line.is_empty()));
        until("participants see it", || {
            range.status("video-conference")["citizens_since"]["refused"].as_u64() > Some(0)
        });
        range.operate("video-conference", "relink");
        range.operate("video-conference", "start");
    }
}

#[test]
fn the_portals_certificate_ends_and_a_new_one_is_taken_up_at_once() {
    use ungpho::probe::{Spec, look, spec::Tls};

    let range = Range::with(&["portal"]);
    ungpho::probe::trust_also(range.lab().join("authority/authority.pem"));
    let tls = |days: &str| {
        Spec::Tls(Tls {
            address: format!("127.0.0.1:{}", third(&range, "portal")),
            name: Some("portal.quangngai.example".to_owned()),
            valid_for: Some(days.parse().unwrap()),
            timeout: None,
        })
    };
    assert!(look(&tls("30d")).ok);
    assert!(!look(&tls("120d")).ok, "it is valid for 90 days");
    until("visitors come under it", || range.status("portal")["citizens"]["served"].as_u64() > Some(0));
    range.ok(&["lab", "break", "portal", "expire-certificate"]);
    let seen = look(&tls("0d"));
    let words = seen.detail.render(ungpho::model::Lang::En);
    assert!(!seen.ok && words.contains("expired"), "{words}");
    assert_eq!(range.health("portal"), Some(200), "its data are well");
    until("visitors turn away", || range.status("portal")["citizens_since"]["refused"].as_u64() > Some(0));
    assert_eq!(range.operate("portal", "renew_certificate").trim(), "valid_days=90");
    assert!(look(&tls("89d")).ok);
    let (exit, error) = range.refused(&["lab", "break", "reporting", "expire-certificate"]);
    assert!(exit == 2 && error.contains("error[lab-unfit-fault]"), "{error}");
}

#[test]
fn a_drill_cuts_a_link_and_ends_a_certificate_and_its_probes_see_both_and_their_remedies() {
    let desk = Desk::new();
    desk.playbook(
        "links",
        r#"inputs:
  portal: { type: system, default: portal }
  counter: { type: system, default: one-stop }
steps:
  - { id: good, title: Good, probe: { tls: { address: "{{ inputs.portal.endpoints.tls }}", valid_for: 30d } } }
  - { id: end, title: End, fault: { on: inputs.portal, kind: expire-certificate } }
  - { id: renew, title: Renew, run: { on: inputs.portal, do: renew_certificate } }
  - { id: again, title: Again, probe: { tls: { address: "{{ inputs.portal.endpoints.tls }}", valid_for: 80d } } }
  - { id: cut, title: Cut, fault: { on: inputs.counter, kind: cut-link, with: { to: population } } }
  - { id: seen, title: Seen, probe: { http: { url: "{{ inputs.counter.endpoints.submit_check }}", status: 503 } } }
  - { id: relink, title: Relink, run: { on: inputs.counter, do: relink } }
  - { id: well, title: Well, probe: { http: { url: "{{ inputs.counter.endpoints.submit_check }}", status: 200 } } }
"#,
    );
    let done = desk.run(&["drill", "links", "--lab", "--unattended", "--yes", "--foreground"]);
    desk.run(&["lab", "down"]).exits(0);
    done.exits(0).says(&["technical result passed"]);
}

#[test]
fn only_what_is_asked_for_and_what_it_asks_is_started_and_the_keeper_takes_more_later() {
    let range = Range::with(&["portal"]);
    let keeper = range.processes("lab-keeper");
    assert_eq!(range.processes("lab-service").len(), 1);
    assert_eq!(range.status("lgsp")["state"], "idle");
    assert!(!range.lab().join("one-stop").exists(), "what nobody asks for is not made either");
    range.ok(&["lab", "status"]);
    range.ok(&["lab", "up", "lgsp"]);
    assert_eq!(range.processes("lab-service").len(), 11);
    range.ok(&["lab", "up"]);
    assert_eq!(range.processes("lab-service").len(), 16);
    assert_eq!(range.processes("lab-keeper"), keeper);
    let (exit, error) = range.refused(&["lab", "up", "nothing-like-it"]);
    assert!(exit == 2 && error.contains("error[lab-unknown-system]"), "{error}");

    let names = ["official-mail", "lgsp", "document-management", "one-stop", "portal", "reporting", "video-conference"];
    for system in names {
        assert_eq!(range.health(system), Some(200), "{system}");
        assert!(range.operate(system, "check").starts_with("integrity=ok"), "{system}");
    }
    let ports = names.map(|system| range.ports(system));
    kill(keeper[0]);
    range.nothing_is_left(ports);
    assert!(Path::new(&range.lab()).exists());
}
