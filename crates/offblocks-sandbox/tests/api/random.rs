//! Calls in random order, about whatever there is: every response is one that the contract
//! documents, and no call is ever the sandbox's fault.
//!
//! A run can be repeated: its calls depend on the seed alone.

use std::collections::BTreeMap;

use conformance::{Base, Checker, Contract, Exchange, Headers, Intent, ReceivedResponse};
use offblocks_sandbox::Database;
use offblocks_server::{Operation, operations};
use serde_json::{Value, json};

use crate::common::{ALL, LocalWallet, Response, Stage, card, signed};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/offblocks.yaml");

/// How many calls a run has, unless `OFFBLOCKS_TEST_CALLS` says otherwise.
const CALLS: usize = 500;

#[tokio::test]
async fn every_response_of_a_random_sequence_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, database) in [
        (1, Database::Memory),
        (2, Database::File(folder.path().join("sandbox.db"))),
    ] {
        let stage = Stage::with(|settings| settings.database = database).await;
        let mut run = Run::new(seed);
        for _ in 0..calls() {
            run.call(&stage).await;
        }
        run.finish(&stage);
        stage.stop().await;
    }
}

fn calls() -> usize {
    #[expect(clippy::disallowed_methods, reason = "tests have no argument parser")]
    let wanted = std::env::var("OFFBLOCKS_TEST_CALLS");
    wanted.map_or(CALLS, |wanted| wanted.parse().unwrap())
}

