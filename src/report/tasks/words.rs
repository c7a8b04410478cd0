//! What rows say.

use std::time::Duration;

use super::figures::count;
use crate::message::{Message, format, message};
use crate::model::record::{ActivityKind, DocumentKind, DrillManner};
use crate::model::{Lang, Mode};
use crate::policy::Column;

/// What stands where the record has nothing.
#[must_use]
pub fn no_figure() -> Message {
    message!("systems-no-figure")
}

/// What people call a document.
#[must_use]
pub fn document(kind: DocumentKind) -> Message {
    match kind {
        DocumentKind::Minutes => message!("task-document-minutes"),
        DocumentKind::AfterAction => message!("task-document-after-action"),
        DocumentKind::Notice => message!("task-document-notice"),
        DocumentKind::Plan => message!("task-document-plan"),
        DocumentKind::Script => message!("task-document-script"),
        DocumentKind::Playbook => message!("task-document-playbook"),
        DocumentKind::Tasks => message!("task-document-tasks"),
        DocumentKind::Annual => message!("task-document-annual"),
        DocumentKind::Periodic => message!("task-document-periodic"),
        DocumentKind::Coverage => message!("task-document-coverage"),
    }
}

/// What people call a kind of activity.
#[must_use]
pub fn activity(kind: ActivityKind) -> Message {
    match kind {
        ActivityKind::Check => message!("task-activity-check"),
        ActivityKind::Letter => message!("task-activity-letter"),
        ActivityKind::Training => message!("task-activity-training"),
        ActivityKind::Awareness => message!("task-activity-awareness"),
        ActivityKind::Scan => message!("task-activity-scan"),
        ActivityKind::Hunt => message!("task-activity-hunt"),
        ActivityKind::Drill => message!("task-activity-drill"),
        ActivityKind::Other => message!("task-activity-other"),
        ActivityKind::Withdrawn => message!("task-activity-withdrawn-word"),
    }
}

/// The title of a column that the plan's file does not name.
pub(super) fn column(column: Column) -> Message {
    match column {
        Column::Number => message!("task-column-number"),
        Column::Task => message!("task-column-task"),
        Column::Lead => message!("task-column-lead"),
        Column::Due => message!("task-column-due"),
        Column::Result => message!("task-column-result"),
    }
}

/// How a drill was carried out.
pub(super) fn way(mode: Mode, lab: bool) -> Message {
    match mode {
        Mode::Tabletop => message!("task-way-tabletop"),
        Mode::Technical if lab => message!("task-way-lab"),
        Mode::Technical => message!("task-way-technical"),
        Mode::Live | Mode::Respond => message!("task-way-live"),
    }
}

/// How a drill that papers tell of was carried out.
pub(super) fn held(manner: DrillManner) -> Message {
    match manner {
        DrillManner::Tabletop => way(Mode::Tabletop, false),
        DrillManner::Lab => way(Mode::Technical, true),
        DrillManner::Technical => way(Mode::Technical, false),
        DrillManner::Live => way(Mode::Live, false),
    }
}

/// How long something took, as documents write it: `01 giờ 42 phút`, `45 giây`.
#[must_use]
pub fn time_taken(seconds: u64, lang: Lang) -> String {
    if lang == Lang::En {
        return format::duration(Duration::from_secs(seconds), lang);
    }
    let parts = [
        (seconds / 3600, message!("task-hours", count = count(seconds / 3600, lang))),
        (seconds % 3600 / 60, message!("task-minutes", count = count(seconds % 3600 / 60, lang))),
        (seconds % 60, message!("task-seconds", count = count(seconds % 60, lang))),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(value, _)| *value > 0).map(|(_, message)| message.render(lang)).collect();
    if said.is_empty() { message!("task-seconds", count = "0").render(lang) } else { said.join(" ") }
}
