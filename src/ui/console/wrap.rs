//! Long lines broken between words, so that a narrow terminal does not break them inside.

use std::io::IsTerminal as _;

/// The narrowest and the widest that text is set to, in columns.
const NARROWEST: usize = 40;
const WIDEST: usize = 110;

/// The columns of the terminal on standard error; nothing where it is no terminal: a pipe gets lines as they are.
pub(crate) fn width() -> Option<usize> {
    let stderr = std::io::stderr();
    if !stderr.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&stderr).ok()?;
    Some(usize::from(size.ws_col).clamp(NARROWEST, WIDEST))
}

/// `text` with every line broken at `width` columns; what follows in a broken line stands two columns further in.
pub(crate) fn wrap(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let mut wrapped = String::with_capacity(text.len() + text.len() / 40);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        if columns(line) <= width {
            wrapped.push_str(line);
        } else {
            break_line(&mut wrapped, line, width);
        }
        wrapped.push_str(end);
    }
    wrapped
}

fn break_line(wrapped: &mut String, line: &str, width: usize) {
    let body = line.trim_start_matches(' ');
    let indent = line.len() - body.len();
    wrapped.push_str(&line[..indent]);
    let mut column = indent;
    for (index, word) in body.split(' ').enumerate() {
        let length = columns(word);
        if index > 0 {
            if column + 1 + length > width {
                wrapped.push('\n');
                wrapped.push_str(&" ".repeat(indent + 2));
                column = indent + 2;
            } else {
                wrapped.push(' ');
                column += 1;
            }
        }
        wrapped.push_str(word);
        column += length;
    }
}

/// How many columns a text takes: one a character (Vietnamese is written precomposed), none for colours.
fn columns(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for character in text.chars() {
        match character {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if inside => {}
            '\u{300}'..='\u{36f}' => {}
            _ => count += 1,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_set_in() {
        assert_eq!(wrap("một hai ba bốn\n", Some(9)), "một hai\n  ba bốn\n");
        assert_eq!(wrap("  one two three", Some(9)), "  one two\n    three");
        assert_eq!(wrap("a-word-that-is-too-long b", Some(9)), "a-word-that-is-too-long\n  b");
        assert_eq!(wrap("\u{1b}[1mone two\u{1b}[0m", Some(7)), "\u{1b}[1mone two\u{1b}[0m");
        assert_eq!(wrap("as it is, however long", None), "as it is, however long");
    }
}
