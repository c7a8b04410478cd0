//! Short ways to write playbooks, systems and plans in tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::engine::plan::{Plan, PlanProblem, Request, plan};
use crate::inventory::{BackupPlan, Environment, Host, RestorePlan, System, Targets};
use crate::model::record::People;
use crate::model::{Command, Effect, Expression, Id, Mode, Name, Program, Span, Template, Text};
use crate::playbook::{Family, Input, Playbook};
use crate::probe::Spec;
use crate::step::{
    Action, Backup, Call, Choice, Decide, Each, Fault, Inject, Items, Manual, Notify, OnFailure, Repeat, Restore,
    RestoreTo, Run, Step, SystemRef, ValueKind, Wait,
};

pub(super) fn id(text: &str) -> Id {
    text.parse().expect("an id")
}

pub(super) fn name(text: &str) -> Name {
    text.parse().expect("a name")
}

pub(super) fn span(text: &str) -> Span {
    text.parse().expect("a duration")
}

pub(super) fn step(step_id: &str, action: Action) -> Step {
    Step {
        id: id(step_id),
        action,
        title: None,
        role: None,
        phase: None,
        when: None,
        timeout: None,
        retry: None,
        on_failure: OnFailure::Stop,
        undo: None,
        capture: Vec::new(),
        repeatable: false,
        evidence_required: false,
        marks: None,
        needs: Vec::new(),
    }
}

pub(super) fn when(mut step: Step, text: &str) -> Step {
    step.when = Some(Expression(text.to_owned()));
    step
}

pub(super) fn on_failure(mut step: Step, follows: OnFailure) -> Step {
    step.on_failure = follows;
    step
}

pub(super) fn undo(mut step: Step, action: Action) -> Step {
    step.undo = Some(Box::new(action));
    step
}

pub(super) fn manual() -> Action {
    Action::Manual(Manual { instruction: Text::from("do it"), checks: Vec::new(), ask: Vec::new() })
}

pub(super) fn operation(on: &str, operation: &str) -> Action {
    Action::Run(Run::Operation { on: target(on), operation: id(operation) })
}

/// `one-stop`, `inputs.system` or `each.site`.
pub(super) fn target(text: &str) -> SystemRef {
    match text.split_once('.') {
        Some(("inputs", rest)) => SystemRef::Input(id(rest)),
        Some((_, rest)) => SystemRef::Each(id(rest)),
        None => SystemRef::Id(name(text)),
    }
}

pub(super) fn command(effect: Effect, argv: &[&str]) -> Command {
    Command {
        program: Program::Argv(argv.iter().map(|element| Template((*element).to_owned())).collect()),
        effect,
        host: None,
        env: BTreeMap::new(),
        stdin: None,
        cwd: None,
    }
}

pub(super) fn literal(effect: Effect, argv: &[&str]) -> Action {
    Action::Run(Run::Command(command(effect, argv)))
}

pub(super) fn look(argv: &[&str]) -> Action {
    literal(Effect::Observe, argv)
}

pub(super) fn http() -> Spec {
    serde_json::from_value(serde_json::json!({ "http": {
        "url": "{{ inputs.system.endpoints.health }}", "method": null, "status": 200, "answers": null,
        "contains": null, "timeout": null,
    }}))
    .expect("a look")
}

pub(super) fn wait() -> Action {
    Action::Wait(Wait { probe: http(), every: span("1s"), confirm: 1 })
}

pub(super) fn decide(options: &[(&str, Option<&str>)], default: Option<&str>) -> Action {
    Action::Decide(Decide {
        ask: Text::from("which?"),
        options: options
            .iter()
            .map(|(option, goto)| Choice {
                id: id(option),
                title: Text::from(*option),
                goto: goto.map(id),
                classifies: None,
            })
            .collect(),
        default: default.map(id),
        tells: None,
    })
}

pub(super) fn restore(from: &str, to: RestoreTo) -> Action {
    Action::Restore(Restore { from: Template(from.to_owned()), to })
}

pub(super) fn newest_good() -> Action {
    Action::Backup(Backup::NewestGood(SystemRef::Input(id("system"))))
}

pub(super) fn each(items: &[&str], item: &str, steps: Vec<Step>) -> Action {
    let list = items.iter().map(|item| Value::from(*item)).collect();
    Action::Each(Each { of: Items::List(list), name: id(item), steps })
}

