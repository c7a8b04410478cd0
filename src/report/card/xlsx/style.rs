//! How the sheets look: A4 landscape, cells that are high and wide enough to write in by hand, the same line on every page.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::message::message;
use crate::model::{Lang, RunId};
use crate::report::card::Card;

/// Points that a line of text takes.
pub(super) const LINE: f64 = 12.5;
/// The least height of a row that is written in by hand, in points: a line of handwriting once the page is scaled to A4.
pub(super) const BY_HAND: f64 = 26.0;
/// How many lines a row holds at most: a spreadsheet's rows are at most 409 points high.
pub(super) const MOST_LINES: usize = 30;
/// How long the parts of a header may be together: Excel takes 255 characters.
const MOST_HEADER: usize = 240;

pub(super) fn base() -> Format {
    Format::new().set_font_name("Arial").set_font_size(9)
}

pub(super) fn title() -> Format {
    base().set_bold().set_font_size(13)
}

pub(super) fn cell() -> Format {
    base()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0x009A_A0A6))
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

pub(super) fn heading() -> Format {
    cell().set_bold().set_background_color(Color::RGB(0x00E3_E9F1)).set_align(FormatAlign::VerticalCenter)
}

/// A line to write on.
pub(super) fn free() -> Format {
    base().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Left)
}

/// A4 landscape, as wide as the page; unit, banner, run, version and page on every one.
pub(super) fn on_paper(sheet: &mut Worksheet, card: &Card, lang: Lang) {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    let version = message!("paper-version", version = card.version).render(lang);
    let (unit, banner) = (card.unit.clone().unwrap_or_default(), card.banner(lang));
    let run = card.run.as_ref().map(RunId::as_str).unwrap_or_default();
    let which = [run, &card.playbook, &version].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let which = which.join(" · ");
    let printed = message!("paper-head-printed").render(lang);
    let made = format!("{} · {printed}: ……………………", card.standing(lang));
    let digest = card.digest.as_deref().map(|digest| format!("SHA-256 {digest}")).unwrap_or_default();
    // The unit's name is the one that may be long; what says which sheet this is stays whole.
    let left = MOST_HEADER.saturating_sub(banner.chars().count() + which.chars().count());
    let unit: String = unit.chars().take(left).collect();
    sheet.set_header(format!("&L&8{}&C&\"Arial,Bold\"&9{}&R&8{}", plain(&unit), plain(&banner), plain(&which)));
    sheet.set_footer(format!("&L&8{}&C&6{}&R&8&P/&N", plain(&made), plain(&digest)));
}

/// Text for a header: an ampersand begins a code there, and a digit after a size belongs to the size.
fn plain(text: &str) -> String {
    format!(" {}", text.replace('&', "&&").replace('\n', " "))
}

/// About how many lines a text takes in a column of this width, rather more than fewer: what a row does not hold is not printed.
/// A width counts digits of a larger font; of our letters half as many more go into it.
pub(super) fn lines(text: &str, width: f64) -> usize {
    wrapped(text, width).len().max(1)
}

/// The height of a row with so many lines, in points.
pub(super) fn height(lines: usize) -> f64 {
    LINE * f64::from(u32::try_from(lines.min(MOST_LINES)).unwrap_or(u32::MAX)) + 3.0
}

/// `text` in pieces that a row can hold, at the ends of lines.
pub(super) fn pieces(text: &str, width: f64) -> Vec<String> {
    let lines = wrapped(text, width);
    if lines.len() <= MOST_LINES {
        return vec![text.to_owned()];
    }
    lines.chunks(MOST_LINES).map(|lines| lines.join("\n")).collect()
}

/// The lines of a text as a column of this width breaks them, about.
fn wrapped(text: &str, width: f64) -> Vec<String> {
    let characters = (1..1000_u32).take_while(|count| f64::from(*count) <= width * 1.3).count().max(4);
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut now = String::new();
        for word in line.split_inclusive(' ') {
            if !now.is_empty() && now.chars().count() + word.trim_end().chars().count() > characters {
                lines.push(std::mem::take(&mut now).trim_end().to_owned());
            }
            now.push_str(word);
            // A word that is longer than the column is cut by the program that shows it.
            while now.chars().count() > characters + 1 {
                let rest = now.split_off(now.char_indices().nth(characters).map_or(now.len(), |(at, _)| at));
                lines.push(std::mem::replace(&mut now, rest));
            }
        }
        lines.push(now.trim_end().to_owned());
    }
    lines
}
