//! What every document to be signed needs at the desk: a ledger that verifies, the files that were kept with the run, the
//! layout of its day, a place to be written to.

use std::borrow::Cow;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::desk::ledger_failure;
use super::duties::Policies;
use super::entered;
use super::leave_out::LeaveOutArgs;
use super::place;
use super::workspace::SourceText;
use super::{Context, Exit, Failure, Workspace, reporting};

use crate::inventory::{People, Signer, Unit, for_a_collective};
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::{Journal as _, Lang, Objects as _, Record, RunId};
use crate::playbook::Known;
use crate::playbook::exercise::Exercise;
use crate::policy::day_in_vietnam;
use crate::policy::layouts::{Family, Layout, Layouts};
use crate::policy::redaction::Class;
use crate::report::Report;
use crate::report::after::after_action;
use crate::report::document::{Document, docx, html};
use crate::report::redaction::Redactor;
use crate::source::{self, suggest};

/// The language of every document that is signed, whoever makes it: a state document is in Vietnamese, and so are the heading
/// and the words of every layout.
pub(crate) const LANGUAGE: Lang = Lang::Vi;

/// Where a unit keeps layouts of its own.
const LAYOUTS: &str = "policies/layouts";

/// How a document is made and where it goes.
#[derive(clap::Args)]
pub(crate) struct PaperArgs {
    /// Write in this format: for a word processor, or a page for print; else as the file's name ends, else docx
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<DocumentFormat>,
    /// Write to this file (`-` is standard output); reports/RUN-NAME.docx or .html where nothing is said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The number of the document, or of the plan to which a script is attached: 5, or whole, such as 05/BB-SKHCN; room for it
    /// where nothing is said
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    pub(crate) number: Option<String>,
    /// The date of the document, or of the plan to which a script is attached, such as 2026-11-25 or 25/11/2026, which also chooses the layout
    #[arg(long, value_name = "DATE", value_parser = entered::argument)]
    pub(crate) date: Option<Date>,
    /// Lay it out by this file of policies/layouts, not by the one of the unit and the date
    #[arg(long, value_name = "LAYOUT")]
    layout: Option<String>,
    #[command(flatten)]
    leave_out: LeaveOutArgs,
}

/// How a document from the evidence is made and where it goes.
#[derive(clap::Args)]
pub(crate) struct DocumentArgs {
    #[command(flatten)]
    paper: PaperArgs,
    /// Make it although the ledger does not verify, and say so on every page
    #[arg(long)]
    unverified: bool,
}

impl Deref for DocumentArgs {
    type Target = PaperArgs;

    fn deref(&self) -> &PaperArgs {
        &self.paper
    }
}

/// Who signs a document, of those whom `ungpho.yaml` lists.
#[derive(Default, clap::Args)]
pub(crate) struct SignerArgs {
    /// Who signs it, of `signers` in ungpho.yaml: a number from 1, a name or a position; the first where nothing is said
    #[arg(long, value_name = "SIGNER")]
    signer: Option<String>,
}

impl SignerArgs {
    /// The one who was asked for, else the unit's first; nothing where it lists none.
    ///
    /// # Errors
    ///
    /// Where nobody of that number, name or position is listed, or several are. Tells where the one signs as nobody does.
    pub(crate) fn of<'a>(&self, unit: Option<&'a Unit>, context: &Context) -> Result<Option<&'a Signer>, Failure> {
        let signer = self.listed(unit)?;
        let party = unit.is_some_and(|unit| unit.party);
        let authority = signer.and_then(|signer| signer.authority.as_ref()).map(|text| text.pick(LANGUAGE));
        if let Some(authority) = authority.filter(|authority| party && for_a_collective(authority)) {
            context.note(&message!("inventory-collective", authority = authority));
        }
        Ok(signer)
    }

    fn listed<'a>(&self, unit: Option<&'a Unit>) -> Result<Option<&'a Signer>, Failure> {
        let signers = unit.map(|unit| unit.signers.as_slice()).unwrap_or_default();
        let Some(wanted) = self.signer.as_deref().map(str::trim) else { return Ok(signers.first()) };
        let same = |text: &str| text.to_lowercase() == wanted.to_lowercase();
        let called = |signer: &&Signer| {
            let position = [Lang::Vi, Lang::En].iter().any(|lang| same(signer.position.pick(*lang)));
            position || signer.name.as_deref().is_some_and(same)
        };
        let found: Vec<&Signer> = match wanted.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|index| signers.get(index)).into_iter().collect(),
            Err(_) => signers.iter().filter(called).collect(),
        };
        if let [signer] = found.as_slice() {
            return Ok(Some(signer));
        }
        let message = if found.is_empty() {
            message!("document-no-signer", signer = wanted)
        } else {
            message!("document-several-signers", signer = wanted)
        };
        let listed = (1..).zip(signers).map(|(number, signer): (usize, _)| {
            let name = signer.name.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
            format!("{number}: {}{name}", signer.position.pick(Lang::Vi))
        });
        let listed: Vec<String> = listed.collect();
        let failure = Failure::new(Exit::Invalid, "unknown-signer", message);
        Err(if listed.is_empty() {
            failure.help(message!("document-no-signers-help"))
        } else {
            failure.help(message!("document-signers-help", signers = listed.join("; ")))
        })
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum DocumentFormat {
    #[default]
    Docx,
    Html,
}

