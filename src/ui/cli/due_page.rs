//! What falls due in a workspace, as `ungpho due` prints it.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::message::{Lang, Message, message};
use crate::model::Name;
use crate::report::due::{Basis, Due, Item, Standing, words};
use crate::ui::Context;

/// What is near stands apart from what is later: so many days.
const SOON_DAYS: i32 = 60;

/// The page; empty where nothing falls due.
pub(super) fn text(due: &Due, on: Date, whole: bool, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    let days = |item: &Item| match item.standing {
        Standing::Left { days } => days,
        _ => i32::MAX,
    };
    let (late, rest): (Vec<&Item>, Vec<&Item>) = due.items.iter().partition(|item| item.late());
    let (binding, other): (Vec<&Item>, Vec<&Item>) = rest.into_iter().partition(|item| item.binds());
    let (soon, later): (Vec<&Item>, Vec<&Item>) = binding.into_iter().partition(|item| days(item) <= SOON_DAYS);
    let (awaited, recommended): (Vec<&Item>, Vec<&Item>) =
        other.into_iter().partition(|item| item.basis == Basis::Awaited);
    let groups = [
        (message!("due-group-late", count = late.len()), late),
        (message!("due-group-soon", days = SOON_DAYS, count = soon.len()), soon),
        (message!("due-group-later", count = later.len()), later),
        (message!("due-group-awaited", count = awaited.len()), awaited),
    ];
    for (head, items) in groups.iter().filter(|(_, items)| !items.is_empty()) {
        let _ = writeln!(text, "\n{}", context.bold(&head.render(lang)));
        for item in items {
            entry(&mut text, item, context);
        }
    }
    self::recommended(&mut text, &recommended, whole, context);
    if !due.aside.is_empty() {
        let _ =
            writeln!(text, "\n{}", context.bold(&message!("due-group-aside", count = due.aside.len()).render(lang)));
        for aside in &due.aside {
            let because = message!("due-aside-because", because = aside.because.clone());
            let _ = writeln!(text, "  {} [{}]", title(&aside.item, lang), aside.item.key);
            let _ = writeln!(text, "      {}", because.render(lang));
        }
    }
    if text.is_empty() {
        return text;
    }
    for line in foot(due) {
        let _ = write!(text, "\n{}", line.render(lang));
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    format!("{}\n{text}", message!("due-page", on = words::day(on)).render(lang))
}

/// One thing: when, what, for which system; then what there is to say.
fn entry(text: &mut String, item: &Item, context: &Context) {
    let lang = context.lang;
    let sign = if item.late() { context.red("!") } else { " ".to_owned() };
    let _ = writeln!(text, "{sign} {} [{}]", title(item, lang), item.key);
    let standing = words::standing(item).render(lang);
    let standing = if item.late() { context.red(&standing) } else { standing };
    let by = words::by(item).map(|by| format!(": {}", by.render(lang))).unwrap_or_default();
    let _ = writeln!(text, "      {standing}{by}");
    for line in words::lines(item) {
        let _ = writeln!(text, "      {}", line.render(lang));
    }
}

fn title(item: &Item, lang: Lang) -> String {
    let title = item.title.render(lang);
    match words::system(item) {
        Some(system) => format!("{title} · {}", system.render(lang)),
        None => title,
    }
}

/// What is only recommended: each rule once, in a line, or `whole` with what there is to say and its systems below it.
fn recommended(text: &mut String, items: &[&Item], whole: bool, context: &Context) {
    let lang = context.lang;
    if items.is_empty() {
        return;
    }
    let head = message!("due-group-recommended", count = items.len());
    let _ = writeln!(text, "\n{}", context.bold(&head.render(lang)));
    // Whatever is said of every system of a rule is said once.
    let rule = |item: &Item| (item.key.clone(), item.months.filter(|_| whole));
    let mut rules: Vec<(_, Vec<&Item>)> = Vec::new();
    for item in items {
        match rules.iter_mut().find(|(known, _)| *known == rule(item)) {
            Some((_, of_it)) => of_it.push(item),
            None => rules.push((rule(item), vec![item])),
        }
    }
    for ((key, _), of_it) in &rules {
        let Some(first) = of_it.first() else { continue };
        let name = message!("due-recommended-rule", title = first.title.clone(), key = key.as_str()).render(lang);
        if whole {
            let _ = writeln!(text, "  {name}");
            in_full(text, of_it, lang);
        } else {
            let _ = writeln!(text, "  {name}: {}", in_short(of_it, lang));
        }
    }
    let _ = writeln!(text, "  {}", message!("due-adopt").render(lang));
}

/// How the systems of a rule stand: `lgsp, one-stop: chưa thực hiện lần nào; portal: còn 20 ngày`.
fn in_short(items: &[&Item], lang: Lang) -> String {
    let mut stand: Vec<(String, Vec<String>)> = Vec::new();
    for item in items {
        let system = item.about().map(|(id, _)| id.to_string());
        let name = match (system, &item.part) {
            (Some(system), Some(part)) => format!("{system}/{part}"),
            (Some(system), None) => system,
            (None, _) => String::new(),
        };
        let standing = words::standing(item).render(lang);
        match stand.iter_mut().find(|(known, _)| *known == standing) {
            Some((_, names)) => names.push(name),
            None => stand.push((standing, vec![name])),
        }
    }
    let words = stand.iter().map(|(standing, names)| {
        let names = names.join(", ");
        if names.is_empty() { standing.clone() } else { format!("{names}: {standing}") }
    });
    words.collect::<Vec<_>>().join("; ")
}

fn in_full(text: &mut String, items: &[&Item], lang: Lang) {
    let lines: Vec<Vec<String>> =
        items.iter().map(|item| words::lines(item).iter().map(|line| line.render(lang)).collect()).collect();
    let shared = |line: &&String| lines.iter().all(|other| other.contains(line));
    for line in lines.iter().take(1).flatten().filter(shared) {
        let _ = writeln!(text, "      {line}");
    }
    for (item, lines) in items.iter().zip(&lines) {
        let standing = words::standing(item).render(lang);
        let by = words::by(item).map(|by| format!(": {}", by.render(lang))).unwrap_or_default();
        let own: Vec<&str> = lines.iter().filter(|line| !shared(line)).map(String::as_str).collect();
        let own = if own.is_empty() { String::new() } else { format!("; {}", own.join("; ")) };
        let system = words::system(item).map(|system| format!("{}: ", system.render(lang))).unwrap_or_default();
        let _ = writeln!(text, "    – {system}{standing}{by}{own}");
    }
}

/// What nothing could be said about.
fn foot(due: &Due) -> Vec<Message> {
    let mut lines = Vec::new();
    if !due.without_level.is_empty() {
        let systems: Vec<&str> = due.without_level.iter().map(crate::model::Name::as_str).collect();
        lines.push(message!("due-without-level", systems = systems.join(", ")));
    }
    let names = |systems: &[Name]| systems.iter().map(Name::as_str).collect::<Vec<_>>().join(", ");
    if !due.not_in_use.is_empty() {
        lines.push(message!("due-not-in-use", systems = names(&due.not_in_use)));
    }
    if !due.begun_unsaid.is_empty() {
        lines.push(message!("due-begun-unsaid", systems = names(&due.begun_unsaid)));
    }
    if !due.undated.is_empty() {
        lines.push(message!("due-undated", systems = names(&due.undated)));
    }
    if !due.without_holidays.is_empty() {
        let years: Vec<String> = due.without_holidays.iter().map(ToString::to_string).collect();
        lines.push(message!("due-without-holidays", years = years.join(", ")));
    }
    lines
}

/// Puts what falls due into the command's JSON document.
pub(super) fn document(all: &mut Value, due: &Due, on: Date, lang: Lang) {
    all["on"] = json!(on);
    all["items"] = due.items.iter().map(|item| words::json(item, lang)).collect();
    all["set_aside"] = due.aside.iter().map(|aside| words::aside(aside, lang)).collect();
    all["without_level"] = json!(due.without_level);
    all["not_in_use"] = json!(due.not_in_use);
    all["begun_unsaid"] = json!(due.begun_unsaid);
    all["undated"] = json!(due.undated);
    all["without_holidays"] = json!(due.without_holidays);
}
