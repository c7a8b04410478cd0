//! Reads a literal command: the same keys in a playbook's `run` and in an inventory's operation.

use std::collections::BTreeMap;

use super::finding::Place;
use super::reader::{Fields, Reader};
use super::tree::{Key, Node};
use crate::message::message;
use crate::model::{self, Effect, Program, Template};

/// A command that was read, with the nodes that others look at again.
#[derive(Debug)]
pub struct Command<'a> {
    /// The command; `None` where something in it could not be read.
    pub value: Option<model::Command>,
    /// The arguments.
    pub argv: Vec<&'a Node>,
    /// The values of the environment.
    pub env: Vec<&'a Node>,
    /// What it reads.
    pub stdin: Option<&'a Node>,
    /// Its folder.
    pub cwd: Option<&'a Node>,
    /// The host.
    pub host: Option<&'a Node>,
}

/// Reads the keys of a command that `fields` has. `program` is its `argv` or `shell`, which the caller asked for.
pub fn command<'a>(
    reader: &Reader<'a>,
    fields: &Fields<'_, 'a>,
    program: Option<(&'static str, &'a Node)>,
) -> Command<'a> {
    let effect = fields.required("effect").and_then(|node| effect(reader, node));
    let host = fields.optional("host");
    let host_text = host.map(|node| reader.filled_text(node));
    let env = fields.optional("env");
    let mut variables = BTreeMap::new();
    let mut env_nodes = Vec::new();
    for (key, node) in env.and_then(|node| reader.members(node)).unwrap_or_default() {
        if !variable(key) {
            let message = message!("source-invalid-name", text = key.text.as_str());
            let help = message!("source-pattern-help", pattern = "[A-Za-z_][A-Za-z0-9_]*");
            reader.error("invalid-name", key.place, message, help);
        }
        if let Some(text) = reader.letters(node) {
            env_nodes.push(node);
            variables.insert(key.text.clone(), Template(text));
        }
    }
    let stdin = fields.optional("stdin");
    let stdin_text = stdin.map(|node| reader.letters(node));
    let cwd = fields.optional("cwd");
    let cwd_text = cwd.map(|node| reader.filled_text(node));
    let mut argv = Vec::new();
    let program = program.and_then(|(word, node)| {
        if word == "shell" {
            return shell(reader, node).map(Program::Shell);
        }
        argv = node.items().iter().collect();
        arguments(reader, node).map(Program::Argv)
    });
    let value = program.zip(effect).map(|(program, effect)| model::Command {
        program,
        effect,
        host: host_text.flatten(),
        env: variables,
        stdin: stdin_text.flatten().map(Template),
        cwd: cwd_text.flatten().map(Template),
    });
    Command { value, argv, env: env_nodes, stdin, cwd, host }
}

/// Where a value names a secret, in characters of its text.
#[must_use]
pub fn secret(node: &Node) -> Option<usize> {
    let (text, _) = node.scalar()?;
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at + 2) {
        let end = text[open..].find("}}").map_or(text.len(), |at| open + at);
        if let Some(at) = text[open..end].find("secret.") {
            return Some(text[..open + at].chars().count());
        }
        from = end;
    }
    None
}

/// Finds that the secret at character `at` of `node` would be seen among the processes of another machine.
pub fn secret_over_ssh(reader: &Reader<'_>, node: &Node, at: usize) {
    let place = reader.place_in(node, at, "secret".len());
    let help = message!("source-secret-over-ssh-help");
    reader.error("secret-over-ssh", place, message!("source-secret-over-ssh"), help);
}

