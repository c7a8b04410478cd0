use proptest::prelude::*;

use super::*;
use crate::source::Finding;

const SAMPLE: &str = include_str!("../../tests/it/data/ransomware-one-stop.yaml");

/// `code line:column` of each finding, in order.
#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(found(text, &Known::default()), expected, "\n{text}");
}

fn found(text: &str, known: &Known) -> String {
    let (_, findings) = super::read_document(&crate::source::parse("", text), known);
    findings.iter().map(line).collect::<Vec<_>>().join(", ")
}

fn line(finding: &Finding) -> String {
    format!("{} {}:{}", finding.code, finding.line, finding.column)
}

#[test]
fn the_sample_playbook_is_read_as_it_stands() {
    let playbook = read("ransomware-one-stop.yaml", SAMPLE, &Known::default()).unwrap_or_else(|f| panic!("{f:#?}"));
    assert_eq!(playbook.steps.len(), 8);
    assert_eq!(playbook.clocks.len(), 1);
}

const HEAD: &str = "format: 1
playbook: test
version: 1
title: t
family: A
kind: k
keep_running: k
inputs:
  system: { type: system, default: one-stop }
  limit: { type: duration, default: 4h }
  word: { type: choice, options: [yes, no], default: no }
roles: { operator: { title: o } }
";

/// Checks `rest` after a head of 12 lines: line 13 is the first of `rest`.
#[track_caller]
fn body(rest: &str, expected: &str) {
    check(&format!("{HEAD}{rest}"), expected);
}

/// Checks one line after `steps:` (line 13); it is line 14.
#[track_caller]
fn step(line: &str, expected: &str) {
    body(&format!("steps:\n  - {line}\n"), expected);
}

#[test]
fn a_file_that_is_no_map_is_said_once() {
    check("[]", "wrong-type 1:1");
    check("a", "wrong-type 1:1");
    check(
        "format: 2\n",
        "missing-key 1:1, missing-key 1:1, missing-key 1:1, missing-key 1:1, missing-key 1:1, missing-key 1:1, missing-key 1:1, unknown-format 1:9",
    );
}

#[test]
fn a_step_has_an_id_and_one_action() {
    step("{ id: a }", "missing-key 14:11");
    step("{ note: x }", "missing-key 14:5");
    step("{ id: a, note: x, run: { argv: [x], effect: observe } }", "two-of-one 14:23");
    step("{ id: a, mannual: { do: x }, title: t }", "unknown-key 14:14");
    step("{ id: a, frobnicate: { do: x }, title: t }", "unknown-key 14:14");
    step("{ id: undo, note: x }", "reserved-id 14:11");
    step("{ id: A-b, note: x }", "invalid-id 14:11");
    body("steps:\n  - { id: a, note: x }\n  - { id: a, note: x }\n", "duplicate-id 15:11");
    body("steps: []\n", "empty-list 13:8");
}

