//! A measure in words: what was set and what was measured, instead of the expression that says so.
//!
//! Read are comparisons of clocks, values of steps, inputs and outcomes, joined by `and`, `or` and `not`. What else an
//! expression may be has no words here: then it stands as it is written.

mod parse;
#[cfg(test)]
mod tests;
mod vocabulary;

use serde_json::Value;

use crate::message::{Arg, Message, format, message};
use crate::model::{Expression, Lang, Text};
use parse::{Comparison, Operand, Term, Tree};

/// What the names in a measure stand for, and how much they were, as far as that is known.
pub trait Ground {
    /// What people call a clock.
    fn clock(&self, id: &str) -> Option<Text>;

    /// What people call an input of the playbook.
    fn input(&self, id: &str) -> Option<Text>;

    /// What people call a step; nothing where there is none of that id.
    fn step(&self, id: &str) -> Option<StepName>;

    /// What people are asked for by a step under `name`.
    fn asked(&self, step: &str, name: &str) -> Option<Text>;

    /// How much `path` (`clocks.rto.seconds`, `inputs.system.objectives.rto`) was when it was measured.
    fn value(&self, path: &str) -> Option<Value>;
}

/// What people call a step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepName {
    /// The number, as people count.
    pub number: Option<usize>,
    /// The title.
    pub title: Text,
}

impl StepName {
    /// `bước 28 "Soạn thông báo"`.
    fn full(&self) -> Message {
        match self.number {
            Some(number) => message!("measure-step", number = number.to_string(), title = self.title.clone()),
            None => message!("measure-step-title", title = self.title.clone()),
        }
    }

    /// `bước 28`; the title where no number is known.
    fn short(&self) -> Message {
        match self.number {
            Some(number) => message!("measure-step-number", number = number.to_string()),
            None => self.full(),
        }
    }
}

/// A measure in words.
#[derive(Clone, Debug, PartialEq)]
pub struct InWords {
    /// What was set: `Thời gian khôi phục (RTO) không quá 30 phút`.
    pub set: Text,
    /// What was measured: `45 giây`; of several, each with its name.
    pub measured: Text,
}

impl InWords {
    /// What was set, as it stands in a sentence: with a small first letter.
    #[must_use]
    pub fn set_inside(&self) -> Text {
        lowered(&self.set)
    }

    /// Both in one: `45 giây (đặt ra: thời gian khôi phục (RTO) không quá 30 phút)`.
    #[must_use]
    pub fn both(&self) -> Text {
        let (set, measured) = (self.set_inside(), self.measured.clone());
        both(|_| message!("measure-both", set = set.clone(), measured = measured.clone()))
    }
}

/// The words of `measure`; nothing where it is none of what can be said in words.
#[must_use]
pub fn in_words(measure: &Expression, ground: &dyn Ground) -> Option<InWords> {
    let tree = parse::parse(&measure.0)?;
    let set = raised(&said(&tree, ground)?);
    let mut parts = Vec::new();
    collect(&tree, ground, &mut parts)?;
    if let [(_, first), rest @ ..] = parts.as_slice()
        && !rest.is_empty()
        && only_outcomes(&tree)
        && rest.iter().all(|(_, value)| value == first)
    {
        let measured = both(|_| message!("measure-all", value = first.clone()));
        return Some(InWords { set, measured });
    }
    let alone = parts.len() == 1;
    let measured: Vec<Text> =
        parts
            .into_iter()
            .map(|(what, value)| {
                if alone { value } else { both(|_| message!("measure-of", what = what.clone(), value = value.clone())) }
            })
            .collect();
    Some(InWords { set, measured: joined(&measured, |_| "; ".to_owned()) })
}

/// Whether nothing but outcomes of steps is asked for: several that are the same are told once.
fn only_outcomes(tree: &Tree) -> bool {
    match tree {
        Tree::All(parts) | Tree::Any(parts) => parts.iter().all(only_outcomes),
        Tree::Compare(left, ..) => matches!(&left.term, Term::Path(path) if path.ends_with(".outcome")),
        Tree::Not(_) | Tree::Holds(_) => false,
    }
}

/// A message in both languages.
fn both(say: impl Fn(Lang) -> Message) -> Text {
    let render = |lang| Some(say(lang).render(lang));
    Text::Each { vi: render(Lang::Vi), en: render(Lang::En) }
}

fn joined(texts: &[Text], between: impl Fn(Lang) -> String) -> Text {
    let of = |lang| Some(texts.iter().map(|text| text.pick(lang)).collect::<Vec<_>>().join(&between(lang)));
    Text::Each { vi: of(Lang::Vi), en: of(Lang::En) }
}

/// With a capital first letter.
fn raised(text: &Text) -> Text {
    let of = |lang| {
        let mut letters = text.pick(lang).chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        Some(format!("{first}{}", letters.as_str()))
    };
    Text::Each { vi: of(Lang::Vi), en: of(Lang::En) }
}

