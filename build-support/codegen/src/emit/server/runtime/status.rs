//! Statuses that the contract documents as a range.

use http::StatusCode;

/// A status of one class: `StatusIn<4>` holds what the contract documents as `4XX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusIn<const CLASS: u16>(StatusCode);

impl<const CLASS: u16> StatusIn<CLASS> {
    /// The status itself.
    #[must_use]
    pub fn get(self) -> StatusCode {
        self.0
    }
}

impl<const CLASS: u16> TryFrom<StatusCode> for StatusIn<CLASS> {
    type Error = StatusCode;

    /// Fails with the status when it is of another class.
    fn try_from(status: StatusCode) -> Result<Self, StatusCode> {
        if status.as_u16() / 100 == CLASS {
            Ok(Self(status))
        } else {
            Err(status)
        }
    }
}
