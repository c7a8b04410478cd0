//! `ungpho inventory show`: all that is known of one system, and what is not.

use serde_json::{Value, json};

use super::shelf::Shelf;
use crate::inventory::System;
use crate::inventory::host::HostFacts;
use crate::inventory::table::{COLUMNS, Kind, at, day, title_of, written};
use crate::inventory::words::Said as _;
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::ui::{Context, Exit, Failure};

/// Show everything of one system: what is known, what is only assumed, what nobody has said
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho inventory show one-stop")]
pub struct Args {
    /// The system's id
    #[arg(value_name = "SYSTEM")]
    system: String,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let shelf = Shelf::read(context)?;
    let system = shelf.system(&args.system)?;
    let file = shelf.files.get(&system.id).map(|file| file.path.as_str()).unwrap_or_default();
    if args.json {
        context.out(&format!("{}\n", json!({ "version": 1, "file": file, "system": system })));
        return Ok(Exit::Passed);
    }
    let page = Page { system, lang: context.lang, text: String::new() };
    context.out(&page.whole(file));
    Ok(Exit::Passed)
}

struct Page<'s> {
    system: &'s System,
    lang: Lang,
    text: String,
}

impl Page<'_> {
    fn whole(mut self, file: &str) -> String {
        self.text = format!("{}\n{file}\n", self.system.name.pick(self.lang));
        let value = serde_json::to_value(self.system).unwrap_or_default();
        self.columns(&value, &message!("systems-part-who"), |path| !path.contains('.') && path != "assumed");
        self.columns(&value, &message!("systems-part-facts"), |path| path.starts_with("facts."));
        self.figures();
        self.columns(&value, &message!("systems-part-dossier"), |path| path.starts_with("dossier."));
        self.columns(&value, &message!("systems-part-risk"), |path| path.starts_with("risk."));
        self.assessed();
        self.controls();
        self.machines();
        self.columns(&value, &message!("systems-part-objectives"), |path| path.starts_with("objectives."));
        self.backups();
        if !self.system.assumed.is_empty() {
            self.head(&message!("systems-part-assumed"));
            for path in self.system.assumed.clone() {
                let title = title_of(&path, self.lang);
                let line = if title == path { path } else { format!("{title} [{path}]") };
                self.line(&line);
            }
        }
        self.text
    }

    fn head(&mut self, title: &Message) {
        self.text.push_str(&format!("\n{}\n", title.render(self.lang)));
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(&format!("  {text}\n"));
    }

    /// What stands at `path`, marked where nobody has confirmed it.
    fn marked(&self, path: &str, text: &str) -> String {
        if self.system.assumes(path) {
            message!("systems-marked", text = text).render(self.lang)
        } else {
            text.to_owned()
        }
    }

    fn columns(&mut self, value: &Value, title: &Message, wanted: impl Fn(&str) -> bool) {
        self.head(title);
        for column in COLUMNS.iter().filter(|column| wanted(column.path)) {
            let unknown = if matches!(column.kind, Kind::Count) {
                message!("systems-no-figure")
            } else {
                message!("systems-unknown")
            };
            let said = match written(at(value, column.path), column.kind, self.lang, true) {
                Some(text) => self.marked(column.path, &text),
                None => unknown.render(self.lang),
            };
            let line = format!("{}: {said}", column.title().render(self.lang));
            self.line(&line);
        }
    }

    fn figures(&mut self) {
        if self.system.figures.is_empty() {
            return;
        }
        self.head(&message!("systems-part-figures"));
        for figure in &self.system.figures {
            let number = format::number(figure.value, self.lang);
            let number =
                if figure.about { message!("systems-about", number = number).render(self.lang) } else { number };
            let said =
                message!("systems-figure", number = number, unit = figure.unit.clone(), source = figure.source.clone());
            let line = self.marked("figures", &said.render(self.lang));
            self.line(&line);
        }
    }

    fn assessed(&mut self) {
        let system = self.system;
        if system.assessments.is_empty() && system.changes.is_empty() {
            return;
        }
        self.head(&message!("systems-part-assessments"));
        for done in &system.assessments {
            let by = done.by.as_ref().map(|by| format!(" · {}", by.pick(self.lang))).unwrap_or_default();
            let file = done.file.as_ref().map(|file| format!(" · {file}")).unwrap_or_default();
            let text = format!("{} · {}{by}{file}", day(done.date, self.lang), done.kind.said().render(self.lang));
            let line = self.marked("assessments", &text);
            self.line(&line);
        }
        for change in &system.changes {
            let after = match change.determined {
                Some(on) => message!("systems-determined", day = day(on, self.lang)),
                None => message!("systems-not-determined"),
            };
            let what = change.what.pick(self.lang);
            let text = format!("{} · {what} · {}", day(change.date, self.lang), after.render(self.lang));
            let line = self.marked("changes", &text);
            self.line(&line);
        }
    }

    fn controls(&mut self) {
        self.head(&message!("systems-part-controls"));
        if self.system.controls.is_empty() {
            let unknown = message!("systems-unknown").render(self.lang);
            self.line(&unknown);
        }
        for control in &self.system.controls {
            let evidence = match &control.evidence {
                Some(evidence) => evidence.clone(),
                None => message!("systems-no-evidence").render(self.lang),
            };
            let checked = match control.checked {
                Some(on) => message!("systems-checked", day = day(on, self.lang)),
                None => message!("systems-not-checked"),
            };
            let (state, checked) = (control.state.said().render(self.lang), checked.render(self.lang));
            let line = self.marked("controls", &format!("{}: {state} · {evidence} · {checked}", control.id));
            self.line(&line);
        }
    }

    fn machines(&mut self) {
        let system = self.system;
        if system.components.is_empty() && system.hosts.is_empty() {
            return;
        }
        self.head(&message!("systems-part-machines"));
        for component in &system.components {
            let value = serde_json::to_value(&component.facts).unwrap_or_default();
            let facts = COLUMNS.iter().filter_map(|column| {
                let key = column.path.strip_prefix("facts.")?;
                let said = written(&value[key], column.kind, self.lang, true)?;
                Some(format!("{}: {said}", column.title().render(self.lang)))
            });
            let mut lines =
                vec![format!("[{}] {}", component.id, facts.collect::<Vec<_>>().join("; ")).trim_end().to_owned()];
            if let Some(host) = &component.host {
                lines.extend(seen(host, self.lang).into_iter().map(|line| format!("  {line}")));
            }
            for line in lines {
                let line = self.marked("components", &line);
                self.line(&line);
            }
        }
        for host in &system.hosts {
            let line = self.marked("hosts", &format!("{} (ssh {})", host.id, host.ssh));
            self.line(&line);
        }
    }

    fn backups(&mut self) {
        if self.system.backups.is_empty() {
            return;
        }
        self.head(&message!("systems-part-backups"));
        for backup in &self.system.backups {
            let host = backup.host.as_ref().map(|host| format!("{host}:")).unwrap_or_default();
            let schedule = backup.schedule.as_ref().map(|it| format!(" · {it}")).unwrap_or_default();
            let medium = backup.medium.as_ref().map(|it| format!(" · {it}")).unwrap_or_default();
            let place = if backup.offsite { message!("systems-offsite") } else { message!("systems-onsite") };
            let text = format!(
                "{}: {host}{}/{}{schedule}{medium} · {}",
                backup.id,
                backup.path,
                backup.copies,
                place.render(self.lang)
            );
            let line = self.marked("backups", &text);
            self.line(&line);
        }
    }
}

