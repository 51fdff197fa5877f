//! Money is neither made nor lost.

use chrono::{DateTime, Utc};
use offblocks_types::{
    Account, AccountStatus, AccountType, AuthorisationId, AuthorisationStatus, Card, CardStatus,
    CardType, Customer, CustomerStatus, SimulateCardAuthorisationRequest, TransactionDirection,
    TransactionId, TransactionStatus,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Book, book, ledger, money};
use crate::domain::{Work, authorisations, due, transactions};
use crate::failure::Failure;
use crate::store::accounts::AccountRecord;
use crate::store::cards::CardRecord;
use crate::store::sql;
use crate::{ManualClock, Sandbox, SeededRandom, Settings, Surroundings};

/// Something that moves money, or is rejected.
#[derive(Debug, Clone)]
enum Move {
    Authorise { cents: u32, capture: bool },
    Capture(usize),
    Release(usize),
    PayIn(u32),
    TakeOut(u32),
    Reverse(usize),
    Refund(usize, u32),
    LetHappen,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => (0_u32..30_000, any::<bool>())
            .prop_map(|(cents, capture)| Move::Authorise { cents, capture }),
        2 => (0_usize..8).prop_map(Move::Capture),
        2 => (0_usize..8).prop_map(Move::Release),
        1 => (0_u32..50_000).prop_map(Move::PayIn),
        1 => (0_u32..50_000).prop_map(Move::TakeOut),
        2 => (0_usize..8).prop_map(Move::Reverse),
        2 => ((0_usize..8), (0_u32..20_000)).prop_map(|(at, cents)| Move::Refund(at, cents)),
        3 => Just(Move::LetHappen),
    ];
    proptest::collection::vec(one, 1..40)
}

/// One customer, account and card, all active, and what was done with them.
struct Shop {
    account: offblocks_types::AccountId,
    card: offblocks_types::CardId,
    authorisations: Vec<AuthorisationId>,
    paid_in: Decimal,
}

impl Shop {
    async fn open(work: &mut Work<'_>) -> Result<Self, Failure> {
        let id = |number| uuid::Uuid::from_u128(number);
        let now = work.now;
        let chain = "eip155:300:0x30dFcFdEdD5ebe78b03ceFbA9Ef0f7A00d3bA8bd";
        let chain: offblocks_types::BlockchainAccountId = chain.parse().unwrap();
        let status = CustomerStatus::Active;
        let customer = Customer::new(id(1).into(), "one", chain.clone(), status, now, now);
        work.insert(&customer).await?;
        let (kind, status) = (AccountType::CardAccount, AccountStatus::Active);
        let mut account = Account::new(id(2).into(), customer.id, status, kind, now, now);
        account.chain_id = Some(chain);
        let record = AccountRecord {
            account,
            currency: "EUR".to_owned(),
            inactive_cause: None,
        };
        work.insert(&record).await?;
        work.update(&record).await?;
        let account = record.account.id;
        super::open(work, account).await?;
        let (kind, status) = (CardType::Virtual, CardStatus::Active);
        let card = Card::new(id(3).into(), account, kind, status, now, now);
        let record = CardRecord {
            card,
            inactive_cause: None,
        };
        work.insert(&record).await?;
        Ok(Self {
            account,
            card: record.card.id,
            authorisations: Vec::new(),
            paid_in: work.settings.initial_balance,
        })
    }

