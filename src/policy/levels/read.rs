//! Reads a file of criteria; every mistake is found at its word.

use std::collections::BTreeMap;

use super::{Appraiser, Approver, Cite, Condition, Effect, Fact, Kept, Kind, Open, Rule, RuleSet, Step, Test, Time};
use crate::inventory::dossier::RulesId;
use crate::message::message;
use crate::model::{Name, Text};
use crate::policy::duties::both;
use crate::policy::{date, finish};
use crate::source::{Data, Document, Fields, Finding, Node, Place, Reader, suggest};

/// The articles of what is no criterion.
const ARTICLES: &[&str] = &[
    "highest",
    "splitting",
    "risk",
    "risk_again",
    "redetermine",
    "operator",
    "regulation",
    "assessment",
    "independent",
];

const APPRAISERS: &[(&str, Appraiser)] =
    &[("security_unit", Appraiser::SecurityUnit), ("ministry", Appraiser::Ministry)];

const APPROVERS: &[(&str, Approver)] = &[("security_unit", Approver::SecurityUnit), ("owner", Approver::Owner)];

/// Reads the criteria in `document`, with the warnings where they hold.
pub fn read_document(document: &Document) -> (Result<RuleSet, Vec<Finding>>, Vec<Finding>) {
    let reader = Reader::new(document);
    let read = document.root.as_ref().and_then(|root| top(&reader, root));
    finish(reader, read)
}

/// What a decree is called.
#[must_use]
pub(super) fn title(id: RulesId) -> Text {
    both(|lang| match id {
        RulesId::Nd85 => message!("policy-rules-nd85").render(lang),
        RulesId::Nd331 => message!("policy-rules-nd331").render(lang),
    })
}

/// What every part of a file needs to be read.
struct Page<'r, 'a> {
    reader: &'r Reader<'a>,
    /// The decree itself.
    main: Text,
    documents: BTreeMap<String, Text>,
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<RuleSet> {
    let fields = reader.fields("levels", root, Place::START)?;
    fields.format();
    let id = fields.required("levels").and_then(|node| {
        let id = reader.word(node, RulesId::WORDS)?;
        reader.same_as_file(node, id.word());
        Some(id)
    });
    let documents = fields.optional("documents").and_then(|node| reader.members(node)).unwrap_or_default();
    let documents = documents.iter().filter_map(|(key, node)| Some((key.text.clone(), reader.words(node)?))).collect();
    let main = id.map_or(Text::Same(String::new()), title);
    let page = Page { reader, main, documents };
    let (from, until) = date::span(reader, &fields);
    let articles = fields.given("articles").map(|(key, node)| page.articles(node, key.place)).unwrap_or_default();
    let steps = fields.optional("steps").and_then(|node| reader.list(node, |item| page.step(item)));
    let rhythm = fields.optional("rhythm").and_then(|node| reader.list(node, |item| page.rhythm(item)));
    let reply = fields.given("reply").and_then(|(key, node)| page.time(node, key.place));
    let professional = fields.given("professional").and_then(|(key, node)| page.professional(node, key.place));
    let kept = fields.given("kept").and_then(|(key, node)| page.kept(node, key.place));
    let building = fields.given("building").and_then(|(key, node)| page.kept(node, key.place));
    let mut rules: Vec<Rule> = Vec::new();
    if let Some(node) = fields.required("rules") {
        reader.list(node, |item| {
            let (place, rule) = page.rule(item)?;
            if rules.iter().any(|other| other.id == rule.id) {
                let text = message!("source-duplicate-id", id = rule.id.as_str());
                reader.error("duplicate-id", place, text, None);
            }
            rules.push(rule);
            Some(())
        });
    }
    fields.finish();
    let mut set = RuleSet {
        id: id?,
        from,
        until,
        rules,
        articles,
        steps: steps.unwrap_or_default(),
        rhythm: rhythm.unwrap_or_default(),
        reply,
        professional,
        kept,
        building,
        answers: Vec::new(),
    };
    set.prepare();
    Some(set)
}

impl<'a> Page<'_, 'a> {
    /// The article of a part, with its document: the decree itself where none is named.
    fn cite(&self, fields: &Fields<'_, 'a>) -> Option<Cite> {
        let article = fields.required("article").and_then(|node| self.reader.words(node));
        let document = match fields.optional("document") {
            None => self.main.clone(),
            Some(node) => {
                let name = self.reader.filled_text(node)?;
                let Some(document) = self.documents.get(&name) else {
                    let help = suggest::one_of_these(&name, self.documents.keys().map(String::as_str));
                    let text = message!("policy-unknown-document", name = name.as_str());
                    self.reader.error("unknown-document", node.place, text, help);
                    return None;
                };
                document.clone()
            }
        };
        let article = article?;
        Some(both(|lang| {
            message!("policy-citation", article = article.clone(), document = document.clone()).render(lang)
        }))
    }

