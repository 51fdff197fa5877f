//! Authorisations: the amounts that merchants hold on a card, and how they end.

use std::fmt;

use offblocks_client::Error;
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    Authorisation, AuthorisationId, AuthorisationStatus, Card, SimulateCardAuthorisationRequest,
};

use crate::connection::Connection;
use crate::error::{AuthoriseError, CaptureError, MoveFailure, RejectedBy, RejectedMove};
use crate::polling::PollingPolicy;
use crate::rules::{Actor, AuthorisationMove, AuthorisationState, CardState, Lifecycle as _};
use crate::simulator;
use crate::waiting::{self, Events, Surroundings};

/// A handle of an authorisation, with which it can be followed.
#[derive(Clone)]
pub struct CardAuthorisation {
    connection: Connection,
    authorisation: Authorisation,
}

impl CardAuthorisation {
    pub(crate) fn new(connection: Connection, authorisation: Authorisation) -> Self {
        Self {
            connection,
            authorisation,
        }
    }

    /// The authorisation as it was seen last.
    #[must_use]
    pub fn authorisation(&self) -> &Authorisation {
        &self.authorisation
    }

    /// The authorisation without its handle.
    #[must_use]
    pub fn into_authorisation(self) -> Authorisation {
        self.authorisation
    }

    /// The authorisation's id.
    #[must_use]
    pub fn id(&self) -> AuthorisationId {
        self.authorisation.id
    }

    /// The authorisation's status as the server named it last.
    #[must_use]
    pub fn status(&self) -> &AuthorisationStatus {
        &self.authorisation.status
    }

    /// The authorisation's state; `None` when this version does not know it.
    #[must_use]
    pub fn state(&self) -> Option<AuthorisationState> {
        AuthorisationState::try_from(self.status()).ok()
    }

    /// The authorisation as it is now.
    ///
    /// # Errors
    /// When the call fails.
    pub async fn refresh(&self) -> Result<Self, Error> {
        let connection = self.connection.clone();
        let authorisation = connection.fetch_authorisation(self.id()).await?;
        Ok(Self::new(connection, authorisation))
    }

    /// Has the merchant capture the amount (`PATCH /simulator/authorisations/{authorisationId}/capture`,
    /// sandbox only). The capture ends a moment later: see
    /// [`wait_until_captured`](Self::wait_until_captured).
    ///
    /// # Errors
    /// When the authorisation is not pending, or the call fails. If it is known here that it is not
    /// pending, nothing is sent.
    pub async fn simulate_capture(&self) -> Result<(), MoveFailure<AuthorisationState>> {
        self.allowed(AuthorisationMove::Capture)?;
        let call = self
            .connection
            .client()
            .simulate_card_authorisation_capture(self.id());
        let result = call.send().await.map(drop);
        self.simulated(AuthorisationMove::Capture, result).await
    }

    /// Has the merchant release the hold
    /// (`PATCH /simulator/authorisations/{authorisationId}/release`, sandbox only).
    ///
    /// # Errors
    /// When the authorisation is not pending, or the call fails. If it is known here that it is not
    /// pending, nothing is sent.
    pub async fn simulate_release(&self) -> Result<(), MoveFailure<AuthorisationState>> {
        self.allowed(AuthorisationMove::Release)?;
        let call = self
            .connection
            .client()
            .simulate_card_authorisation_release(self.id());
        let result = call.send().await.map(drop);
        self.simulated(AuthorisationMove::Release, result).await
    }

    /// Waits until the authorisation is captured, by the polling policy of [`Cards`](crate::Cards).
    ///
    /// # Errors
    /// When it is released instead, is not captured before the deadline, or a call fails with
    /// an error that is not retryable.
    pub async fn wait_until_captured(self) -> Result<Self, CaptureError> {
        let policy = self.connection.polling_policy();
        self.wait_until_captured_with(policy).await
    }

