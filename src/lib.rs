//! ungpho ("ứng phó", to respond): runs contingency and incident-response playbooks and keeps the evidence.

pub mod backup;
pub mod engine;
pub mod inventory;
pub mod lab;
pub mod ledger;
pub mod message;
pub mod model;
pub mod playbook;
pub mod policy;
pub mod probe;
pub mod report;
pub mod source;
pub mod step;
pub mod ui;
