//! Places on the sheets for consents: to the plan, and a second person's to a dangerous step.

use super::columns::{Column, PLAN, SECOND};
use super::{Card, CardStep};
use crate::message::message;
use crate::model::Lang;
use crate::report::format::page::Page;

/// How many digits a consent names, as at a console.
const DIGITS: usize = 8;

/// What stands in a row of the spreadsheet for a consent, by column; the rest is filled in by hand.
pub(super) struct ConsentRow {
    /// The column of steps.
    pub(super) step: String,
    /// What to do.
    pub(super) work: String,
    /// What can be written.
    pub(super) checks: String,
}

impl ConsentRow {
    /// Columns that are filled in by hand: one moment, and no outcome.
    pub(super) const BY_HAND: [Column; 5] = [Column::Who, Column::Day, Column::Ended, Column::Answer, Column::Remark];

    /// For the plan, where somebody has to consent to it.
    pub(super) fn plan(card: &Card, lang: Lang) -> Option<Self> {
        card.consent.as_ref()?;
        Some(Self {
            step: PLAN.to_owned(),
            work: message!("paper-plan-row").render(lang),
            checks: message!("paper-plan-form", digits = DIGITS).render(lang),
        })
    }

    /// The beginning of what is consented to, as a console asks for it; nothing where nobody has to consent.
    pub(super) fn digest(card: &Card) -> Option<&str> {
        card.consent.as_ref().map(|digest| digest.get(..DIGITS).unwrap_or(digest))
    }

    /// For a second person, where one has to consent to the step.
    pub(super) fn second(step: &CardStep, lang: Lang) -> Option<Self> {
        step.second.then(|| Self {
            step: format!("{}{SECOND}", step.path),
            work: message!("paper-second-row", step = step.path.as_str()).render(lang),
            checks: message!("paper-second-ways").render(lang),
        })
    }
}

/// The line above the steps on which somebody consents to the plan.
pub(super) fn plan(page: &mut Page, card: &Card, lang: Lang) {
    if let Some(digest) = ConsentRow::digest(card) {
        page.raw("<p>").text(&message!("paper-plan-form-page", digest = digest).render(lang));
        page.raw(" <span class=\"fill\">&nbsp;</span></p>\n");
    }
}

/// The lines in the cell of a step on which a second person consents to it.
pub(super) fn second(page: &mut Page, step: &CardStep, lang: Lang) {
    if step.second {
        page.raw("<p class=\"small\">").text(&message!("paper-second-form").render(lang));
        page.raw(" <span class=\"fill\">&nbsp;</span><br>")
            .text(&message!("paper-second-ways").render(lang))
            .raw("</p>");
    }
}
