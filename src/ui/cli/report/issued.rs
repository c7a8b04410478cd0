//! `ungpho report issued`: a document was signed; its number, date, signer and signed copy come back into the ledger.

use std::path::Path;

use jiff::civil::Date;

use crate::inventory::table::day;
use crate::ledger::Ledger;
use crate::message::{Message, message};
use crate::model::record::{DocumentIssued, DocumentKind, SourceFile};
use crate::model::{Basis, Body, Draft, Durability, Journal as _, Name, Objects as _, RunId, RunKind, RunState};
use crate::playbook::Playbook;
use crate::policy::cadences::{Cadences, Fixed, of_year};
use crate::report::due::counts_for;
use crate::report::tasks::{IssuedRow, document_word, issued, minutes_of};
use crate::source::{self, suggest};
use crate::ui::cli::backup::keys;
use crate::ui::cli::{ended, not_voided};
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::held::Held;
use crate::ui::library::Library;
use crate::ui::{Context, Exit, Failure, Workspace, entered, exercise, papers, workspace};

/// Keep number, date, signer and the signed copy of a document that was issued; list those that were where nothing is said
///
/// What was entered by mistake is corrected (`correct RECORD date|number|signer --to …`) or taken back whole (`--withdraw`).
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("entry").args(["document", "withdraw"]))]
#[command(after_help = "Example: ungpho report issued minutes DT-2026-001 --number 12/BB-SKHCN --date 2026-06-05 \
                        --signer \"Nguyễn Văn Bình\" --file bien-ban.pdf")]
pub(super) struct Args {
    /// Which document: minutes, after-action, notice, plan, script, playbook, tasks, annual, periodic, coverage
    #[arg(value_name = "DOCUMENT", value_parser = document(), requires_all = ["number", "date", "signer", "file"])]
    document: Option<DocumentKind>,
    /// The run (minutes, after-action, notice), the exercise (plan, script), the playbook, or the yearly report as `due` calls
    /// it (periodic; annual where it is not the first), such as nd331-2026/annual-owner
    #[arg(value_name = "RUN|NAME")]
    about: Option<String>,
    /// Its number and symbol
    #[arg(long, value_name = "NUMBER", requires = "document")]
    number: Option<String>,
    /// The day on it, such as 2026-06-05 or 05/6/2026
    #[arg(long, value_name = "DAY", requires = "document", value_parser = entered::argument)]
    date: Option<Date>,
    /// Who signed it
    #[arg(long, value_name = "NAME", requires = "document")]
    signer: Option<String>,
    /// The signed copy
    #[arg(long, value_name = "FILE", requires = "document")]
    file: Option<String>,
    /// Let the document in this record, which was entered by mistake, count for nothing
    #[arg(long, value_name = "RECORD", requires = "because", value_parser = papers::record_number)]
    withdraw: Option<u64>,
    /// Why it is entered again, or late, or taken back
    #[arg(long, value_name = "WORDS", requires = "entry")]
    because: Option<String>,
    /// List as one JSON document
    #[arg(long, conflicts_with = "entry")]
    json: bool,
}

/// A document that came back signed.
struct CameBack<'a> {
    document: DocumentKind,
    about: Option<&'a str>,
    number: &'a str,
    date: Date,
    signer: &'a str,
    file: &'a str,
}

fn document() -> impl clap::builder::TypedValueParser<Value = DocumentKind> {
    use clap::builder::{PossibleValuesParser, TypedValueParser as _};
    PossibleValuesParser::new(DocumentKind::ALL.iter().map(|kind| kind.word())).map(|word| {
        let kind = DocumentKind::ALL.iter().copied().find(|kind| kind.word() == word);
        kind.unwrap_or(DocumentKind::Minutes)
    })
}

/// What a document is about.
#[derive(Default)]
struct About {
    run: Option<(RunId, RunState)>,
    set: Option<Name>,
    subject: Option<Name>,
    playbook: Option<(Playbook, SourceFile)>,
    /// The first day that it can bear, and why.
    earliest: Option<(Date, Message)>,
}

/// Keeps the document, or takes one back; lists those that were kept where none is named.
///
/// # Errors
///
/// Where it is about nothing that is there, bears a day that cannot be, or the ledger cannot be written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if let Some((seq, because)) = args.withdraw.zip(args.because.as_deref()) {
        return withdraw(seq, papers::filled("--because", because)?, context);
    }
    // The command line has all of these or none.
    let whole = args.document.zip(args.number.as_deref()).zip(args.date).zip(args.signer.as_deref());
    let Some(((((document, number), date), signer), file)) = whole.zip(args.file.as_deref()) else {
        return list(args.json, context);
    };
    let (number, signer) = (papers::filled("--number", number)?, papers::filled("--signer", signer)?);
    let because = args.because.as_deref().map(|words| papers::filled("--because", words)).transpose()?;
    let copy = CameBack { document, about: args.about.as_deref(), number, date, signer, file };
    keep(&copy, because, context)
}

