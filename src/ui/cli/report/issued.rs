//! `ungpho report issued`: a document was signed; its number, date, signer and signed copy come back into the ledger.

use std::path::Path;

use jiff::civil::Date;

use crate::inventory::table::day;
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::record::{DocumentIssued, DocumentKind, SourceFile};
use crate::model::{Basis, Body, Draft, Durability, Journal as _, Name, Objects as _, RunId, RunState};
use crate::playbook::Playbook;
use crate::policy::cadences::{Cadences, Fixed, of_year};
use crate::policy::day_in_vietnam;
use crate::report::tasks::{document_word, issued};
use crate::source::{self, suggest};
use crate::ui::cli::backup::keys;
use crate::ui::cli::{ended, not_voided};
use crate::ui::console::readable;
use crate::ui::desk::{Desk, journal_failure, ledger_failure};
use crate::ui::held::Held;
use crate::ui::library::Library;
use crate::ui::{Context, Exit, Failure, Workspace, workspace};

/// Keep number, date, signer and the signed copy of a document that was issued; list those that were where nothing is said
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho report issued minutes DT-2026-001 --number 12/BB-SKHCN --date 2026-06-05 \
                        --signer \"Nguyễn Văn Bình\" --file bien-ban.pdf")]
pub(super) struct Args {
    /// Which document: minutes, after-action, notice, plan, script, playbook, tasks, annual, periodic, coverage
    #[arg(value_name = "DOCUMENT", value_parser = document(), requires_all = ["number", "date", "signer", "file"])]
    document: Option<DocumentKind>,
    /// The run (minutes, after-action, notice), the exercise (plan, script), the playbook, or the yearly report as `due` calls
    /// it (periodic; annual where it is not the first), such as annual-owner
    #[arg(value_name = "RUN|NAME")]
    about: Option<String>,
    /// Its number and symbol
    #[arg(long, value_name = "NUMBER", requires = "document")]
    number: Option<String>,
    /// The day on it, such as 2026-06-05
    #[arg(long, value_name = "DAY", requires = "document")]
    date: Option<Date>,
    /// Who signed it
    #[arg(long, value_name = "NAME", requires = "document")]
    signer: Option<String>,
    /// The signed copy
    #[arg(long, value_name = "FILE", requires = "document")]
    file: Option<String>,
    /// Why it is entered again, or late
    #[arg(long, value_name = "WORDS", requires = "document")]
    because: Option<String>,
    /// List as one JSON document
    #[arg(long, conflicts_with = "document")]
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
    subject: Option<Name>,
    playbook: Option<(Playbook, SourceFile)>,
}

/// Keeps the document; lists those that were kept where none is named.
///
/// # Errors
///
/// Where it is about nothing that is there, bears a day that cannot be, or the ledger cannot be written.
pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    // The command line has all of these or none.
    let whole = args.document.zip(args.number.as_deref()).zip(args.date).zip(args.signer.as_deref());
    let Some(((((document, number), date), signer), file)) = whole.zip(args.file.as_deref()) else {
        return list(args.json, context);
    };
    let copy =
        CameBack { document, about: args.about.as_deref(), number: number.trim(), date, signer: signer.trim(), file };
    keep(&copy, args.because.as_deref(), context)
}

/// Lists the documents that were issued, as the ledger has them.
fn list(as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let dir = workspace.ledger();
    let mut rows = Vec::new();
    let held = Held::whole(&dir)?;
    if dir.join("log").exists() {
        let ledger = Ledger::read_only(&dir).map_err(|error| ledger_failure(&error))?;
        let mut records = Vec::new();
        for kind in ["document-issued", "corrected"] {
            records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
        }
        records.sort_by_key(|record| record.seq);
        rows = issued(&records, &ledger);
    }
    if as_json {
        context.out(&format!("{}\n", serde_json::json!({ "version": 1, "ledger": held, "documents": rows })));
        return Ok(held.exit(Exit::Passed));
    }
    context.out(&held.line(context));
    if rows.is_empty() {
        context.note(&message!("task-issued-nothing"));
    }
    for row in rows {
        let about = row.run.as_ref().map(ToString::to_string).or_else(|| row.subject.as_ref().map(ToString::to_string));
        let redacted = || message!("report-redacted").render(context.lang);
        let line = message!(
            "task-issued-line",
            seq = row.seq.to_string(),
            document = document_word(row.document),
            about = about.unwrap_or_else(|| "–".to_owned()),
            number = row.number.unwrap_or_else(redacted),
            day = day(row.date, context.lang),
            signer = row.signer.unwrap_or_else(redacted)
        );
        context.out(&format!("{}\n", line.render(context.lang)));
    }
    Ok(held.exit(Exit::Passed))
}

