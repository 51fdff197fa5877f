//! Why an operation of the control plane was not carried out, as the contract documents it.

use offblocks_server::Problem;

use crate::clock_control::ClockError;
use crate::control_error::ControlError;
use crate::delivery_control::ResendError;
use crate::outage;
use crate::store::StoreError;

/// Makes `?` work on the library's errors in the operations with these rejections.
macro_rules! rejections {
    ($($rejection:ident),+ $(,)?) => {
        $($crate::control::rejection::rejections!(
            @ $rejection:
            $crate::control::rejection::Rejected,
            $crate::control_error::ControlError,
            $crate::clock_control::ClockError,
            $crate::delivery_control::ResendError,
            $crate::store::StoreError,
        );)+
    };
    (@ $rejection:ident: $($error:path),+ $(,)?) => {
        $(
            impl From<$error> for $rejection {
                fn from(error: $error) -> Self {
                    let rejected: $crate::control::rejection::Rejected = error.into();
                    Self::from_problem(rejected.0)
                        .unwrap_or_else(|_| unreachable!("every operation documents `default`"))
                }
            }
        )+
    };
}

pub(super) use rejections;

/// A problem on its way into an operation's rejection.
pub(super) struct Rejected(pub(super) Problem);

impl Rejected {
    /// 400 with what is wrong.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self(Problem::bad_request(reason))
    }

    /// 500. The reason goes to the log.
    pub(super) fn failed(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "the control plane cannot do what was asked");
        Self(Problem::internal())
    }

    /// 404 with what was looked for.
    pub(super) fn missing(reason: impl Into<String>) -> Self {
        Self(Problem::not_found(reason))
    }
}

impl From<ControlError> for Rejected {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Invalid(reason) => Self::invalid(reason),
            ControlError::Unknown(reason) => Self::missing(reason),
            ControlError::Conflict(reason) => Self(Problem::conflict(reason)),
            ControlError::Store(error) => error.into(),
        }
    }
}

impl From<ClockError> for Rejected {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::Backwards { .. } | ClockError::Stopped { .. } => {
                Self(Problem::conflict(error.to_string()))
            }
            ClockError::Interrupted { error: ref why, .. } => {
                Self(outage::of(why).with_detail(error.to_string()))
            }
            ClockError::Store(error) => error.into(),
            _ => Self::invalid(error.to_string()),
        }
    }
}

impl From<ResendError> for Rejected {
    fn from(error: ResendError) -> Self {
        match error {
            ResendError::Unknown(_) => Self::missing(error.to_string()),
            ResendError::Unsubscribed(_) => Self(Problem::conflict(error.to_string())),
            ResendError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Rejected {
    fn from(error: StoreError) -> Self {
        error.log("the database failed");
        Self(outage::of(&error))
    }
}
