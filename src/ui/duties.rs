//! The duties of the law at the desk: which rules hold here, and how they are told in a line or two.

use std::fmt::Write as _;

use super::console::scene::Scene;
use super::desk::Desk;
use super::workspace::{self, SourceText};
use super::{Context, Workspace, levels};
use crate::engine::Plan;
use crate::inventory::{People, System, Unit};
use crate::message::{Lang, Message, format, message};
use crate::model::record::{Serious, SourceFile};
use crate::model::{Name, Objects};
use crate::policy::duties::{self, Awaited, Book, Clock, Duties, Row, State};
use crate::policy::notice::Library;
use crate::policy::recipients::Recipients;
use crate::report::Rules;
use crate::source::{Finding, Severity};

const DUTIES: &str = "policies/duties";
const NOTICES: &str = "policies/notices";
const PEOPLE: &str = "people.yaml";

/// The rules of a unit: those that ship with the program and its own over them.
#[derive(Default)]
pub(crate) struct Policies {
    /// Every duty.
    pub(crate) book: Book,
    /// Every notice.
    pub(crate) notices: Library,
    /// The criteria for levels.
    pub(crate) levels: crate::policy::levels::Book,
    /// The unit's own file.
    pub(crate) unit: Option<Unit>,
    /// Its people; nothing where nobody has asked for them, or there is no such file that can be read.
    pub(crate) people: Option<People>,
    unread: Vec<String>,
}

impl Policies {
    /// The language of the unit's notices, whoever has them prepared: that of its own file, Vietnamese where that says nothing.
    pub(crate) fn language(&self) -> Lang {
        self.unit.as_ref().map_or(Lang::Vi, |unit| unit.language)
    }

    /// The files of the workspace with duties and notices. One that cannot be read is told of and left out.
    pub(crate) fn files(context: &Context, workspace: &Workspace) -> Vec<SourceText> {
        let mut files = Vec::new();
        for folder in [DUTIES, NOTICES, levels::LEVELS] {
            match workspace.texts(folder) {
                Ok(texts) => files.extend(texts),
                Err(failure) => failure.print(context),
            }
        }
        files
    }

    /// The rules that hold in the workspace now. What is wrong in its files is printed, and those count for nothing: an
    /// incident waits for no file.
    pub(crate) fn here(context: &Context, workspace: &Workspace) -> Self {
        Self::with(context, workspace, Self::files(context, workspace))
    }

    /// As [`Policies::here`], with the people of the unit, whom notices name.
    pub(crate) fn for_notices(context: &Context, workspace: &Workspace) -> Self {
        let mut files = Self::files(context, workspace);
        if workspace.root.join(PEOPLE).is_file() {
            match workspace.text(PEOPLE) {
                Ok(file) => files.push(file),
                Err(failure) => failure.print(context),
            }
        }
        Self::with(context, workspace, files)
    }

    fn with(context: &Context, workspace: &Workspace, mut files: Vec<SourceText>) -> Self {
        match workspace.text("ungpho.yaml") {
            Ok(file) => files.push(file),
            Err(failure) => failure.print(context),
        }
        let (policies, findings) = Self::of(&files);
        if !findings.is_empty() {
            // The failure that is made of them is not one here.
            let _ = workspace::report(context, &findings, &files);
        }
        policies
    }

    /// The rules that a run was begun with: from the files that were kept with it.
    pub(crate) fn kept(objects: &dyn Objects, sources: &[SourceFile]) -> Self {
        let wanted = |path: &str| path == "ungpho.yaml" || path == PEOPLE || path.starts_with("policies/");
        let files = sources.iter().filter(|source| wanted(&source.path)).filter_map(|source| {
            let bytes = objects.get(&source.file).ok().flatten()?;
            Some(SourceText { path: source.path.clone(), text: String::from_utf8(bytes).ok()? })
        });
        Self::of(&files.collect::<Vec<_>>()).0
    }

