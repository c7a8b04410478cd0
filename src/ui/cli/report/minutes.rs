//! `ungpho report minutes`: form 1.9 of Decree 30/2020/NĐ-CP, filled from the record of a run.

use std::collections::BTreeMap;

use crate::message::message;
use crate::model::{RunId, RunKind};
use crate::report::Report;
use crate::report::minutes::{MinutesFacts, MinutesKind, minutes, restored};
use crate::ui::documents::{DocumentArgs, Ground, LANGUAGE};
use crate::ui::notice::{Case, parts};
use crate::ui::{Context, Exit, Failure, reporting};

/// The notice that has what minutes of a breach of personal data are to say.
pub(super) const BREACH: &str = "breach-minutes";

#[derive(clap::Args)]
pub(super) struct MinutesArgs {
    /// A run; the one that began last where nothing is said
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// What they are about; by the run where nothing is said
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Kind>,
    #[command(flatten)]
    document: DocumentArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// A drill
    Drill,
    /// An incident
    Incident,
    /// A trial restore
    RestoreTest,
    /// A breach of personal data
    DataBreach,
}

pub(super) fn run(args: &MinutesArgs, context: &Context) -> Result<Exit, Failure> {
    let ground = Ground::of(args.run.as_ref(), &args.document, context)?;
    let of = ground.report.run.kind;
    let kind = match (args.kind, of) {
        (Some(Kind::Drill), _) | (None, RunKind::Drill) => MinutesKind::Drill,
        (Some(Kind::Incident), _) | (None, RunKind::Incident) => MinutesKind::Incident,
        (Some(Kind::RestoreTest), _) => MinutesKind::RestoreTest,
        (Some(Kind::DataBreach), _) => MinutesKind::DataBreach,
    };
    if !kind.fits(of) {
        let run = ground.report.run.id.as_str();
        let message = match of {
            RunKind::Drill => message!("report-minutes-kind-drill", run = run),
            RunKind::Incident => message!("report-minutes-kind-incident", run = run),
        };
        return Err(Failure::new(Exit::Invalid, "minutes-kind", message).help(message!("report-minutes-kind-help")));
    }
    holds_what_it_tells(&ground.report, kind)?;
    let layout = ground.layout(&args.document, ground.day(&args.document), context)?;
    let breach = if kind == MinutesKind::DataBreach { breach(&ground) } else { Vec::new() };
    let (_, names) = reporting::who(&ground.workspace, LANGUAGE);
    let document = minutes(&MinutesFacts {
        report: &ground.report,
        kind,
        layout: &layout,
        lang: LANGUAGE,
        unit: ground.unit(),
        people: ground.policies.people.as_ref(),
        names: &names,
        exercise: ground.exercise.as_ref(),
        breach: &breach,
        number: args.document.number.as_deref(),
    });
    ground.deliver(&document, kind.file(of), &args.document, context)
}

/// Holds that the run has what minutes of this kind are about: somebody's word that personal data was breached, a copy that was
/// restored.
fn holds_what_it_tells(report: &Report, kind: MinutesKind) -> Result<(), Failure> {
    let run = report.run.id.as_str();
    let (message, help) = match kind {
        MinutesKind::DataBreach if report.duties.as_ref().is_none_or(|part| part.breach.is_none()) => {
            (message!("report-minutes-no-breach", run = run), message!("report-minutes-no-breach-help", run = run))
        }
        MinutesKind::RestoreTest if !restored(report) => {
            (message!("report-minutes-nothing-restored", run = run), message!("report-minutes-nothing-restored-help"))
        }
        _ => return Ok(()),
    };
    Err(Failure::new(Exit::Invalid, "minutes-kind", message).help(help))
}

/// The lines that confirm a breach: those of the text that was prepared last, else the same text filled from the record.
fn breach(ground: &Ground) -> Vec<String> {
    let prepared = ground.report.notices.iter().rfind(|row| row.notice == *BREACH).and_then(|row| row.text.clone());
    let text = prepared.or_else(|| {
        let template = ground.policies.notices.find(BREACH)?;
        let parts = parts(&ground.records, &ground.ledger);
        let now = ground.report.run.ended.unwrap_or(ground.report.run.began);
        if parts.is_empty() {
            return None;
        }
        let case = Case {
            parts: parts.iter().collect(),
            objects: &ground.ledger,
            now,
            told: BTreeMap::new(),
            inventory: BTreeMap::new(),
        };
        Some(case.fill(template, &ground.policies, LANGUAGE).text())
    });
    // Head, attendance and signatures stand in the minutes already: what is left is the longest block.
    let blocks = text.as_deref().unwrap_or_default().split("\n\n");
    let longest = blocks.max_by_key(|block| block.lines().count()).unwrap_or_default();
    longest.lines().map(str::to_owned).collect()
}
