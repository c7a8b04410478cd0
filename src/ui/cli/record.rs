//! `ungpho record`: enters a paper log that was typed into a spreadsheet.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use tabled::builder::Builder;
use tabled::settings::{Padding, Style};

use crate::engine::next::Context as Looking;
use crate::engine::{PaperEntry, State, fold};
use crate::message::{format, message};
use crate::model::record::Attached;
use crate::model::{
    Basis, Digest, Draft, Durability, Journal as _, JournalError, Mode, Objects, RunId, RunState, Stamp,
};
use crate::report::card::{Column, PLAN, SECOND, Sheet, SheetError, read_sheet};
use crate::ui::console::readable;
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::paper::{self, Consent, Overlay, Row};
use crate::ui::{Context, Exit, Failure, entry};

/// How often the run may change while the rows are entered before that is given up.
const MOST_TRIES: u32 = 5;

/// Enter a paper log that was typed into a sheet of `report card`
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho record SC-2026-001 --from sheet.xlsx --scan sheet.pdf")]
pub struct Args {
    /// The run; the open one where nothing is said
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// The spreadsheet
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The scan of the paper, kept as it is
    #[arg(long, value_name = "FILE")]
    scan: Option<PathBuf>,
    /// Show what would be entered, and enter nothing
    #[arg(long)]
    dry_run: bool,
    /// Enter it without asking
    #[arg(long, short)]
    yes: bool,
}

/// Reads, shows, asks, enters: all of it or nothing.
///
/// # Errors
///
/// Everything that is wrong in the sheet; or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shown = args.from.display().to_string();
    let path = context.folder.join(&args.from);
    let bytes = readable(&path).and_then(|()| std::fs::read(&path)).map_err(|error| unreadable(&shown, &error))?;
    let scan = args.scan.as_ref().map(|scan| context.folder.join(scan));
    if let Some(scan) = &scan {
        readable(scan).map_err(|error| unreadable(&scan.display().to_string(), &error))?;
    }
    let sheet = read_sheet(&bytes).map_err(|error| not_a_sheet(&shown, &error, context))?;
    let desk = Desk::open(context)?;
    let (run, life) = desk.run(args.run.as_ref())?;
    let people = entry::people(context, &desk.workspace)?;
    let state = folded(&desk, &run, &life)?;
    let report = |findings: &[paper::PaperFinding]| {
        paper::print(context, &shown, &sheet.name, findings);
        Failure::reported(Exit::Invalid)
    };
    let digests = digests(&desk, &run, &life, &state)?;
    let log = paper::read(&sheet, (&run, &state), people.as_ref(), &digests, context)
        .map_err(|findings| report(&findings))?;
    let rows = &log.rows;
    if rows.is_empty() && log.consent.is_none() {
        return Err(Failure::new(Exit::Invalid, "sheet-empty", message!("paper-nothing", path = shown.as_str()))
            .help(message!("paper-nothing-help")));
    }
    let job = Job {
        desk: &desk,
        context,
        run: &run,
        rows,
        consent: log.consent.as_ref(),
        scan: scan.as_deref(),
        sheet: &path,
    };
    // Tried in memory first: showing writes nothing.
    let tried = Overlay::new(desk.ledger.as_ref());
    job.drafts(&state, &tried)?.map_err(|findings| report(&findings))?;
    show(&job, &sheet, &shown, context);
    if args.dry_run {
        context.note(&message!("cli-dry-run"));
        return Ok(Exit::Passed);
    }
    if !args.yes && !agreed(context)? {
        context.note(&message!("paper-not-entered"));
        return Ok(Exit::NotPassed);
    }
    for _ in 0..MOST_TRIES {
        let state = folded(&desk, &run, &life)?;
        let drafts = job.drafts(&state, desk.ledger.as_ref())?.map_err(|findings| report(&findings))?;
        match desk.ledger.append(&drafts, Durability::Synced) {
            Ok(appended) => {
                let (count, records) = (rows.len(), appended.records.len());
                context.note(&message!("paper-entered", rows = count, run = run.as_str(), records = records));
                return Ok(Exit::Passed);
            }
            // Somebody else wrote in between: what follows may be another thing now.
            Err(JournalError::Refused { .. }) => {}
            Err(error) => return Err(journal_failure(&error)),
        }
    }
    Err(Failure::new(Exit::NotPassed, "sheet-changed", message!("paper-changed", run = run.as_str()))
        .help(message!("paper-changed-help")))
}

