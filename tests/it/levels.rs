//! `ungpho inventory level`: what it says of the sample, of wrong files, of a unit's own criteria, and what it writes.

use std::fs;

use serde_json::Value;

use super::desk::{Desk, Done};

const SYSTEM: &str = "format: 1\nid: mail\nname: Thư điện tử\nstate: operating\n";

fn sample() -> Desk {
    let desk = Desk::new();
    desk.run(&["init", "qn", "--sample", "quang-ngai"]).exits(0);
    desk
}

/// `ungpho inventory level …` in Vietnamese.
#[track_caller]
fn level(desk: &Desk, arguments: &[&str]) -> Done {
    desk.run(&[&["inventory", "level", "--lang", "vi"], arguments].concat())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON document")
}

/// `proved..possible: first question` of a system by both decrees.
fn outcome(system: &Value) -> String {
    let level = |value: &Value| value.as_u64().map_or("-".to_owned(), |level| level.to_string());
    let of = |rules: &str| {
        let seen = &system["rules"][rules];
        let matched: Vec<&str> =
            seen["matched"].as_array().expect("a list").iter().filter_map(|m| m["rule"].as_str()).collect();
        let asked = seen["questions"][0].as_str().unwrap_or("nothing");
        format!("{}..{} {} ? {asked}", level(&seen["proved"]), level(&seen["possible"]), matched.join(" "))
    };
    format!("{} | {}", of("nd85-2016"), of("nd331-2026"))
}

#[test]
fn the_sample_gives_the_candidate_levels_with_its_doubts_as_questions() {
    let desk = sample();
    // The national systems have no facts: they are not determined, and that is no pass.
    let seen =
        json(&level(&desk, &["--workspace", "qn", "--rules", "both", "--on", "2026-11-25", "--json"]).exits(1).out);
    assert_eq!(seen["version"], 1);
    let of = |id: &str| {
        let systems = seen["systems"].as_array().expect("systems");
        outcome(systems.iter().find(|system| system["id"] == id).unwrap_or_else(|| panic!("no {id}")))
    };
    assert_eq!(of("one-stop"), "3..3 85.9.2.a ? nothing | 3..3 331.13.2.b ? nothing");
    assert_eq!(of("lgsp"), "3..3 85.9.3 ? nothing | 3..3 331.13.3 ? nothing");
    for mail in ["official-mail", "reporting", "video-conference"] {
        assert_eq!(of(mail), "-..3  ? class | -..3  ? class", "{mail}");
    }
    // Level 3 or more where state secrets are among its documents.
    assert_eq!(of("document-management"), "-..5  ? class | -..5  ? class");
    assert!(of("portal").starts_with("2..5 85.8.2.b ? "), "{}", of("portal"));
    assert!(of("portal").contains(" | 2..5 331.12.2.a ? "), "{}", of("portal"));
    assert!(of("population").starts_with("-..5  ? "), "{}", of("population"));
    // What an answer would give: internal is level 2, infrastructure of a province level 3.
    let mail =
        seen["systems"].as_array().expect("systems").iter().find(|it| it["id"] == "official-mail").expect("mail");
    let answers = mail["rules"]["nd331-2026"]["deciding"][0]["answers"].as_array().expect("answers").clone();
    let given = |word: &str| answers.iter().find(|it| it["answer"] == word).expect("an answer").clone();
    assert_eq!(
        (&given("[internal]")["proved"], &given("[infrastructure]")["proved"]),
        (&Value::from(2), &Value::from(3))
    );
}

