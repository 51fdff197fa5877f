//! Bearer tokens, signatures and digests, made by the real signer.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use axum::{Router, body::Body};
use common::{NEW_CARD, TestResponse, new_card, send};
use http::{Request, StatusCode, header, uri::Scheme};
use offblocks_server::*;
use offblocks_signature::{KeyId, Signer, SigningKey, Verifier, VerifyingKey};

const HOST: &str = "api.offblocks.test";
const NOW: i64 = 1_795_340_781;
const TOKEN: &str = "token-of-acme";

static SIGNING_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

fn key_id() -> KeyId {
    KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c").unwrap()
}

struct Programme;

impl Tokens for Programme {
    async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        match token {
            TOKEN => Ok(Principal::new("acme")),
            "token-of-another" => Ok(Principal::new("another")),
            "old" => Err(TokenError::Expired),
            "revoked" => Err(TokenError::Revoked),
            "broken" => Err(TokenError::Unavailable("the database is gone".into())),
            _ => Err(TokenError::Unknown),
        }
    }
}

impl Keys for Programme {
    async fn find(
        &self,
        principal: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        let owned = principal.map(Principal::as_str) == Some("acme") && *id == key_id();
        Ok(owned.then(|| SIGNING_KEY.public_key()))
    }
}

fn layer() -> VerificationLayer<Programme, Programme> {
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    VerificationLayer::new(Programme, Programme, Verifier::builder().build(), clock)
}

fn router() -> Router {
    common::bank().layer(layer()).base_path("/v1").into_router()
}

fn unsigned(method: &str, path: &str, body: &str) -> Request<Body> {
    let mut request = common::request(method, &format!("/v1{path}"), body.to_owned());
    let headers = request.headers_mut();
    headers.insert(header::HOST, HOST.parse().unwrap());
    headers.insert(
        header::AUTHORIZATION,
        format!("Bearer {TOKEN}").parse().unwrap(),
    );
    request
}

/// A request as the client would sign it, `created` at this time.
fn signed(method: &str, path: &str, body: &str, created: i64) -> Request<Body> {
    let (mut parts, rest) = unsigned(method, path, body).into_parts();
    let signer = Signer::new(SIGNING_KEY.clone(), &key_id());
    signer
        .sign_parts(&mut parts, body.as_bytes(), created)
        .unwrap();
    Request::from_parts(parts, rest)
}

async fn rejected(request: Request<Body>, reason: &str, challenge: &str) -> TestResponse {
    let response = send(&router(), request).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{reason}");
    let problem = response.problem();
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains(reason),
        "{detail:?} should mention {reason:?}"
    );
    assert_eq!(
        response.header(header::WWW_AUTHENTICATE),
        Some(challenge),
        "{reason}"
    );
    response
}

#[tokio::test]
async fn signed_requests_pass() {
    for (method, path, body) in [
        ("GET", "/cards".to_owned(), ""),
        ("POST", new_card(), NEW_CARD),
    ] {
        let response = send(&router(), signed(method, &path, body, NOW)).await;
        assert!(
            response.status.is_success(),
            "{method} {path}: {response:?}"
        );
    }
}

#[tokio::test]
async fn tokens_are_judged_first() {
    let bearer = |value: &str| {
        let mut request = signed("GET", "/cards", "", NOW);
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, value.parse().unwrap());
        request
    };
    let invalid = r#"Bearer error="invalid_token""#;
    let malformed = r#"Bearer error="invalid_request""#;
    rejected(bearer("Bearer old"), "expired", invalid).await;
    rejected(bearer("Bearer revoked"), "revoked", invalid).await;
    rejected(
        bearer("Basic dXNlcjpwYXNz"),
        "not one bearer token",
        malformed,
    )
    .await;
    rejected(bearer("Bearer"), "not one bearer token", malformed).await;
    rejected(bearer("Bearer a b"), "not one bearer token", malformed).await;
    let response = rejected(bearer("Bearer SENSITIVE"), "not known", invalid).await;
    assert!(!String::from_utf8_lossy(&response.body).contains("SENSITIVE"));

    let mut request = signed("GET", "/cards", "", NOW);
    request
        .headers_mut()
        .append(header::AUTHORIZATION, "Bearer x".parse().unwrap());
    rejected(request, "not one bearer token", malformed).await;
    let mut request = signed("GET", "/cards", "", NOW);
    request.headers_mut().remove(header::AUTHORIZATION);
    rejected(request, "no bearer token", "Bearer").await;

    let response = send(&router(), bearer("bearer token-of-acme")).await;
    assert_eq!(response.status, StatusCode::OK, "schemes have no case");
    let response = send(&router(), bearer("Bearer broken")).await;
    assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!String::from_utf8_lossy(&response.body).contains("database"));
}

