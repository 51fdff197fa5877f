//! One call of every operation.

use std::pin::Pin;

use offblocks_client::{Client, Error};
use offblocks_sandbox::testing::LocalWallet;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_types::{
    AccountType, CreateCustomerAccountRequest, CreateCustomerRequest, DeleteCredentialsRequest,
    DeleteSigningKeyRequest, GetTokenRequest, OwnerSignature, UpdateCredentialsRequest,
    UpdateSigningKeyRequest,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

use crate::stage::{Stage, order};

/// A call on its way.
pub type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Makes a call with this client; a change is made under the key.
pub type Call = Box<dyn Fn(&Client, Uuid) -> Sending>;

/// The identifier of things that do not exist.
fn unknown<T: From<Uuid>>() -> T {
    Uuid::from_u128(0xdead).into()
}

fn value<T: DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn signature() -> OwnerSignature {
    let owner = LocalWallet::numbered(1).owner();
    OwnerSignature::new(owner, b"text".to_vec(), b"signature".to_vec())
}

macro_rules! calls {
    ($($name:literal $kind:ident |$client:ident| $call:expr;)*) => {
        vec![$(($name, {
            let call: Call = Box::new(move |$client, _key| {
                let call = calls!(@ $kind $call, _key);
                Box::pin(async move { call.send().await.map(drop) })
            });
            call
        })),*]
    };
    (@ keyed $call:expr, $key:ident) => { $call.idempotency_key($key) };
    (@ plain $call:expr, $key:ident) => { $call };
}

/// A call of every operation, by its id. Those that create something succeed; most of the others are
/// rejected by the sandbox, since what they name does not exist.
pub fn every(stage: &Stage) -> Vec<(&'static str, Call)> {
    let (customer, account) = (stage.customer, stage.account);
    let (key, id) = stage.sandbox.signing_key();
    let id: Uuid = id.as_str().parse().unwrap();
    let public = key.public_key().to_spki_pem().into_bytes();
    let mut all = changes(customer, account);
    all.extend(calls! {
        "getToken" plain |client| client.get_token(GetTokenRequest::new(DEFAULT_API_KEY, DEFAULT_API_SECRET));
        "updateSigningKey" plain |client| client.update_signing_key(UpdateSigningKeyRequest::new(id, public.clone()));
        "deleteSigningKey" plain |client| client.delete_signing_key(DeleteSigningKeyRequest::new(unknown()));
        "updateCredentials" plain |client| client.update_credentials(UpdateCredentialsRequest::new(DEFAULT_API_KEY, DEFAULT_API_SECRET));
        "deleteCredentials" plain |client| client.delete_credentials(DeleteCredentialsRequest::new(unknown()));
        "createCustomerAccount" keyed |client| client.create_customer_account(customer, CreateCustomerAccountRequest::new(AccountType::CardAccount, ["EUR"]));
        "getCustomerAccounts" plain |client| client.get_customer_accounts(customer);
        "getAccounts" plain |client| client.get_accounts();
        "getAccount" plain |client| client.get_account(account);
        "getAccountChallenge" plain |client| client.get_account_challenge(account);
        "getAuthorisationDetails" plain |client| client.get_authorisation_details(unknown());
        "getAccountCards" plain |client| client.get_account_cards(account);
        "getCards" plain |client| client.get_cards();
        "getCard" plain |client| client.get_card(unknown());
        "getCustomers" plain |client| client.get_customers();
        "getCustomer" plain |client| client.get_customer(customer);
        "getCustomerChallenge" plain |client| client.get_customer_challenge(customer);
        "getChains" plain |client| client.get_chains();
        "getAssets" plain |client| client.get_assets();
        "getAccountTransactions" plain |client| client.get_account_transactions(account);
        "getCardTransactions" plain |client| client.get_card_transactions(unknown());
        "getTransactionDetails" plain |client| client.get_transaction_details(unknown());
        "getWebhooks" plain |client| client.get_webhooks();
        "getWebhook" plain |client| client.get_webhook(unknown());
        "getWebhookVerificationKey" plain |client| client.get_webhook_verification_key();
    });
    all
}

fn changes(
    customer: offblocks_types::CustomerId,
    account: offblocks_types::AccountId,
) -> Vec<(&'static str, Call)> {
    let owner = "eip155:300:0x30dfcfdedd5ebe78b03cefba9ef0f7a00d3ba8bd";
    calls! {
        "createCustomer" keyed |client| client.create_customer(CreateCustomerRequest::new(owner.parse().unwrap(), "customer-2"));
        "signCustomerChallenge" keyed |client| client.sign_customer_challenge(customer, signature());
        "deactivateCustomer" keyed |client| client.deactivate_customer(unknown());
        "activateCustomer" keyed |client| client.activate_customer(unknown());
        "createAccountCard" keyed |client| client.create_account_card(account, order());
        "signAccountChallenge" keyed |client| client.sign_account_challenge(account, signature());
        "closeAccount" keyed |client| client.close_account(unknown());
        "deactivateAccount" keyed |client| client.deactivate_account(unknown());
        "activateAccount" keyed |client| client.activate_account(unknown());
        "deleteCard" keyed |client| client.delete_card(unknown());
        "deactivateCard" keyed |client| client.deactivate_card(unknown());
        "activateCard" keyed |client| client.activate_card(unknown());
        "simulateVerifyCustomer" keyed |client| client.simulate_verify_customer(unknown());
        "simulateRejectCustomer" keyed |client| client.simulate_reject_customer(unknown());
        "simulateIssueCard" keyed |client| client.simulate_issue_card(unknown());
        "simulateCardFail" keyed |client| client.simulate_card_fail(unknown());
        "simulateCardAuthorisation" keyed |client| client.simulate_card_authorisation(unknown(), value(json!({
            "amount": "12.5", "currency": "EUR", "capture": false,
        })));
        "simulateCardAuthorisationCapture" keyed |client| client.simulate_card_authorisation_capture(unknown());
        "simulateCardAuthorisationRelease" keyed |client| client.simulate_card_authorisation_release(unknown());
        "saveWebhook" keyed |client| client.save_webhook(value(json!({
            "callbackUrl": "http://127.0.0.1:9/hooks", "types": ["card.updated"],
        })));
        "deleteWebhook" keyed |client| client.delete_webhook(unknown());
    }
}
