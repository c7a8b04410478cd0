//! Why there is no plan.

use crate::message::{Explain, Message, message};
use crate::model::{Id, Mode, Name};

/// Why a playbook cannot be planned for a run. `step` is the path of the step, empty for the playbook itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    /// An input that has no default is not given.
    #[error("input `{input}` is not given")]
    InputMissing {
        /// The input.
        input: Id,
    },
    /// There is no such input.
    #[error("the playbook has no input `{input}`")]
    InputUnknown {
        /// The path of the call; empty for the run's own inputs.
        step: String,
        /// The input.
        input: Id,
    },
    /// A value does not fit its input.
    #[error("`{value}` is not a value for input `{input}`")]
    InputInvalid {
        /// The path of the call; empty for the run's own inputs.
        step: String,
        /// The input.
        input: Id,
        /// What was given.
        value: String,
    },
    /// A system that is not in the inventory.
    #[error("{step}: no system `{system}`")]
    UnknownSystem {
        /// The step.
        step: String,
        /// The system.
        system: String,
    },
    /// The system has no such operation.
    #[error("{step}: system `{system}` has no operation `{operation}`")]
    UnknownOperation {
        /// The step.
        step: String,
        /// The system.
        system: Name,
        /// The operation.
        operation: Id,
    },
    /// The system has no such host.
    #[error("{step}: no host `{host}`")]
    UnknownHost {
        /// The step.
        step: String,
        /// The host, as written.
        host: String,
    },
    /// The system has no such backup.
    #[error("{step}: system `{system}` has no backup `{backup}`")]
    UnknownBackup {
        /// The step.
        step: String,
        /// The system.
        system: Name,
        /// The backup.
        backup: Name,
    },
    /// The system's entry says nowhere to restore to.
    #[error("{step}: system `{system}` has no place to restore to")]
    NoRestorePlace {
        /// The step.
        step: String,
        /// The system.
        system: Name,
    },
    /// A called playbook is not there.
    #[error("{step}: no playbook `{playbook}`")]
    UnknownPlaybook {
        /// The step.
        step: String,
        /// The playbook.
        playbook: Name,
    },
    /// Playbooks call one another in a circle.
    #[error("{step}: `{playbook}` calls itself: {chain}")]
    CallCycle {
        /// The step.
        step: String,
        /// The playbook.
        playbook: Name,
        /// How.
        chain: String,
    },
    /// A text needs a value that the inputs do not have.
    #[error("{step}: `{name}` is not known")]
    ValueMissing {
        /// The step.
        step: String,
        /// What is named: `inputs.system.endpoints.health`.
        name: String,
    },
    /// What an `each` is to run over is known, and is no list.
    #[error("{step}: `{of}` is not a list")]
    NotAList {
        /// The step.
        step: String,
        /// The expression.
        of: String,
    },
    /// A target cannot be known before the run.
    #[error("{step}: `{name}` is not known before the run")]
    TargetUnknown {
        /// The step.
        step: String,
        /// What is named: `each.host`.
        name: String,
    },
    /// A drill would touch a system in operation.
    #[error("{step}: system `{system}` is in operation")]
    Production {
        /// The step.
        step: String,
        /// The system.
        system: String,
    },
    /// A drill would run a literal command that changes something.
    #[error("{step}: a literal command that changes something")]
    LiteralCommand {
        /// The step.
        step: String,
    },
    /// A drill would restore to a path.
    #[error("{step}: restores to a path")]
    RestoreToPath {
        /// The step.
        step: String,
    },
    /// Nobody is there to decide.
    #[error("{step}: nobody decides and there is no default")]
    NobodyDecides {
        /// The step.
        step: String,
    },
    /// Nobody is there to consent.
    #[error("a run of mode `{}` needs somebody to consent", mode.word())]
    NobodyConsents {
        /// The mode.
        mode: Mode,
    },
    /// The lab is for technical drills.
    #[error("the lab is for technical drills")]
    LabMode,
    /// The lab cannot make the fault.
    #[error("{step}: the lab cannot make `{kind}`")]
    FaultNotMade {
        /// The step.
        step: String,
        /// The fault.
        kind: Name,
    },
    /// A secret would be seen in the list of processes of a machine.
    #[error("{step}: a secret in the environment of a command on another machine")]
    SecretOverSsh {
        /// The step.
        step: String,
    },
    /// A container cannot be tried again as a whole.
    #[error("{step}: `retry` belongs to the steps inside")]
    RetryContainer {
        /// The step.
        step: String,
    },
    /// The undo of a step is one action, not steps.
    #[error("{step}: an undo is one action")]
    UndoContainer {
        /// The step.
        step: String,
    },
    /// More steps than a plan may have.
    #[error("more than {limit} steps")]
    TooManySteps {
        /// How many there may be.
        limit: usize,
    },
    /// An expression cannot be worked out.
    #[error("{step}: `{expression}` cannot be worked out")]
    Expression {
        /// The step.
        step: String,
        /// The expression.
        expression: String,
        /// Why.
        #[source]
        fault: crate::playbook::expression::Fault,
    },
}

