//! Plan, fold, next; and the loop that carries out what `next` says.

pub mod answers;
pub mod effect;
pub mod executor;
pub mod next;
pub mod notice;
pub mod plan;
pub mod run_loop;
pub mod state;
#[cfg(test)]
mod tests;
pub mod view;

pub use next::{Context, NoticeWriter, PaperConsent, PaperEntry, PaperProblem, Stated};
pub use plan::{Plan, PlanProblem, PlannedCommand, Request, plan};
pub use run_loop::{EngineError, LoopSetup, Source, begin, run_loop};
pub use state::{State, fold, leading, parts};
