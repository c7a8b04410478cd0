//! A playbook as its author would write it: the way back from the typed form to YAML.

use serde_json::{Map, Value, json};

use super::types::{ClockEdge, ClockRule, Family, Input, Playbook};
use crate::model::{Command, Program, Span, Text};
use crate::probe::Spec;
use crate::source::edit::block_lines;
use crate::step::{
    Action, Ask, Backup, BackupRef, CaptureFrom, Classifies, Items, OnFailure, RestoreTo, Run, Step, SystemRef,
    ValueKind,
};

/// The text of the file that reads as `playbook`.
#[must_use]
pub fn yaml(playbook: &Playbook) -> String {
    text(&head(playbook), playbook.steps.iter().map(step).collect())
}

/// The text of a file with this head and these steps, as [`head`] and [`step`] give them.
#[must_use]
pub fn text(head: &Map<String, Value>, steps: Vec<Value>) -> String {
    let mut members = head.clone();
    members.insert("steps".to_owned(), Value::Array(steps));
    block_lines(&members, 0).join("\n") + "\n"
}

/// Everything but the steps, by the keys of the file.
#[must_use]
pub fn head(playbook: &Playbook) -> Map<String, Value> {
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| _ = map.insert(key.to_owned(), value);
    put("format", json!(1));
    put("playbook", json!(playbook.name.as_str()));
    put("version", json!(playbook.version));
    put("title", words(&playbook.title));
    put("family", json!(playbook.family));
    put("kind", json!(playbook.kind.as_str()));
    let signs: Vec<Value> = playbook.signs.iter().map(words).collect();
    for (key, list) in [
        ("signs", json!(signs)),
        ("attack", json!(playbook.attack)),
        ("tasks", json!(playbook.tasks)),
        ("levels", json!(playbook.levels)),
    ] {
        if list.as_array().is_some_and(|list| !list.is_empty()) {
            put(key, list);
        }
    }
    put("keep_running", words(&playbook.keep_running));
    let inputs = playbook.inputs.iter().map(|(id, given)| (id.to_string(), input(given)));
    let roles = playbook.roles.iter().map(|(id, role)| (id.to_string(), json!({ "title": words(&role.title) })));
    let clocks = playbook.clocks.iter().map(|(id, rule)| (id.to_string(), clock(rule)));
    let (inputs, roles, clocks): (Map<_, _>, Map<_, _>, Map<_, _>) =
        (inputs.collect(), roles.collect(), clocks.collect());
    let objectives = playbook.objectives.iter().map(|objective| {
        let mut item = json!({ "id": objective.id.as_str(), "title": words(&objective.title) });
        if let Some(measure) = &objective.measure {
            item["measure"] = json!(measure.0);
        }
        item
    });
    let watch = playbook.watches.iter().map(|watch| {
        let mut item = json!({ "id": watch.id.as_str() });
        if let Some(title) = &watch.title {
            item["title"] = words(title);
        }
        item[watch.probe.word()] = probe(&watch.probe);
        item["every"] = span(watch.every);
        item["confirm"] = json!(watch.confirm);
        item
    });
    for (key, value, some) in [
        ("inputs", Value::Object(inputs), !playbook.inputs.is_empty()),
        ("roles", Value::Object(roles), !playbook.roles.is_empty()),
        ("objectives", objectives.collect(), !playbook.objectives.is_empty()),
        ("watch", watch.collect(), !playbook.watches.is_empty()),
        ("clocks", Value::Object(clocks), !playbook.clocks.is_empty()),
    ] {
        if some {
            put(key, value);
        }
    }
    map
}

/// The word of a family in files.
#[must_use]
pub fn family(family: Family) -> &'static str {
    match family {
        Family::A => "A",
        Family::B => "B",
        Family::C => "C",
        Family::D => "D",
        Family::Standing => "standing",
    }
}

fn span(span: Span) -> Value {
    json!(span.to_string())
}

/// Text for people: a string, or both languages.
pub(super) fn words(text: &Text) -> Value {
    match text {
        Text::Same(text) => json!(text),
        Text::Each { vi, en } => {
            let both = [("vi", vi), ("en", en)];
            let given = both.into_iter().filter_map(|(lang, text)| Some((lang.to_owned(), json!(text.as_ref()?))));
            Value::Object(given.collect())
        }
    }
}

fn kind(map: &mut Value, kind: &ValueKind) {
    map["type"] = match kind {
        ValueKind::Choice(_) => json!("choice"),
        kind => json!(kind),
    };
    if let ValueKind::Choice(options) = kind {
        map["options"] = json!(options);
    }
}

