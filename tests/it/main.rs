//! Whole-program tests: one binary, through the program.

// Named as test code, so that helpers may unwrap as the tests do (clippy.toml).
#[cfg(test)]
mod action;
#[cfg(test)]
mod after_action;
#[cfg(test)]
mod after_details;
#[cfg(test)]
mod annual;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod backup_status;
#[cfg(test)]
mod backup_steps;
#[cfg(test)]
mod cacao;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod check;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod console;
#[cfg(test)]
mod corrected;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod drill;
#[cfg(test)]
mod due;
#[cfg(test)]
mod due_days;
#[cfg(test)]
mod exercise;
#[cfg(test)]
mod flags;
#[cfg(test)]
mod handed_in;
#[cfg(test)]
mod hangup;
#[cfg(test)]
mod incident;
#[cfg(test)]
mod integrity;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod inventory_table;
#[cfg(test)]
mod issued;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod lab_drill;
#[cfg(test)]
mod lab_faults;
#[cfg(test)]
mod lab_services;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod left_out;
#[cfg(test)]
mod levels;
#[cfg(test)]
mod library;
#[cfg(test)]
mod minutes;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod night;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod office;
#[cfg(test)]
mod orphans;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod paper_consent;
#[cfg(test)]
mod people;
#[cfg(test)]
mod permission;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod playbook;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod prove;
#[cfg(test)]
mod ready;
#[cfg(test)]
mod record;
#[cfg(test)]
mod report;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod run_loop;
#[cfg(test)]
mod said_times;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod seal;
#[cfg(test)]
mod seal_odd;
#[cfg(test)]
mod second;
#[cfg(test)]
mod shift;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod ssh;
mod tasks;
mod texts;
mod tree;
#[cfg(test)]
mod under_load;
#[cfg(test)]
mod verify_backup;
