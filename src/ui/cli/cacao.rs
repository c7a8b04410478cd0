//! `ungpho playbook export` and `import`: playbooks of other tools, out and in.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::message::{Explain as _, message};
use crate::model::Name;
use crate::playbook::{Playbook, cacao};
use crate::source::{self, FileError, Finding, Place};
use crate::ui::files;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure};

/// Prints `playbook` as a CACAO document, or writes it into `to`; says what other tools will not see.
///
/// # Errors
///
/// Where the file is there already, or cannot be written.
pub fn export(playbook: &Playbook, to: Option<&Path>, own: bool, context: &Context) -> Result<Exit, Failure> {
    let unit = Workspace::find(context).ok().filter(|_| own).and_then(|workspace| unit(&workspace));
    let made = cacao::export(playbook, context.lang, unit.as_deref().unwrap_or("ungpho"));
    let text = serde_json::to_string_pretty(&made.document).unwrap_or_default() + "\n";
    if let Some(to) = to {
        write(&context.folder.join(to), &to.display().to_string(), &text)?;
        context.note(&message!("cli-playbook-exported", name = playbook.name.as_str()));
    } else {
        context.out(&text);
    }
    for what in made.unseen {
        context.note(&message!("cli-playbook-unseen", what = what));
    }
    Ok(Exit::Passed)
}

/// The unit's name, which its playbooks are made by.
fn unit(workspace: &Workspace) -> Option<String> {
    let text = source::read_file(&workspace.root.join("ungpho.yaml"), "ungpho.yaml").ok()?;
    let document = source::parse("ungpho.yaml", &text);
    let (name, _) = document.root.as_ref()?.get("unit")?.scalar()?;
    Some(name.to_owned())
}

/// Makes a playbook of the workspace from the CACAO document `file`.
///
/// # Errors
///
/// Where the document is not one, or a playbook of that name is there already: nothing is written then.
pub fn import(file: &Path, name: Option<&Name>, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    let shown = file.display().to_string();
    let known = files::read(&files::workspace(&workspace.root), &[], false).known;
    let (text, made) = match source::read_file(&context.folder.join(file), &shown) {
        Ok(text) => {
            let made = cacao::import(&shown, &text, name, &known);
            (text, made)
        }
        Err(error) => (String::new(), Err(vec![unread(error, &shown)])),
    };
    let texts = BTreeMap::from([(shown.clone(), text)]);
    let say = |findings: &[Finding]| context.err(&source::render(findings, &texts, context.lang, context.color));
    let made = match made {
        Ok(made) => made,
        Err(findings) => {
            say(&findings);
            return Err(Failure::reported(Exit::Invalid));
        }
    };
    let written = format!("playbooks/{}.yaml", made.name);
    let path: PathBuf = workspace.root.join(&written);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error, &written))?;
    }
    write(&path, &written, &made.text)?;
    say(&made.findings);
    context.note(&message!("cli-playbook-imported", file = written, warnings = made.findings.len()));
    Ok(Exit::Passed)
}

fn unread(error: FileError, shown: &str) -> Finding {
    match error {
        FileError::Unfit(finding) => *finding,
        FileError::NotFile { .. } => Finding::error(error.code(), shown, Place::START, error.message()),
        FileError::Unreadable { ref cause, .. } => {
            let cause = message!("cli-check-cause", cause = crate::message::cause::io(cause));
            Finding::error(error.code(), shown, Place::START, error.message()).help(cause)
        }
    }
}

/// Writes a file that is not there yet.
fn write(path: &Path, shown: &str, text: &str) -> Result<(), Failure> {
    let mut file = File::options().write(true).create_new(true).open(path).map_err(|error| failed(&error, shown))?;
    file.write_all(text.as_bytes()).map_err(|error| failed(&error, shown))
}

fn failed(error: &Error, shown: &str) -> Failure {
    let exit = if error.kind() == ErrorKind::AlreadyExists { Exit::Invalid } else { Exit::Machine };
    Failure::new(exit, "cannot-write", message!("cli-cannot-write", path = shown)).caused_by(error)
}
