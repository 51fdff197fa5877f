//! Webhooks: subscriptions, events, deliveries.

mod deliveries;
mod events;
mod hostile;
mod modes;
mod others;
mod subscriptions;

use std::time::Duration;

use offblocks_sandbox::{Delivery, DeliveryStatus, Sandbox};

use crate::common::{Caller, LocalWallet};

/// The deliveries, once they are as `expected`; a test that waits too long fails with them.
async fn deliveries_once(
    sandbox: &Sandbox,
    expected: impl Fn(&[Delivery]) -> bool,
) -> Vec<Delivery> {
    let waiting = async {
        loop {
            let deliveries = sandbox.deliveries(10_000).await.unwrap();
            if expected(&deliveries) {
                return deliveries;
            }
            tokio::task::yield_now().await;
        }
    };
    match tokio::time::timeout(Duration::from_secs(20), waiting).await {
        Ok(deliveries) => deliveries,
        Err(_) => panic!("{:#?}", sandbox.deliveries(10_000).await.unwrap()),
    }
}

fn is_waiting(delivery: &Delivery) -> bool {
    matches!(delivery.status, DeliveryStatus::Waiting { .. })
}

fn is_discarded(delivery: &Delivery) -> bool {
    matches!(delivery.status, DeliveryStatus::Discarded { .. })
}

/// Whether there are so many attempts in all, and the last of each has been noted.
fn attempts(number: usize) -> impl Fn(&[Delivery]) -> bool {
    move |deliveries| {
        let all = deliveries.iter().map(|delivery| delivery.attempts.len());
        all.sum::<usize>() == number
    }
}

/// Makes so many events of customers, each another one.
async fn make_customers(caller: &Caller, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let wallet = LocalWallet::numbered(number + 1);
        caller
            .new_customer(&wallet, &format!("customer-{number}"))
            .await;
    }
}
