//! Probes as playbooks write them.

use std::collections::BTreeMap;

use super::{Book, When};
use crate::message::message;
use crate::model::Span;
use crate::probe::Spec;
use crate::probe::spec::{Disk, Dns, File, Http, Port, Process, Service, Tcp, Tls};
use crate::source::{Fields, Node};

/// The kinds of probes.
pub(in crate::playbook) const KINDS: &[&str] =
    &["http", "tcp", "dns", "tls", "process", "service", "disk", "port", "file"];

/// The one probe among the keys of `fields`.
pub(super) fn one<'a>(book: &Book<'a, '_>, fields: &Fields<'_, 'a>, when: When) -> Option<Spec> {
    let (word, key, node) = fields.one_of(KINDS)?;
    let fields = book.reader.fields(word, node, key.place)?;
    let look = Look { book, fields, when };
    let spec = look.spec(word);
    look.fields.finish();
    spec
}

/// How often something is looked at: never without a pause.
pub(super) fn interval(book: &Book<'_, '_>, node: &Node) -> Option<Span> {
    let span = book.reader.span(node)?;
    if span.seconds() == 0 {
        book.reader.error("out-of-range", node.place, message!("playbook-interval-zero"), None);
        return None;
    }
    Some(span)
}

struct Look<'r, 'a, 'k> {
    book: &'r Book<'a, 'k>,
    fields: Fields<'r, 'a>,
    when: When,
}

impl<'a> Look<'_, 'a, '_> {
    fn spec(&self, word: &str) -> Option<Spec> {
        Some(match word {
            "http" => Spec::Http(self.http()?),
            "tcp" => {
                let (address, timeout) = (self.address(), self.span("timeout"));
                Spec::Tcp(Tcp { address: address?, timeout })
            }
            "dns" => {
                let name = self.required("name");
                let (record, server) = (self.record(), self.text("server"));
                let (expect, timeout) = (self.text("expect"), self.span("timeout"));
                Spec::Dns(Dns { name: name?, record, server, expect, timeout })
            }
            "tls" => {
                let (address, name) = (self.address(), self.text("name"));
                let (valid_for, timeout) = (self.span("valid_for"), self.span("timeout"));
                Spec::Tls(Tls { address: address?, name, valid_for, timeout })
            }
            "process" => {
                let (name, running) = (self.required("name"), self.truth("running"));
                Spec::Process(Process { name: name?, running })
            }
            "service" => {
                let (name, active) = (self.required("name"), self.truth("active"));
                Spec::Service(Service { name: name?, active })
            }
            "disk" => {
                let path = self.required("path");
                let free_bytes = self.number("free_bytes", i64::MAX);
                let free_percent = self.number("free_percent", 100);
                Spec::Disk(Disk { path: path?, free_bytes, free_percent })
            }
            "port" => {
                let number = self.fields.required("number").and_then(|node| self.book.reader.integer(node, 1, 65_535));
                let open = self.truth("open");
                Spec::Port(Port { number: number?, open })
            }
            _ => {
                let (path, exists) = (self.required("path"), self.truth("exists"));
                let (contains, newer_than) = (self.text("contains"), self.span("newer_than"));
                let digest = self.digest();
                Spec::File(File { path: path?, exists, contains, newer_than, digest })
            }
        })
    }

    fn http(&self) -> Option<Http> {
        let reader = &self.book.reader;
        let url = self.fields.required("url").and_then(|node| {
            let url = self.filled(node)?;
            let scheme = url.starts_with("http://") || url.starts_with("https://");
            if !scheme && !url.trim_start().starts_with("{{") {
                let help = message!("playbook-invalid-url-help");
                reader.error("invalid-url", node.place, message!("playbook-invalid-url", text = url), help);
                return None;
            }
            Some(url)
        });
        let method = self.text("method");
        let status = self.fields.optional("status").and_then(|node| reader.integer(node, 100, 599));
        let mut headers = BTreeMap::new();
        for (key, node) in self.fields.optional("headers").and_then(|node| reader.members(node)).unwrap_or_default() {
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if key.text.is_empty() || !key.text.chars().all(token) {
                let message = message!("source-invalid-name", text = key.text.as_str());
                reader.error("invalid-name", key.place, message, message!("source-pattern-help", pattern = "X-Name"));
            }
            if let Some(value) = reader.letters(node) {
                self.book.secret_template(node, self.when);
                headers.insert(key.text.clone(), value);
            }
        }
        let contains = self.text("contains");
        let answers = self.truth("answers");
        let timeout = self.span("timeout");
        Some(Http { url: url?, method, status, headers, contains, answers, timeout })
    }

    fn filled(&self, node: &'a Node) -> Option<String> {
        self.book.template(node, self.when);
        self.book.reader.filled_text(node)
    }

    fn required(&self, key: &'static str) -> Option<String> {
        self.fields.required(key).and_then(|node| self.filled(node))
    }

    fn text(&self, key: &'static str) -> Option<String> {
        self.fields.optional(key).and_then(|node| self.filled(node))
    }

    fn truth(&self, key: &'static str) -> Option<bool> {
        self.fields.optional(key).and_then(|node| self.book.reader.boolean(node))
    }

    fn span(&self, key: &'static str) -> Option<Span> {
        self.fields.optional(key).and_then(|node| self.book.reader.span(node))
    }

    fn number<T: TryFrom<i64>>(&self, key: &'static str, most: i64) -> Option<T> {
        self.fields.optional(key).and_then(|node| self.book.reader.integer(node, 0, most))
    }

    fn record(&self) -> Option<String> {
        let words: [(&'static str, &'static str); 6] =
            [("A", "A"), ("AAAA", "AAAA"), ("MX", "MX"), ("TXT", "TXT"), ("NS", "NS"), ("CNAME", "CNAME")];
        self.fields.optional("record").and_then(|node| self.book.reader.word(node, &words)).map(str::to_owned)
    }

    /// `host:port`, or an expression that gives it.
    fn address(&self) -> Option<String> {
        let node = self.fields.required("address")?;
        let text = self.filled(node)?;
        let port = text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        if !port && !text.contains("{{") {
            let message = message!("playbook-invalid-address", text = text);
            self.book.reader.error("invalid-address", node.place, message, message!("playbook-invalid-address-help"));
            return None;
        }
        Some(text)
    }

    fn digest(&self) -> Option<String> {
        let node = self.fields.optional("digest")?;
        let text = self.filled(node)?;
        let hex = text.strip_prefix("sha256:").unwrap_or_default();
        if text.contains("{{") || (hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit())) {
            return Some(text);
        }
        let help = message!("source-pattern-help", pattern = "sha256:[0-9a-f]{64}");
        self.book.reader.error("invalid-digest", node.place, message!("source-invalid-name", text = text), help);
        None
    }
}
