//! The engine on plans of all kinds, without a machine.

mod build;
mod course;
mod crash;
mod incident;
mod modes;
mod order;
mod paper;
mod plans;
mod random;
mod shipped;
mod sim;
mod time;