    /// Waits until the authorisation is captured, by this policy.
    ///
    /// # Errors
    /// As [`wait_until_captured`](Self::wait_until_captured).
    pub async fn wait_until_captured_with(
        self,
        policy: PollingPolicy,
    ) -> Result<Self, CaptureError> {
        let (connection, id) = (self.connection.clone(), self.id());
        let surroundings = Surroundings::of(&connection, policy);
        let poll = || connection.fetch_authorisation(id);
        let settled = |seen: &Authorisation| outcome(&seen.status).is_some();
        let last = waiting::watch(surroundings, id, poll, settled, Events::default()).await?;
        let last = Self::new(connection.clone(), last);
        match outcome(last.status()) {
            Some(AuthorisationState::Captured) => Ok(last),
            Some(state) => Err(CaptureError::NotCapturable { state }),
            None => Err(CaptureError::Deadline {
                status: last.status().to_string(),
                waited: policy.timeout,
            }),
        }
    }

    /// Checks the move by the rules, before any call.
    fn allowed(&self, cause: AuthorisationMove) -> Result<(), MoveFailure<AuthorisationState>> {
        let state = AuthorisationState::try_from(self.status());
        let state = state.map_err(|unknown| MoveFailure::UnknownState {
            status: unknown.name,
        })?;
        match state.after(cause, Actor::Simulator) {
            Ok(_) => Ok(()),
            Err(rejection) => Err(RejectedMove::by_rules(rejection).into()),
        }
    }

    async fn simulated(
        &self,
        cause: AuthorisationMove,
        result: Result<(), Error>,
    ) -> Result<(), MoveFailure<AuthorisationState>> {
        let state = async { self.refresh().await.ok()?.state() };
        simulator::outcome(cause, result, state).await
    }
}

impl PartialEq for CardAuthorisation {
    fn eq(&self, other: &Self) -> bool {
        self.authorisation == other.authorisation
    }
}

impl Eq for CardAuthorisation {}

impl fmt::Debug for CardAuthorisation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Authorisation { id, status, .. } = &self.authorisation;
        write!(formatter, "CardAuthorisation({id}, {status})")
    }
}

/// The state, when the wait is over: captured, or a state from which captured cannot be
/// reached.
fn outcome(status: &AuthorisationStatus) -> Option<AuthorisationState> {
    use AuthorisationState::Captured;
    let state = AuthorisationState::try_from(status).ok();
    state.filter(|state| *state == Captured || !state.can_become(Captured))
}

/// Has a merchant request an authorisation, if the card takes payments.
pub(crate) async fn authorise(
    connection: &Connection,
    card: &Card,
    request: SimulateCardAuthorisationRequest,
    key: Option<Uuid>,
) -> Result<CardAuthorisation, AuthoriseError> {
    check_active(card, RejectedBy::Rules)?;
    let mut call = connection
        .client()
        .simulate_card_authorisation(card.id, request);
    if let Some(key) = key {
        call = call.idempotency_key(key);
    }
    match call.send().await {
        Ok(made) => Ok(CardAuthorisation::new(
            connection.clone(),
            made.into_inner(),
        )),
        Err(rejected) if rejected.is_bad_request() || rejected.is_conflict() => {
            // A card that is not active is one reason for a 400. The state shows whether it was this one.
            if let Ok(fresh) = connection.fetch_card(card.id).await {
                check_active(&fresh, RejectedBy::Server)?;
            }
            Err(rejected.into())
        }
        Err(failed) => Err(failed.into()),
    }
}

fn check_active(card: &Card, by: RejectedBy) -> Result<(), AuthoriseError> {
    match CardState::try_from(&card.status) {
        Ok(state) if state.authorises() => Ok(()),
        Ok(state) => Err(AuthoriseError::NotActive { state, by }),
        Err(unknown) => Err(AuthoriseError::UnknownState {
            status: unknown.name,
        }),
    }
}
