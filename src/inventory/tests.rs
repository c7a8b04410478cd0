use super::*;
use crate::model::Lang;
use crate::source;

fn found<T>(read: Result<T, Vec<Finding>>) -> String {
    match read {
        Ok(_) => String::new(),
        Err(findings) => {
            findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect::<Vec<_>>().join(", ")
        }
    }
}

const SAMPLE: &str = include_str!("../../tests/it/data/one-stop.yaml");

#[test]
fn the_sample_system_is_read_as_it_stands() {
    let system = read("inventory/one-stop.yaml", SAMPLE).expect("it holds");
    assert_eq!(system.id, "one-stop");
    assert_eq!(system.operations.len(), 3);
    assert_eq!(system.objectives.rto.map(crate::model::Span::seconds), Some(14_400));
    assert_eq!(system.backups.len(), 1);
    assert_eq!(system.facts.users, Some(5000));
    assert_eq!(system.state, Some(dossier::State::Operating));
}

#[test]
fn mistakes_of_a_system_are_found_at_their_words() {
    let text = "format: 1
id: portal
nmae: Cổng
environment: prod
hosts: [ { id: a, ssh: a }, { id: a, ssh: b } ]
operations:
  Stop: { host: b, argv: [sudo, systemctl, stop], effect: destructive }
  start: { argv: [\"{{ inputs.x }}\"], effect: change }
  look: { shell: \"echo {{ x }}\" }
objectives: { rto: 4 hours }
backups: [ { id: nightly, host: bk, path: 7 } ]
facts: 3
colour: red
";
    assert_eq!(
        found(read("inventory/portal.yaml", text)),
        "unknown-key 3:1, unknown-word 4:14, duplicate-id 5:35, invalid-id 7:3, unknown-host 7:17, sudo-asks 7:27, \
         template-not-here 8:20, missing-key 9:3, template-in-shell 9:24, invalid-duration 10:20, unknown-host 11:33, \
         wrong-type 11:43, wrong-type 12:8, unknown-key 13:1"
    );
}

#[test]
fn what_is_wrong_where_it_stands_is_not_missing_where_it_is_named() {
    let system = |hosts: &str| {
        format!("format: 1\nid: a\nname: x\n{hosts}\noperations: {{ s: {{ host: h, argv: [x], effect: change }} }}\n")
    };
    assert_eq!(found(read("a.yaml", &system("host: [ { id: h, ssh: h } ]"))), "unknown-key 4:1");
    assert_eq!(found(read("a.yaml", &system("hosts: [ { idd: h, ssh: h } ]"))), "unknown-key 4:12");
    assert_eq!(found(read("a.yaml", &system("hosts: [ { id: g, ssh: h } ]"))), "unknown-host 5:26");
    let people = |people: &str| format!("{people}\nroles: {{ commander: {{ holder: lan }} }}\n");
    assert_eq!(found(People::read("people.yaml", &people("people: [ { idd: lan, name: x } ]"))), "unknown-key 1:13");
    assert_eq!(found(People::read("people.yaml", &people("peple: [ { id: lan, name: x } ]"))), "unknown-key 1:1");
    assert_eq!(
        found(People::read("people.yaml", &people("people: [ { id: engine, name: x } ]"))),
        "reserved-id 1:17, unknown-person 2:31"
    );
}

#[test]
fn a_secret_is_not_handed_to_another_machine_by_its_environment() {
    let text = "format: 1\nid: a\nname: x\nhosts: [ { id: h, ssh: h } ]\noperations:\n  s: { host: h, argv: [x], effect: change, env: { K: \"{{ secret.k }}\" } }\n  t: { argv: [x], effect: change, env: { K: \"{{ secret.k }}\" } }\n";
    assert_eq!(found(read("a.yaml", text)), "secret-over-ssh 6:58");
}

#[test]
fn nobody_signs_for_a_collective_body_of_the_party_as_a_deputy_does() {
    let unit = |documents: &str, authority: &str| {
        let text = format!(
            "format: 1\nunit: x\ndocuments: {documents}\nsigners:\n  - {{ position: b, authority: \"{authority}\" }}\n"
        );
        let (unit, findings) = Unit::read_document(&source::parse("ungpho.yaml", &text));
        let authority = unit.expect("it holds").signers.remove(0).authority.expect("it was given");
        assert!(!authority.pick(Lang::Vi).is_empty());
        findings.iter().map(|it| format!("{} {}:{}", it.code, it.line, it.column)).collect::<Vec<_>>().join(", ")
    };
    for authority in ["K/T ĐẢNG ỦY", "k/t Đảng uỷ", "KT. BAN THƯỜNG VỤ"] {
        assert_eq!(unit("party", authority), "collective-signature 5:31", "{authority}");
    }
    for (documents, authority) in
        [("party", "T/M ĐẢNG ỦY"), ("party", "K/T CHÁNH VĂN PHÒNG"), ("state", "KT. GIÁM ĐỐC")]
    {
        assert_eq!(unit(documents, authority), "", "{authority}");
    }
}

#[test]
fn a_unit_and_its_people_are_read() {
    let unit =
        Unit::read("ungpho.yaml", "format: 1\nunit: Sở\nsymbol: \"\"\nsecond_person: [key, alone]\nsigners: []\n");
    let unit = unit.expect("it holds");
    assert_eq!((unit.language, unit.symbol), (Lang::Vi, None));
    let text = "format: 1
people:
  - { id: lan, name: Lan, phones: [0123, \"+84 1\"], until: 2026-12-31 }
  - { id: lan, name: Bình, until: mai }
roles:
  commander: { holder: la, deputy: lan }
  operator: { deputy: lan }
contacts_checked: 2026-01-01
";
    assert_eq!(
        found(People::read("people.yaml", text)),
        "duplicate-id 4:11, invalid-date 4:35, unknown-person 6:24, missing-key 7:3"
    );
    assert_eq!(
        found(Unit::read("ungpho.yaml", "format: 2\nunit: x\nlanguage: fr\n")),
        "unknown-format 1:9, unknown-word 3:11"
    );
}
