//! Why the lab could not do something.

use std::io;
use std::path::{Path, PathBuf};

use crate::backup::BackupError;
use crate::message::{Explain, Message, cause, message};
use crate::model::{Lang, Name, Text};

/// Why the lab could not do something.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A folder is not the lab's: its marker file is missing or another lab's.
    #[error("`{}` has no marker of this lab", folder.display())]
    NotMarked {
        /// Which folder.
        folder: PathBuf,
    },
    /// No keeper lives for this folder.
    #[error("the lab in `{}` is not up", folder.display())]
    NotUp {
        /// The lab's folder.
        folder: PathBuf,
    },
    /// A keeper lives and does not answer, or answers what cannot be read.
    #[error("the keeper of the lab in `{}` does not answer", folder.display())]
    Silent {
        /// The lab's folder.
        folder: PathBuf,
        /// What the socket said.
        #[source]
        source: io::Error,
    },
    /// The program for the keeper could not be started.
    #[error("cannot start `{}`", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A port that was chosen before is taken by another program.
    #[error("port {port} of `{system}` is in use")]
    PortInUse {
        /// Whose port.
        system: Name,
        /// Which.
        port: u16,
    },
    /// A service ended before it was ready.
    #[error("`{system}` did not start: {detail}")]
    ServiceFailed {
        /// Which.
        system: Name,
        /// Its last words.
        detail: String,
    },
    /// A service is not running.
    #[error("`{system}` is not running")]
    NotRunning {
        /// Which.
        system: Name,
    },
    /// A service does not carry out what it is told.
    #[error("`{system}` does not do what it is told")]
    Unheard {
        /// Which.
        system: Name,
    },
    /// A service does not do what it is asked through the operators' door.
    #[error("`{system}` did not do it: {detail}")]
    Refused {
        /// Which.
        system: Name,
        /// What it said.
        detail: String,
    },
    /// The standby site has no copy of the data yet.
    #[error("the standby site of `{system}` has no copy")]
    NoReplica {
        /// Whose.
        system: Name,
    },
    /// The lab has no such system.
    #[error("the lab has no system `{system}`")]
    UnknownSystem {
        /// What was asked for.
        system: String,
    },
    /// There is no such fault.
    #[error("there is no fault `{fault}`")]
    UnknownFault {
        /// What was asked for.
        fault: String,
    },
    /// The fault cannot be made on what this system serves.
    #[error("`{fault}` cannot be made on `{system}`")]
    UnfitFault {
        /// Which fault.
        fault: Name,
        /// On what.
        system: Name,
    },
    /// The fault has no such setting.
    #[error("`{fault}` has no setting `{setting}`")]
    UnknownSetting {
        /// Which fault.
        fault: Name,
        /// What was given.
        setting: String,
    },
    /// The system has no such link.
    #[error("`{system}` has no link to `{to}`")]
    UnknownLink {
        /// Which system.
        system: Name,
        /// What was given.
        to: String,
    },
    /// There is no such operation.
    #[error("there is no operation `{operation}`")]
    UnknownOperation {
        /// What was asked for.
        operation: String,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A database cannot be made.
    #[error("cannot use the database `{}`", path.display())]
    Database {
        /// Its file.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// A nightly copy cannot be sealed.
    #[error("cannot seal `{}`", copy.display())]
    Seal {
        /// The copy.
        copy: PathBuf,
        /// Why.
        #[source]
        source: BackupError,
    },
    /// The data in a folder cannot be read, or is not what it should be.
    #[error("the data in `{}` does not hold: {why}", folder.display())]
    Unsound {
        /// The folder.
        folder: PathBuf,
        /// What was found, in a word of the service's.
        why: String,
    },
    /// The shipped list of practice systems cannot be read.
    #[error("the shipped practice systems cannot be read")]
    Entries {
        /// What is wrong with it.
        #[source]
        source: serde_yaml::Error,
    },
    /// What the keeper said when it could not do something.
    #[error("{}", what.pick(Lang::En))]
    Said {
        /// The error's code.
        code: &'static str,
        /// What is wrong, with its causes.
        what: Text,
        /// What helps.
        help: Option<Text>,
    },
}

const CODES: [&str; 20] = [
    "lab-not-marked",
    "lab-not-up",
    "lab-silent",
    "lab-start",
    "lab-port-in-use",
    "lab-service-failed",
    "lab-not-running",
    "lab-unheard",
    "lab-refused",
    "lab-no-replica",
    "lab-unknown-system",
    "lab-unknown-fault",
    "lab-unfit-fault",
    "lab-unknown-setting",
    "lab-unknown-link",
    "lab-unknown-operation",
    "lab-file",
    "lab-database",
    "lab-seal",
    "lab-unsound",
];

impl LabError {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_owned(), source }
    }

    pub(super) fn database(path: &Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        move |source| Self::Database { path: path.to_owned(), source }
    }

    pub(super) fn said(code: &str, what: Text, help: Option<Text>) -> Self {
        let code = CODES.into_iter().find(|known| *known == code).unwrap_or("lab-silent");
        Self::Said { code, what, help }
    }

    /// The error with its causes, in both languages.
    pub(super) fn words(&self) -> Text {
        let say = |lang: Lang| {
            let mut text = self.message().render(lang);
            let mut next = std::error::Error::source(self);
            while let Some(error) = next {
                text.push_str(": ");
                match error.downcast_ref::<io::Error>() {
                    Some(error) if lang == Lang::Vi => text.push_str(&cause::io(error).render(lang)),
                    _ => text.push_str(&error.to_string()),
                }
                next = error.source();
            }
            text
        };
        Text::Each { vi: Some(say(Lang::Vi)), en: Some(say(Lang::En)) }
    }
}

