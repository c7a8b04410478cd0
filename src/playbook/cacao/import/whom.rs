//! Whom a command is for: agents and targets, as roles, addresses and words.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::flow::Maker;
use super::values;
use super::workflow::Raw;
use crate::source::Node;

impl<'a> Maker<'a, '_, '_> {
    pub(super) fn roles(&self) -> Map<String, Value> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for (agent, role) in &self.roles {
            seen.entry(role).or_insert(agent);
        }
        let title = |agent: &str| {
            self.agent(agent).and_then(|node| node.get("name")?.scalar()).map(|(text, _)| values::line(text))
        };
        seen.into_iter()
            .map(|(role, agent)| {
                let title = title(agent).filter(|title| !title.is_empty()).unwrap_or_else(|| role.to_owned());
                (role.to_owned(), json!({ "title": title }))
            })
            .collect()
    }

    fn agent(&self, id: &str) -> Option<&'a Node> {
        self.root.get("agent_definitions")?.get(id)
    }

    /// The role that an agent is, where it is people.
    pub(super) fn role(&mut self, agent: &str) -> Option<String> {
        let node = self.agent(agent)?;
        let (word, _) = node.get("type")?.scalar()?;
        if !matches!(word, "individual" | "group" | "organization" | "sector" | "location") {
            return None;
        }
        if let Some(role) = self.roles.get(agent) {
            return Some(role.clone());
        }
        let name = node.get("name").and_then(Node::scalar).map_or("role", |(text, _)| text);
        let mut role = values::id(name);
        let mut number = 2;
        while self.roles.values().any(|known| *known == role) {
            role = format!("{}_{number}", values::id(name));
            number += 1;
        }
        self.roles.insert(agent.to_owned(), role.clone());
        Some(role)
    }

    /// Whether a node's commands are for another machine than this one.
    pub(super) fn remote(&self, raw: &Raw<'_>) -> bool {
        let addressed = raw.text("agent").and_then(|agent| self.agent(agent)).is_some_and(|node| {
            node.get("address").is_some_and(|address| !address.members().is_empty() && !local(address))
        });
        addressed || raw.node.get("targets").is_some_and(|targets| !targets.items().is_empty())
    }

    fn targets(&self, raw: &Raw<'_>) -> Vec<&'a Node> {
        let all = self.root.get("target_definitions");
        let ids = raw.node.get("targets").map(Node::items).unwrap_or_default().iter().filter_map(Node::scalar);
        ids.filter_map(|(id, _)| all?.get(id)).collect()
    }

    /// Whom a command is for, in words.
    pub(super) fn whom(&self, raw: &Raw<'_>) -> Vec<String> {
        let agent = raw.text("agent").and_then(|agent| self.agent(agent)).into_iter();
        agent
            .chain(self.targets(raw))
            .map(|node| {
                let name = node.get("name").and_then(Node::scalar).map(|(text, _)| text.to_owned());
                let address = node.get("address").map(Node::members).unwrap_or_default().iter();
                let address = address
                    .flat_map(|(_, list)| list.items())
                    .filter_map(Node::scalar)
                    .map(|(text, _)| text.to_owned());
                let words: Vec<String> = name.into_iter().chain(address).map(|word| values::line(&word)).collect();
                words.join(" ")
            })
            .filter(|words| !words.is_empty())
            .collect()
    }

    /// What a request begins with: the address of its only target.
    pub(super) fn base(&self, raw: &Raw<'_>) -> Option<String> {
        let targets = self.targets(raw);
        let [target] = targets.as_slice() else { return None };
        let address = target.get("address")?;
        let first = |key: &str| address.get(key)?.items().first()?.scalar().map(|(text, _)| text);
        if let Some(url) = first("url") {
            return Some(if url.contains("://") { url.to_owned() } else { format!("https://{url}") });
        }
        let host = first("dname").or_else(|| first("ipv4")).map(str::to_owned);
        let host = host.or_else(|| first("ipv6").map(|host| format!("[{host}]")))?;
        let port = target.get("port").and_then(Node::scalar).map_or("80", |(text, _)| text);
        let scheme = if port == "443" { "https" } else { "http" };
        Some(format!("{scheme}://{host}:{port}"))
    }
}

/// Whether an address is this machine's.
fn local(address: &Node) -> bool {
    let all: Vec<&str> = address
        .members()
        .iter()
        .flat_map(|(_, list)| list.items())
        .filter_map(Node::scalar)
        .map(|(text, _)| text)
        .collect();
    !all.is_empty() && all.iter().all(|text| matches!(*text, "localhost" | "127.0.0.1" | "::1"))
}
