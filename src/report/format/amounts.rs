//! Amounts as reports write them: times on screens and in documents, counts.

use std::time::Duration;

use crate::message::format;
use crate::model::Lang;

pub(in crate::report) fn seconds(value: u64, lang: Lang) -> String {
    format::duration(Duration::from_secs(value), lang)
}

/// As [`seconds`], but to the second at any length: `1 giờ 2 giây`.
pub(in crate::report) fn exact(value: u64, lang: Lang) -> String {
    let (whole, rest) = (value / 60 * 60, value % 60);
    if value < 3600 || rest == 0 {
        return seconds(value, lang);
    }
    format!("{} {}", seconds(whole, lang), seconds(rest, lang))
}

/// An amount of time as documents write it beside another that it is held against: to the second where both would read alike.
pub(in crate::report) fn beside(value: u64, other: Option<u64>, lang: Lang) -> String {
    let alike = other.is_some_and(|other| other != value && seconds(other, lang) == seconds(value, lang));
    if alike { padded(&exact(value, lang), lang) } else { lasting(value, lang) }
}

/// As [`seconds`], as documents write it: in Vietnamese an amount below 10 has a leading zero, `01 giờ 42 phút`.
pub(in crate::report) fn lasting(value: u64, lang: Lang) -> String {
    padded(&seconds(value, lang), lang)
}

/// A count as documents write it: below 10 with a leading zero in Vietnamese.
pub(in crate::report) fn counted(count: u64, lang: Lang) -> String {
    let text = format::number(count, lang);
    if lang == Lang::Vi && (1..10).contains(&count) { format!("0{text}") } else { text }
}

/// Amounts of time in a text as documents write them.
pub(in crate::report) fn padded(text: &str, lang: Lang) -> String {
    const UNITS: [&str; 4] = ["ngày", "giờ", "phút", "giây"];
    if lang != Lang::Vi {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split(' ').collect();
    let one =
        |word: &str| matches!(word.trim_start_matches(['(', '"']), "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9");
    let unit = |word: Option<&&str>| {
        word.is_some_and(|word| UNITS.contains(&word.trim_end_matches(|c: char| !c.is_alphabetic())))
    };
    let pad = |(at, word): (usize, &&str)| {
        if one(word) && unit(words.get(at + 1)) {
            let digit = word.len() - 1;
            format!("{}0{}", &word[..digit], &word[digit..])
        } else {
            (*word).to_owned()
        }
    };
    words.iter().enumerate().map(pad).collect::<Vec<_>>().join(" ")
}

/// Shorter than a minute with tenths: what a step took.
pub(in crate::report) fn millis(value: u64, lang: Lang) -> String {
    if value >= 60_000 {
        return format::duration(Duration::from_millis(value), lang);
    }
    let point = match lang {
        Lang::Vi => ',',
        Lang::En => '.',
    };
    let tenths = (value + 50) / 100;
    if tenths == 0 {
        return match lang {
            Lang::Vi => "< 0,1 giây".to_owned(),
            Lang::En => "< 0.1 s".to_owned(),
        };
    }
    let unit = match lang {
        Lang::Vi => "giây",
        Lang::En => "s",
    };
    format!("{}{point}{} {unit}", tenths / 10, tenths % 10)
}

/// A whole number that may be below nothing.
pub(in crate::report) fn signed(value: i64, lang: Lang) -> String {
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{}", format::number(value.unsigned_abs(), lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_times_that_would_read_alike_are_told_to_the_second() {
        let both = |one, other| (beside(one, Some(other), Lang::Vi), beside(other, Some(one), Lang::Vi));
        let check =
            |one, other, said: (&str, &str)| assert_eq!(both(one, other), (said.0.to_owned(), said.1.to_owned()));
        check(3602, 3600, ("01 giờ 02 giây", "01 giờ"));
        check(3600, 3600, ("01 giờ", "01 giờ"));
        check(3725, 3600, ("01 giờ 02 phút", "01 giờ"));
        check(59, 60, ("59 giây", "01 phút"));
        assert_eq!(beside(3602, None, Lang::Vi), "01 giờ");
    }
}
