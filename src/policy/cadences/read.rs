//! Reading a set of cadences.

use jiff::civil::Date;

use super::{
    Adopted, Aside, Cadences, Counts, Done, Fixed, LEVEL_TIMES, Manner, MonthDay, Own, Period, Row, shipped_counts,
    shipped_names,
};
use crate::message::message;
use crate::model::record::{ActivityKind, DocumentKind};
use crate::model::{Name, Text};
use crate::policy::date;
use crate::source::{Data, Fields, Node, Place, Reader, suggest};

/// What the rows of one file share.
struct Set {
    name: Name,
    second_hand: Option<Text>,
    law: bool,
    own: bool,
    from: Option<Date>,
    until: Option<Date>,
}

pub(super) fn top<'a>(reader: &Reader<'a>, root: &'a Node) -> Option<Cadences> {
    let fields = reader.fields("cadences", root, Place::START)?;
    fields.format();
    let name: Option<Name> = fields.required("cadences").and_then(|node| {
        let name = reader.name(node)?;
        reader.same_as_file(node, name.as_str());
        Some(name)
    });
    if let Some(node) = fields.required("title") {
        reader.words(node);
    }
    let second_hand = fields.optional("second_hand").and_then(|node| reader.words(node));
    let document = fields.optional("document").and_then(|node| reader.words(node));
    let law = fields.optional("law").and_then(|node| reader.boolean(node)).unwrap_or_default();
    let (from, until) = date::span(reader, &fields);
    let mut read = Cadences::default();
    // What ships is nobody's decision yet.
    let own = !reader.document().file.starts_with("shipped/");
    let set = Set { name: name?, second_hand, law, own, from, until };
    let mut rows = Vec::new();
    let list = |node: Option<&'a Node>, take: &mut dyn FnMut(&'a Node)| {
        if let Some(node) = node {
            reader.list(node, |item| {
                take(item);
                Some(())
            });
        }
    };
    list(fields.optional("rows"), &mut |item| {
        row(reader, item, &set, &mut rows);
    });
    list(fields.optional("dates"), &mut |item| {
        let Some((place, one)) = fixed(reader, item, &set) else { return };
        if read.fixed.iter().any(|it| it.id == one.id) || rows.iter().any(|it: &Row| it.id == one.id) {
            reader.error("duplicate-id", place, message!("source-duplicate-id", id = one.id.as_str()), None);
        }
        read.fixed.push(one);
    });
    let mut adopted = Vec::new();
    list(fields.optional("adopt"), &mut |item| {
        let Some((set, id)) = named(reader, item) else { return };
        if set == *"level" && LEVEL_TIMES.contains(&id.as_str()) {
            let message = message!("policy-level-adopted", name = format!("{set}/{id}"));
            reader.error("level-adopted", item.place, message, message!("policy-level-adopted-help"));
        }
        adopted.push(Adopted { set, id });
    });
    list(fields.optional("done"), &mut |item| read.done.extend(done(reader, item)));
    list(fields.optional("set_aside"), &mut |item| read.aside.extend(aside(reader, item)));
    fields.finish();
    read.rows = rows;
    strangers(reader, root, &read);
    if own {
        read.own.push(Own { set: set.name, document, from, until, adopted });
    }
    Some(read)
}

/// Finds what is named in the file and is neither in it nor shipped.
fn strangers(reader: &Reader<'_>, root: &Node, read: &Cadences) {
    let items = |key| root.get(key).map(Node::items).unwrap_or_default().iter();
    let what = ["done", "set_aside"].into_iter().flat_map(items).filter_map(|item| item.get("what"));
    let mut named = items("adopt").chain(what).filter_map(|node| Some((node, node.scalar()?.0))).peekable();
    if named.peek().is_none() {
        return;
    }
    let mut known = shipped_names();
    known.extend(read.rows.iter().map(|row| format!("{}/{}", row.set, row.id)));
    known.extend(read.fixed.iter().map(|fixed| format!("{}/{}", fixed.set, fixed.id)));
    for (node, text) in named.filter(|(_, text)| text.contains('/') && !known.iter().any(|it| it == text)) {
        let help = suggest::one_of_these(text, known.iter().map(String::as_str));
        reader.error("unknown-cadence", node.place, message!("policy-unknown-cadence", name = text), help);
    }
}

fn row<'a>(reader: &Reader<'a>, node: &'a Node, set: &Set, rows: &mut Vec<Row>) -> Option<()> {
    let fields = reader.fields("cadence", node, node.place)?;
    let id_node = fields.required("id");
    let id = id_node.and_then(|node| reader.name(node));
    let title = fields.required("title").and_then(|node| reader.words(node));
    let unsure = fields.optional("note").and_then(|node| reader.words(node));
    let given = fields.optional("counts");
    let counts = match (given, &id) {
        (Some(node), _) => counts(reader, node),
        (None, Some(id)) => shipped_counts(id).or_else(|| {
            fields.missing("counts", node.place);
            None
        }),
        (None, None) => None,
    };
    let levels = fields.required("levels").and_then(|node| reader.list(node, |item| level(reader, item)));
    fields.finish();
    let (id, title, counts, levels) = (id?, title?, counts?, levels?);
    for (place, level, mut period) in levels {
        if rows.iter().any(|row| row.id == id && row.level == level) {
            let message = message!("policy-level-twice", id = id.as_str(), level = level);
            reader.error("duplicate-id", place, message, None);
        }
        period.second_hand.clone_from(&set.second_hand);
        let (from, until, own) = (set.from, set.until, set.own);
        let (set, id, title) = (set.name.clone(), id.clone(), title.clone());
        let counts = counts.clone();
        rows.push(Row { set, id, title, note: unsure.clone(), counts, level, period, from, until, own });
    }
    Some(())
}

