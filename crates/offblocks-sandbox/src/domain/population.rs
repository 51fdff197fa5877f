//! Many cards at once, each with a customer and an account of its own, written in batches.
//!
//! Of each hundred cards 90 are active, 4 are inactive, 3 are being issued, 2 are terminated and one
//! failed to issue, as in a programme that has run for a while. No webhook tells of them.

use std::ops::Range;

use offblocks_types::{
    Account, AccountId, AccountStatus, AccountType, Address, BlockchainAccountId, Card, CardStatus,
    CardType, Customer, CustomerId, CustomerStatus,
};

use super::{Work, cards};
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::accounts::AccountRecord;
use crate::store::cards::CardRecord;
use crate::store::population::{self, Holder};
use crate::store::{InactiveCause, transfer};

/// How many are written at a time.
const BATCH: u64 = 500;

/// Adds this many cards.
pub(crate) async fn add(work: &mut Work<'_>, cards: u64) -> Result<(), Failure> {
    let first = transfer::last_seq(work.conn, "customers")
        .await?
        .unsigned_abs()
        + 1;
    let mut made = 0;
    while made < cards {
        let number = BATCH.min(cards - made);
        let holders = holders(work, made..made + number, first)?;
        let balance = work.settings.initial_balance;
        population::insert(work.conn, &holders, balance, work.now).await?;
        made += number;
    }
    Ok(())
}

/// A wallet on the guides' test chain whose key nobody has.
pub(super) fn wallet(work: &Work<'_>) -> Result<BlockchainAccountId, Failure> {
    let wallet = format!("eip155:300:{}", siwe::eip55(&work.random.bytes())).parse();
    wallet.map_err(|_| Failure::invalid("a new wallet has no valid name"))
}

fn holders(work: &Work<'_>, indices: Range<u64>, first: u64) -> Result<Vec<Holder>, Failure> {
    let holders = indices.map(|index| holder(work, index, first + index));
    holders.collect()
}

fn holder(work: &Work<'_>, index: u64, number: u64) -> Result<Holder, Failure> {
    let customer = customer(work, number)?;
    let account = account(work, customer.id)?;
    let card = card(work, account.account.id, index);
    Ok(Holder {
        customer,
        account,
        card,
    })
}

fn customer(work: &Work<'_>, number: u64) -> Result<Customer, Failure> {
    let id = work.random.uuid();
    // The beginning of its id keeps it apart from names that callers choose.
    let (begin, ..) = id.as_fields();
    Ok(Customer {
        id: id.into(),
        external_id: format!("holder-{number}-{begin:08x}"),
        chain_id: wallet(work)?,
        status: CustomerStatus::Active,
        created_at: work.now,
        updated_at: work.now,
    })
}

fn account(work: &Work<'_>, customer_id: CustomerId) -> Result<AccountRecord, Failure> {
    let currency = work.settings.currency.clone();
    let account = Account {
        id: work.random.uuid().into(),
        customer_id,
        chain_id: Some(wallet(work)?),
        status: AccountStatus::Active,
        r#type: AccountType::CardAccount,
        currencies: Some(vec![currency.clone()]),
        created_at: work.now,
        updated_at: work.now,
    };
    Ok(AccountRecord {
        account,
        currency,
        inactive_cause: None,
    })
}

fn card(work: &Work<'_>, account_id: AccountId, index: u64) -> CardRecord {
    let status = match index % 100 {
        0..90 => CardStatus::Active,
        90..94 => CardStatus::Inactive,
        94..97 => CardStatus::Issuing,
        97..99 => CardStatus::Terminated,
        _ => CardStatus::IssueFailed,
    };
    let inactive_cause = (status == CardStatus::Inactive).then_some(InactiveCause::Own);
    let mut card = Card {
        id: work.random.uuid().into(),
        account_id,
        r#type: CardType::Virtual,
        name: None,
        network: None,
        masked_pan: None,
        expiration_date: None,
        billing_address: Some(Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN")),
        status,
        created_at: work.now,
        updated_at: work.now,
    };
    if !matches!(card.status, CardStatus::Issuing | CardStatus::IssueFailed) {
        cards::emboss(work, &mut card);
    }
    CardRecord {
        card,
        inactive_cause,
    }
}
