//! Cards are issued over a faulty network: none twice, and none is lost.

use std::collections::BTreeSet;
use std::sync::Arc;

use offblocks_client::Client;
use offblocks_types::{AccountId, CardId};

use crate::network::Network;
use crate::stage::{Stage, order};

/// How many cards are issued, unless this variable says otherwise. 10,000 take some minutes.
const ISSUANCES: usize = 200;
const VARIABLE: &str = "OFFBLOCKS_TEST_ISSUANCES";

/// How many accounts get cards at the same time.
const ACCOUNTS: usize = 20;

fn issuances() -> usize {
    #[expect(
        clippy::disallowed_methods,
        reason = "a longer run is asked for by a variable"
    )]
    let given = std::env::var(VARIABLE).ok();
    given.map_or(ISSUANCES, |given| given.parse().expect("it is a number"))
}

/// Issues cards on one account, one after the other: an account has one card at a time, so each card
/// fails to be issued before the next one is ordered.
async fn issue(client: Client, account: AccountId, count: usize) -> Vec<CardId> {
    let mut cards = Vec::new();
    for _ in 0..count {
        let card = client.create_account_card(account, order()).await;
        let card = card.unwrap_or_else(|error| panic!("after {} cards: {error}", cards.len()));
        cards.push(card.id);
        let failed = client.simulate_card_fail(card.id).await;
        failed.unwrap_or_else(|error| panic!("card {}: {error}", cards.len()));
    }
    cards
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_cards_are_issued_as_were_ordered() {
    let each = issuances().div_ceil(ACCOUNTS);
    let stage = Stage::new().await;
    let accounts = stage.accounts(ACCOUNTS).await;
    let network = Network::faulty(stage.server()).await;
    let client = Arc::new(stage.builder(&network).build().unwrap());
    let tasks: Vec<_> = accounts
        .into_iter()
        .map(|account| tokio::spawn(issue(client.as_ref().clone(), account, each)))
        .collect();
    let mut issued = Vec::new();
    for task in tasks {
        issued.extend(task.await.unwrap());
    }
    let known: BTreeSet<CardId> = issued.iter().copied().collect();
    assert_eq!(known.len(), each * ACCOUNTS, "no card is returned twice");
    let kept = stage.client.get_cards().await.unwrap();
    let kept: Vec<CardId> = kept.iter().map(|card| card.id).collect();
    assert_eq!(kept.len(), issued.len(), "no card was made twice or lost");
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), known);
    let exchanges = 2 * known.len() as u64;
    assert!(
        network.faults() > exchanges / 10,
        "{} faults in more than {exchanges} exchanges are too few to test anything",
        network.faults()
    );
}
