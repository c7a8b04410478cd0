//! The text of a planned drill's file: a new one, and the one that players get.

use std::fmt::Write as _;

use super::{Exercise, ExerciseMode, Live, Participant, TO_FILL, Who};
use crate::model::{Actor, Digest, Id, Name, Text};

/// The text of a new exercise: it passes `check` as it stands. `players` are written as such; `role` is one of the playbook's.
///
/// A live one has its five fields with nothing in them yet: `check` warns of each, and no drill starts before they are filled.
#[must_use]
pub fn blank(playbook: &Name, mode: ExerciseMode, date: &str, players: &[Actor], role: Option<&Id>) -> String {
    let mut text = format!(
        "format: 1\nplaybook: {playbook}\nmode: {}                # tabletop | lab | technical | live\ndate: {date}\n",
        mode.word()
    );
    text.push_str(DOCUMENT);
    if players.is_empty() {
        text.push_str("participants: []\n");
    } else {
        text.push_str("participants:\n");
    }
    for player in players {
        let _ = writeln!(text, "  - {{ person: {player}, part: player }}");
    }
    text.push_str(PARTICIPANTS);
    let role = role.map_or_else(String::new, |role| format!(" to: {role},"));
    text.push_str(&INJECTS.replace(" ROLE", &role));
    if mode == ExerciseMode::Live {
        text.push_str(LIVE);
        for key in Live::KEYS {
            let _ = writeln!(text, "  {key}: \"{TO_FILL}\"");
        }
        text.push_str(COMMITMENT);
    }
    text
}

const DOCUMENT: &str = r#"
# Kế hoạch diễn tập: số, ngày, người duyệt, địa điểm, kinh phí · The plan that orders it, who approved it, where, its costs
# plan: { number: "12/KH-SKHCN", date: 2026-11-02 }
# approver: "Giám đốc Sở"
# place: "Phòng họp A"
# budget: "Không sử dụng kinh phí"

# part: player (tham gia) | facilitator (điều hành) | evaluator (đánh giá) | observer (quan sát)
#       | chair (chủ trì) | secretary (thư ký, người ghi biên bản)
"#;

const PARTICIPANTS: &str = r#"  # - { person: lan, part: facilitator }                                   # mã trong people.yaml · an id of people.yaml
  # - { name: "(họ và tên)", unit: "Công an tỉnh", position: "(chức vụ)", part: evaluator }   # người ngoài · somebody without an account
"#;

const INJECTS: &str = r#"
# Tình huống theo thời gian kể từ khi bắt đầu · Situations, by the time since the start
# by: program (tự đưa ra đúng giờ) | facilitator (người điều hành đưa ra bằng `ungpho inject`)
injects: []
  # - { at: 10m, ROLE by: program, text: "Trang chủ bị thay", expect: "Báo cáo chỉ huy" }
"#;

const LIVE: &str = r"
# Năm nội dung bắt buộc của diễn tập thực chiến (Chỉ thị số 60/CT-BTTTT ngày 16/9/2021): mục tiêu, đối tượng tham gia,
# công cụ, mức độ khai thác, thời gian · The five compulsory fields of a live exercise
live:
";

const COMMITMENT: &str = r"  # commitment: cam-ket-bao-mat.pdf     # cam kết bảo mật đã ký, không bắt buộc · the signed commitment, optional
";

/// The text of the file that players get: all of `exercise` but its injects, for which the digest of the script stands.
#[must_use]
pub fn players(exercise: &Exercise, script: &Digest) -> String {
    let mut text = format!(
        "format: 1\nplaybook: {}\nmode: {}\ndate: {}\n",
        exercise.playbook,
        exercise.mode.word(),
        exercise.date
    );
    if let Some((number, date)) = &exercise.plan {
        let _ = writeln!(text, "plan: {{ number: {}, date: {date} }}", quoted(number));
    }
    let facts = [("approver", &exercise.approver), ("place", &exercise.place), ("budget", &exercise.budget)];
    for (key, value) in facts {
        if let Some(value) = value {
            let _ = writeln!(text, "{key}: {}", words(value));
        }
    }
    if !exercise.participants.is_empty() {
        text.push_str("participants:\n");
        exercise.participants.iter().for_each(|one| participant(&mut text, one));
    }
    let _ = writeln!(text, "script: {script}");
    if let Some(live) = &exercise.live {
        text.push_str("live:\n");
        for (key, value) in live.fields() {
            let _ = writeln!(text, "  {key}: {}", words(value));
        }
        if let Some(file) = &live.commitment {
            let _ = writeln!(text, "  commitment: {}", quoted(file));
        }
    }
    text
}

