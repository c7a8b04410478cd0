//! Asks at the terminal what would decide a level, and writes each answer into the system's file at once.

use std::fs;
use std::io::{self, BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::level::{Described, Rules};
use super::level_words as words;
use crate::inventory::table::label;
use crate::inventory::{self, System};
use crate::message::{Message, message};
use crate::policy::levels::{Fact, Kind, assess};
use crate::source::edit::{self, Step};
use crate::source::{self, Node};
use crate::ui::{Context, Exit, Failure};

/// One thing to ask.
struct Asked {
    component: Option<String>,
    fact: Fact,
    /// The highest level that hangs on it.
    up_to: u8,
    /// What the file has and no person has confirmed.
    assumed: Option<Value>,
}

/// What a person typed.
enum Typed {
    Answer(Value),
    /// What the file has is right.
    Right,
    NotSure,
    Done,
}

/// Asks about each system what would decide its level, most decisive first, and then what it was computed from and nobody has
/// confirmed. Each answer is in the file before the next question; `systems` are then as their files are.
///
/// # Errors
///
/// Where a file has changed meanwhile, or an answer cannot be written into it.
pub(super) fn ask(context: &Context, rules: &Rules, systems: &mut [Described]) -> Result<(), Failure> {
    for one in systems {
        let mut known = fs::read(&one.path).map_err(|error| unwritten(one, &error))?;
        let same = |form: Form| inventory::read(&one.file, &form.text).is_ok_and(|system| system == one.system);
        if Form::of(&known).is_some_and(|form| !same(form)) {
            return Err(changed(&one.file));
        }
        let mut seen: Vec<(Option<String>, Fact)> = Vec::new();
        while let Some(next) = next(rules, &one.system, &seen) {
            seen.push((next.component.clone(), next.fact));
            match put(context, &one.system, &next) {
                Typed::Done => return Ok(()),
                Typed::NotSure => {}
                Typed::Right => {
                    write(one, &next, None, &mut known)?;
                    let (fact, file) = (next.name(), one.file.as_str());
                    context.note(&message!("level-ask-confirmed", fact = fact, file = file));
                }
                Typed::Answer(value) => {
                    write(one, &next, Some(&value), &mut known)?;
                    let (fact, file, value) = (next.name(), one.file.as_str(), edit::flow(&value));
                    context.note(&message!("level-ask-written", fact = fact, value = value, file = file));
                }
            }
        }
    }
    Ok(())
}

impl Asked {
    /// Where it stands in the file.
    fn path(&self) -> String {
        self.fact.path(self.component.as_deref())
    }

    fn name(&self) -> String {
        match &self.component {
            Some(component) => format!("components.{component}.{}", self.fact.word()),
            None => self.fact.word().to_owned(),
        }
    }
}

/// The most decisive thing that was not asked yet.
fn next(rules: &Rules, system: &System, seen: &[(Option<String>, Fact)]) -> Option<Asked> {
    let outcomes: Vec<_> = rules.wanted.iter().filter_map(|id| Some(assess(rules.book.set(*id)?, system))).collect();
    let fresh = |component: &Option<String>, fact: Fact| !seen.contains(&(component.clone(), fact));
    let questions = outcomes.iter().flat_map(|outcome| &outcome.questions).map(|question| Asked {
        component: question.component.map(ToString::to_string),
        fact: question.fact,
        up_to: question.up_to,
        assumed: None,
    });
    if let Some(asked) = questions.into_iter().find(|asked| fresh(&asked.component, asked.fact)) {
        return Some(asked);
    }
    let matched = outcomes.iter().flat_map(|outcome| &outcome.matched);
    let assumed = matched.flat_map(|found| {
        let component = found.component.map(ToString::to_string);
        Fact::of_set(found.assumed(system)).map(move |fact| (component.clone(), fact))
    });
    let mut assumed: Vec<(Option<String>, Fact)> = assumed.collect();
    // The system's own come first.
    assumed.sort_by_key(|(component, _)| component.is_some());
    let (component, fact) = assumed.into_iter().find(|(component, fact)| fresh(component, *fact))?;
    let facts = match &component {
        None => &system.facts,
        Some(id) => &system.components.iter().find(|part| part.id.as_str() == id)?.facts,
    };
    let facts = serde_json::to_value(facts).unwrap_or_default();
    let stands = facts.get(fact.word()).cloned().unwrap_or_default();
    Some(Asked { component, fact, up_to: 0, assumed: Some(stands) })
}

/// Puts one question until it is answered. Enter alone means nothing; the end of the input is the end.
fn put(context: &Context, system: &System, asked: &Asked) -> Typed {
    let (id, name, what) = (system.id.as_str(), asked.name(), words::fact(asked.fact));
    let mut confirm = asked.assumed.is_some();
    let question = match &asked.assumed {
        Some(value) => {
            let value = edit::flow(value);
            message!("level-ask-assumed", system = id, fact = name, what = what, value = value)
        }
        None => message!("level-ask-question", system = id, fact = name, what = what, level = asked.up_to),
    };
    let say = |message: &Message| context.err(&format!("{}\n", message.render(context.lang)));
    say(&question);
    loop {
        say(&if confirm { message!("level-ask-confirm") } else { offer(context, asked.fact) });
        context.err("> ");
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).unwrap_or(0);
        let word = line.trim().to_lowercase();
        match word.as_str() {
            _ if read == 0 => return Typed::Done,
            "d" => return Typed::Done,
            "?" => return Typed::NotSure,
            "" => say(&message!("console-enter-alone")),
            "c" if confirm => return Typed::Right,
            "k" if confirm => confirm = false,
            _ if confirm => say(&message!("level-ask-wrong")),
            word => match answer(asked.fact, word) {
                Some(value) => return Typed::Answer(value),
                None => say(&message!("level-ask-wrong")),
            },
        }
    }
}

