//! Rules: what has to hold, which level follows, on which article it rests.

use jiff::civil::Date;

use super::{Answers, Fact, Tri};
use crate::inventory::dossier::RulesId;
use crate::model::{Name, Text};

/// The criteria of one decree, with what else it says about levels.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// Which decree.
    pub id: RulesId,
    /// First day in force.
    pub from: Option<Date>,
    /// Last day in force.
    pub until: Option<Date>,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
    /// The articles of what is no criterion, by name: `highest`, `operator` and others.
    pub articles: Vec<(&'static str, Cite)>,
    /// Who appraises and approves which levels, and in what time.
    pub steps: Vec<Step>,
    /// How often security is assessed, in months by level; empty where the decree gives no number.
    pub rhythm: Vec<(Vec<u8>, i64)>,
    /// The time for the reply where a dossier is not complete.
    pub reply: Option<Time>,
    /// The levels whose assessments a professional body has to make, with the article.
    pub professional: Option<(Vec<u8>, Cite)>,
    /// What becomes of levels that were approved before.
    pub kept: Option<Kept>,
    /// What becomes of systems that were being built.
    pub building: Option<Kept>,
    /// The answers that can make a difference, by fact: made by [`RuleSet::prepare`].
    pub(super) answers: Vec<Vec<u64>>,
}

/// An article with its document, from small to large.
pub type Cite = Text;

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its id, such as `331.13.2.b`.
    pub id: String,
    /// What follows from it.
    pub effect: Effect,
    /// The article, with the decree.
    pub citation: Cite,
    /// What it says, in our words.
    pub text: Text,
    /// What has to hold.
    pub when: Condition,
    /// How an open wording is read.
    pub note: Option<Text>,
    /// Another reading: shown where it holds, deciding nothing.
    pub open: Option<Open>,
    /// The file it stands in.
    pub file: String,
    /// The facts it asks for, as a set.
    pub(super) facts: u32,
}

/// What follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// This level at least.
    Level(u8),
    /// A mark beside the level, for systems of this level.
    Mark(Name, u8),
}

/// Another reading of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// What has to hold for it.
    pub when: Condition,
    /// What it says.
    pub text: Text,
}

/// What has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// One of these at least.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A fact passes a test.
    Is(Fact, Test),
}

/// A test of a fact's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is one of these, as a set of places.
    In(u64),
    /// The list has one of these.
    Has(u64),
    /// The list has something, and nothing but these.
    Only(u64),
    /// At least the first, below the second.
    Range(u64, u64),
}

/// Who handles the dossiers of some levels, and in what time.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The levels.
    pub levels: Vec<u8>,
    /// Who appraises.
    pub appraiser: Appraiser,
    /// Who approves.
    pub approver: Approver,
    /// The article that says so.
    pub citation: Cite,
    /// The time for the appraisal, from the full dossier on.
    pub appraisal: Option<Time>,
    /// The time for the approval.
    pub approval: Option<Time>,
}

/// Who appraises a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appraiser {
    /// The owner's unit that is specialised in security.
    SecurityUnit,
    /// The ministry.
    Ministry,
}

/// Who approves a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approver {
    /// The owner's unit that is specialised in security.
    SecurityUnit,
    /// The owner.
    Owner,
}

/// A time for doing something.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// So many days.
    pub days: i64,
    /// Whether only working days count.
    pub working: bool,
    /// The article that says so.
    pub citation: Cite,
}

/// What becomes of what stood before the rules came into force.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// For what was so before this day.
    pub before: Date,
    /// By when the dossier is appraised by the rules before.
    pub appraised: Option<Date>,
    /// By when the new conditions are met.
    pub due: Date,
    /// The article.
    pub citation: Cite,
    /// How the day is counted.
    pub note: Option<Text>,
}

impl RuleSet {
    /// The rule called `id`.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The article of what is no criterion.
    #[must_use]
    pub fn article(&self, name: &str) -> Option<&Cite> {
        self.articles.iter().find(|(known, _)| *known == name).map(|(_, cite)| cite)
    }