fn participant(text: &mut String, one: &Participant) {
    let who = match &one.who {
        Who::Person(person) => format!("person: {person}"),
        Who::Name(name) => format!("name: {}", words(name)),
    };
    let unit = one.unit.as_ref().map_or_else(String::new, |unit| format!(", unit: {}", words(unit)));
    let position =
        one.position.as_ref().map_or_else(String::new, |position| format!(", position: {}", words(position)));
    let _ = writeln!(text, "  - {{ {who}{unit}{position}, part: {} }}", one.part.word());
}

fn words(text: &Text) -> String {
    match text {
        Text::Same(text) => quoted(text),
        Text::Each { vi, en } => {
            let each = [("vi", vi), ("en", en)].into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?)));
            let each: Vec<String> = each.map(|(key, text)| format!("{key}: {}", quoted(text))).collect();
            format!("{{ {} }}", each.join(", "))
        }
    }
}

/// A string in double quotes: what JSON writes, YAML 1.2 reads.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::Known;
    use crate::source;

    fn read(text: &str) -> (Option<Exercise>, Vec<String>) {
        let (exercise, findings) = Exercise::read_document(&source::parse("q4.yaml", text), &Known::default());
        (exercise.ok(), findings.iter().map(|finding| finding.code.to_owned()).collect())
    }

    #[test]
    fn a_new_exercise_passes_check() {
        let (playbook, role) = ("portal-outage".parse().expect("a name"), "operator".parse().expect("an id"));
        let players: Vec<Actor> = vec!["lan".parse().expect("an id")];
        for (_, mode) in ExerciseMode::WORDS {
            for people in [&players[..], &[]] {
                let (exercise, codes) = read(&blank(&playbook, *mode, "2026-12-01", people, Some(&role)));
                assert!(exercise.is_some(), "{codes:?}");
                let expected = if *mode == ExerciseMode::Live { 5 } else { 0 };
                assert_eq!(codes.len(), expected, "{codes:?}");
            }
        }
        let text = blank(&playbook, ExerciseMode::Lab, "2026-12-01", &players, Some(&role));
        let filled =
            text.replace("injects: []\n  # - ", "injects:\n  - ").replace("  # - ", "  - ").replace("\n# p", "\np");
        let filled = filled.replace("\npart: player", "\n# part: player").replace("\n# approver", "\napprover");
        let (exercise, codes) = read(&filled);
        let exercise = exercise.unwrap_or_else(|| panic!("{codes:?} in {filled}"));
        assert_eq!((exercise.injects.len(), exercise.participants.len()), (1, 3));
        assert!(exercise.plan.is_some() && exercise.approver.is_some() && exercise.place.is_some());
    }

    #[test]
    fn players_get_everything_but_the_injects() {
        let text = "format: 1\nplaybook: p\nmode: live\ndate: 2026-12-01\nplan: { number: \"1 \\\"a\\\"\", date: 2026-11-02 }\n\
                    place: { vi: \"Phòng\", en: \"Room\" }\nbudget: \"10 triệu đồng\"\nparticipants: [ { name: \"B\", unit: \"C: d\", position: \"E\", part: chair } ]\n\
                    injects: [ { at: 1m, text: secret } ]\nlive: { aims: a, players: b, tools: c, extent: d, time: e, commitment: f }\n";
        let (whole, _) = read(text);
        let whole = whole.expect("it holds");
        let digest = Digest::of(b"x");
        let written = players(&whole, &digest);
        assert!(!written.contains("secret"), "{written}");
        let (back, codes) = read(&written);
        let expected = Exercise { injects: Vec::new(), script: Some(digest), ..whole };
        assert_eq!(back, Some(expected), "{codes:?}");
    }
}
