//! Many cards at once, each with a customer and an account of its own, written in batches.
//!
//! Of each hundred cards 90 are active, 4 are inactive, 3 are being issued, 2 are terminated and one
//! failed to issue, as in a programme that has run for a while. They cause no webhooks.
//!
//! Ids and wallets grow from one holder to the next, each drawn from a range of its own. The
//! database keeps them sorted, so it appends. Ids without an order would change nearly every page
//! of every index with each batch: a million cards took hours and wrote sixty times their size.

use std::ops::Range;

use offblocks_types::{
    Account, AccountId, AccountStatus, AccountType, Address, BlockchainAccountId, Card, CardStatus,
    CardType, Customer, CustomerId, CustomerStatus,
};

use uuid::Uuid;

use super::{Work, cards};
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::accounts::AccountRecord;
use crate::store::cards::CardRecord;
use crate::store::population::{self, Holder};
use crate::store::{InactiveCause, transfer};

/// How many are written at a time.
const BATCH: u64 = 500;

/// How many are made before the progress is reported, and before the call checks whether it has to stop.
/// Other writers can run in between, and other readers too where the database is in memory.
pub(crate) const PART: u64 = 1_000;

/// Adds these cards, the first of which is number 0, of `total` that are added by one or several
/// calls.
pub(crate) async fn add(work: &mut Work<'_>, cards: Range<u64>, total: u64) -> Result<(), Failure> {
    let mut number = transfer::last_seq(work.conn, "customers")
        .await?
        .unsigned_abs();
    let mut begin = cards.start;
    while begin < cards.end {
        let end = cards.end.min(begin + BATCH);
        let mut holders = Vec::new();
        for index in begin..end {
            number += 1;
            holders.push(holder(work, Position { index, total }, number)?);
        }
        let balance = work.settings.initial_balance;
        population::insert(work.conn, &holders, balance, work.now).await?;
        begin = end;
    }
    Ok(())
}

/// A wallet on the guides' test chain whose key does not exist anywhere.
pub(super) fn wallet(work: &Work<'_>) -> Result<BlockchainAccountId, Failure> {
    named(&work.random.bytes())
}

fn named(address: &[u8; 20]) -> Result<BlockchainAccountId, Failure> {
    let wallet = format!("eip155:300:{}", siwe::eip55(address)).parse();
    wallet.map_err(|_| Failure::invalid("a new wallet has no valid name"))
}

/// Which of all holders this one is.
#[derive(Debug, Clone, Copy)]
struct Position {
    index: u64,
    total: u64,
}

impl Position {
    /// Random bytes, the first six of which are at least those of every position before.
    fn bytes<const N: usize>(self, work: &Work<'_>) -> [u8; N] {
        ascending(work.random.bytes(), self.index, self.total)
    }

    fn uuid(self, work: &Work<'_>) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes(work)).into_uuid()
    }

    fn wallet(self, work: &Work<'_>) -> Result<BlockchainAccountId, Failure> {
        named(&self.bytes(work))
    }
}

/// Moves the first six bytes, a number, into the range of this index. A UUID keeps these as they
/// are.
fn ascending<const N: usize>(mut bytes: [u8; N], index: u64, total: u64) -> [u8; N] {
    const HEAD: usize = 6;
    let Some((head, _)) = bytes.split_first_chunk_mut::<HEAD>() else {
        return bytes;
    };
    let mut drawn = [0; 16];
    drawn[16 - HEAD..].copy_from_slice(head);
    let all = 1 << (8 * HEAD);
    let moved = (u128::from(index) * all + u128::from_be_bytes(drawn)) / u128::from(total.max(1));
    head.copy_from_slice(&moved.to_be_bytes()[16 - HEAD..]);
    bytes
}

fn holder(work: &Work<'_>, position: Position, number: u64) -> Result<Holder, Failure> {
    let customer = customer(work, position, number)?;
    let account = account(work, position, customer.id)?;
    let card = card(work, position, account.account.id);
    Ok(Holder {
        customer,
        account,
        card,
    })
}

fn customer(work: &Work<'_>, position: Position, number: u64) -> Result<Customer, Failure> {
    let id = position.uuid(work);
    // The beginning of its id keeps it apart from names that callers choose.
    let (begin, ..) = id.as_fields();
    Ok(Customer::new(
        id.into(),
        format!("holder-{number}-{begin:08x}"),
        position.wallet(work)?,
        CustomerStatus::Active,
        work.now,
        work.now,
    ))
}

fn account(
    work: &Work<'_>,
    position: Position,
    customer_id: CustomerId,
) -> Result<AccountRecord, Failure> {
    let currency = work.settings.currency.clone();
    let mut account = Account::new(
        position.uuid(work).into(),
        customer_id,
        AccountStatus::Active,
        AccountType::CardAccount,
        work.now,
        work.now,
    );
    account.chain_id = Some(position.wallet(work)?);
    account.currencies = Some(vec![currency.clone()]);
    Ok(AccountRecord {
        account,
        currency,
        inactive_cause: None,
    })
}

fn card(work: &Work<'_>, position: Position, account_id: AccountId) -> CardRecord {
    let status = match position.index % 100 {
        0..90 => CardStatus::Active,
        90..94 => CardStatus::Inactive,
        94..97 => CardStatus::Issuing,
        97..99 => CardStatus::Terminated,
        _ => CardStatus::IssueFailed,
    };
    let inactive_cause = (status == CardStatus::Inactive).then_some(InactiveCause::Own);
    let (id, kind) = (position.uuid(work).into(), CardType::Virtual);
    let mut card = Card::new(id, account_id, kind, status, work.now, work.now);
    card.billing_address = Some(Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN"));
    if !matches!(card.status, CardStatus::Issuing | CardStatus::IssueFailed) {
        cards::give_details(work, &mut card);
    }
    CardRecord {
        card,
        inactive_cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_ascend_from_position_to_position() {
        for total in [1, 2, 7, 500, 1_000_000] {
            let least = |index| ascending([0x00; 6], index, total);
            let greatest = |index| ascending([0xff; 6], index, total);
            let last = total - 1;
            for index in [0, 1, last / 2, last].map(|index| index.min(last)) {
                assert!(least(index) < greatest(index), "{index} of {total}");
                assert!(index == 0 || greatest(index - 1) <= least(index), "{index}");
            }
            assert_eq!((least(0), greatest(last)), ([0x00; 6], [0xff; 6]));
        }
    }
}
