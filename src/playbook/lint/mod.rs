//! Looks at expressions before a run: every name is there, and values that are put together can go together.

mod check;
mod parse;
mod types;

pub(crate) use check::{Names, Unknown, Wanted, check_expression, check_template};
pub(crate) use parse::{Kind, Tree, parse};
pub(crate) use types::Type;
