//! How the backups of a system stand: whole, fresh, proved within the period of its level, three copies on two media with one
//! off-site. From what was seen of the copies and from the records; pure.

use jiff::ToSpan as _;
use serde::Serialize;

use crate::inventory::{BackupPlan, System};
use crate::model::{Body, Name, Objects, Record, Stamp, Text};
use crate::policy::cadences::Period;
use crate::policy::levels::InForce;

/// One copy as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its path.
    pub path: String,
    /// When it was sealed, where it has a seal that can be read.
    pub sealed_at: Option<Stamp>,
}

/// Where the copies of one backup lie, and what could be seen of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Their folder or repository, an absolute path.
    pub folder: String,
    /// What could be seen.
    pub seen: Seen,
}

/// What could be seen of the copies of one backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// These copies lie there, the newest first.
    Here(Vec<Copy>),
    /// They are on another machine.
    Elsewhere(Name),
    /// The place cannot be read.
    Unreadable(String),
}

/// One thing that was done with a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The copy's path, absolute.
    pub path: String,
    /// When.
    pub at: Stamp,
    /// The record that says so.
    pub seq: u64,
    /// What.
    pub what: Did,
}

/// What was done with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was sealed.
    Sealed,
    /// It was compared with its seal.
    Verified {
        /// Whether nothing differs.
        whole: bool,
        /// Whether every file was read.
        all: bool,
    },
    /// It was restored on trial.
    Proved {
        /// Whether it holds and could be restored.
        proved: bool,
    },
}

/// What the records say of copies, oldest first; `absolute` makes a path that was given then one from the root. A path that was
/// redacted says nothing any more.
#[must_use]
pub fn deeds(records: &[Record], objects: &dyn Objects, absolute: &dyn Fn(&str) -> String) -> Vec<Deed> {
    let deed = |record: &Record| {
        let (path, what) = match &record.draft.body {
            Body::BackupSealed(body) => (&body.path, Did::Sealed),
            Body::BackupVerified(body) => (&body.path, Did::Verified { whole: body.whole, all: body.unchecked == 0 }),
            Body::BackupProved(body) => (&body.path, Did::Proved { proved: body.proved() }),
            _ => return None,
        };
        let path = absolute(&objects.get_text(path).ok().flatten()?);
        Some(Deed { path, at: record.occurred(), seq: record.seq, what })
    };
    records.iter().filter_map(deed).collect()
}

/// How all backups of one system stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SystemBackups {
    /// The system.
    pub system: Name,
    /// Its name.
    pub name: Text,
    /// Its level in force, and on what that rests.
    pub level: InForce,
    /// The recovery point objective in seconds, where its owner set one.
    pub rpo: Option<u64>,
    /// Whether anything above was never confirmed by a person.
    pub assumed: bool,
    /// Each backup.
    pub backups: Vec<BackupStanding>,
    /// Three copies, two media, one off-site.
    pub legs: Legs,
    /// How often a restore is to be tried; nothing where the level is not known.
    pub period: Option<Period>,
}

/// How one backup stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackupStanding {
    /// Its id.
    pub id: Name,
    /// Where its copies lie.
    pub path: String,
    /// On which machine, if not this one.
    pub host: Option<Name>,
    /// What they are stored on.
    pub medium: Option<String>,
    /// Whether they are at another site.
    pub offsite: bool,
    /// How many copies lie there; nothing where nobody could look.
    pub copies: Option<usize>,
    /// Why nobody could look.
    pub unseen: Option<String>,
    /// The newest sealed copy.
    pub newest: Option<String>,
    /// When it was sealed.
    pub sealed_at: Option<Stamp>,
    /// Its age in seconds.
    pub age: Option<u64>,
    /// Its age against the recovery point objective.
    pub fresh: Verdict,
    /// Copies that lie there without a seal, the newest first.
    pub unsealed: Vec<String>,
    /// The newest comparison.
    pub verified: Option<Last>,
    /// Whether that comparison read every file; null where there is none.
    pub verified_all: Option<bool>,
    /// The newest trial restore.
    pub proved: Option<Last>,
    /// When the next one is due.
    pub prove_by: Option<Stamp>,
    /// The trial restores against the period of the level.
    pub proving: Verdict,
}

/// What was done last with the copies of one backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastDone {
    /// The newest comparison.
    pub verified: Option<Last>,
    /// Whether that comparison read every file; null where there is none.
    pub verified_all: Option<bool>,
    /// The newest trial restore.
    pub proved: Option<Last>,
}

