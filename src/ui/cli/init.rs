//! `ungpho init`: makes a workspace.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::message::message;
use crate::ui::sample::{self, Sample};
use crate::ui::{Context, Exit, Failure};

/// Make a workspace
///
/// Writes the files of a new workspace into a folder that is empty or not there yet. With --sample the workspace of a
/// province is written, with its shared systems.
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho init ung-pho --sample quang-ngai")]
pub struct Args {
    /// The folder
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Start from this sample
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
}

/// Makes the workspace.
///
/// # Errors
///
/// Where the folder has files, no sample has the name, or something cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let sample = match &args.sample {
        None => &sample::EMPTY,
        Some(name) => sample::named(name).ok_or_else(|| {
            Failure::new(Exit::Invalid, "unknown-sample", message!("cli-unknown-sample", name = name.as_str()))
                .help(message!("cli-unknown-sample-help", names = sample::names().join(", ")))
        })?,
    };
    let folder = context.folder.join(&args.folder);
    if fs::read_dir(&folder).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(|e| !hidden(&e.path())))) {
        let shown = folder.display().to_string();
        return Err(Failure::new(Exit::Invalid, "folder-not-empty", message!("cli-folder-not-empty", folder = shown)));
    }
    write(&folder, sample)?;
    context.note(&message!("cli-init-done", folder = folder.display().to_string()));
    context.note(&message!("cli-init-next"));
    Ok(Exit::Passed)
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Writes the files of `sample` into `folder`.
///
/// # Errors
///
/// The first that cannot be written.
pub fn write(folder: &Path, sample: &Sample) -> Result<(), Failure> {
    let failed = |path: &Path, error: &io::Error| {
        Failure::new(Exit::Machine, "cannot-write", message!("cli-cannot-write", path = path.display().to_string()))
            .caused_by(error)
    };
    for (name, text) in sample.files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
        fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    for name in ["playbooks", "inventory", "exercises", "policies"] {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}
