//! Waiting for each kind of entity, onboarding, and orders whose rules are known beforehand, on the real
//! sandbox.

use futures_util::stream;
use offblocks_cards::rules::{
    AccountState, AuthorisationState, CardState, CustomerState, TransactionState,
};
use offblocks_cards::{
    Cards, IssueError, LocalWallet, OnboardingError, OrderFailure, OrderProblem, PollingPolicy,
    WaitError,
};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    Account, AccountId, AccountType, Address, Authorisation, Card, CardId,
    CreateCustomerAccountRequest, CreateCustomerRequest, Customer, Transaction,
};

use crate::faults::behind_a_lossy_network;
use crate::purchase;
use crate::stage::Stage;

fn address() -> Address {
    Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN")
}

#[tokio::test]
async fn each_entity_is_waited_for_by_its_own_states() {
    let stage = Stage::new().await;
    let cards = &stage.cards;
    let customer = cards.wait_for::<Customer>(stage.customer);
    let customer = customer.until(CustomerState::Active).await.unwrap();
    let account = cards.wait_for::<Account>(stage.account);
    let account = account.until(AccountState::Active).await.unwrap();
    assert_eq!(account.customer_id, customer.id);

    let order = cards.order(stage.account, address()).checked().simulate();
    let pending = order.await.unwrap();
    let card = cards.wait_for::<Card>(pending.id());
    let card = card.until(CardState::Active).await.unwrap();
    let active = cards.get(card.id).await.unwrap();
    let made = active.simulate_authorisation(purchase(true)).await.unwrap();
    let captured = cards.wait_for::<Authorisation>(made.id());
    captured.until(AuthorisationState::Captured).await.unwrap();
    let transaction = active.transactions().await.unwrap()[0].id;
    let transaction = cards.wait_for::<Transaction>(transaction);
    let transaction = transaction.until(TransactionState::Processed);
    assert_eq!(transaction.await.unwrap().card_id, Some(card.id));
}

#[tokio::test]
async fn a_wait_ends_when_what_is_waited_for_cannot_come() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let id = pending.id();
    pending.simulate_failure().await.unwrap();
    let wait = stage.cards.wait_for::<Card>(id).until(CardState::Active);
    let error = wait.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("the card {id} is issue_failed and cannot become active any more")
    );
    assert_eq!(error.entity().unwrap().id, id);
    let ended = stage.cards.wait_for::<Card>(id).await.unwrap();
    assert_eq!(
        ended.status.as_str(),
        "issue_failed",
        "a final state is reached"
    );

    let nobody = stage.cards.wait_for::<Card>(CardId(Uuid::nil()));
    assert!(matches!(nobody.await, Err(WaitError::Call(error)) if error.is_not_found()));
}

#[tokio::test]
async fn a_wait_that_was_dropped_or_came_to_its_deadline_is_begun_again() {
    let stage = Stage::new().await;
    let pending = stage.pending().await;
    let policy = PollingPolicy::default().with_timeout(std::time::Duration::from_secs(7));
    let wait = || stage.cards.wait_for::<Card>(pending.id());
    let late = wait().until(CardState::Active).policy(policy).await;
    match late.unwrap_err() {
        WaitError::Deadline { entity, waited } => {
            assert_eq!((entity.id, waited), (pending.id(), policy.timeout));
        }
        other => panic!("{other}"),
    }
    drop(wait().until(CardState::Active));
    pending.simulate_issue().await.unwrap();
    let mut no_events = stream::empty();
    let again = wait().until(CardState::Active).events(&mut no_events);
    assert_eq!(again.await.unwrap().id, pending.id());
}

