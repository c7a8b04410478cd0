//! `ungpho backup status`: each system's backups against what is asked of them.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use crate::backup::{self, Kind, Place};
use crate::inventory::BackupPlan;
use crate::message::{Explain as _, Message, format, message};
use crate::model::Name;
use crate::policy::cadences::{Cadences, Period};
use crate::policy::day_in_vietnam;
use crate::policy::levels::in_force;
use crate::report::backups::{self as standings, BackupStanding, Copy, Last, Legs, Look, Seen, SystemBackups, Verdict};
use crate::ui::copies::{absolute, deeds};
use crate::ui::workspace::{self, Workspace};
use crate::ui::{Context, Exit, Failure, levels};

/// Show each system's backups: age, comparisons, trial restores, and 3-2-1
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho backup status one-stop")]
pub struct Args {
    /// The systems; every one of the inventory where none is given
    #[arg(value_name = "SYSTEM")]
    systems: Vec<Name>,
    /// Which machine of the inventory this one is: its copies are looked at here
    #[arg(long, value_name = "HOST")]
    host: Option<Name>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Prints how the backups stand. The exit code is 1 where anything is not as asked.
///
/// # Errors
///
/// Where the inventory or the ledger cannot be read, or has no such system or machine.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let (systems, _) = workspace.systems(context)?;
    if let Some(unknown) = args.systems.iter().find(|name| !systems.contains_key(*name)) {
        let known = systems.keys().map(Name::as_str);
        let help = crate::source::suggest::one_of_these(unknown.as_str(), known);
        let text = message!("inventory-unknown-system", system = unknown.as_str());
        return Err(helped(Failure::new(Exit::Invalid, "unknown-system", text), help));
    }
    let hosts = || systems.values().flat_map(|system| &system.hosts).map(|host| &host.id);
    if let Some(host) = args.host.as_ref().filter(|host| !hosts().any(|known| known == *host)) {
        let help = crate::source::suggest::one_of_these(host.as_str(), hosts().map(Name::as_str));
        let text = message!("copies-host-unknown", host = host.as_str());
        return Err(helped(Failure::new(Exit::Invalid, "unknown-host", text), help));
    }
    let cadences = cadences(context, &workspace)?;
    let book = levels::here(context, &workspace);
    let deeds = deeds(&workspace)?;
    let now = context.clock.now().at;
    let wanted = systems.values().filter(|system| args.systems.is_empty() || args.systems.contains(&system.id));
    let standings: Vec<SystemBackups> = wanted
        .map(|system| {
            let looks: Vec<Look> =
                system.backups.iter().map(|plan| look(context, &workspace, plan, args.host.as_ref())).collect();
            let level = in_force(&book, system, day_in_vietnam(&now));
            let period = level.level().and_then(|level| cadences.period("restore-test", level, day_in_vietnam(&now)));
            standings::standing(system, &looks, &deeds, (level, period), &now)
        })
        .collect();
    if args.json {
        context.out(&format!("{}\n", json!({ "version": 1, "systems": standings })));
    } else {
        context.out(&text(&standings, context));
    }
    let lacking = standings.iter().any(SystemBackups::lacking);
    Ok(if lacking { Exit::NotPassed } else { Exit::Passed })
}

