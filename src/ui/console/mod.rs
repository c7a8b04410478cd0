//! The console in line mode: what happens, what to do now, one question at a time.
//!
//! A console reads the ledger and appends answers; there may be several at once, and none. Lines in, lines out: no cursor is
//! moved, nothing is only a colour, so it works over a slow line, in a screen reader and in a pipe.

mod acts;
pub(crate) mod dialogue;
mod duties;
mod ending;
mod events;
mod interrupt;
pub(crate) mod people;
pub(crate) mod progress;
pub(crate) mod reply;
pub(crate) mod scene;
mod script;
mod second;
pub(crate) mod show;
pub(crate) mod typed;
pub(crate) mod wrap;

pub(crate) use acts::readable;

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use self::dialogue::{Dialogue, Turn};
use self::events::{Closing, Event, Mailbox};
use self::scene::Scene;
use crate::engine::answers::Answers;
use crate::engine::view::RunView;
use crate::message::{Message, format, message};
use crate::model::record::{Noted, PauseCause, RunContinued, RunPaused, RunStopping, StopHow};
use crate::model::{Actor, Body, Id, JournalError, Name, QuestionId, Record, RunResult, Stage};
use crate::report::Rules;
use crate::ui::Context;

/// Why a console was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// The run has ended.
    Ended(RunResult),
    /// A person left, or the input ended; the run goes on.
    Going,
    /// It is paused, and nobody here can say what follows.
    Paused,
    /// Nothing carries the run out, and nobody here can say what follows.
    Alone,
    /// A question is open that the file of answers does not answer.
    Unanswered,
}

/// How a console takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// It puts questions.
    Asks,
    /// It only shows: nobody is there, or the answers come from a file.
    Shows,
}

/// What stands around a console.
pub(crate) struct Around<'a> {
    /// How it takes part.
    pub(crate) part: Part,
    /// The loop is a thread of this process: leaving would end it.
    pub(crate) foreground: bool,
    /// Whether something carries the run out now.
    pub(crate) lives: &'a dyn Fn() -> bool,
    /// The answers that come from a file.
    pub(crate) answers: Option<&'a Answers>,
    /// The rules on duties.
    pub(crate) rules: &'a Rules,
}

/// A console.
pub(crate) struct Console<'a> {
    context: &'a Context,
    scene: Scene,
    mailbox: Mailbox,
    around: Around<'a>,
    terminal: bool,
    /// A person has left; the loop of this process has to come to rest first.
    leaving: bool,
    dialogue: Option<Dialogue>,
    passed: Vec<QuestionId>,
    /// Records that were appended here: they are not told again.
    own: Vec<u64>,
    interrupt: Option<Interrupt>,
    interrupts: u32,
    told: Told,
    began_waiting: Instant,
    next_word: Duration,
    /// The duties that were late when they were last looked at; nothing before that.
    late: Option<Vec<Name>>,
}

