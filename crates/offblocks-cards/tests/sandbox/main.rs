//! Cards against the real sandbox over HTTP.

#![cfg(feature = "wallet")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[cfg(feature = "bulk")]
mod bulk;
#[cfg(feature = "bulk-postgres")]
mod bulk_postgres;
mod faults;
mod readme;
mod stage;
mod waiting;

use std::time::Duration;

use offblocks_cards::rules::{
    AuthorisationState, CardMove, CardState, Lifecycle, TransactionState,
};
use offblocks_cards::{
    AnyCard, AuthoriseError, CaptureError, IssuanceError, MoveFailure, OrderError, PollingPolicy,
    RejectedBy, RejectedMove,
};
use offblocks_types::{
    CardStatus, Decimal, SimulateCardAuthorisationRequest, TransactionDirection,
};
use stage::{Stage, virtual_card};

fn purchase(capture: bool) -> SimulateCardAuthorisationRequest {
    SimulateCardAuthorisationRequest::new("20.0".parse::<Decimal>().unwrap(), "EUR", capture)
}

fn rejected<S: Lifecycle>(failure: &MoveFailure<S>) -> &RejectedMove<S> {
    match failure {
        MoveFailure::Rejected(rejected) => rejected,
        other => panic!("rejected is expected, not: {other}"),
    }
}

#[tokio::test]
async fn a_card_is_issued_used_and_terminated() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    assert_eq!(*pending.status(), CardStatus::Issuing);
    pending.simulate_issue().await.unwrap();
    let card = pending.wait_until_active().await.unwrap();
    assert_eq!(card.account_id(), stage.account);
    assert!(card.card().masked_pan.is_some());

    let card = card.deactivate().await.unwrap().activate().await.unwrap();
    let authorisation = card.simulate_authorisation(purchase(true)).await.unwrap();
    assert_eq!(authorisation.state(), Some(AuthorisationState::Pending));
    let captured = authorisation.wait_until_captured().await.unwrap();
    assert_eq!(captured.authorisation().amount, Decimal::from(20));

    let transactions = card.transactions().await.unwrap();
    assert_eq!(transactions.len(), 1);
    assert_eq!(transactions[0].direction, TransactionDirection::Debit);
    assert_eq!(transactions[0].authorisation_id, Some(captured.id()));
    assert!(TransactionState::try_from(&transactions[0].status).is_ok());

    let terminated = card.terminate().await.unwrap();
    let fresh = terminated.refresh().await.unwrap();
    assert_eq!(fresh.state(), Some(CardState::Terminated));
    assert_eq!(terminated.transactions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn waiting_ends_at_its_deadline_and_can_go_on() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let policy = PollingPolicy::default().with_timeout(Duration::from_secs(2));
    let error = pending.wait_until_active_with(policy).await.unwrap_err();
    let IssuanceError::Deadline { card, waited } = error else {
        panic!("the deadline is expected, not: {error}");
    };
    assert_eq!(waited, Duration::from_secs(2));
    let AnyCard::Issuing(pending) = *card else {
        panic!("the card is still being issued, not {card:?}");
    };
    pending.simulate_issue().await.unwrap();
    pending.wait_until_active().await.unwrap();
}

#[tokio::test]
async fn a_card_that_cannot_be_issued_is_an_error_of_its_own() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    pending.simulate_failure().await.unwrap();
    let error = pending.wait_until_active().await.unwrap_err();
    assert!(matches!(error, IssuanceError::Failed(_)), "{error}");
    assert!(
        error
            .to_string()
            .contains("customer and account are active"),
        "{error}"
    );
}

#[tokio::test]
async fn a_card_without_an_active_customer_fails_by_itself() {
    let stage = Stage::new().await;
    let client = stage.cards.client();
    client
        .deactivate_customer(stage.customer)
        .send()
        .await
        .unwrap();
    let error = stage.pending().await.wait_until_active().await.unwrap_err();
    assert!(matches!(error, IssuanceError::Failed(_)), "{error}");
}

#[tokio::test]
async fn a_card_that_has_gone_on_is_handed_out_as_it_is() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    pending.simulate_issue().await.unwrap();
    let card = pending.clone().wait_until_active().await.unwrap();
    card.deactivate().await.unwrap();
    let error = pending.wait_until_active().await.unwrap_err();
    let IssuanceError::UnexpectedState(card) = error else {
        panic!("an inactive card is expected, not: {error}");
    };
    assert!(matches!(*card, AnyCard::Inactive(_)), "{card:?}");
}

