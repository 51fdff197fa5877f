//! A service that implements one group of operations, called with the client.

use std::sync::Arc;
use std::time::SystemTime;

use offblocks_client::{Client, Clock, KeyId, SigningKey};
use offblocks_server::{
    EngineApi, FixedAuthentication, GetAssetsError, GetChainsError, NotImplemented, Principal,
    Problem, RequestContext, VerificationLayer, authentication_router, engine_router, fixed_key,
    fixed_token,
};
use offblocks_signature::Verifier;
use offblocks_types::{Asset, Blockchain};
use uuid::Uuid;

use crate::server::{API_KEY, KEY_ID, SECRET, TestClock};

struct Chains;

/// Rejects every other chain with a problem, as a function that knows no operation would.
fn known(chain: Option<String>) -> Result<(), Problem> {
    match chain.as_deref() {
        None | Some("eip155:300") => Ok(()),
        Some("eip155:1") => Err(Problem::bad_request("the chain is not supported")),
        Some(_) => Err(Problem::not_found("the contract has no 404 here")),
    }
}

impl EngineApi for Chains {
    async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
        let id = "eip155:300".parse();
        let id = id.map_err(|_| GetChainsError::internal_server_error("the chain is wrong"))?;
        Ok(vec![Blockchain::new(id, "zkSync Era Sepolia")])
    }

    async fn get_assets(
        &self,
        _: RequestContext,
        chain: Option<String>,
    ) -> Result<Vec<Asset>, GetAssetsError> {
        known(chain)?;
        Ok(Vec::new())
    }
}

async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn verifier() -> Verifier {
    Verifier::builder().scheme("http".parse().unwrap()).build()
}

#[tokio::test]
async fn a_service_with_fixed_authentication_is_called_as_any_other() {
    // One clock for both ends.
    let clock = Arc::new(TestClock::default());
    let caller = FixedAuthentication::new(API_KEY, SECRET, "token-7");
    let layer = VerificationLayer::new(caller.clone(), caller.clone(), verifier(), clock.clone());
    let router = authentication_router(Arc::new(caller))
        .merge(engine_router(Arc::new(Chains)))
        .merge(NotImplemented::everything())
        .layer(layer)
        .base_path("/v1");
    let (key, id) = (SigningKey::generate().unwrap(), KeyId::new(KEY_ID).unwrap());
    let client = Client::builder()
        .base_url(serve(router.into_router()).await)
        .credentials(API_KEY, SECRET)
        .signing_key(key.clone(), id.clone())
        .clock(clock)
        .build()
        .unwrap();
    let unknown = client.get_chains().await.unwrap_err();
    assert!(unknown.is_unauthorised(), "{unknown}");
    client.register_signing_key(&key, &id).await.unwrap();
    assert_eq!(client.get_chains().await.unwrap().len(), 1);
    let rejected = client.get_assets().chain("eip155:1").await.unwrap_err();
    assert!(rejected.is_bad_request(), "{rejected}");
    let undocumented = client
        .get_assets()
        .chain("eip155:5")
        .retry(offblocks_client::RetryPolicy::none());
    let undocumented = undocumented.await.unwrap_err();
    assert!(undocumented.is_server_error(), "{undocumented}");
    let card = client
        .get_card(Uuid::from_u128(7).into())
        .await
        .unwrap_err();
    assert_eq!(card.status().map(|status| status.as_u16()), Some(501));
}

#[tokio::test]
async fn a_fixed_token_and_a_fixed_key_are_enough() {
    let (key, id) = (SigningKey::generate().unwrap(), KeyId::new(KEY_ID).unwrap());
    let now = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_795_340_781);
    let clock = move || now;
    assert_eq!(clock.now(), now);
    let layer = VerificationLayer::new(
        fixed_token("token-7", Principal::new("caller")),
        fixed_key(id.clone(), key.public_key()),
        verifier(),
        clock,
    );
    let router = engine_router(Arc::new(Chains))
        .layer(layer)
        .base_path("/v1");
    let client = Client::builder()
        .base_url(serve(router.into_router()).await)
        .bearer_token("token-7")
        .signing_key(key, id)
        .clock(clock)
        .build()
        .unwrap();
    assert_eq!(client.get_chains().await.unwrap().len(), 1);
    client.replace_bearer_token("token-8");
    assert!(client.get_chains().await.unwrap_err().is_unauthorised());
}
