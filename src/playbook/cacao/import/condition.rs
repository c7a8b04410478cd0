//! Comparisons of STIX patterning as expressions of ours, as far as these are simple.

/// What a variable is in our expressions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// The expression that gives its value.
    pub(super) expression: String,
    /// What kind of value.
    pub(super) kind: ValueKind,
}

/// The kinds of values that comparisons tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Text,
    Number,
    Truth,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Variable(String),
    Text(String),
    Number(String),
    Word(String),
    Sign(String),
}

/// Conditions longer than this are for people.
const LONGEST: usize = 400;

/// `condition` as an expression; nothing where it is more than comparisons of known variables.
pub(super) fn expression(condition: &str, known: &dyn Fn(&str) -> Option<Known>) -> Option<String> {
    if condition.len() > LONGEST {
        return None;
    }
    let inner = condition.trim();
    let inner = inner.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(inner);
    let mut parser = Parser { tokens: tokens(inner)?, next: 0, depth: 0, known };
    let text = parser.either()?;
    (parser.next == parser.tokens.len()).then_some(text)
}

/// `text` in the quotes of our expressions; nothing where it cannot stand there.
pub(super) fn quoted(text: &str) -> Option<String> {
    if text.contains("{{") || text.contains("}}") || text.chars().any(char::is_control) {
        return None;
    }
    Some(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")))
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let start = at;
        match c {
            _ if c.is_whitespace() => at += 1,
            '\'' | '"' => {
                let mut content = String::new();
                at += 1;
                loop {
                    match *chars.get(at)? {
                        '\\' => {
                            content.push(*chars.get(at + 1)?);
                            at += 2;
                        }
                        end if end == c => break,
                        other => {
                            content.push(other);
                            at += 1;
                        }
                    }
                }
                at += 1;
                // Some write the variable itself in quotes.
                let variable = content.strip_suffix(":value").filter(|name| is_variable(name));
                all.push(match variable {
                    Some(name) => Token::Variable(name.to_owned()),
                    None => Token::Text(content),
                });
            }
            '_' | 'a'..='z' | 'A'..='Z' => {
                while chars.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':')) {
                    at += 1;
                }
                let word: String = chars[start..at].iter().collect();
                let name = word.strip_suffix(":value").unwrap_or(&word);
                all.push(if is_variable(name) { Token::Variable(name.to_owned()) } else { Token::Word(word) });
            }
            '0'..='9' | '-' => {
                at += 1;
                while chars.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
                    at += 1;
                }
                let number: String = chars[start..at].iter().collect();
                number.parse::<f64>().ok()?;
                if number.ends_with('.') {
                    return None;
                }
                all.push(Token::Number(number));
            }
            '(' | ')' | ',' => {
                at += 1;
                all.push(Token::Sign(c.to_string()));
            }
            '=' | '!' | '<' | '>' => {
                while chars.get(at).is_some_and(|c| matches!(c, '=' | '!' | '<' | '>')) {
                    at += 1;
                }
                all.push(Token::Sign(chars[start..at].iter().collect()));
            }
            _ => return None,
        }
    }
    Some(all)
}

/// Whether `name` has the form of a variable.
pub(super) fn is_variable(name: &str) -> bool {
    let inner = name.strip_prefix("__").and_then(|name| name.strip_suffix("__"));
    inner.is_some_and(|inner| {
        inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    })
}

struct Parser<'k> {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    known: &'k dyn Fn(&str) -> Option<Known>,
}

enum Operand {
    Variable(Known),
    Text(String),
    Number(String),
    Truth(bool),
}

