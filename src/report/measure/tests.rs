use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;

/// The names and values of one drill.
struct Drill(BTreeMap<&'static str, Value>);

impl Ground for Drill {
    fn clock(&self, id: &str) -> Option<Text> {
        (id == "rto").then(|| text("Thời gian khôi phục (RTO)", "Time to restore (RTO)"))
    }

    fn input(&self, id: &str) -> Option<Text> {
        (id == "fuel_hours").then(|| text("Số giờ nhiên liệu cần có", "Hours of fuel needed"))
    }

    fn step(&self, id: &str) -> Option<StepName> {
        let (number, title) = match id {
            "tell" => (Some(28), text("Soạn thông báo", "Draft the notice")),
            "look" => (Some(3), text("Xem", "Look")),
            "group" => (None, text("Cùng lúc", "At once")),
            _ => return None,
        };
        Some(StepName { number, title })
    }

    fn asked(&self, step: &str, name: &str) -> Option<Text> {
        (step == "tell" && name == "minutes").then(|| text("Sau mấy phút", "After how many minutes"))
    }

    fn value(&self, path: &str) -> Option<Value> {
        self.0.get(path).cloned()
    }
}

fn text(vi: &str, en: &str) -> Text {
    Text::Each { vi: Some(vi.to_owned()), en: Some(en.to_owned()) }
}

fn drill() -> Drill {
    Drill(BTreeMap::from([
        ("clocks.rto.seconds", json!(45)),
        ("inputs.system.objectives.rto", json!(1800)),
        ("inputs.system.objectives.rpo", json!(259_200)),
        ("inputs.first_answer", json!(900)),
        ("steps.tell.outcome", json!("done")),
        ("steps.tell.minutes", json!(20)),
        ("steps.look.outcome", json!("failed")),
        ("steps.look.gap_seconds", json!("7200")),
        ("steps.look.records", json!("4250")),
        ("steps.group.records", json!("4300")),
        ("steps.look.cut", json!("none")),
        ("steps.look.proved", json!(true)),
    ]))
}

#[track_caller]
fn check(expression: &str, lang: Lang, set: &str, measured: &str) {
    let words = in_words(&Expression(expression.to_owned()), &drill()).expect("it has words");
    assert_eq!((words.set.pick(lang), words.measured.pick(lang)), (set, measured), "{expression}");
}

#[test]
fn a_clock_is_held_against_what_was_set() {
    let expression = "clocks.rto.seconds <= inputs.system.objectives.rto";
    check(expression, Lang::Vi, "Thời gian khôi phục (RTO) không quá 30 phút", "45 giây");
    check(expression, Lang::En, "Time to restore (RTO) at most 30 min", "45 s");
    let words = in_words(&Expression(expression.to_owned()), &drill()).expect("it has words");
    assert_eq!(words.both().pick(Lang::Vi), "45 giây (đặt ra: thời gian khôi phục (RTO) không quá 30 phút)");
    check(
        "inputs.system.objectives.rto > clocks.rto.seconds",
        Lang::Vi,
        "Thời gian khôi phục (RTO) dưới 30 phút",
        "45 giây",
    );
}

#[test]
fn outcomes_of_steps_are_told_by_number_and_joined() {
    check("steps.tell.outcome == 'done'", Lang::Vi, "Bước 28 \"Soạn thông báo\" đã thực hiện", "đã thực hiện");
    check(
        "steps.tell.outcome == 'done' and steps.look.outcome == \"done\"",
        Lang::Vi,
        "Bước 28 \"Soạn thông báo\" đã thực hiện và bước 3 \"Xem\" đã thực hiện",
        "bước 28: đã thực hiện; bước 3: không đạt",
    );
    check(
        "steps.tell.outcome == 'done' and (steps.look.outcome == 'done' or not steps.look.proved)",
        Lang::En,
        "Step 28 \"Draft the notice\" done and (step 3 \"Look\" done or not: the trial restore held (step 3): yes)",
        "step 28: done; step 3: failed; the trial restore held (step 3): yes",
    );
}

#[test]
fn outcomes_that_are_the_same_are_told_once() {
    let mut drill = drill();
    drill.0.insert("steps.look.outcome", json!("done"));
    let both = Expression("steps.tell.outcome == 'done' and steps.look.outcome == 'done'".to_owned());
    let words = in_words(&both, &drill).expect("it has words");
    assert_eq!((words.measured.pick(Lang::Vi), words.measured.pick(Lang::En)), ("tất cả đã thực hiện", "all done"));
}

#[test]
fn values_are_numbers_times_and_words_of_their_own() {
    check(
        "steps.look.gap_seconds | int <= inputs.system.objectives.rpo",
        Lang::Vi,
        "Khoảng thời gian mất dữ liệu (bước 3) không quá 3 ngày",
        "2 giờ",
    );
    check(
        "steps.tell.minutes * 60 <= inputs.first_answer",
        Lang::Vi,
        "Sau mấy phút (bước 28) không quá 15 phút",
        "20 phút",
    );
    check("steps.tell.minutes <= 30", Lang::En, "After how many minutes (step 28) at most 30", "20");
    check(
        "steps.group.records | int >= steps.look.records | int",
        Lang::Vi,
        "Số bản ghi (bước \"Cùng lúc\") không ít hơn số bản ghi (bước 3): 4.250",
        "4.300",
    );
    check("steps.look.cut == 'none'", Lang::Vi, "Kết nối bị cắt (bước 3): không có", "không có");
    check("steps.look.own | int == 0", Lang::Vi, "Giá trị \"own\" (bước 3) bằng 0", "(chưa có số liệu)");
    check(
        "steps.look.records >= inputs.fuel_hours",
        Lang::Vi,
        "Số bản ghi (bước 3) không ít hơn số giờ nhiên liệu cần có",
        "4.250",
    );
}

#[test]
fn what_cannot_be_read_has_no_words() {
    for expression in [
        "",
        "1 == 1",
        "steps.look.records + 1 > 3",
        "steps.look.records | default(0) == 0",
        "steps.look.records > 1 > 0",
        "steps.nowhere.outcome == 'done'",
        "steps.tell.outcome == 'finished'",
        "clocks.other.seconds <= 5",
        "inputs.other >= 5",
        "run.mode == 'technical'",
        "steps.look.cut in ['a', 'b']",
        "(steps.look.proved",
        "steps.look.cut is defined",
        "steps.look.records | round(1) > 3",
        "steps.look.records >= 1.5",
    ] {
        assert_eq!(in_words(&Expression(expression.to_owned()), &drill()), None, "{expression}");
    }
    let deep = "not ".repeat(5000) + "steps.look.proved";
    assert_eq!(in_words(&Expression(deep), &drill()), None);
    let long = format!("{}steps.look.proved", "not ".repeat(200));
    assert!(in_words(&Expression(long), &drill()).is_some());
}

/// Knows a name for everything.
struct Everything;

impl Ground for Everything {
    fn clock(&self, id: &str) -> Option<Text> {
        Some(Text::from(id))
    }

    fn input(&self, id: &str) -> Option<Text> {
        Some(Text::from(id))
    }

    fn step(&self, id: &str) -> Option<StepName> {
        Some(StepName { number: Some(1), title: Text::from(id) })
    }

    fn asked(&self, _: &str, _: &str) -> Option<Text> {
        None
    }

    fn value(&self, _: &str) -> Option<Value> {
        None
    }
}

#[test]
fn every_measure_of_a_shipped_playbook_has_words() {
    let mut count = 0;
    for (name, text) in crate::playbook::shipped::all() {
        for measure in text.lines().filter_map(|line| line.trim().strip_prefix("measure: \"")?.strip_suffix('"')) {
            count += 1;
            let words = in_words(&Expression(measure.to_owned()), &Everything);
            let words = words.unwrap_or_else(|| panic!("{measure} in {name}"));
            assert!(!words.set.pick(Lang::Vi).contains("clocks."), "{words:?}");
        }
    }
    assert!(count > 100, "{count}");
}