/// A run: what draws, what there is, and what was said.
struct Run {
    state: u64,
    /// By the parameter of paths that they fill.
    ids: BTreeMap<&'static str, Vec<String>>,
    /// Customers and accounts whose owner has yet to sign, with the wallet of it.
    challenged: Vec<(String, u32, Value)>,
    wallets: BTreeMap<String, u32>,
    customers: u32,
    journeys: [Journey; JOURNEYS],
    exchanges: Vec<Exchange>,
    seen: BTreeMap<(&'static str, u16), usize>,
}

/// What a response's entity is, by the operation that made it.
const MADE: [(&str, &str); 5] = [
    ("createCustomer", "{customerId}"),
    ("createCustomerAccount", "{accountId}"),
    ("createAccountCard", "{cardId}"),
    ("simulateCardAuthorisation", "{authorisationId}"),
    ("saveWebhook", "{webhookId}"),
];

/// What would end the caller's access, and what gives it.
const LEFT_OUT: [&str; 5] = [
    "getToken",
    "updateSigningKey",
    "deleteSigningKey",
    "updateCredentials",
    "deleteCredentials",
];

/// How many ways to a card are gone at the same time.
const JOURNEYS: usize = 3;

/// The way to a card, and what is made on it. The last step is repeated.
const STEPS: [(&str, Option<&str>); 8] = [
    ("createCustomer", Some("{customerId}")),
    ("signCustomerChallenge", None),
    ("simulateVerifyCustomer", None),
    ("createCustomerAccount", Some("{accountId}")),
    ("signAccountChallenge", None),
    ("createAccountCard", Some("{cardId}")),
    ("simulateIssueCard", None),
    ("simulateCardAuthorisation", None),
];

#[derive(Clone, Default)]
struct Journey {
    step: usize,
    ids: Vec<(&'static str, String)>,
    /// What was made last.
    entity: Value,
}

impl Run {
    fn new(seed: u64) -> Self {
        Self {
            state: seed,
            ids: BTreeMap::new(),
            challenged: Vec::new(),
            wallets: BTreeMap::new(),
            customers: 0,
            journeys: Default::default(),
            exchanges: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// A pseudo-random number below `end` (a linear congruential generator).
    fn below(&mut self, end: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % end
    }

    async fn call(&mut self, stage: &Stage) {
        // The way to a card is long, so every second call goes on along one.
        if self.below(2) == 0 {
            return self.forward(stage).await;
        }
        let all: Vec<_> = operations::all()
            .iter()
            .filter(|it| !LEFT_OUT.contains(&it.id))
            .collect();
        let operation = all[self.below(all.len())];
        let body = self.body(operation.id);
        let path = self.path(operation, body.as_ref());
        self.send(stage, operation, &path, body).await;
    }

    /// The next step of one of a few journeys to a card. Other calls may have stopped it.
    async fn forward(&mut self, stage: &Stage) {
        let at = self.below(JOURNEYS);
        let Journey { step, ids, entity } = self.journeys[at].clone();
        let (id, parameter) = STEPS[step];
        let all = operations::all();
        let operation = all.iter().find(|it| it.id == id).unwrap();
        // The first of them have not been used by anybody else.
        let number = 1_000 + at as u32;
        let path = ids
            .iter()
            .fold(operation.path.to_owned(), |path, (name, id)| {
                path.replace(name, id)
            });
        let body = match id {
            "createCustomer" => Some(json!({
                "chainId": LocalWallet::numbered(number).owner().to_string(),
                "externalId": format!("customer-{number}"),
            })),
            "signCustomerChallenge" | "signAccountChallenge" => {
                Some(signed(&LocalWallet::numbered(number), &entity))
            }
            "simulateCardAuthorisation" => {
                Some(json!({"amount": "1", "currency": "EUR", "capture": true}))
            }
            other => self.valid(other),
        };
        let response = self.send(stage, operation, &path, body).await;
        let journey = &mut self.journeys[at];
        if response.status < 300 {
            journey.step = (step + 1).min(STEPS.len() - 1);
            if let Some(parameter) = parameter {
                journey.entity = response.json();
                let id = journey.entity["id"].as_str().unwrap().to_owned();
                journey.ids.push((parameter, id));
            }
        }
    }

    async fn send(
        &mut self,
        stage: &Stage,
        operation: &'static Operation,
        path: &str,
        body: Option<Value>,
    ) -> Response {
        let call = stage.caller.call(operation.method, path);
        let call = match &body {
            Some(body) => call.body(body.clone()),
            None => call,
        };
        let response = call.send().await;
        assert!(
            response.status < 500,
            "{} {path}: {response:?}",
            operation.id
        );
        *self
            .seen
            .entry((operation.id, response.status))
            .or_default() += 1;
        self.learn(operation.id, body.as_ref(), &response);
        self.record(stage, operation.method, path, body, &response);
        response
    }

    fn path(&mut self, operation: &Operation, body: Option<&Value>) -> String {
        let mut path = operation.path.to_owned();
        let owner = body.and_then(|body| body["challenge"].as_str());
        while let Some(start) = path.find('{') {
            let end = start + path[start..].find('}').unwrap() + 1;
            let name = path[start..end].to_owned();
            // A challenge is signed where it belongs, mostly.
            let belongs = owner.and_then(|challenge| {
                let of = |(_, _, entity): &&(String, u32, Value)| {
                    entity["challenge"].as_str() == Some(challenge)
                };
                self.challenged.iter().find(of)
            });
            let id = match belongs {
                Some((id, ..)) => id.clone(),
                None => self.id(&name),
            };
            path.replace_range(start..end, &id);
        }
        path
    }

    /// An id of what there is; now and then of nothing, or no id at all.
    fn id(&mut self, name: &str) -> String {
        let nothing = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10".to_owned();
        match self.below(20) {
            0 => nothing,
            1 => "not-an-id".to_owned(),
            _ => {
                let known = self.ids.get(name).cloned().unwrap_or_default();
                match known.len() {
                    0 => nothing,
                    length => {
                        // Later ones more often, since they have more ahead of them.
                        let at = self.below(length).max(self.below(length));
                        known[at].clone()
                    }
                }
            }
        }
    }

    fn body(&mut self, operation: &str) -> Option<Value> {
        let body = self.valid(operation)?;
        // A body that breaks the schema is rejected before anything happens.
        Some(match self.below(25) {
            0 => json!({"unexpected": body}),
            1 => json!([]),
            _ => body,
        })
    }

    /// A body that the schema accepts.
    fn valid(&mut self, operation: &str) -> Option<Value> {
        Some(match operation {
            "createCustomer" => {
                self.customers += 1;
                // Now and then one that exists already.
                let number = 1 + self.below(self.customers as usize + 3) as u32;
                json!({"chainId": LocalWallet::numbered(number).owner().to_string(),
                       "externalId": format!("customer-{number}")})
            }
            "createCustomerAccount" => json!({"type": "card_account", "currencies": ["EUR"]}),
            "createAccountCard" => card(),
            "signCustomerChallenge" | "signAccountChallenge" => self.signature(),
            "saveWebhook" => json!({"callbackUrl": "http://127.0.0.1:9/", "types": ALL}),
            "simulateCardAuthorisation" => {
                let currency = ["EUR", "EUR", "EUR", "GBP"][self.below(4)];
                let amount = ["1", "12.50", "0", "99999999"][self.below(4)];
                let capture = self.below(2) == 0;
                json!({"amount": amount, "currency": currency, "capture": capture})
            }
            _ => return None,
        })
    }

    fn signature(&mut self) -> Value {
        match self.challenged.len() {
            0 => {
                json!({"ownerId": LocalWallet::numbered(1).owner().to_string(), "challenge": "YQ==",
                        "signature": "YQ=="})
            }
            length => {
                let at = self.below(length);
                let (_, number, entity) = &self.challenged[at];
                signed(&LocalWallet::numbered(*number), entity)
            }
        }
    }

    /// Remembers what was made.
    fn learn(&mut self, operation: &'static str, body: Option<&Value>, response: &Response) {
        if response.status >= 300 {
            return;
        }
        let entity = response.json();
        if let Some((_, parameter)) = MADE.iter().find(|(made, _)| *made == operation) {
            let id = entity["id"].as_str().unwrap().to_owned();
            self.ids.entry(parameter).or_default().push(id.clone());
            let number = match operation {
                "createCustomer" => {
                    let external = body.unwrap()["externalId"].as_str().unwrap();
                    let number = external.trim_start_matches("customer-").parse().unwrap();
                    self.wallets.insert(id.clone(), number);
                    number
                }
                "createCustomerAccount" => {
                    let customer = entity["customerId"].as_str().unwrap_or_default();
                    self.wallets.get(customer).copied().unwrap_or(1)
                }
                _ => return,
            };
            self.challenged.push((id, number, entity));
        } else if operation == "getCardTransactions" {
            let ids = entity.as_array().unwrap().iter();
            let ids = ids.map(|it| it["id"].as_str().unwrap().to_owned());
            self.ids.insert("{transactionId}", ids.collect());
        }
    }

    fn record(
        &mut self,
        stage: &Stage,
        method: &'static str,
        path: &str,
        body: Option<Value>,
        response: &Response,
    ) {
        let url = format!("{}{path}", stage.caller.base_url);
        let mut exchange = Exchange::new(method, url, Intent::Recorded);
        exchange.body = body.map(|body| body.to_string()).unwrap_or_default().into();
        let kind = response
            .content_type
            .iter()
            .map(|kind| ("content-type", kind.as_str()));
        let headers: Headers = kind.collect();
        exchange.response = ReceivedResponse {
            status: response.status,
            headers,
            body: response.text.clone().into_bytes(),
            unrecorded: false,
        };
        self.exchanges.push(exchange);
    }

    /// Fails when a response broke the contract, or the run did not get far.
    fn finish(self, stage: &Stage) {
        let contract = contract::read_file(std::path::Path::new(CONTRACT)).unwrap();
        let contract = Contract::new(contract);
        let base = Base::of(stage.caller.base_url.as_str());
        let mut checker = Checker::new(&contract, Some(base));
        for exchange in &self.exchanges {
            checker.check(exchange);
        }
        let report = checker.finish("a random sequence");
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
            .collect();
        assert!(
            found.is_empty(),
            "change the response:\n{}",
            found.join("\n")
        );
        for reached in [
            "createAccountCard 201",
            "simulateIssueCard 202",
            "getCard 200",
        ] {
            let seen: Vec<_> = self
                .seen
                .keys()
                .map(|(id, status)| format!("{id} {status}"))
                .collect();
            assert!(
                seen.iter().any(|it| it == reached),
                "{reached} was not reached: {seen:?}"
            );
        }
    }
}