#[test]
fn every_line_has_its_article_and_what_is_assumed_is_marked() {
    let desk = sample();
    let seen = level(&desk, &["--workspace", "qn", "one-stop", "--on", "2026-11-25"]).exits(0).out;
    for text in [
        "cấp độ đã đủ căn cứ: 3",
        "[331.13.2.b] cấp độ 3",
        "điểm b khoản 2 Điều 13 Nghị định số 331/2026/NĐ-CP",
        "class (số liệu giả định), one_stop",
        "chủ quản phê duyệt",
        "chưa được phê duyệt) (số liệu giả định)",
        "Tính đến ngày 25/11/2026",
    ] {
        assert!(seen.contains(text), "no `{text}` in:\n{seen}");
    }
    // The decree follows the day; between the two it is a preview.
    let old = level(&desk, &["--workspace", "qn", "one-stop", "--on", "2025-09-01"]).exits(0).out;
    assert!(old.contains("điểm a khoản 2 Điều 9 Nghị định số 85/2016/NĐ-CP") && !old.contains("331/2026"), "{old}");
    let between = level(&desk, &["--workspace", "qn", "one-stop", "--on", "2026-07-15"]).exits(0).out;
    assert!(
        between.contains("(xem trước, chưa có hiệu lực)") && between.contains("nằm giữa hai bộ tiêu chí"),
        "{between}"
    );
}

#[test]
fn no_match_is_undetermined_and_no_pass() {
    let desk = Desk::new();
    desk.write(
        "inventory/mail.yaml",
        &format!("{SYSTEM}facts: {{ class: [internal], information: [public], one_stop: true, national_critical_data: false, decided_level: null, national_egov: false, defence_security: false }}\n"),
    );
    let seen = level(&desk, &["mail"]).exits(0).out;
    assert!(seen.contains("cấp độ đã đủ căn cứ: 1"), "{seen}");
    let path = desk.root().join("inventory/mail.yaml");
    let text = fs::read_to_string(&path).expect("it is there").replace("[internal]", "[other]");
    fs::write(&path, text).expect("written");
    let seen = level(&desk, &["mail"]).exits(1).out;
    assert!(seen.contains("chưa xác định: không tiêu chí nào khớp"), "{seen}");
    assert!(!seen.contains("cấp độ 1"), "{seen}");
}

#[test]
fn a_file_of_its_own_needs_no_workspace_and_wrong_files_are_found_before_anything_is_computed() {
    let desk = Desk::new();
    fs::create_dir(desk.root().join("elsewhere")).expect("a folder");
    desk.write("elsewhere/mail.yaml", &format!("{SYSTEM}facts: {{ decided_level: 4 }}\n"));
    fs::remove_file(desk.root().join("ungpho.yaml")).expect("removed");
    let seen = level(&desk, &["elsewhere/mail.yaml", "--json"]).exits(0).out;
    assert_eq!(json(&seen)["systems"][0]["rules"]["nd331-2026"]["matched"][0]["rule"], "331.14.4");
    desk.write("elsewhere/mail.yaml", &format!("{SYSTEM}facts: {{ decided_level: 6, scop: province }}\n"));
    let refused = level(&desk, &["elsewhere/mail.yaml"]).exits(2);
    assert!(
        refused.out.is_empty() && refused.err.contains("out-of-range") && refused.err.contains("unknown-key"),
        "{}",
        refused.err
    );
    level(&desk, &["mail"]).exits(2).says(&["no-workspace"]);
}

#[test]
fn a_unit_s_own_criteria_are_checked_used_and_shown() {
    let desk = Desk::new();
    for folder in ["policies/levels", "policies/holidays"] {
        fs::create_dir_all(desk.root().join(folder)).expect("a folder");
    }
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}facts: {{ class: [other], one_stop: true }}\n"));
    let rules = "format: 1\nlevels: nd331-2026\nrules:\n  - { id: 331.13.2.b, level: 4, article: Điều 1, text: chặt hơn, when: { one_stop: true } }\n";
    desk.write("policies/levels/nd331-2026.yaml", rules);
    desk.run(&["check"]).exits(0);
    let seen = level(&desk, &["mail"]).exits(0).out;
    assert!(seen.contains("cấp độ đã đủ căn cứ: 4") && seen.contains("thay tiêu chí 331.13.2.b"), "{seen}");
    desk.write(
        "policies/levels/nd331-2026.yaml",
        &rules.replace("one_stop: true }", "one_stop: true, not: { one_stop: true } }"),
    );
    desk.run(&["check"]).exits(2).says(&["rule-never", "policies/levels/nd331-2026.yaml:4"]);
    level(&desk, &["mail"]).exits(2).says(&["rule-never"]);
    fs::remove_file(desk.root().join("policies/levels/nd331-2026.yaml")).expect("removed");
    desk.write("policies/holidays/2026.yaml", "format: 1\nyear: 2026\noff: [2026-13-01]\n");
    desk.run(&["check"]).exits(2).says(&["invalid-date"]);
}

