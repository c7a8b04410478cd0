//! The facts that criteria ask for, in a form that is quick to look at.

use crate::inventory::facts::{Class, Facts, Grade, Harm, Information, Online, Scope};

/// What holds, does not, or is not known. In this order: "and" is the least, "or" the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tri {
    /// It does not hold.
    False,
    /// The facts do not say.
    Unknown,
    /// It holds.
    True,
}

impl Tri {
    /// What is known for sure.
    #[must_use]
    pub fn of(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }

    /// The contrary; what is not known stays so.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

macro_rules! facts {
    ($($variant:ident = $word:literal: $kind:expr;)+) => {
        /// A fact, in the order in which files list them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
        }

        impl Fact {
            /// Every fact, in order.
            pub const ALL: [Self; 19] = [$(Self::$variant,)+];

            /// Every fact by its word.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant),)+];

            /// Where it stands in a file, as `assumed` names it: a fact of the system, or of a component.
    #[must_use]
    pub fn path(self, component: Option<&str>) -> String {
        match component {
            Some(component) => format!("components.{component}.facts.{}", self.word()),
            None => format!("facts.{}", self.word()),
        }
    }

    /// Its word in files.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What an answer looks like.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => $kind,)+ }
            }
        }
    };
}

facts! {
    Class = "class": Kind::Several(words(Class::WORDS));
    Information = "information": Kind::Several(words(Information::WORDS));
    OneStop = "one_stop": Kind::Truth;
    OnlineService = "online_service": Kind::One(words(Online::WORDS));
    ConditionalBusiness = "conditional_business": Kind::Truth;
    Users = "users": Kind::Count;
    SubjectsBasic = "subjects_basic": Kind::Count;
    SubjectsSensitive = "subjects_sensitive": Kind::Count;
    Scope = "scope": Kind::One(words(Scope::WORDS));
    NationalEgov = "national_egov": Kind::Truth;
    AlwaysOn = "always_on": Kind::Truth;
    NoUnplannedStop = "no_unplanned_stop": Kind::Truth;
    DefenceSecurity = "defence_security": Kind::Truth;
    Harm = "harm": Kind::One(words(Harm::WORDS));
    Strategic = "strategic": Kind::Truth;
    WorksGrade = "works_grade": Kind::One(words(Grade::WORDS));
    NationalCriticalData = "national_critical_data": Kind::Truth;
    InternationalLink = "international_link": Kind::Truth;
    DecidedLevel = "decided_level": Kind::Decision;
}

/// What an answer to a question about a fact looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Yes or no.
    Truth,
    /// A number of people.
    Count,
    /// One of these words.
    One(Vec<&'static str>),
    /// Any of these words, as a whole list.
    Several(Vec<&'static str>),
    /// A level from 1 to 5, or that there is no decision.
    Decision,
}

fn words<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(word, _)| *word).collect()
}

impl Fact {
    /// An answer of [`Answers`] as files have it: `[internal]`, `true`, `10000`, `null`.
    #[must_use]
    pub fn shown(self, answer: u64) -> String {
        match self.kind() {
            Kind::Truth => (answer == 1).to_string(),
            Kind::Decision if answer == 0 => "null".to_owned(),
            Kind::Count | Kind::Decision => answer.to_string(),
            Kind::One(words) => (0..)
                .zip(words)
                .find(|(place, _)| *place == answer)
                .map_or_else(String::new, |(_, word)| word.to_owned()),
            Kind::Several(words) => {
                let words: Vec<&str> = words
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| answer & (1 << at) != 0)
                    .map(|(_, word)| word)
                    .collect();
                format!("[{}]", words.join(", "))
            }
        }
    }

    /// Its bit in a set of facts.
    #[must_use]
    pub fn bit(self) -> u32 {
        1 << self as u32
    }

    /// The facts of a set, in order.
    pub fn of_set(set: u32) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |fact| set & fact.bit() != 0)
    }

    /// Every answer that can make a difference to tests against `limits`: all of them but for numbers, of which the limits and
    /// their neighbours stand for the rest. Lists are single words, all words, and nothing; every list where `every` says so.
    #[must_use]
    pub fn answers(self, limits: &[u64], every: bool) -> Vec<u64> {
        match self.kind() {
            Kind::Truth => vec![0, 1],
            Kind::Decision => (0..=5).collect(),
            Kind::One(words) => (0..words.len() as u64).collect(),
            Kind::Several(words) => {
                let whole = (1 << words.len()) - 1;
                if every {
                    (0..=whole).collect()
                } else {
                    (0..words.len()).map(|bit| 1 << bit).chain([whole]).collect()
                }
            }
            Kind::Count => {
                let near = limits.iter().flat_map(|limit| [limit.saturating_sub(1), *limit]);
                let mut answers: Vec<u64> = std::iter::once(0).chain(near).collect();
                answers.sort_unstable();
                answers.dedup();
                answers
            }
        }
    }
}

/// The facts of a system or a component: numbers as they are, words by their place, lists as sets, "no decision" as 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answers {
    known: u32,
    values: [u64; 19],
}

impl Answers {
    /// Nothing is known.
    pub const NONE: Self = Self { known: 0, values: [0; 19] };

    /// What `facts` say.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let mut answers = Self::NONE;
        let truths = [
            (Fact::OneStop, facts.one_stop),
            (Fact::ConditionalBusiness, facts.conditional_business),
            (Fact::NationalEgov, facts.national_egov),
            (Fact::AlwaysOn, facts.always_on),
            (Fact::NoUnplannedStop, facts.no_unplanned_stop),
            (Fact::DefenceSecurity, facts.defence_security),
            (Fact::Strategic, facts.strategic),
            (Fact::NationalCriticalData, facts.national_critical_data),
            (Fact::InternationalLink, facts.international_link),
        ];
        for (fact, truth) in truths {
            answers.set(fact, truth.map(u64::from));
        }
        let counts = [
            (Fact::Users, facts.users),
            (Fact::SubjectsBasic, facts.subjects_basic),
            (Fact::SubjectsSensitive, facts.subjects_sensitive),
        ];
        for (fact, count) in counts {
            answers.set(fact, count);
        }
        let set = |bits: Vec<u64>| bits.into_iter().fold(0, |set, bit| set | 1 << bit);
        let classes = facts.class.as_ref().map(|list| list.iter().map(|one| *one as u64).collect());
        answers.set(Fact::Class, classes.map(set));
        let kinds = facts.information.as_ref().map(|list| list.iter().map(|one| *one as u64).collect());
        answers.set(Fact::Information, kinds.map(set));
        answers.set(Fact::OnlineService, facts.online_service.map(|word| word as u64));
        answers.set(Fact::Scope, facts.scope.map(|word| word as u64));
        answers.set(Fact::Harm, facts.harm.map(|word| word as u64));
        answers.set(Fact::WorksGrade, facts.works_grade.map(|word| word as u64));
        answers.set(Fact::DecidedLevel, facts.decided_level.map(|decided| decided.level().map_or(0, u64::from)));
        answers
    }

    fn set(&mut self, fact: Fact, value: Option<u64>) {
        if let Some(value) = value {
            self.known |= fact.bit();
            self.values[fact as usize] = value;
        }
    }

    /// The same with `fact` answered.
    #[must_use]
    pub fn with(mut self, fact: Fact, value: u64) -> Self {
        self.set(fact, Some(value));
        self
    }

    /// The answer to `fact`, where there is one.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<u64> {
        (self.known & fact.bit() != 0).then(|| self.values[fact as usize])
    }

    /// Whether nothing is answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known == 0
    }
}
