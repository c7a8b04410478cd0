//! What a record shows by itself to have gone well or fallen short, in words. Nothing here is an opinion of the program.

use super::{AfterAction, Measure, Point, What, late, short};
use crate::message::{Message, format, message};
use crate::model::{Lang, Text};
use crate::report::format::labels;
use crate::report::{ClockRow, ClockState, Report};

/// A message in both languages.
pub(super) fn both(say: impl Fn(Lang) -> Message) -> Text {
    let render = |lang| Some(say(lang).render(lang));
    Text::Each { vi: render(Lang::Vi), en: render(Lang::En) }
}

/// What stands for words that were redacted.
pub(super) fn redacted() -> Text {
    both(|_| message!("report-redacted"))
}

/// What is measured, in words.
pub(super) fn what(what: What) -> Message {
    match what {
        What::Detect => message!("after-detect"),
        What::Contain => message!("after-contain"),
        What::Restore => message!("after-restore"),
        What::Outage => message!("after-outage"),
        What::Loss => message!("after-loss"),
    }
}

/// What a measure came to against what was set.
pub(super) fn judged(measure: &Measure) -> Message {
    match measure.within {
        Some(true) => message!("after-within"),
        Some(false) => message!("after-over"),
        None if measure.set.is_none() => message!("after-nothing-set"),
        None => message!("report-no-figure"),
    }
}

/// What the record shows to have been reached.
pub(super) fn reached(after: &AfterAction, report: &Report) -> Vec<Point> {
    let mut points = Vec::new();
    for measure in after.measures.iter().filter(|measure| measure.within == Some(true)) {
        points.extend(against(measure, true));
    }
    for row in report.clocks.iter().filter(|row| row.state == ClockState::Within && !row.unconfirmed) {
        points.extend(clock(row, true));
    }
    for one in after.objectives.iter().filter(|one| one.met == Some(true) && !one.unconfirmed) {
        let title = one.title.clone();
        let text = both(|_| message!("after-objective-met", title = title.clone()));
        points.push(Point { text, by: None, because: None, score: None, records: one.records.clone() });
    }
    points.extend(scored(after, false));
    points
}

/// What the record shows to have fallen short.
pub(super) fn missed(after: &AfterAction, report: &Report) -> Vec<Point> {
    let mut points = Vec::new();
    for measure in after.measures.iter().filter(|measure| measure.within == Some(false)) {
        points.extend(against(measure, false));
    }
    for row in report.clocks.iter().filter(|row| late(row.state)) {
        points.extend(clock(row, false));
    }
    for one in after.objectives.iter().filter(|one| one.met == Some(false)) {
        let title = one.title.clone();
        let text = both(|_| message!("after-objective-missed", title = title.clone()));
        points.push(Point { text, by: None, because: None, score: None, records: one.records.clone() });
    }
    points.extend(scored(after, true));
    let told = ["objective", "clock"];
    for exception in report.exceptions.iter().filter(|exception| !told.contains(&exception.code)) {
        points.push(Point {
            text: exception.text.clone(),
            by: None,
            because: None,
            score: None,
            records: exception.records.clone(),
        });
    }
    points
}

fn against(measure: &Measure, within: bool) -> Option<Point> {
    let (seconds, set) = (measure.seconds?, measure.set?);
    let text = both(|lang| {
        let (time, set) = (labels::seconds(seconds, lang), labels::seconds(set, lang));
        let (what, over) =
            (what(measure.what), labels::seconds(seconds.saturating_sub(measure.set.unwrap_or(0)), lang));
        if within {
            message!("after-measure-within", what = what, time = time, set = set)
        } else {
            message!("after-measure-over", what = what, time = time, set = set, over = over)
        }
    });
    Some(Point { text, by: None, because: None, score: None, records: measure.records.clone() })
}

fn clock(row: &ClockRow, within: bool) -> Option<Point> {
    let (seconds, limit) = (row.seconds?, row.limit?);
    let text = both(|lang| {
        let (time, set) = (labels::seconds(seconds, lang), labels::seconds(limit, lang));
        let title = row.title.clone();
        if within {
            message!("after-measure-within", what = title, time = time, set = set)
        } else {
            let over = labels::seconds(seconds.saturating_sub(limit), lang);
            message!("after-measure-over", what = title, time = time, set = set, over = over)
        }
    });
    Some(Point { text, by: None, because: None, score: None, records: row.records.clone() })
}

/// What evaluators scored: P on one side, S, M and U on the other, each with its reason.
fn scored(after: &AfterAction, fell_short: bool) -> Vec<Point> {
    let mut points = Vec::new();
    for one in &after.objectives {
        for (evaluator, score) in after.evaluators.iter().zip(&one.scores) {
            let Some(score) = score.as_ref().filter(|score| short(score.rating) == fell_short) else { continue };
            let title = one.title.clone();
            points.push(Point {
                text: both(|_| message!("after-scored", score = score.rating.word(), title = title.clone())),
                by: Some(evaluator.name.clone()),
                because: score.because.clone(),
                score: Some(score.rating),
                records: score.records.clone(),
            });
        }
    }
    points
}

/// What is measured, with the watch that saw it.
pub(super) fn name(measure: &Measure) -> Message {
    match &measure.watch {
        Some(watch) => message!("after-outage-by", watch = watch.as_str()),
        None => what(measure.what),
    }
}

/// A measured time, or that there is no figure; that it goes on, where it does.
pub(super) fn time(measure: &Measure, lang: Lang) -> String {
    let Some(seconds) = measure.seconds else { return message!("report-no-figure").render(lang) };
    let time = labels::seconds(seconds, lang);
    if measure.open { message!("after-still-open", time = time).render(lang) } else { time }
}

/// What was set; that no person has confirmed it, where that is so.
pub(super) fn set(measure: &Measure, lang: Lang) -> String {
    match measure.set {
        None => message!("after-nothing-set").render(lang),
        Some(set) if measure.assumed => message!("after-assumed", time = labels::seconds(set, lang)).render(lang),
        Some(set) => labels::seconds(set, lang),
    }
}

/// `12 giờ 05 phút … đến …`: when the run took place.
pub(super) fn when(report: &Report, lang: Lang) -> Message {
    let from = format::document_time(&report.run.began, lang);
    match &report.run.ended {
        Some(ended) => message!("after-when", from = from, to = format::document_time(ended, lang)),
        None => message!("after-since", from = from),
    }
}
