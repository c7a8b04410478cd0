//! Whole-program tests: one binary, through the program.

mod shipped;
mod tree;
