//! A unit's own policies through the program: `ungpho check`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A workspace with these files in it.
fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [("ungpho.yaml", "format: 1\nunit: Sở\n")].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

/// Exit code, and `file code line:column message; help` of every finding.
#[track_caller]
fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_ungpho"))
        .env_clear()
        .env("UNGPHO_LANG", "en")
        .current_dir(folder)
        .args(["check", "--json"])
        .args(arguments)
        .output()
        .expect("the program runs");
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let line = |finding: &Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let (file, code, severity) = (text("file"), text("code"), text("severity"));
        let (message, help) = (text("message"), text("help"));
        format!("{file} {severity} {code} {}:{} {message}; {help}", finding["line"], finding["column"])
    };
    (output.status.code(), document["findings"].as_array().expect("a list").iter().map(line).collect())
}

const SWITCH: (&str, &str) = ("policies/duties/legacy-2017.yaml", "format: 1\nset: legacy-2017\nenabled: true\n");

const OWN: &str = "format: 1
set: our-rules
documents:
  rules: { short: Quy chế số 12, full: Quy chế số 12 của Sở }
recipients:
  director: Giám đốc Sở
duties:
  - id: tell-director
    title: Báo cáo Giám đốc
    starts: detected
    limit: 30m
    applies: flagged
    flags: [serious_interruption]
    to: [director]
    notice: to-director
    cites: [ { document: rules, article: Điều 5, read: full_text, confidence: high } ]
";

const NOTICE: (&str, &str) = (
    "policies/notices/to-director.yaml",
    "format: 1\nnotice: to-director\ntitle: Báo cáo\nask: { losses: thiệt hại }\npages: [ { vi: \"{{ system }}: {{ losses }}\" } ]\n",
);

#[test]
fn a_unit_s_own_duty_with_its_own_notice_and_a_switched_set_are_clean() {
    let folder = workspace(&[SWITCH, ("policies/duties/our-rules.yaml", OWN), NOTICE]);
    assert_eq!(check(folder.path(), &[]), (Some(0), vec![]));
    // One file alone is looked at among the others of its workspace.
    assert_eq!(check(folder.path(), &["policies/duties/our-rules.yaml"]), (Some(0), vec![]));
}

#[test]
fn mistakes_in_a_unit_s_duties_and_notices_are_found_at_their_words_with_a_way_out() {
    let duties = OWN.replace("30m", "soon").replace("serious_interruption", "serious_interuption");
    let notice = NOTICE.1.replace("{{ system }}", "{{ sytem }}");
    let twice = OWN.replace("our-rules", "more-rules");
    let folder = workspace(&[
        ("policies/duties/more-rules.yaml", &twice),
        ("policies/duties/our-rules.yaml", &duties),
        (NOTICE.0, &notice),
    ]);
    assert_eq!(
        check(folder.path(), &[]),
        (
            Some(2),
            vec![
                "policies/duties/our-rules.yaml error duty-twice 8:9 the duty `tell-director` stands in \
                 policies/duties/more-rules.yaml already; -"
                    .to_owned(),
                "policies/duties/our-rules.yaml error invalid-limit 11:12 `soon` is not a limit; write `at_once`, `none` \
                 (the text gives no number), or a duration such as `24h`"
                    .to_owned(),
                "policies/duties/our-rules.yaml error unknown-flag 13:13 no flag is named `serious_interuption`; did you \
                 mean `serious_interruption`?"
                    .to_owned(),
                "policies/notices/to-director.yaml error unknown-blank 5:20 no blank is named `sytem`; did you mean \
                 `system`?"
                    .to_owned(),
            ]
        )
    );
}

#[test]
fn a_switch_for_a_set_that_is_nowhere_is_found() {
    let folder = workspace(&[("policies/duties/legacy-2018.yaml", "format: 1\nset: legacy-2018\nenabled: true\n")]);
    let (exit, found) = check(folder.path(), &[]);
    assert_eq!(exit, Some(2));
    assert_eq!(
        found,
        [
            "policies/duties/legacy-2018.yaml error unknown-set 2:6 no set of duties is named `legacy-2018` that could be \
          switched; did you mean `legacy-2017`?"
        ]
    );
}

#[test]
fn a_recipient_with_a_role_is_read_and_one_without_a_name_is_found() {
    let unit = "format: 1\nunit: Sở\nrecipients:\n  - Văn phòng\n  - { vi: Công an tỉnh, en: Police }\n  - { role: authority, name: PA05 }\n";
    let folder = workspace(&[("ungpho.yaml", unit)]);
    assert_eq!(check(folder.path(), &[]), (Some(0), vec![]));
    fs::write(folder.path().join("ungpho.yaml"), unit.replace(", name: PA05", "")).expect("it can be written");
    let (exit, found) = check(folder.path(), &[]);
    assert_eq!((exit, found.len()), (Some(2), 1));
    assert!(found[0].starts_with("ungpho.yaml error missing-key 6:5"), "{found:?}");
}

#[test]
fn the_files_that_the_page_on_duties_shows_are_clean() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/duties.md")).expect("the page ships");
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [recipients, switch, own] = blocks.as_slice() else { panic!("{} examples", blocks.len()) };
    let unit = format!("format: 1\nunit: Sở\n{recipients}");
    let notice = "format: 1\nnotice: to-director\ntitle: x\npages: [ { vi: \"{{ system }}\" } ]\n";
    let folder = workspace(&[
        ("ungpho.yaml", &unit),
        ("policies/duties/legacy-2017.yaml", switch),
        ("policies/duties/our-rules.yaml", own),
        ("policies/notices/to-director.yaml", notice),
    ]);
    assert_eq!(check(folder.path(), &[]), (Some(0), vec![]));
}