#[tokio::test]
async fn a_conflict_becomes_the_rejection_with_the_fresh_state() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let stale = card.clone();
    card.terminate().await.unwrap();
    let error = stale.deactivate().await.unwrap_err();
    let rejected = rejected(&error.failure);
    assert_eq!(rejected.by, RejectedBy::Server);
    assert_eq!(rejected.rejection.state, CardState::Terminated);
    assert_eq!(rejected.rejection.cause, CardMove::Deactivate);
    assert!(!rejected.state_allows());
    assert!(
        matches!(*error.card, AnyCard::Terminated(_)),
        "{:?}",
        error.card
    );
    let expected = "the server rejected the move: a terminated card cannot be deactivated: terminated is a \
                    final state";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert!(
        rejected.server_message.is_some(),
        "the sandbox gives its reasons"
    );

    // Known at run time now, so the next attempt is not even sent.
    let error = error.card.activate().await.unwrap_err();
    assert_eq!(self::rejected(&error.failure).by, RejectedBy::Rules);
}

#[tokio::test]
async fn another_condition_is_reported_in_the_servers_words() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let client = stage.cards.client();
    client
        .deactivate_account(stage.account)
        .send()
        .await
        .unwrap();
    let AnyCard::Inactive(card) = card.refresh().await.unwrap() else {
        panic!("the cards of an inactive account are inactive");
    };
    let error = card.activate().await.unwrap_err();
    let rejected = rejected(&error.failure);
    assert!(rejected.state_allows(), "only its account prevents it");
    assert!(error.to_string().contains("account"), "{error}");
}

#[tokio::test]
async fn what_the_simulator_rejects_is_explained_by_the_state() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    pending.simulate_issue().await.unwrap();
    let card = pending.clone().wait_until_active().await.unwrap();
    let failure = pending.simulate_issue().await.unwrap_err();
    assert_eq!(rejected(&failure).rejection.state, CardState::Active);

    let stale = card.clone();
    card.deactivate().await.unwrap();
    let error = stale
        .simulate_authorisation(purchase(false))
        .await
        .unwrap_err();
    let (state, by) = match error {
        AuthoriseError::NotActive { state, by } => (state, by),
        other => panic!("not active is expected, not: {other}"),
    };
    assert_eq!((state, by), (CardState::Inactive, RejectedBy::Server));
}

#[tokio::test]
async fn authorisations_are_captured_or_released_once() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let held = card.simulate_authorisation(purchase(false)).await.unwrap();
    held.simulate_capture().await.unwrap();
    let captured = held.wait_until_captured().await.unwrap();
    let failure = captured.simulate_release().await.unwrap_err();
    assert_eq!(rejected(&failure).by, RejectedBy::Rules);

    let held = card.simulate_authorisation(purchase(false)).await.unwrap();
    held.simulate_release().await.unwrap();
    let failure = held.simulate_capture().await.unwrap_err();
    assert_eq!(rejected(&failure).by, RejectedBy::Server);
    let error = held.wait_until_captured().await.unwrap_err();
    assert!(
        matches!(error, CaptureError::NotCapturable { .. }),
        "{error}"
    );
    assert_eq!(
        card.transactions().await.unwrap().len(),
        1,
        "a release makes no transaction"
    );
}

#[tokio::test]
async fn an_authorisation_that_is_not_captured_meets_its_deadline() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let held = card.simulate_authorisation(purchase(false)).await.unwrap();
    let error = held.wait_until_captured().await.unwrap_err();
    assert!(matches!(error, CaptureError::Deadline { .. }), "{error}");
    assert!(
        error.to_string().contains("still pending after 120s"),
        "{error}"
    );
}

#[tokio::test]
async fn cards_are_found_again() {
    let stage = Stage::new().await;
    let card = stage.active().await;
    let found = stage.cards.get(card.id()).await.unwrap();
    assert_eq!(found.card(), card.card());
    assert_eq!(
        stage.cards.list().await.unwrap(),
        std::slice::from_ref(&found)
    );
    assert_eq!(
        stage.cards.of_account(stage.account).await.unwrap(),
        [found]
    );

    let error = stage
        .cards
        .issue(stage.account, virtual_card())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, OrderError::Call(call) if call.is_bad_request()),
        "{error}"
    );
}