#[test]
fn a_dossier_that_does_not_hold_is_no_pass() {
    let desk = Desk::new();
    let dossier = "owner: UBND tỉnh\noperator: Trung tâm\nfacts: { decided_level: 3 }\ndossier:\n  status: approved\n  \
                   approved: 3\n  rules: nd85-2016\n  appraiser: { unit: Sở }\n  \
                   decision: { number: 12/QĐ-UBND, date: 2025-05-12, body: UBND tỉnh }\n  \
                   regulation: { date: 2025-01-10 }\n";
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}{dossier}"));
    let seen = level(&desk, &["mail", "--on", "2026-11-25"]).exits(0).out;
    for text in ["12/QĐ-UBND, 12/5/2025, UBND tỉnh", "chậm nhất ngày 30/6/2027", "khoản 1 Điều 45 Luật An ninh mạng"]
    {
        assert!(seen.contains(text), "no `{text}` in:\n{seen}");
    }
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}{}", dossier.replace("unit: Sở", "unit: Trung tâm")));
    let seen = level(&desk, &["mail", "--on", "2026-11-25"]).exits(1).out;
    assert!(seen.contains("[không đạt] Trung tâm vừa vận hành vừa thẩm định"), "{seen}");
}

const ASKED: &str = "# Danh mục\nformat: 1\nid: mail\nname: Thư điện tử  # tên ngắn\nfacts:            # điều chưa biết để trống\n  \
                     # loại hình\n  class: [internal]\n  scope: province   # cả tỉnh\n  defence_security: false\n  \
                     national_egov: false\n  national_critical_data: false\n  decided_level: null\n\nstate: operating\n\
                     assumed: [facts.class, state]  # chờ xác nhận\n";

#[test]
fn answers_are_written_where_they_belong_and_nothing_else_changes() {
    let desk = Desk::new();
    desk.write("inventory/mail.yaml", ASKED);
    let mut terminal = desk.terminal(&["inventory", "level", "mail", "--ask", "--lang", "vi"]);
    terminal.shows("mail · information");
    terminal.types("");
    terminal.types("9");
    terminal.types("2 3");
    terminal.shows("đã ghi information: [private, personal]");
    // What was computed from and nobody has confirmed comes last.
    terminal.shows("Đang ghi [internal]");
    terminal.types("c");
    terminal.shows("đã xác nhận class");
    terminal.shows("cấp độ đã đủ căn cứ: 2");
    terminal.ends(0);
    let seen = fs::read_to_string(desk.root().join("inventory/mail.yaml")).expect("it is there");
    let expected = ASKED
        .replace("decided_level: null\n", "decided_level: null\n  information: [private, personal]\n")
        .replace("[facts.class, state]", "[state]");
    assert_eq!(seen, expected);
}

#[test]
fn a_file_that_changed_meanwhile_is_left_as_it_is() {
    let desk = Desk::new();
    desk.write("inventory/mail.yaml", ASKED);
    let mut terminal = desk.terminal(&["inventory", "level", "mail", "--ask", "--lang", "vi"]);
    terminal.shows("mail · information");
    let other = ASKED.replace("# Danh mục", "# Danh mục, người khác sửa");
    desk.write("inventory/mail.yaml", &other);
    terminal.types("2");
    terminal.shows("file-changed");
    terminal.ends(2);
    assert_eq!(fs::read_to_string(desk.root().join("inventory/mail.yaml")).expect("it is there"), other);
    assert_eq!(fs::read_dir(desk.root().join("inventory")).expect("a folder").count(), 1, "nothing is left behind");
    level(&desk, &["mail", "--ask"]).exits(2).says(&["nobody-to-ask"]);
}