/// What can be typed; lists are printed with their numbers.
fn offer(context: &Context, fact: Fact) -> Message {
    let list = |choices: &[&'static str]| {
        for (at, word) in choices.iter().enumerate() {
            let meaning = label(&format!("facts.{}", fact.word()), word, context.lang);
            context.err(&format!("  [{}] {word}: {meaning}\n", at + 1));
        }
    };
    match fact.kind() {
        Kind::Truth => message!("level-ask-truth"),
        Kind::Count => message!("level-ask-count"),
        Kind::Decision => message!("level-ask-decision"),
        Kind::One(choices) => {
            list(&choices);
            message!("level-ask-one")
        }
        Kind::Several(choices) => {
            list(&choices);
            message!("level-ask-several")
        }
    }
}

/// The answer that a word gives: `c`, `k`, numbers of a list or its words, `2.184`.
fn answer(fact: Fact, word: &str) -> Option<Value> {
    let one = |word: &str, choices: &[&'static str]| -> Option<&'static str> {
        let numbered = word.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?).copied());
        numbered.or_else(|| choices.iter().copied().find(|choice| choice.eq_ignore_ascii_case(word)))
    };
    match fact.kind() {
        Kind::Truth => match word {
            "c" => Some(Value::from(true)),
            "k" => Some(Value::from(false)),
            _ => None,
        },
        Kind::Decision => match word {
            "k" => Some(Value::Null),
            "1" | "2" | "3" | "4" | "5" => word.parse::<u8>().ok().map(Value::from),
            _ => None,
        },
        Kind::Count => count(word).map(Value::from),
        Kind::One(choices) => one(word, &choices).map(Value::from),
        Kind::Several(choices) => {
            let parts = word.split([' ', ',']).filter(|part| !part.is_empty());
            let mut chosen: Vec<&str> = parts.map(|part| one(part, &choices)).collect::<Option<_>>()?;
            let place = |word: &&str| choices.iter().position(|choice| choice == word);
            chosen.sort_by_key(place);
            chosen.dedup();
            (!chosen.is_empty()).then(|| Value::from(chosen))
        }
    }
}

/// A whole number, as it is or in groups of three: `120000`, `120.000`.
fn count(word: &str) -> Option<u64> {
    let groups: Vec<&str> = word.split(['.', ',', ' ']).collect();
    let whole = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()));
    let threes = groups.iter().skip(1).all(|group| group.len() == 3) && (groups.len() == 1 || groups[0].len() <= 3);
    let number = (whole && threes).then(|| groups.concat().parse::<u64>().ok())??;
    (number <= 1_000_000_000_000).then_some(number)
}