#[test]
fn what_an_action_needs_is_asked_for() {
    step("{ id: a, manual: { do: x } }", "missing-key 14:11");
    step("{ id: a, wait: { port: { number: 1 } } }", "missing-key 14:11");
    step("{ id: a, run: { argv: [x] } }", "missing-key 14:14");
    step("{ id: a, run: { argv: [x], effect: '{{ inputs.word }}' } }", "not-literal 14:40");
    step("{ id: a, run: { argv: [sudo, ls], effect: observe } }", "sudo-asks 14:28");
    step("{ id: a, run: { shell: 'sudo ls', effect: observe } }", "sudo-asks 14:29");
    step("{ id: a, run: { shell: 'echo {{ inputs.word }}', effect: observe } }", "template-in-shell 14:34");
    step("{ id: a, run: { on: inputs.system, argv: [x], effect: observe } }", "two-of-one 14:21");
    step("{ id: a, run: { on: inputs.system, do: stop, effect: observe } }", "two-of-one 14:50");
    step("{ id: a, run: { do: stop } }", "missing-key 14:14");
    step("{ id: a, run: { on: inputs.word, do: stop } }", "input-not-system 14:25");
    step("{ id: a, run: { on: inputs.sytem, do: stop } }", "unknown-input 14:25");
    step("{ id: a, run: { on: '{{ inputs.system }}', do: stop } }", "not-literal 14:25");
    step("{ id: a, run: { on: each.x, do: stop } }", "unknown-name 14:25");
    step("{ id: a, probe: { htp: { url: 'http://x' } } }", "unknown-key 14:23");
    step("{ id: a, probe: { http: { url: x } } }", "invalid-url 14:36");
    step("{ id: a, probe: { tcp: { address: x } } }", "invalid-address 14:39");
    step("{ id: a, backup: { prove: one-stop } }", "invalid-backup 14:31");
    step("{ id: a, backup: { seal: one-stop/nightly, sample: 5 } }", "two-of-one 14:48");
    step("{ id: a, restore: { from: /x, to: 'bad name' } }", "invalid-system 14:39");
    step("{ id: a, fault: { on: inputs.system, kind: encript } }", "unknown-fault 14:48");
    step("{ id: a, inject: { to: operatr, text: x } }", "unknown-role 14:28");
    step("{ id: a, role: commander, note: x }", "unknown-role 14:20");
    step("{ id: a, note: x, timeout: 5 minutes }", "invalid-duration 14:32");
    step("{ id: a, note: x, timeout: 0s }", "out-of-range 14:32");
}

#[test]
fn a_decision_knows_its_options() {
    let decide = |rest: &str, expected| {
        step(
            &format!("{{ id: a, title: t, decide: {{ ask: x, options: [{{ id: b, title: b }}, {rest} }} }}"),
            expected,
        );
    };
    decide("{ id: c, title: c }], default: d", "unknown-option 14:104");
    decide("{ id: b, title: c }]", "duplicate-id 14:79");
    step("{ id: a, title: t, decide: { ask: x, options: [{ id: b, title: b }] } }", "one-option 14:51");
    body(
        "steps:\n  - { id: a, title: t, decide: { ask: x, options: [{ id: b, title: b }, { id: c, title: c, goto: z }] } }\n  - { id: y, note: y }\n",
        "unknown-step 14:98",
    );
}

#[test]
fn goto_goes_forward_among_siblings() {
    let three = |target: &str, expected| {
        body(
            &format!(
                "steps:\n  - {{ id: a, note: x }}\n  - {{ id: b, note: x, on_failure: {{ goto: {target} }} }}\n  - {{ id: c, parallel: [{{ id: d, note: x }}] }}\n"
            ),
            expected,
        );
    };
    three("c", "");
    three("a", "goto-back 15:43");
    three("b", "goto-back 15:43");
    three("d", "goto-not-sibling 15:43");
    three("e", "unknown-step 15:43");
    three("'{{ x }}'", "not-literal 15:43");
    step(
        "{ id: p, parallel: [{ id: a, note: x, on_failure: { goto: b } }, { id: b, note: x }] }",
        "goto-in-parallel 14:63",
    );
}

#[test]
fn needs_are_siblings_in_parallel_without_circle() {
    step("{ id: a, note: x, needs: [b] }", "needs-outside-parallel 14:23");
    step("{ id: p, parallel: [{ id: a, note: x, needs: [b] }, { id: b, note: x, needs: [a] }] }", "needs-cycle 14:51");
    step("{ id: p, parallel: [{ id: a, note: x, needs: [a] }] }", "needs-cycle 14:51");
    step("{ id: p, parallel: [{ id: a, note: x, needs: [c] }, { id: b, note: x }] }", "unknown-step 14:51");
    step("{ id: p, parallel: [{ id: a, note: x, needs: [b] }, { id: b, note: x }] }", "");
}

#[test]
fn an_undo_is_one_plain_action() {
    step("{ id: a, note: x, undo: { note: y } }", "");
    step("{ id: a, note: x, undo: {} }", "missing-key 14:23");
    step("{ id: a, note: x, undo: { note: y, run: { argv: [x], effect: observe } } }", "two-of-one 14:40");
    step("{ id: a, note: x, undo: { parallel: [{ id: b, note: x }] } }", "undo-action 14:31");
    step("{ id: a, note: x, undo: { note: y, undo: { note: z } } }", "undo-of-undo 14:40");
}

