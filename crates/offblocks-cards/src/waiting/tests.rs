//! The engine with time that passes only by sleeping, polls that are written down, and events.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::stream;
use offblocks_client::{Client, Error, Random, RetryPolicy, Timer};
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::{
    AccountId, Card, CardId, CardStatus, CardType, CardUpdate, GetTokenRequest, WebhookEvent,
};

use super::{Events, Surroundings, watch};
use crate::polling::PollingPolicy;

const POLICY: PollingPolicy = PollingPolicy {
    first_interval: Duration::from_secs(1),
    longest_interval: Duration::from_secs(5),
    timeout: Duration::from_secs(20),
};

/// Time that passes only by sleeping; or by which no sleep ends.
#[derive(Debug, Default)]
struct Sleeps {
    slept: Mutex<Vec<Duration>>,
    for_ever: bool,
}

impl Sleeps {
    fn seconds(&self) -> Vec<f64> {
        let slept = self.slept.lock().unwrap();
        slept.iter().map(Duration::as_secs_f64).collect()
    }
}

impl Timer for Sleeps {
    fn elapsed(&self) -> Duration {
        self.slept.lock().unwrap().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if self.for_ever {
            return Box::pin(std::future::pending());
        }
        self.slept.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Always the same chance.
#[derive(Debug)]
struct Chance(f64);

impl Random for Chance {
    fn uuid(&self) -> Uuid {
        Uuid::nil()
    }

    fn fraction(&self) -> f64 {
        self.0
    }
}

const ID: CardId = CardId(Uuid::nil());

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_340_781 + seconds, 0).unwrap()
}

/// The card at a second.
fn card(status: CardStatus, second: i64) -> Card {
    let account = AccountId(Uuid::nil());
    Card::new(ID, account, CardType::Virtual, status, at(0), at(second))
}

fn event(id: CardId, status: CardStatus, second: i64) -> WebhookEvent {
    let document = serde_json::json!({
        "eventId": Uuid::nil(), "webhookType": "card.updated", "id": id,
        "accountId": Uuid::nil(), "type": "virtual", "status": status,
        "createdAt": at(0), "updatedAt": at(second),
    });
    let update: CardUpdate = serde_json::from_value(document).unwrap();
    WebhookEvent::CardUpdate(update)
}

fn has_gone_on(card: &Card) -> bool {
    card.status != CardStatus::Issuing
}

/// A retryable failure: no server listens there.
async fn retryable_failure() -> Error {
    let client = Client::builder()
        .base_url("http://127.0.0.1:1/v1")
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let credentials = GetTokenRequest::new(Default::default(), "secret");
    client.get_token(credentials).send().await.unwrap_err()
}

/// What polls give, one after the other; the last one again and again.
struct Polls(Mutex<VecDeque<Result<Card, Error>>>);

impl Polls {
    fn new(polls: impl IntoIterator<Item = Result<Card, Error>>) -> Self {
        Self(Mutex::new(polls.into_iter().collect()))
    }

    async fn next(&self) -> Result<Card, Error> {
        let mut polls = self.0.lock().unwrap();
        match polls.len() {
            1 => polls[0].clone(),
            _ => polls.pop_front().unwrap(),
        }
    }
}

async fn watched(
    polls: impl IntoIterator<Item = Result<Card, Error>>,
    chance: f64,
) -> (Result<Card, Error>, Vec<f64>) {
    let (sleeps, polls) = (Sleeps::default(), Polls::new(polls));
    let surroundings = Surroundings {
        timer: &sleeps,
        random: &Chance(chance),
        policy: POLICY,
    };
    let poll = || polls.next();
    let seen = watch(surroundings, ID, poll, has_gone_on, Events::default()).await;
    (seen, sleeps.seconds())
}

