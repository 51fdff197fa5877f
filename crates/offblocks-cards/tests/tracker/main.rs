//! The tracker: whatever arrives, however often and in whatever order, it ends in the same state.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod stores;

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Mutex;

use offblocks_cards::{
    CardTrack, CardTracker, Gap, Observation, Sighting, StoredCardTracker, TrackStore,
};
use offblocks_types::chrono::{DateTime, TimeDelta, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_types::{CardId, CardStatus};
use proptest::prelude::*;

fn at(micros: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::microseconds(micros)
}

fn card(number: u128) -> CardId {
    CardId(Uuid::from_u128(number))
}

fn seen(number: u128, status: &str, micros: i64) -> Sighting {
    Sighting::new(card(number), status.into(), at(micros))
}

const STATUSES: [&str; 8] = [
    "issuing",
    "active",
    "inactive",
    "suspended",
    "blocked",
    "terminated",
    "issue_failed",
    "frozen",
];

/// Sightings of three cards, within a few microseconds, so that there are ties.
fn sightings() -> impl Strategy<Value = Vec<Sighting>> {
    let one = (0..3_u128, prop::sample::select(&STATUSES[..]), 0..20_i64);
    let one = one.prop_map(|(number, status, micros)| seen(number, status, micros));
    prop::collection::vec(one, 1..40)
}

/// The same, some of them twice, in two orders.
fn two_orders() -> impl Strategy<Value = (Vec<Sighting>, Vec<Sighting>)> {
    let doubled = (
        sightings(),
        prop::collection::vec(any::<prop::sample::Index>(), 0..10),
    );
    doubled.prop_flat_map(|(all, again)| {
        let again = again.iter().map(|index| index.get(&all).clone());
        let more: Vec<_> = all.iter().cloned().chain(again).collect();
        (Just(all).prop_shuffle(), Just(more).prop_shuffle())
    })
}

fn state(tracker: &CardTracker) -> Vec<Option<Vec<offblocks_cards::CardVersion>>> {
    let of = |number| tracker.track(card(number)).map(|it| it.versions().to_vec());
    (0..3).map(of).collect()
}

proptest! {
    #[test]
    fn every_permutation_ends_in_the_same_state((one, other) in two_orders()) {
        let (first, second) = (CardTracker::new(), CardTracker::new());
        for sighting in &one {
            let _ = first.observe(sighting);
        }
        for sighting in &other {
            let _ = second.observe(sighting);
        }
        prop_assert_eq!(state(&first), state(&second));
    }

    #[test]
    fn the_state_is_that_of_the_latest_time_and_changes_lead_to_it(all in sightings()) {
        let tracker = CardTracker::new();
        let mut told: HashMap<CardId, CardStatus> = HashMap::new();
        for sighting in &all {
            let observation = tracker.observe(sighting);
            if let Observation::Changed(change) = &observation {
                prop_assert_eq!(told.get(&change.card_id), change.from.as_ref());
                told.insert(change.card_id, change.to.clone());
            }
            prop_assert_eq!(tracker.observe(sighting).is_newest(), false, "a duplicate");
        }
        for (id, status) in told {
            let track = tracker.track(id).unwrap();
            let latest = track.latest().unwrap();
            prop_assert_eq!(&latest.status, &status);
            let times = all.iter().filter(|it| it.card_id == id);
            prop_assert_eq!(Some(latest.updated_at()), times.map(|it| it.updated_at).max());
        }
    }

    #[test]
    fn a_stored_track_is_read_back(all in sightings()) {
        let mut track = CardTrack::new(card(0));
        for sighting in all.into_iter().filter(|it| it.card_id == card(0)) {
            let _ = track.observe(sighting);
        }
        let text = serde_json::to_string(&track).unwrap();
        prop_assert_eq!(serde_json::from_str::<CardTrack>(&text).unwrap(), track);
    }
}

#[test]
fn each_kind_of_sighting_has_its_observation() {
    let tracker = CardTracker::new();
    let cases = [
        ("issuing", 10, "Changed"),
        ("issuing", 10, "Duplicate"),
        ("issuing", 11, "Refreshed"),
        ("terminated", 30, "Changed"),
        ("active", 20, "Late"),
        ("active", 25, "Duplicate"),
        ("issuing", 10, "Duplicate"),
        ("frozen", 40, "Changed"),
        // Within a microsecond the lifecycle decides.
        ("suspended", 50, "Changed"),
        ("blocked", 50, "Changed"),
        ("active", 50, "Late"),
    ];
    for (status, micros, expected) in cases {
        let observation = tracker.observe(seen(1, status, micros));
        let shown = format!("{observation:?}");
        assert!(shown.starts_with(expected), "{status} at {micros}: {shown}");
    }
    assert_eq!(tracker.status(card(1)), Some(CardStatus::Blocked));
    // Eight versions are kept, and nothing older is added.
    assert_eq!(tracker.track(card(1)).unwrap().versions().len(), 8);
    assert_eq!(tracker.observe(seen(1, "active", 1)), Observation::Outdated);
}

#[test]
fn nanoseconds_of_the_first_response_make_no_second_version() {
    let tracker = CardTracker::new();
    let precise = DateTime::from_timestamp(1_705_072_346, 923_705_379).unwrap();
    let rounded = DateTime::from_timestamp(1_705_072_346, 923_705_000).unwrap();
    let first = Sighting::new(card(1), CardStatus::Issuing, precise);
    assert!(tracker.observe(&first).is_newest());
    let polled = Sighting::new(card(1), CardStatus::Issuing, rounded);
    assert_eq!(tracker.observe(&polled), Observation::Duplicate);
}

#[test]
fn changes_say_what_is_not_known() {
    let tracker = CardTracker::new();
    let change = |status: &str, micros| {
        let observation = tracker.observe(seen(1, status, micros));
        observation.change().unwrap().clone()
    };
    let first = change("active", 5);
    assert_eq!((first.from, first.gap), (None, Gap::Unknown));
    assert_eq!(change("inactive", 6).gap, Gap::Nothing);
    assert!(matches!(change("blocked", 7).gap, Gap::Missed(_)));
    assert_eq!(change("active", 8).gap, Gap::Unexplained);
    let late = change("issuing", 4);
    assert_eq!((late.from, late.gap), (None, Gap::Unknown));
}

#[test]
fn a_programme_is_followed_in_bounded_memory() {
    let tracker = CardTracker::with_capacity(1_000);
    for number in 0..50_000 {
        let _ = tracker.observe(seen(number, "issuing", 1));
        // One card is seen all the time, and not forgotten.
        let _ = tracker.observe(seen(0, "issuing", 1));
    }
    assert_eq!((tracker.len(), tracker.forgotten()), (1_000, 49_000));
    assert!(tracker.track(card(0)).is_some());
    let _ = tracker.observe(seen(49_999, "active", 2));
    assert_eq!(tracker.issuing_since(at(1)), []);
    assert_eq!(tracker.issuing_since(at(2)).len(), 999);
}

/// A store that loses every second race.
#[derive(Default)]
struct Shared {
    tracks: Mutex<HashMap<CardId, CardTrack>>,
    loses: Mutex<bool>,
}

impl TrackStore for Shared {
    type Error = Infallible;

    async fn load(&self, id: CardId) -> Result<Option<CardTrack>, Infallible> {
        Ok(self.tracks.lock().unwrap().get(&id).cloned())
    }

    async fn replace(&self, track: &CardTrack) -> Result<bool, Infallible> {
        let mut loses = self.loses.lock().unwrap();
        *loses = !*loses;
        let mut tracks = self.tracks.lock().unwrap();
        if *loses {
            // Somebody else was here.
            let other = tracks.entry(track.card_id());
            let other = other.or_insert_with(|| CardTrack::new(track.card_id()));
            let time = other.revision() as i64;
            let _ = other.observe(seen(track.card_id().0.as_u128(), "issuing", -time));
        }
        let revision = tracks.get(&track.card_id()).map_or(0, CardTrack::revision);
        let next = revision + 1 == track.revision();
        if next {
            tracks.insert(track.card_id(), track.clone());
        }
        Ok(next)
    }
}

#[tokio::test]
async fn a_store_is_shared_without_losing_anything() {
    let tracker = StoredCardTracker::new(Shared::default());
    for (status, micros) in [
        ("inactive", 9),
        ("issuing", 1),
        ("active", 5),
        ("active", 5),
    ] {
        let _ = tracker.observe(seen(1, status, micros)).await.unwrap();
    }
    let track = tracker.store().load(card(1)).await.unwrap().unwrap();
    let known: Vec<_> = track
        .versions()
        .iter()
        .map(|it| it.updated_at_micros)
        .collect();
    assert!(
        [1, 5, 9].iter().all(|time| known.contains(time)),
        "{known:?}"
    );
    assert_eq!(track.latest().unwrap().status, CardStatus::Inactive);
}
