//! `JUnit` XML: steps and objectives as test cases, for the systems that run technical checks without people and watch their
//! results.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::labels;
use super::sections::titled;
use super::steps::state;
use crate::message::{Message, message};
use crate::model::record::People;
use crate::model::{Lang, Outcome, legible};
use crate::report::{ObjectiveRow, Report, StepRow};

/// What becomes of a test case.
enum Verdict {
    Passed,
    /// With its kind and what was said.
    Failed(&'static str, String),
    /// With why.
    Skipped(String),
    /// With what is wrong: the result cannot be believed.
    Error(String),
}

/// A test case.
struct Case {
    name: String,
    class: String,
    /// Milliseconds.
    took: u64,
    verdict: Verdict,
}

/// The run as `JUnit` XML: a suite of its steps, one of its objectives, and one case that says whether the ledger verifies. A
/// step that failed, was broken off or ended nobody knows how fails; one that was passed over or not reached is skipped. The
/// run, its plan, whether people took part and it counts, and the ledger's head are properties. One that was voided fails.
///
/// # Errors
///
/// Where memory cannot be written, which does not happen.
pub fn junit(report: &Report, lang: Lang) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let class = format!("{}.{}", report.run.playbook, report.run.id);
    let steps =
        report.all_steps().filter(|step| !step.is_container()).map(|step| of_step(step, &class, lang)).collect();
    let objectives = report.objectives.iter().map(|objective| of_objective(objective, &class, lang)).collect();
    let suites: [(String, Vec<Case>); 3] = [
        (
            message!("report-ledger").render(lang),
            vec![of_ledger(report, &class, lang), of_standing(report, &class, lang)],
        ),
        (message!("report-steps").render(lang), steps),
        (message!("report-objectives").render(lang), objectives),
    ];
    let all: Vec<&Case> = suites.iter().flat_map(|(_, cases)| cases).collect();
    let counts = Counts::of(all.iter().copied());
    let name = allowed(&format!("{} {}", report.run.id, report.run.title.pick(lang)));
    let suites_start = writer
        .create_element("testsuites")
        .with_attribute(("name", name.as_str()))
        .with_attributes(counts.attributes().iter().map(|(key, value)| (*key, value.as_str())));
    suites_start.write_inner_content(|writer| {
        for (name, cases) in suites.iter().filter(|(_, cases)| !cases.is_empty()) {
            suite(writer, report, name, cases)?;
        }
        Ok(())
    })?;
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    Ok(text)
}

fn suite(writer: &mut Writer<Vec<u8>>, report: &Report, name: &str, cases: &[Case]) -> io::Result<()> {
    let counts = Counts::of(cases.iter());
    let began = report.run.began.to_string();
    let start = writer
        .create_element("testsuite")
        .with_attributes([("name", name), ("timestamp", began.as_str())])
        .with_attributes(counts.attributes().iter().map(|(key, value)| (*key, value.as_str())));
    start.write_inner_content(|writer| {
        let size = report.ledger.size.to_string();
        let plan = report.run.plan.to_string();
        let people = serde_json::to_value(report.run.people).ok();
        let people = people.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
        let properties = [
            ("run", report.run.id.as_str()),
            ("plan", &plan),
            ("people", people),
            ("counts", if report.voided.is_some() { "no" } else { counted(report).map_or("yes", |_| "apart") }),
            ("ledger.origin", &report.ledger.origin),
            ("ledger.size", &size),
            ("ledger.root", &report.ledger.root),
        ];
        writer.create_element("properties").write_inner_content(|writer| {
            for pair in properties {
                let element = writer.create_element("property");
                element.with_attributes([("name", pair.0), ("value", pair.1)]).write_empty()?;
            }
            Ok(())
        })?;
        cases.iter().try_for_each(|case| one(writer, case))
    })?;
    Ok(())
}

fn one(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let time = seconds(case.took);
    let element = writer.create_element("testcase");
    let element =
        element.with_attributes([("name", &*allowed(&case.name)), ("classname", &case.class), ("time", &time)]);
    match &case.verdict {
        Verdict::Passed => element.write_empty()?,
        Verdict::Failed(kind, text) => element.write_inner_content(|writer| told(writer, "failure", kind, text))?,
        Verdict::Error(text) => element.write_inner_content(|writer| told(writer, "error", "ledger", text))?,
        Verdict::Skipped(text) => element.write_inner_content(|writer| {
            let text = allowed(text);
            writer.create_element("skipped").with_attribute(("message", &*text)).write_empty().map(|_| ())
        })?,
    };
    Ok(())
}