fn input(input: &Input) -> Value {
    let mut map = json!({});
    kind(&mut map, &input.kind);
    if let Some(title) = &input.title {
        map["title"] = words(title);
    }
    match (&input.default, &input.kind) {
        (Some(value), ValueKind::Duration) => {
            map["default"] = span(Span::from_seconds(value.as_u64().unwrap_or_default()));
        }
        (Some(value), _) => map["default"] = value.clone(),
        (None, _) => {}
    }
    map
}

fn clock(rule: &ClockRule) -> Value {
    let edge = |edge: &ClockEdge| match edge {
        ClockEdge::Outage => json!("outage"),
        ClockEdge::Mark(mark) => json!(mark),
        ClockEdge::Begin(id) => json!({ "step": id.as_str(), "at": "begin" }),
        ClockEdge::End(id) => json!({ "step": id.as_str(), "at": "end" }),
    };
    let mut map = json!({});
    if let Some(title) = &rule.title {
        map["title"] = words(title);
    }
    map["from"] = edge(&rule.from);
    map["to"] = edge(&rule.to);
    if let Some(limit) = &rule.limit {
        // A number of seconds is written as the duration that it is.
        map["limit"] = limit.0.parse().map_or_else(|_| json!(limit.0), |number: i64| json!(number));
    }
    map
}

/// A step, by the keys of the file, with the steps inside it.
#[must_use]
pub fn step(step: &Step) -> Value {
    let mut map = alone(step);
    match &step.action {
        Action::Parallel(steps) => map["parallel"] = inner(steps),
        Action::Each(each) => map["each"]["steps"] = inner(&each.steps),
        Action::Repeat(repeat) => map["repeat"]["steps"] = inner(&repeat.steps),
        _ => {}
    }
    map
}

fn inner(steps: &[Step]) -> Value {
    steps.iter().map(self::step).collect()
}

/// A step without the steps inside it.
pub(super) fn alone(step: &Step) -> Value {
    let mut map = json!({ "id": step.id.as_str() });
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            map[key] = value;
        }
    };
    put("title", step.title.as_ref().map(words));
    put("role", step.role.as_ref().map(|role| json!(role.as_str())));
    put("phase", step.phase.map(|phase| json!(phase)));
    put("needs", (!step.needs.is_empty()).then(|| json!(step.needs)));
    put("when", step.when.as_ref().map(|when| json!(when.0)));
    let (word, value) = action(&step.action);
    put(word, Some(value));
    put("timeout", step.timeout.map(span));
    let retry = step
        .retry
        .map(|retry| json!({ "times": retry.times, "delay": retry.delay.to_string(), "backoff": retry.backoff }));
    put("retry", retry);
    put(
        "on_failure",
        match &step.on_failure {
            OnFailure::Stop => None,
            OnFailure::Continue => Some(json!("continue")),
            OnFailure::Goto(id) => Some(json!({ "goto": id.as_str() })),
        },
    );
    put(
        "undo",
        step.undo.as_ref().map(|undo| {
            let (word, value) = action(undo);
            json!({ word: value })
        }),
    );
    let capture: Map<String, Value> = step
        .capture
        .iter()
        .map(|capture| {
            let from = match capture.from {
                CaptureFrom::Stdout => "stdout",
                CaptureFrom::Stderr => "stderr",
                CaptureFrom::Body => "body",
            };
            (capture.name.to_string(), json!({ "from": from, "regex": capture.regex }))
        })
        .collect();
    put("capture", (!capture.is_empty()).then_some(Value::Object(capture)));
    put("repeatable", step.repeatable.then_some(json!(true)));
    put("evidence", step.evidence_required.then_some(json!("required")));
    put("marks", step.marks.map(|mark| json!(mark)));
    map
}

fn system(system: &SystemRef) -> String {
    match system {
        SystemRef::Id(name) => name.to_string(),
        SystemRef::Input(id) => format!("inputs.{id}"),
        SystemRef::Each(id) => format!("each.{id}"),
    }
}

fn backup_ref(of: &BackupRef) -> Value {
    match of {
        BackupRef::Backup { system: of, backup } => json!(format!("{}/{backup}", system(of))),
        BackupRef::Path(path) => json!(path.0),
    }
}

fn asked(ask: &Ask) -> Value {
    let mut item = json!({ "id": ask.id.as_str(), "title": words(&ask.title) });
    kind(&mut item, &ask.kind);
    if let Some(tells) = ask.tells {
        item["tells"] = json!(tells.word());
    }
    item
}

