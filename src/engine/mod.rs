//! Plan, fold, next; and the loop that carries out what `next` says.

pub mod effect;
pub mod executor;
pub mod notice;
pub mod plan;
pub mod state;
pub mod view;

pub use plan::{Plan, PlanProblem, PlannedCommand, Request, plan};
pub use state::{State, fold};
