//! The sheets as a page that prints on A4: one file with nothing from outside.

use super::columns::{OUTCOMES, outcome_title};
use super::{Card, CardStep, consents};
use crate::message::{Message, format, message};
use crate::model::{Effect, Lang, Text};
use crate::report::format::page::Page;

/// The sheets as one HTML page: style inside, no script, nothing fetched.
#[must_use]
pub fn card_html(card: &Card, lang: Lang) -> String {
    let mut page = Page::begin(lang, card.title.pick(lang), include_str!("card.css"));
    let say = |message: &Message| message.render(lang);
    let banner = card.banner(lang);
    margins(&mut page, card, &banner, lang);
    page.body().classed("p", "banner", &banner);
    head(&mut page, card, lang);
    contacts(&mut page, card, lang);
    duties(&mut page, card, lang);
    steps(&mut page, card, lang);
    page.raw("<div class=\"signs\">");
    for who in [message!("paper-sign-writer"), message!("paper-sign-operator"), message!("paper-sign-commander")] {
        page.raw("<div>").element("strong", &say(&who)).raw("<br>").classed(
            "span",
            "soft small",
            &say(&message!("paper-sign-help")),
        );
        page.raw("</div>");
    }
    page.raw("</div>\n");
    page.finish()
}

/// What stands in the margins of every printed page.
fn margins(page: &mut Page, card: &Card, banner: &str, lang: Lang) {
    // A quote would end the CSS string.
    let plain = |text: &str| text.replace(['"', '\\', '<', '\n'], " ");
    let run = card.run.as_ref().map_or_else(|| card.playbook.clone(), ToString::to_string);
    let version = message!("paper-version", version = card.version).render(lang);
    page.raw("@page { @top-left { content: \"").text(&plain(&format!("{run} · {version}")));
    page.raw("\"; } @top-right { content: \"").text(&plain(banner));
    page.raw("\"; } @bottom-left { content: \"").text(&plain(&card.standing(lang))).raw("\"; } }\n");
}

fn head(page: &mut Page, card: &Card, lang: Lang) {
    let say = |message: &Message| message.render(lang);
    if let Some(unit) = &card.unit {
        page.classed("p", "soft", unit);
    }
    page.element("h1", card.title.pick(lang)).raw("<dl>");
    let fact = |page: &mut Page, label: &Message, value: Option<&str>| {
        page.element("dt", &label.render(lang)).raw("<dd>");
        match value {
            Some(value) => page.text(value),
            None => page.raw("<span class=\"fill\">&nbsp;</span>"),
        };
        page.raw("</dd>");
    };
    let playbook = format!("{} · {}", card.playbook, say(&message!("paper-version", version = card.version)));
    fact(page, &message!("paper-head-playbook"), Some(&playbook));
    fact(page, &message!("paper-head-run"), card.run.as_ref().map(crate::model::RunId::as_str));
    let systems: Vec<String> = card.systems.iter().map(|(id, name)| format!("{} ({id})", name.pick(lang))).collect();
    fact(page, &message!("paper-head-systems"), (!systems.is_empty()).then(|| systems.join("; ")).as_deref());
    fact(page, &message!("paper-head-day"), None);
    fact(page, &message!("paper-head-writer"), None);
    fact(page, &message!("paper-head-digest"), card.digest.as_deref());
    fact(page, &message!("paper-head-state"), Some(&card.standing(lang)));
    fact(page, &message!("paper-head-printed"), None);
    page.raw("</dl>\n<div class=\"keep\"><p><strong>").text(&say(&message!("paper-keep-running"))).raw("</strong></p>");
    page.element("p", card.keep_running.pick(lang)).raw("</div>\n");
}

fn contacts(page: &mut Page, card: &Card, lang: Lang) {
    let say = |message: &Message| message.render(lang);
    page.element("h2", &say(&message!("paper-contacts")));
    let checked = match &card.contacts_checked {
        Some(day) => message!("paper-contacts-checked", day = day.as_str()),
        None => message!("paper-contacts-never-checked"),
    };
    page.classed("p", "soft small", &say(&checked)).raw("<table class=\"contacts\"><thead><tr>");
    let headings = [
        message!("paper-contact-role"),
        message!("paper-contact-name"),
        message!("paper-contact-phones"),
        message!("paper-contact-second"),
        message!("paper-contact-until"),
    ];
    for heading in &headings {
        page.element("th", &say(heading));
    }
    page.raw("</tr></thead><tbody>\n");
    for contact in &card.contacts {
        page.raw("<tr><td>").text(contact.role.pick(lang));
        if contact.deputy {
            page.raw(" <span class=\"soft\">(").text(&say(&message!("paper-contact-deputy"))).raw(")</span>");
        }
        page.raw("</td><td>")
            .text(contact.name.pick(lang))
            .raw(" <span class=\"id\">")
            .text(&contact.id)
            .raw("</span>");
        if let Some(position) = &contact.position {
            page.raw("<br>").classed("span", "soft small", position.pick(lang));
        }
        page.raw("</td>");
        page.element("td", &contact.phones.join(", "));
        page.element("td", contact.second_channel.as_deref().unwrap_or_default());
        page.element("td", contact.until.as_deref().unwrap_or_default()).raw("</tr>\n");
    }
    // Numbers that are found on the night are written down here.
    for _ in 0..2 {
        page.raw("<tr><td></td><td></td><td></td><td></td><td></td></tr>\n");
    }
    page.raw("</tbody></table>\n");
}

