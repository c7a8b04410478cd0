//! Commands and texts as people read them before they run: what is known filled in, `‹steps.x.y›` for the rest.
//!
//! Settings stand as a playbook writes them (`every=5s`), so that a line reads the same in every language.

use super::expression::{Piece, Scope, fill, pieces};
use super::names::{has_secret, names};
use crate::message::format;
use crate::model::{Command, Lang, Program, Stamp, Template};
use crate::probe::Spec;
use crate::step::Wait;

/// The text of `template` with what `scope` knows; `‹name›` for the rest, and for every secret.
#[must_use]
pub fn display(template: &Template, scope: &Scope) -> String {
    filled(template, scope, |known| known)
}

/// As [`display`], for people: a moment is written as their language writes it.
#[must_use]
pub fn in_words(template: &Template, scope: &Scope, lang: Lang) -> String {
    filled(template, scope, |known| match known.parse::<Stamp>() {
        Ok(stamp) => format::time(&stamp, lang),
        Err(_) => known,
    })
}

fn filled(template: &Template, scope: &Scope, write: impl Fn(String) -> String) -> String {
    if template.is_literal() {
        return template.0.clone();
    }
    let mut text = String::new();
    for piece in pieces(&template.0) {
        match piece {
            Piece::Literal(literal) | Piece::Open(literal) => text.push_str(literal),
            Piece::Expression { source, .. } => {
                let whole = Template(format!("{{{{{source}}}}}"));
                let known = if has_secret(&whole.0) { None } else { fill(&whole, scope).ok() };
                text.push_str(&known.map_or_else(|| format!("‹{}›", unknown(source)), &write));
            }
        }
    }
    text
}

/// What stands for an expression that is not known: the name that it rests on, where it is but one.
fn unknown(source: &str) -> &str {
    match names(source).as_slice() {
        [name, ..] if name.contains('.') => name,
        _ => source.trim(),
    }
}

/// One argument as a shell would read it back.
#[must_use]
pub fn quote(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,‹›".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A command in full: its folder, environment, arguments and input, after the machine where it is another one.
#[must_use]
pub fn command_line(command: &Command, ssh: Option<&str>, scope: &Scope) -> String {
    let shown = |template: &Template| quote(&display(template, scope));
    let mut words = Vec::new();
    if let Some(folder) = &command.cwd {
        words.push(format!("cd {} &&", shown(folder)));
    }
    words.extend(command.env.iter().map(|(name, value)| format!("{name}={}", shown(value))));
    match &command.program {
        Program::Argv(argv) => words.extend(argv.iter().map(shown)),
        Program::Shell(script) => words.push(format!("sh -c {}", quote(script.trim_end()))),
    }
    words.extend(command.stdin.iter().map(|stdin| format!("<<< {}", shown(stdin))));
    let line = words.join(" ");
    match ssh {
        Some(host) => format!("ssh {host}: {line}"),
        None => line,
    }
}

/// A look in full, each setting that is not the usual one by its key.
#[must_use]
pub fn look(spec: &Spec, scope: &Scope) -> String {
    let mut line = Line { words: vec![spec.word().to_owned()], scope };
    match spec {
        Spec::Http(http) => {
            line.word(http.method.as_deref());
            line.word(Some(&http.url));
            for (name, value) in &http.headers {
                let value = display(&Template(value.clone()), scope);
                line.words.push(quote(&format!("{name}: {value}")));
            }
            line.words.extend(http.status.map(|status| format!("-> {status}")));
            line.text("contains", http.contains.as_deref());
            line.set("answers", http.answers);
            line.set("timeout", http.timeout);
        }
        Spec::Tcp(tcp) => {
            line.word(Some(&tcp.address));
            line.set("timeout", tcp.timeout);
        }
        Spec::Dns(dns) => {
            line.word(Some(&dns.name));
            line.text("record", dns.record.as_deref());
            line.text("server", dns.server.as_deref());
            line.text("expect", dns.expect.as_deref());
            line.set("timeout", dns.timeout);
        }
        Spec::Tls(tls) => {
            line.word(Some(&tls.address));
            line.text("name", tls.name.as_deref());
            line.set("valid_for", tls.valid_for);
            line.set("timeout", tls.timeout);
        }
        Spec::Process(process) => {
            line.word(Some(&process.name));
            line.set("running", process.running);
        }
        Spec::Service(service) => {
            line.word(Some(&service.name));
            line.set("active", service.active);
        }
        Spec::Disk(disk) => {
            line.word(Some(&disk.path));
            line.set("free_bytes", disk.free_bytes);
            line.set("free_percent", disk.free_percent);
        }
        Spec::Port(port) => {
            line.words.push(port.number.to_string());
            line.set("open", port.open);
        }
        Spec::File(file) => {
            line.word(Some(&file.path));
            line.set("exists", file.exists);
            line.text("contains", file.contains.as_deref());
            line.set("newer_than", file.newer_than);
            line.text("digest", file.digest.as_deref());
        }
    }
    line.words.join(" ")
}

/// A look that is repeated, in full.
#[must_use]
pub fn waiting(wait: &Wait, scope: &Scope) -> String {
    format!("{} every={} confirm={}", look(&wait.probe, scope), wait.every, wait.confirm)
}

struct Line<'s> {
    words: Vec<String>,
    scope: &'s Scope,
}

