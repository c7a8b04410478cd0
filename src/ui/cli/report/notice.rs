//! `ungpho report notice`: a prepared notice, laid out as a document. The program never sends it.

use std::collections::BTreeSet;

use crate::message::message;
use crate::model::{Body, RunId};
use crate::policy::day_in_vietnam;
use crate::report::{LetterFacts, NoticeRow, letter, record_numbers};
use crate::ui::documents::{DocumentArgs, Ground, LANGUAGE, SignerArgs};
use crate::ui::{Context, Exit, Failure};

#[derive(clap::Args)]
pub(super) struct NoticeArgs {
    /// The run
    #[arg(value_name = "RUN")]
    run: RunId,
    /// The notice, or the duty whose text it is
    #[arg(value_name = "NOTICE")]
    notice: String,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    signer: SignerArgs,
}

pub(super) fn run(args: &NoticeArgs, context: &Context) -> Result<Exit, Failure> {
    let ground = Ground::of(Some(&args.run), &args.document, context)?;
    let duty = ground.policies.book.duties.iter().find(|duty| duty.id == *args.notice);
    let name = duty.and_then(|duty| duty.notice.as_ref()).map_or(args.notice.as_str(), crate::model::Name::as_str);
    let run = args.run.as_str();
    if name == super::minutes::BREACH {
        return Err(Failure::new(Exit::Invalid, "not-a-notice", message!("report-notice-minutes"))
            .help(message!("report-notice-minutes-help", run = run)));
    }
    let Some(notice) = ground.report.notices.iter().rfind(|row| row.notice == *name) else {
        let message = message!("report-notice-none", run = run, notice = name);
        let there: BTreeSet<&str> = ground.report.notices.iter().map(|row| row.notice.as_str()).collect();
        let help = if there.is_empty() {
            message!("report-notice-nothing-help", run = run, notice = name)
        } else {
            message!("report-notice-none-help", notices = there.into_iter().collect::<Vec<_>>().join(", "))
        };
        return Err(Failure::new(Exit::Invalid, "not-prepared", message).help(help));
    };
    // A notice is dated when its text was prepared: that is what it says.
    let day = args.document.date.unwrap_or_else(|| day_in_vietnam(&notice.at));
    let layout = ground.layout(&args.document, day, context)?;
    // What the officer is to know of the text is no part of what is signed: it is told here.
    let records = record_numbers(&notice.records);
    context.note(&message!("document-from-record", records = records));
    warn_of_later(&ground, notice, context);
    let called = ground.policies.notices.find(name).map(|template| template.title.clone());
    let document = letter(&LetterFacts {
        called: called.as_ref(),
        report: &ground.report,
        notice,
        layout: &layout,
        lang: LANGUAGE,
        unit: ground.unit(),
        signer: args.signer.of(ground.unit(), context)?,
        number: args.document.number.as_deref(),
        day: (day.year(), day.month(), day.day()),
    });
    ground.deliver(&document, name, &args.document, context)
}

/// Says where the record has gone on since the text was prepared: it fills in what was known then.
fn warn_of_later(ground: &Ground, notice: &NoticeRow, context: &Context) {
    let Some(prepared) = notice.records.last() else { return };
    let later = ground.records.iter().filter(|record| record.seq > *prepared);
    let later =
        later.filter(|record| matches!(record.draft.body, Body::Corrected(_) | Body::Marked(_) | Body::Classified(_)));
    let later: Vec<u64> = later.map(|record| record.seq).collect();
    if later.is_empty() {
        return;
    }
    context.note(&message!("report-notice-stale", seq = prepared.to_string(), records = record_numbers(&later)));
    let (run, name) = (ground.report.run.id.as_str(), notice.notice.as_str());
    context.note(&message!("report-notice-stale-help", run = run, notice = name));
}
