//! A tiny server of two tags, and how tests talk to it.
#![allow(dead_code, reason = "every test file uses its own part of this")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use offblocks_server::*;
use offblocks_types::{
    AccountId, Asset, Blockchain, Card, CardId, CardStatus, CreateAccountCardRequest,
};
use tower::ServiceExt;
use uuid::Uuid;

/// An idempotency key, where the test is about something else.
pub const KEY: &str = "0b7a8f0e-6f3e-4c1f-9a53-0c6d6f1f7a11";

/// An account of the bank.
pub const ACCOUNT: Uuid = Uuid::from_u128(0xacc0);

/// A card of the bank.
pub const CARD: Uuid = Uuid::from_u128(0xca4d);

/// Serves cards and the engine's lists; counts the cards it made.
#[derive(Debug, Default)]
pub struct Bank {
    pub issued: AtomicUsize,
}

impl Bank {
    fn card(id: Uuid, account: AccountId, kind: offblocks_types::CardType) -> Card {
        let then = chrono::DateTime::UNIX_EPOCH;
        Card::new(CardId(id), account, kind, CardStatus::Issuing, then, then)
    }

    fn any_card(id: CardId) -> Result<Card, Problem> {
        if id.0 != CARD {
            return Err(Problem::not_found("no such card"));
        }
        Ok(Self::card(
            id.0,
            AccountId(ACCOUNT),
            offblocks_types::CardType::Virtual,
        ))
    }
}

impl CardsApi for Bank {
    async fn create_account_card(
        &self,
        context: RequestContext,
        account_id: AccountId,
        body: CreateAccountCardRequest,
    ) -> Result<Card, CreateAccountCardError> {
        assert!(
            context.idempotency_key.is_some(),
            "the router lets no call through without a key"
        );
        if account_id.0 != ACCOUNT {
            let problem = Problem::not_found("no such account");
            return Err(CreateAccountCardError::NotFound(problem));
        }
        self.issued.fetch_add(1, Ordering::SeqCst);
        let mut card = Self::card(CARD, account_id, body.r#type);
        card.billing_address = Some(body.billing_address);
        Ok(card)
    }

    async fn get_account_cards(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<Vec<Card>, GetAccountCardsError> {
        Ok(vec![Self::card(
            CARD,
            account_id,
            offblocks_types::CardType::Virtual,
        )])
    }

    async fn get_cards(&self, _: RequestContext) -> Result<Vec<Card>, GetCardsError> {
        Ok(Vec::new())
    }

    async fn get_card(&self, _: RequestContext, card_id: CardId) -> Result<Card, GetCardError> {
        Self::any_card(card_id).map_err(GetCardError::NotFound)
    }

    async fn delete_card(&self, _: RequestContext, card_id: CardId) -> Result<(), DeleteCardError> {
        Self::any_card(card_id)
            .map(drop)
            .map_err(DeleteCardError::NotFound)
    }

    async fn deactivate_card(
        &self,
        _: RequestContext,
        _: CardId,
    ) -> Result<Card, DeactivateCardError> {
        // The status of the variant counts, whatever the problem says.
        Err(DeactivateCardError::Conflict(Problem::bad_request(
            "not active",
        )))
    }

    async fn activate_card(
        &self,
        _: RequestContext,
        card_id: CardId,
    ) -> Result<Card, ActivateCardError> {
        Self::any_card(card_id)
            .map_err(|problem| ActivateCardError::from_problem(problem).expect("404 is documented"))
    }
}

impl EngineApi for Bank {
    async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
        Ok(Vec::new())
    }

    /// One asset, named by the filter.
    async fn get_assets(
        &self,
        _: RequestContext,
        chain: Option<String>,
    ) -> Result<Vec<Asset>, GetAssetsError> {
        let Some(chain) = chain else {
            return Ok(Vec::new());
        };
        let asset = serde_json::json!({
            "id": "eip155:1/slip44:60", "blockchain": "eip155:1", "name": chain, "symbol": "X",
        });
        Ok(vec![
            serde_json::from_value(asset).expect("the asset is valid"),
        ])
    }
}

/// The bank's cards and lists; the stub responds to everything else.
pub fn bank() -> ApiRouter {
    served_by(&Arc::new(Bank::default()))
}

/// As [`bank`], by a bank the test can look into.
pub fn served_by(bank: &Arc<Bank>) -> ApiRouter {
    cards_router(bank.clone())
        .merge(engine_router(bank.clone()))
        .merge(NotImplemented::everything())
}

/// What came back.
#[derive(Debug)]
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl TestResponse {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {:?}", self.body))
    }

    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The problem of a rejection, after checking its shape.
    pub fn problem(&self) -> serde_json::Value {
        assert_eq!(
            self.header(header::CONTENT_TYPE),
            Some("application/problem+json"),
            "{self:?}"
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        assert!(problem["title"].is_string(), "{problem}");
        problem
    }
}

/// Sends a request without a network.
pub async fn send(router: &Router, request: Request<Body>) -> TestResponse {
    let response = router
        .clone()
        .oneshot(request)
        .await
        .expect("a router never fails");
    let (parts, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .expect("the body is in memory")
        .to_bytes();
    TestResponse {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

/// A request that the contract's every rule lets through: key, type, and a body where given.
pub fn request(method: &str, path: &str, body: impl Into<Body>) -> Request<Body> {
    Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method is a token"))
        .uri(path)
        .header("idempotency-key", KEY)
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .expect("the parts are valid")
}

/// The path of new cards.
pub fn new_card() -> String {
    format!("/accounts/{ACCOUNT}/cards")
}

/// The guide's body for a new card.
pub const NEW_CARD: &str = r#"{"type": "virtual", "billingAddress": {"firstLine": "18 Harbour Row",
    "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"}}"#;