#[tokio::test]
async fn signatures_are_judged() {
    rejected(
        unsigned("GET", "/cards", ""),
        "header is missing",
        "Signature",
    )
    .await;
    rejected(
        signed("GET", "/cards", "", NOW - 301),
        "301 seconds ago",
        "Signature",
    )
    .await;
    rejected(
        signed("GET", "/cards", "", NOW + 301),
        "in the future",
        "Signature",
    )
    .await;

    let mut request = signed("GET", "/cards", "", NOW);
    *request.method_mut() = http::Method::DELETE;
    *request.uri_mut() = format!("/v1/cards/{}", common::CARD).parse().unwrap();
    rejected(request, "is not one that", "Signature").await;

    let mut request = signed("GET", "/cards", "", NOW);
    request
        .headers_mut()
        .insert(header::HOST, "elsewhere.test".parse().unwrap());
    rejected(request, "is not one that", "Signature").await;

    let mut request = signed("GET", "/cards", "", NOW);
    let another = "Bearer token-of-another".parse().unwrap();
    request.headers_mut().insert(header::AUTHORIZATION, another);
    rejected(request, "no key is registered", "Signature").await;

    let mut request = signed("GET", "/cards", "", NOW);
    request
        .headers_mut()
        .insert("signature", "((".parse().unwrap());
    rejected(request, "cannot be read", "Signature").await;
}