/// The word and the settings of an action, without the steps inside it.
fn action(action: &Action) -> (&'static str, Value) {
    match action {
        Action::Manual(manual) => {
            let mut map = json!({ "do": words(&manual.instruction) });
            if !manual.checks.is_empty() {
                map["checks"] = manual.checks.iter().map(words).collect();
            }
            if !manual.ask.is_empty() {
                map["ask"] = manual.ask.iter().map(asked).collect();
            }
            ("manual", map)
        }
        Action::Run(Run::Operation { on, operation }) => ("run", json!({ "on": system(on), "do": operation.as_str() })),
        Action::Run(Run::Command(given)) => ("run", command(given)),
        Action::Probe(spec) => ("probe", json!({ spec.word(): probe(spec) })),
        Action::Wait(wait) => {
            let word = wait.probe.word();
            ("wait", json!({ word: probe(&wait.probe), "every": wait.every.to_string(), "confirm": wait.confirm }))
        }
        Action::Backup(backup) => ("backup", self::backup(backup)),
        Action::Restore(restore) => {
            let to = match &restore.to {
                RestoreTo::System(of) => system(of),
                RestoreTo::Path(path) => path.0.clone(),
            };
            ("restore", json!({ "from": restore.from.0, "to": to }))
        }
        Action::Decide(decide) => {
            let options = decide.options.iter().map(|option| {
                let mut item = json!({ "id": option.id.as_str(), "title": words(&option.title) });
                if let Some(goto) = &option.goto {
                    item["goto"] = json!(goto.as_str());
                }
                let word = Classifies::WORDS.iter().find(|(_, value)| Some(*value) == option.classifies);
                if let Some((word, _)) = word {
                    item["classifies"] = json!(word);
                }
                item
            });
            let mut map = json!({ "ask": words(&decide.ask), "options": options.collect::<Value>() });
            if let Some(default) = &decide.default {
                map["default"] = json!(default.as_str());
            }
            if let Some(tells) = decide.tells {
                map["tells"] = json!(tells.word());
            }
            ("decide", map)
        }
        Action::Parallel(_) => ("parallel", json!([])),
        Action::Each(each) => {
            let of = match &each.of {
                Items::List(items) => json!(items),
                Items::Expression(template) => json!(template.0),
            };
            ("each", json!({ "of": of, "as": each.name.as_str(), "steps": [] }))
        }
        Action::Repeat(repeat) => {
            let mut map = json!({ "steps": [], "until": repeat.until.0, "max": repeat.max });
            if let Some(every) = repeat.every {
                map["every"] = span(every);
            }
            ("repeat", map)
        }
        Action::Call(call) => {
            let mut map = json!({ "playbook": call.playbook.as_str() });
            if !call.with.is_empty() {
                map["with"] = json!(call.with);
            }
            ("call", map)
        }
        Action::Notify(notify) => ("notify", json!({ "notice": notify.notice.as_str() })),
        Action::Inject(inject) => {
            let mut map = json!({});
            if let Some(to) = &inject.to {
                map["to"] = json!(to.as_str());
            }
            map["text"] = words(&inject.text);
            if let Some(expect) = &inject.expect {
                map["expect"] = words(expect);
            }
            ("inject", map)
        }
        Action::Fault(fault) => {
            let mut map = json!({ "on": system(&fault.on), "kind": fault.kind.as_str() });
            if !fault.with.is_empty() {
                map["with"] = json!(fault.with);
            }
            ("fault", map)
        }
        Action::Note(text) => ("note", words(text)),
    }
}

fn backup(backup: &Backup) -> Value {
    match backup {
        Backup::Seal(of) => json!({ "seal": backup_ref(of) }),
        Backup::Verify { of, sample: None } => json!({ "verify": backup_ref(of) }),
        Backup::Verify { of, sample: Some(sample) } => json!({ "verify": backup_ref(of), "sample": sample }),
        Backup::NewestGood(of) => json!({ "newest_good": system(of) }),
        Backup::Prove(of) => json!({ "prove": backup_ref(of) }),
    }
}

fn command(command: &Command) -> Value {
    let mut map = match &command.program {
        Program::Argv(argv) => json!({ "argv": argv }),
        Program::Shell(shell) => json!({ "shell": shell }),
    };
    map["effect"] = json!(command.effect);
    if let Some(host) = &command.host {
        map["host"] = json!(host);
    }
    if !command.env.is_empty() {
        map["env"] = json!(command.env);
    }
    for (key, template) in [("stdin", &command.stdin), ("cwd", &command.cwd)] {
        if let Some(template) = template {
            map[key] = json!(template.0);
        }
    }
    map
}

/// A probe's settings, without what was not said.
fn probe(spec: &Spec) -> Value {
    let all = serde_json::to_value(spec).unwrap_or_default();
    let Some(Value::Object(members)) = all.get(spec.word()).cloned() else { return Value::Null };
    let said = |value: &Value| !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty());
    Value::Object(members.into_iter().filter(|(_, value)| said(value)).collect())
}