/// The number of a document as it is typed: from 1, with a letter where the unit has one (`12a`); or whole, with its symbol.
fn number(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (count, rest) = text.split_at(digits);
    let counts = count.parse::<u64>().is_ok_and(|count| count > 0);
    let alone = rest.is_empty() || (rest.chars().count() == 1 && rest.chars().all(char::is_alphabetic));
    let whole = rest.contains('/') && !rest.ends_with('/');
    if counts && (alone || whole) { Ok(text.to_owned()) } else { Err("a number such as 5, 12a or 05/BB-SKHCN") }
}

/// What a document about a run is made from.
pub(crate) struct Ground {
    /// The run.
    pub(crate) report: Report,
    /// Its records.
    pub(crate) records: Vec<Record>,
    /// The ledger, to read.
    pub(crate) ledger: Ledger,
    /// The rules and the people that were kept with the run, else those of the workspace; the unit as it is today.
    pub(crate) policies: Policies,
    /// The plan of the drill, as it was kept with the run.
    pub(crate) exercise: Option<Exercise>,
    /// The folder.
    pub(crate) workspace: Workspace,
}

impl Ground {
    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// No workspace, no such run, or a ledger that does not verify where that was not asked for.
    pub(crate) fn of(run: Option<&RunId>, args: &DocumentArgs, context: &Context) -> Result<Self, Failure> {
        let workspace = Workspace::find(context)?;
        let folder = workspace.ledger();
        let report = reporting::make(&folder, Some(&workspace), run, context)?;
        if report.ledger.ok != Some(true) && !args.unverified {
            return Err(Failure::new(
                Exit::LedgerBroken,
                "document-unverified",
                message!("report-document-unverified"),
            )
            .help(message!("report-document-unverified-help")));
        }
        let ledger = Ledger::read_only(&folder).map_err(|error| ledger_failure(&error))?;
        let records = ledger.records_of(&report.run.id, 0).map_err(|error| {
            Failure::new(Exit::LedgerBroken, "unreadable-records", message!("cli-evidence-unreadable"))
                .caused_by(&error)
        })?;
        let sources = reporting::sources(&records);
        let kept = |path: &str| {
            let source = sources.iter().find(|source| source.path == path)?;
            String::from_utf8(ledger.get(&source.file).ok().flatten()?).ok()
        };
        let mut policies = match sources {
            [] => Policies::for_notices(context, &workspace),
            sources => Policies::kept(&ledger, sources),
        };
        // Who issues a document is as the workspace has it today; people are those that the run kept, where it kept any.
        let here = |path: &str| workspace.text(path).ok().map(|file| file.text);
        if let Some(unit) = here("ungpho.yaml").and_then(|text| Unit::read("ungpho.yaml", &text).ok()) {
            policies.unit = Some(unit);
        }
        if policies.people.is_none() {
            policies.people = here("people.yaml").and_then(|text| People::read("people.yaml", &text).ok());
        }
        let exercise = report.run.exercise.as_ref().and_then(|id| {
            let path = format!("exercises/{id}.yaml");
            let document = source::parse(&path, &kept(&path)?);
            Exercise::read_document(&document, &Known::default()).0.ok()
        });
        Ok(Self { report, records, ledger, policies, exercise, workspace })
    }

    /// The unit.
    pub(crate) fn unit(&self) -> Option<&Unit> {
        self.policies.unit.as_ref()
    }

    /// The day of the document: as it was given, else the one on which the run ended, or began where it has not.
    pub(crate) fn day(&self, args: &DocumentArgs) -> Date {
        args.date.unwrap_or_else(|| day_in_vietnam(self.report.run.ended.as_ref().unwrap_or(&self.report.run.began)))
    }

    /// The layout that was asked for; else the one that holds for the unit's documents on `day`.
    ///
    /// # Errors
    ///
    /// As [`layout`].
    pub(crate) fn layout(&self, args: &DocumentArgs, day: Date, context: &Context) -> Result<Layout, Failure> {
        layout(&self.workspace, self.unit(), args, day, context)
    }

    /// Writes the document where it was asked for, else into `reports/RUN-name`, and prints the place.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(crate) fn deliver(
        &self,
        document: &Document,
        name: &str,
        args: &DocumentArgs,
        context: &Context,
    ) -> Result<Exit, Failure> {
        let redactor = args.leave_out.redactor(&self.workspace, LANGUAGE, context)?;
        let redactor = redactor.map(|mut redactor| {
            // What the program itself says to fall short is a weakness too.
            for gap in after_action(&self.report, Vec::new()).gaps {
                redactor.text(gap.text.pick(LANGUAGE), Class::Weaknesses);
            }
            redactor
        });
        if let (Some(date), Some(ended)) = (args.date, self.report.run.ended.as_ref().map(day_in_vietnam))
            && date < ended
        {
            let (date, ended) = (date.to_string(), ended.to_string());
            let day = |text: &str| crate::message::format::day(text, context.lang);
            context.note(&message!("document-before-the-end", date = day(&date), ended = day(&ended)));
        }
        let stem = format!("{}-{name}", self.report.run.id);
        write(&self.workspace, document, redactor.as_ref(), &stem, args, context)?;
        // A document of a ledger that does not verify was made all the same, and the program says so.
        Ok(if self.report.ledger.ok == Some(true) { Exit::Passed } else { Exit::LedgerBroken })
    }
}

