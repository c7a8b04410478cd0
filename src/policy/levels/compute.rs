//! What the criteria say of a system: proved, possible, and what would decide between them.

use std::cmp::Reverse;

use super::{Answers, Effect, Fact, Rule, RuleSet, Tri};
use crate::inventory::System;
use crate::model::Name;

/// What one set of rules says of a system.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'r, 's> {
    /// The highest level of the rules that hold. Nothing where none does: the level is not determined, never 1.
    pub proved: Option<u8>,
    /// The highest level of the rules that can still hold.
    pub possible: Option<u8>,
    /// Every rule that holds, in the order of the rules; for each component apart.
    pub matched: Vec<Match<'r, 's>>,
    /// Rules that do not hold but would by another reading.
    pub open: Vec<Match<'r, 's>>,
    /// Marks beside the level.
    pub marks: Vec<Mark<'r>>,
    /// The facts that would decide, most decisive first.
    pub questions: Vec<Question<'s>>,
}

/// A rule that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<'r, 's> {
    /// The rule.
    pub rule: &'r Rule,
    /// The component it holds for; nothing for the system itself.
    pub component: Option<&'s Name>,
    /// The facts by which it holds, as a set.
    pub grounds: u32,
}

/// A mark beside the level.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Whether it is there for sure, or only can be.
    pub sure: bool,
}

/// A fact that would decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question<'s> {
    /// The component it is about; nothing for the system itself.
    pub component: Option<&'s Name>,
    /// The fact.
    pub fact: Fact,
    /// The highest level that hangs on it.
    pub up_to: u8,
    /// By how many levels the best answer closes the gap between proved and possible.
    pub closes: u8,
    /// What would be proved and possible by each answer that makes a difference; 0 where no rule holds, or can.
    pub answers: Vec<(u64, u8, u8)>,
}

impl Question<'_> {
    /// Its name: `users`, or `components.db.users`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.component {
            Some(component) => format!("components.{component}.{}", self.fact.word()),
            None => self.fact.word().to_owned(),
        }
    }
}

impl Match<'_, '_> {
    /// The facts by which it holds and that no person has confirmed, as a set.
    #[must_use]
    pub fn assumed(&self, system: &System) -> u32 {
        if system.assumed.is_empty() {
            return 0;
        }
        let assumed = |fact: &Fact| system.assumes(&fact.path(self.component.map(Name::as_str)));
        Fact::of_set(self.grounds).filter(assumed).fold(0, |set, fact| set | fact.bit())
    }
}

/// A part of a system whose facts stand alone.
struct Part<'s> {
    component: Option<&'s Name>,
    answers: Answers,
    /// Of each rule of levels, in order.
    truths: Vec<Tri>,
}

/// What `rules` say of `system`. Facts of components stand alone, and the highest level counts. A system with components and
/// no facts of its own is its components.
#[must_use]
pub fn assess<'r, 's>(rules: &'r RuleSet, system: &'s System) -> Outcome<'r, 's> {
    let own = Answers::of(&system.facts);
    let whole = (!own.is_empty() || system.components.is_empty()).then_some((None, own));
    let components = system.components.iter().map(|part| (Some(&part.id), Answers::of(&part.facts)));
    let parts: Vec<Part<'s>> = whole
        .into_iter()
        .chain(components)
        .map(|(component, answers)| {
            let truths = rules.rules.iter().map(|rule| truth(rule, &answers)).collect();
            Part { component, answers, truths }
        })
        .collect();
    let (mut proved, mut possible) = (0, 0);
    let mut outcome = Outcome {
        proved: None,
        possible: None,
        matched: Vec::new(),
        open: Vec::new(),
        marks: Vec::new(),
        questions: Vec::new(),
    };
    for (at, rule) in rules.rules.iter().enumerate() {
        let Some(level) = rule.level() else { continue };
        for part in &parts {
            match part.truths[at] {
                Tri::True => {
                    proved = proved.max(level);
                    possible = possible.max(level);
                    let grounds = rule.when.grounds(&part.answers);
                    outcome.matched.push(Match { rule, component: part.component, grounds });
                    continue;
                }
                Tri::Unknown => possible = possible.max(level),
                Tri::False => {}
            }
            let other = rule.open.as_ref().filter(|open| open.when.holds(&part.answers) == Tri::True);
            if let Some(open) = other {
                let grounds = open.when.grounds(&part.answers);
                outcome.open.push(Match { rule, component: part.component, grounds });
            }
        }
    }
    outcome.proved = (proved > 0).then_some(proved);
    outcome.possible = (possible > 0).then_some(possible);
    for rule in &rules.rules {
        if let Effect::Mark(_, level) = rule.effect
            && possible >= level
        {
            outcome.marks.push(Mark { rule, sure: proved >= level });
        }
    }
    outcome.questions = questions(rules, &parts, proved, possible);
    outcome
}