fn folded(desk: &Desk, run: &RunId, life: &RunState) -> Result<State, Failure> {
    let (plan, part) = desk.plan(run, life)?;
    let records = desk.ledger.settled_records_of(run, life.began).map_err(|error| journal_failure(&error))?;
    Ok(fold(plan, part, &records))
}

/// What consent on paper may be to, in hexadecimal digits: the plan, and the playbook's file that it was made from.
fn digests(desk: &Desk, run: &RunId, life: &RunState, state: &State) -> Result<Vec<String>, Failure> {
    let plan = state.plan();
    let mut all = vec![plan.digest().hex()];
    let wanted = format!("/{}.yaml", plan.playbook);
    for source in desk.sources(run, life)?.iter().filter(|source| source.path.ends_with(&wanted)) {
        let bytes = desk.ledger.get(&source.file).map_err(|error| journal_failure(&error))?;
        all.extend(bytes.map(|bytes| Digest::of(&bytes).hex()));
    }
    Ok(all)
}

/// What is to be entered, and from where.
struct Job<'a> {
    desk: &'a Desk,
    context: &'a Context,
    run: &'a RunId,
    rows: &'a [Row],
    consent: Option<&'a Consent>,
    scan: Option<&'a Path>,
    sheet: &'a Path,
}

impl Job<'_> {
    /// The records of all rows, with the sheet and the scan before them; else what stands in the way of which row.
    fn drafts(
        &self,
        state: &State,
        objects: &dyn Objects,
    ) -> Result<Result<Vec<Draft>, Vec<paper::PaperFinding>>, Failure> {
        self.try_drafts(state, objects).map_err(|error| journal_failure(&error))
    }

    fn try_drafts(
        &self,
        state: &State,
        objects: &dyn Objects,
    ) -> Result<Result<Vec<Draft>, Vec<paper::PaperFinding>>, JournalError> {
        let lang = self.context.lang;
        let because = objects.put_text(&message!("paper-because").render(lang))?;
        let mut drafts = Vec::new();
        let mut scan = None;
        for path in [Some(self.sheet), self.scan].into_iter().flatten() {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let (file, name) = (objects.put_file(path)?, objects.put_text(&name)?);
            if Some(path) == self.scan {
                scan = Some((file, name));
            }
            let body = Attached { file, name, step: None, because: Some(because) };
            let draft = Draft::console(self.run, Mode::Respond, self.context.actor.clone(), body.into());
            drafts.push(Draft { mode: Some(state.mode()), basis: Basis::Console, ..draft });
        }
        let entries = self.rows.iter().map(|row| row.entry(&self.context.actor, because, scan, objects));
        let entries: Vec<PaperEntry> = entries.collect::<Result<_, _>>()?;
        let (now, secrets) = (self.context.clock.now(), std::collections::BTreeMap::new());
        let looking = Looking { objects, now: &now, secrets: &secrets, living: &[], notices: None };
        let driven = self.desk.loop_lives(self.run);
        let typist = &self.context.actor;
        let consent = self.consent.map(|consent| consent.entry(typist, because, objects)).transpose()?;
        Ok(match state.enter(consent.as_ref(), &entries, driven, &looking)? {
            Ok(entered) => {
                drafts.extend(entered);
                Ok(drafts)
            }
            Err(problems) => Err(problems
                .iter()
                .filter_map(|(place, problem)| match place {
                    Some(place) => Some(paper::problem(problem, self.rows.get(*place)?, self.run, self.context)),
                    None => Some(paper::consent_problem(problem, self.consent?)),
                })
                .collect()),
        })
    }
}

