//! Accounts: opening, ownership, deployment, activity, closing.

use offblocks_cards::rules::{AccountMove, Actor, check_account_owner};
use offblocks_types::{
    Account, AccountId, AccountStatus, CreateCustomerAccountRequest, CreateCustomerAccountResponse,
    CustomerId, CustomerStatus, OwnerChallenge, OwnerSignature,
};

use super::challenges::{self, Owner};
use super::step::Step;
use super::{Work, cards, catalogue, ledger, lookup, rules, steps};
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::InactiveCause;
use crate::store::accounts::{self, AccountRecord};

const OPENING: &str = "I open an OffBlocks account owned by this wallet.";
const CLOSING: &str = "I close the OffBlocks account owned by this wallet.";

/// `createCustomerAccount`: the account and the text its owner's wallet has to sign.
pub(crate) async fn create(
    work: &mut Work<'_>,
    customer_id: CustomerId,
    request: CreateCustomerAccountRequest,
) -> Result<CreateCustomerAccountResponse, Failure> {
    let customer = lookup::customer(work, customer_id).await?;
    check_account_owner(rules::state(&customer.status)?)
        .map_err(|reason| Failure::invalid(reason.to_string()))?;
    let currency = only_currency(work, &request.currencies)?;
    let record = open(work, customer_id, request.r#type, currency);
    work.insert(&record).await?;
    let owner = Owner {
        id: record.account.id.into(),
        wallet: &customer.chain_id,
        statement: OPENING,
    };
    let challenge = challenges::issue(work, owner).await?;
    Ok(with_challenge(record.account, challenge))
}

/// `getAccounts`.
pub(crate) async fn list(work: &mut Work<'_>) -> Result<Vec<Account>, Failure> {
    Ok(plain(accounts::list(work.conn).await?))
}

/// `getCustomerAccounts`.
pub(crate) async fn of_customer(
    work: &mut Work<'_>,
    id: CustomerId,
) -> Result<Vec<Account>, Failure> {
    lookup::customer(work, id).await?;
    Ok(plain(accounts::of_customer(work.conn, id).await?))
}

/// `getAccount`.
pub(crate) async fn get(work: &mut Work<'_>, id: AccountId) -> Result<Account, Failure> {
    Ok(find(work, id).await?.account)
}

/// `getAccountChallenge`: always a fresh one, which voids the one before. None once the owner agreed to
/// the closing.
pub(crate) async fn challenge(
    work: &mut Work<'_>,
    id: AccountId,
) -> Result<OwnerChallenge, Failure> {
    let account = get(work, id).await?;
    let statement = statement(&account.status).ok_or_else(|| nothing_to_sign(&account))?;
    let is_closed = account.status == AccountStatus::Closed;
    if is_closed && challenges::is_signed(work, id.into()).await? {
        let reason = "the account is closed, and its owner's consent was already signed";
        return Err(Failure::invalid(reason));
    }
    let wallet = lookup::customer(work, account.customer_id).await?.chain_id;
    challenges::issue(
        work,
        Owner {
            id: id.into(),
            wallet: &wallet,
            statement,
        },
    )
    .await
}

/// `signAccountChallenge`: opening, `initiating` → `pending` (or `failed`, when the customer is
/// not active any more); after closing it only notes the consent.
pub(crate) async fn sign(
    work: &mut Work<'_>,
    id: AccountId,
    given: &OwnerSignature,
) -> Result<(), Failure> {
    let record = find(work, id).await?;
    let customer = lookup::customer(work, record.account.customer_id).await?;
    let Some(statement) = statement(&record.account.status) else {
        return Err(unsignable(work, &record.account).await?);
    };
    let owner = Owner {
        id: id.into(),
        wallet: &customer.chain_id,
        statement,
    };
    challenges::sign(work, owner, given, work.settings.check_account_signatures).await?;
    match record.account.status {
        AccountStatus::Initiating => begin_deployment(work, record, &customer.status).await,
        _ => Ok(()),
    }
}

/// `closeAccount`: its cards are terminated, and a challenge waits for the owner's consent.
pub(crate) async fn close(work: &mut Work<'_>, id: AccountId) -> Result<(), Failure> {
    let record = find(work, id).await?;
    let customer = lookup::customer(work, record.account.customer_id).await?;
    change(work, record, AccountMove::Close, None).await?;
    cards::terminate_all(work, id).await?;
    let owner = Owner {
        id: id.into(),
        wallet: &customer.chain_id,
        statement: CLOSING,
    };
    challenges::issue(work, owner).await?;
    Ok(())
}

/// `deactivateAccount`: its active cards are deactivated too.
pub(crate) async fn deactivate(work: &mut Work<'_>, id: AccountId) -> Result<Account, Failure> {
    let record = find(work, id).await?;
    let own = Some(InactiveCause::Own);
    let account = change(work, record, AccountMove::Deactivate, own).await?;
    cards::deactivate_all(work, id, InactiveCause::Account).await?;
    Ok(account)
}

/// `activateAccount`: reactivates the cards that its deactivation deactivated, and no others.
pub(crate) async fn activate(work: &mut Work<'_>, id: AccountId) -> Result<Account, Failure> {
    let record = find(work, id).await?;
    rules::check(&record, AccountMove::Activate, Actor::Programme)?;
    let customer = lookup::customer(work, record.account.customer_id).await?;
    if customer.status != CustomerStatus::Active {
        return Err(Failure::conflict(format!(
            "its customer is {}: activate the customer first",
            customer.status
        )));
    }
    let account = change(work, record, AccountMove::Activate, None).await?;
    cards::reactivate_all(work, id, InactiveCause::Account).await?;
    Ok(account)
}

/// What OffBlocks does when the validation of an account fails: `initiating` → `failed`.
pub(crate) async fn fail(work: &mut Work<'_>, id: AccountId) -> Result<Account, Failure> {
    let record = find(work, id).await?;
    change(work, record, AccountMove::Fail, None).await
}

/// Deactivates a customer's active accounts, and their active cards.
pub(super) async fn deactivate_all(work: &mut Work<'_>, id: CustomerId) -> Result<(), Failure> {
    for record in accounts::of_customer(work.conn, id).await? {
        let account_id = record.account.id;
        if record.account.status == AccountStatus::Active {
            change(
                work,
                record,
                AccountMove::Deactivate,
                Some(InactiveCause::Customer),
            )
            .await?;
        }
        cards::deactivate_all(work, account_id, InactiveCause::Customer).await?;
    }
    Ok(())
}

/// Activates the accounts and cards that were deactivated with their customer.
pub(super) async fn reactivate_all(work: &mut Work<'_>, id: CustomerId) -> Result<(), Failure> {
    for record in accounts::of_customer(work.conn, id).await? {
        let account_id = record.account.id;
        if record.inactive_cause == Some(InactiveCause::Customer) {
            change(work, record, AccountMove::Activate, None).await?;
            cards::reactivate_all(work, account_id, InactiveCause::Customer).await?;
        }
    }
    Ok(())
}

/// The scheduled end of deployment: the account has an address on its owner's chain. It is
/// deactivated at once when its customer is inactive by then. Returns whether it happened.
pub(super) async fn deploy(work: &mut Work<'_>, id: AccountId) -> Result<bool, Failure> {
    let mut record = find(work, id).await?;
    if record.account.status != AccountStatus::Pending {
        return Ok(false);
    }
    let customer = lookup::customer(work, record.account.customer_id).await?;
    let chain = catalogue::evm_account(&customer.chain_id)?.chain;
    let address = siwe::eip55(&work.random.bytes());
    record.account.chain_id = format!("eip155:{chain}:{address}").parse().ok();
    change(work, record, AccountMove::Deploy, None).await?;
    ledger::open(work, id).await?;
    if customer.status != CustomerStatus::Active {
        deactivate_all(work, customer.id).await?;
    }
    Ok(true)
}

/// An account, with what only the sandbox stores of it.
pub(crate) async fn find(work: &mut Work<'_>, id: AccountId) -> Result<AccountRecord, Failure> {
    lookup::account(work, id).await
}

async fn begin_deployment(
    work: &mut Work<'_>,
    record: AccountRecord,
    customer: &CustomerStatus,
) -> Result<(), Failure> {
    let id = record.account.id;
    if *customer != CustomerStatus::Active {
        change(work, record, AccountMove::Fail, None).await?;
        return Ok(());
    }
    change(work, record, AccountMove::ProveOwnership, None).await?;
    steps::schedule(work, Step::DeployAccount, id.into()).await
}

async fn change(
    work: &mut Work<'_>,
    mut record: AccountRecord,
    cause: AccountMove,
    inactive_cause: Option<InactiveCause>,
) -> Result<Account, Failure> {
    record.inactive_cause = inactive_cause;
    Ok(rules::change(work, record, cause, actor(cause))
        .await?
        .account)
}

fn open(
    work: &Work<'_>,
    customer_id: CustomerId,
    kind: offblocks_types::AccountType,
    currency: String,
) -> AccountRecord {
    let mut account = Account::new(
        work.random.uuid().into(),
        customer_id,
        AccountStatus::Initiating,
        kind,
        work.now,
        work.now,
    );
    account.currencies = Some(vec![currency.clone()]);
    AccountRecord {
        account,
        currency,
        inactive_cause: None,
    }
}

fn only_currency(work: &Work<'_>, currencies: &[String]) -> Result<String, Failure> {
    let supported = &work.settings.currency;
    match currencies {
        [currency] if currency == supported => Ok(currency.clone()),
        _ => Err(Failure::at(
            "/currencies",
            format!("an account has exactly one currency for now: {supported}"),
        )),
    }
}

fn with_challenge(account: Account, challenge: OwnerChallenge) -> CreateCustomerAccountResponse {
    let mut response = CreateCustomerAccountResponse::new(
        account.id,
        account.customer_id,
        account.status,
        account.r#type,
        account.created_at,
        account.updated_at,
        challenge.challenge,
    );
    response.chain_id = account.chain_id;
    response.currencies = account.currencies;
    response
}

/// Who makes this move; no simulator touches accounts.
const fn actor(cause: AccountMove) -> Actor {
    match cause {
        AccountMove::Fail | AccountMove::Deploy => Actor::OffBlocks,
        _ => Actor::Programme,
    }
}

/// Why nothing is signed of this account. One that is `failed` may never have been signed.
async fn unsignable(work: &mut Work<'_>, account: &Account) -> Result<Failure, Failure> {
    let has_failed = account.status == AccountStatus::Failed;
    if has_failed && !challenges::is_signed(work, account.id.into()).await? {
        return Ok(nothing_to_sign(account));
    }
    Ok(Failure::conflict("the challenge was already signed"))
}

fn nothing_to_sign(account: &Account) -> Failure {
    Failure::invalid(format!(
        "the account is {}: nothing to sign",
        account.status
    ))
}

/// What the owner signs in this state, if anything.
fn statement(status: &AccountStatus) -> Option<&'static str> {
    match status {
        AccountStatus::Initiating => Some(OPENING),
        AccountStatus::Closed => Some(CLOSING),
        _ => None,
    }
}

fn plain(records: Vec<AccountRecord>) -> Vec<Account> {
    records.into_iter().map(|record| record.account).collect()
}