/// With a small first letter, where the word is not one of capitals.
fn lowered(text: &Text) -> Text {
    let of = |lang| {
        let mut letters = text.pick(lang).chars();
        let first = letters.next().map(String::from).unwrap_or_default();
        let rest = letters.as_str();
        let capitals = rest.chars().next().is_some_and(char::is_uppercase);
        Some(if capitals { format!("{first}{rest}") } else { format!("{}{rest}", first.to_lowercase()) })
    };
    Text::Each { vi: of(Lang::Vi), en: of(Lang::En) }
}

/// What was set.
fn said(tree: &Tree, ground: &dyn Ground) -> Option<Text> {
    match tree {
        Tree::All(parts) | Tree::Any(parts) => {
            let all = matches!(tree, Tree::All(_));
            let mut texts = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                let text = said(part, ground)?;
                let text = if index == 0 { text } else { lowered(&text) };
                let nested = matches!(part, Tree::Any(_)) && all;
                texts.push(if nested { both(|_| message!("measure-group", text = text.clone())) } else { text });
            }
            let word = if all { message!("measure-and") } else { message!("measure-or") };
            Some(joined(&texts, |lang| format!(" {} ", word.render(lang))))
        }
        Tree::Not(inner) => {
            let text = lowered(&said(inner, ground)?);
            Some(both(|_| message!("measure-not", text = text.clone())))
        }
        Tree::Holds(operand) => {
            let what = subject(operand, ground)?;
            Some(both(|_| message!("measure-is", what = what.clone(), value = message!("measure-yes"))))
        }
        Tree::Compare(left, comparison, right) => {
            let (left, comparison, right) = turned(left, *comparison, right);
            let time = is_time(left) || is_time(right);
            let what = subject(left, ground)?;
            if let (Some(step), Comparison::Equal, Term::Text(word)) = (outcome(left, ground), comparison, &right.term)
            {
                let state = vocabulary::outcome(word)?;
                return Some(both(|_| message!("measure-outcome", step = step.full(), state = state.clone())));
            }
            let limit = limit(right, time, ground)?;
            let text = matches!(right.term, Term::Text(_));
            Some(both(|_| {
                let (what, limit) = (what.clone(), limit.clone());
                match comparison {
                    Comparison::AtMost => message!("measure-at-most", what = what, limit = limit),
                    Comparison::AtLeast => message!("measure-at-least", what = what, limit = limit),
                    Comparison::Below => message!("measure-below", what = what, limit = limit),
                    Comparison::Above => message!("measure-above", what = what, limit = limit),
                    Comparison::Equal if text => message!("measure-is", what = what, value = limit),
                    Comparison::Equal => message!("measure-equal", what = what, limit = limit),
                    Comparison::Differs => message!("measure-differs", what = what, limit = limit),
                }
            }))
        }
    }
}

/// What each comparison measured: its name and how much it was.
fn collect(tree: &Tree, ground: &dyn Ground, parts: &mut Vec<(Text, Text)>) -> Option<()> {
    match tree {
        Tree::All(inner) | Tree::Any(inner) => inner.iter().try_for_each(|part| collect(part, ground, parts)),
        Tree::Not(inner) => collect(inner, ground, parts),
        Tree::Holds(operand) => {
            parts.push((subject(operand, ground)?, measured(operand, false, ground)));
            Some(())
        }
        Tree::Compare(left, comparison, right) => {
            let (left, _, right) = turned(left, *comparison, right);
            let what = match outcome(left, ground) {
                Some(step) => both(|_| step.short()),
                None => subject(left, ground)?,
            };
            let time = is_time(left) || is_time(right);
            let alike = time.then(|| alike(left, right, ground)).flatten();
            parts.push((what, alike.unwrap_or_else(|| measured(left, time, ground))));
            Some(())
        }
    }
}

/// A time to the second, where it would else read as what it is held against and is not the same.
fn alike(operand: &Operand, limit: &Operand, ground: &dyn Ground) -> Option<Text> {
    let seconds = |operand: &Operand| {
        let number = match &operand.term {
            Term::Number(number) => Some(*number),
            Term::Path(path) => ground.value(path).and_then(|value| value.as_i64()),
            _ => None,
        };
        u64::try_from(number?.saturating_mul(operand.times)).ok()
    };
    let (one, other) = (seconds(operand)?, seconds(limit)?);
    let words = |seconds, lang| format::duration(std::time::Duration::from_secs(seconds), lang);
    (one != other && words(one, Lang::Vi) == words(other, Lang::Vi))
        .then(|| both(|lang| message!("report-as-it-is", text = crate::report::format::labels::exact(one, lang))))
}