fn told(writer: &mut Writer<Vec<u8>>, element: &str, kind: &str, text: &str) -> io::Result<()> {
    let text = allowed(text);
    let first = text.lines().next().unwrap_or_default();
    let element = writer.create_element(element).with_attributes([("type", kind), ("message", first)]);
    element.write_text_content(BytesText::new(&text)).map(|_| ())
}

/// Text without the characters that XML does not have: what a command printed may have any.
fn allowed(text: &str) -> String {
    legible(text).into_owned()
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

fn of_step(step: &StepRow, class: &str, lang: Lang) -> Case {
    let said = || {
        let parts =
            [Some(state(step, lang)), step.why.as_ref().map(|why| why.pick(lang).to_owned()), step.detail.clone()];
        let output = step.output.clone().map(|output| format!("\n{output}"));
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ") + &output.unwrap_or_default()
    };
    let verdict = match step.outcome {
        Some(Outcome::Done) => Verdict::Passed,
        Some(Outcome::Failed) => Verdict::Failed("failed", said()),
        Some(Outcome::Unknown) => Verdict::Failed("unknown", said()),
        Some(Outcome::Abandoned) => Verdict::Failed("abandoned", said()),
        Some(Outcome::Skipped) | None => Verdict::Skipped(said()),
    };
    Case { name: titled(step, lang), class: class.to_owned(), took: step.millis.unwrap_or_default(), verdict }
}

fn of_objective(objective: &ObjectiveRow, class: &str, lang: Lang) -> Case {
    let measure = objective.measure.clone().unwrap_or_default();
    let verdict = match objective.met {
        Some(true) => Verdict::Passed,
        Some(false) => Verdict::Failed("objective", format!("{}: {measure}", message!("report-not-met").render(lang))),
        None if objective.measure.is_none() => Verdict::Skipped(message!("report-measured-by-people").render(lang)),
        None => Verdict::Skipped(message!("report-not-measured").render(lang)),
    };
    Case { name: objective.title.pick(lang).to_owned(), class: class.to_owned(), took: 0, verdict }
}

fn of_ledger(report: &Report, class: &str, lang: Lang) -> Case {
    let standing = labels::standing(report).render(lang);
    let found = report.ledger.findings.iter().map(|it| format!("{}: {}", it.code, it.message.pick(lang)));
    let verdict = match report.ledger.ok {
        Some(true) => Verdict::Passed,
        Some(false) => Verdict::Error(std::iter::once(standing.clone()).chain(found).collect::<Vec<_>>().join("\n")),
        None => Verdict::Skipped(standing.clone()),
    };
    Case { name: message!("report-ledger-holds").render(lang), class: class.to_owned(), took: 0, verdict }
}

/// Why a run that nobody voided stands apart from drills and incidents of people; nothing where it does not.
fn counted(report: &Report) -> Option<Message> {
    match report.run.people {
        People::Unattended => Some(message!("task-apart-unattended")),
        People::Scripted => Some(message!("task-apart-trial")),
        People::Console => report.run.test_clock.then(|| message!("task-apart-test-clock")),
    }
}

/// Whether the run is worth something: one that was voided is not, one without people is no drill.
fn of_standing(report: &Report, class: &str, lang: Lang) -> Case {
    let verdict = match (&report.voided, counted(report)) {
        (Some(voided), _) => {
            let said = message!("task-apart-voided").render(lang);
            Verdict::Failed(
                "voided",
                [Some(said), voided.because.clone()].into_iter().flatten().collect::<Vec<_>>().join(": "),
            )
        }
        (None, Some(why)) => Verdict::Skipped(why.render(lang)),
        (None, None) => Verdict::Passed,
    };
    Case { name: message!("report-counts").render(lang), class: class.to_owned(), took: 0, verdict }
}

/// How many cases came to what.
#[derive(Default)]
struct Counts {
    all: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    millis: u64,
}

impl Counts {
    fn of<'c>(cases: impl Iterator<Item = &'c Case>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            counts.all += 1;
            counts.millis += case.took;
            match case.verdict {
                Verdict::Passed => {}
                Verdict::Failed(..) => counts.failures += 1,
                Verdict::Error(_) => counts.errors += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }

    fn attributes(&self) -> [(&'static str, String); 5] {
        [
            ("tests", self.all.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
            ("skipped", self.skipped.to_string()),
            ("time", seconds(self.millis)),
        ]
    }
}
