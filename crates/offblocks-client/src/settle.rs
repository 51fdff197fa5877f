//! Rejections that the call's own success may have caused.
//!
//! An attempt is carried out, its response is lost, and the next attempt is rejected because the
//! work is done already: a card cannot be deactivated twice. The idempotency key may not help: keys are
//! valid for an hour, and a gateway may respond without looking at them. Then the resource shows what
//! happened.

use http::StatusCode;
use reqwest::{Method, Request, Url};

use crate::call::CallOptions;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{
    ACTIVATE_ACCOUNT, ACTIVATE_CARD, ACTIVATE_CUSTOMER, CLOSE_ACCOUNT, DEACTIVATE_ACCOUNT,
    DEACTIVATE_CARD, DEACTIVATE_CUSTOMER, DELETE_CARD, DELETE_WEBHOOK, GET_ACCOUNT, GET_CARD,
    GET_CUSTOMER, GET_WEBHOOK, Operation, SIGN_ACCOUNT_CHALLENGE, SIGN_CUSTOMER_CHALLENGE,
};
use crate::received::RawResponse;

/// Which read shows whether an operation was carried out.
struct Reading {
    operation: &'static Operation,
    read: &'static Operation,
    /// What the resource shows when it was.
    wanted: Wanted,
}

enum Wanted {
    Status(&'static str),
    /// A status other than these.
    StatusBeyond(&'static [&'static str]),
    Gone,
}

const fn reading(
    operation: &'static Operation,
    read: &'static Operation,
    wanted: Wanted,
) -> Reading {
    Reading {
        operation,
        read,
        wanted,
    }
}

/// The operations whose repetition is rejected once they are carried out, by the transitions of the
/// guides ("Customer statuses", "Account statuses", "Card statuses") and the 404 that the contract
/// documents for `deleteWebhook`. Two kinds are not in it: creations, for which the idempotency key decides
/// (the repetition of a creation returns what was created), and the simulator, which responds to a wrong
/// state with 400.
static READINGS: [Reading; 11] = [
    reading(&ACTIVATE_CUSTOMER, &GET_CUSTOMER, Wanted::Status("active")),
    reading(
        &DEACTIVATE_CUSTOMER,
        &GET_CUSTOMER,
        Wanted::Status("inactive"),
    ),
    reading(
        &SIGN_CUSTOMER_CHALLENGE,
        &GET_CUSTOMER,
        Wanted::StatusBeyond(&["initiating"]),
    ),
    reading(&ACTIVATE_ACCOUNT, &GET_ACCOUNT, Wanted::Status("active")),
    reading(
        &DEACTIVATE_ACCOUNT,
        &GET_ACCOUNT,
        Wanted::Status("inactive"),
    ),
    // An account also leaves `initiating` when its validation fails.
    reading(
        &SIGN_ACCOUNT_CHALLENGE,
        &GET_ACCOUNT,
        Wanted::StatusBeyond(&["initiating", "failed"]),
    ),
    reading(&CLOSE_ACCOUNT, &GET_ACCOUNT, Wanted::Status("closed")),
    reading(&ACTIVATE_CARD, &GET_CARD, Wanted::Status("active")),
    reading(&DEACTIVATE_CARD, &GET_CARD, Wanted::Status("inactive")),
    reading(&DELETE_CARD, &GET_CARD, Wanted::Status("terminated")),
    reading(&DELETE_WEBHOOK, &GET_WEBHOOK, Wanted::Gone),
];