/// Lets the document in record `seq` count for nothing, in its run where it has one.
fn withdraw(seq: u64, because: &str, context: &Context) -> Result<Exit, Failure> {
    let desk = keys::desk(context)?;
    let rows = issued(&papers::records(&desk.ledger)?, &*desk.ledger);
    let Some(row) = rows.into_iter().find(|row| row.seq == seq) else {
        let message = message!("task-issued-unknown", seq = seq.to_string());
        return Err(Failure::new(Exit::Invalid, "unknown-issued", message).help(message!("task-issued-unknown-help")));
    };
    let run = row.run.as_ref().map(|run| desk.run(Some(run))).transpose()?;
    let body = Body::from(papers::withdrawal(seq, row.date, desk.words(because)?));
    let kept = append(&desk, run.as_ref(), body, context)?;
    context.note(&message!("task-activity-withdrawn", seq = kept.to_string(), of = seq.to_string()));
    Ok(Exit::Passed)
}

/// Keeps what papers say, and signs the log as it stands; the record's number.
fn append(desk: &Desk, run: Option<&(RunId, RunState)>, body: Body, context: &Context) -> Result<u64, Failure> {
    let draft = match run {
        Some((run, state)) => Draft { run: Some(run.clone()), mode: state.mode, ..Draft::ledger(body) },
        None => Draft::ledger(body),
    };
    let draft = Draft { actor: context.actor.clone(), basis: Basis::Paper, ..draft };
    Held::before_adding(desk.ledger.dir(), context);
    let appended = desk.ledger.append(&[draft], Durability::Synced).map_err(|error| journal_failure(&error))?;
    desk.checkpoint()?;
    Ok(appended.records.last().map_or(0, |record| record.seq))
}

/// Lists the documents that were issued, as the ledger has them.
fn list(as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let dir = workspace.ledger();
    let mut rows = Vec::new();
    let held = Held::whole(&dir)?;
    if dir.join("log").exists() {
        let ledger = Ledger::read_only(&dir).map_err(|error| ledger_failure(&error))?;
        rows = issued(&papers::records(&ledger)?, &ledger);
    }
    if as_json {
        context.out(&format!("{}\n", serde_json::json!({ "version": 1, "ledger": held, "documents": rows })));
        return Ok(held.exit(Exit::Passed));
    }
    context.out(&held.line(context));
    if rows.is_empty() {
        context.note(&message!("task-issued-nothing"));
    }
    for row in &rows {
        let of_set = row.set.as_ref().map(|set| format!("{set}/")).unwrap_or_default();
        let subject = row.subject.as_ref().map(|subject| format!("{of_set}{subject}"));
        let document = document_word(row.document);
        let document = match row.run.as_ref().map(ToString::to_string).or(subject) {
            Some(about) => message!("task-issued-about", document = document, about = about),
            None => document,
        };
        let redacted = || message!("report-redacted").render(context.lang);
        let line = message!(
            "task-issued-line",
            seq = row.seq.to_string(),
            document = document,
            number = row.number.clone().unwrap_or_else(redacted),
            day = day(row.date, context.lang),
            signer = row.signer.clone().unwrap_or_else(redacted)
        );
        // Of several minutes of a run those count that were entered last.
        let minutes = row.run.as_ref().filter(|_| row.document == DocumentKind::Minutes);
        let counts = minutes.and_then(|run| minutes_of(&rows, run, Date::MAX)).filter(|it| it.seq != row.seq);
        let line = match counts {
            Some(it) => message!("task-issued-replaced", line = line, seq = it.seq.to_string()),
            None => line,
        };
        context.out(&format!("{}\n", line.render(context.lang)));
    }
    Ok(held.exit(Exit::Passed))
}