impl Line<'_> {
    fn word(&mut self, text: Option<&str>) {
        let shown = text.map(|text| display(&Template(text.to_owned()), self.scope));
        self.words.extend(shown.map(|text| if text.contains(char::is_whitespace) { quote(&text) } else { text }));
    }

    fn text(&mut self, key: &str, text: Option<&str>) {
        let shown = text.map(|text| quote(&display(&Template(text.to_owned()), self.scope)));
        self.words.extend(shown.map(|text| format!("{key}={text}")));
    }

    fn set(&mut self, key: &str, value: Option<impl std::fmt::Display>) {
        self.words.extend(value.map(|value| format!("{key}={value}")));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::playbook::{Known, read};
    use crate::step::Action;

    #[test]
    fn every_setting_of_a_command_and_of_a_look_is_shown() {
        let text = include_str!("../../tests/it/data/everything.yaml");
        let playbook = read("everything.yaml", text, &Known::default()).expect("it holds");
        let scope = Scope::new(json!({ "inputs": { "word": "x y", "folder": "/srv/data", "count": 3 } }));
        let mut seen = Vec::new();
        for step in &playbook.steps {
            match &step.action {
                Action::Run(crate::step::Run::Command(command)) => {
                    seen.push(command_line(command, command.host.as_deref(), &scope));
                }
                Action::Parallel(steps) => {
                    for step in steps {
                        if let Action::Probe(spec) = &step.action {
                            seen.push(look(spec, &scope));
                        }
                    }
                }
                Action::Wait(wait) => seen.push(waiting(wait, &scope)),
                _ => {}
            }
        }
        let zeros = "0".repeat(64);
        let expected = [
            "ssh inputs.system/app-01: cd /srv/data && LEVEL=3 echo 'x y' 5 <<< ‹secret.token›",
            "sh -c 'sudo -n ls | wc -l'",
            "http HEAD http://x 'Authorization: Bearer ‹secret.token›' -> 200 contains=ok answers=true timeout=2s",
            "tcp db:5432 timeout=1s",
            "dns x.example record=MX server=1.1.1.1 expect=mail timeout=1s",
            "tls x:443 name=x valid_for=30d timeout=1s",
            "process sshd running=true",
            "service nginx active=true",
            "disk /srv free_bytes=1000000 free_percent=10",
            "port 80 open=false",
            &format!("file /etc/hosts exists=true contains=localhost newer_than=365d digest=sha256:{zeros}"),
            "tcp db:5432 every=5s confirm=3",
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn an_expression_that_is_not_known_is_shown_by_the_name_it_rests_on() {
        let scope = Scope::new(json!({ "inputs": { "a": 1 } }));
        for (template, expected) in [
            ("x {{ inputs.a }}", "x 1"),
            ("{{ steps.b.c|int + 1 }}", "‹steps.b.c›"),
            ("{{ steps.b.c }} {{ secret.k }}", "‹steps.b.c› ‹secret.k›"),
            ("{{ inputs.a + steps.b.c }}", "‹inputs.a›"),
        ] {
            assert_eq!(display(&Template(template.to_owned()), &scope), expected);
        }
        assert_eq!(quote("it's"), r"'it'\''s'");
    }
}