#[test]
fn a_capture_has_a_group_and_something_to_look_in() {
    let run = |capture: &str, expected| {
        step(&format!("{{ id: a, run: {{ argv: [x], effect: observe }}, capture: {{ v: {capture} }} }}"), expected);
    };
    run("{ from: stdout, regex: 'a(b)' }", "");
    run("{ from: stdout, regex: 'ab' }", "regex-group 14:88");
    run("{ from: stdout, regex: 'a(b' }", "invalid-regex 14:88");
    run("{ from: body, regex: 'a(b)' }", "capture-nothing 14:73");
    step("{ id: a, note: x, capture: { v: { from: stdout, regex: 'a(b)' } } }", "capture-nothing 14:23");
}

#[test]
fn expressions_are_checked_at_the_word() {
    let when = |text: &str, expected| step(&format!("{{ id: a, note: x, when: \"{text}\" }}"), expected);
    when("inputs.word == 'yes'", "");
    when("inputs.word == 'maybe'", "never-equal 14:45");
    when("inputs.word == 5", "compare-kinds 14:45");
    when("inputs.limit <= '4h'", "compare-kinds 14:46");
    when("inputs.limit <= 4h", "expression-syntax 14:46");
    when("inputs.limit", "expression-not-boolean 14:30");
    when("not inputs.limit", "expression-not-boolean 14:34");
    when("{{ inputs.word }}", "braces-in-expression 14:30");
    when("inputs.limt > 1", "unknown-input 14:37");
    when("input.limit > 1", "unknown-name 14:30");
    when("inputs.system.name == 'x'", "unknown-name 14:44");
    when("inputs.word = 'yes'", "expression-syntax 14:42");
    when("steps.later.outcome == 'done'", "unknown-step 14:36");
    when("steps.a.outcome == 'done'", "step-later 14:36");
    when("clocks.rto.seconds > 1", "unknown-clock 14:37");
    when("secret.key == 'x'", "secret-not-here 14:30");
    when("each.x == 'x'", "unknown-name 14:35");
    when("inputs.word|uper == 'X'", "unknown-filter 14:42");
    when("inputs.limit == none", "expression-none 14:46");
    when("inputs.one-stop > 1", "hyphen-subtracts 14:30");
    when("inputs.word > 'a'", "compare-kinds 14:30");
    when("inputs.word in ['yes', 'nein']", "never-equal 14:53");
    when("inputs.limit + inputs.word > 1", "expression-not-number 14:45");
    when("run.mode == 'technical' and run.kind != 'incident'", "");
    when("inputs.system.objectives.rtx|default(3) > 2", "");
    when("inputs.system.objectives.rtx is defined", "");
    when("inputs.system.objectives.rtx > 2", "unknown-name 14:55");
    when("run.mode == 'lab'", "never-equal 14:42");
    when("run.actor == 'x'", "unknown-name 14:34");
    when("", "empty-text 14:29");
    step(&format!("{{ id: a, note: x, when: \"{}1 > 0\" }}", "1 + ".repeat(300)), "expression-too-much 14:30");
}

#[test]
fn templates_are_checked_at_the_word() {
    step("{ id: a, note: 'x {{ inputs.wrd }}' }", "unknown-input 14:33");
    step("{ id: a, note: 'x {{ inputs.word' }", "expression-syntax 14:23");
    step("{ id: a, note: 'x {{ inputs.system }}' }", "expression-not-text 14:26");
    step("{ id: a, note: { vi: đ, en: \"đây \\\"là\\\" {{ nothing }}\" } }", "unknown-name 14:48");
    step("{ id: a, title: 'x {{ inputs.word }}', note: x }", "template-not-here 14:24");
    step("{ id: a, run: { argv: [x, '{{ secret.k }}'], effect: observe } }", "secret-not-here 14:35");
    step("{ id: a, run: { argv: [x], effect: observe, env: { K: '{{ secret.k }}' } } }", "");
    body("steps:\n  - id: a\n    note: >\n      first line\n      then {{ inputs.wrd }}\n", "unknown-input 17:22");
}