    fn of(files: &[SourceText]) -> (Self, Vec<Finding>) {
        let of = |folder: &str| -> Vec<(String, String)> {
            let own = files.iter().filter(|file| file.path.strip_prefix(folder).is_some_and(|it| it.starts_with('/')));
            own.map(|file| (file.path.clone(), file.text.clone())).collect()
        };
        let (notices, mut findings) = Library::read(&of(NOTICES));
        let names: Vec<&str> = notices.templates.keys().map(Name::as_str).collect();
        let (book, found) = Book::read(&of(DUTIES), &names);
        findings.extend(found);
        let own: Vec<SourceText> = files.iter().filter(|file| file.path.starts_with(levels::LEVELS)).cloned().collect();
        let (levels, found) = levels::of(&own);
        findings.extend(found);
        let mut unit = None;
        if let Some(file) = files.iter().find(|file| file.path == "ungpho.yaml") {
            match Unit::read(&file.path, &file.text) {
                Ok(read) => unit = Some(read),
                Err(found) => findings.extend(found),
            }
        }
        let mut people = None;
        if let Some(file) = files.iter().find(|file| file.path == PEOPLE) {
            match People::read(&file.path, &file.text) {
                Ok(read) => people = Some(read),
                Err(found) => findings.extend(found),
            }
        }
        let mut unread: Vec<String> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
            if !unread.contains(&finding.file) {
                unread.push(finding.file.clone());
            }
        }
        (Self { book, notices, levels, unit, people, unread }, findings)
    }

    /// The rules for a run by `plan`.
    pub(crate) fn rules(&self, plan: &Plan) -> Rules {
        let systems: Vec<&System> = plan.systems.values().collect();
        let recipients = self.unit.as_ref().map(|unit| Recipients::of(unit, &systems)).unwrap_or_default();
        Rules {
            book: self.book.clone(),
            levels: self.levels.clone(),
            recipients,
            serious_definition: self.unit.as_ref().and_then(|unit| unit.serious_definition.clone()),
            notices: self.notices.templates.iter().map(|(name, notice)| (name.clone(), notice.title.clone())).collect(),
            unread: self.unread.clone(),
        }
    }
}

/// Where the duties of a run stand now, by the rules of the workspace.
pub(crate) fn standing(context: &Context, desk: &Desk, scene: &Scene) -> Duties {
    let policies = Policies::here(context, &desk.workspace);
    policies.rules(scene.state().plan()).duties(scene.state(), &context.clock.now().at)
}

/// The duties that ask for somebody now, what presses most first. What waits for a word without a limit is not among them.
pub(crate) fn pressing(duties: &Duties) -> Vec<&Row> {
    let presses = |row: &&Row| match &row.state {
        State::Late { .. } | State::Due { clock: Clock::Left(_) | Clock::AtOnce(_) | Clock::Over(_) } => true,
        State::Waiting { clock, .. } => !matches!(clock, Clock::Open(_)),
        _ => false,
    };
    duties.by_urgency().into_iter().filter(presses).collect()
}

/// Whether a duty is open: late, to be done, or waiting for a person to say whether it applies.
pub(crate) fn open(row: &Row) -> bool {
    matches!(row.state, State::Late { .. } | State::Due { .. } | State::Waiting { .. })
}

/// Whether it was not done in time, or will not have been if it applies.
pub(crate) fn late(row: &Row) -> bool {
    matches!(row.state, State::Late { .. } | State::Waiting { clock: Clock::Over(_), .. })
}

/// A duty in one line: `! Báo cáo sự cố: cần thực hiện: còn 3 giờ 20 phút (hạn 01:40:00 27/11/2026)`.
pub(crate) fn line(row: &Row, lang: Lang) -> String {
    let standing = match &row.state {
        // The flags are many words; `due` has them all.
        State::Waiting { on: Awaited::Flags(_), .. } => duties::state(row),
        // The clock says what it waits for.
        State::Waiting { on: Awaited::Classification, .. } => duties::time(row),
        _ => duties::standing(row),
    };
    let sign = if late(row) { "!" } else { " " };
    let text = format!("{sign} {}: {}", row.title.pick(lang), standing.render(lang));
    match (&row.due, &row.state) {
        (Some(due), State::Late { .. } | State::Due { clock: Clock::Left(_) } | State::Waiting { .. }) => {
            format!("{text} ({})", message!("duty-due-at", at = format::time(due, lang)).render(lang))
        }
        _ => text,
    }
}

/// The most urgent duties, one a line, at most `most`; nothing where none presses.
pub(crate) fn lines(duties: &Duties, most: usize, lang: Lang) -> String {
    let rows = pressing(duties);
    let mut text = String::new();
    for row in rows.iter().take(most) {
        let _ = writeln!(text, "{}", line(row, lang));
    }
    if rows.len() > most {
        let _ = writeln!(text, "  {}", message!("duty-more", count = rows.len() - most).render(lang));
    }
    text
}

/// How the incident is classified.
pub(crate) fn classification(duties: &Duties) -> Message {
    match duties.serious {
        Serious::Yes => message!("policy-serious-yes"),
        Serious::No => message!("policy-serious-no"),
        Serious::Undecided => message!("policy-serious-undecided"),
    }
}
