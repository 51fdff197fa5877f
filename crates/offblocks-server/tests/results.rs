//! Result types hold what the contract documents, and nothing else.

use std::collections::BTreeMap;

use http::StatusCode;
use offblocks_server::*;

/// The errors of every operation, by its id.
macro_rules! errors {
    ($($constant:ident: $error:ident,)*) => {
        fn statuses() -> BTreeMap<&'static str, &'static [u16]> {
            BTreeMap::from([$((operations::$constant.id, $error::STATUSES)),*])
        }

        #[test]
        fn a_problem_becomes_an_error_only_when_its_status_is_documented() {
            for code in 400..=599 {
                let status = StatusCode::from_u16(code).unwrap();
                $(
                    let known = $error::from_problem(Problem::new(status)).is_ok();
                    assert_eq!(known, $error::STATUSES.contains(&code), stringify!($error));
                )*
            }
        }
    };
}

errors! {
    GET_TOKEN: GetTokenError,
    UPDATE_SIGNING_KEY: UpdateSigningKeyError,
    DELETE_SIGNING_KEY: DeleteSigningKeyError,
    UPDATE_CREDENTIALS: UpdateCredentialsError,
    DELETE_CREDENTIALS: DeleteCredentialsError,
    GET_CHAINS: GetChainsError,
    GET_ASSETS: GetAssetsError,
    CREATE_CUSTOMER: CreateCustomerError,
    GET_CUSTOMERS: GetCustomersError,
    GET_CUSTOMER: GetCustomerError,
    GET_CUSTOMER_CHALLENGE: GetCustomerChallengeError,
    SIGN_CUSTOMER_CHALLENGE: SignCustomerChallengeError,
    DEACTIVATE_CUSTOMER: DeactivateCustomerError,
    ACTIVATE_CUSTOMER: ActivateCustomerError,
    CREATE_CUSTOMER_ACCOUNT: CreateCustomerAccountError,
    GET_CUSTOMER_ACCOUNTS: GetCustomerAccountsError,
    GET_ACCOUNTS: GetAccountsError,
    GET_ACCOUNT: GetAccountError,
    CLOSE_ACCOUNT: CloseAccountError,
    GET_ACCOUNT_CHALLENGE: GetAccountChallengeError,
    SIGN_ACCOUNT_CHALLENGE: SignAccountChallengeError,
    DEACTIVATE_ACCOUNT: DeactivateAccountError,
    ACTIVATE_ACCOUNT: ActivateAccountError,
    CREATE_ACCOUNT_CARD: CreateAccountCardError,
    GET_ACCOUNT_CARDS: GetAccountCardsError,
    GET_CARDS: GetCardsError,
    GET_CARD: GetCardError,
    DELETE_CARD: DeleteCardError,
    DEACTIVATE_CARD: DeactivateCardError,
    ACTIVATE_CARD: ActivateCardError,
    GET_ACCOUNT_TRANSACTIONS: GetAccountTransactionsError,
    GET_CARD_TRANSACTIONS: GetCardTransactionsError,
    GET_TRANSACTION_DETAILS: GetTransactionDetailsError,
    GET_AUTHORISATION_DETAILS: GetAuthorisationDetailsError,
    GET_WEBHOOKS: GetWebhooksError,
    SAVE_WEBHOOK: SaveWebhookError,
    GET_WEBHOOK: GetWebhookError,
    DELETE_WEBHOOK: DeleteWebhookError,
    GET_WEBHOOK_VERIFICATION_KEY: GetWebhookVerificationKeyError,
    SIMULATE_VERIFY_CUSTOMER: SimulateVerifyCustomerError,
    SIMULATE_REJECT_CUSTOMER: SimulateRejectCustomerError,
    SIMULATE_ISSUE_CARD: SimulateIssueCardError,
    SIMULATE_CARD_FAIL: SimulateCardFailError,
    SIMULATE_CARD_AUTHORISATION: SimulateCardAuthorisationError,
    SIMULATE_CARD_AUTHORISATION_CAPTURE: SimulateCardAuthorisationCaptureError,
    SIMULATE_CARD_AUTHORISATION_RELEASE: SimulateCardAuthorisationReleaseError,
}

#[test]
fn every_error_holds_the_documented_statuses() {
    let statuses = statuses();
    for &operation in operations::all() {
        let documented = operation
            .statuses
            .iter()
            .map(|key| key.parse::<u16>().unwrap());
        let documented: Vec<_> = documented.filter(|code| *code >= 400).collect();
        let held = statuses.get(operation.id);
        assert_eq!(
            held,
            Some(&&documented[..]),
            "add {} to the list above",
            operation.id
        );
    }
    assert_eq!(statuses.len(), operations::all().len());
}

/// behaviour.md, "Wire details": who documents 409, who is signed, who takes a key.
#[test]
fn the_table_knows_the_peculiarities_of_the_api() {
    let ids = |holds: fn(&Operation) -> bool| -> Vec<_> {
        let all = operations::all().iter().copied();
        all.filter(|operation| holds(operation))
            .map(|operation| operation.id)
            .collect()
    };
    assert_eq!(
        ids(|operation| operation.statuses.contains(&"409")),
        [
            "createCustomer",
            "signCustomerChallenge",
            "deactivateCustomer",
            "activateCustomer",
            "closeAccount",
            "signAccountChallenge",
            "deactivateAccount",
            "activateAccount",
            "deleteCard",
            "deactivateCard",
            "activateCard",
        ]
    );
    assert_eq!(
        ids(|operation| !operation.signed),
        [
            "getToken",
            "updateSigningKey",
            "deleteSigningKey",
            "updateCredentials",
            "deleteCredentials",
        ]
    );
    assert_eq!(
        ids(|operation| !operation.needs_authentication()),
        ["getToken"]
    );
    let keyed = |operation: &Operation| operation.signed && operation.method != "GET";
    assert_eq!(
        ids(|operation| operation.idempotency_key.is_some()),
        ids(keyed)
    );
    let digested = |operation: &Operation| operation.signed && operation.body.is_some();
    assert_eq!(ids(|operation| operation.digest), ids(digested));
}
