//! The second person at a console: who can be one, and by which keys they consent.

use crate::inventory::People;
use crate::message::{Message, message};
use crate::model::record::Manner;
use crate::model::{Actor, Lang};
use jiff::civil::Date;

/// Who can be the second person: everybody whom `people.yaml` knows but the one at the console.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Others {
    me: Actor,
    /// Ids and names, in the file's order; nothing where there is no such file.
    people: Option<Vec<(Actor, String)>>,
}

impl Others {
    /// Everybody but `me` whose part is not over on `day`.
    pub(crate) fn than(me: &Actor, people: Option<&People>, day: Date, lang: Lang) -> Self {
        let list = people.map(|people| {
            let others = people.people.iter().filter(|it| it.id != *me && !people.over(&it.id, day));
            others.map(|person| (person.id.clone(), person.name.pick(lang).to_owned())).collect()
        });
        Self { me: me.clone(), people: list }
    }

    /// Asks who it is, with everybody by number.
    pub(crate) fn prompt(&self) -> Message {
        match &self.people {
            None => message!("console-prompt-who"),
            Some(people) => {
                let lines = people.iter().enumerate();
                let lines: Vec<String> =
                    lines.map(|(index, (id, name))| format!("  [{}] {name} ({id})", index + 1)).collect();
                message!("console-prompt-which", people = lines.join("\n"))
            }
        }
    }

    /// The person that `text` names, by number or id.
    ///
    /// # Errors
    ///
    /// Where it is who sits here, or nobody who is known.
    pub(crate) fn pick(&self, text: &str) -> Result<Actor, Message> {
        if text == self.me.as_str() {
            return Err(message!("console-second-same", who = text));
        }
        let Some(people) = &self.people else {
            return text.parse().map_err(|_| message!("entry-person-form"));
        };
        let picked = text.parse::<usize>().ok().and_then(|number| people.get(number.checked_sub(1)?));
        let found = picked.or_else(|| people.iter().find(|(id, _)| id.as_str() == text));
        found.map(|(id, _)| id.clone()).ok_or_else(|| message!("console-second-unknown", who = text))
    }
}

/// The way that a key stands for. By their own key a person consents at a terminal of their own.
pub(crate) fn way(key: &str) -> Option<Manner> {
    match key {
        "1" => Some(Manner::Present),
        "2" => Some(Manner::Phone),
        "3" => Some(Manner::Alone),
        _ => None,
    }
}

/// `[1] stands by, [2] by telephone …`, of those that the unit allows.
pub(crate) fn keys(ways: &[Manner]) -> Message {
    let (present, phone, alone) = (Manner::Present, Manner::Phone, Manner::Alone);
    let allowed = |way| if ways.contains(&way) { "yes" } else { "no" };
    if ways == [Manner::Key] {
        return message!("console-second-only-key");
    }
    message!("console-second-ways", present = allowed(present), phone = allowed(phone), alone = allowed(alone))
}
