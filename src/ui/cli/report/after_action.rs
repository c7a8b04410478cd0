//! `ungpho report after-action`: what was measured against what was set, what evaluators scored, what is to be put right.

use jiff::civil::Date;

use crate::model::RunId;
use crate::report::after::{after_action, document};
use crate::report::letterhead::Letterhead;
use crate::ui::documents::{DocumentArgs, Ground, LANGUAGE, SignerArgs};
use crate::ui::{Context, Exit, Failure, actions};

#[derive(clap::Args)]
pub(super) struct AfterActionArgs {
    /// A run; the one that began last where nothing is said
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    #[command(flatten)]
    document: DocumentArgs,
    #[command(flatten)]
    signer: SignerArgs,
}

pub(super) fn run(args: &AfterActionArgs, context: &Context) -> Result<Exit, Failure> {
    let ground = Ground::of(args.run.as_ref(), &args.document, context)?;
    let day = ground.day(&args.document);
    // What is overdue is so on the document's day: the same record gives the same document on any other.
    let rows = actions::every(&ground.ledger, &ground.workspace, LANGUAGE, &day.to_string())?;
    let after = after_action(&ground.report, rows);
    let layout = ground.layout(&args.document, day, context)?;
    let letterhead = Letterhead {
        layout: &layout,
        lang: LANGUAGE,
        unit: ground.unit(),
        signer: args.signer.of(ground.unit(), context)?,
        number: args.document.number.as_deref(),
        // The report is written some day after the drill: whoever signs it says on which.
        day: args.document.date.map(parts),
    };
    let made = document(&after, &ground.report, ground.policies.people.as_ref(), &letterhead);
    ground.deliver(&made, "after-action", &args.document, context)
}

/// Year, month and day.
pub(super) fn parts(day: Date) -> (i16, i8, i8) {
    (day.year(), day.month(), day.day())
}