impl PlanProblem {
    /// The path of the step it is about; empty for the playbook itself.
    #[must_use]
    pub fn step(&self) -> &str {
        match self {
            Self::InputMissing { .. } | Self::NobodyConsents { .. } | Self::LabMode | Self::TooManySteps { .. } => "",
            Self::InputUnknown { step, .. }
            | Self::InputInvalid { step, .. }
            | Self::UnknownSystem { step, .. }
            | Self::UnknownOperation { step, .. }
            | Self::UnknownHost { step, .. }
            | Self::UnknownBackup { step, .. }
            | Self::NoRestorePlace { step, .. }
            | Self::UnknownPlaybook { step, .. }
            | Self::CallCycle { step, .. }
            | Self::ValueMissing { step, .. }
            | Self::NotAList { step, .. }
            | Self::TargetUnknown { step, .. }
            | Self::Production { step, .. }
            | Self::LiteralCommand { step }
            | Self::RestoreToPath { step }
            | Self::NobodyDecides { step }
            | Self::SecretOverSsh { step }
            | Self::FaultNotMade { step, .. }
            | Self::RetryContainer { step }
            | Self::UndoContainer { step }
            | Self::Expression { step, .. } => step,
        }
    }
}

impl Explain for PlanProblem {
    fn code(&self) -> &'static str {
        match self {
            Self::InputMissing { .. } => "input-missing",
            Self::InputUnknown { .. } => "input-unknown",
            Self::InputInvalid { .. } => "input-invalid",
            Self::UnknownSystem { .. } => "unknown-system",
            Self::UnknownOperation { .. } => "unknown-operation",
            Self::UnknownHost { .. } => "unknown-host",
            Self::UnknownBackup { .. } => "unknown-backup",
            Self::NoRestorePlace { .. } => "no-restore-place",
            Self::UnknownPlaybook { .. } => "unknown-playbook",
            Self::CallCycle { .. } => "call-cycle",
            Self::ValueMissing { .. } => "value-missing",
            Self::NotAList { .. } => "not-a-list",
            Self::TargetUnknown { .. } => "target-unknown",
            Self::Production { .. } => "target-production",
            Self::LiteralCommand { .. } => "drill-literal-command",
            Self::RestoreToPath { .. } => "drill-restore-path",
            Self::NobodyDecides { .. } => "nobody-decides",
            Self::NobodyConsents { .. } => "nobody-consents",
            Self::LabMode => "lab-mode",
            Self::SecretOverSsh { .. } => "secret-over-ssh",
            Self::FaultNotMade { .. } => "fault-not-made",
            Self::RetryContainer { .. } => "retry-container",
            Self::UndoContainer { .. } => "undo-container",
            Self::TooManySteps { .. } => "too-many-steps",
            Self::Expression { .. } => "expression-fault",
        }
    }

    fn message(&self) -> Message {
        let step = self.step();
        match self {
            Self::InputMissing { input } => message!("engine-plan-input-missing", input = input.as_str()),
            Self::InputUnknown { input, .. } if step.is_empty() => {
                message!("engine-plan-input-not-there", input = input.as_str())
            }
            Self::InputInvalid { input, value, .. } if step.is_empty() => {
                message!("engine-plan-input-unfit", input = input.as_str(), value = value.as_str())
            }
            Self::InputUnknown { input, .. } => {
                message!("engine-plan-input-unknown", step = step, input = input.as_str())
            }
            Self::InputInvalid { input, value, .. } => {
                message!("engine-plan-input-invalid", step = step, input = input.as_str(), value = value.as_str())
            }
            Self::UnknownSystem { system, .. } => {
                message!("engine-plan-unknown-system", step = step, system = system.as_str())
            }
            Self::UnknownOperation { system, operation, .. } => message!(
                "engine-plan-unknown-operation",
                step = step,
                system = system.as_str(),
                operation = operation.as_str()
            ),
            Self::UnknownHost { host, .. } => message!("engine-plan-unknown-host", step = step, host = host.as_str()),
            Self::UnknownBackup { system, backup, .. } => {
                message!("engine-plan-unknown-backup", step = step, system = system.as_str(), backup = backup.as_str())
            }
            Self::NoRestorePlace { system, .. } => {
                message!("engine-plan-no-restore-place", step = step, system = system.as_str())
            }
            Self::UnknownPlaybook { playbook, .. } => {
                message!("engine-plan-unknown-playbook", step = step, playbook = playbook.as_str())
            }
            Self::CallCycle { chain, .. } => message!("engine-plan-call-cycle", step = step, chain = chain.as_str()),
            Self::ValueMissing { name, .. } => {
                message!("engine-plan-value-missing", step = step, name = name.as_str())
            }
            Self::NotAList { of, .. } => message!("engine-plan-not-a-list", step = step, of = of.as_str()),
            Self::TargetUnknown { name, .. } => {
                message!("engine-plan-target-unknown", step = step, name = name.as_str())
            }
            Self::Production { system, .. } => {
                message!("engine-plan-production", step = step, system = system.as_str())
            }
            Self::LiteralCommand { .. } => message!("engine-plan-literal-command", step = step),
            Self::RestoreToPath { .. } => message!("engine-plan-restore-path", step = step),
            Self::NobodyDecides { .. } => message!("engine-plan-nobody-decides", step = step),
            Self::NobodyConsents { mode } => message!("engine-plan-nobody-consents", mode = mode.word()),
            Self::LabMode => message!("engine-plan-lab-mode"),
            Self::SecretOverSsh { .. } => message!("engine-plan-secret-over-ssh", step = step),
            Self::FaultNotMade { kind, .. } => {
                message!("engine-plan-fault-not-made", step = step, kind = kind.as_str())
            }
            Self::RetryContainer { .. } => message!("engine-plan-retry-container", step = step),
            Self::UndoContainer { .. } => message!("engine-plan-undo-container", step = step),
            Self::TooManySteps { limit } => message!("engine-plan-too-many-steps", limit = *limit),
            Self::Expression { expression, .. } => {
                message!("engine-plan-expression", step = step, expression = expression.as_str())
            }
        }
    }

    fn help(&self) -> Option<Message> {
        match self {
            Self::InputMissing { input } => Some(message!("engine-plan-input-missing-help", input = input.as_str())),
            Self::Production { .. } => Some(message!("engine-plan-production-help")),
            Self::LiteralCommand { .. } => Some(message!("engine-plan-literal-command-help")),
            Self::RestoreToPath { .. } => Some(message!("engine-plan-restore-path-help")),
            Self::NobodyDecides { .. } => Some(message!("engine-plan-nobody-decides-help")),
            Self::FaultNotMade { .. } => Some(message!("engine-plan-fault-not-made-help")),
            Self::ValueMissing { .. } => Some(message!("engine-plan-value-missing-help")),
            _ => None,
        }
    }
}