fn keep(args: &CameBack<'_>, because: Option<&str>, context: &Context) -> Result<Exit, Failure> {
    let path = context.folder.join(args.file);
    readable(&path).map_err(|error| {
        Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = args.file))
            .caused_by(&error)
    })?;
    let desk = keys::desk(context)?;
    let about = about(args, &desk, context)?;
    let today = day_in_vietnam(&context.clock.now().at);
    let began = about.run.as_ref().map(|(_, state)| began(&desk, state)).transpose()?.flatten();
    if args.date > today || began.is_some_and(|began| args.date < began) {
        let message = message!("task-issued-day", day = day(args.date, context.lang));
        return Err(Failure::new(Exit::Invalid, "day-not-possible", message).help(match began {
            Some(began) if args.date < began => message!("task-issued-day-begun", day = day(began, context.lang)),
            _ => message!("task-issued-day-come", day = day(today, context.lang)),
        }));
    }
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
    let draft = match &about.run {
        Some((run, state)) => Draft { run: Some(run.clone()), mode: state.mode, ..Draft::ledger(body) },
        None => Draft::ledger(body),
    };
    let draft = Draft { actor: context.actor.clone(), basis: Basis::Paper, ..draft };
    Held::before_adding(desk.ledger.dir(), context);
    let appended = desk.ledger.append(&[draft], Durability::Synced).map_err(failed)?;
    desk.checkpoint()?;
    let seq = appended.records.last().map_or(0, |record| record.seq);
    context.note(&message!(
        "task-issued-kept",
        document = document_word(args.document),
        number = args.number,
        day = day(args.date, context.lang),
        seq = seq.to_string()
    ));
    Ok(Exit::Passed)
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
        } else {
            Ok(About::default())
        };
    };
    if args.document.of_a_run() {
        let run: RunId = about.parse().map_err(|_| wanted())?;
        let (run, state) = desk.run(Some(&run))?;
        ended(&run, &state)?;
        not_voided(&desk.folded(&run, &state)?, &run)?;
        return Ok(About { run: Some((run, state)), ..About::default() });
    }
    if args.document.yearly() {
        return yearly(about, desk, context);
    }
    if !args.document.of_a_file() {
        let message = message!("task-issued-whole", document = args.document.word(), word = about);
        return Err(Failure::new(Exit::Invalid, "document-of-what", message));
    }
    let name: Name = about.parse().map_err(|_| wanted())?;
    if args.document != DocumentKind::Playbook {
        desk.workspace.text(&format!("exercises/{name}.yaml"))?;
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

/// A report that falls due every year, by its id or as `due` prints it, `set/id`.
fn yearly(about: &str, desk: &Desk, context: &Context) -> Result<About, Failure> {
    let files = desk.workspace.texts("policies/cadences")?;
    let texts: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (cadences, findings) = Cadences::read(&texts);
    if source::any_error(&findings) {
        return Err(workspace::report(context, &findings, &files));
    }
    let known = || cadences.fixed().iter().filter(|fixed| !fixed.marks);
    let find = |about: &str| {
        known().find(|fixed: &&Fixed| match about.split_once('/') {
            Some((set, id)) => fixed.set == *set && fixed.id == *id,
            None => fixed.id == *about,
        })
    };
    if let Some(fixed) = find(about) {
        return Ok(About { subject: Some(fixed.id.clone()), ..About::default() });
    }
    // With the year for which it is: `annual-owner-2026`.
    if let (id, Some(year)) = of_year(about)
        && let Some(fixed) = find(id)
    {
        return Ok(About { subject: format!("{}-{year}", fixed.id).parse().ok(), ..About::default() });
    }
    let failure = Failure::new(Exit::Invalid, "unknown-cadence", message!("task-issued-yearly", name = about));
    Err(match suggest::one_of_these(about, known().map(|fixed| fixed.id.as_str())) {
        Some(help) => failure.help(help),
        None => failure,
    })
}

/// The day on which a run began.
fn began(desk: &Desk, state: &RunState) -> Result<Option<Date>, Failure> {
    let records = desk.ledger.records(state.began, state.began + 1);
    let records = records.map_err(|error| crate::ui::desk::ledger_failure(&error))?;
    Ok(records.first().map(|record| day_in_vietnam(&record.occurred())))
}
