//! The values of `secret.NAME`: a file outside the workspace that only its owner may read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::{Context, Exit, Failure};
use crate::engine::Plan;
use crate::message::message;
use crate::model::Mode;

/// The shortest secret, in bytes: a shorter one could not be masked without hiding plain words.
const SHORTEST: usize = 8;

/// Where the secrets are: `UNGPHO_SECRETS`, else `secrets.yaml` beside the folder of private keys.
fn place(context: &Context) -> PathBuf {
    match std::env::var_os("UNGPHO_SECRETS").filter(|value| !value.is_empty()) {
        Some(path) => context.folder.join(path),
        None => context.keys.with_file_name("secrets.yaml"),
    }
}

/// Reads every secret, by name; none where there is no file.
///
/// # Errors
///
/// Where others may read the file, it is not a list of names and texts, or a secret is too short to be masked.
pub(crate) fn read(context: &Context) -> Result<BTreeMap<String, String>, Failure> {
    let path = place(context);
    let shown = path.display().to_string();
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            let message = message!("cli-file-unreadable", path = shown);
            return Err(Failure::new(Exit::Machine, "file-unreadable", message).caused_by(&error));
        }
    };
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(Failure::new(Exit::Invalid, "secrets-open", message!("cli-secrets-open", path = shown.as_str()))
            .help(message!("cli-secrets-open-help", path = shown)));
    }
    let text = fs::read_to_string(&path).map_err(|error| {
        let message = message!("cli-file-unreadable", path = shown.as_str());
        Failure::new(Exit::Machine, "file-unreadable", message).caused_by(&error)
    })?;
    // The cause is left out: it may quote the file.
    let secrets: BTreeMap<String, String> = serde_yaml::from_str(&text).map_err(|_| {
        Failure::new(Exit::Invalid, "secrets-invalid", message!("cli-secrets-invalid", path = shown.as_str()))
    })?;
    match secrets.iter().find(|(_, value)| value.len() < SHORTEST) {
        None => Ok(secrets),
        Some((name, _)) => {
            let message = message!("cli-secret-short", name = name.as_str(), bytes = SHORTEST);
            Err(Failure::new(Exit::Invalid, "secret-short", message))
        }
    }
}

/// Holds that every secret that the plan names is there, before anything starts.
///
/// # Errors
///
/// Those that are missing.
pub(crate) fn check(context: &Context, plan: &Plan) -> Result<(), Failure> {
    if plan.mode == Mode::Tabletop {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&plan.to_json()).into_owned();
    let named = named(&text);
    if named.is_empty() {
        return Ok(());
    }
    let secrets = read(context)?;
    let missing: Vec<&str> = named.into_iter().filter(|name| !secrets.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let path = place(context).display().to_string();
    Err(Failure::new(Exit::Invalid, "secret-missing", message!("cli-secret-missing", names = missing.join(", ")))
        .help(message!("cli-secret-missing-help", path = path)))
}

/// What follows `secret.` in the templates of a plan.
fn named(text: &str) -> BTreeSet<&str> {
    let name = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let templates = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    templates
        .flat_map(|inner| inner.split("secret.").skip(1))
        .map(|rest| &rest[..name(rest)])
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secrets_of_a_plan_are_those_that_its_templates_name() {
        let text =
            r#"{"env":{"A":"{{ secret.api_key }}","B":"a secret.not one"},"c":"{{ secret.other~secret.third }}"}"#;
        assert_eq!(named(text), BTreeSet::from(["api_key", "other", "third"]));
    }
}
