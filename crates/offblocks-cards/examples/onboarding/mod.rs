//! What comes before the first card: an active customer and an active account.

pub mod wallet;

use std::error::Error;

use offblocks_client::Client;
use offblocks_types::{
    AccountId, AccountType, CreateCustomerAccountRequest, CreateCustomerRequest, CustomerId,
};
use wallet::Wallet;

/// A customer and its account, both active. `settle` lets the sandbox take its automatic steps; it
/// has nothing to do where they take no time.
pub async fn onboard(
    client: &Client,
    settle: impl Fn(),
) -> Result<(CustomerId, AccountId), Box<dyn Error>> {
    let wallet = Wallet::new()?;
    let request = CreateCustomerRequest::new(wallet.owner()?, "customer-1");
    let customer = client.create_customer(request).send().await?;
    let signature = wallet.sign(&customer.challenge)?;
    let call = client.sign_customer_challenge(customer.id, signature);
    call.send().await?;
    settle();
    client.simulate_verify_customer(customer.id).send().await?;
    settle();
    let account = open_account(client, customer.id, settle).await?;
    Ok((customer.id, account))
}

/// A further active account of the customer.
pub async fn open_account(
    client: &Client,
    customer: CustomerId,
    settle: impl Fn(),
) -> Result<AccountId, Box<dyn Error>> {
    let currencies = vec!["EUR".to_owned()];
    let request = CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies);
    let call = client.create_customer_account(customer, request);
    let account = call.send().await?;
    let signature = Wallet::new()?.sign(&account.challenge)?;
    let call = client.sign_account_challenge(account.id, signature);
    call.send().await?;
    settle();
    Ok(account.id)
}
