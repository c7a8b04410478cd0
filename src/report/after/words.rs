//! What a record shows by itself to have gone well or fallen short, in words. Nothing here is an opinion of the program.

use super::{AfterAction, Measure, Objective, Point, What, short};
use crate::message::{Message, message};
use crate::model::{Lang, RunKind, Text};
use crate::playbook::names::names;
use crate::report::format::labels;
use crate::report::letterhead::resting;
use crate::report::{ClockRow, ClockState, Exception, Records, Report, StepRow};

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
fn what(what: What) -> Message {
    match what {
        What::Detect => message!("after-detect"),
        What::Contain => message!("after-contain"),
        What::Restore => message!("after-restore"),
        What::RestoreFromDetection => message!("after-restore-from-detection"),
        What::Outage => message!("after-outage"),
        What::Loss => message!("after-loss"),
    }
}

/// What a measure came to against what was set.
pub(super) fn judged(measure: &Measure) -> Message {
    let judged = match measure.within {
        Some(true) => message!("after-within"),
        Some(false) => message!("after-over"),
        None if measure.set.is_none() => message!("after-nothing-set"),
        None if measure.open && measure.seconds.is_some() => message!("report-clock-running"),
        None => message!("report-no-figure"),
    };
    if measure.unconfirmed && measure.seconds.is_some() {
        return message!("after-unconfirmed", result = judged);
    }
    judged
}

/// What the record shows by itself.
fn shown(text: Text, records: Records) -> Point {
    Point { text, by: None, because: None, score: None, records }
}

/// What the record shows to have been reached: how many objectives in one sentence, and what evaluators scored so.
pub(super) fn reached(after: &AfterAction) -> Vec<Point> {
    let measured: Vec<&Objective> = after.objectives.iter().filter(|it| it.met.is_some() && !it.unconfirmed).collect();
    let met = || measured.iter().filter(|one| one.met == Some(true));
    let mut points = Vec::new();
    if met().count() > 0 {
        let counted = |count: usize, lang| labels::counted(u64::try_from(count).unwrap_or(u64::MAX), lang);
        let text = both(|lang| {
            message!("after-objectives-met", met = counted(met().count(), lang), of = counted(measured.len(), lang))
        });
        points.push(shown(text, met().flat_map(|one| one.records.iter().copied()).collect()));
    }
    points.extend(scored(after, false));
    points
}

/// What the record shows to have fallen short: objectives, times that no objective is about, scores, and steps.
pub(super) fn missed(after: &AfterAction, report: &Report) -> Vec<Point> {
    let mut points = Vec::new();
    let missed: Vec<&Objective> = after.objectives.iter().filter(|one| one.met == Some(false)).collect();
    for one in &missed {
        let title = one.title.clone();
        let text = match &one.measured {
            Some(measured) => both(|lang| {
                let measured = labels::padded(measured.pick(lang), lang);
                message!("after-objective-missed-by", title = title.clone(), measured = measured)
            }),
            None => both(|_| message!("after-objective-missed", title = title.clone())),
        };
        points.push(shown(text, one.records.clone()));
    }
    // A time that an objective is about has been told with it.
    let told: Vec<&ClockRow> =
        report.clocks.iter().filter(|clock| missed.iter().any(|one| rests_on(one, clock))).collect();
    for measure in after.measures.iter().filter(|measure| measure.within == Some(false)) {
        if !told.iter().any(|clock| measure.what.is_of(clock.stretch)) && !missed.iter().any(|one| loses(one, measure))
        {
            points.extend(against(&what(measure.what), measure.seconds, measure.set, &measure.records));
        }
    }
    for clock in after.clocks.iter().filter(|clock| clock.state == ClockState::Over) {
        if !told.iter().any(|other| other.id == clock.id) {
            let title = message!("report-as-it-is", text = clock.title.clone());
            points.extend(against(&title, clock.seconds, clock.limit, &clock.records));
        }
    }
    points.extend(scored(after, true));
    // What only a drill stages is no shortcoming of an incident.
    let staged = |exception: &Exception| {
        let step = report.all_steps().find(|step| step.records == exception.records);
        let staged = step.is_some_and(|step| matches!(step.action, "inject" | "fault"));
        staged && exception.code == "skipped" && report.run.kind == RunKind::Incident
    };
    for exception in report.exceptions.iter().filter(|it| GAPS.contains(&it.code) && !staged(it)) {
        let because = report.all_steps().find(|step| step.records == exception.records).and_then(cause);
        points.push(Point { because, ..shown(exception.text.clone(), exception.records.clone()) });
    }
    points
}

/// Kinds of exceptions that are shortcomings of what was done.
const GAPS: [&str; 9] =
    ["failed", "unknown", "abandoned", "undo", "skipped", "unticked", "orphan", "outage-open", "duties-late"];

/// What tells of the figures, not of what was done; objectives and clocks are told with them.
pub(super) fn caveats(report: &Report) -> Vec<Point> {
    // Late entries have a table of their own.
    let told = |exception: &&Exception| {
        GAPS.contains(&exception.code) || ["objective", "clock", "late"].contains(&exception.code)
    };
    let others = report.exceptions.iter().filter(|exception| !told(exception));
    others.map(|exception| shown(in_documents(report, exception), exception.records.clone())).collect()
}

