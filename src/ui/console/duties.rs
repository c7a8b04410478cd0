//! The duties of the law on a console: which press, and which became late.

use std::time::{Duration, Instant};

use super::{Console, show};
use crate::engine::view::RunView;
use crate::message::message;
use crate::model::{Id, Name};
use crate::policy::duties::Duties;
use crate::ui::{duties, exercise};

/// How many duties a console shows at a time; `due` has them all.
const MOST: usize = 3;

/// How long clocks and duties on the screen are news enough.
const FRESH: Duration = Duration::from_secs(20);

impl Console<'_> {
    /// Where the duties stand now.
    pub(super) fn duties(&self) -> Duties {
        self.around.rules.duties(self.scene.state(), &self.context.clock.now().at)
    }

    /// The duties that press most, one a line.
    pub(super) fn duty_lines(&self) -> String {
        duties::lines(&self.duties(), MOST, self.context.lang)
    }

    /// The head of the screen.
    pub(super) fn head(&mut self, view: &RunView) {
        let next = exercise::next_line(self.scene.state(), view.elapsed, self.context);
        self.put(&show::header(view, &(next + &self.duty_lines()), self.context));
        self.told.standing = Some((Instant::now(), running(view)));
    }

    /// Clocks and duties, where they have not been on the screen just now: a question is to be read, not looked for.
    pub(super) fn standing(&mut self, view: &RunView) {
        let now = running(view);
        if self.told.standing.as_ref().is_some_and(|(at, told)| at.elapsed() < FRESH && *told == now) {
            return;
        }
        self.put(&format!("{}\n{}", show::times(view, self.context.lang), self.duty_lines()));
        self.told.standing = Some((Instant::now(), now));
    }

    /// Says of each duty that it became late, once, when it does.
    pub(super) fn tell_late(&mut self) {
        let duties = self.duties();
        let late: Vec<Name> = duties.rows.iter().filter(|row| duties::late(row)).map(|row| row.id.clone()).collect();
        // What was late before stands in the head of the screen.
        let Some(before) = self.late.replace(late) else { return };
        let lang = self.context.lang;
        let mut text = String::new();
        for row in duties.rows.iter().filter(|row| duties::late(row) && !before.contains(&row.id)) {
            let line = duties::line(row, lang);
            let duty = line.trim_start_matches(['!', ' ']);
            let message = if duties.simulated {
                message!("duty-now-late-drill", duty = duty)
            } else {
                message!("duty-now-late", duty = duty)
            };
            text.push_str(&self.context.red(&message.render(lang)));
            text.push('\n');
        }
        if text.is_empty() {
            return;
        }
        let asking = self.dialogue.is_some() || self.interrupt.is_some();
        self.put(&format!("{}{text}", if asking { "\n" } else { "" }));
        if asking {
            self.prompt();
        }
    }
}

/// The clocks that run, and whether each is over its limit: what has changed here is news at once.
fn running(view: &RunView) -> Vec<(Id, bool)> {
    let runs = view.clocks.iter().filter(|clock| clock.from.is_some() && clock.to.is_none());
    runs.map(|clock| (clock.id.clone(), clock.elapsed.zip(clock.limit).is_some_and(|(time, limit)| time > limit)))
        .collect()
}