/// Decides what a 409 or 404 means after an attempt of unknown outcome. The rejection stands when
/// the resource shows another state. The outcome stays unknown when it cannot be read. `send` sends
/// the reading call.
pub(crate) async fn settle<F>(
    client: &Client,
    operation: &'static Operation,
    url: &Url,
    rejection: RawResponse,
    send: impl FnOnce(CallOptions, Request) -> F,
) -> Result<RawResponse, Error>
where
    F: Future<Output = Result<RawResponse, Error>>,
{
    let reading = READINGS
        .iter()
        .find(|reading| reading.operation == operation);
    let Some(reading) = reading.filter(|_| matches!(rejection.status(), 404 | 409)) else {
        return Ok(rejection);
    };
    if rejection.is_still_running() {
        return Ok(rejection);
    }
    let request = Request::new(Method::GET, resource(url, reading));
    let read = send(CallOptions::new(client, reading.read), request).await;
    match read.and_then(|shown| reading.judge(shown)) {
        Ok(Some(shown)) => Ok(shown.settles(rejection)),
        Ok(None) => Ok(rejection),
        Err(failed) => Err(Error::new(operation, Kind::OutcomeUnknown)
            .with_response(rejection)
            .caused_by(
                "an earlier attempt got no response, this one was rejected, and the resource could \
                 not be read",
                failed,
            )),
    }
}

/// The URL of the resource: the operation's URL without the segments that name the action.
fn resource(url: &Url, reading: &Reading) -> Url {
    let segments = |operation: &Operation| operation.path.matches('/').count();
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        for _ in segments(reading.read)..segments(reading.operation) {
            path.pop();
        }
    }
    url.set_query(None);
    url
}

impl Reading {
    /// The resource, when it shows that the operation was carried out. An error when this cannot be
    /// known.
    fn judge(&self, shown: RawResponse) -> Result<Option<RawResponse>, Error> {
        if shown.is_page() {
            return Err(shown.into_error());
        }
        let found = match (&self.wanted, shown.status_code()) {
            (Wanted::Gone, StatusCode::NOT_FOUND) => true,
            // There is no such resource, so the rejection is right.
            (_, StatusCode::NOT_FOUND) => return Ok(None),
            (Wanted::Gone, status) if status.is_success() => return Ok(None),
            (Wanted::Status(_) | Wanted::StatusBeyond(_), status) if status.is_success() => {
                match (&self.wanted, shown.status_member()) {
                    (Wanted::Status(wanted), Some(status)) => status == *wanted,
                    (Wanted::StatusBeyond(before), Some(status)) => {
                        !before.contains(&status.as_str())
                    }
                    _ => return Err(shown.into_error()),
                }
            }
            _ => return Err(shown.into_error()),
        };
        Ok(found.then_some(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_of_an_action_is_its_path_without_the_action() {
        let cases = [
            (&DEACTIVATE_CARD, "/v1/cards/7/deactivate", "/v1/cards/7"),
            (&DELETE_CARD, "/v1/cards/7", "/v1/cards/7"),
            (
                &SIGN_ACCOUNT_CHALLENGE,
                "/v1/accounts/7/challenge/sign",
                "/v1/accounts/7",
            ),
        ];
        for (operation, path, expected) in cases {
            let reading = READINGS
                .iter()
                .find(|one| one.operation == operation)
                .unwrap();
            let url = Url::parse(&format!("https://api.example{path}?a=b")).unwrap();
            let resource = resource(&url, reading);
            assert_eq!(resource.as_str(), format!("https://api.example{expected}"));
        }
    }

    #[test]
    fn every_documented_conflict_of_a_change_is_settled_and_no_creation_is() {
        for operation in Operation::ALL {
            let documented = operation.method != "GET" && operation.statuses.contains(&409);
            let creates = operation.id.starts_with("create");
            let settled = READINGS.iter().any(|one| one.operation == *operation);
            let by_absence = operation.id == "deleteWebhook";
            assert_eq!(
                settled,
                documented && !creates || by_absence,
                "{}",
                operation.id
            );
        }
    }

    #[test]
    fn a_reading_is_of_the_same_resource() {
        for reading in &READINGS {
            assert!(
                reading.operation.path.starts_with(reading.read.path),
                "{}",
                reading.operation.id
            );
        }
    }
}