fn duties(page: &mut Page, card: &Card, lang: Lang) {
    if card.duties.is_empty() {
        return;
    }
    let say = |message: &Message| message.render(lang);
    page.element("h2", &say(&message!("paper-duties"))).raw("<table><thead><tr>");
    let headings = [
        message!("paper-duty-what"),
        message!("paper-duty-to"),
        message!("paper-duty-limit"),
        message!("paper-duty-sent"),
        message!("paper-duty-number"),
    ];
    for heading in &headings {
        page.element("th", &say(heading));
    }
    page.raw("</tr></thead><tbody>\n");
    let or_nothing = |text: &Option<Text>| text.as_ref().map(|text| text.pick(lang).to_owned()).unwrap_or_default();
    for duty in &card.duties {
        page.raw("<tr><td>").text(duty.title.pick(lang));
        page.raw("<br>").classed("span", "soft small", &or_nothing(&duty.citation)).raw("</td>");
        page.element("td", &or_nothing(&duty.to)).element("td", duty.limit.pick(lang));
        page.raw("<td></td><td></td></tr>\n");
    }
    page.raw("</tbody></table>\n");
}

fn steps(page: &mut Page, card: &Card, lang: Lang) {
    let say = |message: &Message| message.render(lang);
    page.element("h2", &say(&message!("paper-steps")));
    page.classed("p", "soft small", &say(&message!("paper-steps-help")));
    consents::plan(page, card, lang);
    page.raw("<table class=\"steps\"><thead><tr>");
    page.raw("<th class=\"w-n\">").text(&say(&message!("paper-column-number"))).raw("</th>");
    page.element("th", &say(&message!("paper-column-work")));
    page.raw("<th class=\"w-c\">").text(&say(&message!("paper-column-checks"))).raw("</th>");
    page.raw("<th class=\"w-p\">").text(&say(&message!("paper-column-who"))).raw("</th>");
    page.raw("<th class=\"w-t\">").text(&say(&message!("paper-column-began"))).raw("</th>");
    page.raw("<th class=\"w-t\">").text(&say(&message!("paper-column-ended"))).raw("</th>");
    page.raw("<th class=\"w-o\">").text(&say(&message!("paper-column-outcome"))).raw("</th>");
    page.raw("<th class=\"w-m\">").text(&say(&message!("paper-column-remark"))).raw("</th>");
    page.raw("</tr></thead><tbody>\n");
    for step in &card.steps {
        row(page, step, lang);
    }
    page.raw("</tbody></table>\n");
}

fn row(page: &mut Page, step: &CardStep, lang: Lang) {
    let say = |message: &Message| message.render(lang);
    let number = step.number.map(|number| number.to_string());
    let Some(number) = number.or_else(|| step.round_end.then(String::new)) else {
        page.raw("<tr class=\"holds\"><td></td><td colspan=\"7\">").text(step.title.pick(lang));
        page.raw(" <span class=\"id\">").text(step.path.as_str()).raw("</span>");
        condition(page, step, lang);
        page.raw("</td></tr>\n");
        return;
    };
    page.raw(if step.outcome.is_some() { "<tr class=\"over\">" } else { "<tr>" });
    page.classed("td", "number", &number).raw("<td>");
    page.classed("p", "title", step.title.pick(lang));
    page.raw("<p class=\"small\"><span class=\"id\">").text(step.path.as_str()).raw("</span>");
    if let Some(role) = &step.role {
        page.raw(" · ").text(role.pick(lang));
    }
    if let Some(timeout) = step.timeout {
        page.raw(" · ").text(&say(&message!("paper-within", time = format::duration(timeout.duration(), lang))));
    }
    page.raw("</p>");
    if step.effect == Some(Effect::Destructive) {
        let warning = if step.second { message!("paper-destructive-second") } else { message!("paper-destructive") };
        page.classed("p", "danger", &say(&warning));
    }
    condition(page, step, lang);
    if let Some(instruction) = &step.instruction {
        page.element("p", instruction.pick(lang));
    }
    if let Some(command) = &step.command {
        page.element("code", command);
    }
    consents::second(page, step, lang);
    page.raw("</td><td><ul>");
    for check in &step.checks {
        page.raw("<li><span class=\"box\"></span>").text(check.pick(lang)).raw("</li>");
    }
    for ((_, title, goto), number) in step.options.iter().zip(1..) {
        page.raw("<li><span class=\"box\"></span>").text(&format!("[{number}] {}", title.pick(lang)));
        if let Some(goto) = goto {
            page.text(&say(&message!("paper-goto", step = goto.as_str())));
        }
        page.raw("</li>");
    }
    for (_, title) in &step.asks {
        page.raw("<li>").text(title.pick(lang)).raw(": <span class=\"fill\">&nbsp;</span></li>");
    }
    if step.evidence_required {
        page.raw("<li><span class=\"box\"></span>").text(&say(&message!("paper-evidence"))).raw("</li>");
    }
    page.raw("</ul></td>");
    if let Some(outcome) = step.outcome {
        page.raw("<td></td><td></td><td></td><td>").text(&say(&outcome_title(outcome)));
        page.raw("</td><td>").classed("span", "small", &say(&message!("paper-in-the-record"))).raw("</td>");
    } else {
        page.raw("<td></td><td></td><td></td><td><ul class=\"small\">");
        for outcome in OUTCOMES.into_iter().filter(|_| step.options.is_empty()) {
            page.raw("<li><span class=\"box\"></span>").text(&say(&outcome_title(outcome))).raw("</li>");
        }
        page.raw("</ul></td><td></td>");
    }
    page.raw("</tr>\n");
}

/// Under which condition the step is done at all.
fn condition(page: &mut Page, step: &CardStep, lang: Lang) {
    if let Some(text) = step.only_when(lang) {
        page.classed("p", "small", &text);
    }
}