#[tokio::test]
async fn intervals_double_until_the_time_is_over() {
    let issuing = || card(CardStatus::Issuing, 0);
    let (seen, sleeps) = watched([Ok(issuing())], 0.0).await;
    assert_eq!(sleeps, [1.0, 2.0, 4.0, 5.0, 5.0, 3.0]);
    assert_eq!(seen.unwrap(), issuing(), "what was seen last is returned");
    let (_, sleeps) = watched([Ok(issuing())], 0.5).await;
    assert_eq!(
        sleeps[..4],
        [0.75, 1.5, 3.0, 3.75],
        "a part is left to chance"
    );
    assert_eq!(sleeps.iter().sum::<f64>(), 20.0, "the deadline is not");
}

#[tokio::test]
async fn a_settled_entity_ends_the_wait() {
    let (issuing, active) = (card(CardStatus::Issuing, 0), card(CardStatus::Active, 2));
    let polls = [Ok(issuing.clone()), Ok(issuing), Ok(active.clone())];
    let (seen, sleeps) = watched(polls, 0.0).await;
    assert_eq!((seen.unwrap(), sleeps), (active.clone(), vec![1.0, 2.0]));
    let (seen, sleeps) = watched([Ok(active.clone())], 0.0).await;
    assert_eq!((seen.unwrap(), sleeps), (active, vec![]));
}

#[tokio::test]
async fn retryable_failures_are_waited_out() {
    let failure = retryable_failure().await;
    let active = card(CardStatus::Active, 2);
    let polls = [Err(failure.clone()), Err(failure.clone()), Ok(active)];
    let (seen, sleeps) = watched(polls, 0.0).await;
    assert!(seen.is_ok());
    assert_eq!(sleeps, [1.0, 2.0]);
    let (never, sleeps) = watched([Err(failure)], 0.0).await;
    assert!(
        never.unwrap_err().is_connect(),
        "the last poll's failure is returned"
    );
    assert_eq!(sleeps.iter().sum::<f64>(), 20.0);
}

/// The outcome of a wait in which no sleep ends, if it ends at all without one.
fn raced(
    poll: Option<Card>,
    events: Vec<WebhookEvent>,
    then_more: bool,
) -> Option<Result<Card, Error>> {
    let sleeps = Sleeps {
        for_ever: true,
        ..Sleeps::default()
    };
    let surroundings = Surroundings {
        timer: &sleeps,
        random: &Chance(0.0),
        policy: POLICY,
    };
    let events = stream::iter(events);
    let mut events: Pin<Box<dyn futures_util::Stream<Item = WebhookEvent> + Send>> = match then_more
    {
        true => Box::pin(futures_util::StreamExt::chain(events, stream::pending())),
        false => Box::pin(events),
    };
    let poll = || async {
        match &poll {
            Some(card) => Ok(card.clone()),
            None => std::future::pending().await,
        }
    };
    watch(surroundings, ID, poll, has_gone_on, Events::of(&mut events)).now_or_never()
}

#[test]
fn an_event_ends_the_wait_before_the_next_poll_or_a_poll_that_hangs() {
    let active = || event(ID, CardStatus::Active, 5);
    let issuing = || card(CardStatus::Issuing, 0);
    for poll in [Some(issuing()), None] {
        let seen = raced(poll, vec![active()], true);
        assert_eq!(seen.unwrap().unwrap().status, CardStatus::Active);
    }
    let polled = raced(Some(card(CardStatus::Active, 1)), Vec::new(), true);
    assert!(polled.is_some(), "the poll speaks first");
}

#[test]
fn events_of_others_and_old_ones_change_nothing_and_the_stream_may_end() {
    let other = event(CardId(Uuid::from_u128(7)), CardStatus::Active, 5);
    assert!(raced(Some(card(CardStatus::Issuing, 0)), vec![other], true).is_none());
    // The poll shows a later version than the event.
    let seen = raced(
        Some(card(CardStatus::Issuing, 9)),
        vec![event(ID, CardStatus::Active, 5)],
        true,
    );
    assert!(seen.is_none(), "an older version does not count");
    let polled = raced(Some(card(CardStatus::Active, 1)), Vec::new(), false);
    assert!(polled.is_some(), "without a stream, polls go on");
}
