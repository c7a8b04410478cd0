//! How backups stand, by table.

use super::*;
use crate::inventory::dossier::Dossier;
use crate::model::Span;

fn at(text: &str) -> Stamp {
    format!("{text}:00.000000+07:00").parse().expect("a time")
}

fn system(level: Option<u8>, plans: &[(&str, &str, bool)]) -> System {
    let mut system = System::new("one-stop".parse().expect("a name"), "Một cửa".into());
    system.objectives.rpo = Some("24h".parse::<Span>().expect("a span"));
    system.dossier = level.map(|level| Dossier { approved: Some(level), ..Dossier::default() });
    system.backups = plans
        .iter()
        .map(|(id, medium, offsite)| BackupPlan {
            id: id.parse().expect("a name"),
            host: None,
            kind: "files".to_owned(),
            path: format!("/srv/{id}"),
            copies: "night-*".to_owned(),
            medium: Some((*medium).to_owned()),
            offsite: *offsite,
            schedule: None,
            rows: std::collections::BTreeMap::new(),
            secret: None,
        })
        .collect();
    system
}

fn here(id: &str, copies: &[(&str, Option<&str>)]) -> Look {
    let copies =
        copies.iter().map(|(name, sealed)| Copy { path: format!("/srv/{id}/{name}"), sealed_at: sealed.map(at) });
    Look { folder: format!("/srv/{id}"), seen: Seen::Here(copies.collect()) }
}

fn deed(path: &str, when: &str, what: Did) -> Deed {
    Deed { path: path.to_owned(), at: at(when), seq: 7, what }
}

fn period(months: i64) -> Period {
    Period { months, citation: None, suggested: false, second_hand: None, file: "own.yaml".to_owned() }
}

/// How backups stand where the level in force is the approved one.
fn seen_at(system: &System, looks: &[Look], deeds: &[Deed], period: Option<&Period>, now: &Stamp) -> SystemBackups {
    let approved = system.dossier.as_ref().and_then(|dossier| dossier.approved);
    let (rules, number, date, body) = (None, None, None, None);
    let level = approved.map_or(InForce::Undetermined, |level| InForce::Approved {
        level,
        rules,
        number,
        date,
        body,
        assumed: false,
    });
    standing(system, looks, deeds, (level, period), now)
}

const NOW: &str = "2026-11-25T08:00";

#[test]
fn the_newest_copy_is_held_against_the_rpo_to_the_second() {
    let system = system(None, &[("nightly", "disk", false)]);
    for (sealed, now, expected) in [
        ("2026-11-24T08:00", "2026-11-25T07:59", Verdict::Met),
        ("2026-11-24T08:00", "2026-11-25T08:00", Verdict::Met),
        ("2026-11-24T08:00", "2026-11-25T08:01", Verdict::NotMet),
    ] {
        let looks = [here("nightly", &[("night-1", Some("2026-11-01T08:00")), ("night-2", Some(sealed))])];
        let seen = seen_at(&system, &looks, &[], None, &at(now));
        assert_eq!(seen.backups[0].fresh, expected, "{now}");
        assert_eq!(seen.backups[0].newest.as_deref(), Some("/srv/nightly/night-2"));
    }
    let none = seen_at(&system, &[here("nightly", &[])], &[], None, &at(NOW));
    assert_eq!((none.backups[0].fresh, none.lacking()), (Verdict::NotMet, true));
    let unsealed = seen_at(&system, &[here("nightly", &[("night-1", None)])], &[], None, &at(NOW));
    assert_eq!(unsealed.backups[0].unsealed, ["/srv/nightly/night-1"]);
    assert!(unsealed.lacking());
}