/// The newest time something was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    /// When.
    pub at: Stamp,
    /// Whether it went well.
    pub well: bool,
    /// The copy.
    pub path: String,
    /// The record.
    pub seq: u64,
}

/// What something comes to against what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As asked.
    Met,
    /// Not as asked.
    NotMet,
    /// Nothing is asked, or nothing is known.
    Unknown,
}

/// The three legs, each a result of its own (TCVN 14423:2026, 5.11.2.3a, second-hand; from level 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Legs {
    /// Whether the level asks for them; null where it is not known.
    pub asked: Option<bool>,
    /// Copies by the inventory: the data in use and one for each backup.
    pub copies: usize,
    /// Of these backups, how many have a copy that somebody here saw or a record tells of.
    pub seen: usize,
    /// Kinds of media by the inventory. The data in use counts as `disk`.
    pub media: usize,
    /// Backups at another site.
    pub offsite: usize,
    /// Three copies.
    pub three: bool,
    /// Two media.
    pub two: bool,
    /// One off-site.
    pub one: bool,
}

/// From which level 3-2-1 is asked for (TCVN 14423:2026, 5.11.2.3a, second-hand).
const LEGS_FROM: u8 = 3;

/// How the backups of `system` stand at `now`. `looks` has one entry for each of its backups, in their order.
#[must_use]
pub fn standing(
    system: &System,
    looks: &[Look],
    deeds: &[Deed],
    (level, period): (InForce, Option<&Period>),
    now: &Stamp,
) -> SystemBackups {
    let rpo = system.objectives.rpo.map(crate::model::Span::seconds);
    let backups: Vec<BackupStanding> =
        system.backups.iter().zip(looks).map(|(plan, look)| backup(plan, look, deeds, (rpo, period), now)).collect();
    let assumed = system.assumes("backups") || system.assumes("objectives.rpo");
    SystemBackups {
        system: system.id.clone(),
        name: system.name.clone(),
        legs: legs(&system.backups, &backups, level.level()),
        level,
        rpo,
        assumed,
        backups,
        period: period.cloned(),
    }
}

impl SystemBackups {
    /// Whether anything is not as asked: a copy too old or not whole, never or too long not proved, a leg that is missing
    /// where the level asks for it, or no backup at all.
    #[must_use]
    pub fn lacking(&self) -> bool {
        let leg = self.legs.asked == Some(true) && !(self.legs.three && self.legs.two && self.legs.one);
        leg || self.backups.is_empty() || self.backups.iter().any(BackupStanding::lacking)
    }
}

impl BackupStanding {
    /// Whether anything of this backup is not as asked.
    #[must_use]
    pub fn lacking(&self) -> bool {
        self.fresh == Verdict::NotMet
            || self.proving == Verdict::NotMet
            || !self.unsealed.is_empty()
            || self.copies == Some(0)
            || self.verified.as_ref().is_some_and(|last| !last.well)
            || self.proved.as_ref().is_some_and(|last| !last.well)
    }
}

fn backup(
    plan: &BackupPlan,
    look: &Look,
    deeds: &[Deed],
    (rpo, period): (Option<u64>, Option<&Period>),
    now: &Stamp,
) -> BackupStanding {
    let mine = of_copies(plan, &look.folder, deeds);
    let sealed = newest_of(&mine, &|did| matches!(did, Did::Sealed).then_some(true));
    let LastDone { verified, verified_all, proved } = done(&mine);
    let good = newest_of(&mine, &|did| matches!(did, Did::Proved { proved: true }).then_some(true));
    // Where nobody can look the record of the newest seal is what is known.
    let (copies, unsealed, newest, unseen) = match &look.seen {
        Seen::Here(list) => {
            let unsealed = list.iter().filter(|copy| copy.sealed_at.is_none()).map(|copy| copy.path.clone()).collect();
            let newest = list.iter().filter_map(|copy| Some((copy.path.clone(), copy.sealed_at?)));
            (Some(list.len()), unsealed, newest.max_by_key(|(_, at)| at.instant), None)
        }
        Seen::Elsewhere(host) => (None, Vec::new(), sealed.map(|last| (last.path, last.at)), Some(host.to_string())),
        Seen::Unreadable(why) => (None, Vec::new(), sealed.map(|last| (last.path, last.at)), Some(why.clone())),
    };
    let age = newest.as_ref().map(|(_, at)| u64::try_from(now.microseconds_since(at) / 1_000_000).unwrap_or(0));
    let fresh = match (age, rpo) {
        (Some(age), Some(rpo)) if age <= rpo => Verdict::Met,
        (Some(_), Some(_)) => Verdict::NotMet,
        (None, Some(_)) if copies.is_some() => Verdict::NotMet,
        _ => Verdict::Unknown,
    };
    let prove_by = good.as_ref().zip(period).map(|(good, period)| months_after(&good.at, period.months));
    let proving = match (&prove_by, period) {
        (_, None) => Verdict::Unknown,
        (Some(by), Some(_)) if now.instant <= by.instant => Verdict::Met,
        (_, Some(_)) => Verdict::NotMet,
    };
    BackupStanding {
        id: plan.id.clone(),
        path: plan.path.clone(),
        host: plan.host.clone(),
        medium: plan.medium.clone(),
        offsite: plan.offsite,
        copies,
        unseen,
        sealed_at: newest.as_ref().map(|(_, at)| *at),
        newest: newest.map(|(path, _)| path),
        age,
        fresh,
        unsealed,
        verified,
        verified_all,
        proved,
        prove_by,
        proving,
    }
}

