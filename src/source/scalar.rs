//! What a plain scalar means: the core schema of YAML 1.2.

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In `'…'`.
    Single,
    /// In `"…"`.
    Double,
    /// After `|` or `>`.
    Block,
}

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// Nothing: empty, `~`, `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Any other text.
    Text,
}

/// What `text`, written in `style`, means.
#[must_use]
pub fn meaning(text: &str, style: Style) -> Meaning {
    if style != Style::Plain {
        return Meaning::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "true" | "True" | "TRUE" => return Meaning::Boolean(true),
        "false" | "False" | "FALSE" => return Meaning::Boolean(false),
        ".nan" | ".NaN" | ".NAN" => return Meaning::Real(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Meaning::Real(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Meaning::Real(f64::NEG_INFINITY),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return Meaning::Text;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return match i64::from_str_radix(digits, radix) {
                Ok(number) if !digits.starts_with(['+', '-']) => Meaning::Integer(number),
                _ => Meaning::Text,
            };
        }
    }
    if let Ok(number) = text.parse() {
        return Meaning::Integer(number);
    }
    let shape = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if shape => Meaning::Real(number),
        _ => Meaning::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_scalars_are_more_than_text() {
        for (text, expected) in [
            ("", Meaning::Null),
            ("~", Meaning::Null),
            ("true", Meaning::Boolean(true)),
            ("yes", Meaning::Text),
            ("12", Meaning::Integer(12)),
            ("-7", Meaning::Integer(-7)),
            ("0x1f", Meaning::Integer(31)),
            ("1.5", Meaning::Real(1.5)),
            ("1e3", Meaning::Real(1000.0)),
            ("4h", Meaning::Text),
            ("2021-03-01", Meaning::Text),
            ("infinity", Meaning::Text),
            ("-", Meaning::Text),
        ] {
            assert_eq!(meaning(text, Style::Plain), expected, "{text}");
            assert_eq!(meaning(text, Style::Double), Meaning::Text, "{text}");
        }
    }
}
