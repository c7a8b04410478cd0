//! The page that lists scenarios (`docs/scenarios.md`): made from the playbooks, so that it cannot say anything else than they.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::reach::{Reach, Way, reach};
use super::types::{Family, Playbook};
use crate::model::{Lang, Name};

/// The kind of a playbook that is there for others to call.
pub const PART: &str = "part";

/// Whether `playbook` is there for others to call.
#[must_use]
pub fn is_part(playbook: &Playbook) -> bool {
    playbook.kind == PART
}

/// Where it stands in a list: its family's place, the parts last.
#[must_use]
pub fn place(playbook: &Playbook) -> usize {
    if is_part(playbook) {
        FAMILIES.len()
    } else {
        FAMILIES.iter().position(|(f, ..)| *f == playbook.family).unwrap_or(0)
    }
}

/// Levels in few words: `3`, `1–5`, `2, 4`.
#[must_use]
pub fn levels(levels: &[u8]) -> String {
    match levels {
        [first, .., last] if usize::from(last - first) + 1 == levels.len() => format!("{first}–{last}"),
        _ => levels.iter().map(u8::to_string).collect::<Vec<_>>().join(", "),
    }
}

const FAMILIES: [(Family, &str, &str, &str); 5] = [
    (Family::A, "A", "Tấn công mạng", "Attack"),
    (Family::B, "B", "Lỗi hệ thống", "Technical fault"),
    (Family::C, "C", "Lỗi quản trị, vận hành", "Operation"),
    (Family::D, "D", "Thiên tai", "Disaster"),
    (Family::Standing, "Định kỳ", "Kiểm tra định kỳ, dùng chung", "Periodic and standing"),
];

/// The page, in both languages. `lab` are the systems that the lab has.
#[must_use]
pub fn markdown(playbooks: &BTreeMap<Name, Playbook>, lab: &BTreeSet<Name>) -> String {
    let scenarios: Vec<(&Playbook, Reach)> =
        playbooks.values().filter(|playbook| !is_part(playbook)).map(|one| (one, reach(one, playbooks))).collect();
    let mut page = String::from(HEAD);
    by_system(&mut page, &scenarios);
    for (family, letter, vi, en) in FAMILIES {
        let _ = write!(page, "\n## {letter} · {vi} · {en}\n");
        for (playbook, reach) in scenarios.iter().filter(|(playbook, _)| playbook.family == family) {
            scenario(&mut page, playbook, reach, &reach.ways(lab));
        }
    }
    page.push_str("\n## Phần dùng chung · Parts\n\n");
    page.push_str("Kịch bản gọi các phần này bằng `call`; sửa một nơi, mọi kịch bản đều theo. · ");
    page.push_str("Playbooks call these; a correction is made once.\n\n");
    for part in playbooks.values().filter(|playbook| is_part(playbook)) {
        let calling = scenarios.iter().filter(|(_, reach)| reach.calls.contains(&part.name));
        let callers: Vec<String> = calling.map(|(one, _)| format!("`{}`", one.name)).collect();
        let (vi, en) = (part.title.pick(Lang::Vi), part.title.pick(Lang::En));
        let _ = writeln!(page, "- `{}`: {vi} · {en}. {}", part.name, callers.join(", "));
    }
    page
}

const HEAD: &str = "# Kịch bản có sẵn · The scenarios that ship

Trang này do `ungpho playbook list --markdown` lập từ chính các kịch bản; không sửa tay. Viết kịch bản riêng: \
[playbooks.md](playbooks.md). Chạy cả thư viện trong môi trường diễn tập: `ungpho try --all`.

This page is made from the playbooks by `ungpho playbook list --markdown`; it is not edited by hand. Write your own: \
[playbooks.md](playbooks.md). Run the whole library in the lab: `ungpho try --all`.

";

fn by_system(page: &mut String, scenarios: &[(&Playbook, Reach)]) {
    page.push_str("| hệ thống · system |");
    for (_, letter, vi, _) in FAMILIES {
        let _ = write!(page, " {letter}: {vi} |");
    }
    page.push_str("\n|---|---|---|---|---|---|\n");
    let systems: BTreeSet<&Name> = scenarios.iter().flat_map(|(_, reach)| &reach.systems).collect();
    for system in systems {
        let _ = write!(page, "| `{system}` |");
        for (family, ..) in FAMILIES {
            let names: Vec<String> = scenarios
                .iter()
                .filter(|(playbook, reach)| playbook.family == family && reach.systems.contains(system))
                .map(|(playbook, _)| format!("[{0}](#{0})", playbook.name))
                .collect();
            let _ = write!(page, " {} |", names.join(", "));
        }
        page.push('\n');
    }
}

fn scenario(page: &mut String, playbook: &Playbook, reach: &Reach, ways: &[Way]) {
    let (vi, en) = (playbook.title.pick(Lang::Vi), playbook.title.pick(Lang::En));
    let _ = write!(page, "\n### {}\n\n**{vi}** · {en}\n\n", playbook.name);
    let code = |names: &[Name]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let ways = ways.iter().map(|way| format!("`{}`", way.word())).collect::<Vec<_>>().join(", ");
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| phiên bản · version | {} |", playbook.version);
    if !reach.systems.is_empty() {
        let _ = writeln!(page, "| hệ thống · systems | {} |", code(&reach.systems));
    }
    let _ = writeln!(page, "| cấp độ · levels | {} |", levels(&playbook.levels));
    let _ = writeln!(page, "| cách thực hiện · ways | {ways} |");
    let _ = writeln!(
        page,
        "| số bước · steps | {0}; người làm hoặc quyết định · by people {1} |",
        reach.steps, reach.by_people
    );
    if !reach.faults.is_empty() {
        let _ = writeln!(page, "| lỗi trong diễn tập · faults | {} |", code(&reach.faults));
    }
    if !playbook.attack.is_empty() {
        let _ = writeln!(page, "| MITRE ATT&CK | {} |", playbook.attack.join(", "));
    }
    if !playbook.signs.is_empty() {
        page.push_str("\nDấu hiệu · Signs:\n\n");
        for sign in &playbook.signs {
            let _ = writeln!(page, "- {} · {}", sign.pick(Lang::Vi), sign.pick(Lang::En));
        }
    }
    let (vi, en) = (playbook.keep_running.pick(Lang::Vi), playbook.keep_running.pick(Lang::En));
    let _ = write!(page, "\nDuy trì phục vụ: {vi}\n\nMeanwhile: {en}\n");
    if !playbook.objectives.is_empty() {
        page.push_str("\nMục tiêu · Objectives:\n\n");
        for objective in &playbook.objectives {
            let _ = writeln!(page, "- {} · {}", objective.title.pick(Lang::Vi), objective.title.pick(Lang::En));
        }
    }
}