    /// Who handles the dossiers of `level`.
    #[must_use]
    pub fn step(&self, level: u8) -> Option<&Step> {
        self.steps.iter().find(|step| step.levels.contains(&level))
    }

    /// Keeps which answers can make a difference: to be called when its rules are all there.
    pub(super) fn prepare(&mut self) {
        let answers = Fact::ALL.map(|fact| {
            let mut limits = Vec::new();
            for rule in &self.rules {
                rule.when.limits(fact, &mut limits);
            }
            fact.answers(&limits, false)
        });
        self.answers = answers.into();
    }
}

impl Rule {
    /// The level that follows, where it is one.
    #[must_use]
    pub fn level(&self) -> Option<u8> {
        match self.effect {
            Effect::Level(level) => Some(level),
            Effect::Mark(..) => None,
        }
    }
}

impl Condition {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, answers: &Answers) -> Tri {
        match self {
            Self::All(parts) => {
                let mut all = Tri::True;
                for part in parts {
                    all = all.min(part.holds(answers));
                    if all == Tri::False {
                        break;
                    }
                }
                all
            }
            Self::Any(parts) => {
                let mut any = Tri::False;
                for part in parts {
                    any = any.max(part.holds(answers));
                    if any == Tri::True {
                        break;
                    }
                }
                any
            }
            Self::Not(part) => part.holds(answers).negated(),
            Self::Is(fact, test) => answers.get(*fact).map_or(Tri::Unknown, |answer| Tri::of(test.passes(answer))),
        }
    }

    /// The facts it asks for, as a set.
    #[must_use]
    pub fn facts(&self) -> u32 {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().fold(0, |set, part| set | part.facts()),
            Self::Not(part) => part.facts(),
            Self::Is(fact, _) => fact.bit(),
        }
    }

    /// The facts that are not known and on which it hangs, as a set; empty where it is decided.
    #[must_use]
    pub fn missing(&self, answers: &Answers) -> u32 {
        if self.holds(answers) != Tri::Unknown {
            return 0;
        }
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().fold(0, |set, part| set | part.missing(answers)),
            Self::Not(part) => part.missing(answers),
            Self::Is(fact, _) => fact.bit(),
        }
    }

    /// The facts by which it holds, as a set.
    #[must_use]
    pub fn grounds(&self, answers: &Answers) -> u32 {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let holding = parts.iter().filter(|part| part.holds(answers) == Tri::True);
                holding.fold(0, |set, part| set | part.grounds(answers))
            }
            other => other.facts(),
        }
    }

    /// Whether some answers make it hold. Gives up after a bounded search, and then says that they do.
    #[must_use]
    pub fn can_hold(&self) -> bool {
        let mut left = 200_000;
        self.found(Answers::NONE, &mut left)
    }

    fn found(&self, answers: Answers, left: &mut u32) -> bool {
        if *left == 0 {
            return true;
        }
        *left -= 1;
        match self.holds(&answers) {
            Tri::True => true,
            Tri::False => false,
            Tri::Unknown => {
                let Some(fact) = Fact::of_set(self.missing(&answers)).next() else { return true };
                let mut limits = Vec::new();
                self.limits(fact, &mut limits);
                fact.answers(&limits, true).into_iter().any(|answer| self.found(answers.with(fact, answer), left))
            }
        }
    }

    fn limits(&self, of: Fact, found: &mut Vec<u64>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.limits(of, found)),
            Self::Not(part) => part.limits(of, found),
            Self::Is(fact, Test::Range(least, below)) if *fact == of => {
                found.push(*least);
                if *below != u64::MAX {
                    found.push(*below);
                }
            }
            Self::Is(..) => {}
        }
    }
}

impl Test {
    fn passes(self, answer: u64) -> bool {
        match self {
            Self::In(places) => places & (1 << answer) != 0,
            Self::Has(words) => answer & words != 0,
            Self::Only(words) => answer != 0 && answer & !words == 0,
            Self::Range(least, below) => least <= answer && answer < below,
        }
    }
}