#[test]
fn a_playbook_for_other_levels_than_its_system_has_is_found() {
    let desk = Desk::new();
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}dossier: {{ approved: 2 }}\n"));
    let steps = "inputs: { system: { type: system, default: mail } }\nsteps: [ { id: a, note: x } ]\n";
    desk.playbook("restore", steps);
    desk.run(&["check"]).exits(0).says(&[
        "warning[levels-do-not-fit]",
        "playbooks/restore.yaml:8:9",
        "`mail` has level 2",
    ]);
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}dossier: {{ approved: 3 }}\n"));
    assert!(!desk.run(&["check"]).exits(0).err.contains("levels-do-not-fit"));
    // Not approved: what the facts prove; not determined: nothing is said.
    desk.write("inventory/mail.yaml", &format!("{SYSTEM}facts: {{ decided_level: 4 }}\n"));
    desk.run(&["check"]).exits(0).says(&["`mail` has level 4"]);
    desk.write("inventory/mail.yaml", SYSTEM);
    assert!(!desk.run(&["check"]).exits(0).err.contains("levels-do-not-fit"));
}

#[test]
fn a_drill_and_its_report_say_the_level_in_force_that_day_and_on_what_it_rests() {
    let desk = Desk::new();
    let decision = "decision: { number: 12/QĐ, date: 2025-05-12, body: UBND }";
    desk.write(
        "inventory/mail.yaml",
        &format!("{SYSTEM}dossier: {{ approved: 3, {decision} }}\nfacts: {{ decided_level: 4 }}\n"),
    );
    desk.playbook(
        "restore",
        "inputs: { system: { type: system, default: mail } }\nsteps: [ { id: a, note: \"{{ inputs.system.id }}\" } ]\n",
    );
    let drill = || desk.run(&["drill", "restore", "--tabletop", "--unattended", "--yes"]);
    let seen = drill();
    assert!(seen.err.contains("level in force 3 (approved: 12/QĐ, 2025-05-12, UBND)"), "{}", seen.err);
    let report = json(&desk.run(&["report", "run", "--format", "json"]).out);
    assert_eq!(report["run"]["systems"][0]["level"]["basis"], "approved", "{}", report["run"]);
    assert_eq!(report["run"]["systems"][0]["level"]["level"], 3);
    // A decision of a later day does not count yet: the level is computed, and said to be.
    desk.write(
        "inventory/mail.yaml",
        &format!(
            "{SYSTEM}dossier: {{ approved: 3, {} }}\nfacts: {{ decided_level: 4 }}\n",
            decision.replace("2025", "2225")
        ),
    );
    let seen = drill();
    assert!(seen.err.contains("level in force 4 (computed by Decree 331/2026/NĐ-CP, not approved)"), "{}", seen.err);
}

#[test]
fn a_fact_of_a_component_is_confirmed_alone_and_the_rest_of_the_components_stays_assumed() {
    let desk = Desk::new();
    let file = "format: 1\nid: mail\nname: Thư điện tử\ncomponents:\n  - id: db   # dữ liệu\n    facts: { class: [internal], information: \
                [private], scope: province, defence_security: false, national_egov: false, national_critical_data: false, \
                decided_level: null }\n  - id: web\n    facts: { class: [internal], information: [public], \
                 scope: province, defence_security: false, national_egov: false, national_critical_data: false, decided_level: null }\nassumed: [components]   # chờ xác nhận\n";
    desk.write("inventory/mail.yaml", file);
    let mut terminal = desk.terminal(&["inventory", "level", "mail", "--rules", "nd331-2026", "--ask", "--lang", "vi"]);
    terminal.shows("Đang ghi [internal]");
    terminal.types("c");
    terminal.shows("đã xác nhận components.web.class");
    terminal.types("d");
    terminal.ends(0);
    let seen = fs::read_to_string(desk.root().join("inventory/mail.yaml")).expect("it is there");
    let assumed = seen.lines().last().expect("a line");
    assert!(assumed.contains("[components.db, ") && assumed.contains("components.web.facts.scope"), "{assumed}");
    assert!(!assumed.contains("components.web.facts.class") && assumed.ends_with("]   # chờ xác nhận"), "{assumed}");
}