/// What is measured at the left, what it is held against at the right.
fn turned<'a>(left: &'a Operand, comparison: Comparison, right: &'a Operand) -> (&'a Operand, Comparison, &'a Operand) {
    let measured = |it: &Operand| matches!(&it.term, Term::Path(path) if !path.starts_with("inputs."));
    let turn = match (&left.term, &right.term) {
        (Term::Path(_), Term::Path(_)) => !measured(left) && measured(right),
        (Term::Path(_), _) => false,
        _ => true,
    };
    if turn { (right, comparison.turned(), left) } else { (left, comparison, right) }
}

/// Whether it is a time in seconds: by its name, or because minutes and hours are turned into seconds.
fn is_time(operand: &Operand) -> bool {
    let Term::Path(path) = &operand.term else { return false };
    let last = path.rsplit('.').next().unwrap_or_default();
    path.starts_with("clocks.")
        || path.ends_with(".objectives.rto")
        || path.ends_with(".objectives.rpo")
        || last.ends_with("seconds")
        || (last.ends_with("minutes") && operand.times == 60)
        || (last.ends_with("hours") && operand.times == 3600)
}

/// The step whose outcome it is.
fn outcome(operand: &Operand, ground: &dyn Ground) -> Option<StepName> {
    let Term::Path(path) = &operand.term else { return None };
    match path.split('.').collect::<Vec<_>>().as_slice() {
        ["steps", step, "outcome"] => ground.step(step),
        _ => None,
    }
}

/// What something is called.
fn subject(operand: &Operand, ground: &dyn Ground) -> Option<Text> {
    let Term::Path(path) = &operand.term else { return None };
    match path.split('.').collect::<Vec<_>>().as_slice() {
        ["clocks", id, "seconds"] => ground.clock(id),
        ["inputs", _, "objectives", "rto"] => Some(both(|_| message!("measure-set-rto"))),
        ["inputs", _, "objectives", "rpo"] => Some(both(|_| message!("measure-set-rpo"))),
        ["inputs", id] => ground.input(id),
        ["steps", step, "outcome"] => ground.step(step).map(|step| both(|_| step.full())),
        ["steps", step, name] => {
            let step = ground.step(step)?.short();
            let what = match ground.asked(step_id(path)?, name) {
                Some(title) => Arg::Both(title),
                None => Arg::Message(Box::new(vocabulary::value(name))),
            };
            Some(both(|_| Message::new("measure-value-of").with("what", what.clone()).with("step", step.clone())))
        }
        _ => None,
    }
}

fn step_id(path: &str) -> Option<&str> {
    path.split('.').nth(1)
}

/// What something is held against: how much it is, and for a value that is measured too its name.
fn limit(operand: &Operand, time: bool, ground: &dyn Ground) -> Option<Text> {
    let path = match &operand.term {
        Term::Path(path) => path,
        Term::Number(number) => return Some(amount(number.saturating_mul(operand.times), time)),
        Term::Text(text) => return Some(both(|_| vocabulary::word(text))),
        Term::Truth(truth) => return Some(both(|_| vocabulary::truth(*truth))),
    };
    let value = ground.value(path).and_then(|value| shown(&value, operand.times, time));
    if path.starts_with("inputs.") {
        return value.or_else(|| subject(operand, ground).map(|text| lowered(&text)));
    }
    let name = lowered(&subject(operand, ground)?);
    Some(match value {
        Some(value) => both(|_| message!("measure-named", what = name.clone(), value = value.clone())),
        None => name,
    })
}

/// How much it was, or that there is no figure.
fn measured(operand: &Operand, time: bool, ground: &dyn Ground) -> Text {
    let value = match &operand.term {
        Term::Path(path) if path.ends_with(".outcome") => {
            let value = ground.value(path);
            value.as_ref().and_then(Value::as_str).and_then(vocabulary::outcome).map(|state| both(|_| state.clone()))
        }
        Term::Path(path) => ground.value(path).and_then(|value| shown(&value, operand.times, time)),
        _ => None,
    };
    value.unwrap_or_else(|| both(|_| message!("report-no-figure")))
}

/// A value in words.
fn shown(value: &Value, times: i64, time: bool) -> Option<Text> {
    match value {
        Value::Bool(truth) => Some(both(|_| vocabulary::truth(*truth))),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(amount(whole.saturating_mul(times), time)),
            None => Some(both(|lang| {
                let text = number.to_string();
                let text = if lang == Lang::Vi { text.replace('.', ",") } else { text };
                message!("report-as-it-is", text = text)
            })),
        },
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(whole) => Some(amount(whole.saturating_mul(times), time)),
            Err(_) => Some(both(|_| vocabulary::word(text))),
        },
        _ => None,
    }
}

/// A whole number, or so many seconds, in words.
fn amount(number: i64, time: bool) -> Text {
    both(|lang| {
        let text = match u64::try_from(number) {
            Ok(seconds) if time => format::duration(std::time::Duration::from_secs(seconds), lang),
            _ => crate::report::format::labels::signed(number, lang),
        };
        message!("report-as-it-is", text = text)
    })
}