#[test]
fn steps_are_named_when_they_have_ended_and_from_inside() {
    let each = "steps:\n  - { id: e, each: { of: [a, b], as: x, steps: [{ id: i, note: '{{ each.x }}' }, { id: j, note: '{{ steps.i.outcome }}' }] } }\n";
    body(each, "");
    body(&format!("{each}  - {{ id: k, note: '{{{{ steps.i.outcome }}}}' }}\n"), "step-inside 15:30");
    body("steps:\n  - { id: a, note: '{{ steps.b.outcome }}' }\n  - { id: b, note: x }\n", "step-later 14:30");
    body(
        "steps:\n  - { id: r, repeat: { max: 2, until: \"steps.i.outcome == 'done'\", steps: [{ id: i, note: x }] } }\n",
        "",
    );
    body("steps:\n  - { id: a, note: x }\n  - { id: b, note: '{{ steps.a.exit }}' }\n", "unknown-name 15:32");
    body(
        "steps:\n  - { id: e, each: { of: '{{ [1] }}', as: x, steps: [{ id: i, run: { on: each.x, do: stop } }] } }\n",
        "each-not-known 14:74",
    );
    body("steps:\n  - { id: e, each: { of: inputs.word, as: x, steps: [{ id: i, note: x }] } }\n", "each-of 14:26");
    body(
        "steps:\n  - { id: e, each: { of: '{{ inputs.limit }}', as: x, steps: [{ id: i, note: x }] } }\n",
        "expression-not-list 14:30",
    );
}

#[test]
fn the_head_is_checked() {
    body(
        "objectives: [{ id: a, title: t, measure: 'clocks.rto.seconds' }]\nclocks: { rto: { from: outage, to: detected } }\nsteps: [{ id: a, note: x }]\n",
        "expression-not-boolean 13:43, no-watch 14:24, mark-never-made 14:36",
    );
    body(
        "clocks: { rto: { from: { step: a, at: middle }, to: { step: b, at: end } } }\nsteps: [{ id: a, note: x }]\n",
        "unknown-word 13:39, unknown-step 13:61",
    );
    body(
        "clocks: { rto: { from: { step: a, at: begin }, to: { step: a, at: end }, limit: 4 hours } }\nsteps: [{ id: a, note: x }]\n",
        "invalid-duration 13:81",
    );
    body(
        "watch: [{ id: w, http: { url: '{{ steps.a.x }}' }, every: 0s }]\nsteps: [{ id: a, note: x }]\n",
        "not-before-run 13:35, out-of-range 13:59",
    );
    body("watch: [{ id: w, every: 1s }]\nsteps: [{ id: a, note: x }]\n", "missing-key 13:9");
    body(
        "attack: [T14, T1486]\ntasks: [kh02]\nlevels: [0, 6]\nsigns: [ '' ]\nsteps: [{ id: a, note: x }]\n",
        "invalid-technique 13:10, invalid-task 14:9, out-of-range 15:10, out-of-range 15:13, empty-text 16:10",
    );
    check(
        &HEAD.replace("family: A", "family: E").replace("choice, ", "string, "),
        "missing-key 1:1, unknown-word 5:9, options-without-choice 11:25",
    );
}

#[test]
fn a_mark_that_a_called_playbook_makes_is_made() {
    let outline = |text: &str| super::outline(&crate::source::parse("x.yaml", text)).expect("an outline");
    let inner = outline(
        "playbook: inner\nsteps: [{ id: a, each: { of: [x], as: y, steps: [{ id: b, note: x, marks: restored }] } }]\n",
    );
    let outer = outline("playbook: outer\nsteps: [{ id: a, call: { playbook: inner } }]\n");
    let deaf = outline("playbook: deaf\nsteps: [{ id: a, note: x }]\n");
    let known = Known { playbooks: [inner, outer, deaf].into(), ..Known::default() };
    let codes = |callee: &str| {
        let clock = "clocks: { rto: { from: detected, to: restored } }\n";
        let steps = format!(
            "steps:\n  - {{ id: a, note: x, marks: detected }}\n  - {{ id: b, call: {{ playbook: {callee} }} }}\n"
        );
        let document = crate::source::parse("test.yaml", &format!("{HEAD}{clock}{steps}"));
        let (_, findings) = read_document(&document, &known);
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("outer"), Vec::<&str>::new());
    assert_eq!(codes("deaf"), ["mark-never-made"]);
}

