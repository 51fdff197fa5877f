//! Nothing of one programme can be seen or changed by way of another, whatever operation is called.

use offblocks_sandbox::{Database, ProgrammeName, Sandbox};
use offblocks_server::{Operation, operations};
use serde_json::{Value, json};

use crate::common::{ALL, Caller, LocalWallet, Stage, card, text};

/// Those that take the caller's own access away: they come last.
const LAST: [&str; 3] = ["deleteSigningKey", "updateCredentials", "deleteCredentials"];

#[tokio::test]
async fn no_operation_reaches_into_another_programme() {
    let folder = tempfile::tempdir().unwrap();
    for database in [Database::Memory, Database::File(folder.path().join("s.db"))] {
        let stage = Stage::with(|settings| settings.database = database).await;
        let one = programme(&stage, "one").await;
        let two = programme(&stage, "two").await;
        let scene = Scene::at(&one).await;
        let (before, main) = (kept(&one.sandbox).await, kept(&stage.sandbox).await);
        let all = operations::all().iter();
        let (last, first): (Vec<_>, Vec<_>) = all.partition(|it| LAST.contains(&it.id));
        assert_eq!(first.len() + last.len(), 46, "every operation is called");
        for operation in first.into_iter().chain(last) {
            scene.try_at(&two, &one.caller.token, operation).await;
        }
        assert_eq!(kept(&one.sandbox).await, before, "what is kept of one");
        assert_eq!(kept(&stage.sandbox).await, main, "what is kept beside both");
        // It still serves its own caller.
        let path = format!("/cards/{}", scene.card);
        assert_eq!(one.caller.status(&path).await, "active");
        stage.stop().await;
    }
}

struct Programme {
    caller: Caller,
    sandbox: Sandbox,
}

async fn programme(stage: &Stage, name: &str) -> Programme {
    let name: ProgrammeName = name.parse().unwrap();
    let made = stage.sandbox.create_programme(&name).await.unwrap();
    let url = stage.caller.base_url.join(&made.base_path).unwrap();
    let caller = Caller::with(&url, stage.clock.clone(), made.credentials).await;
    let sandbox = stage.sandbox.programme(&name).await.unwrap().unwrap();
    Programme { caller, sandbox }
}

/// Everything that a sandbox keeps.
async fn kept(sandbox: &Sandbox) -> String {
    let (bytes, _) = sandbox.snapshot(Vec::new()).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// One of everything.
struct Scene {
    customer: String,
    account: String,
    card: String,
    authorisation: String,
    transaction: String,
    webhook: String,
}

impl Scene {
    async fn at(programme: &Programme) -> Self {
        let caller = &programme.caller;
        let (customer, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
        let path = format!("/simulator/cards/{card}/authorisation");
        let body = json!({"amount": "1", "currency": "EUR", "capture": true});
        let authorisation = caller.post(&path, body).await.expect(201);
        let path = format!("/cards/{card}/transactions");
        let transactions = caller.get(&path).await.expect(200);
        // The last, so that nothing is delivered while what is kept is compared.
        let webhook = caller.subscribe("http://127.0.0.1:9/", ALL).await;
        Self {
            customer,
            account,
            card,
            authorisation: text(&authorisation, "id"),
            transaction: text(&transactions[0], "id"),
            webhook: text(&webhook, "id"),
        }
    }

    /// Calls an operation at another programme about what is in this one, with the token of this
    /// one and then with its own.
    async fn try_at(&self, other: &Programme, token: &str, operation: &Operation) {
        let path = self.path(operation);
        let call = || {
            let call = other.caller.call(operation.method, &path);
            match self.body(operation.id) {
                Some(body) => call.body(body),
                None => call,
            }
        };
        if !operation.security.is_empty() {
            let response = call().token(token).send().await;
            assert_eq!(response.status, 401, "{}: {response:?}", operation.id);
        }
        let response = call().send().await;
        let of_one = operation.path.contains('{');
        let rejected = [400, 401, 404, 409].contains(&response.status);
        assert!(!of_one || rejected, "{}: {response:?}", operation.id);
        assert_ne!(response.status, 500, "{}", operation.id);
        for id in [
            &self.customer,
            &self.account,
            &self.card,
            &self.authorisation,
            &self.transaction,
            &self.webhook,
        ] {
            // What a rejection repeats is what was asked for.
            assert!(
                rejected || !response.text.contains(id.as_str()),
                "{} shows {id}: {response:?}",
                operation.id
            );
        }
    }

    fn path(&self, operation: &Operation) -> String {
        let ids = [
            ("{customerId}", &self.customer),
            ("{accountId}", &self.account),
            ("{cardId}", &self.card),
            ("{authorisationId}", &self.authorisation),
            ("{transactionId}", &self.transaction),
            ("{webhookId}", &self.webhook),
        ];
        let path = ids
            .iter()
            .fold(operation.path.to_owned(), |path, (name, id)| {
                path.replace(name, id)
            });
        assert!(!path.contains('{'), "give {path} an id of the scene");
        path
    }

    /// A valid body, where the operation takes one.
    fn body(&self, operation: &str) -> Option<Value> {
        let challenge = json!({
            "ownerId": LocalWallet::numbered(1).owner().to_string(), "challenge": "YQ==", "signature": "YQ==",
        });
        Some(match operation {
            "getToken" => json!({
                "apiKey": "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10", "apiSecret": "somebody else's",
            }),
            "updateSigningKey" => json!({
                "signingKeyId": "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85d", "signingKey": "YQ==",
            }),
            "deleteSigningKey" => json!({"signingKeyId": "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c"}),
            "updateCredentials" => json!({
                "apiKey": "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10", "apiSecret": "a new secret",
            }),
            "deleteCredentials" => json!({"apiKey": "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10"}),
            "createCustomer" => json!({
                "chainId": LocalWallet::numbered(1).owner().to_string(), "externalId": "customer-1",
            }),
            "createCustomerAccount" => json!({"type": "card_account", "currencies": ["EUR"]}),
            "createAccountCard" => card(),
            "signCustomerChallenge" | "signAccountChallenge" => challenge,
            "saveWebhook" => json!({
                "id": self.webhook, "callbackUrl": "http://127.0.0.1:9/", "types": ["card.updated"],
            }),
            "simulateCardAuthorisation" => json!({
                "amount": "1", "currency": "EUR", "capture": false,
            }),
            _ => return None,
        })
    }
}
