//! Plan, fold, next; and the loop that carries out what `next` says.

pub mod effect;
pub mod executor;
pub mod view;
