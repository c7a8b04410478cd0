//! The course of a run as a picture: availability curves and a bar for each step over one axis of time. SVG.

use super::labels;
use super::page::Page;
use crate::message::message;
use crate::model::record::WatchState;
use crate::model::{Lang, Outcome, Stamp};
use crate::report::{Report, StepRow};

const WIDTH: f64 = 1000.0;
/// Where the axis of time begins and ends; the labels of rows stand to the left of it.
const LEFT: f64 = 372.0;
const RIGHT: f64 = 984.0;
const ROW: f64 = 23.0;
const CURVE: f64 = 46.0;
const LANE: f64 = 19.0;
/// About how wide a letter of a label is.
const LETTER: f64 = 7.4;

/// Steps between ticks, in seconds.
const TICKS: [i64; 19] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800];

/// One axis of time, in microseconds.
struct Axis {
    from: i64,
    to: i64,
}

impl Axis {
    fn of(report: &Report) -> Self {
        let from = report.run.began.instant.as_microsecond();
        let mut to = report.run.ended.map_or(from, |ended| ended.instant.as_microsecond());
        let spans = report.watches.iter().flat_map(|watch| &watch.spans).map(|span| span.to);
        let steps = report.all_steps().filter_map(|step| step.ended.or(step.began));
        for at in spans.chain(steps) {
            to = to.max(at.instant.as_microsecond());
        }
        Self { from, to: to.max(from + 1_000_000) }
    }

    fn x(&self, at: &Stamp) -> f64 {
        self.at(at.instant.as_microsecond())
    }

    // Microseconds of a run fit a float's 53 bits for 285 years.
    #[expect(clippy::cast_precision_loss, reason = "a picture is not a measurement")]
    fn at(&self, micros: i64) -> f64 {
        let share = (micros - self.from) as f64 / (self.to - self.from) as f64;
        LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }
}

/// The picture; nothing where no step has begun and no watch has looked.
pub(super) fn picture(page: &mut Page, report: &Report, lang: Lang) {
    let rows: Vec<&StepRow> = report.all_steps().filter(|step| step.began.is_some() && !step.is_container()).collect();
    if rows.is_empty() && report.watches.iter().all(|watch| watch.spans.is_empty()) {
        return;
    }
    let axis = Axis::of(report);
    let (flags, count) = lanes(report, &axis, lang);
    let watches: Vec<_> = report.watches.iter().filter(|watch| !watch.spans.is_empty()).collect();
    let top = 22.0 + LANE * f64::from(count);
    let curves = top + CURVE * whole(watches.len());
    let bottom = curves + ROW * whole(rows.len()) + 8.0;

    page.raw("<svg class=\"picture\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 ");
    page.number(bottom + 4.0).raw("\"><title>").text(&message!("report-picture").render(lang)).raw("</title>");
    page.raw(PATTERNS);
    outage(page, report, &axis, top, bottom, lang);
    ticks(page, report, &axis, top, bottom);
    // All lines first: no line goes through a label.
    for flag in &flags {
        line(page, "mark", (flag.x, 4.0 + LANE * f64::from(flag.lane)), (flag.x, bottom));
    }
    for flag in &flags {
        mark(page, flag.x, 14.0 + LANE * f64::from(flag.lane), &flag.text);
    }
    for (index, watch) in watches.iter().enumerate() {
        curve(page, watch, &axis, top + CURVE * whole(index), lang);
    }
    for (index, step) in rows.iter().enumerate() {
        bar(page, step, &axis, curves + ROW * whole(index), lang);
    }
    page.raw("</svg>");
    legend(page, report, lang);
}

const PATTERNS: &str = "<defs>\
    <pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"7\" height=\"7\" fill=\"#fdf3f1\"/><rect width=\"1.6\" height=\"7\" fill=\"#eec4be\"/></pattern>\
    <pattern id=\"blind\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">\
    <rect width=\"6\" height=\"6\" fill=\"#f4f4f4\"/><rect width=\"1.5\" height=\"6\" fill=\"#bbb\"/></pattern>\
    <pattern id=\"bad\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <rect width=\"5\" height=\"5\" fill=\"#9b1c1c\"/><rect width=\"1.6\" height=\"5\" fill=\"#f0c8c8\"/></pattern>\
    </defs>";