/// What will be entered, as a table.
fn show(job: &Job<'_>, sheet: &Sheet, shown: &str, context: &Context) {
    let lang = context.lang;
    let run = job.run.as_str();
    let head = message!(
        "paper-shown",
        run = run,
        rows = job.rows.len(),
        path = format!("{shown} ({})", sheet.name),
        who = context.actor.as_str()
    );
    context.err(&format!("{}\n\n", head.render(lang)));
    let mut table = Builder::default();
    let headings = [
        message!("paper-table-step"),
        message!("paper-table-who"),
        message!("paper-table-began"),
        message!("paper-table-ended"),
        message!("paper-table-result"),
        message!("paper-table-remark"),
    ];
    table.push_record(headings.iter().map(|heading| heading.render(lang)));
    let time = |stamp: &Stamp| format::time(stamp, lang);
    let consented = |step: String, consent: &Consent| {
        let (who, at) = (consent.actor.to_string(), time(&consent.at));
        let words = consent.words.clone().unwrap_or_default();
        [step, who, String::new(), at, consent.shown().render(lang), words]
    };
    if let Some(consent) = job.consent {
        table.push_record(consented(PLAN.to_owned(), consent));
    }
    for row in job.rows {
        let result = match &row.said {
            paper::Said::Outcome(outcome, ..) => paper::title(*outcome).render(lang),
            paper::Said::Choice(_, title) | paper::Said::Truth(_, title) => title.clone(),
        };
        if let Some(second) = &row.second {
            table.push_record(consented(format!("{}{SECOND}", row.step), second));
        }
        let remark = row.remark.clone().unwrap_or_default();
        let who = row.actor.to_string();
        table.push_record([row.step.to_string(), who, time(&row.began), time(&row.ended), result, remark]);
    }
    let mut table = table.build();
    table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    context.err(&format!("{}\n", lines.concat()));
}

/// Asks whether to enter it. Enter alone never means yes.
fn agreed(context: &Context) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(Exit::Invalid, "nobody-to-ask", message!("cli-nobody-to-ask"))
            .help(message!("cli-nobody-to-ask-help")));
    }
    loop {
        context.err(&format!("{}\n> ", message!("paper-ask").render(context.lang)));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).unwrap_or(0);
        match line.trim().to_lowercase().as_str() {
            "c" | "y" => return Ok(true),
            "k" | "n" => return Ok(false),
            _ if read == 0 => return Ok(false),
            _ => context.err(&format!("{}\n", message!("console-enter-alone").render(context.lang))),
        }
    }
}

fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = path)).caused_by(error)
}

fn not_a_sheet(path: &str, error: &SheetError, context: &Context) -> Failure {
    let lang = context.lang;
    let column = |column: Column| column.title().render(lang);
    let no_table = |wanted: Column| {
        Failure::new(Exit::Invalid, "not-a-sheet", message!("paper-no-table", path = path, column = column(wanted)))
            .help(message!("paper-no-table-help"))
    };
    match error {
        SheetError::NoTable => no_table(Column::Step),
        SheetError::NoColumn(missing) => no_table(*missing),
        SheetError::Twice(twice) => {
            Failure::new(Exit::Invalid, "not-a-sheet", message!("paper-twice", path = path, column = column(*twice)))
                .help(message!("paper-no-table-help"))
        }
        SheetError::TooLarge(bytes) => {
            let size = format::bytes(u64::try_from(*bytes).unwrap_or(u64::MAX), lang);
            Failure::new(Exit::Invalid, "not-a-sheet", message!("paper-too-large", path = path, size = size))
        }
        SheetError::NotXlsx(_) => Failure::new(Exit::Invalid, "not-a-sheet", message!("paper-unreadable", path = path))
            .caused_by(error)
            .help(message!("paper-unreadable-help")),
    }
}