fn truth(rule: &Rule, answers: &Answers) -> Tri {
    if rule.level().is_some() { rule.when.holds(answers) } else { Tri::False }
}

/// The facts on which an undecided rule above `proved` hangs. First those whose best answer closes most of the gap, then
/// those that close most on average over their answers, then in the order of the files.
fn questions<'s>(rules: &RuleSet, parts: &[Part<'s>], proved: u8, possible: u8) -> Vec<Question<'s>> {
    if proved == possible {
        return Vec::new();
    }
    // Places of rules and parts that can still raise the level.
    let deciding: Vec<(usize, usize, u8)> = parts
        .iter()
        .enumerate()
        .flat_map(|(place, part)| {
            let levels = rules.rules.iter().map(Rule::level);
            let undecided = part.truths.iter().zip(levels).enumerate();
            undecided.filter_map(move |(at, (truth, level))| {
                let level = level.filter(|level| *truth == Tri::Unknown && *level > proved)?;
                Some((place, at, level))
            })
        })
        .collect();
    let mut found: Vec<(Question<'s>, u64, u64)> = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let mine = deciding.iter().filter(|(of, ..)| *of == place);
        let missing = mine.fold(0, |set, (_, at, _)| set | rules.rules[*at].when.missing(&part.answers));
        for fact in Fact::of_set(missing) {
            let asks = |(of, at, _): &&(usize, usize, u8)| *of == place && rules.rules[*at].facts & fact.bit() != 0;
            let rest = deciding.iter().filter(|one| !asks(one)).map(|(.., level)| *level).max().unwrap_or_default();
            let up_to = deciding.iter().filter(asks).map(|(.., level)| *level).max().unwrap_or_default();
            let answers = &rules.answers[fact as usize];
            let (mut best, mut sum) = (0, 0);
            let mut outcomes = Vec::with_capacity(answers.len());
            for answer in answers {
                let answered = part.answers.with(fact, *answer);
                let (mut low, mut high) = (proved, proved.max(rest));
                for (_, at, level) in deciding.iter().filter(asks) {
                    match rules.rules[*at].when.holds(&answered) {
                        Tri::True => {
                            low = low.max(*level);
                            high = high.max(*level);
                        }
                        Tri::Unknown => high = high.max(*level),
                        Tri::False => {}
                    }
                }
                let closes = (possible - proved) - (high - low);
                best = best.max(closes);
                sum += u64::from(closes);
                outcomes.push((*answer, low, high));
            }
            let question = Question { component: part.component, fact, up_to, closes: best, answers: outcomes };
            found.push((question, sum, answers.len() as u64));
        }
    }
    // The average in parts of 5040, so that no two different ones are taken for the same.
    found.sort_by_key(|(question, sum, count)| (Reverse(question.closes), Reverse(sum * 5040 / count)));
    found.into_iter().map(|(question, ..)| question).collect()
}