pub(super) fn each_of(expression: &str, item: &str, steps: Vec<Step>) -> Action {
    Action::Each(Each { of: Items::Expression(Template(expression.to_owned())), name: id(item), steps })
}

pub(super) fn repeat(until: &str, max: u32, steps: Vec<Step>) -> Action {
    Action::Repeat(Repeat { steps, until: Expression(until.to_owned()), max, every: None })
}

pub(super) fn call(playbook: &str, with: &[(&str, &str)]) -> Action {
    let with = with.iter().map(|(input, value)| (id(input), Value::from(*value))).collect();
    Action::Call(Call { playbook: name(playbook), with })
}

pub(super) fn fault() -> Action {
    Action::Fault(Fault { on: SystemRef::Input(id("system")), kind: name("kill"), with: BTreeMap::new() })
}

pub(super) fn inject() -> Action {
    Action::Inject(Inject { to: None, text: Text::from("it burns"), expect: None })
}

pub(super) fn notify() -> Action {
    Action::Notify(Notify { notice: name("initial-notice") })
}

pub(super) fn system(system: &str, environment: Environment) -> System {
    let operation = |effect| command(effect, &["systemctl", "act", system]);
    System {
        environment,
        endpoints: BTreeMap::from([(id("health"), "http://127.0.0.1:1/health".to_owned())]),
        hosts: vec![Host { id: name("app-01"), ssh: "app-01.internal".to_owned() }],
        operations: [
            (id("stop"), operation(Effect::Destructive)),
            (id("start"), operation(Effect::Change)),
            (id("far"), Command { host: Some("app-01".to_owned()), ..operation(Effect::Change) }),
        ]
        .into_iter()
        .collect(),
        objectives: Targets { rto: Some(span("4h")), rpo: None },
        backups: vec![BackupPlan {
            id: name("nightly"),
            host: None,
            kind: "files".to_owned(),
            path: "/srv/backup".to_owned(),
            copies: "*".to_owned(),
            medium: None,
            offsite: false,
            schedule: None,
            rows: BTreeMap::new(),
            secret: None,
        }],
        restore: Some(RestorePlan { to: "/srv/one-stop".to_owned(), check: None }),
        ..System::new(name(system), Text::from(system))
    }
}

pub(super) fn playbook(steps: Vec<Step>) -> Playbook {
    named("sample", steps)
}

pub(super) fn named(playbook: &str, steps: Vec<Step>) -> Playbook {
    let input = Input { kind: ValueKind::System, title: None, default: Some(Value::from("one-stop")) };
    Playbook {
        name: name(playbook),
        version: 1,
        title: Text::from("a sample"),
        family: Family::A,
        kind: name("sample"),
        signs: Vec::new(),
        attack: Vec::new(),
        tasks: Vec::new(),
        levels: Vec::new(),
        keep_running: Text::from("on paper"),
        inputs: [(id("system"), input)].into_iter().collect(),
        roles: indexmap::IndexMap::default(),
        objectives: Vec::new(),
        watches: Vec::new(),
        clocks: indexmap::IndexMap::default(),
        steps,
    }
}

/// A technical drill on the lab.
pub(super) fn lab(people: People) -> Request {
    let mut request = Request::new(Mode::Technical, true, people);
    request.systems.insert(name("one-stop"), system("one-stop", Environment::Lab));
    request.systems.insert(name("portal"), system("portal", Environment::Lab));
    request
}

/// A run on systems of which `one-stop` is in operation and `target` a drill target.
pub(super) fn real(mode: Mode, people: People) -> Request {
    let mut request = Request::new(mode, false, people);
    request.systems.insert(name("one-stop"), system("one-stop", Environment::Production));
    request.systems.insert(name("target"), system("target", Environment::DrillTarget));
    request
}

#[track_caller]
pub(super) fn planned(playbook: &Playbook, request: &Request) -> Arc<Plan> {
    Arc::new(plan(playbook, request).expect("a plan"))
}

/// Code and step of each problem.
pub(super) fn refused(playbook: &Playbook, request: &Request) -> Vec<String> {
    use crate::message::Explain as _;
    let problems = plan(playbook, request).err().unwrap_or_default();
    problems.iter().map(|problem: &PlanProblem| format!("{} {}", problem.code(), problem.step())).collect()
}
