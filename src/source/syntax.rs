//! What the parser says of text that is no YAML, in words of both languages.

use crate::message::{Message, message};

/// What is wrong, and what to do, where there is a word for it; else the parser's own words.
pub(super) fn explain(detail: &str) -> (Message, Option<Message>) {
    let has = |part: &str| detail.contains(part);
    if has("tab") {
        return (message!("source-syntax-tab"), Some(message!("source-syntax-tab-help")));
    }
    if let Some(rest) = detail.strip_prefix("unexpected character: `") {
        let character = rest.trim_end_matches('\'').to_owned();
        return (
            message!("source-syntax-character", character = character),
            Some(message!("source-syntax-quote-help")),
        );
    }
    if has("mapping values are not allowed") || has("illegal placement of ':'") {
        return (message!("source-syntax-colon"), Some(message!("source-syntax-colon-help")));
    }
    if has("quoted scalar, found unexpected") {
        return (message!("source-syntax-quote-open"), None);
    }
    if has("escape") || has("hexadecimal") {
        return (message!("source-syntax-escape"), Some(message!("source-syntax-escape-help")));
    }
    if has("flow sequence, expected") {
        return (message!("source-syntax-missing", first = ",", second = "]"), None);
    }
    if has("flow mapping, did not find") {
        return (message!("source-syntax-missing", first = ",", second = "}"), None);
    }
    if has("misplaced bracket") {
        return (message!("source-syntax-bracket"), None);
    }
    if has("trailing content after") {
        return (message!("source-syntax-trailing"), None);
    }
    if has("simple key expect") || has("did not find expected key") {
        return (message!("source-syntax-key"), Some(message!("source-syntax-indent-help")));
    }
    let indentation =
        ["indentation", "indented", "expected '-'", "block sequence entries", "mapping keys are not allowed"];
    if indentation.iter().any(|part| has(part)) {
        return (message!("source-syntax-indent"), Some(message!("source-syntax-indent-help")));
    }
    if has("node content") || has("unexpected eof") || has("expected next token") {
        return (message!("source-syntax-value"), None);
    }
    (message!("source-yaml-syntax", detail = detail), None)
}
