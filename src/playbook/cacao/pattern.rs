//! Conditions: our expressions as comparisons of STIX patterning, as far as these go.

use crate::playbook::lint::{Kind, Tree, parse};

/// The variable for a name of our expressions: `steps.look.machines` is `__steps-look-machines__`.
pub(super) fn variable(words: &[&str]) -> Option<String> {
    let name = words.join("-");
    (name.len() <= 200).then(|| format!("__{name}__"))
}

/// A condition, and the names in it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) names: Vec<String>,
}

/// `expression` as a comparison; nothing where STIX patterning has no word for it.
pub(super) fn condition(expression: &str) -> Option<Condition> {
    let tree = parse(expression).ok()?;
    let mut writer = Writer { source: expression.chars().collect(), names: Vec::new() };
    let text = writer.truth(&tree)?;
    Some(Condition { text, names: writer.names })
}

/// The words of an expression that is one name and nothing else.
pub(super) fn name(expression: &str) -> Option<String> {
    match parse(expression).ok()?.kind {
        Kind::Name(words) => Some(words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(".")),
        _ => None,
    }
}

struct Writer {
    source: Vec<char>,
    names: Vec<String>,
}

impl Writer {
    fn slice(&self, from: usize, to: usize) -> String {
        self.source.get(from..to.max(from)).map(|chars| chars.iter().collect()).unwrap_or_default()
    }

    /// The words that stand between two parts.
    fn between(&self, left: &Tree, right: &Tree) -> String {
        let text = self.slice(left.at + left.length, right.at);
        text.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')').to_owned()
    }

    fn truth(&mut self, tree: &Tree) -> Option<String> {
        match &tree.kind {
            Kind::Both(left, right) => {
                let word = match self.between(left, right).as_str() {
                    "and" => "AND",
                    "or" => "OR",
                    _ => return None,
                };
                let (left, right) = (self.part(left)?, self.part(right)?);
                Some(format!("{left} {word} {right}"))
            }
            Kind::Compare(sign, left, right) => self.compare(sign, left, right),
            Kind::In(left, right) => {
                let not = match self.between(left, right).split_whitespace().collect::<Vec<_>>().as_slice() {
                    ["in"] => "",
                    ["not", "in"] => "NOT ",
                    _ => return None,
                };
                let Kind::List(items) = &right.kind else { return None };
                let items = items.iter().map(|item| self.literal(item)).collect::<Option<Vec<_>>>()?;
                Some(format!("{} {not}IN ({})", self.name(left)?, items.join(",")))
            }
            Kind::Name(_) => Some(format!("{} = true", self.name(tree)?)),
            Kind::Not(inner) => match &inner.kind {
                Kind::Name(_) => Some(format!("{} = false", self.name(inner)?)),
                Kind::Compare(sign, left, right) => {
                    let other = match *sign {
                        "==" => "!=",
                        "!=" => "==",
                        "<" => ">=",
                        "<=" => ">",
                        ">" => "<=",
                        _ => "<",
                    };
                    self.compare(other, left, right)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A part of a longer condition.
    fn part(&mut self, tree: &Tree) -> Option<String> {
        let text = self.truth(tree)?;
        Some(if matches!(tree.kind, Kind::Both(..)) { format!("({text})") } else { text })
    }

    fn compare(&mut self, sign: &str, left: &Tree, right: &Tree) -> Option<String> {
        let sign = if sign == "==" { "=" } else { sign };
        if let Some(literal) = self.literal(left) {
            // A comparison of STIX has its name on the left.
            let turned = match sign {
                "<" => ">",
                "<=" => ">=",
                ">" => "<",
                ">=" => "<=",
                same => same,
            };
            return Some(format!("{} {turned} {literal}", self.name(right)?));
        }
        let name = self.name(left)?;
        let value = self.literal(right).or_else(|| self.name(right))?;
        Some(format!("{name} {sign} {value}"))
    }

    fn literal(&self, tree: &Tree) -> Option<String> {
        match &tree.kind {
            Kind::Text(text) => Some(format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))),
            Kind::Number => Some(self.slice(tree.at, tree.at + tree.length).trim_matches(['(', ')', ' ']).to_owned()),
            Kind::Truth => {
                Some(self.slice(tree.at, tree.at + tree.length).trim_matches(['(', ')', ' ']).to_lowercase())
            }
            _ => None,
        }
    }

    fn name(&mut self, tree: &Tree) -> Option<String> {
        match &tree.kind {
            Kind::Name(words) => {
                let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                self.names.push(words.join("."));
                Some(format!("{}:value", variable(&words)?))
            }
            // A captured text is made a number: a comparison with a number does that by itself.
            Kind::Filter(inner, word, _) if matches!(word.text.as_str(), "int" | "float") => self.name(inner),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stix_can_say_is_said_in_its_words() {
        for (ours, theirs) in [
            (
                "steps.a.x|int > 3 and run.mode == 'technical'",
                "__steps-a-x__:value > 3 AND __run-mode__:value = 'technical'",
            ),
            (
                "(a or not b) and c in ['x', 'y']",
                "(__a__:value = true OR __b__:value = false) AND __c__:value IN ('x','y')",
            ),
            ("3 <= a.b", "__a-b__:value >= 3"),
            ("a not in [1, 2]", "__a__:value NOT IN (1,2)"),
            ("not a == 'it\\'s'", "__a__:value != 'it\\'s'"),
            ("a.b <= c.d", "__a-b__:value <= __c-d__:value"),
        ] {
            assert_eq!(condition(ours).map(|found| found.text).as_deref(), Some(theirs), "{ours}");
        }
        for ours in ["a + 1 > 2", "a is defined", "not (a and b)", "a|default(1) > 0", "true"] {
            assert_eq!(condition(ours), None, "{ours}");
        }
    }
}