#[test]
fn other_files_are_looked_into_where_they_are_known() {
    let system = "format: 1\nid: one-stop\nname: x\nhosts: [{ id: app, ssh: app }]\noperations: { stop: { argv: [x], effect: change } }\nendpoints: { health: 'http://x' }\nbackups: [{ id: nightly, path: /b }]\n";
    let system = crate::inventory::read("one-stop.yaml", system).expect("it holds");
    let input = |id: &str| {
        let default = None;
        (id.parse().expect("an id"), Input { kind: crate::step::ValueKind::Integer, title: None, default })
    };
    let outline = |calls: &[&str]| Outline {
        inputs: [input("n")].into_iter().collect(),
        calls: calls.iter().map(|call| call.parse().expect("a name")).collect(),
        ..Outline::default()
    };
    let text = "playbook: timed\nwatch: [{ id: citizens }]\nclocks: { rto: {} }\nobjectives: [{ id: back }]\nsteps:\n  \
                - { id: a, when: 'clocks.rto.seconds > 3', note: 'clocks.prose {{ clocks.rto.limit }}' }\n";
    let (timed, outline_of_timed) = super::outline(&crate::source::parse("timed.yaml", text)).expect("an outline");
    let measured = Outline { reads_clocks: Vec::new(), ..outline_of_timed.clone().expect("it holds") };
    assert_eq!(measured.measures, ["citizens", "back", "rto"]);
    let known = Known {
        systems: [(system.id.clone(), system)].into(),
        playbooks: [
            ("other".parse().expect("a name"), Some(outline(&[]))),
            ("round".parse().expect("a name"), Some(outline(&["test"]))),
            ("measured".parse().expect("a name"), Some(measured)),
            (timed, outline_of_timed),
        ]
        .into(),
        complete: true,
        ..Known::default()
    };
    let step = |line: &str, expected: &str| {
        assert_eq!(found(&format!("{HEAD}steps:\n  - {line}\n"), &known), expected, "{line}");
    };
    step("{ id: a, run: { on: inputs.system, do: stpo } }", "unknown-operation 14:44");
    step("{ id: a, run: { on: one-stp, do: stop } }", "unknown-system 14:25");
    step("{ id: a, run: { host: one-stop/ap, argv: [x], effect: observe } }", "unknown-host 14:27");
    step("{ id: a, backup: { prove: one-stop/nightl } }", "unknown-backup 14:31");
    step("{ id: a, note: '{{ inputs.system.endpoints.helth }}' }", "unknown-name 14:48");
    step("{ id: a, call: { playbook: othr } }", "unknown-playbook 14:32");
    step("{ id: a, call: { playbook: other } }", "input-not-given 14:32");
    step("{ id: a, call: { playbook: other, with: { n: 1, m: 2 } } }", "unknown-input 14:53");
    step("{ id: a, call: { playbook: other, with: { n: x } } }", "wrong-type 14:50");
    step("{ id: a, call: { playbook: other, with: { n: '{{ steps.b.exit }}' } } }", "not-before-run 14:54");
    step("{ id: a, call: { playbook: test } }", "call-cycle 14:32");
    step("{ id: a, call: { playbook: measured } }", "call-measures-nothing 14:32");
    step("{ id: a, call: { playbook: timed } }", "call-reads-clocks 14:32, call-measures-nothing 14:32");
    step("{ id: a, call: { playbook: round, with: { n: 1 } } }", "call-cycle 14:32");
}

