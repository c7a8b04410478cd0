//! `ungpho inventory level`: what the criteria say of systems, with their articles, and how their dossiers stand.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rayon::prelude::*;

use super::{ask, level_page as page};
use crate::inventory::dossier::RulesId;
use crate::inventory::{self, System};
use crate::message::message;
use crate::policy::holidays::Holidays;
use crate::policy::levels::{Book, Check, Force, Standing, assess, check, shared};
use crate::source::{self, FileError, Finding, suggest};
use crate::ui::entered;
use crate::ui::workspace::{SourceText, Workspace, report};
use crate::ui::{Context, Exit, Failure};

/// Compute the level of systems, each criterion with its article, and check their dossiers
///
/// Suggests only: people approve. Names or files; every system of the inventory where none is named.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory level one-stop --rules both")]
pub struct Args {
    /// Systems, or files that describe them
    #[arg(value_name = "SYSTEM|FILE")]
    systems: Vec<String>,
    /// By the criteria of this decree; those in force on the day where it is left out
    #[arg(long, value_enum, value_name = "nd85-2016|nd331-2026|both")]
    rules: Option<Wanted>,
    /// As of this day, such as 2026-11-25 or 25/11/2026
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    on: Option<Date>,
    /// Ask what would decide, and write the answers into the files
    #[arg(long, conflicts_with = "json")]
    ask: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// So many systems are printed before the next are computed.
const AT_ONCE: usize = 512;

#[derive(Clone, Copy, clap::ValueEnum)]
enum Wanted {
    /// Decree 85/2016/NĐ-CP
    #[value(name = "nd85-2016")]
    Nd85,
    /// Decree 331/2026/NĐ-CP
    #[value(name = "nd331-2026")]
    Nd331,
    /// One beside the other
    Both,
}

/// A system with the file that describes it.
pub(super) struct Described {
    /// The file as it is shown.
    pub(super) file: String,
    /// Where it is.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) system: System,
}

/// By what levels are computed.
pub(super) struct Rules {
    /// The criteria.
    pub(super) book: Book,
    /// The holidays of working days.
    pub(super) holidays: Holidays,
    /// The decrees that are wanted.
    pub(super) wanted: Vec<RulesId>,
    /// The day.
    pub(super) on: Date,
    /// The decree in force on that day.
    pub(super) force: Force,
}

/// Prints what the criteria say of each system. The exit code says whether one is not determined or a dossier does not hold.
///
/// # Errors
///
/// Where a system is not there or a file does not hold; then nothing is computed.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context);
    let rules = rules(args, context, workspace.as_ref().ok())?;
    let mut systems = described(args, context, workspace)?;
    if args.ask {
        if !context.interactive() {
            let failure = Failure::new(Exit::Invalid, "nobody-to-ask", message!("cli-nobody-to-ask"));
            return Err(failure.help(message!("level-nobody-to-ask-help")));
        }
        ask::ask(context, &rules, &mut systems)?;
    }
    let all: Vec<&System> = systems.iter().map(|one| &one.system).collect();
    let shared = shared(&rules.book, &all, rules.on);
    let page = |one: &Described, shared: Vec<Check>| -> (String, bool) {
        let outcomes: Vec<_> =
            rules.wanted.iter().filter_map(|id| Some((*id, assess(rules.book.set(*id)?, &one.system)))).collect();
        let now = rules.book.set(rules.force.rules).map(|set| assess(set, &one.system));
        let checks = now.map(|now| check(&rules.book, &rules.holidays, &one.system, &now, rules.on));
        let mut checks = checks.unwrap_or_default();
        checks.extend(shared);
        let passed = outcomes.iter().all(|(_, outcome)| outcome.proved.is_some())
            && checks.iter().all(|check| check.standing != Standing::NotMet);
        let seen = page::Seen { one, rules: &rules, outcomes, checks };
        let text = if args.json { page::json(&seen, context.lang) } else { page::text(&seen, context.lang) };
        (text, passed)
    };
    let (head, between, foot) = if args.json {
        (page::json_head(&rules), ",", page::json_foot(&rules, context.lang))
    } else {
        (String::new(), "\n", if systems.is_empty() { String::new() } else { page::foot(&rules, context.lang) })
    };
    context.out(&head);
    let (mut passed, mut first) = (true, true);
    let mut shared = shared.into_iter();
    // Some at a time, so that memory grows with the systems and not with what is printed of them.
    for some in systems.chunks(AT_ONCE) {
        let shared: Vec<Vec<Check>> = shared.by_ref().take(some.len()).collect();
        let pages: Vec<(String, bool)> = some.par_iter().zip(shared).map(|(one, shared)| page(one, shared)).collect();
        for (text, fits) in pages {
            let gap = if std::mem::take(&mut first) { "" } else { between };
            context.out(&format!("{gap}{text}"));
            passed &= fits;
        }
    }
    context.out(&foot);
    if systems.is_empty() {
        context.note(&message!("level-none"));
    }
    Ok(if passed { Exit::Passed } else { Exit::NotPassed })
}

