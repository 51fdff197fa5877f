//! Customers: onboarding, ownership, verification, activity.

use offblocks_cards::rules::{Actor, CustomerMove, CustomerState, Lifecycle as _};
use offblocks_types::{
    BlockchainAccountId, CreateCustomerResponse, Customer, CustomerId, CustomerStatus,
    OwnerChallenge, OwnerSignature,
};

use super::challenges::{self, Owner};
use super::step::Step;
use super::{Work, accounts, catalogue, lookup, rules, steps};
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::customers;

const STATEMENT: &str = "I own this wallet and want to become an OffBlocks customer.";

/// `createCustomer`: the customer and the text its wallet has to sign.
pub(crate) async fn create(
    work: &mut Work<'_>,
    chain_id: BlockchainAccountId,
    external_id: String,
) -> Result<CreateCustomerResponse, Failure> {
    if external_id.trim().is_empty() {
        return Err(Failure::at("/externalId", "the external id is empty"));
    }
    catalogue::evm_account(&chain_id).map_err(|failure| failure.of_member("/chainId"))?;
    reject_double(work, &external_id, &chain_id).await?;
    let customer = Customer::new(
        work.random.uuid().into(),
        external_id,
        chain_id,
        CustomerStatus::Initiating,
        work.now,
        work.now,
    );
    work.insert(&customer).await?;
    let challenge = challenges::issue(work, owner(&customer)).await?;
    Ok(CreateCustomerResponse::new(
        customer.id,
        customer.external_id,
        customer.chain_id,
        customer.status,
        customer.created_at,
        customer.updated_at,
        challenge.challenge,
    ))
}

/// `getCustomers`.
pub(crate) async fn list(work: &mut Work<'_>) -> Result<Vec<Customer>, Failure> {
    Ok(customers::list(work.conn).await?)
}

/// `getCustomer`.
pub(crate) async fn get(work: &mut Work<'_>, id: CustomerId) -> Result<Customer, Failure> {
    lookup::customer(work, id).await
}

/// `getCustomerChallenge`: the one that waits for a signature, or a fresh one.
pub(crate) async fn challenge(
    work: &mut Work<'_>,
    id: CustomerId,
) -> Result<OwnerChallenge, Failure> {
    let customer = get(work, id).await?;
    if customer.status != CustomerStatus::Initiating {
        return Err(Failure::invalid(
            "the customer's challenge was already signed",
        ));
    }
    challenges::current(work, owner(&customer)).await
}

/// `signCustomerChallenge`: `initiating` → `screening`, which passes by itself.
pub(crate) async fn sign(
    work: &mut Work<'_>,
    id: CustomerId,
    given: &OwnerSignature,
) -> Result<(), Failure> {
    let customer = get(work, id).await?;
    if customer.status != CustomerStatus::Initiating {
        return Err(Failure::conflict("the challenge was already signed"));
    }
    challenges::sign(work, owner(&customer), given, true).await?;
    rules::change(
        work,
        customer,
        CustomerMove::ProveOwnership,
        Actor::Programme,
    )
    .await?;
    steps::schedule(work, Step::PassScreening, id.into()).await
}

/// `deactivateCustomer`: its active accounts and their active cards are deactivated too.
pub(crate) async fn deactivate(work: &mut Work<'_>, id: CustomerId) -> Result<Customer, Failure> {
    let customer = get(work, id).await?;
    let customer =
        rules::change(work, customer, CustomerMove::Deactivate, Actor::Programme).await?;
    accounts::deactivate_all(work, id).await?;
    Ok(customer)
}

/// `activateCustomer`: reactivates the accounts and cards that its deactivation deactivated, and
/// no others.
pub(crate) async fn activate(work: &mut Work<'_>, id: CustomerId) -> Result<Customer, Failure> {
    let customer = get(work, id).await?;
    let customer = rules::change(work, customer, CustomerMove::Activate, Actor::Programme).await?;
    accounts::reactivate_all(work, id).await?;
    Ok(customer)
}

/// `simulateVerifyCustomer`: `verifying` → `active`.
pub(crate) async fn verify(work: &mut Work<'_>, id: CustomerId) -> Result<(), Failure> {
    let customer = get(work, id).await?;
    rules::change(work, customer, CustomerMove::Verify, Actor::Simulator).await?;
    Ok(())
}

/// `simulateRejectCustomer`: `verifying` → `rejected`.
pub(crate) async fn reject(work: &mut Work<'_>, id: CustomerId) -> Result<(), Failure> {
    const ELSEWHERE: &str = "as `PATCH /customers/ID/reject` of the control plane does";
    let customer = get(work, id).await?;
    let is_final = rules::state::<CustomerState, _>(&customer.status)?.is_final();
    match rules::change(work, customer, CustomerMove::Reject, Actor::Simulator).await {
        Ok(_) => Ok(()),
        // The rules say that OffBlocks decides it in other states. Here, somebody stands in for it.
        Err(Failure::Conflict(reason)) if !is_final => {
            Err(Failure::conflict(format!("{reason}, {ELSEWHERE}")))
        }
        Err(failure) => Err(failure),
    }
}

/// What OffBlocks does when screening, verification or a later check fails: `rejected`. The active
/// accounts of an active customer, and their cards, are deactivated too.
pub(crate) async fn reject_for_offblocks(
    work: &mut Work<'_>,
    id: CustomerId,
) -> Result<Customer, Failure> {
    let customer = get(work, id).await?;
    let customer = rules::change(work, customer, CustomerMove::Reject, Actor::OffBlocks).await?;
    accounts::deactivate_all(work, id).await?;
    Ok(customer)
}

/// The scheduled end of screening. Returns whether it happened.
pub(super) async fn pass_screening(work: &mut Work<'_>, id: CustomerId) -> Result<bool, Failure> {
    let customer = get(work, id).await?;
    if customer.status != CustomerStatus::Screening {
        return Ok(false);
    }
    let (cause, actor) = (CustomerMove::PassScreening, Actor::OffBlocks);
    rules::change(work, customer, cause, actor).await?;
    Ok(true)
}

async fn reject_double(
    work: &mut Work<'_>,
    external_id: &str,
    chain_id: &BlockchainAccountId,
) -> Result<(), Failure> {
    match customers::find_same(work.conn, external_id, chain_id.as_ref()).await? {
        Some(known) if known.external_id == external_id => Err(Failure::conflict(format!(
            "customer {} has this external id",
            known.id
        ))),
        Some(known) => Err(Failure::conflict(format!(
            "customer {} has this address",
            known.id
        ))),
        None => Ok(()),
    }
}

fn owner(customer: &Customer) -> Owner<'_> {
    Owner {
        id: customer.id.into(),
        wallet: &customer.chain_id,
        statement: STATEMENT,
    }
}