/// Writes `value` at the fact, or leaves the fact as it is, and takes it out of `assumed`. The rest of the file stays as it is,
/// to the byte; a file that has changed since it was read is left alone.
fn write(one: &mut Described, asked: &Asked, value: Option<&Value>, known: &mut Vec<u8>) -> Result<(), Failure> {
    let unfit = || {
        let shown = edit::flow(value.unwrap_or(&Value::Null));
        let text = message!("level-file-form", fact = asked.name(), file = one.file.as_str());
        let failure = Failure::new(Exit::Invalid, "file-form", text);
        failure.help(message!("level-file-form-help", fact = asked.name(), value = shown))
    };
    let form = Form::of(known).ok_or_else(unfit)?;
    let mut path = Vec::new();
    if let Some(component) = &asked.component {
        path.extend([Step::Key("components"), Step::Item(component)]);
    }
    path.extend([Step::Key("facts"), Step::Key(asked.fact.word())]);
    let mut text = form.text.clone();
    if let Some(value) = value {
        text = edit::set(&text, &path, Some(value), false).map_err(|_| unfit())?;
    }
    let mut wanted = one.system.clone();
    if wanted.assumes(&asked.path()) {
        let document = source::parse("", &text);
        let root = document.root.as_ref().ok_or_else(unfit)?;
        wanted.assumed = confirmed(&wanted.assumed, &asked.path(), root);
        let list = (!wanted.assumed.is_empty()).then(|| Value::from(wanted.assumed.clone()));
        text = edit::set(&text, &[Step::Key("assumed")], list.as_ref(), false).map_err(|_| unfit())?;
    }
    // Read back: nothing but this fact and the list of what is assumed may differ.
    let after = inventory::read(&one.file, &text).map_err(|_| unfit())?;
    answered(&mut wanted, asked, value).ok_or_else(unfit)?;
    if after != wanted {
        return Err(unfit());
    }
    let bytes = form.bytes(&text);
    exchange(&one.path, known, &bytes).map_err(|error| match error {
        Exchange::Changed => changed(&one.file),
        Exchange::Failed(error) => unwritten(one, &error),
    })?;
    one.system = after;
    *known = bytes;
    Ok(())
}

/// Puts `value` where it was asked for.
fn answered(system: &mut System, asked: &Asked, value: Option<&Value>) -> Option<()> {
    let Some(value) = value else { return Some(()) };
    let facts = match &asked.component {
        None => &mut system.facts,
        Some(id) => &mut system.components.iter_mut().find(|part| part.id.as_str() == id)?.facts,
    };
    let mut all = serde_json::to_value(&*facts).ok()?;
    all.as_object_mut()?.insert(asked.fact.word().to_owned(), value.clone());
    *facts = serde_json::from_value(all).ok()?;
    Some(())
}

/// What is still assumed when what stands at `path` is confirmed: of a whole that was assumed, the other parts.
fn confirmed(assumed: &[String], path: &str, root: &Node) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for one in assumed {
        let Some(rest) = path.strip_prefix(one.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('.')) else {
            kept.push(one.clone());
            continue;
        };
        let mut whole = one.clone();
        for step in rest.split('.').skip(1) {
            let parts = root.at(&whole).map(parts).unwrap_or_default();
            let others = parts.into_iter().filter(|part| *part != step).map(|part| format!("{whole}.{part}"));
            let others: Vec<String> = others.filter(|other| !assumed.contains(other)).collect();
            kept.extend(others);
            whole = format!("{whole}.{step}");
        }
    }
    kept
}

/// The names of what a value is made of: keys, or the ids of items. What a thing is called is not a part of it.
fn parts(node: &Node) -> Vec<&str> {
    let keys = node.members().iter().map(|(key, _)| key.text.as_str()).filter(|key| *key != "id");
    keys.chain(node.items().iter().filter_map(|item| Some(item.get("id")?.scalar()?.0))).collect()
}

fn changed(file: &str) -> Failure {
    Failure::new(Exit::Invalid, "file-changed", message!("level-file-changed", file = file))
        .help(message!("level-file-changed-help"))
}

fn unwritten(one: &Described, error: &io::Error) -> Failure {
    Failure::new(Exit::Machine, "report-write", message!("cli-cannot-write", path = one.path.display().to_string()))
        .caused_by(error)
}

/// How a file is written: with a byte order mark or not, with which line ends.
struct Form {
    text: String,
    mark: bool,
    crlf: bool,
}

