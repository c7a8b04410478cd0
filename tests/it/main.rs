//! Whole-program tests: one binary, through the program.

// Named as test code, so that helpers may unwrap as the tests do (clippy.toml).
#[cfg(test)]
mod check;
#[cfg(test)]
mod console;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod drill;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod lab_drill;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod playbook;
#[cfg(test)]
mod ready;
#[cfg(test)]
mod report;
#[cfg(test)]
mod run_loop;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod ssh;
mod texts;
mod tree;
