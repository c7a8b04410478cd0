//! The table in words, the same in every format.

use super::{Coverage, Drill, Missing, PlanCell};
use crate::message::{Message, format, message};
use crate::model::record::Verdict;
use crate::model::{Lang, Mode, RunResult};
use crate::playbook::Family;
use crate::report::format::labels;
use crate::report::tasks::Apart;

/// What a family is called.
pub(super) fn family(family: Family) -> Message {
    match family {
        Family::A => message!("cli-playbook-family-a"),
        Family::B => message!("cli-playbook-family-b"),
        Family::C => message!("cli-playbook-family-c"),
        Family::D => message!("cli-playbook-family-d"),
        Family::Standing => message!("cli-playbook-family-standing"),
    }
}

/// What is missing.
pub(super) fn missing(missing: Missing) -> Message {
    match missing {
        Missing::NoPlan => message!("coverage-no-plan"),
        Missing::NeverDrilled => message!("coverage-never-drilled"),
        Missing::OnlyUnattended => message!("coverage-only-unattended"),
        Missing::OnlyTrials => message!("coverage-only-trials"),
        Missing::NotPassed => message!("coverage-not-passed"),
        Missing::EarlierVersion => message!("coverage-earlier-version"),
    }
}

/// How a drill was carried out.
pub(super) fn how(drill: &Drill) -> Message {
    let how = match drill.mode {
        _ if drill.lab => message!("report-mode-lab"),
        Mode::Tabletop => message!("report-mode-tabletop"),
        Mode::Technical => message!("report-mode-technical"),
        Mode::Live => message!("report-mode-live"),
        Mode::Respond => message!("report-mode-respond"),
    };
    match drill.aside() {
        None => how,
        Some(Apart::Unattended) => message!("coverage-unattended", how = how),
        Some(why) => message!("coverage-aside", how = how, why = why.said()),
    }
}

/// What a drill came to; the chair's word beside the program's.
pub(super) fn result(drill: &Drill) -> Message {
    let technical = match drill.result {
        RunResult::Passed => message!("report-result-passed"),
        RunResult::Failed => message!("report-result-failed"),
        RunResult::Stopped => message!("report-result-stopped"),
    };
    match drill.conclusion {
        None => message!("coverage-technical", result = technical),
        Some(Verdict::Passed) => {
            message!("coverage-concluded", verdict = message!("report-result-passed"), result = technical)
        }
        Some(Verdict::Failed) => {
            message!("coverage-concluded", verdict = message!("report-result-failed"), result = technical)
        }
    }
}

/// The last drill of a plan in a line.
pub(super) fn last(plan: &PlanCell, lang: Lang) -> Option<String> {
    let drill = plan.last.as_ref()?;
    let date = format::date(&drill.at, lang);
    let line = message!(
        "coverage-last",
        date = date,
        version = drill.version,
        how = how(drill),
        result = result(drill),
        run = drill.run.as_str()
    );
    Some(line.render(lang))
}

/// Where a plan is from, where that is worth saying.
pub(super) fn from(plan: &PlanCell) -> Option<Message> {
    match plan.from {
        "shipped" => Some(message!("coverage-shipped")),
        "drilled" => Some(message!("coverage-drilled-here")),
        _ => None,
    }
}

/// Whether the evidence holds, in a line.
pub(super) fn standing(coverage: &Coverage, lang: Lang) -> Message {
    match &coverage.ledger {
        None => message!("coverage-no-ledger"),
        Some(standing) => match standing.ok {
            Some(true) if standing.signed < standing.size => {
                let part = labels::signed_part(standing.size, standing.signed, lang).render(lang);
                message!("coverage-holds-unsigned", part = part, root = standing.root.as_str())
            }
            Some(true) => message!("coverage-holds", size = standing.size.to_string(), root = standing.root.as_str()),
            _ => message!("coverage-fails", held = standing.held.to_string()),
        },
    }
}

/// The table in a few figures.
pub(super) fn totals(coverage: &Coverage) -> Message {
    let totals = &coverage.summary;
    message!(
        "coverage-totals",
        systems = totals.systems.to_string(),
        cells = totals.cells.to_string(),
        planned = totals.planned.to_string(),
        drilled = totals.drilled.to_string(),
        passed = totals.passed.to_string()
    )
}
