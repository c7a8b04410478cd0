//! What stands beside the log: how citizens are served, whom to reach, what the law asks for by when, who signs.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use super::style::{BY_HAND, base, cell, free, heading, height, lines, on_paper, title};
use crate::message::{Message, message};
use crate::model::{Lang, Text};
use crate::report::card::Card;

/// The widths of the columns; contacts and duties share them.
const WIDTHS: [f64; 5] = [46.0, 38.0, 28.0, 22.0, 18.0];
/// Rows for numbers that are found on the night.
const SPARE_CONTACTS: u32 = 2;

/// A sheet that is filled from the top.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    lang: Lang,
    row: u32,
}

/// Writes the sheet of contacts: how citizens are served, whom to reach, who signs.
pub(super) fn people(sheet: &mut Worksheet, card: &Card, lang: Lang) -> Result<(), XlsxError> {
    let mut page = Page::begin(sheet, card, lang)?;
    page.head(&message!("paper-keep-running"))?;
    page.wide(card.keep_running.pick(lang))?;
    contacts(&mut page, card)?;
    signs(&mut page)?;
    page.finish(card)
}

/// Writes the sheet of duties: what is due to whom by when, with room for when it was sent under which number.
pub(super) fn law(sheet: &mut Worksheet, card: &Card, lang: Lang) -> Result<(), XlsxError> {
    let mut page = Page::begin(sheet, card, lang)?;
    duties(&mut page, card)?;
    page.finish(card)
}

impl<'a> Page<'a> {
    fn begin(sheet: &'a mut Worksheet, card: &Card, lang: Lang) -> Result<Self, XlsxError> {
        for (column, width) in (0_u16..).zip(WIDTHS) {
            sheet.set_column_width(column, width)?;
        }
        let mut page = Self { sheet, lang, row: 0 };
        page.line(&card.banner(lang), &base().set_bold())?;
        page.line(card.title.pick(lang), &title())?;
        let version = page.say(&message!("paper-version", version = card.version));
        page.line(&format!("{} · {version}", card.playbook), &base())?;
        Ok(page)
    }

    fn finish(self, card: &Card) -> Result<(), XlsxError> {
        on_paper(self.sheet, card, self.lang);
        self.sheet.set_print_area(0, 0, self.row, 4)?;
        Ok(())
    }
}

impl Page<'_> {
    fn say(&self, message: &Message) -> String {
        message.render(self.lang)
    }

    fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_with_format(self.row, 0, text, format)?;
        self.row += 1;
        Ok(())
    }

    fn head(&mut self, message: &Message) -> Result<(), XlsxError> {
        self.row += 1;
        let text = self.say(message);
        self.line(&text, &base().set_bold().set_font_size(11))
    }

    /// A text over the whole width.
    fn wide(&mut self, text: &str) -> Result<(), XlsxError> {
        let width: f64 = WIDTHS.iter().sum();
        self.sheet.merge_range(self.row, 0, self.row, 4, text, &cell())?;
        self.sheet.set_row_height(self.row, height(lines(text, width)))?;
        self.row += 1;
        Ok(())
    }

    fn headings(&mut self, headings: &[Message; 5]) -> Result<(), XlsxError> {
        for (column, message) in (0_u16..).zip(headings) {
            let text = self.say(message);
            self.sheet.write_with_format(self.row, column, text, &heading())?;
        }
        self.row += 1;
        Ok(())
    }

    /// A row that somebody writes in: `free` are the columns that are left empty for that.
    fn cells(&mut self, texts: &[&str; 5], free: &[usize]) -> Result<(), XlsxError> {
        let most = texts.iter().zip(WIDTHS).map(|(text, width)| lines(text, width)).max().unwrap_or(1);
        let by_hand = cell().set_background_color(Color::RGB(0x00FF_FDF0)).set_num_format("@");
        for (column, (place, text)) in (0_u16..).zip(texts.iter().enumerate()) {
            let format = if free.contains(&place) { by_hand.clone() } else { cell().set_num_format("@") };
            self.sheet.write_with_format(self.row, column, *text, &format)?;
        }
        self.sheet.set_row_height(self.row, height(most).max(BY_HAND))?;
        self.row += 1;
        Ok(())
    }
}

fn contacts(page: &mut Page<'_>, card: &Card) -> Result<(), XlsxError> {
    page.head(&message!("paper-contacts"))?;
    let checked = match &card.contacts_checked {
        Some(day) => message!("paper-contacts-checked", day = day.as_str()),
        None => message!("paper-contacts-never-checked"),
    };
    let checked = page.say(&checked);
    page.line(&checked, &base().set_italic())?;
    page.headings(&[
        message!("paper-contact-role"),
        message!("paper-contact-name"),
        message!("paper-contact-phones"),
        message!("paper-contact-second"),
        message!("paper-contact-until"),
    ])?;
    let lang = page.lang;
    for contact in &card.contacts {
        let mut role = contact.role.pick(lang).to_owned();
        if contact.deputy {
            role.push_str(&format!(" ({})", page.say(&message!("paper-contact-deputy"))));
        }
        let mut name = format!("{} ({})", contact.name.pick(lang), contact.id);
        if let Some(position) = &contact.position {
            name.push('\n');
            name.push_str(position.pick(lang));
        }
        let (phones, second) = (contact.phones.join(", "), contact.second_channel.as_deref().unwrap_or_default());
        let until = contact.until.as_deref().unwrap_or_default();
        page.cells(&[&role, &name, &phones, second, until], &[])?;
    }
    for _ in 0..SPARE_CONTACTS {
        page.cells(&[""; 5], &[0, 1, 2, 3, 4])?;
    }
    Ok(())
}

fn duties(page: &mut Page<'_>, card: &Card) -> Result<(), XlsxError> {
    page.head(&message!("paper-duties"))?;
    page.headings(&[
        message!("paper-duty-what"),
        message!("paper-duty-to"),
        message!("paper-duty-limit"),
        message!("paper-duty-sent"),
        message!("paper-duty-number"),
    ])?;
    // Over a page's end the headings stand again.
    page.sheet.set_repeat_rows(page.row - 1, page.row - 1)?;
    let lang = page.lang;
    let or_nothing = |text: &Option<Text>| text.as_ref().map(|text| text.pick(lang).to_owned()).unwrap_or_default();
    for duty in &card.duties {
        let what = format!("{}\n{}", duty.title.pick(lang), or_nothing(&duty.citation));
        page.cells(&[what.trim_end(), &or_nothing(&duty.to), duty.limit.pick(lang), "", ""], &[3, 4])?;
    }
    let enter = page.say(&message!("paper-duty-enter"));
    page.line(&enter, &base().set_italic())
}

/// Who signs below, with room for it.
fn signs(page: &mut Page<'_>) -> Result<(), XlsxError> {
    page.row += 1;
    let who = [message!("paper-sign-writer"), message!("paper-sign-operator"), message!("paper-sign-commander")];
    let help = page.say(&message!("paper-sign-help"));
    for (column, who) in (0_u16..).zip(&who) {
        let text = page.say(who);
        let middle = base().set_align(FormatAlign::Center);
        page.sheet.write_with_format(page.row, column, text, &middle.clone().set_bold())?;
        page.sheet.write_with_format(page.row + 1, column, &help, &middle.set_italic())?;
        page.sheet.write_blank(page.row + 2, column, &free())?;
    }
    page.sheet.set_row_height(page.row + 2, BY_HAND * 2.0)?;
    page.row += 2;
    Ok(())
}