fn variable(key: &Key) -> bool {
    key.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn effect(reader: &Reader<'_>, node: &Node) -> Option<Effect> {
    if let Some((text, _)) = node.scalar()
        && text.contains("{{")
    {
        reader.error("not-literal", node.place, message!("source-not-literal", key = "effect"), None);
        return None;
    }
    reader.word(node, Effect::WORDS)
}

fn arguments(reader: &Reader<'_>, node: &Node) -> Option<Vec<Template>> {
    if node.scalar().is_some() {
        let help = message!("source-argv-help");
        reader.error("wrong-type", node.place, message!("source-argv-not-list"), help);
        return None;
    }
    let all = reader.list(node, |item| reader.letters(item).map(Template))?;
    if node.items().is_empty() {
        reader.error("empty-list", node.place, message!("source-empty-list"), None);
        return None;
    }
    let words: Vec<&str> = all.iter().map(|template| template.0.as_str()).collect();
    if let (Some(program), Some(first)) = (words.first(), node.items().first())
        && all.len() == node.items().len()
        && program.trim().is_empty()
    {
        reader.error("empty-text", first.place, message!("source-empty-text"), None);
        return None;
    }
    if let Some((first, rest)) = words.split_first()
        && asks_for_password(first, rest)
        && let Some(first) = node.items().first()
    {
        sudo(reader, first.place);
    }
    (all.len() == node.items().len()).then_some(all)
}

fn shell(reader: &Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.filled_text(node)?;
    if let Some(at) = text.find("{{") {
        let place = reader.place_in(node, text[..at].chars().count(), 2);
        let help = message!("source-template-in-shell-help");
        reader.error("template-in-shell", place, message!("source-template-in-shell"), help);
    }
    let words = shell_words(&text);
    for (index, word) in words.iter().enumerate() {
        if word.first {
            let rest: Vec<&str> =
                words[index + 1..].iter().take_while(|next| !next.first).map(|next| next.text.as_str()).collect();
            if asks_for_password(&word.text, &rest) {
                sudo(reader, reader.place_in(node, word.at, word.text.chars().count()));
            }
        }
    }
    Some(text)
}

fn sudo(reader: &Reader<'_>, place: Place) {
    reader.error("sudo-asks", place, message!("source-sudo-asks"), message!("source-sudo-asks-help"));
}

/// Whether `program` is `sudo` and none of its own options is `-n`.
fn asks_for_password(program: &str, rest: &[&str]) -> bool {
    if program != "sudo" && !program.ends_with("/sudo") {
        return false;
    }
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        if *option == "--non-interactive" {
            return false;
        }
        if let Some(letters) =
            option.strip_prefix('-').filter(|letters| !letters.starts_with('-') && !letters.is_empty())
        {
            if letters.contains('n') {
                return false;
            }
            if letters.len() == 1 && "ughpCrtTDR".contains(letters) {
                rest.next();
            }
        } else if !option.starts_with("--") || *option == "--" {
            break;
        }
    }
    true
}

/// A word of a shell script; `first` where a command begins with it.
struct Word {
    text: String,
    at: usize,
    first: bool,
}

/// Words well enough to see which commands are called: quotes hold together, operators and keywords begin a command.
fn shell_words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word = String::new();
    let mut at = 0;
    let mut first = true;
    let mut quote = None;
    let mut comment = false;
    let mut end = |word: &mut String, at: usize, first: &mut bool| {
        if !word.is_empty() {
            let begins = *first;
            *first = begins && (word.contains('=') || is_lead(word));
            words.push(Word { text: std::mem::take(word), at, first: begins && !*first });
        }
    };
    for (index, c) in text.chars().enumerate() {
        if comment {
            comment = c != '\n';
            first = first || c == '\n';
            continue;
        }
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.push(c),
            (None, '\'' | '"') => {
                if word.is_empty() {
                    at = index;
                }
                quote = Some(c);
            }
            (None, ' ' | '\t') => end(&mut word, at, &mut first),
            (None, '\n' | ';' | '&' | '|' | '(' | ')' | '`') => {
                end(&mut word, at, &mut first);
                first = true;
            }
            (None, '#') if word.is_empty() => comment = true,
            (None, c) => {
                if word.is_empty() {
                    at = index;
                }
                word.push(c);
            }
        }
    }
    end(&mut word, at, &mut first);
    words
}

/// Words after which a command still has to come.
fn is_lead(word: &str) -> bool {
    matches!(
        word,
        "if" | "then"
            | "else"
            | "elif"
            | "while"
            | "until"
            | "do"
            | "!"
            | "{"
            | "exec"
            | "env"
            | "time"
            | "nice"
            | "nohup"
            | "$"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sudo_that_may_ask_is_found() {
        for (script, found) in [
            ("sudo systemctl stop x", true),
            ("cd /x && sudo -u app ls", true),
            ("if true; then sudo ls; fi", true),
            ("A=1 /usr/bin/sudo ls", true),
            ("x=$(sudo ls)", true),
            ("sudo -n ls", false),
            ("sudo -u app -n ls", false),
            ("sudo --non-interactive ls", false),
            ("echo sudo ls", false),
            ("# sudo ls\nls", false),
            ("echo 'a; sudo ls'", false),
        ] {
            let words = shell_words(script);
            let seen = words.iter().enumerate().any(|(index, word)| {
                let rest: Vec<&str> = words[index + 1..].iter().map(|next| next.text.as_str()).collect();
                word.first && asks_for_password(&word.text, &rest)
            });
            assert_eq!(seen, found, "{script}");
        }
    }
}
