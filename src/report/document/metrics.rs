//! How wide a line of text is in Times, to draw a line under it of its own length or of a part of it.

use unicode_normalization::UnicodeNormalization;

/// Advance widths of the characters from space to `~`, in thousandths of the size (Adobe Times-Roman 2.0 metrics, which Times
/// New Roman and Liberation Serif share).
const ROMAN: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];

/// The same of Times-Bold.
const BOLD: [u16; 95] = [
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944,
    722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581, 500, 333, 500, 556, 444, 556,
    444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444, 394,
    220, 394, 520,
];

/// The width of `text` in hundredths of a millimetre, at `size` points. Vietnamese letters are as wide as those under their
/// marks.
pub(in crate::report) fn width(text: &str, size: u16, bold: bool) -> u32 {
    let table = if bold { &BOLD } else { &ROMAN };
    let thousandths: u64 = text
        .nfd()
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}'))
        .map(|c| {
            let c = match c {
                'Đ' => 'D',
                'đ' => 'd',
                '\u{a0}' => ' ',
                '–' | '—' | '…' => return 700,
                c => c,
            };
            let index = (c as usize).checked_sub(32);
            u64::from(index.and_then(|index| table.get(index)).copied().unwrap_or(600))
        })
        .sum();
    // A point is 35.28 hundredths of a millimetre.
    u32::try_from(thousandths * u64::from(size) * 3528 / 100_000).unwrap_or(u32::MAX)
}

/// The width of the longest line that `text` breaks into where `room` hundredths of a millimetre are there.
pub(super) fn longest_line(text: &str, size: u16, bold: bool, room: u32) -> u32 {
    let (mut line, mut longest) = (String::new(), 0);
    for word in text.split_whitespace() {
        let with = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        line = if width(&with, size, bold) <= room { with } else { word.to_owned() };
        longest = longest.max(width(&line, size, bold));
    }
    longest
}

/// The lines that `text` is set in where `room` hundredths of a millimetre are there. Where two are needed, they are as equally
/// long as can be: no last word stands alone.
pub(super) fn lines(text: &str, size: u16, bold: bool, room: u32) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if width(text, size, bold) <= room {
        return vec![words.join(" ")];
    }
    let long = |words: &[&str]| width(&words.join(" "), size, bold);
    let halves = (1..words.len()).map(|at| words.split_at(at));
    let fitting = halves.filter(|(first, second)| long(first) <= room && long(second) <= room);
    match fitting.min_by_key(|(first, second)| long(first).abs_diff(long(second))) {
        Some((first, second)) => vec![first.join(" "), second.join(" ")],
        // More than two lines break where they are full.
        None => vec![words.join(" ")],
    }
}
