//! Rule packs: what ships in `policies/`, and what a unit adds or puts in its place.

mod tasks;

pub use tasks::{Plan, SHIPPED};