    async fn make(&mut self, work: &mut Work<'_>, step: &Move) -> Result<(), Failure> {
        let euros = |cents: u32| Decimal::new(cents.into(), 2);
        match *step {
            Move::Authorise { cents, capture } => {
                // Every third one is in a currency that has to be converted.
                let currency = if cents % 3 == 0 { "GBP" } else { "EUR" };
                let amount = euros(cents).into();
                let request = SimulateCardAuthorisationRequest::new(amount, currency, capture);
                let made = authorisations::create(work, self.card, &request).await?;
                self.authorisations.push(made.id);
            }
            Move::Capture(at) => {
                if let Some(id) = self.authorisations.get(at) {
                    authorisations::capture(work, *id).await?;
                }
            }
            Move::Release(at) => {
                if let Some(id) = self.authorisations.get(at) {
                    authorisations::release(work, *id).await?;
                }
            }
            Move::PayIn(cents) => {
                super::pay_in(work, self.account, euros(cents)).await?;
                self.paid_in += euros(cents);
            }
            Move::TakeOut(cents) => {
                super::take_out(work, self.account, euros(cents)).await?;
                self.paid_in -= euros(cents);
            }
            Move::Reverse(at) => {
                if let Some(id) = self.transaction(work, at).await? {
                    transactions::reverse(work, id).await?;
                }
            }
            Move::Refund(at, cents) => {
                if let Some(id) = self.transaction(work, at).await? {
                    transactions::refund(work, id, euros(cents)).await?;
                }
            }
            Move::LetHappen => {
                due::apply(work).await?;
            }
        }
        Ok(())
    }

    async fn transaction(
        &self,
        work: &mut Work<'_>,
        at: usize,
    ) -> Result<Option<TransactionId>, Failure> {
        let all = transactions::of_account(work, self.account).await?;
        Ok(all.get(at).map(|transaction| transaction.id))
    }

    /// What has to be true after each move.
    async fn check(&self, work: &mut Work<'_>) -> Result<(), Failure> {
        let books = ledger::books(work.conn, self.account).await?;
        assert_eq!(books.values().sum::<Decimal>(), Decimal::ZERO, "{books:?}");
        for (kept, amount) in &books {
            assert!(*kept == Book::Outside || !amount.is_sign_negative() || amount.is_zero());
        }
        let mut added = super::Books::new();
        for posting in ledger::postings(work.conn, self.account).await? {
            assert!(posting.amount > Decimal::ZERO, "{posting:?}");
            *added.entry(posting.from).or_default() -= posting.amount;
            *added.entry(posting.to).or_default() += posting.amount;
        }
        assert_eq!(added, books, "each movement is in the books once");
        assert_eq!(-book(&books, Book::Outside), self.paid_in);

        let mut held = Decimal::ZERO;
        for id in &self.authorisations {
            let authorisation = authorisations::get(work, *id).await?;
            let open = [
                AuthorisationStatus::Pending,
                AuthorisationStatus::Capturing,
                AuthorisationStatus::Releasing,
            ];
            if open.contains(&authorisation.status) {
                held += super::quote(work, money::kept(&authorisation.amount))?.amount;
            }
        }
        assert_eq!(book(&books, Book::Held), held);

        let (mut merchant, mut spent) = (Decimal::ZERO, Decimal::ZERO);
        for it in transactions::of_account(work, self.account).await? {
            let fees = it.fees.iter().map(|fee| money::kept(&fee.token_amount));
            let (amount, token) = (money::kept(&it.amount), money::kept(&it.token_amount));
            assert_eq!(amount + fees.sum::<Decimal>(), token, "{it:?}");
            let links = match it.status {
                TransactionStatus::Processing => 0,
                TransactionStatus::Processed | TransactionStatus::Reversing => 1,
                _ => 2,
            };
            assert_eq!(it.chain_transactions.len(), links, "{it:?}");
            match (it.direction, it.status) {
                (TransactionDirection::Debit, TransactionStatus::Reversed)
                | (TransactionDirection::Credit, TransactionStatus::Processing) => {}
                (TransactionDirection::Debit, _) => {
                    merchant += amount;
                    spent += token;
                }
                _ => {
                    merchant -= amount;
                    spent -= token;
                }
            }
        }
        assert_eq!(book(&books, Book::Merchant), merchant);
        let available = book(&books, Book::Available);
        assert_eq!(available + held + spent, self.paid_in);
        Ok(())
    }
}

fn sandbox() -> Surroundings {
    let start: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
    Surroundings::new(ManualClock::new(start), SeededRandom::new(1))
}

