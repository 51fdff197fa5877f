//! Paths that OpenAPI does not foresee and documents have: with a query or a fragment, alike but for the
//! names of their parameters, with a parameter in two places, and without a slash before them.

use super::{Echo, TEXTS, seen};
use loopback_client::Client;
use loopback_server::support::RequestContext;
use loopback_server::*;
use serde_json::{Value, json};

impl RoutesApi for Echo {
    async fn messages(&self, context: RequestContext) -> Result<Value, MessagesError> {
        Ok(seen(context, json!("messages")))
    }

    async fn beta_messages(&self, context: RequestContext) -> Result<Value, BetaMessagesError> {
        Ok(seen(context, json!("beta")))
    }

    async fn mode_messages(&self, context: RequestContext, more: Option<String>) -> Result<Value, ModeMessagesError> {
        Ok(seen(context, json!(["mode", more])))
    }

    async fn only_beta(&self, context: RequestContext) -> Result<Value, OnlyBetaError> {
        Ok(seen(context, json!("only")))
    }

    async fn same_by_id(&self, context: RequestContext, id: String) -> Result<Value, SameByIdError> {
        Ok(seen(context, json!(["by id", id])))
    }

    async fn same_by_name(&self, context: RequestContext, name: String) -> Result<Value, SameByNameError> {
        Ok(seen(context, json!(["by name", name])))
    }

    async fn rename_same(&self, context: RequestContext, name: String) -> Result<Value, RenameSameError> {
        Ok(seen(context, json!(["renamed", name])))
    }

    async fn run_job(&self, context: RequestContext, id: String) -> Result<Value, RunJobError> {
        Ok(seen(context, json!(["run", id])))
    }

    async fn cancel_job(&self, context: RequestContext, id: String) -> Result<Value, CancelJobError> {
        Ok(seen(context, json!(["cancelled", id])))
    }

    async fn empty_segments(&self, context: RequestContext, id: String) -> Result<Value, EmptySegmentsError> {
        Ok(seen(context, json!(["empty", id])))
    }

    async fn twice(&self, context: RequestContext, id: String, other: String) -> Result<Value, TwiceError> {
        Ok(seen(context, json!([id, other])))
    }

    async fn between(
        &self,
        context: RequestContext,
        name: String,
        extension: String,
        from: loopback_types::support::UuidText,
        to: i64,
    ) -> Result<Value, BetweenError> {
        Ok(seen(context, json!([name, extension, from, to])))
    }

    async fn search(
        &self,
        context: RequestContext,
        q: String,
        page: Option<i64>,
        undeclared: String,
    ) -> Result<Value, SearchError> {
        Ok(seen(context, json!([q, page, undeclared])))
    }

    async fn target(&self, context: RequestContext) -> Result<Value, TargetError> {
        Ok(seen(context, json!("target")))
    }
}

pub async fn arrive(client: &Client, url: &str) {
    for (sent, read, address) in [
        (client.messages().send().await, json!("messages"), "/routes/messages"),
        (client.beta_messages().send().await, json!("beta"), "/routes/messages?beta=true"),
        (client.mode_messages().send().await, json!(["mode", null]), "/routes/messages?beta=true&mode=a%20b"),
        (client.only_beta().send().await, json!("only"), "/routes/only?beta=true"),
        (client.empty_segments("a").send().await, json!(["empty", "a"]), "/routes//empty//a/"),
        (client.target().send().await, json!("target"), "/routes/"),
    ] {
        let seen = sent.unwrap().into_inner();
        assert_eq!((&seen["read"], seen["uri"].as_str()), (&read, Some(address)));
    }
    for text in TEXTS {
        let seen = client.mode_messages().more(*text).send().await.unwrap().into_inner();
        assert_eq!(seen["read"], json!(["mode", text]));
        let seen = client.search(*text, "x").page(2).send().await.unwrap().into_inner();
        assert_eq!(seen["read"], json!([text, 2, "x"]));
        if !matches!(*text, "" | "." | "..") {
            let seen = client.twice(*text, "other").send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!([text, "other"]));
            let from = "01234567-89ab-cdef-0123-456789abcdef";
            let seen = client.between(*text, *text, from.into(), -5).send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!([text, text, from, -5]));
            let seen = client.rename_same(*text).send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!(["renamed", text]));
            let seen = client.run_job(*text).send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!(["run", text]));
            let seen = client.cancel_job(*text).send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!(["cancelled", text]));
            // Both have the method: a server calls the first.
            let seen = client.same_by_name(*text).send().await.unwrap().into_inner();
            assert_eq!(seen["read"], json!(["by id", text]));
        }
    }
    beside_other_text(client).await;
    from_others(url).await;
}

/// A value that contains what the path has behind another value.
async fn beside_other_text(client: &Client) {
    let run = client.run_job("a:cancel").send().await.unwrap().into_inner();
    assert_eq!(run["read"], json!(["run", "a:cancel"]));
    assert_eq!(run["uri"], "/routes/jobs/a%3Acancel");
    let cancelled = client.cancel_job("a:cancel").send().await.unwrap().into_inner();
    assert_eq!(cancelled["read"], json!(["cancelled", "a:cancel"]));
    assert_eq!(cancelled["uri"], "/routes/jobs/a%3Acancel:cancel");
    // RFC 6570, section 3.2.2: all but what is never reserved is encoded.
    let all = client.run_job("aZ09-._~!$&'()*+,;=:@/\\|^ é").send().await.unwrap().into_inner();
    assert_eq!(
        all["uri"],
        "/routes/jobs/aZ09-._~%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40%2F%5C%7C%5E%20%C3%A9"
    );
}

async fn from_others(url: &str) {
    for (method, address, status, said) in [
        ("POST", "/routes/messages?mode=a+b&x&beta=true", 200, "mode"),
        ("POST", "/routes/messages?beta=false", 200, "messages"),
        ("POST", "/routes/messages?%62eta=tru%65", 200, "beta"),
        ("GET", "/routes/only", 404, "only as /routes/only?beta=true"),
        ("GET", "/routes/only?beta=TRUE", 404, "only as"),
        ("POST", "/routes/only?beta=true", 405, "GET"),
        ("DELETE", "/routes/same/1", 405, "GET, PUT"),
        ("GET", "/routes/twice/1/2/1", 200, ""),
        ("GET", "/routes/between/a.b.c/d-1", 400, "from"),
        ("GET", "/routes/between/a.b/d%2D1", 400, "from"),
        ("GET", "/routes/between/ab/d-1", 404, "between"),
        ("GET", "/routes/twice/1/2/3", 404, "only as"),
    ] {
        let request = reqwest::Client::new().request(method.parse().unwrap(), format!("{url}{address}"));
        let response = request.send().await.unwrap();
        let (found, allow) = (response.status(), response.headers().get("allow").cloned());
        let text = response.text().await.unwrap();
        assert_eq!(found, status, "{method} {address}: {text}");
        assert!(text.contains(said), "{method} {address}: {text}");
        if status == 405 {
            assert_eq!(allow.unwrap(), said, "{address}");
        }
        let _: Value = serde_json::from_str(&text).unwrap();
    }
}
