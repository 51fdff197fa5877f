//! Who may call the control plane.

use offblocks_sandbox::{DEFAULT_API_SECRET, Sandbox, Settings, Surroundings};

use super::Plane;
use crate::common::Stage;

#[tokio::test]
async fn this_machine_may_and_pages_and_holders_of_api_tokens_may_not() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    plane.call("GET", "/clock").await.expect(200);
    let bearer = format!("Bearer {}", stage.caller.token);
    for (header, expected) in [
        (("authorization", bearer.as_str()), 401),
        (("origin", "http://evil.example"), 403),
        (("sec-fetch-site", "cross-site"), 403),
        (("x-forwarded-for", "192.0.2.7"), 403),
        (("expect", "more"), 417),
    ] {
        let response = plane.send("GET", "/clock", None, &[header]).await;
        assert!(!response.rejected(expected).is_empty(), "{header:?}");
    }
    plane.call("GET", "/nothing").await.rejected(404);
    plane.call("DELETE", "/clock").await.rejected(405);
    plane.finish();
    stage.stop().await;
}

/// A page can send these without asking first: what is not there says so, and nothing is changed.
#[tokio::test]
async fn routing_decides_before_the_content_type_is_looked_at() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for (path, expected) in [
        ("/nothing", 404),
        ("/steps/run", 405),
        ("/progression", 405),
        ("/snapshot", 405),
        ("/healthz", 405),
        ("/cards", 415),
        ("/fixtures", 415),
        ("/clock/advance", 415),
    ] {
        let body = || Some(r#"{"number": 3}"#.to_owned());
        let plain = [("content-type", "text/plain")];
        let response = plane.send("POST", path, body(), &plain).await;
        assert_eq!(response.status, expected, "{path}: {}", response.text);
        let response = plane.send("POST", path, None, &[]).await;
        assert_eq!(response.status, expected, "{path}: {}", response.text);
    }
    assert!(!stage.sandbox.has_customers().await.unwrap());
    let evil = [("origin", "http://evil.example")];
    let response = plane.send("POST", "/nothing", None, &evil).await;
    response.rejected(403);
    stage.stop().await;
}

#[tokio::test]
async fn a_token_opens_it_to_callers_from_elsewhere() {
    const TOKEN: &str = "a token for the control plane";
    let stage = Stage::with(|settings| settings.control_token = Some(TOKEN.into())).await;
    let mut plane = Plane::of(&stage);
    let elsewhere = ("x-forwarded-for", "192.0.2.7");
    plane
        .send("GET", "/clock", None, &[elsewhere])
        .await
        .rejected(401);
    for (token, expected) in [(TOKEN, 200), (stage.caller.token.as_str(), 401)] {
        let bearer = format!("Bearer {token}");
        let headers = [elsewhere, ("authorization", bearer.as_str())];
        let response = plane.send("GET", "/clock", None, &headers).await;
        response.expect(expected);
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn another_host_is_rejected_before_the_control_plane_sees_it() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let host = [("host", "evil.example")];
    plane.send("GET", "/clock", None, &host).await.rejected(421);
    stage.stop().await;
}

#[tokio::test]
async fn a_control_token_is_long_enough_and_not_the_api_secret() {
    for (token, reason) in [
        ("short", "the control token is too short"),
        (
            "with a\nline break",
            "the control token holds control characters",
        ),
        (DEFAULT_API_SECRET, "also the API secret"),
    ] {
        let mut settings = Settings::default();
        settings.control_token = Some(token.into());
        let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
        let rejected = sandbox.build().await.unwrap_err().to_string();
        assert!(rejected.contains(reason), "{rejected}");
    }
}
