//! Which of an account's cards can be a row's card.

use std::time::{Duration, SystemTime};

use offblocks_types::{Card, CreateAccountCardRequest};

/// The cards that this order can have made, the oldest first: of the same type and billing address, and
/// created no earlier than the job began, by a server whose clock may be slow by `tolerance`.
///
/// The state does not matter: a card that could not be issued is the outcome of the order too.
pub(crate) fn candidates<'a>(
    order: &CreateAccountCardRequest,
    cards: &'a [Card],
    began: SystemTime,
    tolerance: Duration,
) -> Vec<&'a Card> {
    let earliest = began.checked_sub(tolerance);
    let earliest = earliest.unwrap_or(SystemTime::UNIX_EPOCH);
    // A card without an address says nothing about the order's.
    let same_address = |card: &Card| {
        let address = card.billing_address.as_ref();
        address.is_none_or(|address| *address == order.billing_address)
    };
    let fits = |card: &&Card| {
        card.r#type == order.r#type
            && same_address(card)
            && SystemTime::from(card.created_at) >= earliest
    };
    let mut found: Vec<&Card> = cards.iter().filter(fits).collect();
    found.sort_by_key(|card| (card.created_at, card.id));
    found
}

#[cfg(test)]
mod tests {
    use offblocks_types::chrono::{DateTime, Utc};
    use offblocks_types::uuid::Uuid;
    use offblocks_types::{Address, CardStatus, CardType};

    use super::*;

    const BEGAN: i64 = 1_795_340_781;

    fn time(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(BEGAN + seconds, 0).unwrap()
    }

    fn card(id: u128, city: &str, seconds: i64) -> Card {
        let (id, account) = (Uuid::from_u128(id), Uuid::from_u128(1));
        let (kind, status, at) = (CardType::Virtual, CardStatus::Issuing, time(seconds));
        let mut card = Card::new(id.into(), account.into(), kind, status, at, at);
        card.billing_address = Some(Address::new("18 Harbour Row", city, "GB", "BS1 4RN"));
        card
    }

    #[test]
    fn the_same_order_since_the_job_began_counts() {
        let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
        let order = CreateAccountCardRequest::new(CardType::Virtual, address);
        let cards = [
            card(1, "Bristol", 40),
            card(2, "Bath", 30),
            card(3, "Bristol", -119),
            card(4, "Bristol", -121),
        ];
        let tolerance = Duration::from_secs(120);
        let found = candidates(&order, &cards, time(0).into(), tolerance);
        let ids: Vec<u128> = found
            .iter()
            .map(|card| Uuid::from(card.id).as_u128())
            .collect();
        assert_eq!(
            ids,
            [3, 1],
            "the oldest first, none of another order or an earlier time"
        );
    }
}