/// What `deeds` say was done last with the copies of `plan`, which lie in `folder`, an absolute path.
#[must_use]
pub fn last_done(plan: &BackupPlan, folder: &str, deeds: &[Deed]) -> LastDone {
    done(&of_copies(plan, folder, deeds))
}

/// The newest trial restore of a copy of `plan` that went well, among those whose time fits `until`.
#[must_use]
pub fn last_good(plan: &BackupPlan, folder: &str, deeds: &[Deed], until: &dyn Fn(&Stamp) -> bool) -> Option<Last> {
    let mine: Vec<&Deed> = of_copies(plan, folder, deeds).into_iter().filter(|deed| until(&deed.at)).collect();
    newest_of(&mine, &|did| matches!(did, Did::Proved { proved: true }).then_some(true))
}

fn done(mine: &[&Deed]) -> LastDone {
    let verified = newest_of(mine, &|did| match did {
        Did::Verified { whole, .. } => Some(whole),
        _ => None,
    });
    let verified_all = mine.iter().rev().find_map(|deed| match deed.what {
        Did::Verified { all, .. } => Some(all),
        _ => None,
    });
    let proved = newest_of(mine, &|did| match did {
        Did::Proved { proved } => Some(proved),
        _ => None,
    });
    LastDone { verified, verified_all, proved }
}

/// Those of `deeds` that were done with copies of `plan` in `folder`.
fn of_copies<'d>(plan: &BackupPlan, folder: &str, deeds: &'d [Deed]) -> Vec<&'d Deed> {
    deeds.iter().filter(|deed| belongs(&deed.path, folder, &plan.copies)).collect()
}

/// The newest of them that `of` counts, and whether it went well.
fn newest_of(mine: &[&Deed], of: &dyn Fn(Did) -> Option<bool>) -> Option<Last> {
    let (deed, well) = mine.iter().rev().find_map(|deed| Some((deed, of(deed.what)?)))?;
    Some(Last { at: deed.at, well, path: deed.path.clone(), seq: deed.seq })
}

/// Whether a copy at `path` is one of those in `folder`, or `folder` is their repository.
fn belongs(path: &str, folder: &str, copies: &str) -> bool {
    path == folder
        || path.rsplit_once('/').is_some_and(|(parent, name)| parent == folder && crate::backup::fits(copies, name))
}

/// The same time of day so many months later, in the zone of `at`; the last day of a month that is too short.
fn months_after(at: &Stamp, months: i64) -> Stamp {
    let later = at.offset.to_datetime(at.instant).checked_add(months.months());
    let instant = later.and_then(|later| at.offset.to_timestamp(later));
    Stamp::new(instant.unwrap_or(at.instant), at.offset)
}

fn legs(plans: &[BackupPlan], backups: &[BackupStanding], level: Option<u8>) -> Legs {
    let mut media: Vec<&str> = plans.iter().filter_map(|plan| plan.medium.as_deref()).chain(["disk"]).collect();
    media.sort_unstable();
    media.dedup();
    let there = |backup: &&BackupStanding| backup.copies.is_some_and(|count| count > 0) || backup.newest.is_some();
    let (copies, offsite) = (1 + plans.len(), plans.iter().filter(|plan| plan.offsite).count());
    Legs {
        asked: level.map(|level| level >= LEGS_FROM),
        copies,
        seen: backups.iter().filter(there).count(),
        media: media.len(),
        offsite,
        three: copies >= 3,
        two: media.len() >= 2,
        one: offsite >= 1,
    }
}

#[cfg(test)]
mod tests;
