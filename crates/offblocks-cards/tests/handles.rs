//! What handles reject before anything is sent. No server listens at the client's address, so a
//! call would fail with an error of its own.

#![cfg(feature = "client")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use offblocks_cards::rules::{Actor, CardMove, CardOrderRejection, CardState, Lifecycle as _};
use offblocks_cards::{
    AnyCard, AuthoriseError, CardAuthorisation, Cards, MoveError, MoveFailure, OrderError,
    RejectedBy,
};
use offblocks_client::Client;
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    AccountId, Address, Card, CardId, CardStatus, CardType, CreateAccountCardRequest, Decimal,
    SimulateCardAuthorisationRequest,
};

fn cards() -> Cards {
    let client = Client::builder()
        .base_url("http://127.0.0.1:1/v1")
        .build()
        .unwrap();
    Cards::new(client)
}

fn card(status: CardStatus) -> AnyCard {
    let (id, account) = (CardId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
    let then = DateTime::<Utc>::UNIX_EPOCH;
    cards().handle(Card::new(
        id,
        account,
        CardType::Virtual,
        status,
        then,
        then,
    ))
}

async fn moved(card: AnyCard, cause: CardMove) -> Result<(), MoveError> {
    match cause {
        CardMove::Activate => card.activate().await.map(drop),
        CardMove::Deactivate => card.deactivate().await.map(drop),
        _ => card.terminate().await.map(drop),
    }
}

#[tokio::test]
async fn moves_the_table_forbids_are_rejected_before_any_call() {
    for cause in [
        CardMove::Activate,
        CardMove::Deactivate,
        CardMove::Terminate,
    ] {
        for state in CardState::ALL.iter().copied() {
            let error = moved(card(state.into()), cause).await.unwrap_err();
            assert_eq!(error.card.state(), Some(state), "the error keeps the card");
            match (&error.failure, state.after(cause, Actor::Programme)) {
                (MoveFailure::Rejected(rejected), Err(rejection)) => {
                    assert_eq!(
                        (rejected.by, rejected.rejection),
                        (RejectedBy::Rules, rejection)
                    );
                }
                (MoveFailure::Call(_), Ok(_)) => {}
                (failure, rules) => panic!("{state}, {cause}: {failure}, but {rules:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_state_of_a_later_day_is_not_guessed_at() {
    let error = card(CardStatus::from("frozen"))
        .deactivate()
        .await
        .unwrap_err();
    let expected =
        "the card is \"frozen\", a state this version does not know; install a newer version";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn physical_cards_are_rejected_with_the_reason() {
    let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
    let order = CreateAccountCardRequest::new(CardType::Physical, address);
    let account = AccountId(Uuid::from_u128(2));
    let error = cards().issue(account, order).await.unwrap_err();
    let physical = CardOrderRejection::PhysicalUnsupported;
    assert!(
        matches!(&error, OrderError::Rejected(rejection) if *rejection == physical),
        "{error}"
    );
    assert!(
        error.to_string().contains("not supported at the moment"),
        "{error}"
    );
}

#[tokio::test]
async fn only_active_cards_authorise() {
    for state in CardState::ALL.iter().copied() {
        let request = SimulateCardAuthorisationRequest::new(Decimal::from(20), "EUR", true);
        let error = card(state.into())
            .simulate_authorisation(request)
            .await
            .unwrap_err();
        match error {
            AuthoriseError::NotActive {
                state: reported,
                by: RejectedBy::Rules,
            } => {
                assert!(reported == state && state != CardState::Active);
            }
            AuthoriseError::Call(_) => assert_eq!(state, CardState::Active),
            other => panic!("{state}: {other}"),
        }
    }
}

#[test]
fn debug_shows_no_card_number() {
    let mut plain = card(CardStatus::Active).into_card();
    plain.masked_pan = Some("411752******0386".to_owned());
    plain.name = Some("Ada Penrose".to_owned());
    let shown = format!("{:?}", cards().handle(plain));
    assert_eq!(
        shown,
        "Active(CardHandle(00000000-0000-0000-0000-000000000001, active))"
    );
}

#[test]
fn waiting_can_be_spawned() {
    fn spawnable(_: &(impl Future + Send)) {}
    let AnyCard::Issuing(pending) = card(CardStatus::Issuing) else {
        panic!("an issuing card is pending");
    };
    spawnable(&pending.wait_until_active());
    spawnable(&card(CardStatus::Active).terminate());
    #[expect(dead_code, reason = "an authorisation comes only from a server")]
    fn authorisation(authorisation: CardAuthorisation) {
        spawnable(&authorisation.wait_until_captured());
    }
}
