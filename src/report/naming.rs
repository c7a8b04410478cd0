//! What somebody is called in what a run tells.

use super::Report;
use super::format::labels;
use crate::inventory::{called, is_a_name};
use crate::model::{Actor, Lang};

impl Report {
    /// The name of somebody, whether they took part or not; nothing where no file has it, or a duty post's stands there.
    #[must_use]
    pub fn name_of(&self, who: &Actor) -> Option<&str> {
        self.names.get(who).map(String::as_str).filter(|name| is_a_name(name))
    }

    /// Somebody by the name that `people.yaml` has, with the account that the records have; the account alone where no name is
    /// known, or a duty post's stands there.
    #[must_use]
    pub fn called(&self, who: &Actor, lang: Lang) -> String {
        self.name_of(who).map_or_else(|| labels::actor(who, lang), |name| format!("{name} ({who})"))
    }

    /// What documents call somebody: the name, else the position with the account, else the account.
    #[must_use]
    pub fn named(&self, who: &Actor, lang: Lang) -> String {
        let person = self.people.iter().find(|person| person.id == *who);
        let position = person.and_then(|person| person.position.as_ref()).map(|position| position.pick(lang));
        match (self.name_of(who), position) {
            (None, None) => labels::actor(who, lang),
            (name, position) => called(name, position, who),
        }
    }
}
