//! What somebody is called in what a run tells.

use super::Report;
use crate::inventory::called;
use crate::message::message;
use crate::model::{Actor, Lang};

impl Report {
    /// The name of somebody who took part; nothing where no file has it, or a duty post's stands there.
    #[must_use]
    pub fn name_of(&self, who: &Actor) -> Option<&str> {
        let person = self.people.iter().find(|person| person.id == *who)?;
        person.name.as_deref().filter(|name| !name.starts_with('('))
    }

    /// Somebody by the name that `people.yaml` has, with the account that the records have; the account alone where no name is
    /// known, or a duty post's stands there.
    #[must_use]
    pub fn called(&self, who: &Actor, lang: Lang) -> String {
        if *who == Actor::engine() {
            return message!("report-by-machine").render(lang);
        }
        match self.name_of(who) {
            Some(name) => format!("{name} ({who})"),
            None => who.to_string(),
        }
    }

    /// What documents call somebody: the name, else the position with the account, else the account.
    #[must_use]
    pub fn named(&self, who: &Actor, lang: Lang) -> String {
        if *who == Actor::engine() {
            return message!("report-by-machine").render(lang);
        }
        let person = self.people.iter().find(|person| person.id == *who);
        let position = person.and_then(|person| person.position.as_ref()).map(|position| position.pick(lang));
        called(self.name_of(who), position, who)
    }
}
