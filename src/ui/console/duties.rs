//! The duties of the law on a console: which press, and which became late.

use super::Console;
use crate::message::message;
use crate::model::Name;
use crate::policy::duties::Duties;
use crate::ui::duties;

/// How many duties a console shows at a time; `due` has them all.
const MOST: usize = 3;

impl Console<'_> {
    /// Where the duties stand now.
    pub(super) fn duties(&self) -> Duties {
        self.around.rules.duties(self.scene.state(), &self.context.clock.now().at)
    }

    /// The duties that press most, one a line.
    pub(super) fn duty_lines(&self) -> String {
        duties::lines(&self.duties(), MOST, self.context.lang)
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