#[tokio::test]
async fn the_body_has_to_be_the_one_that_was_signed() {
    let (parts, _) = signed("POST", &new_card(), NEW_CARD, NOW).into_parts();
    let other = NEW_CARD.replace("virtual", "physical");
    let request = Request::from_parts(parts, Body::from(other));
    rejected(request, "content digest", "Signature").await;

    let mut request = signed("POST", &new_card(), NEW_CARD, NOW);
    request.headers_mut().remove("content-digest");
    rejected(request, "content-digest", "Signature").await;

    let (parts, _) = signed("POST", &new_card(), "", NOW).into_parts();
    let request = Request::from_parts(parts, Body::from(NEW_CARD));
    rejected(request, "content-digest", "Signature").await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_after_the_token() {
    let router = common::bank()
        .layer(layer())
        .base_path("/v1")
        .body_limit(8)
        .into_router();
    let response = send(&router, signed("POST", &new_card(), NEW_CARD, NOW)).await;
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut request = signed("POST", &new_card(), NEW_CARD, NOW);
    request.headers_mut().remove(header::AUTHORIZATION);
    assert_eq!(
        send(&router, request).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// behaviour.md, "Wire details": the auth calls are unsigned, the first needs no token either.
#[tokio::test]
async fn the_auth_calls_need_no_signature() {
    let mut request = unsigned("POST", "/auth/token", "{}");
    request.headers_mut().remove(header::AUTHORIZATION);
    let response = send(&router(), request).await;
    assert_eq!(
        response.status,
        StatusCode::NOT_IMPLEMENTED,
        "it reached the stub"
    );
    let response = send(&router(), unsigned("DELETE", "/auth/credentials", "{}")).await;
    assert_eq!(
        response.status,
        StatusCode::NOT_IMPLEMENTED,
        "it reached the stub"
    );
    let mut request = unsigned("PUT", "/auth/signing", "{}");
    request.headers_mut().remove(header::AUTHORIZATION);
    rejected(request, "no bearer token", "Bearer").await;
}

/// behaviour.md, "Wire details": none of these is an error.
#[tokio::test]
async fn bodyless_calls_may_say_so_in_several_ways() {
    let path = format!("/cards/{}", common::CARD);
    let empty = offblocks_signature::ContentDigest::sha512(b"").header_value();
    for (name, value) in [
        ("content-length", "0".parse().unwrap()),
        ("content-digest", "".parse().unwrap()),
        ("content-digest", empty),
    ] {
        let mut request = signed("DELETE", &path, "", NOW);
        request.headers_mut().insert(name, value);
        let response = send(&router(), request).await;
        assert_eq!(response.status, StatusCode::NO_CONTENT, "{name}");
    }
    let response = send(
        &router(),
        signed("DELETE", &path, r#"{"reason": "lost"}"#, NOW),
    )
    .await;
    assert_eq!(
        response.status,
        StatusCode::NO_CONTENT,
        "a body the contract does not know"
    );
}

#[tokio::test]
async fn handlers_learn_who_called() {
    let handler = |(): (), context: RequestContext| {
        let principal = context.extension::<Principal>().cloned();
        let signature = context.extension::<VerifiedSignature>().cloned();
        (
            principal,
            signature.map(|VerifiedSignature(verified)| verified.key_id),
        )
    };
    let router = ApiRouter::new()
        .operation(
            &operations::GET_CARDS,
            Arc::new(()),
            move |_, incoming| async move {
                let (principal, key) = handler((), incoming.into_context());
                assert_eq!(principal, Some(Principal::new("acme")));
                assert_eq!(key, Some(key_id()));
                Ok(support::respond::empty(200))
            },
        )
        .layer(layer())
        .base_path("/v1")
        .into_router();
    assert_eq!(
        send(&router, signed("GET", "/cards", "", NOW)).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_proxy_may_have_changed_host_and_path() {
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    let verifier = Verifier::builder()
        .authority(HOST)
        .scheme(Scheme::HTTPS)
        .build();
    let layer = VerificationLayer::new(Programme, Programme, verifier, clock);
    let nested = Router::new().nest("/v1", common::bank().layer(layer).into_router());
    let mut request = signed("GET", "/cards", "", NOW);
    request
        .headers_mut()
        .insert(header::HOST, "10.0.0.7:8080".parse().unwrap());
    assert_eq!(send(&nested, request).await.status, StatusCode::OK);
}

/// Sends to a server that explains, and reads its problem.
async fn explained(request: Request<Body>) -> serde_json::Value {
    let router = common::bank()
        .layer(layer().explain(true))
        .base_path("/v1")
        .into_router();
    let response = send(&router, request).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    assert!(!String::from_utf8_lossy(&response.body).contains(TOKEN));
    response.problem()
}

#[tokio::test]
async fn a_rejected_signature_is_explained() {
    let mut request = signed("GET", "/cards", "", NOW);
    *request.method_mut() = http::Method::PATCH;
    *request.uri_mut() = format!("/v1/cards/{}/activate", common::CARD)
        .parse()
        .unwrap();
    request
        .headers_mut()
        .insert("idempotency-key", common::KEY.parse().unwrap());
    let problem = explained(request).await;
    let base = problem["signatureBase"].as_str().unwrap();
    assert!(base.starts_with("\"@method\": PATCH\n"), "{base}");
    assert_eq!(problem["signatureInput"]["keyid"], key_id().as_str());
    assert_eq!(problem["signatureInput"]["created"], NOW);
    assert!(problem["serverTime"].is_string());

    let mut request = signed("POST", &new_card(), NEW_CARD, NOW);
    let input = request.headers()["signature-input"].to_str().unwrap();
    let input = input.replace("created", "Created").parse().unwrap();
    request.headers_mut().insert("signature-input", input);
    let detail = explained(request).await["detail"].to_string();
    assert!(
        detail.contains("write `created` instead of `Created`"),
        "{detail}"
    );

    let mut request = signed("POST", &new_card(), NEW_CARD, NOW);
    request.headers_mut().remove("content-digest");
    let problem = explained(request).await;
    assert_eq!(problem["component"], "content-digest");
    assert_eq!(problem["signatureInput"]["created"], NOW);
    let covered = problem["signatureInput"]["components"].as_array().unwrap();
    assert!(covered.contains(&"\"content-digest\"".into()), "{problem}");

    let response = send(&router(), signed("GET", "/cards", "", NOW - 900)).await;
    assert_eq!(
        response.problem().get("signatureBase"),
        None,
        "only where it is switched on"
    );
}

/// The body is not read once the headers show that the call is rejected.
#[tokio::test]
async fn what_the_headers_tell_is_judged_before_the_body() {
    let unread = || {
        let frames = futures_util::stream::poll_fn(
            |_| -> std::task::Poll<Option<Result<bytes::Bytes, std::io::Error>>> {
                panic!("the body was read")
            },
        );
        Body::from_stream(frames)
    };
    for (name, value, expected) in [
        ("authorization", "Bearer unknown", 401),
        ("signature", "((", 401),
        ("content-type", "text/plain", 415),
        ("content-encoding", "gzip", 415),
        ("content-length", "99999999", 413),
        ("idempotency-key", "no", 400),
    ] {
        let (mut parts, _) = signed("POST", &new_card(), NEW_CARD, NOW).into_parts();
        parts
            .headers
            .insert(header::CONTENT_LENGTH, NEW_CARD.len().into());
        let name: header::HeaderName = name.parse().unwrap();
        parts.headers.insert(name.clone(), value.parse().unwrap());
        let response = send(&router(), Request::from_parts(parts, unread())).await;
        assert_eq!(response.status.as_u16(), expected, "{name}");
    }
}