#[test]
fn a_trial_restore_is_due_by_the_period_of_the_level_and_only_a_good_one_counts() {
    let system = system(Some(4), &[("nightly", "disk", false)]);
    let looks = [here("nightly", &[("night-1", Some("2026-11-25T01:00"))])];
    let path = "/srv/nightly/night-1";
    let good = |when: &str| deed(path, when, Did::Proved { proved: true });
    for (deeds, now, expected) in [
        (vec![], NOW, Verdict::NotMet),
        (vec![good("2026-05-25T08:00")], "2026-11-25T07:59", Verdict::Met),
        (vec![good("2026-05-25T08:00")], "2026-11-25T08:00", Verdict::Met),
        (vec![good("2026-05-25T08:00")], "2026-11-25T08:01", Verdict::NotMet),
        // A month that is too short ends the period with its last day.
        (vec![good("2026-08-31T08:00")], "2027-02-28T08:00", Verdict::Met),
        (vec![good("2026-08-31T08:00")], "2027-02-28T08:01", Verdict::NotMet),
        // One that failed since does not make it due later, and is not hidden.
        (
            vec![good("2026-01-01T08:00"), deed(path, "2026-11-24T08:00", Did::Proved { proved: false })],
            NOW,
            Verdict::NotMet,
        ),
    ] {
        let seen = seen_at(&system, &looks, &deeds, Some(&period(6)), &at(now));
        assert_eq!(seen.backups[0].proving, expected, "{deeds:?} {now}");
    }
    let unknown = seen_at(&system, &looks, &[], None, &at(NOW));
    assert_eq!(unknown.backups[0].proving, Verdict::Unknown);
}

#[test]
fn what_was_done_with_another_copy_of_the_same_name_does_not_count() {
    let system = system(None, &[("nightly", "disk", false)]);
    let looks = [here("nightly", &[("night-1", Some("2026-11-25T01:00"))])];
    let whole = Did::Verified { whole: true, all: true };
    for (path, counts) in [
        ("/srv/nightly/night-1", true),
        ("/srv/nightly/night-0", true),
        ("/srv/nightly", true),
        ("/srv/nightly/weekly-1", false),
        ("/srv/other/night-1", false),
        ("/mnt/srv/nightly/night-1", false),
        ("/srv/nightly/night-1/inside", false),
    ] {
        let seen = seen_at(&system, &looks, &[deed(path, NOW, whole)], None, &at(NOW));
        assert_eq!(seen.backups[0].verified.is_some(), counts, "{path}");
    }
    let mut deeds = vec![deed("/srv/nightly/night-1", "2026-11-24T08:00", whole)];
    deeds.push(deed("/srv/nightly/night-1", NOW, Did::Verified { whole: false, all: true }));
    let seen = seen_at(&system, &looks, &deeds, None, &at(NOW));
    assert_eq!((seen.backups[0].verified.as_ref().map(|last| last.well), seen.lacking()), (Some(false), true));
}

#[test]
fn each_leg_of_3_2_1_is_a_result_of_its_own_and_asked_from_level_3() {
    let legs = |level, plans: &[(&str, &str, bool)]| {
        let system = system(level, plans);
        let looks: Vec<Look> =
            plans.iter().map(|(id, ..)| here(id, &[("night-1", Some("2026-11-25T07:00"))])).collect();
        let seen = seen_at(&system, &looks, &[], None, &at(NOW));
        (seen.legs.asked, seen.legs.three, seen.legs.two, seen.legs.one, seen.lacking())
    };
    assert_eq!(legs(Some(3), &[("a", "disk", false)]), (Some(true), false, false, false, true));
    assert_eq!(legs(Some(3), &[("a", "disk", false), ("b", "disk", true)]), (Some(true), true, false, true, true));
    assert_eq!(legs(Some(3), &[("a", "disk", false), ("b", "tape", false)]), (Some(true), true, true, false, true));
    assert_eq!(legs(Some(3), &[("a", "disk", false), ("b", "tape", true)]), (Some(true), true, true, true, false));
    assert_eq!(legs(Some(2), &[("a", "disk", false)]), (Some(false), false, false, false, false));
    assert_eq!(legs(None, &[("a", "tape", true)]), (None, false, true, true, false));
    assert!(legs(Some(1), &[]).4, "no backup at all is never as it should be");
}

#[test]
fn where_nobody_can_look_the_record_of_the_newest_seal_is_what_is_known() {
    let system = system(None, &[("nightly", "disk", false)]);
    let looks = [Look { folder: "/srv/nightly".to_owned(), seen: Seen::Elsewhere("bk-01".parse().expect("a name")) }];
    let nothing = seen_at(&system, &looks, &[], None, &at(NOW));
    assert_eq!((nothing.backups[0].fresh, nothing.backups[0].copies), (Verdict::Unknown, None));
    let sealed = [deed("/srv/nightly/night-9", "2026-11-25T01:00", Did::Sealed)];
    let seen = seen_at(&system, &looks, &sealed, None, &at(NOW));
    assert_eq!(seen.backups[0].newest.as_deref(), Some("/srv/nightly/night-9"));
    assert_eq!((seen.backups[0].fresh, seen.legs.seen), (Verdict::Met, 1));
}
