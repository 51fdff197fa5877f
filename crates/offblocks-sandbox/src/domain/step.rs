//! The kinds of steps, and when they happen.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An automatic step of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// A customer passes screening: `screening` → `verifying`.
    PassScreening,
    /// An account is deployed on chain: `pending` → `active`.
    DeployAccount,
    /// A card is issued and activated: `issuing` → `active`.
    IssueCard,
    /// Issuing is given up: `issuing` → `issue_failed`.
    FailCard,
    /// Capture begins: `pending` → `capturing`.
    Capture,
    /// Capture ends: `capturing` → `captured`, and a transaction is created.
    FinishCapture,
    /// Release ends: `releasing` → `released`.
    FinishRelease,
    /// A transaction settles on chain: `processing` → `processed`.
    ProcessTransaction,
    /// A reversal ends: `reversing` → `reversed`.
    FinishReversal,
}

/// When steps of one kind happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepRule {
    /// After this time, by the sandbox's clock; by the next call where it is zero.
    After(Duration),
    /// When the control plane runs them ([`Sandbox::run_step`](crate::Sandbox::run_step)).
    Manual,
}

/// The text is not the name of a step that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not the name of a step: they are listed in `Step`")]
#[non_exhaustive]
pub struct UnknownStep;

impl Step {
    /// Every kind of step.
    pub const ALL: [Self; 9] = [
        Self::PassScreening,
        Self::DeployAccount,
        Self::IssueCard,
        Self::FailCard,
        Self::Capture,
        Self::FinishCapture,
        Self::FinishRelease,
        Self::ProcessTransaction,
        Self::FinishReversal,
    ];

    /// Its name, as the contract of the control plane spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PassScreening => "pass_screening",
            Self::DeployAccount => "deploy_account",
            Self::IssueCard => "issue_card",
            Self::FailCard => "fail_card",
            Self::Capture => "capture",
            Self::FinishCapture => "finish_capture",
            Self::FinishRelease => "finish_release",
            Self::ProcessTransaction => "process_transaction",
            Self::FinishReversal => "finish_reversal",
        }
    }
}

impl FromStr for Step {
    type Err = UnknownStep;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|step| step.as_str() == text)
            .ok_or(UnknownStep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_read_back_from_its_name() {
        for step in Step::ALL {
            assert_eq!(step.as_str().parse::<Step>().ok(), Some(step));
        }
    }
}