/// What a console has said of why nothing happens.
#[derive(Clone, Debug, Default)]
struct Told {
    paused: bool,
    alone: bool,
    /// When clocks and duties were on the screen last, and which clocks ran then, over their limit or not.
    standing: Option<(Instant, Vec<(Id, bool)>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interrupt {
    Asked,
    Reason,
}

impl<'a> Console<'a> {
    /// A console on `scene`.
    pub(crate) fn new(context: &'a Context, scene: Scene, around: Around<'a>) -> Self {
        Self {
            context,
            scene,
            mailbox: Mailbox::new(),
            around,
            terminal: std::io::stdin().is_terminal(),
            leaving: false,
            dialogue: None,
            passed: Vec::new(),
            own: Vec::new(),
            interrupt: None,
            interrupts: 0,
            told: Told::default(),
            began_waiting: Instant::now(),
            next_word: FIRST_WORD,
            late: None,
        }
    }

    /// Runs until the run has ended or the console is left.
    ///
    /// # Errors
    ///
    /// Where the ledger cannot be read or written.
    pub(crate) fn run(mut self) -> Result<Left, JournalError> {
        let _closing = Closing(self.mailbox.clone());
        let size = self.scene.journal.size()?;
        let view = self.scene.view();
        self.head(&view);
        self.mailbox.watch(self.scene.journal.clone(), size);
        // What was appended since the scene was opened is in `size` already: nobody else would wake this console for it.
        self.catch_up()?;
        if self.around.part == Part::Asks {
            self.mailbox.read_lines();
        }
        if self.terminal || self.around.foreground {
            self.mailbox.hear_interrupts();
        }
        loop {
            if let Some(left) = self.settle()? {
                return Ok(left);
            }
            let event = self.mailbox.next(self.takes_lines(), self.terminal, PATIENCE);
            // Who asks to see the run sees it as it is now, not as the last wake-up left it.
            self.catch_up()?;
            self.tell_late();
            let left = match event {
                Event::Line(line) => self.line(&line)?,
                Event::End => self.input_ended()?,
                Event::Grown => None,
                Event::Interrupt => {
                    self.interrupted();
                    None
                }
                Event::Quiet => {
                    self.quiet();
                    None
                }
            };
            if let Some(left) = left {
                return Ok(left);
            }
        }
    }

    /// Takes in what has arrived in the log, and tells of it.
    fn catch_up(&mut self) -> Result<(), JournalError> {
        let records = self.scene.refresh()?;
        self.tell(&records);
        Ok(())
    }

    /// On a terminal lines are always read; from a pipe only when something wants one, so that a script need not know when.
    fn takes_lines(&self) -> bool {
        self.around.part == Part::Asks
            && !self.leaving
            && (self.terminal || self.dialogue.is_some() || self.interrupt.is_some())
    }

    /// Prints to standard error, broken to the terminal's width.
    fn put(&self, text: &str) {
        self.context.err(&wrap::wrap(text, wrap::width()));
    }

    fn say(&self, message: &Message) {
        self.put(&format!("{}\n", message.render(self.context.lang)));
    }

    fn prompt(&self) {
        let lang = self.context.lang;
        let prompt = match (self.interrupt, &self.dialogue) {
            (Some(Interrupt::Asked), _) => message!("console-interrupt"),
            (Some(Interrupt::Reason), _) => message!("console-stop-reason"),
            (None, Some(dialogue)) => dialogue.prompt(),
            (None, None) => return,
        };
        self.put(&format!("{}\n> ", prompt.render(lang)));
    }

    /// Says what `records` brought; where that came in between, the prompt is put again.
    fn tell(&mut self, records: &[Record]) {
        if records.is_empty() {
            return;
        }
        let view = self.scene.view();
        let mut text = String::new();
        let mut passed_over = 0;
        for record in records {
            // Most of a plan may be passed over at once: one line says it.
            if progress::passed_over(&view, record) {
                passed_over += 1;
                continue;
            }
            let own = self.around.part == Part::Asks && self.own.contains(&record.seq);
            if let Some(line) = progress::line(&view, record, own, self.scene.objects.as_ref(), self.context) {
                text.push_str(&line);
            }
        }
        if records.iter().any(|record| matches!(record.draft.body, Body::Classified(_))) {
            text.push_str(&self.duty_lines());
        }
        if passed_over > 0 {
            let line = message!("console-event-passed-over", count = passed_over).render(self.context.lang);
            text.push_str(&line);
            text.push('\n');
        }
        self.began_waiting = Instant::now();
        self.next_word = FIRST_WORD;
        if text.is_empty() {
            return;
        }
        let asking = self.dialogue.is_some() || self.interrupt.is_some();
        self.put(&format!("{}{text}", if asking { "\n" } else { "" }));
        if self.interrupt.is_some() || self.question_is_open(&view) {
            self.prompt();
        }
    }

    fn question_is_open(&self, view: &RunView) -> bool {
        self.dialogue
            .as_ref()
            .is_some_and(|dialogue| view.questions.iter().any(|question| question.id == dialogue.question().id))
    }

    /// Brings what is shown in line with the run: ends, closes a question that others answered, puts the next one.
    fn settle(&mut self) -> Result<Option<Left>, JournalError> {
        let view = self.scene.view();
        if let Stage::Ended(result) = view.stage {
            self.unused()?;
            self.put(&ending::text(&view, self.context));
            return Ok(Some(Left::Ended(result)));
        }
        if self.dialogue.is_some() && !self.question_is_open(&view) {
            self.closed_elsewhere()?;
        }
        if view.stage == Stage::Paused {
            if !self.told.paused {
                self.told.paused = true;
                self.say(&message!("console-paused", run = view.run.as_str()));
            }
            let nobody = (self.around.part == Part::Shows || !self.terminal) && !self.around.foreground;
            if (nobody || self.leaving) && !scene::at_work(&view) {
                return Ok(Some(Left::Paused));
            }
        } else {
            self.told.paused = false;
        }
        if !(self.around.lives)() {
            if !self.told.alone {
                // The loop may have written the end of the run just before it was gone.
                self.told.alone = true;
                self.catch_up()?;
                return self.settle();
            }
            self.say(&message!("console-no-loop", run = view.run.as_str()));
            return Ok(Some(Left::Alone));
        }
        if let Some(left) = self.unscripted(&view)? {
            return Ok(Some(left));
        }
        if self.dialogue.is_none() && self.around.part == Part::Asks && !self.leaving {
            self.ask(&view);
        }
        Ok(None)
    }

    /// Puts the oldest open question that was not passed over.
    fn ask(&mut self, view: &RunView) {
        let me = &self.context.actor;
        let mine: Vec<_> = view.questions.iter().filter(|one| one.to.as_ref().is_none_or(|to| to == me)).collect();
        self.passed.retain(|id| mine.iter().any(|question| question.id == *id));
        if self.passed.len() >= mine.len() {
            self.passed.clear();
        }
        let Some(question) = mine.into_iter().find(|question| !self.passed.contains(&question.id)) else { return };
        if self.terminal {
            self.mailbox.forget_lines();
        }
        let now = self.scene.clock.now().at;
        let day = now.offset.to_datetime(now.instant).date();
        let others = second::Others::than(me, self.scene.people(), day, self.context.lang);
        self.dialogue = Some(Dialogue::new(question.clone(), others));
        self.show_question(view);
    }

    fn show_question(&mut self, view: &RunView) {
        let Some(dialogue) = &self.dialogue else { return };
        self.put(&show::question(view, dialogue.question(), self.context));
        self.standing(view);
        if view.questions.len() > 1 {
            self.say(&message!("console-more-open", count = view.questions.len() - 1));
        }
        self.prompt();
    }

    /// The question at hand was closed by somebody else, or its step ended.
    fn closed_elsewhere(&mut self) -> Result<(), JournalError> {
        let Some(dialogue) = self.dialogue.take() else { return Ok(()) };
        let id = dialogue.question().id.clone();
        self.put("\n");
        match self.who_answered(&id)? {
            Some(who) => self.say(&message!("console-answered-elsewhere", who = who.as_str())),
            None => self.say(&message!("console-no-longer-asked")),
        }
        Ok(())
    }

    fn who_answered(&self, id: &QuestionId) -> Result<Option<Actor>, JournalError> {
        let records = self.scene.journal.records_of(&self.scene.run, 0)?;
        Ok(records.iter().find(|record| answers(&record.draft.body) == Some(id)).map(|it| it.draft.actor.clone()))
    }

    fn line(&mut self, line: &str) -> Result<Option<Left>, JournalError> {
        let words = match self.interrupt {
            Some(interrupt) => interrupt == Interrupt::Reason,
            None => self.dialogue.as_ref().is_some_and(Dialogue::takes_words),
        };
        if line.lines().filter(|line| !line.trim().is_empty()).count() > 1 && !words {
            self.say(&message!("console-pasted"));
            self.prompt();
            return Ok(None);
        }
        if self.interrupt.is_some() {
            return self.interrupt_line(line.trim());
        }
        let Some(dialogue) = &mut self.dialogue else { return self.idle_line(line.trim()) };
        let turn = dialogue.line(line);
        self.turn(turn)
    }

    fn turn(&mut self, turn: Turn) -> Result<Option<Left>, JournalError> {
        match turn {
            Turn::Stay(words) => {
                for words in &words {
                    self.say(words);
                }
                self.prompt();
            }
            Turn::Again => {
                let view = self.scene.view();
                self.put(&show::steps(&view, self.context));
                self.show_question(&view);
            }
            Turn::Next => {
                if let Some(dialogue) = self.dialogue.take() {
                    self.passed.push(dialogue.question().id.clone());
                }
            }
            Turn::Help => {
                self.say(&message!("console-help"));
                self.prompt();
            }
            Turn::Leave => return self.leave(),
            Turn::Note(text) => {
                let step = self.step_at_hand();
                let text = self.scene.objects.put_text(&text)?;
                self.append(Noted::remark(text, step).into())?;
                self.say(&message!("console-note-kept"));
                return self.evidence_came();
            }
            Turn::File(path) => {
                if self.attach(&path)? {
                    return self.evidence_came();
                }
                self.prompt();
            }
            Turn::Reply(reply) => self.reply(&reply)?,
        }
        Ok(None)
    }

    fn evidence_came(&mut self) -> Result<Option<Left>, JournalError> {
        if let Some(turn) = self.dialogue.as_mut().and_then(Dialogue::evidence_came) {
            return self.turn(turn);
        }
        self.prompt();
        Ok(None)
    }

    /// A line while nothing is asked.
    fn idle_line(&mut self, line: &str) -> Result<Option<Left>, JournalError> {
        let paused = self.scene.view().stage == Stage::Paused;
        match line {
            "d" => return self.leave(),
            "h" => self.say(&message!("console-help")),
            "l" => {
                let view = self.scene.view();
                self.head(&view);
                self.put(&show::steps(&view, self.context));
            }
            "c" if paused => match self.append(RunContinued::after(None).into()) {
                Ok(()) | Err(JournalError::Refused { .. }) => {}
                Err(error) => return Err(error),
            },
            _ if line.starts_with("g ") => return self.turn(Turn::Note(line[2..].trim().to_owned())),
            _ if line.starts_with("t ") => return self.turn(Turn::File(line[2..].trim().to_owned())),
            _ if paused => self.say(&message!("console-paused-here")),
            _ => self.say(&message!("console-no-question")),
        }
        Ok(None)
    }

    fn leave(&mut self) -> Result<Option<Left>, JournalError> {
        if self.around.foreground {
            // Leaving ends the loop with this process: it comes to rest first.
            self.say(&message!("console-leaving-foreground", run = self.scene.run.as_str()));
            self.pause(PauseCause::Asked)?;
            self.leaving = true;
            self.dialogue = None;
            return Ok(None);
        }
        self.say(&message!("console-left", run = self.scene.run.as_str()));
        Ok(Some(Left::Going))
    }

    fn input_ended(&mut self) -> Result<Option<Left>, JournalError> {
        if self.around.foreground {
            return self.leave();
        }
        let id = if self.dialogue.is_some() { "console-left-asking" } else { "console-left" };
        self.say(&Message::new(id).with("run", self.scene.run.as_str()));
        Ok(Some(Left::Going))
    }
}

const PATIENCE: Duration = Duration::from_secs(1);

/// How long nothing has to happen before a console says what it waits for; each time twice as long, up to five minutes.
const FIRST_WORD: Duration = Duration::from_secs(15);
const LAST_WORD: Duration = Duration::from_mins(5);

impl Console<'_> {
    /// Says from time to time what is being waited for, with the clocks, so that nobody wonders whether it still lives.
    fn quiet(&mut self) {
        let waited = self.began_waiting.elapsed();
        if waited < self.next_word || self.dialogue.is_some() || self.interrupt.is_some() {
            return;
        }
        self.next_word = waited + (waited.min(LAST_WORD));
        let view = self.scene.view();
        let lang = self.context.lang;
        let times = show::times(&view, lang);
        let text = match view.steps.iter().find(|step| scene::busy(step)) {
            Some(step) => {
                let name = show::step_name(&view, step.number, &step.title, lang);
                let time = format::duration(step.took.unwrap_or(waited), lang);
                message!("console-waiting-step", step = name, time = time, times = times)
            }
            None => message!("console-waiting", times = times),
        };
        self.say(&text);
    }
}

/// The question that a record closes.
fn answers(body: &Body) -> Option<&QuestionId> {
    match body {
        Body::Answered(it) => Some(&it.question),
        Body::Decided(it) => Some(&it.question),
        Body::Consented(it) => Some(&it.question),
        Body::HandedOver(it) => Some(&it.question),
        _ => None,
    }
}
