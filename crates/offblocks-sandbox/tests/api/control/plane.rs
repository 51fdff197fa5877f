//! Somebody who calls the control plane, and holds every response against its contract.

use conformance::{Base, Checker, Contract, Exchange, Headers, Intent, ReceivedResponse};
use report::FailOn;
use serde_json::Value;
use url::Url;

use crate::common::{Response, Stage};

const CONTRACT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/sandbox.yaml");

/// A caller of one sandbox's control plane.
pub struct Plane {
    url: Url,
    http: reqwest::Client,
    exchanges: Vec<Exchange>,
}

impl Plane {
    /// The control plane beside the stage's API.
    pub fn of(stage: &Stage) -> Self {
        let url = stage.caller.base_url.join("/_sandbox").unwrap();
        Self {
            url,
            http: reqwest::Client::new(),
            exchanges: Vec::new(),
        }
    }

    /// A call without a body.
    pub async fn call(&mut self, method: &str, path: &str) -> Response {
        self.send(method, path, None, &[]).await
    }

    /// A call with a body.
    pub async fn with(&mut self, method: &str, path: &str, body: Value) -> Response {
        let json = [("content-type", "application/json")];
        self.send(method, path, Some(body.to_string()), &json).await
    }

    /// A call of one's own making.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Response {
        let url = format!("{}{path}", self.url);
        let mut request = self.http.request(method.parse().unwrap(), &url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &body {
            request = request.body(body.clone());
        }
        let response = request.send().await.unwrap();
        let mut exchange = Exchange::new(method, url, Intent::Recorded);
        exchange.body = body.unwrap_or_default().into_bytes();
        exchange.response = received(response).await;
        let response = as_response(&exchange.response);
        self.exchanges.push(exchange);
        response
    }

    /// Fails when a response broke the contract. Returns each operation's documented statuses that
    /// were not seen.
    pub fn finish(self) -> Vec<String> {
        let contract = contract::read_file(std::path::Path::new(CONTRACT)).unwrap();
        let contract = Contract::new(contract);
        let mut checker = Checker::new(&contract, Some(Base::of(self.url.as_str())));
        for exchange in &self.exchanges {
            checker.check(exchange);
        }
        let report = checker.finish("the control plane");
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
            .collect();
        assert!(
            found.is_empty(),
            "change the response or openapi/sandbox.yaml:\n{}",
            found.join("\n")
        );
        assert_ne!(
            report.outcome(FailOn::Warning),
            conformance::Outcome::Findings
        );
        let operations = report.coverage.operations.iter();
        let unseen = operations.flat_map(|operation| {
            let unseen = operation
                .documented
                .iter()
                .filter(|(_, times)| **times == 0);
            unseen.map(|(status, _)| format!("{} {status}", operation.id))
        });
        unseen.collect()
    }
}

async fn received(response: reqwest::Response) -> ReceivedResponse {
    let headers = response.headers().iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let headers: Headers = headers.collect();
    ReceivedResponse {
        status: response.status().as_u16(),
        headers,
        body: response.bytes().await.unwrap().to_vec(),
        unrecorded: false,
    }
}

fn as_response(received: &ReceivedResponse) -> Response {
    let header = |name| received.headers.get(name).map(str::to_owned);
    Response {
        status: received.status,
        content_type: header("content-type"),
        retry_after: header("retry-after"),
        www_authenticate: header("www-authenticate"),
        text: String::from_utf8(received.body.clone()).unwrap(),
    }
}