/// The layout that was asked for; else the one that holds for the unit's documents on `day`. Says where it is the unit's
/// own, or rests on a source of a second hand.
///
/// # Errors
///
/// Where there is none, or a file of the unit is wrong.
pub(crate) fn layout(
    workspace: &Workspace,
    unit: Option<&Unit>,
    args: &PaperArgs,
    day: Date,
    context: &Context,
) -> Result<Layout, Failure> {
    layout_of(workspace, unit, args.layout.as_deref(), day, context)
}

/// As [`layout`], for what is no document with a format of its own.
///
/// # Errors
///
/// As [`layout`].
pub(crate) fn layout_of(
    workspace: &Workspace,
    unit: Option<&Unit>,
    name: Option<&str>,
    day: Date,
    context: &Context,
) -> Result<Layout, Failure> {
    let files: Vec<SourceText> = workspace.texts(LAYOUTS)?;
    let own: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (layouts, findings) = Layouts::read(&own);
    if source::any_error(&findings) {
        return Err(super::workspace::report(context, &findings, &files));
    }
    let chosen = if let Some(name) = name {
        layouts.find(name).ok_or_else(|| {
            let message = message!("report-document-layout", layout = name);
            let failure = Failure::new(Exit::Invalid, "unknown-layout", message);
            let names = layouts.layouts.keys().map(crate::model::Name::as_str);
            match suggest::one_of_these(name, names) {
                Some(help) => failure.help(help),
                None => failure,
            }
        })?
    } else {
        let party = unit.is_some_and(|unit| unit.party);
        let family = if party { Family::Party } else { Family::State };
        let day = day.to_string();
        layouts.on(family, &day).ok_or_else(|| {
            let names = layouts.layouts.keys().map(crate::model::Name::as_str).collect::<Vec<_>>().join(", ");
            Failure::new(Exit::Invalid, "no-layout", message!("report-document-layout-none", day = day))
                .help(message!("report-document-layout-none-help", layouts = names))
        })?
    };
    if layouts.overridden.contains(&chosen.name) {
        let (name, file) = (chosen.name.as_str(), chosen.file.as_str());
        context.note(&message!("report-document-layout-own", layout = name, file = file));
    }
    if let Some(text) = &chosen.second_hand {
        let name = chosen.name.as_str();
        context.note(&message!("report-document-layout-second", layout = name, text = text.clone()));
    }
    Ok(chosen.clone())
}

/// Writes the document where it was asked for, else into `reports/` under the name `stem`, and prints the place.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn deliver(
    workspace: &Workspace,
    document: &Document,
    stem: &str,
    args: &PaperArgs,
    context: &Context,
) -> Result<(), Failure> {
    let redactor = args.leave_out.redactor(workspace, LANGUAGE, context)?;
    write(workspace, document, redactor.as_ref(), stem, args, context)
}

fn write(
    workspace: &Workspace,
    document: &Document,
    redactor: Option<&Redactor>,
    stem: &str,
    args: &PaperArgs,
    context: &Context,
) -> Result<(), Failure> {
    let mut document = Cow::Borrowed(document);
    if let Some(redactor) = redactor {
        redactor.document(document.to_mut());
    }
    let document = document.as_ref();
    let (bytes, extension) = match place::format(args.format, args.out.as_deref()) {
        DocumentFormat::Docx => {
            let made = docx(document).map_err(|error| {
                Failure::new(Exit::Machine, "document-failed", message!("report-document-failed")).caused_by(&error)
            })?;
            (made, "docx")
        }
        DocumentFormat::Html => (html(document).into_bytes(), "html"),
    };
    put(workspace, &bytes, args.out.as_deref(), &format!("{}.{extension}", args.leave_out.stem(stem)), context)?;
    Ok(())
}

/// Writes a file where it was asked for (`-` is standard output), else into `reports/` under `name`, and prints its place; gives
/// the place, where it is one.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn put(
    workspace: &Workspace,
    bytes: &[u8],
    out: Option<&Path>,
    name: &str,
    context: &Context,
) -> Result<Option<PathBuf>, Failure> {
    let path = match out {
        Some(out) if out.as_os_str() == "-" => {
            context.out_bytes(bytes);
            return Ok(None);
        }
        Some(out) => {
            place::fits(out, Path::new(name).extension().and_then(|made| made.to_str()).unwrap_or_default())?;
            context.folder.join(out)
        }
        None => workspace.root.join("reports").join(name),
    };
    reporting::write_bytes(&path, bytes)?;
    context.out(&format!("{}\n", path.display()));
    Ok(Some(path))
}
