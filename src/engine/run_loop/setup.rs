//! What a loop is given.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::answers::Answers;
use crate::engine::effect::FaultMaker;
use crate::engine::executor::Surroundings;
use crate::engine::{NoticeWriter, Plan};
use crate::message::Message;
use crate::model::{Clock, Hold, Journal, Lang, Notes, Objects, RunId};

/// Which signals a loop hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// None: they do what they do to any process.
    Unheard,
    /// SIGINT and SIGTERM pause the run, and stop it where they come again. SIGHUP is passed over: a loop without a terminal
    /// has none to lose.
    Detached,
    /// The same; and SIGHUP pauses as well: the terminal is gone, and with it whoever could answer.
    Foreground,
}

/// All that a loop needs.
pub struct LoopSetup {
    /// The run; it has begun.
    pub run: RunId,
    /// The plan that leads it.
    pub plan: Arc<Plan>,
    /// The record that switched to that plan; 0 where it is the one that the run began with.
    pub part: u64,
    /// The ledger.
    pub journal: Arc<dyn Journal>,
    /// The ledger's objects.
    pub objects: Arc<dyn Objects>,
    /// The ledger's keys: they sign seals and judge who signed them.
    pub notes: Arc<dyn Notes>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The ledger's spool; the run has a folder in it.
    pub spool: PathBuf,
    /// Where relative paths of commands and backups begin.
    pub workspace: PathBuf,
    /// Where trial restores go.
    pub scratch: PathBuf,
    /// This program: it guards the output of commands should the loop be killed.
    pub program: Option<PathBuf>,
    /// What commands find of the environment.
    pub surroundings: Surroundings,
    /// Makes faults; only with `--lab`.
    pub faults: Option<Arc<dyn FaultMaker>>,
    /// Secrets by name.
    pub secrets: BTreeMap<String, String>,
    /// Writes the texts of notices.
    pub notices: Option<Arc<NoticeWriter>>,
    /// Answers from a file, where people are scripted.
    pub answers: Option<Answers>,
    /// The language of the details that are kept.
    pub lang: Lang,
    /// Which signals it hears.
    pub signals: Signals,
    /// Tells whoever sits in front of the loop what they should know.
    pub tell: Box<dyn Fn(&Message) + Send>,
    /// The lock on `ledger/loops/<RUN>`, held until the loop is over.
    pub lock: Arc<dyn Hold>,
}
