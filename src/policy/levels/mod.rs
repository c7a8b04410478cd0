//! Criteria for the levels of systems, as data with citations, and what they say of a system.
//!
//! Every rule is looked at in three-valued logic: it holds, it does not, or the facts do not say yet. *Proved* is the highest
//! level of the rules that hold, *possible* the highest of those that can still hold. It suggests; people approve, and the
//! level that was approved stands apart.

mod book;
mod checks;
mod compute;
mod fact;
mod force;
mod read;
mod rule;
mod shared;
#[cfg(test)]
mod tests;
mod times;

pub use book::{Book, Force, Overridden, decided_before_rules};
pub use checks::{Check, Standing, check, day};
pub use compute::{Mark, Match, Outcome, Question, assess};
pub use fact::{Answers, Fact, Kind, Tri};
pub use force::{InForce, in_force};
pub use read::read_document;
pub use rule::{Appraiser, Approver, Cite, Condition, Effect, Kept, Open, Rule, RuleSet, Step, Test, Time};
pub use shared::shared;