fn keep(args: &CameBack<'_>, because: Option<&str>, context: &Context) -> Result<Exit, Failure> {
    let path = papers::signed_copy(args.file, context)?;
    let desk = keys::desk(context)?;
    let about = about(args, &desk, context)?;
    let counts = by_day(&about, args, &desk, context)?;
    papers::possible(args.date, about.earliest, context)?;
    let failed = |error| journal_failure(&error);
    let named = Path::new(args.file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let (version, family, sources) = match &about.playbook {
        Some((playbook, source)) => {
            let family = serde_json::to_value(playbook.family).ok().and_then(|word| word.as_str().map(str::to_owned));
            (Some(playbook.version), family, vec![source.clone()])
        }
        None => (None, None, Vec::new()),
    };
    let body = Body::from(DocumentIssued {
        document: args.document,
        set: about.set,
        subject: about.subject,
        version,
        family,
        date: args.date,
        number: desk.words(args.number)?,
        signer: desk.words(args.signer)?,
        file: desk.ledger.put_file(&path).map_err(failed)?,
        name: desk.words(&named)?,
        sources,
        because: because.map(|words| desk.words(words)).transpose()?,
    });
    let run = about.run.as_ref().map(|(run, _)| run);
    if let (Some(run), Some(other)) = (run, of_another_run(args, run, &desk)?) {
        let (run, other_run) = (run.to_string(), other.run.map(|run| run.to_string()).unwrap_or_default());
        let seq = other.seq.to_string();
        context.note(&message!(
            "task-issued-same-number",
            number = args.number,
            run = run,
            other = other_run,
            seq = seq
        ));
    }
    let seq = append(&desk, about.run.as_ref(), body, context)?;
    context.note(&message!(
        "task-issued-kept",
        document = document_word(args.document),
        number = args.number,
        day = day(args.date, context.lang),
        seq = seq.to_string()
    ));
    if let Some(counts) = counts {
        context.note(&counts);
    }
    Ok(Exit::Passed)
}

/// A document of the same kind, number and year that was entered for another run: one number stands on one paper.
fn of_another_run(args: &CameBack<'_>, run: Option<&RunId>, desk: &Desk) -> Result<Option<IssuedRow>, Failure> {
    let Some(run) = run else { return Ok(None) };
    let same = |row: &IssuedRow| {
        let paper = row.document == args.document && row.date.year() == args.date.year();
        paper && row.number.as_deref() == Some(args.number) && row.run.as_ref().is_some_and(|other| other != run)
    };
    Ok(issued(&papers::records(&desk.ledger)?, &*desk.ledger).into_iter().rfind(same))
}

/// For which year a yearly report counts that does not say so.
fn by_day(about: &About, args: &CameBack<'_>, desk: &Desk, context: &Context) -> Result<Option<Message>, Failure> {
    let said = about.subject.as_ref().and_then(|subject| of_year(subject.as_str()).1);
    if !args.document.yearly() || said.is_some() {
        return Ok(None);
    }
    let cadences = cadences(desk, context)?;
    let named = about.set.as_ref().zip(about.subject.as_ref());
    let counts = counts_for(&cadences, args.document, named, args.date).map(|(fixed, year)| {
        let next = year + 1;
        if next > args.date.year() {
            return message!("task-issued-year", year = year.to_string());
        }
        let key = format!("{}/{}-{next}", fixed.set, fixed.id);
        message!("task-issued-year-next", year = year.to_string(), next = next.to_string(), key = key)
    });
    Ok(counts)
}

fn about(args: &CameBack<'_>, desk: &Desk, context: &Context) -> Result<About, Failure> {
    let wanted = || {
        let what = if args.document.of_a_run() { message!("task-issued-run") } else { message!("task-issued-name") };
        let message = message!("task-issued-which", document = args.document.word(), what = what);
        Failure::new(Exit::Invalid, "document-of-what", message)
    };
    let Some(about) = args.about else {
        return if args.document.of_a_run() || args.document.of_a_file() {
            Err(wanted())
        } else if args.document == DocumentKind::Periodic {
            let message =
                message!("task-issued-which", document = args.document.word(), what = message!("task-issued-report"));
            Err(Failure::new(Exit::Invalid, "document-of-what", message))
        } else if args.document.yearly() {
            let cadences = cadences(desk, context)?;
            let alike = cadences.fixed().iter().filter(|fixed| fixed.document == Some(args.document));
            let first = alike.min_by_key(|fixed| fixed.from);
            Ok(About { earliest: first.and_then(|fixed| in_force(fixed, context)), ..About::default() })
        } else {
            Ok(About::default())
        };
    };
    if args.document.of_a_run() {
        let run: RunId = about.parse().map_err(|_| wanted())?;
        let (run, state) = desk.run(Some(&run))?;
        // What is told during an incident is numbered and signed during it; what tells of the whole waits for its end.
        if args.document != DocumentKind::Notice {
            ended(&run, &state).map_err(|failure| match run.kind() {
                RunKind::Drill => failure,
                // Nobody stops a response for the sake of a document.
                RunKind::Incident => failure.help(message!("amend-not-ended-incident", run = run.as_str())),
            })?;
        }
        not_voided(&desk.folded(&run, &state)?, &run)?;
        let earliest = papers::began(desk, &state, context)?;
        return Ok(About { run: Some((run, state)), earliest, ..About::default() });
    }
    if args.document.yearly() {
        return yearly(about, args.date, desk, context);
    }
    if !args.document.of_a_file() {
        let message = message!("task-issued-whole", document = args.document.word(), word = about);
        return Err(Failure::new(Exit::Invalid, "document-of-what", message));
    }
    let name: Name = about.parse().map_err(|_| wanted())?;
    if args.document != DocumentKind::Playbook {
        exercise::document(&name, &desk.workspace)?;
        return Ok(About { subject: Some(name), ..About::default() });
    }
    let (systems, _) = desk.workspace.systems(context)?;
    let library = Library::read(&desk.workspace, &systems)?;
    let playbook = library.playbook(context, &name)?.clone();
    let text = library.file(&name).map(|file| (file.path.clone(), file.text.clone())).unwrap_or_default();
    let file = desk.ledger.put(text.1.as_bytes()).map_err(|error| journal_failure(&error))?;
    let source = SourceFile { path: text.0, file };
    Ok(About { subject: Some(name), playbook: Some((playbook, source)), ..About::default() })
}

/// Since when a report falls due, where its set says so.
fn in_force(fixed: &Fixed, context: &Context) -> Option<(Date, Message)> {
    let from = fixed.from?;
    Some((from, message!("task-issued-day-in-force", set = fixed.set.as_str(), day = day(from, context.lang))))
}

fn cadences(desk: &Desk, context: &Context) -> Result<Cadences, Failure> {
    let files = desk.workspace.texts("policies/cadences")?;
    let texts: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (cadences, findings) = Cadences::read(&texts);
    if source::any_error(&findings) { Err(workspace::report(context, &findings, &files)) } else { Ok(cadences) }
}

/// A report that falls due every year, by its id or as `due` prints it, `set/id`, with the year for which it is behind that where
/// it is said (`annual-owner-2026`). Of several of one id the one is meant that is in force on the document's day; where the year
/// is said, that falls due in it.
fn yearly(about: &str, date: Date, desk: &Desk, context: &Context) -> Result<About, Failure> {
    let cadences = cadences(desk, context)?;
    let known = || cadences.fixed().iter().filter(|fixed| !fixed.marks);
    let of_name = |name: &str| -> Vec<&Fixed> {
        let is_it = |fixed: &&Fixed| match name.split_once('/') {
            Some((set, id)) => fixed.set == *set && fixed.id == *id,
            None => fixed.id == *name,
        };
        known().filter(is_it).collect()
    };
    let (named, year) = match (of_name(about), of_year(about)) {
        (named, (id, Some(year))) if named.is_empty() => (of_name(id), Some(year)),
        (named, _) => (named, None),
    };
    let fits = |fixed: &&Fixed| match year {
        Some(year) => cadences.in_year(fixed, year).is_some(),
        None => cadences.on_day(fixed, date).is_some(),
    };
    let in_time: Vec<&Fixed> = named.iter().copied().filter(fits).collect();
    let key = |fixed: &Fixed| format!("{}/{}", fixed.set, fixed.id);
    let fixed = match (in_time.as_slice(), named.as_slice()) {
        ([only], _) | ([], [only]) => *only,
        ([], []) => {
            let failure = Failure::new(Exit::Invalid, "unknown-cadence", message!("task-issued-yearly", name = about));
            return Err(match suggest::one_of_these(about, known().map(|fixed| fixed.id.as_str())) {
                Some(help) => failure.help(help),
                None => failure,
            });
        }
        // In force on no such day: the one that came last before it, else the first of all, which says since when it holds.
        ([], [first, ..]) => {
            let before = named.iter().filter(|fixed| fixed.from.is_none_or(|from| from <= date));
            before.max_by_key(|fixed| fixed.from).unwrap_or(first)
        }
        (several, _) => {
            let keys: Vec<String> = several.iter().map(|fixed| format!("`{}`", key(fixed))).collect();
            let failure =
                Failure::new(Exit::Invalid, "document-of-what", message!("task-issued-several", name = about));
            return Err(failure.help(message!("source-one-of", words = keys.join(", "))));
        }
    };
    let subject = match year {
        Some(year) => format!("{}-{year}", fixed.id).parse().ok(),
        None => Some(fixed.id.clone()),
    };
    let earliest = in_force(cadences.on_day(fixed, date).unwrap_or(fixed), context);
    Ok(About { set: Some(fixed.set.clone()), subject, earliest, ..About::default() })
}