fn helped(failure: Failure, help: Option<Message>) -> Failure {
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn cadences(context: &Context, workspace: &Workspace) -> Result<Cadences, Failure> {
    let files = workspace.texts("policies/cadences")?;
    let own: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (cadences, findings) = Cadences::read(&own);
    if findings.is_empty() { Ok(cadences) } else { Err(workspace::report(context, &findings, &files)) }
}

fn look(context: &Context, workspace: &Workspace, plan: &BackupPlan, here: Option<&Name>) -> Look {
    let folder = absolute(workspace, &plan.path);
    if let Some(host) = plan.host.as_ref().filter(|host| here != Some(*host)) {
        return Look { folder, seen: Seen::Elsewhere(host.clone()) };
    }
    let place = Place {
        backup: plan.id.clone(),
        folder: folder.clone().into(),
        copies: plan.copies.clone(),
        kind: Kind::of_word(&plan.kind).unwrap_or(Kind::Files),
    };
    let seen = match backup::copies(&place) {
        Ok(copies) => Seen::Here(
            copies
                .into_iter()
                .map(|copy| Copy { path: copy.path.to_string_lossy().into_owned(), sealed_at: copy.sealed_at })
                .collect(),
        ),
        Err(error) => Seen::Unreadable(error.message().render(context.lang)),
    };
    Look { folder, seen }
}

fn text(standings: &[SystemBackups], context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    let mut line = |indent: usize, words: &str| {
        let _ = writeln!(text, "{:indent$}{words}", "");
    };
    if standings.is_empty() {
        line(0, &message!("copies-none").render(lang));
    }
    for system in standings {
        line(0, &context.bold(&head(system, context)));
        if system.backups.is_empty() {
            line(2, &format!("✗ {}", context.red(&message!("copies-no-backup").render(lang))));
        }
        for backup in &system.backups {
            let sign = if backup.lacking() { context.red("✗") } else { context.green("✓") };
            line(2, &format!("{sign} {}", place(backup, context)));
            for words in lines(backup, system, context) {
                line(6, &words);
            }
        }
        for words in legs(&system.legs, system.backups.len(), context) {
            line(2, &words);
        }
        line(0, "");
    }
    let all: Vec<&BackupStanding> = standings.iter().flat_map(|system| &system.backups).collect();
    if !all.is_empty() {
        let whole = all.iter().filter(|backup| backup.verified.as_ref().is_some_and(|last| last.well)).count();
        let proved = all
            .iter()
            .filter(|backup| backup.proved.as_ref().is_some_and(|last| last.well) && backup.proving != Verdict::NotMet);
        let total = message!("copies-total", whole = whole, all = all.len(), proved = proved.count());
        line(0, &total.render(lang));
    }
    let second = standings.iter().find_map(|system| system.period.as_ref()?.second_hand.as_ref());
    if let Some(words) = second {
        line(0, &message!("copies-second-hand", words = words.clone()).render(lang));
    }
    text
}

fn head(system: &SystemBackups, context: &Context) -> String {
    let lang = context.lang;
    let mut text = format!(
        "{} ({}) · {}",
        system.name.pick(lang),
        system.system,
        message!("copies-level", level = system.level.words()).render(lang)
    );
    if system.assumed {
        let _ = write!(text, " · {}", message!("copies-assumed").render(lang));
    }
    text
}

fn place(backup: &BackupStanding, context: &Context) -> String {
    let lang = context.lang;
    let host = backup.host.as_ref().map(|host| message!("copies-on", host = host.as_str()).render(lang));
    let offsite = backup.offsite.then(|| message!("copies-offsite").render(lang));
    let parts = [host, backup.medium.clone(), offsite];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{}: {}{parts}", backup.id, backup.path)
}

fn lines(backup: &BackupStanding, system: &SystemBackups, context: &Context) -> Vec<String> {
    let lang = context.lang;
    let mut lines = Vec::new();
    match (&backup.unseen, &backup.host, backup.copies) {
        (Some(_), Some(host), _) => lines.push(message!("copies-elsewhere", host = host.as_str()).render(lang)),
        (Some(why), None, _) => {
            lines.push(context.red(&message!("copies-unreadable", why = why.as_str()).render(lang)));
        }
        (None, _, Some(0)) => {
            let text = message!("copies-nothing-there", path = backup.path.as_str());
            lines.push(context.red(&text.render(lang)));
        }
        _ => {}
    }
    if backup.copies != Some(0) {
        lines.push(newest(backup, system.rpo, context));
    }
    if !backup.unsealed.is_empty() {
        let names: Vec<&str> = backup.unsealed.iter().take(3).map(|path| name(path)).collect();
        let more = if backup.unsealed.len() > names.len() { ", …" } else { "" };
        let names = format!("{}{more}", names.join(", "));
        let text = message!("copies-unsealed", count = backup.unsealed.len(), names = names);
        lines.push(context.red(&text.render(lang)));
    }
    lines.push(match &backup.verified {
        None => message!("copies-verified-never").render(lang),
        Some(last) => {
            let how = match (last.well, backup.verified_all) {
                (true, Some(false)) => message!("copies-whole-sample").render(lang),
                (true, _) => message!("copies-whole").render(lang),
                (false, _) => context.red(&message!("copies-differs").render(lang)),
            };
            done(last, how, "copies-verified", context)
        }
    });
    lines.push(match &backup.proved {
        None => message!("copies-proved-never").render(lang),
        Some(last) => {
            let how = if last.well { message!("copies-proved-well") } else { message!("copies-proved-not") };
            let how = how.render(lang);
            let how = if last.well { how } else { context.red(&how) };
            done(last, how, "copies-proved", context)
        }
    });
    lines.push(due(backup, system.period.as_ref(), context));
    lines
}

fn done(last: &Last, how: String, id: &'static str, context: &Context) -> String {
    let at = format::time(&last.at, context.lang);
    Message::new(id).with("at", at).with("how", how).with("seq", last.seq.to_string()).render(context.lang)
}

fn newest(backup: &BackupStanding, rpo: Option<u64>, context: &Context) -> String {
    let lang = context.lang;
    let span = |seconds| format::duration(Duration::from_secs(seconds), lang);
    let (Some(path), Some(at), Some(age)) = (&backup.newest, &backup.sealed_at, backup.age) else {
        return context.red(&message!("copies-newest-none").render(lang));
    };
    let at = format::time(at, lang);
    let text = message!("copies-newest", name = name(path), at = at, age = span(age)).render(lang);
    let against = match rpo {
        None => message!("copies-no-rpo").render(lang),
        Some(rpo) if age <= rpo => message!("copies-fresh", rpo = span(rpo)).render(lang),
        Some(rpo) => context.red(&message!("copies-stale", rpo = span(rpo), over = span(age - rpo)).render(lang)),
    };
    text + &against
}

fn due(backup: &BackupStanding, period: Option<&Period>, context: &Context) -> String {
    let lang = context.lang;
    let Some(period) = period else { return message!("copies-period-none").render(lang) };
    let months = period.months.to_string();
    let words = match (&period.citation, period.suggested) {
        (Some(citation), _) => message!("copies-period-cited", months = months, citation = citation.as_str()),
        (None, true) => message!("copies-period-suggested", months = months),
        (None, false) => message!("copies-period-own", months = months, file = period.file.as_str()),
    };
    let words = words.render(lang);
    match (&backup.prove_by, backup.proving) {
        (Some(by), Verdict::NotMet) => {
            let text = message!("copies-prove-late", at = format::time(by, lang), period = words);
            context.red(&text.render(lang))
        }
        (Some(by), _) => message!("copies-prove-by", at = format::time(by, lang), period = words).render(lang),
        (None, _) => context.red(&message!("copies-prove-never", period = words).render(lang)),
    }
}

fn legs(legs: &Legs, backups: usize, context: &Context) -> Vec<String> {
    let lang = context.lang;
    let mut lines = vec![message!("copies-legs").render(lang)];
    let three = message!("copies-leg-three", count = legs.copies, backups = backups, seen = legs.seen);
    let two = message!("copies-leg-two", count = legs.media);
    let one = message!("copies-leg-one", count = legs.offsite);
    for (met, text) in [(legs.three, three), (legs.two, two), (legs.one, one)] {
        let sign = match (met, legs.asked) {
            (true, _) => context.green("✓"),
            (false, Some(true)) => context.red("✗"),
            (false, _) => "–".to_owned(),
        };
        lines.push(format!("  {sign} {}", text.render(lang)));
    }
    if legs.asked == Some(false) {
        lines.push(format!("  {}", message!("copies-legs-not-asked").render(lang)));
    }
    lines
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