/// What was seen of a machine, in lines.
pub(super) fn seen(host: &HostFacts, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |message: Message| lines.push(message.render(lang));
    let truth = |truth: bool| if truth { message!("systems-yes") } else { message!("systems-no") };
    if let Some(on) = host.seen {
        say(message!("systems-host-seen", day = day(on, lang)));
    }
    if let Some(name) = &host.name {
        say(message!("systems-host-name", name = name.as_str()));
    }
    if let Some(os) = &host.os {
        say(message!("systems-host-os", os = os.as_str()));
    }
    if let Some(kernel) = &host.kernel {
        say(message!("systems-host-kernel", kernel = kernel.as_str()));
    }
    if let Some(architecture) = &host.architecture {
        say(message!("systems-host-architecture", architecture = architecture.as_str()));
    }
    if let Some(processors) = host.processors {
        say(message!("systems-host-processors", count = processors));
    }
    if let Some(memory) = host.memory {
        say(message!("systems-host-memory", size = format::bytes(memory, lang)));
    }
    if let Some(days) = host.up_days {
        say(message!("systems-host-up", days = days));
    }
    for disk in &host.disks {
        let (size, free) = (format::bytes(disk.size, lang), format::bytes(disk.free, lang));
        say(message!("systems-host-disk", mount = disk.mount.as_str(), size = size, free = free));
    }
    for port in &host.ports {
        let place = format!("{} {}:{}", port.protocol.word(), port.address, port.port);
        match &port.process {
            Some(process) => say(message!("systems-host-port", place = place, process = process.as_str())),
            None => say(message!("systems-host-port-unknown", place = place)),
        }
    }
    if !host.services.is_empty() {
        say(message!("systems-host-services", names = host.services.join(", ")));
    }
    if let Some(held) = host.time_synchronised {
        say(message!("systems-host-time", truth = truth(held)));
    }
    match host.antimalware.as_deref() {
        Some([]) => say(message!("systems-host-no-antimalware")),
        Some(names) => say(message!("systems-host-antimalware", names = names.join(", "))),
        None => {}
    }
    if let Some(waits) = host.restart_pending {
        say(message!("systems-host-restart", truth = truth(waits)));
    }
    lines
}