impl Form {
    /// `None` where the line ends are mixed, or it is no text: it could not be written back as it was.
    fn of(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mark = text.starts_with('\u{feff}');
        let crlf = text.contains("\r\n");
        let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let form = Self { text: plain, mark, crlf };
        (form.bytes(&form.text) == bytes).then_some(form)
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        let text = if self.crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        format!("{}{text}", if self.mark { "\u{feff}" } else { "" }).into_bytes()
    }
}

enum Exchange {
    Changed,
    Failed(io::Error),
}

/// Puts `after` in the place of the file at `path`, whole or not at all, unless it is not `before` any more.
fn exchange(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Exchange> {
    // A link stays a link: what it leads to is exchanged.
    let path = fs::canonicalize(path).map_err(Exchange::Failed)?;
    let mut scratch = path.clone().into_os_string();
    scratch.push(format!(".new-{}", std::process::id()));
    let scratch = PathBuf::from(scratch);
    let done = fill(&path, &scratch, after).map_err(Exchange::Failed).and_then(|()| {
        if fs::read(&path).map_err(Exchange::Failed)? == before {
            fs::rename(&scratch, &path).map_err(Exchange::Failed)
        } else {
            Err(Exchange::Changed)
        }
    });
    if done.is_err() {
        // Where it cannot be taken away either, the first error is the one to tell.
        let _ = fs::remove_file(&scratch);
    }
    done
}

fn fill(path: &Path, scratch: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(scratch)?;
    file.set_permissions(fs::metadata(path)?.permissions())?;
    file.write_all(text)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        let seen = ["5", "120000", "120.000", "1,234,567", "0", "12.00", "1.2.3", "-1", "x", ""].map(count);
        assert_eq!(
            seen,
            [Some(5), Some(120_000), Some(120_000), Some(1_234_567), Some(0), None, None, None, None, None]
        );
    }

    #[test]
    fn what_is_typed_becomes_what_the_file_has() {
        let of = |fact, word: &str| answer(fact, word).map(|value| edit::flow(&value));
        assert_eq!(of(Fact::Class, "3 1, 1").as_deref(), Some("[internal, infrastructure]"));
        assert_eq!(of(Fact::Class, "6"), None);
        assert_eq!(of(Fact::WorksGrade, "iv").as_deref(), Some("IV"));
        assert_eq!(of(Fact::DecidedLevel, "k").as_deref(), Some("null"));
        assert_eq!(of(Fact::DecidedLevel, "6"), None);
        assert_eq!(of(Fact::OneStop, "c").as_deref(), Some("true"));
        assert_eq!(of(Fact::OneStop, "yes"), None);
    }

    #[test]
    fn confirming_a_part_of_what_is_assumed_whole_leaves_the_others_assumed() {
        let document = source::parse(
            "x",
            "facts: { class: [ics], scope: province }\ncomponents:\n  - id: db\n    facts: { users: 1, harm: none }\n    host: { os: x }\n  - { id: web }\n",
        );
        let root = document.root.as_ref().expect("a map");
        let of = |assumed: &[&str], path: &str| {
            confirmed(&assumed.iter().map(|&one| one.to_owned()).collect::<Vec<_>>(), path, root).join(" ")
        };
        assert_eq!(of(&["owner", "facts"], "facts.scope"), "owner facts.class");
        assert_eq!(of(&["owner", "facts.class"], "facts.class"), "owner");
        assert_eq!(
            of(&["components", "owner"], "components.db.facts.users"),
            "components.web components.db.host components.db.facts.harm owner"
        );
        assert_eq!(of(&["components.db.facts.users", "components.web"], "components.db.facts.users"), "components.web");
    }

    #[test]
    fn line_ends_and_the_mark_stay_and_mixed_ones_are_refused() {
        let bytes = "\u{feff}a: 1\r\nb: 2\r\n".as_bytes();
        let form = Form::of(bytes).expect("it can be written back");
        assert_eq!(form.bytes("a: 1\nb: 3\n"), "\u{feff}a: 1\r\nb: 3\r\n".as_bytes());
        assert!(Form::of(b"a: 1\r\nb: 2\n").is_none());
        assert!(Form::of(&[0xff, 0xfe]).is_none());
    }
}