    fn articles(&self, node: &'a Node, home: Place) -> Vec<(&'static str, Cite)> {
        let Some(fields) = self.reader.fields("level-articles", node, home) else { return Vec::new() };
        let read = |name: &&'static str| {
            let (key, node) = fields.given(name)?;
            let fields = self.reader.fields("level-article", node, key.place)?;
            let cite = self.cite(&fields);
            fields.finish();
            Some((*name, cite?))
        };
        let articles = ARTICLES.iter().filter_map(read).collect();
        fields.finish();
        articles
    }

    fn levels(&self, fields: &Fields<'_, 'a>) -> Option<Vec<u8>> {
        let node = fields.required("levels")?;
        self.reader.list(node, |item| self.reader.integer(item, 1, 5))
    }

    fn step(&self, node: &'a Node) -> Option<Step> {
        let fields = self.reader.fields("level-step", node, node.place)?;
        let levels = self.levels(&fields);
        let appraiser = fields.required("appraiser").and_then(|node| self.reader.word(node, APPRAISERS));
        let approver = fields.required("approver").and_then(|node| self.reader.word(node, APPROVERS));
        let citation = self.cite(&fields);
        let appraisal = fields.given("appraisal").and_then(|(key, node)| self.time(node, key.place));
        let approval = fields.given("approval").and_then(|(key, node)| self.time(node, key.place));
        fields.finish();
        Some(Step {
            levels: levels?,
            appraiser: appraiser?,
            approver: approver?,
            citation: citation?,
            appraisal,
            approval,
        })
    }

    fn time(&self, node: &'a Node, home: Place) -> Option<Time> {
        let fields = self.reader.fields("level-time", node, home)?;
        let days = fields.required("days").and_then(|node| self.reader.integer(node, 1, 366));
        let working = fields.optional("working").and_then(|node| self.reader.boolean(node)).unwrap_or_default();
        let citation = self.cite(&fields);
        fields.finish();
        Some(Time { days: days?, working, citation: citation? })
    }

    fn rhythm(&self, node: &'a Node) -> Option<(Vec<u8>, i64)> {
        let fields = self.reader.fields("level-rhythm", node, node.place)?;
        let levels = self.levels(&fields);
        let months = fields.required("months").and_then(|node| self.reader.integer(node, 1, 120));
        fields.finish();
        Some((levels?, months?))
    }

    fn professional(&self, node: &'a Node, home: Place) -> Option<(Vec<u8>, Cite)> {
        let fields = self.reader.fields("level-professional", node, home)?;
        let levels = self.levels(&fields);
        let citation = self.cite(&fields);
        fields.finish();
        Some((levels?, citation?))
    }

    fn kept(&self, node: &'a Node, home: Place) -> Option<Kept> {
        let fields = self.reader.fields("level-kept", node, home)?;
        let before = fields.required("before").and_then(|node| date::read(self.reader, node));
        let appraised = fields.optional("appraised").and_then(|node| date::read(self.reader, node));
        let due = fields.required("due").and_then(|node| date::read(self.reader, node));
        let citation = self.cite(&fields);
        let remark = fields.optional("note").and_then(|node| self.reader.words(node));
        fields.finish();
        Some(Kept { before: before?, appraised, due: due?, citation: citation?, note: remark })
    }

    fn rule(&self, node: &'a Node) -> Option<(Place, Rule)> {
        let reader = self.reader;
        let fields = reader.fields("level-rule", node, node.place)?;
        let id = fields.required("id").and_then(|node| Some((node.place, self.rule_id(node)?)));
        let kind = fields.one_of(&["level", "mark"]);
        let level = kind.filter(|(name, ..)| *name == "level").and_then(|(.., node)| reader.integer(node, 1, 5));
        let mark = kind.filter(|(name, ..)| *name == "mark").and_then(|(.., node)| reader.id(node));
        let citation = self.cite(&fields);
        let text = fields.required("text").and_then(|node| reader.words(node));
        let when = fields.required("when");
        let remark = fields.optional("note").and_then(|node| reader.words(node));
        let open = fields.given("open").and_then(|(key, node)| self.open(node, key.place));
        fields.finish();
        let (effect, when) = match (level, mark) {
            (Some(level), _) => (Effect::Level(level), when.and_then(|node| self.condition_that_can_hold(node))?),
            (_, Some(mark)) => {
                let level = when.and_then(|node| self.of_level(node))?;
                (Effect::Mark(mark.as_str().replace('_', "-").parse::<Name>().ok()?, level), Condition::All(Vec::new()))
            }
            _ => return None,
        };
        let (place, id) = id?;
        let facts = when.facts();
        let file = reader.document().file.clone();
        Some((place, Rule { id, effect, citation: citation?, text: text?, when, note: remark, open, file, facts }))
    }

    /// Letters, digits, dots and dashes, as `331.13.2.b`; what YAML takes for a number is no number here.
    fn rule_id(&self, node: &'a Node) -> Option<String> {
        let id = self.reader.letters(node)?;
        let fit = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if id.split('.').all(fit) {
            return Some(id);
        }
        let help = message!("source-pattern-help", pattern = "[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
        self.reader.error("invalid-id", node.place, message!("source-invalid-name", text = id.as_str()), help);
        None
    }

    /// The level that a mark is for.
    fn of_level(&self, node: &'a Node) -> Option<u8> {
        let fields = self.reader.fields("level-mark", node, node.place)?;
        let level = fields.required("level").and_then(|node| self.reader.integer(node, 1, 5));
        fields.finish();
        level
    }

    fn open(&self, node: &'a Node, home: Place) -> Option<Open> {
        let fields = self.reader.fields("level-open", node, home)?;
        let when = fields.required("when").and_then(|node| self.condition_that_can_hold(node));
        let text = fields.required("text").and_then(|node| self.reader.words(node));
        fields.finish();
        Some(Open { when: when?, text: text? })
    }

    fn condition_that_can_hold(&self, node: &'a Node) -> Option<Condition> {
        let condition = self.condition(node)?;
        if !condition.can_hold() {
            let help = message!("policy-rule-never-help");
            self.reader.error("rule-never", node.place, message!("policy-rule-never"), help);
            return None;
        }
        Some(condition)
    }

    /// `all`, `any`, `not`, or facts with what is asked of them; several facts in one map have to hold together.
    fn condition(&self, node: &'a Node) -> Option<Condition> {
        let members = self.reader.members(node)?;
        if members.is_empty() {
            let text = message!("policy-rule-empty");
            self.reader.error("rule-empty", node.place, text, None);
            return None;
        }
        let mut parts = Vec::new();
        let mut whole = true;
        for (key, value) in members {
            let part = match key.text.as_str() {
                "all" => self.parts(value).map(Condition::All),
                "any" => self.parts(value).map(Condition::Any),
                "not" => self.condition(value).map(|inner| Condition::Not(Box::new(inner))),
                word => {
                    let known = Fact::WORDS.iter().find(|(known, _)| *known == word);
                    if known.is_none() {
                        let words = Fact::WORDS.iter().map(|(word, _)| *word).chain(["all", "any", "not"]);
                        let text = message!("policy-unknown-fact", name = word);
                        self.reader.error("unknown-fact", key.place, text, suggest::one_of_these(word, words));
                    }
                    known.and_then(|(_, fact)| self.test(*fact, value).map(|test| Condition::Is(*fact, test)))
                }
            };
            whole &= part.is_some();
            parts.extend(part);
        }
        if !whole {
            return None;
        }
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }

    fn parts(&self, node: &'a Node) -> Option<Vec<Condition>> {
        let parts = self.reader.list(node, |item| self.condition(item))?;
        if node.items().is_empty() {
            self.reader.error("rule-empty", node.place, message!("policy-rule-empty"), None);
            return None;
        }
        (parts.len() == node.items().len()).then_some(parts)
    }

    fn test(&self, fact: Fact, node: &'a Node) -> Option<Test> {
        let reader = self.reader;
        match fact.kind() {
            Kind::Truth => reader.boolean(node).map(|truth| Test::In(1 << u64::from(truth))),
            Kind::Decision => reader.integer::<u64>(node, 1, 5).map(|level| Test::In(1 << level)),
            Kind::One(words) => self.places(node, &words).map(Test::In),
            Kind::Several(words) => match &node.data {
                Data::Map(_) => {
                    let fields = reader.fields("level-only", node, node.place)?;
                    let places = fields.required("only").and_then(|node| self.places(node, &words));
                    fields.finish();
                    places.map(Test::Only)
                }
                _ => self.places(node, &words).map(Test::Has),
            },
            Kind::Count => {
                let fields = reader.fields("level-range", node, node.place)?;
                let bound = |name| fields.optional(name).map(|node| reader.integer::<u64>(node, 0, 1_000_000_000_000));
                let (least, below) = (bound("at_least"), bound("below"));
                let neither = least.is_none() && below.is_none();
                if neither {
                    fields.missing("at_least", node.place);
                }
                fields.finish();
                let (least, below) = (least.unwrap_or(Some(0))?, below.unwrap_or(Some(u64::MAX))?);
                (!neither).then_some(Test::Range(least, below))
            }
        }
    }

    /// One word or a list of them, as a set of places.
    fn places(&self, node: &'a Node, words: &[&'static str]) -> Option<u64> {
        let words: Vec<(&'static str, u64)> = (0..).zip(words).map(|(place, word)| (*word, 1 << place)).collect();
        if let Data::List(items) = &node.data {
            let places = self.reader.list(node, |item| self.reader.word(item, &words))?;
            return (places.len() == items.len()).then(|| places.into_iter().fold(0, |set, place| set | place));
        }
        self.reader.word(node, &words)
    }
}