fn whole(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// The label of a mark: where, what, and in which lane above the axis.
struct Flag {
    x: f64,
    text: String,
    lane: u32,
}

/// The marks' labels, each in the first lane in which it does not run into the one before.
fn lanes(report: &Report, axis: &Axis, lang: Lang) -> (Vec<Flag>, u32) {
    let mut ends: Vec<f64> = Vec::new();
    let mut placed = Vec::new();
    for row in &report.marks {
        let known = super::changes::known_from(row.basis, lang);
        let text = format!("{} {}{known}", labels::mark(row.mark).render(lang), crate::message::format::clock(&row.at));
        let x = axis.x(&row.at);
        let wide = whole(text.chars().count()) * LETTER + 14.0;
        // A label near the right edge stands to the left of its line.
        let begin = if x + wide > WIDTH { x - wide } else { x };
        let free = ends.iter().position(|end| *end <= begin).unwrap_or(ends.len());
        match ends.get_mut(free) {
            Some(end) => *end = begin + wide,
            None => ends.push(begin + wide),
        }
        placed.push(Flag { x, text, lane: u32::try_from(free).unwrap_or(0) });
    }
    (placed, u32::try_from(ends.len()).unwrap_or(0))
}

fn mark(page: &mut Page, x: f64, y: f64, text: &str) {
    let wide = whole(text.chars().count()) * LETTER + 14.0;
    let left = x + wide > WIDTH;
    page.raw("<text class=\"mark\" x=\"").number(if left { x - 5.0 } else { x + 5.0 }).raw("\" y=\"").number(y);
    page.raw(if left { "\" text-anchor=\"end\">" } else { "\">" }).text(text).raw("</text>");
}

fn line(page: &mut Page, class: &'static str, from: (f64, f64), to: (f64, f64)) {
    page.raw("<line class=\"").raw(class).raw("\" x1=\"").number(from.0).raw("\" y1=\"").number(from.1);
    page.raw("\" x2=\"").number(to.0).raw("\" y2=\"").number(to.1).raw("\"/>");
}

fn rect(page: &mut Page, class: &'static str, (x, y): (f64, f64), (width, height): (f64, f64)) {
    page.raw("<rect class=\"").raw(class).raw("\" x=\"").number(x).raw("\" y=\"").number(y).raw("\" width=\"");
    page.number(width.max(0.0)).raw("\" height=\"").number(height).raw("\"/>");
}

fn outage(page: &mut Page, report: &Report, axis: &Axis, top: f64, bottom: f64, lang: Lang) {
    let Some(outage) = &report.outage else { return };
    let from = axis.x(&outage.from);
    let to = outage.to.map_or(RIGHT, |to| axis.x(&to));
    rect(page, "outage", (from, top - 2.0), ((to - from).max(1.5), bottom - top + 2.0));
    page.raw("<title>").text(&message!("report-outage").render(lang)).raw("</title>");
}

fn ticks(page: &mut Page, report: &Report, axis: &Axis, top: f64, bottom: f64) {
    let span = (axis.to - axis.from) / 1_000_000;
    let step = TICKS.iter().copied().find(|step| span / step <= 6).unwrap_or(604_800);
    let offset = i64::from(report.run.began.offset.seconds());
    line(page, "axis", (LEFT, top), (RIGHT, top));
    // Ticks stand at round times of the local clock.
    let first = axis.from.div_euclid(1_000_000) + offset;
    let mut at = (first.div_euclid(step) + 1) * step;
    while (at - offset) * 1_000_000 <= axis.to {
        let micros = (at - offset) * 1_000_000;
        let x = axis.at(micros);
        line(page, "tick", (x, top - 4.0), (x, bottom));
        let day = at.rem_euclid(86_400);
        let mut text = format!("{:02}:{:02}", day / 3600, day / 60 % 60);
        if step < 60 {
            text = format!("{text}:{:02}", day % 60);
        }
        page.raw("<text class=\"tick\" text-anchor=\"middle\" x=\"").number(x).raw("\" y=\"").number(top - 8.0);
        page.raw("\">").text(&text).raw("</text>");
        at += step;
    }
}

fn curve(page: &mut Page, watch: &crate::report::WatchRow, axis: &Axis, top: f64, lang: Lang) {
    let (high, low) = (top + 10.0, top + CURVE - 10.0);
    label(page, high + 8.0, &message!("report-watch-named", watch = watch.title.clone()).render(lang), "");
    let shared = format!(
        "{} · {}",
        message!("report-watch-up-for", time = labels::seconds(watch.up, lang)).render(lang),
        message!("report-watch-down-for", time = labels::seconds(watch.down, lang)).render(lang)
    );
    page.raw("<text class=\"small\" x=\"26\" y=\"").number(low + 4.0).raw("\">").text(&shared).raw("</text>");
    for span in &watch.spans {
        let (from, to) = (axis.x(&span.from), axis.x(&span.to));
        let wide = (to - from).max(1.0);
        match span.state {
            WatchState::Up => rect(page, "up", (from, high), (wide, low - high)),
            WatchState::Down => rect(page, "down", (from, high), (wide, low - high)),
            WatchState::Unobserved => rect(page, "blind", (from, high), (wide, low - high)),
        }
    }
    // The curve itself: high where the service answered, low where it did not, none where nobody looked.
    page.raw("<path class=\"curve\" d=\"");
    let mut joined = false;
    for span in &watch.spans {
        let y = match span.state {
            WatchState::Up => high,
            WatchState::Down => low,
            WatchState::Unobserved => {
                joined = false;
                continue;
            }
        };
        page.raw(if joined { "L" } else { "M" }).number(axis.x(&span.from)).raw(" ").number(y);
        page.raw("H").number(axis.x(&span.to));
        joined = true;
    }
    page.raw("\"/>");
}

fn label(page: &mut Page, y: f64, text: &str, sign: &str) {
    page.raw("<text class=\"sign\" x=\"4\" y=\"").number(y).raw("\">").text(sign).raw("</text>");
    page.raw("<text class=\"label\" x=\"26\" y=\"").number(y).raw("\">").text(&cut(text)).raw("</text>");
}

/// As much of a text as fits beside the axis.
fn cut(text: &str) -> String {
    const FITS: usize = 50;
    if text.chars().count() <= FITS {
        return text.to_owned();
    }
    let short: String = text.chars().take(FITS - 1).collect();
    format!("{}…", short.trim_end())
}

fn bar(page: &mut Page, step: &StepRow, axis: &Axis, top: f64, lang: Lang) {
    let Some(began) = &step.began else { return };
    let number = step.number.map(|number| format!("{number}. ")).unwrap_or_default();
    let sign = step.outcome.map_or("…", |outcome| labels::sign(outcome, step.confirmed));
    label(page, top + 16.0, &format!("{number}{}", step.title.pick(lang)), sign);
    line(page, "row", (0.0, top + ROW), (RIGHT, top + ROW));
    let from = axis.x(began);
    let to = step.ended.map_or(RIGHT, |ended| axis.x(&ended));
    let wide = (to - from).max(3.0);
    let class = match step.outcome {
        Some(Outcome::Done) if step.confirmed == Some(false) => "bar unconfirmed",
        Some(Outcome::Done) => "bar done",
        Some(Outcome::Failed) => "bar failed",
        Some(Outcome::Skipped) => "bar skipped",
        Some(Outcome::Unknown | Outcome::Abandoned) => "bar unknown",
        None => "bar open",
    };
    rect(page, class, (from, top + 5.0), (wide, ROW - 9.0));
    let Some(millis) = step.millis else { return };
    let text = labels::millis(millis, lang);
    // Beside its bar where there is room, else on it; never over the names of the steps.
    let (after, length) = (from + wide + 6.0, whole(text.chars().count()) * LETTER);
    let (x, anchor) = if after + length < RIGHT {
        (after, "")
    } else if from - 6.0 - length > LEFT || wide < length + 12.0 {
        (from - 6.0, "\" text-anchor=\"end")
    } else {
        (from + wide - 6.0, "\" text-anchor=\"end")
    };
    page.raw("<text class=\"small halo\" x=\"").number(x).raw("\" y=\"").number(top + 16.0);
    page.raw(anchor).raw("\">").text(&text).raw("</text>");
}

/// What the shapes say, in words.
fn legend(page: &mut Page, report: &Report, lang: Lang) {
    page.raw("<p class=\"legend\">");
    let mut item = |class: &'static str, text: String| {
        page.raw("<span><svg width=\"22\" height=\"11\" aria-hidden=\"true\">");
        rect(page, class, (0.5, 0.5), (21.0, 10.0));
        page.raw("</svg> ").text(&text).raw("</span> ");
    };
    item("bar done", labels::outcome(Outcome::Done).render(lang));
    if report.all_steps().any(|step| step.confirmed == Some(false)) {
        item("bar unconfirmed", message!("report-unconfirmed").render(lang));
    }
    for (outcome, class) in
        [(Outcome::Failed, "bar failed"), (Outcome::Skipped, "bar skipped"), (Outcome::Unknown, "bar unknown")]
    {
        if report.all_steps().any(|step| step.began.is_some() && step.outcome == Some(outcome)) {
            item(class, labels::outcome(outcome).render(lang));
        }
    }
    if report.outage.is_some() {
        item("outage", message!("report-outage").render(lang));
    }
    if !report.watches.is_empty() {
        item("up", message!("report-watch-up").render(lang));
    }
    if report.watches.iter().any(|watch| watch.unobserved > 0) {
        item("blind", message!("report-watch-unobserved").render(lang));
    }
    page.raw("</p>");
}