impl Explain for LabError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotMarked { .. } => "lab-not-marked",
            Self::NotUp { .. } => "lab-not-up",
            Self::Silent { .. } => "lab-silent",
            Self::Start { .. } => "lab-start",
            Self::PortInUse { .. } => "lab-port-in-use",
            Self::ServiceFailed { .. } => "lab-service-failed",
            Self::NotRunning { .. } => "lab-not-running",
            Self::Unheard { .. } => "lab-unheard",
            Self::Refused { .. } => "lab-refused",
            Self::NoReplica { .. } => "lab-no-replica",
            Self::UnknownSystem { .. } => "lab-unknown-system",
            Self::UnknownFault { .. } => "lab-unknown-fault",
            Self::UnfitFault { .. } => "lab-unfit-fault",
            Self::UnknownSetting { .. } => "lab-unknown-setting",
            Self::UnknownLink { .. } => "lab-unknown-link",
            Self::UnknownOperation { .. } => "lab-unknown-operation",
            Self::File { .. } => "lab-file",
            Self::Database { .. } => "lab-database",
            Self::Seal { .. } => "lab-seal",
            Self::Unsound { .. } => "lab-unsound",
            Self::Entries { .. } => "lab-entries",
            Self::Said { code, .. } => code,
        }
    }

    fn message(&self) -> Message {
        let path = |path: &Path| path.display().to_string();
        match self {
            Self::NotMarked { folder } => message!("lab-not-marked", folder = path(folder)),
            Self::NotUp { folder } => message!("lab-not-up", folder = path(folder)),
            Self::Silent { folder, .. } => message!("lab-silent", folder = path(folder)),
            Self::Start { program, .. } => message!("lab-start", program = path(program)),
            Self::PortInUse { system, port } => {
                message!("lab-port-in-use", system = system.as_str(), port = port.to_string())
            }
            Self::ServiceFailed { system, detail } => {
                message!("lab-service-failed", system = system.as_str(), detail = detail.as_str())
            }
            Self::NotRunning { system } => message!("lab-not-running", system = system.as_str()),
            Self::Unheard { system } => message!("lab-unheard", system = system.as_str()),
            Self::Refused { system, detail } => {
                message!("lab-refused", system = system.as_str(), detail = detail.as_str())
            }
            Self::NoReplica { system } => message!("lab-no-replica", system = system.as_str()),
            Self::UnknownSystem { system } => message!("lab-unknown-system", system = system.as_str()),
            Self::UnknownFault { fault } => message!("lab-unknown-fault", fault = fault.as_str()),
            Self::UnfitFault { fault, system } => {
                message!("lab-unfit-fault", fault = fault.as_str(), system = system.as_str())
            }
            Self::UnknownSetting { fault, setting } => {
                message!("lab-unknown-setting", fault = fault.as_str(), setting = setting.as_str())
            }
            Self::UnknownLink { system, to } => {
                message!("lab-unknown-link", system = system.as_str(), to = to.as_str())
            }
            Self::UnknownOperation { operation } => {
                message!("lab-unknown-operation", operation = operation.as_str())
            }
            Self::File { path: file, .. } => message!("lab-file", file = path(file)),
            Self::Database { path: file, .. } => message!("lab-database", file = path(file)),
            Self::Seal { copy, .. } => message!("lab-seal", copy = path(copy)),
            Self::Unsound { folder, why } => message!("lab-unsound", folder = path(folder), why = why.as_str()),
            Self::Entries { .. } => message!("lab-entries"),
            Self::Said { what, .. } => message!("lab-said", what = what.clone()),
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::NotMarked { .. } => Some(message!("lab-not-marked-help")),
            Self::NotUp { .. } => Some(message!("lab-not-up-help")),
            Self::Silent { .. } | Self::ServiceFailed { .. } => Some(message!("lab-log-help")),
            Self::PortInUse { .. } => Some(message!("lab-port-in-use-help")),
            Self::NotRunning { .. } | Self::Refused { .. } => Some(message!("lab-not-running-help")),
            Self::Unheard { .. } => Some(message!("lab-unheard-help")),
            Self::NoReplica { .. } => Some(message!("lab-no-replica-help")),
            Self::UnknownSystem { .. } => Some(message!("lab-unknown-system-help")),
            Self::UnknownFault { .. } | Self::UnfitFault { .. } => {
                Some(message!("lab-faults-help", faults = super::fault::NAMES.join(", ")))
            }
            Self::Said { help: Some(help), .. } => Some(message!("lab-said", what = help.clone())),
            _ => None,
        }
    }
}
