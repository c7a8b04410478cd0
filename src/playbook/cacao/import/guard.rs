//! When a step is carried out: any of several ways to reach it, each a row of conditions that all hold.

/// The longest expression that a playbook may hold.
const LONGEST: usize = crate::playbook::expression::LONGEST_EXPRESSION;

/// A condition that holds or not, and its opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    /// The expression where it holds.
    pub(super) yes: String,
    /// The expression where it does not.
    pub(super) no: String,
    /// Which of the two is meant.
    pub(super) holds: bool,
}

impl Atom {
    fn opposite(&self, other: &Self) -> bool {
        self.yes == other.yes && self.no == other.no && self.holds != other.holds
    }

    fn text(&self) -> &str {
        if self.holds { &self.yes } else { &self.no }
    }
}

/// The ways to reach a step. One way without conditions: always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guard(Vec<Vec<Atom>>);

impl Guard {
    /// Always.
    pub(super) fn always() -> Self {
        Self(vec![Vec::new()])
    }

    /// Whether nothing has to hold.
    pub(super) fn is_always(&self) -> bool {
        self.0.iter().any(Vec::is_empty)
    }

    /// The same, where this holds too.
    pub(super) fn and(&self, atom: &Atom) -> Self {
        let with = |way: &Vec<Atom>| {
            let mut way = way.clone();
            if !way.contains(atom) {
                way.push(atom.clone());
            }
            way
        };
        Self(self.0.iter().map(with).collect())
    }

    /// This or the other, as simple as can be.
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut ways = self.0.clone();
        ways.extend(other.0.iter().cloned());
        while let Some((first, second, merged)) = merge(&ways) {
            ways.remove(second);
            ways[first] = merged;
        }
        Self(ways)
    }

    /// The expression; nothing where it always holds. `Err` where it is longer than a playbook may hold.
    pub(super) fn expression(&self) -> Result<Option<String>, ()> {
        if self.is_always() {
            return Ok(None);
        }
        let ways: Vec<String> =
            self.0.iter().map(|way| way.iter().map(Atom::text).collect::<Vec<_>>().join(" and ")).collect();
        let text = match ways.as_slice() {
            [one] => one.clone(),
            several => several.iter().map(|way| format!("({way})")).collect::<Vec<_>>().join(" or "),
        };
        if text.chars().count() > LONGEST { Err(()) } else { Ok(Some(text)) }
    }
}

/// Two ways that are one: equal, one contained in the other, or different in one condition and its opposite only.
fn merge(ways: &[Vec<Atom>]) -> Option<(usize, usize, Vec<Atom>)> {
    for first in 0..ways.len() {
        for second in first + 1..ways.len() {
            let (a, b) = (&ways[first], &ways[second]);
            if a.iter().all(|atom| b.contains(atom)) {
                return Some((first, second, a.clone()));
            }
            if b.iter().all(|atom| a.contains(atom)) {
                return Some((first, second, b.clone()));
            }
            let only: Vec<&Atom> = a.iter().filter(|atom| !b.contains(atom)).collect();
            let others: Vec<&Atom> = b.iter().filter(|atom| !a.contains(atom)).collect();
            if let ([one], [other]) = (only.as_slice(), others.as_slice())
                && one.opposite(other)
            {
                return Some((first, second, a.iter().filter(|atom| atom != one).cloned().collect()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(text: &str, holds: bool) -> Atom {
        Atom { yes: text.to_owned(), no: format!("not {text}"), holds }
    }

    #[test]
    fn ways_that_come_together_are_one_again() {
        let base = Guard::always().and(&atom("a", true));
        let (yes, no) = (base.and(&atom("b", true)), base.and(&atom("b", false)));
        assert_eq!(yes.expression(), Ok(Some("a and b".to_owned())));
        assert_eq!(yes.or(&no), base);
        assert_eq!(yes.or(&base), base);
        let other = Guard::always().and(&atom("c", true));
        assert_eq!(yes.or(&other).expression(), Ok(Some("(a and b) or (c)".to_owned())));
        assert!(Guard::always().or(&yes).is_always());
        let mut long = Guard::always();
        for number in 0..300 {
            long = long.and(&atom(&format!("x{number}"), true));
        }
        assert_eq!(long.expression(), Err(()));
    }
}