#[tokio::test]
async fn waits_and_onboarding_survive_a_network_that_loses_messages() {
    let stage = Stage::with_follow_up(std::time::Duration::ZERO).await;
    let cards = behind_a_lossy_network(&stage, 40).await;
    let wallet = LocalWallet::new(&[9; 32], "eip155:300").unwrap();
    let onboarding = cards.onboard(&wallet, "customer-2").simulate_verification();
    let customer = onboarding.await.unwrap();
    let account = cards
        .open_account(customer.id, &wallet, "EUR")
        .await
        .unwrap();
    let order = cards.order(account.id, address()).checked().simulate();
    let card = order.until_active().await.unwrap();
    assert_eq!(card.account_id(), account.id);
    assert_eq!(cards.of_account(account.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn onboarding_goes_on_from_every_state() {
    let stage = Stage::new().await;
    let wallet = LocalWallet::new(&[9; 32], "eip155:300").unwrap();
    // It was created, and nothing was signed.
    let owner = offblocks_cards::WalletSigner::owner(&wallet);
    let request = CreateCustomerRequest::new(owner, "customer-2");
    let created = stage.client.create_customer(request).await.unwrap();
    let resume = |cards: &Cards| cards.resume_onboarding(&wallet, created.id);
    for _ in 0..2 {
        let customer = resume(&stage.cards).simulate_verification().await.unwrap();
        assert_eq!(customer.status.as_str(), "active");
    }
    let currencies = vec!["EUR".to_owned()];
    let request = CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies);
    let call = stage.client.create_customer_account(created.id, request);
    let opened = call.await.unwrap();
    for _ in 0..2 {
        let account = stage
            .cards
            .resume_opening(opened.id, &wallet)
            .await
            .unwrap();
        assert_eq!(account.status.as_str(), "active");
    }
}

/// A process that dies and begins again repeats its calls under the keys that it has stored.
#[tokio::test]
async fn under_a_stored_key_onboarding_makes_one_customer_and_one_account() {
    let stage = Stage::new().await;
    let wallet = LocalWallet::new(&[9; 32], "eip155:300").unwrap();
    let (of_customer, of_account) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut made = Vec::new();
    for _ in 0..2 {
        let onboarding = stage.cards.onboard(&wallet, "customer-2").key(of_customer);
        let customer = onboarding.simulate_verification().await.unwrap();
        let opening = stage.cards.open_account(customer.id, &wallet, "EUR");
        let account = opening.key(of_account).await.unwrap();
        made.push((customer.id, account.id));
    }
    assert_eq!(made[0], made[1]);
    assert_eq!(stage.client.get_customers().await.unwrap().len(), 2);
    assert_eq!(stage.client.get_accounts().await.unwrap().len(), 2);
}

#[tokio::test]
async fn onboarding_says_what_to_go_on_with() {
    let stage = Stage::new().await;
    let wallet = LocalWallet::new(&[9; 32], "eip155:300").unwrap();
    let request =
        CreateCustomerRequest::new(offblocks_cards::WalletSigner::owner(&wallet), "customer-2");
    let created = stage.client.create_customer(request).await.unwrap();
    // Another wallet does not sign for this address.
    let other = stage.cards.resume_onboarding(&stage.wallet, created.id);
    match other.await.unwrap_err() {
        OnboardingError::Customer { customer, error } => {
            assert_eq!(customer, created.id);
            assert!(matches!(*error, OnboardingError::Wallet(_)), "{error}");
        }
        other => panic!("{other}"),
    }
    // Nobody verifies it.
    let policy = PollingPolicy::default().with_timeout(std::time::Duration::from_secs(60));
    let slow = stage
        .cards
        .resume_onboarding(&wallet, created.id)
        .policy(policy);
    match slow.await.unwrap_err() {
        OnboardingError::Customer { error, .. } => {
            let text = error.to_string();
            assert!(text.contains("was still verifying after 60s"), "{text}");
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_order_whose_rules_are_known_is_not_sent_when_no_card_would_be_issued() {
    let stage = Stage::new().await;
    let deactivated = stage
        .cards
        .open_account(stage.customer, &stage.wallet, "EUR");
    let deactivated = deactivated.await.unwrap().id;
    stage.client.deactivate_account(deactivated).await.unwrap();
    let missing = AccountId(Uuid::from_u128(5));
    for (account, expected) in [
        (
            deactivated,
            "the account is inactive and has to be active".to_owned(),
        ),
        (missing, format!("there is no account {missing}")),
    ] {
        let error = stage.cards.order(account, address()).checked().await;
        match error.unwrap_err() {
            IssueError::Order(OrderFailure::Problems(problems)) => {
                let texts: Vec<String> = problems.iter().map(OrderProblem::to_string).collect();
                assert_eq!(texts, [expected]);
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(
        stage.cards.list().await.unwrap().len(),
        0,
        "nothing was sent"
    );
}
