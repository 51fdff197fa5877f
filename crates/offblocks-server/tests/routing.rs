//! Which requests reach an operation: 404, 405, 501, base paths.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use axum::{body::Body, middleware::Next};
use common::{ACCOUNT, CARD, bank, request, send};
use http::{StatusCode, header};
use offblocks_server::*;
use tower::ServiceExt;

/// A layer that rejects every request that reaches it. Any other response was made before it.
fn rejecting() -> ApiRouter {
    let reject = |_: axum::extract::Request, _: Next| async {
        Problem::unauthorised("every request is rejected")
    };
    bank().layer(axum::middleware::from_fn(reject))
}

/// A path of the template, with something in place of every parameter.
fn filled(template: &str) -> String {
    let segments = template
        .split('/')
        .map(|segment| match segment.starts_with('{') {
            true => ACCOUNT.to_string(),
            false => segment.to_owned(),
        });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_undeclared_method_of_every_declared_path_is_405_before_authentication() {
    let router = rejecting().into_router();
    let mut declared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for &operation in operations::all() {
        declared
            .entry(operation.path)
            .or_default()
            .insert(operation.method);
    }
    let methods = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PURGE",
    ];
    for (path, known) in &declared {
        for method in methods {
            let response = send(&router, request(method, &filled(path), Body::empty())).await;
            if known.contains(method) {
                assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{method} {path}");
                continue;
            }
            assert_eq!(
                response.status,
                StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}"
            );
            let allow = response
                .header(header::ALLOW)
                .expect("405 has an Allow header");
            let allowed: BTreeSet<&str> = allow.split(", ").collect();
            assert_eq!(&allowed, known, "{method} {path}");
            match method {
                "HEAD" => assert!(response.body.is_empty(), "a response to HEAD has no body"),
                _ => drop(response.problem()),
            }
        }
    }
    assert_eq!(declared.len(), 37, "the contract's paths");
}

#[tokio::test]
async fn unknown_paths_are_404_before_authentication() {
    let router = rejecting().into_router();
    let unknown = [
        "/",
        "/card",
        "/cards/",
        "/cards//activate",
        "//cards",
        "/cards/1/2",
        "/Cards",
        "/v1/cards",
        "/cards%2F1",
        "/accounts/1/card",
    ];
    for path in unknown {
        for method in ["GET", "POST", "OPTIONS"] {
            let response = send(&router, request(method, path, Body::empty())).await;
            assert_eq!(response.status, StatusCode::NOT_FOUND, "{method} {path}");
            response.problem();
        }
        let response = send(&router, request("HEAD", path, Body::empty())).await;
        assert_eq!(
            (response.status, response.body.len()),
            (StatusCode::NOT_FOUND, 0),
            "HEAD {path}"
        );
    }
}

#[tokio::test]
async fn literal_segments_come_before_parameters() {
    let router = bank().into_router();
    let verification = send(&router, request("GET", "/webhooks/verification-key", "")).await;
    let detail = verification.problem()["detail"].to_string();
    assert!(detail.contains("getWebhookVerificationKey"), "{detail}");
    let by_id = send(&router, request("DELETE", "/webhooks/verification-key", "")).await;
    assert_eq!(by_id.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn escaped_paths_name_the_same_operation() {
    let router = bank().into_router();
    let response = send(&router, request("GET", "/c%61rds", "")).await;
    assert_eq!(response.status, StatusCode::OK);
    let id = CARD.to_string().replace('-', "%2d");
    let response = send(&router, request("GET", &format!("/cards/{id}"), "")).await;
    assert_eq!(response.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_served_is_501_after_authentication() {
    let response = send(&bank().into_router(), request("GET", "/webhooks", "")).await;
    assert_eq!(response.status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        response.problem()["detail"]
            .to_string()
            .contains("getWebhooks")
    );
    let response = send(&rejecting().into_router(), request("GET", "/webhooks", "")).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_stub_never_hides_what_is_served() {
    let ids: Vec<_> = bank().operations().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), operations::all().len());
    let response = send(&bank().into_router(), request("GET", "/cards", "")).await;
    assert_eq!(response.json(), serde_json::json!([]));
}

#[tokio::test]
async fn a_base_path_stands_before_every_path() {
    for base in ["/v1", "v1/", "/v1/"] {
        let router = bank().base_path(base).into_router();
        let response = send(&router, request("GET", "/v1/cards", "")).await;
        assert_eq!(response.status, StatusCode::OK, "{base}");
        let response = send(&router, request("GET", "/cards", "")).await;
        assert_eq!(response.status, StatusCode::NOT_FOUND, "{base}");
    }
}

#[tokio::test]
async fn a_router_can_be_nested_and_merged() {
    let health = axum::Router::new().route("/health", axum::routing::get(|| async { "fine" }));
    let nested = health.clone().nest("/v1", bank().into_router());
    let merged = health.merge(bank().into_router());
    for (router, path) in [(nested, "/v1/cards"), (merged, "/cards")] {
        for path in [path, "/health"] {
            let response = router
                .clone()
                .oneshot(request("GET", path, ""))
                .await
                .unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test]
async fn the_status_of_a_variant_counts() {
    let path = format!("/cards/{CARD}/deactivate");
    let response = send(&bank().into_router(), request("PATCH", &path, "")).await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    let problem = response.problem();
    assert_eq!(problem["title"], "Conflict");
    assert_eq!(problem["detail"], "not active");
}

#[tokio::test]
async fn layers_see_the_operation() {
    let respond = |request: axum::extract::Request, _: Next| async move {
        let operation = request.extensions().get::<&'static Operation>().copied();
        operation.map(|operation| operation.id).unwrap_or_default()
    };
    let router = bank()
        .layer(axum::middleware::from_fn(respond))
        .into_router();
    for &operation in operations::all() {
        let response = send(
            &router,
            request(operation.method, &filled(operation.path), ""),
        )
        .await;
        assert_eq!(response.body, operation.id);
    }
}
