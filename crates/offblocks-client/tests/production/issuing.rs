//! Cards are issued by a sandbox that fails one call in three: none is made twice, and none is lost.

use std::collections::BTreeSet;

use offblocks_client::Client;
use offblocks_types::{AccountId, CardId};
use serde_json::{Value, json};

use crate::stage::{Stage, order, share};

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

/// One response in three or so is not what it should be.
fn faults() -> Vec<Value> {
    let status = |status: u16, after: bool| json!({"status": status, "afterCommit": after});
    let nothing = json!({});
    // A call renews a rejected token once, so no call may meet two of these. The oldest fault decides, and
    // others would hide the one call that each of these is for.
    let tokens = (1..=3).map(|number| json!({"kind": "expired_token", "nth": number * 100}));
    let shares = [
        // Half of the responses have no body that could be cut.
        share("truncated_body", 5, &nothing),
        share("reset_before", 10, &nothing),
        share("reset_inside", 10, &nothing),
        share("status", 3, &status(500, false)),
        share("status", 2, &status(502, false)),
        share("status", 2, &status(503, false)),
        share("status", 2, &status(504, false)),
        share("status", 3, &status(500, true)),
        share("status", 2, &status(503, true)),
        share("too_many_requests", 3, &json!({"retryAfter": 1})),
        share("timeout", 1, &json!({"milliseconds": 5000})),
        share("latency", 5, &json!({"milliseconds": 30})),
    ];
    tokens.chain(shares).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_cards_are_issued_as_were_ordered() {
    let each = issuances().div_ceil(ACCOUNTS);
    let stage = Stage::new().await;
    let accounts = stage.accounts(ACCOUNTS).await;
    for fault in faults() {
        stage.fail(&fault).await;
    }
    let client = stage.builder().build().unwrap();
    let tasks: Vec<_> = accounts
        .into_iter()
        .map(|account| tokio::spawn(issue(client.clone(), account, each)))
        .collect();
    let mut issued = Vec::new();
    for task in tasks {
        issued.extend(task.await.unwrap());
    }
    let applied = stage.stop_failing().await;
    let known: BTreeSet<CardId> = issued.iter().copied().collect();
    assert_eq!(known.len(), each * ACCOUNTS, "no card is returned twice");
    let kept = stage.sandbox.client().get_cards().await.unwrap();
    let kept: Vec<CardId> = kept.iter().map(|card| card.id).collect();
    assert_eq!(kept.len(), issued.len(), "no card was made twice or lost");
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), known);
    for (fault, times) in &applied {
        assert!(*times > 0, "{fault} was never met: issue more cards");
    }
    let (faults, calls) = (
        applied.iter().map(|(_, times)| times).sum::<u64>(),
        2 * known.len(),
    );
    println!("{} cards in {calls} calls and {faults} faults", known.len());
    assert!(
        faults > calls as u64 / 5,
        "{faults} faults are too few to test anything"
    );
}