fn rules(args: &Args, context: &Context, workspace: Option<&Workspace>) -> Result<Rules, Failure> {
    let on = args.on.unwrap_or_else(|| crate::policy::day_in_vietnam(&context.clock.now().at));
    let texts = |folder| workspace.map_or_else(|| Ok(Vec::new()), |workspace| workspace.texts(folder));
    let (levels, days) = (texts("policies/levels")?, texts("policies/holidays")?);
    let pairs = |files: &[SourceText]| -> Vec<(String, String)> {
        files.iter().map(|file| (file.path.clone(), file.text.clone())).collect()
    };
    let (book, mut findings) = Book::read(&pairs(&levels));
    let (holidays, found) = Holidays::read(&pairs(&days));
    findings.extend(found);
    if source::any_error(&findings) {
        let files: Vec<SourceText> = levels.into_iter().chain(days).collect();
        return Err(report(context, &findings, &files));
    }
    let force = book.in_force(on);
    let wanted = match args.rules {
        None => vec![force.rules],
        Some(Wanted::Nd85) => vec![RulesId::Nd85],
        Some(Wanted::Nd331) => vec![RulesId::Nd331],
        Some(Wanted::Both) => vec![RulesId::Nd85, RulesId::Nd331],
    };
    Ok(Rules { book, holidays, wanted, on, force })
}

/// The systems that are named, else all of the inventory. Files are read at the same time; what was read is let go of at once.
fn described(args: &Args, context: &Context, workspace: Result<Workspace, Failure>) -> Result<Vec<Described>, Failure> {
    let names = |workspace: &Workspace| -> Vec<String> {
        let entries = std::fs::read_dir(workspace.root.join("inventory")).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".yaml").map(str::to_owned))
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    };
    let of = |workspace: &Workspace, name: &str| {
        let shown = format!("inventory/{name}.yaml");
        (workspace.root.join(&shown), shown)
    };
    let mut wanted: Vec<(PathBuf, String)> = Vec::new();
    if args.systems.is_empty() {
        let workspace = workspace?;
        wanted.extend(names(&workspace).iter().map(|name| of(&workspace, name)));
    } else {
        for word in &args.systems {
            let path = context.folder.join(word);
            let is_file =
                Path::new(word).extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
            if is_file || word.contains('/') {
                wanted.push((path, word.clone()));
                continue;
            }
            let Ok(workspace) = &workspace else {
                return Err(Workspace::find(context).err().unwrap_or_else(|| Failure::reported(Exit::Invalid)));
            };
            let there = names(workspace);
            if !there.iter().any(|name| name == word) {
                let text = message!("inventory-unknown-system", system = word.as_str());
                let failure = Failure::new(Exit::Invalid, "unknown-system", text);
                return Err(match suggest::did_you_mean(word, there.iter().map(String::as_str)) {
                    Some(help) => failure.help(help),
                    None => failure.help(message!("level-unknown-system-help")),
                });
            }
            wanted.push(of(workspace, word));
        }
    }
    let read: Vec<Result<Described, Box<Broken>>> =
        wanted.into_par_iter().map(|(path, shown)| one(path, shown)).collect();
    let mut systems = Vec::with_capacity(read.len());
    let (mut findings, mut files) = (Vec::new(), Vec::new());
    for read in read {
        match read {
            Ok(system) => systems.push(system),
            Err(broken) => {
                findings.extend(broken.0);
                files.push(broken.1);
            }
        }
    }
    if findings.is_empty() { Ok(systems) } else { Err(report(context, &findings, &files)) }
}

/// Everything found in a file that does not hold, and the file.
type Broken = (Vec<Finding>, SourceText);

fn one(path: PathBuf, shown: String) -> Result<Described, Box<Broken>> {
    let broken = |findings, text| Box::new((findings, SourceText { path: shown.clone(), text }));
    let text = match source::read_file(&path, &shown) {
        Ok(text) => text,
        Err(error) => {
            use crate::message::Explain as _;
            let finding = match error {
                FileError::Unfit(finding) => *finding,
                ref other => Finding::error(other.code(), &shown, source::Place::START, other.message()),
            };
            return Err(broken(vec![finding], String::new()));
        }
    };
    match inventory::read(&shown, &text) {
        Ok(system) => Ok(Described { file: shown, path, system }),
        Err(findings) => Err(broken(findings, text)),
    }
}
