//! What closes a deadline: documents by set and id, and what the unit says of times on levels.

use super::*;

#[test]
fn a_report_of_another_set_with_the_same_id_closes_nothing() {
    let mut both = desk(LEVEL_3, "dates:\n  - { id: annual-owner, title: x, before: \"12-25\", document: annual }\n");
    both.issue(DocumentKind::Annual, Some("nd331-2026/annual-owner"), "2026-12-22");
    both.check("nd331-2026/annual-owner", &[("2026-12-25", "2027-12-24: 364 days left")]);
    let open = "! 2026-12-24: overdue by 1 day | 2027-12-24: 364 days left";
    both.check("own/annual-owner", &[("2026-12-25", open)]);
    let said = both.said("own/annual-owner", "2026-12-25");
    assert!(said.contains("report issued annual own/annual-owner-2026 "), "{said}");
    let said = both.said("own/annual-owner", "2026-12-24");
    assert!(said.contains("report issued annual own/annual-owner "), "{said}");
    // What names no report is the first of all of its document, and of no second set.
    both.issue(DocumentKind::Annual, None, "2026-12-17");
    both.check("own/annual-owner", &[("2026-12-25", open)]);
    both.issue(DocumentKind::Annual, Some("own/annual-owner"), "2026-12-23");
    both.check("own/annual-owner", &[("2026-12-25", "2027-12-24: 364 days left")]);

    // The year behind the name is of that set too.
    both.issue(DocumentKind::Annual, Some("nd331-2026/annual-owner-2027"), "2027-12-20");
    both.check(
        "own/annual-owner",
        &[("2027-12-25", "! 2027-12-24: overdue by 1 day | 2028-12-24 (2028-12-22): 365 days left")],
    );
    both.issue(DocumentKind::Annual, Some("own/annual-owner-2027"), "2027-12-20");
    both.check("own/annual-owner", &[("2027-12-25", "2028-12-24 (2028-12-22): 365 days left")]);

    // A periodic report is always named, as the command asks for it.
    let own = desk(LEVEL_3, "dates:\n  - { id: budget, title: x, before: \"07-01\", document: periodic }\n");
    let said = own.said("own/budget", "2026-06-01");
    assert!(said.contains("report issued periodic own/budget "), "{said}");
}

#[test]
fn what_the_unit_says_of_times_on_levels_counts() {
    let level = "dossier: { status: approved, approved: 3, rules: nd85-2016, decision: { date: 2024-09-03 } }\n\
                 assessments: [ { kind: periodic, date: 2024-05-04 } ]\n";
    let own = "done:\n  - { what: level/assessment, date: 2025-05-02, document: \"Biên bản số 4\" }\n";
    let here = desk(level, own);
    here.check(
        "level/assessment",
        &[
            ("2025-05-01", "2025-05-04 (2025-05-02): 3 days left"),
            ("2025-05-05", "2026-05-02 (2026-05-01): 362 days left"),
        ],
    );
    let said = here.said("level/assessment", "2025-05-05");
    assert!(said.contains("Biên bản số 4"), "{said}");
    // Where the decree gives no number the last one is told all the same.
    let said = desk(LEVEL_3, own).said("level/assessment", "2026-11-26");
    assert!(said.contains("Biên bản số 4"), "{said}");
    let facts = "dossier: { status: submitted, proposed: 3, rules: nd331-2026, submitted: 2027-01-20 }\n\
                 facts: { class: [infrastructure], scope: province }\n";
    let here = desk(facts, "done:\n  - { what: level/appraisal, date: 2027-02-15, document: x }\n");
    here.check("level/appraisal", &[("2027-02-14", "2027-02-17: 3 days left"), ("2027-02-15", "")]);
}