impl Parser<'_> {
    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Sign(sign)) if sign == wanted);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.next += usize::from(found);
        found
    }

    fn either(&mut self) -> Option<String> {
        let mut text = self.all()?;
        while self.word("OR") {
            text = format!("{text} or {}", self.all()?);
        }
        Some(text)
    }

    fn all(&mut self) -> Option<String> {
        let mut text = self.one()?;
        while self.word("AND") {
            text = format!("{text} and {}", self.one()?);
        }
        Some(text)
    }

    fn one(&mut self) -> Option<String> {
        if self.sign("(") {
            self.depth += 1;
            if self.depth > 16 {
                return None;
            }
            let text = self.either()?;
            self.depth -= 1;
            return self.sign(")").then(|| format!("({text})"));
        }
        let left = self.operand()?;
        let not = self.word("NOT");
        if self.word("IN") {
            return self.within(&left, not);
        }
        let Some(Token::Sign(sign)) = self.tokens.get(self.next).cloned() else { return None };
        self.next += 1;
        let sign = match (sign.as_str(), not) {
            ("=" | "==", false) | ("!=" | "<>", true) => "==",
            ("!=" | "<>", false) | ("=" | "==", true) => "!=",
            ("<", false) | (">=", true) => "<",
            ("<=", false) | (">", true) => "<=",
            (">", false) | ("<=", true) => ">",
            (">=", false) | ("<", true) => ">=",
            _ => return None,
        };
        let right = self.operand()?;
        match (left, right) {
            (Operand::Variable(left), Operand::Variable(right)) => {
                let fits = left.kind == right.kind
                    && (left.kind == ValueKind::Number
                        || (left.kind == ValueKind::Text && matches!(sign, "==" | "!=")));
                fits.then(|| format!("{} {sign} {}", left.expression, right.expression))
            }
            (Operand::Variable(left), literal) => compare(&left, sign, &literal),
            (literal, Operand::Variable(right)) => {
                let turned = match sign {
                    "<" => ">",
                    "<=" => ">=",
                    ">" => "<",
                    ">=" => "<=",
                    same => same,
                };
                compare(&right, turned, &literal)
            }
            _ => None,
        }
    }

    fn operand(&mut self) -> Option<Operand> {
        let token = self.tokens.get(self.next)?.clone();
        self.next += 1;
        match token {
            Token::Variable(name) => (self.known)(&name).map(Operand::Variable),
            Token::Text(text) => Some(Operand::Text(text)),
            Token::Number(number) => Some(Operand::Number(number)),
            Token::Word(word) if word.eq_ignore_ascii_case("true") => Some(Operand::Truth(true)),
            Token::Word(word) if word.eq_ignore_ascii_case("false") => Some(Operand::Truth(false)),
            Token::Word(_) | Token::Sign(_) => None,
        }
    }

    fn within(&mut self, left: &Operand, not: bool) -> Option<String> {
        let Operand::Variable(variable) = left else { return None };
        if !self.sign("(") {
            return None;
        }
        let mut items = Vec::new();
        loop {
            items.push(match (self.operand()?, variable.kind) {
                (Operand::Text(text), ValueKind::Text) => quoted(&text)?,
                (Operand::Number(number), ValueKind::Number) => number,
                _ => return None,
            });
            if self.sign(")") {
                break;
            }
            if !self.sign(",") {
                return None;
            }
        }
        let word = if not { "not in" } else { "in" };
        Some(format!("{} {word} [{}]", variable.expression, items.join(", ")))
    }
}

fn compare(variable: &Known, sign: &str, literal: &Operand) -> Option<String> {
    let expression = &variable.expression;
    let equal = matches!(sign, "==" | "!=");
    match (variable.kind, literal) {
        (ValueKind::Truth, Operand::Truth(truth)) if equal => {
            Some(if *truth == (sign == "==") { expression.clone() } else { format!("not {expression}") })
        }
        (ValueKind::Truth, Operand::Text(text)) if equal => {
            let truth = text.to_ascii_lowercase().parse().ok()?;
            compare(variable, sign, &Operand::Truth(truth))
        }
        (ValueKind::Number, Operand::Number(number)) => Some(format!("{expression} {sign} {number}")),
        (ValueKind::Number, Operand::Text(text)) => {
            let number: i64 = text.parse().ok()?;
            Some(format!("{expression} {sign} {number}"))
        }
        (ValueKind::Text, Operand::Text(text) | Operand::Number(text)) if equal => {
            Some(format!("{expression} {sign} {}", quoted(text)?))
        }
        (ValueKind::Text, Operand::Truth(truth)) if equal => Some(format!("{expression} {sign} '{truth}'")),
        (ValueKind::Text, Operand::Number(number)) => Some(format!("{expression}|float {sign} {number}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_comparisons_become_expressions_and_the_rest_is_for_people() {
        let known = |name: &str| {
            let kind = match name {
                "__text__" => ValueKind::Text,
                "__count__" => ValueKind::Number,
                "__flag__" => ValueKind::Truth,
                _ => return None,
            };
            Some(Known { expression: format!("inputs.{}", name.trim_matches('_')), kind })
        };
        for (theirs, ours) in [
            ("__text__:value = 'a'", Some("inputs.text == 'a'")),
            ("__text__ != '01-01-2025'", Some("inputs.text != '01-01-2025'")),
            ("['__text__:value' == \"it's\"]", Some("inputs.text == 'it\\'s'")),
            ("5 < __count__:value AND NOT_KNOWN = 1", None),
            (
                "5 < __count__:value AND (__flag__:value = false OR __text__:value IN ('a', 'b'))",
                Some("inputs.count > 5 and (not inputs.flag or inputs.text in ['a', 'b'])"),
            ),
            ("__count__:value NOT > '7'", Some("inputs.count <= 7")),
            ("__text__:value > 3.5", Some("inputs.text|float > 3.5")),
            ("__other__:value = 'a'", None),
            ("[ipv4-addr:value = '1.2.3.4']", None),
            ("__text__:value LIKE 'a%'", None),
            ("__text__:value = '{{ x }}'", None),
            ("", None),
            ("((((((((((((((((((__flag__:value = true))))))))))))))))))", None),
        ] {
            assert_eq!(expression(theirs, &known).as_deref(), ours, "{theirs}");
        }
    }
}
