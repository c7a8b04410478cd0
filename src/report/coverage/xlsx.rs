//! The table as a workbook: systems by families, and a second sheet with a row for every plan and the records it rests on.

use rust_xlsxwriter::{Color, Format, FormatAlign, XlsxError};

use super::{Cell, Coverage, Drill, FAMILIES, Missing, PlanCell, words};
use crate::inventory::table::day;
use crate::message::{Lang, Message, format, message};
use crate::report::sheet::{Sheet, cell, plain, saved, workbook};
use crate::report::tasks::ranges;

/// The table as an XLSX file.
///
/// # Errors
///
/// Where the workbook cannot be made.
pub fn xlsx(coverage: &Coverage, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = workbook(&message!("coverage-title").render(lang), None)?;
    let page = book.add_worksheet().set_name(message!("coverage-sheet").render(lang))?;
    // Six columns of plans go beside each other at 80 %.
    matrix(stamped(Sheet::new(page, &[15.0, 17.0, 17.0, 17.0, 17.0, 17.0], 80)?, coverage, lang), coverage, lang)?;
    let page = book.add_worksheet().set_name(message!("coverage-sheet-evidence").render(lang))?;
    let page = Sheet::new(page, &[11.0, 9.0, 12.0, 6.0, 10.0, 8.0, 8.0, 11.0, 12.0, 8.0, 12.0], 75)?;
    list(stamped(page, coverage, lang), coverage, lang)?;
    saved(&mut book)
}

/// The sheet, with what every page has to say of a ledger that does not verify.
fn stamped<'s>(mut sheet: Sheet<'s>, coverage: &Coverage, lang: Lang) -> Sheet<'s> {
    if coverage.ledger.as_ref().is_some_and(|standing| standing.ok != Some(true)) {
        sheet.stamp(&message!("report-margin-fails").render(lang));
    }
    sheet
}

fn matrix(mut sheet: Sheet<'_>, coverage: &Coverage, lang: Lang) -> Result<(), XlsxError> {
    let say = |message: Message| message.render(lang);
    let middle = plain().set_align(FormatAlign::Center);
    sheet.across(&say(message!("coverage-title")).to_uppercase(), &middle.clone().set_bold())?;
    if let Some(unit) = &coverage.unit {
        sheet.across(unit, &middle.clone().set_bold())?;
    }
    sheet.across(&say(message!("coverage-on", day = day(coverage.on, lang))), &middle.clone().set_italic())?;
    let fails = coverage.ledger.as_ref().is_some_and(|standing| standing.ok != Some(true));
    let standing = if fails { middle.set_bold() } else { middle.set_italic() };
    sheet.across(&say(words::standing(coverage, lang)), &standing)?;
    sheet.across(&say(words::totals(coverage)), &plain())?;
    sheet.row += 1;
    let families = FAMILIES.map(|family| say(words::family(family)));
    let titles: Vec<String> = std::iter::once(say(message!("cli-playbook-system"))).chain(families).collect();
    sheet.head(&titles, None)?;
    let top = sheet.row;
    let row = |sheet: &mut Sheet<'_>, name: &str, cells: &[Cell]| -> Result<(), XlsxError> {
        let plans = cells.iter().map(|cell| cell.plans.len()).max().unwrap_or(0).max(1);
        let rows = (0..plans).map(|place| cells.iter().map(|cell| told(cell, place, lang)).collect());
        sheet.named((name, cell().set_bold()), &rows.collect::<Vec<_>>())
    };
    for system in &coverage.systems {
        let name = format!("{}\n{}\n{}", system.name.pick(lang), system.id, say(system.level.words()));
        row(&mut sheet, &name, &system.cells)?;
    }
    if !coverage.general.is_empty() {
        row(&mut sheet, &say(message!("coverage-general")), &coverage.general)?;
    }
    sheet.across(&say(message!("coverage-note")), &plain().set_italic())?;
    for note in &coverage.left_out {
        sheet.across(note, &plain().set_italic())?;
    }
    sheet.page.set_freeze_panes(top, 1)?;
    sheet.done()
}

/// The lines of a plan of a cell; what lacks something is shaded.
fn told(of: &Cell, place: usize, lang: Lang) -> (String, Format) {
    let format = if of.missing.is_empty() { cell() } else { cell().set_background_color(Color::RGB(0x00FA_F3E6)) };
    let lacking = |missing: &[Missing]| -> Vec<String> {
        missing.iter().map(|one| format!("✗ {}", words::missing(*one).render(lang))).collect()
    };
    let lines = match of.plans.get(place) {
        Some(plan) => {
            let version = plan.version.map(|version| message!("coverage-version", version = version).render(lang));
            let version = version.map(|version| format!(" · {version}")).unwrap_or_default();
            let mut lines = vec![format!("{} ({}{version})", plan.title.pick(lang), plan.playbook)];
            lines.extend(words::from(plan).map(|from| from.render(lang)));
            let sign = if plan.last.as_ref().is_some_and(Drill::passed) { "✓" } else { "✗" };
            lines.extend(words::last(plan, lang).map(|last| format!("{sign} {last}")));
            lines.extend(lacking(&plan.missing));
            lines
        }
        None if place == 0 => lacking(&of.missing),
        None => Vec::new(),
    };
    (lines.join("\n"), format)
}

fn list(mut sheet: Sheet<'_>, coverage: &Coverage, lang: Lang) -> Result<(), XlsxError> {
    let titles = [
        message!("cli-playbook-system"),
        message!("coverage-column-family"),
        message!("coverage-column-plan"),
        message!("coverage-column-version"),
        message!("coverage-column-run"),
        message!("coverage-column-date"),
        message!("coverage-column-drilled-version"),
        message!("coverage-column-how"),
        message!("coverage-column-result"),
        message!("coverage-column-records"),
        message!("coverage-column-missing"),
    ];
    sheet.head(&titles.map(|title| title.render(lang)), None)?;
    let systems = coverage.systems.iter().map(|system| (system.id.to_string(), &system.cells));
    let general = (message!("coverage-general").render(lang), &coverage.general);
    for (id, cells) in systems.chain([general]) {
        for of in cells {
            let begin = [id.clone(), words::family(of.family).render(lang)];
            if of.plans.is_empty() && !of.missing.is_empty() {
                let mut cells: [String; 9] = std::array::from_fn(|_| String::new());
                cells[8] = lacking(&of.missing, lang);
                sheet.cells(&[&begin[..], &cells].concat(), &cell())?;
            }
            for plan in &of.plans {
                sheet.cells(&[&begin[..], &of_plan(plan, lang)].concat(), &cell())?;
            }
        }
    }
    sheet.page.set_freeze_panes(1, 0)?;
    sheet.done()
}

fn lacking(missing: &[Missing], lang: Lang) -> String {
    missing.iter().map(|one| words::missing(*one).render(lang)).collect::<Vec<_>>().join("; ")
}

fn of_plan(plan: &PlanCell, lang: Lang) -> [String; 9] {
    let drill = plan.last.as_ref();
    let of = |told: &dyn Fn(&Drill) -> String| drill.map(told).unwrap_or_default();
    [
        plan.playbook.to_string(),
        plan.version.map(|version| version.to_string()).unwrap_or_default(),
        of(&|drill| drill.run.to_string()),
        of(&|drill| format::date(&drill.at, lang)),
        of(&|drill| drill.version.to_string()),
        of(&|drill| words::how(drill).render(lang)),
        of(&|drill| words::result(drill).render(lang)),
        of(&|drill| ranges(&drill.records)),
        lacking(&plan.missing, lang),
    ]
}
