//! Numbers and days as documents write them.

use crate::message::message;
use crate::model::Lang;
use crate::policy::layouts::Layout;
use crate::report::document::Document;

/// Two digits at least: `05`, `12`. A number that is no number stays as it is; without one there is room to write it.
#[must_use]
pub fn two_digits(number: Option<&str>) -> String {
    match number.map(str::trim).filter(|number| !number.is_empty()) {
        Some(number) if number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()) => format!("0{number}"),
        Some(number) => number.to_owned(),
        // Spaces that do not break, for a hand or a stamp.
        None => "\u{a0}".repeat(8),
    }
}

/// Number and symbol by the layout: `Số: 05/BB-SKHCN`, `Số 05-BB/ĐU`; for a letter, which has no `kind`, `Số: 05/SKHCN-CNTT`.
#[must_use]
pub fn numbered(layout: &Layout, number: Option<&str>, kind: &str, symbol: Option<&str>) -> String {
    let symbol = symbol.filter(|symbol| !symbol.is_empty()).map_or_else(|| "…".to_owned(), str::to_owned);
    let pattern = if kind.is_empty() { &layout.words.letter_number } else { &layout.words.number };
    // A number may be given whole: `05/BB-SKHCN`.
    if let Some((count, rest)) = number.and_then(|number| number.split_once('/')) {
        let before = pattern.split('{').next().unwrap_or_default();
        return format!("{before}{}/{rest}", two_digits(Some(count)));
    }
    pattern.replace("{number}", &two_digits(number)).replace("{kind}", kind).replace("{symbol}", &symbol)
}

/// The letters of the kind in a number that is given whole, such as `KH` in `05/KH-SKHCN`; nothing where it has none.
#[must_use]
pub fn letters_of(number: &str) -> Option<&str> {
    let (_, rest) = number.split_once('/')?;
    rest.split_once('-').map(|(letters, _)| letters).filter(|letters| !letters.is_empty())
}

/// `ngày 08 tháng 8 năm 2025`: a day below 10 and the months 1 and 2 take a leading zero (Decree 30/2020/NĐ-CP, Annex I,
/// II.4.b). Without a day there is room to write one.
#[must_use]
pub fn day_in_words(day: Option<(i16, i8, i8)>, lang: Lang) -> String {
    let room = || "\u{a0}".repeat(6);
    let (year, month, day) = match day {
        Some((year, month, day)) => {
            let month = if month <= 2 { format!("{month:02}") } else { month.to_string() };
            (year.to_string(), month, format!("{day:02}"))
        }
        None => (room(), room(), room()),
    };
    message!("document-day", day = day, month = month, year = year).render(lang)
}

/// What an annex is called: `Phụ lục II`; one that stands alone `Phụ lục`.
#[must_use]
pub fn annex_name(document: &Document, number: usize) -> String {
    let alone = document.annexes.len() == 1;
    let name = document.layout.words.annex.replace("{n}", &if alone { String::new() } else { roman(number) });
    name.trim_end().to_owned()
}

/// Roman digits: `I`, `II`, `XIV`. From 1.
#[must_use]
pub fn roman(number: usize) -> String {
    const DIGITS: [(usize, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut rest = number;
    let mut text = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            text.push_str(digit);
            rest -= value;
        }
    }
    text
}

/// `a`, `b`, … in the order of the Latin alphabet; `aa` after `z`.
pub(super) fn letter(number: usize) -> String {
    let index = number.saturating_sub(1);
    let one = |index: usize| char::from(b'a' + u8::try_from(index % 26).unwrap_or_default());
    if index < 26 { one(index).to_string() } else { format!("{}{}", one(index / 26 - 1), one(index)) }
}

/// Counts headings: a new one of a level begins those below it anew.
#[derive(Default)]
pub(super) struct Headings([usize; 3]);

impl Headings {
    /// The number of the next heading of `level`, by the layout.
    pub(super) fn next(&mut self, layout: &Layout, level: u8) -> String {
        let at = usize::from(level.clamp(1, 3)) - 1;
        self.0[at] += 1;
        for below in &mut self.0[at + 1..] {
            *below = 0;
        }
        let number = self.0[at];
        layout.words.levels[at]
            .replace("{I}", &roman(number))
            .replace("{1}", &number.to_string())
            .replace("{a}", &letter(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_decree_writes_them() {
        assert_eq!(two_digits(Some("5")), "05");
        assert_eq!(two_digits(Some("12")), "12");
        assert_eq!([letters_of("5/KH-SKHCN"), letters_of("5/SKHCN"), letters_of("5")], [Some("KH"), None, None]);
        assert_eq!([1, 4, 9, 14, 40].map(roman), ["I", "IV", "IX", "XIV", "XL"]);
        assert_eq!([1, 26, 27, 52, 53].map(letter), ["a", "z", "aa", "az", "ba"]);
        assert_eq!(day_in_words(Some((2026, 2, 6)), Lang::Vi), "ngày 06 tháng 02 năm 2026");
        assert_eq!(day_in_words(Some((2026, 8, 19)), Lang::Vi), "ngày 19 tháng 8 năm 2026");
    }
}
