//! Answers from a file: what is wrong in it is said before anything begins, what it does not say is for people.

use crate::desk::{Desk, Done, finish, kill_loop};

const STEPS: &str = "\
steps:
  - id: count
    title: Count
    manual: { do: Count, checks: [ One, Two ], ask: [ { id: n, title: N, type: integer }, { id: t, title: T, type: duration } ] }
  - id: pick
    title: Pick
    decide: { ask: Which, options: [ { id: near, title: Near }, { id: far, title: Far, goto: last } ] }
  - id: look
    run: { argv: [ls, \"{{ steps.count.n }}\"], effect: observe }
    when: \"steps.count.t > 200\"
  - id: again
    repeat:
      max: 2
      until: \"steps.inner.exit == 0\"
      steps: [ { id: inner, run: { argv: [ls], effect: observe } } ]
  - { id: last, title: Last, manual: { do: Last } }
";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.playbook("asked", STEPS);
    desk
}

/// A tabletop with these answers.
fn drill(desk: &Desk, answers: &str) -> Done {
    desk.write("answers.yaml", &format!("format: 1\nanswers:\n{answers}"));
    desk.run(&["drill", "asked", "--tabletop", "--answers", "answers.yaml", "--yes"])
}

#[test]
fn every_answer_that_fits_no_question_is_found_before_anything_begins() {
    let desk = desk();
    let done = drill(
        &desk,
        "  cuont: done\n  count: { answer: done, checks: [true], values: { n: many, m: 1, t: 5m } }\n  \
         pick: done\n  look: [maybe, done]\n  again: done\n  \"again[1]\": done\n  \"again[2]/inner\": done\n",
    );
    let done = done.exits(2);
    let found: Vec<&str> = done.err.lines().filter(|line| line.starts_with("error") || line.contains("-->")).collect();
    assert_eq!(
        found.join("\n"),
        "\
error[unknown-step]: the plan has no step `cuont`
 --> answers.yaml:3:3
error[unfit-answer]: `count` has 2 checks; the answer has 1
 --> answers.yaml:4:20
error[unfit-answer]: `count` does not ask for `m`
 --> answers.yaml:4:20
error[unfit-answer]: the value of `n` is not of the kind that `count` asks for
 --> answers.yaml:4:20
error[unfit-answer]: `done` is no answer to `pick`
 --> answers.yaml:5:9
error[unfit-answer]: `maybe` is no answer to `look`
 --> answers.yaml:6:10
error[unfit-answer]: `done` is no answer to `again`
 --> answers.yaml:7:10
error[unfit-answer]: `done` is no answer to `again[1]`
 --> answers.yaml:8:15",
        "{}",
        done.err
    );
    assert!(done.err.contains("did you mean `count`?"), "{}", done.err);
    assert!(!desk.root().join("ledger").exists(), "nothing was started");
}

#[test]
fn answers_are_given_in_their_order_and_their_values_have_the_kind_that_is_asked_for() {
    let desk = desk();
    // A duration is whole seconds: `steps.count.t > 200` holds without a question.
    let done = drill(
        &desk,
        "  count: { answer: done, values: { n: 3, t: 5m } }\n  pick: near\n  look: done\n  \
         \"again[1]/inner\": done\n  \"again[1]\": yes\n  last: done\n",
    );
    done.exits(0);
    let outcomes: Vec<String> =
        desk.outcomes().into_iter().map(|(step, outcome)| format!("{step} {outcome}")).collect();
    assert_eq!(
        outcomes,
        ["count done", "pick done", "look done", "again[1]/inner done", "again[1] done", "again done", "last done"]
    );
}

#[test]
fn what_the_file_does_not_answer_is_for_people_and_what_nobody_asked_is_said() {
    let desk = desk();
    let done = drill(
        &desk,
        "  count: { answer: done, values: { n: 3, t: 5m } }\n  pick: far\n  look: done\n  \"again[1]\": yes\n",
    );
    done.exits(1).says(&["The file of answers has none for: Step 5/5. Last"]);
    let end = desk.piped(&["attach"], "c\n").exits(0);
    end.says(&["Answers in the file that nobody asked for: again[1], look"]);
}

#[test]
fn a_word_that_fits_the_step_but_not_the_question_is_no_answer() {
    let desk = desk();
    // Nobody says what `t` is: people are asked whether `look` is to be done, and `done` does not say.
    drill(&desk, "  count: done\n  pick: near\n  look: done\n").exits(1).says(&["has none for: Step 3/5. look"]);
    desk.run(&["stop", "--because", "over"]).exits(0);
    desk.until_kind("run-ended");
}

#[test]
fn a_resumed_run_goes_on_with_the_next_answer() {
    let desk = Desk::new();
    desk.playbook(
        "twice",
        "steps:\n  - { id: ask, title: Ask, manual: { do: Do }, retry: { times: 3, delay: 1s, backoff: 1 }, \
         on_failure: continue }\n",
    );
    desk.write("answers.yaml", "format: 1\nanswers:\n  ask: [ failed, { answer: failed, after: 1h }, done ]\n");
    let going = desk.spawn(&["drill", "twice", "--tabletop", "--answers", "answers.yaml", "--yes"], "");
    desk.until("second question", |records| records.iter().filter(|it| it["type"] == "asked").count() == 2);
    let run = desk.all("run-started")[0]["run"].as_str().expect("a run").to_owned();
    kill_loop(&desk, &run);
    finish(going, &["drill"]).exits(3);
    desk.run(&["resume", "--detach"]).exits(0);
    desk.until_kind("run-continued");
    // The second answer is to be given an hour after the question, not the first one again at once.
    desk.run(&["answer", "q2", "done"]).exits(0);
    desk.until_kind("run-ended");
    assert_eq!(desk.all("answered").len(), 2);
}