fn settings() -> Settings {
    let mut settings = Settings {
        follow_up_delay: std::time::Duration::ZERO,
        initial_balance: Decimal::from(500),
        service_fee_rate: Decimal::new(15, 3),
        partner_fee_rate: Decimal::new(333_333, 8),
        ..Settings::default()
    };
    let rate = Decimal::new(117_512_345, 8);
    settings.exchange_rates.insert("GBP".to_owned(), rate);
    settings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn money_is_neither_made_nor_lost(moves in moves()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let builder = Sandbox::builder(sandbox()).settings(settings());
            let sandbox = builder.build().await.unwrap();
            let mut unit = sandbox.world.begin_alone().await.unwrap();
            let work = &mut unit.work().unwrap();
            let mut shop = Shop::open(work).await.unwrap();
            for step in &moves {
                match shop.make(work, step).await {
                    Ok(())
                    | Err(
                        Failure::Invalid(_)
                        | Failure::InvalidMember { .. }
                        | Failure::Conflict(_),
                    ) => {}
                    Err(failure) => panic!("{step:?}: {failure}"),
                }
                shop.check(work).await.unwrap();
            }
            due::apply(work).await.unwrap();
            shop.check(work).await.unwrap();
        });
    }
}

#[tokio::test]
async fn a_balance_pays_what_it_has_and_no_more() {
    let mut settings = settings();
    settings.initial_balance = Decimal::from(10);
    settings.service_fee_rate = Decimal::ZERO;
    settings.partner_fee_rate = Decimal::ZERO;
    let builder = Sandbox::builder(sandbox()).settings(settings);
    let sandbox = builder.build().await.unwrap();
    let mut unit = sandbox.world.begin_alone().await.unwrap();
    let work = &mut unit.work().unwrap();
    let mut shop = Shop::open(work).await.unwrap();
    // The network fee of 0.01 has to be paid too.
    for (cents, accepted) in [(1_000, false), (998, true), (1, false)] {
        let cents = Move::Authorise {
            cents,
            capture: false,
        };
        let made = shop.make(work, &cents).await;
        assert_eq!(made.is_ok(), accepted, "{cents:?}: {made:?}");
        if let Err(declined) = made {
            let reason = declined.to_string();
            assert!(reason.starts_with("declined for the balance"), "{reason}");
        }
    }
}

#[test]
fn amounts_that_cannot_be_kept_exactly_are_rejected() {
    for (amount, kept) in [
        ("0.000001", true),
        ("10000000000000000000000", true),
        ("20.0000000000000000", true),
        ("0.0000001", false),
        ("10000000000000000000000.1", false),
        ("0", false),
        ("-1", false),
    ] {
        let verdict = super::check(amount.parse().unwrap());
        assert_eq!(verdict.is_ok(), kept, "{amount}: {verdict:?}");
    }
}

#[tokio::test]
async fn accounts_and_authorisations_from_before_the_ledger_go_on() {
    let builder = Sandbox::builder(sandbox()).settings(settings());
    let sandbox = builder.build().await.unwrap();
    let mut unit = sandbox.world.begin_alone().await.unwrap();
    let work = &mut unit.work().unwrap();
    let mut shop = Shop::open(work).await.unwrap();
    let authorise = Move::Authorise {
        cents: 1_000,
        capture: false,
    };
    shop.make(work, &authorise).await.unwrap();
    shop.make(work, &authorise).await.unwrap();
    for table in ["ledger_holds", "ledger_postings", "ledger_books"] {
        let query = sql::AssertSqlSafe(format!("DELETE FROM {table}"));
        let query = sql::query(query);
        query.execute(&mut *work.conn).await.unwrap();
    }
    // Whoever only looks sees the first balance, and writes nothing.
    let seen = super::books(work, shop.account).await.unwrap();
    assert_eq!(book(&seen, Book::Available), work.settings.initial_balance);
    assert!(
        ledger::books(work.conn, shop.account)
            .await
            .unwrap()
            .is_empty()
    );
    for step in [Move::Capture(0), Move::Release(1), Move::LetHappen] {
        shop.make(work, &step).await.unwrap();
    }
    shop.check(work).await.unwrap();
    shop.make(work, &authorise).await.unwrap();
    shop.check(work).await.unwrap();
}