/// The lines of the sample, for mutations.
fn lines() -> Vec<&'static str> {
    SAMPLE.lines().collect()
}

#[test]
fn the_example_of_the_author_s_guide_holds() {
    let guide = include_str!("../../docs/playbooks.md");
    let example = guide.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    assert_eq!(found(example, &Known::default()), "");
}

#[test]
fn the_author_s_guide_names_every_key_of_the_format() {
    let guide = include_str!("../../docs/playbooks.md");
    let schema = schema::schema();
    for (shape, definition) in schema["$defs"].as_object().expect("definitions") {
        for key in definition["properties"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            let words = guide.split(|c: char| !c.is_alphanumeric() && c != '_');
            assert!(words.into_iter().any(|word| word == key), "`{key}` of `{shape}` is not in docs/playbooks.md");
        }
    }
}

/// A text that the reader is mutated from: what ships, and one of each map of the format.
fn originals() -> Vec<&'static str> {
    let mut all: Vec<&str> = shipped::all().map(|(_, text)| text).collect();
    all.extend([SAMPLE, include_str!("../../tests/it/data/everything.yaml")]);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn bytes_of_a_shipped_playbook_may_be_anything(
        (which, changes) in (0..4usize, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12))
    ) {
        let mut bytes = originals()[which].as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => { bytes.remove(at); }
                _ => { let end = (at + usize::from(byte)).min(bytes.len()); let copy = bytes[at..end].to_vec(); bytes.splice(at..at, copy); }
            }
        }
        let Ok(text) = crate::source::decode("a.yaml", bytes) else { return Ok(()) };
        let before = std::time::Instant::now();
        let document = crate::source::parse("a.yaml", &text);
        let (playbook, findings) = read_document(&document, &Known { complete: true, ..Known::default() });
        prop_assert!(before.elapsed().as_secs() < 20, "it takes too long");
        prop_assert!(playbook.is_ok() || !findings.is_empty());
        let lines = document.text.lines().count().max(1);
        for finding in &findings {
            prop_assert!(finding.line <= lines + 1 && finding.column >= 1 && finding.end_column > finding.column);
        }
        let _ = outline(&document);
        let texts = [("a.yaml".to_owned(), text)].into();
        prop_assert!(findings.is_empty() || !crate::source::render(&findings, &texts, crate::model::Lang::Vi, false).is_empty());
        // What holds can be drawn and shown.
        if let Ok(playbook) = playbook {
            prop_assert!(graph::mermaid(&playbook, crate::model::Lang::Vi).starts_with("flowchart"));
            let _ = show::show(&playbook, &[].into(), &[].into(), &[].into());
        }
    }

    #[test]
    fn a_mutated_playbook_is_read_or_found_wrong_without_a_panic(
        cuts in prop::collection::vec((0..1000usize, 0..1000usize, 0..6u8, "[a-z{}\\[\\]:,\"'|&*!-]{0,6}"), 1..6)
    ) {
        let mut lines: Vec<String> = lines().into_iter().map(str::to_owned).collect();
        for (line, column, how, text) in cuts {
            let at = line % lines.len();
            match how {
                0 => { lines.remove(at); }
                1 => { let copy = lines[at].clone(); lines.insert(column % lines.len(), copy); }
                2 => { let other = column % lines.len(); lines.swap(at, other); }
                3 => { lines[at].insert_str(0, "  "); }
                _ => {
                    let chars: Vec<char> = lines[at].chars().collect();
                    let cut = column % (chars.len() + 1);
                    lines[at] = chars[..cut].iter().collect::<String>() + &text + &chars[cut..].iter().skip(usize::from(how == 4)).collect::<String>();
                }
            }
            prop_assume!(!lines.is_empty());
        }
        let text = lines.join("\n");
        if let Err(findings) = read("a.yaml", &text, &Known::default()) {
            prop_assert!(!findings.is_empty());
            for finding in &findings {
                prop_assert!(finding.line >= 1 && finding.column >= 1 && finding.end_column > finding.column);
                prop_assert!(finding.line <= text.lines().count().max(1) + 1);
            }
        }
    }
}
