//! Who is there: the parts of the playbook, and the telephone numbers.

use jiff::civil::Date;

use super::{Ground, Look};
use crate::inventory::{People, Person};
use crate::message::message;
use crate::model::Actor;

/// Each part of the playbook is held by somebody who still has it; the numbers were tried.
pub(super) fn roles(ground: &Ground<'_>, looks: &mut Vec<Look>) {
    let lang = ground.context.lang;
    let now = ground.context.clock.now().at;
    let today = now.offset.to_datetime(now.instant).date();
    for (id, role) in &ground.plan.roles {
        let what = message!("ready-role", role = role.title.pick(lang));
        let holders = ground.people.and_then(|people| Some((people, people.roles.get(id)?)));
        let Some((people, holders)) = holders else {
            let remedy = message!("ready-role-remedy", role = id.as_str());
            looks.push(Look::no("role", what, message!("ready-role-nobody"), remedy));
            continue;
        };
        let over = |actor: &Actor| gone(people, actor, today);
        match (over(&holders.holder), holders.deputy.as_ref().map(|deputy| (deputy, over(deputy)))) {
            (Some(until), _) => {
                let seen = message!("ready-role-over", person = holders.holder.as_str(), until = until);
                looks.push(Look::no("role", what, seen, message!("ready-role-remedy", role = id.as_str())));
            }
            (None, Some((deputy, Some(until)))) => {
                let seen = message!("ready-role-over", person = deputy.as_str(), until = until);
                looks.push(Look::no("role", what, seen, message!("ready-role-remedy", role = id.as_str())));
            }
            (None, Some((deputy, None))) => {
                let (holder, deputy) = (holders.holder.as_str(), deputy.as_str());
                looks.push(Look::yes("role", what, message!("ready-role-held", holder = holder, deputy = deputy)));
            }
            (None, None) => {
                let seen = message!("ready-role-alone", holder = holders.holder.as_str());
                looks.push(Look::unknown("role", what, seen, message!("ready-role-deputy", role = id.as_str())));
            }
        }
    }
    contacts(ground, today, looks);
}

/// The last day of somebody's part, where it has passed.
fn gone(people: &People, actor: &Actor, today: Date) -> Option<String> {
    let until = people.find(actor.as_str()).and_then(|person: &Person| person.until.clone())?;
    until.parse::<Date>().is_ok_and(|last| last < today).then_some(until)
}

fn contacts(ground: &Ground<'_>, today: Date, looks: &mut Vec<Look>) {
    let what = message!("ready-contacts");
    let remedy = message!("ready-contacts-remedy");
    let checked = ground.people.and_then(|people| people.contacts_checked.as_deref());
    let look = match checked.and_then(|checked| checked.parse::<Date>().ok()) {
        None => Look::unknown("contacts", what, message!("ready-contacts-never"), remedy),
        Some(day) if day > today => {
            Look::no("contacts", what, message!("ready-contacts-to-come", day = day.to_string()), remedy)
        }
        Some(day) => {
            let days = today.since(day).map_or(0, |span| span.get_days());
            Look::yes(
                "contacts",
                what,
                message!("ready-contacts-checked", day = day.to_string(), days = i64::from(days)),
            )
        }
    };
    looks.push(look);
}
