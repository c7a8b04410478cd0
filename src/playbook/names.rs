//! Which names an expression rests on, without working it out.

use super::expression::{Piece, pieces};

/// The dotted names in an expression: `inputs.system.id`, `steps.look.exit`. Quoted texts are left out.
pub(crate) fn names(expression: &str) -> Vec<&str> {
    let bytes = expression.as_bytes();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut found = Vec::new();
    let mut at = 0;
    let mut quote = None;
    while at < bytes.len() {
        let byte = bytes[at];
        if let Some(open) = quote {
            if byte == b'\\' {
                at += 1;
            } else if byte == open {
                quote = None;
            }
            at += 1;
        } else if byte == b'"' || byte == b'\'' {
            quote = Some(byte);
            at += 1;
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            let start = at;
            while at < bytes.len()
                && (word(bytes[at]) || (bytes[at] == b'.' && bytes.get(at + 1).is_some_and(|b| word(*b))))
            {
                at += 1;
            }
            found.push(&expression[start..at]);
        } else {
            at += 1;
        }
    }
    found
}

/// The expressions inside a template.
pub(crate) fn expressions(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Expression { source, .. } => Some(source.trim()),
        Piece::Literal(_) | Piece::Open(_) => None,
    })
}

/// Whether a template names a secret.
pub(crate) fn has_secret(template: &str) -> bool {
    template.contains("{{") && expressions(template).flat_map(names).any(|name| name.starts_with("secret."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_their_members_and_quoted_texts_are_not_names() {
        assert_eq!(
            names("inputs.a.b == 'steps.x' and not steps.look.exit > 3 | default(\"each.y\")"),
            ["inputs.a.b", "and", "not", "steps.look.exit", "default"]
        );
    }
}