fn counts<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Counts> {
    if !matches!(node.data, Data::Map(_)) {
        let words = [("restore_test", 0), ("assessment", 1), ("contacts", 2), ("told", 3), ("playbooks", 4)];
        return Some(match reader.word(node, &words)? {
            0 => Counts::RestoreTest,
            1 => Counts::Assessment,
            2 => Counts::Contacts,
            4 => Counts::Playbooks,
            _ => Counts::Told,
        });
    }
    let fields = reader.fields("cadence-counts", node, node.place)?;
    let found = match fields.one_of(&["drill", "activity", "control"]) {
        Some(("drill", _, node)) => reader
            .list(node, |item| reader.word(item, Manner::WORDS))
            .filter(|list| !list.is_empty())
            .map(Counts::Drill),
        Some(("activity", _, node)) => {
            let counted = |kind: &&ActivityKind| **kind != ActivityKind::Withdrawn && **kind != ActivityKind::Drill;
            let words: Vec<(&str, ActivityKind)> =
                ActivityKind::ALL.iter().filter(counted).map(|kind| (kind.word(), *kind)).collect();
            let kinds = reader.list(node, |item| reader.word(item, &words));
            kinds.filter(|list| !list.is_empty()).map(Counts::Activity)
        }
        Some((_, _, node)) => reader.name(node).map(Counts::Control),
        None => None,
    };
    fields.finish();
    found
}

fn level<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<(Place, u8, Period)> {
    let fields = reader.fields("cadence-level", node, node.place)?;
    let level = fields.required("level").and_then(|node| Some((node.place, reader.integer(node, 1, 5)?)));
    let months = fields.required("months").and_then(|node| reader.integer(node, 1, 120));
    let citation = fields.optional("citation").and_then(|node| reader.filled_text(node));
    let suggested = fields.optional("suggested").and_then(|node| reader.boolean(node)).unwrap_or_default();
    fields.finish();
    let (place, level) = level?;
    let file = reader.document().file.clone();
    Some((place, level, Period { months: months?, citation, suggested, second_hand: None, file }))
}

/// A date, and where its id stands.
fn fixed<'a>(reader: &Reader<'a>, node: &'a Node, set: &Set) -> Option<(Place, Fixed)> {
    let fields = reader.fields("cadence-date", node, node.place)?;
    let id = fields.required("id").and_then(|node| Some((node.place, reader.name(node)?)));
    let title = fields.required("title").and_then(|node| reader.words(node));
    let unsure = fields.optional("note").and_then(|node| reader.words(node));
    let found = fields.one_of(&["before", "on", "cut_off"]);
    let day = found.and_then(|(_, _, node)| {
        let text = reader.text(node)?;
        let day = MonthDay::read(&text);
        if day.is_none() {
            let help = message!("policy-month-day-help");
            reader.error("wrong-month-day", node.place, message!("policy-month-day", text = text), help);
        }
        day
    });
    let levels = fields.optional("levels").and_then(|node| reader.list(node, |item| reader.integer(item, 1, 5)));
    let documents: Vec<(&str, DocumentKind)> =
        DocumentKind::ALL.iter().filter(|kind| kind.yearly()).map(|kind| (kind.word(), *kind)).collect();
    let document = fields.optional("document").and_then(|node| reader.word(node, &documents));
    let citation = fields.optional("citation").and_then(|node| reader.filled_text(node));
    fields.finish();
    let key = found.map(|(key, ..)| key);
    let (place, id) = id?;
    let fixed = Fixed {
        set: set.name.clone(),
        id,
        title: title?,
        note: unsure,
        day: day?,
        before: key == Some("before"),
        marks: key == Some("cut_off"),
        levels: levels.unwrap_or_default(),
        document,
        citation,
        law: set.law,
        from: set.from,
        until: set.until,
        second_hand: set.second_hand.clone(),
        file: reader.document().file.clone(),
    };
    Some((place, fixed))
}

/// `ct18-2022/live-drill`.
fn named<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<(Name, Name)> {
    let text = reader.text(node)?;
    let found = text.split_once('/').and_then(|(set, id)| Some((set.parse().ok()?, id.parse().ok()?)));
    if found.is_none() {
        let help = message!("policy-cadence-name-help");
        reader.error("wrong-cadence-name", node.place, message!("policy-cadence-name", text = text), help);
    }
    found
}

fn what<'a>(reader: &Reader<'a>, fields: &Fields<'_, 'a>) -> (Option<(Name, Name)>, Option<Name>) {
    let what = fields.required("what").and_then(|node| named(reader, node));
    (what, fields.optional("system").and_then(|node| reader.name(node)))
}

fn done<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Done> {
    let fields = reader.fields("cadence-done", node, node.place)?;
    let (what, system) = what(reader, &fields);
    let on = fields.required("date").and_then(|node| date::read(reader, node));
    let year = fields.optional("year").and_then(|node| reader.integer(node, 1000, 9999));
    let document = fields.required("document").and_then(|node| reader.filled_text(node));
    fields.finish();
    let (set, id) = what?;
    Some(Done { set, id, system, on: on?, year, document: document? })
}

fn aside<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Aside> {
    let fields = reader.fields("cadence-aside", node, node.place)?;
    let (what, system) = what(reader, &fields);
    let because = fields.required("because").and_then(|node| reader.words(node));
    fields.finish();
    let (set, id) = what?;
    Some(Aside { set, id, system, because: because? })
}
