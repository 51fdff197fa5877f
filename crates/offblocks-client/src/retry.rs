//! Whether another attempt follows.

use http::StatusCode;

/// Decides after each attempt whether another one follows.
///
/// Today it knows one reason: a token from an earlier call that the server rejects although it has
/// not expired (another program replaced the credentials) is renewed, once for each call. A token
/// that was fetched for this very call is not the reason for a 401, so that response stands.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct RetryPolicy {}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The response stands.
    Done,
    /// The token is renewed and the call sent again.
    RenewToken,
}

impl RetryPolicy {
    /// `attempt` counts from one; `cached` says that a token from an earlier call was sent.
    pub(crate) fn judge(self, attempt: u32, cached: bool, status: StatusCode) -> Verdict {
        match (attempt, cached, status) {
            (1, true, StatusCode::UNAUTHORIZED) => Verdict::RenewToken,
            _ => Verdict::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_rejection_of_a_token_renews_it() {
        let cases = [
            (1, true, StatusCode::UNAUTHORIZED, Verdict::RenewToken),
            (2, true, StatusCode::UNAUTHORIZED, Verdict::Done),
            (1, false, StatusCode::UNAUTHORIZED, Verdict::Done),
            (1, true, StatusCode::OK, Verdict::Done),
            (1, true, StatusCode::CONFLICT, Verdict::Done),
            (1, true, StatusCode::INTERNAL_SERVER_ERROR, Verdict::Done),
        ];
        for (attempt, cached, status, expected) in cases {
            let verdict = RetryPolicy::default().judge(attempt, cached, status);
            assert_eq!(
                verdict, expected,
                "attempt {attempt}, cached {cached}, {status}"
            );
        }
    }
}