/// An exception with its amounts of time as documents write them.
fn in_documents(report: &Report, exception: &Exception) -> Text {
    let of = |lang| Some(labels::exception(report, exception, lang));
    Text::Each { vi: of(Lang::Vi), en: of(Lang::En) }
}

/// Why a step ended as it did, where that is known.
fn cause(step: &StepRow) -> Option<String> {
    step.detail.clone().filter(|detail| !detail.trim().is_empty())
}

/// Whether an objective is measured by a clock.
fn rests_on(one: &Objective, clock: &ClockRow) -> bool {
    let of =
        |name: &str| name.strip_prefix("clocks.").and_then(|rest| rest.split('.').next()) == Some(clock.id.as_str());
    one.measure.as_deref().is_some_and(|measure| names(measure).into_iter().any(of))
}

/// Whether an objective is about the loss of data that `measure` is.
fn loses(one: &Objective, measure: &Measure) -> bool {
    let about = |measure: &str| names(measure).into_iter().any(|name| name.ends_with(".objectives.rpo"));
    measure.what == What::Loss && one.measure.as_deref().is_some_and(about)
}

/// A time that went past what was set.
fn against(what: &Message, seconds: Option<u64>, set: Option<u64>, records: &[u64]) -> Option<Point> {
    let (seconds, set) = (seconds?, set?);
    let text = both(|lang| {
        let over = labels::lasting(seconds.saturating_sub(set), lang);
        let (time, set) = (labels::beside(seconds, Some(set), lang), labels::beside(set, Some(seconds), lang));
        message!("after-measure-over", what = what.clone(), time = time, set = set, over = over)
    });
    Some(shown(text, records.to_vec()))
}

/// What evaluators scored: P and S on one side, M and U on the other, each with its reason.
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

/// What is measured; of an outage, at whose door it was seen.
pub(super) fn name(measure: &Measure) -> Message {
    match &measure.watch {
        Some(watch) if watch.as_str() == "citizens" => message!("after-outage"),
        Some(_) => message!("after-outage-seen"),
        None => what(measure.what),
    }
}

/// A measured time, or that there is no figure; how much of it the drill stood still; that it goes on, where it does.
pub(in crate::report) fn taken(measure: &Measure, lang: Lang) -> String {
    let Some(seconds) = measure.seconds else { return message!("report-no-figure").render(lang) };
    let net = labels::beside(seconds, measure.set, lang);
    let time = match measure.paused {
        None => net,
        Some(paused) => message!(
            "after-paused",
            whole = labels::lasting(seconds + paused, lang),
            paused = labels::lasting(paused, lang),
            time = net
        )
        .render(lang),
    };
    match measure.what {
        _ if !measure.open => time,
        What::Outage => message!("after-still-open", time = time).render(lang),
        _ => message!("after-still-running", time = time).render(lang),
    }
}

/// What was set; that no person has confirmed it, where that is so.
pub(in crate::report) fn as_set(measure: &Measure, lang: Lang) -> String {
    match measure.set {
        None => message!("after-nothing-set").render(lang),
        Some(set) => {
            let time = labels::beside(set, measure.seconds, lang);
            if measure.assumed { message!("after-assumed", time = time).render(lang) } else { time }
        }
    }
}

/// Times and losses against what was set, and the playbook's clocks that measure something else: what, set, measured, compared.
/// Minutes and the after-action report say the same.
pub(in crate::report) fn time_rows(after: &AfterAction, lang: Lang) -> Vec<[String; 4]> {
    let stretches = after.measures.iter().map(|measure| {
        let what = resting(&name(measure).render(lang), &measure.records);
        [what, as_set(measure, lang), taken(measure, lang), judged(measure).render(lang)]
    });
    let clocks = after.clocks.iter().map(|clock| {
        let time = |seconds: Option<u64>, other: Option<u64>, nothing: &Message| {
            seconds.map_or_else(|| nothing.render(lang), |seconds| labels::beside(seconds, other, lang))
        };
        let seconds = clock.seconds.filter(|_| clock.state != ClockState::NotBegun);
        let state = labels::clock(clock.state);
        let state = if clock.unconfirmed { message!("after-unconfirmed", result = state) } else { state };
        [
            resting(clock.title.pick(lang), &clock.records),
            time(clock.limit, seconds, &message!("after-nothing-set")),
            time(seconds, clock.limit, &message!("report-no-figure")),
            state.render(lang),
        ]
    });
    stretches.chain(clocks).collect()
}

/// Whether times have pauses in them; nothing where there was no pause.
pub(in crate::report) fn about_pauses(report: &Report) -> Option<Message> {
    let of_drill = report.run.kind == RunKind::Drill;
    (!report.pauses.is_empty()).then(|| if of_drill { message!("after-pauses-out") } else { message!("after-pauses") })
}

/// `12 giờ 05 phút … đến …`: when the run took place.
pub(super) fn when(report: &Report, lang: Lang) -> Message {
    let from = labels::dated(&report.since(), lang);
    if let Some(closed) = report.closed() {
        return message!("after-when", from = from, to = resting(&labels::dated(&closed.at, lang), &closed.records));
    }
    match &report.run.ended {
        Some(ended) => message!("after-when", from = from, to = labels::dated(ended, lang)),
        None => message!("after-since", from = from),
    }
}
