//! Credentials stand where the contract says, in calls that ask for them.

use super::Echo;
use loopback_client::Client;
use loopback_server::support::RequestContext;
use loopback_server::*;
use serde_json::{Value, json};

/// What a request carries: its query, and the headers that hold credentials.
fn carried(context: &RequestContext) -> Value {
    let header = |name: &str| context.headers.get(name).map(|it| it.to_str().unwrap().to_owned());
    json!([context.uri.query(), header("x-key"), header("cookie"), header("authorization")])
}

impl SecuredApi for Echo {
    async fn keys(&self, context: RequestContext) -> Result<Value, KeysError> {
        Ok(carried(&context))
    }

    async fn basic(&self, context: RequestContext) -> Result<Value, BasicError> {
        Ok(carried(&context))
    }

    async fn token(&self, context: RequestContext) -> Result<Value, TokenError> {
        Ok(carried(&context))
    }

    async fn open(&self, context: RequestContext) -> Result<Value, OpenError> {
        Ok(carried(&context))
    }
}

pub async fn arrive(client: &Client, url: &str) {
    let none = json!([null, null, null, null]);
    assert_eq!(*client.keys().send().await.unwrap(), none);
    // One of two that belong together is not enough.
    let half = client.clone().with_header_key("k");
    assert_eq!(*half.keys().send().await.unwrap(), none);
    let both = half.clone().with_cookie_key("c");
    assert_eq!(*both.keys().send().await.unwrap(), json!([null, "k", "session=c", null]));
    let all = both.with_query_key("a&b=1 é").with_password("Aladdin", "open sesame").with_token("t");
    let query = "api%20key=a%26b%3D1%20%C3%A9";
    assert_eq!(*all.keys().send().await.unwrap(), json!([query, null, null, null]));
    let basic = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(*all.basic().send().await.unwrap(), json!([null, null, null, basic]));
    assert_eq!(*all.token().send().await.unwrap(), json!([null, null, null, "Bearer t"]));
    assert_eq!(*all.open().send().await.unwrap(), none);
    let shown = format!("{all:?}");
    assert!(shown.contains("headerKey") && !shown.contains("sesame"), "{shown}");

    let unfit = Client::new(url).with_token("a\nb").token().send().await.unwrap_err();
    let shown = format!("{unfit:?}");
    assert!(shown.contains("`token`") && !shown.contains("a\\nb"), "{shown}");
    assert!(client.clone().with_header_key("k").with_cookie_key("a; b=1").keys().send().await.is_err());
}
