//! Implements one group of operations and serves it over HTTP. The other groups respond with 501.
//!
//! `cargo run -p offblocks-server --example implement_a_trait`

#![expect(clippy::print_stdout, reason = "an example may print")]

use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;

use offblocks_server::*;
use offblocks_types::{Asset, Blockchain};
use tokio::net::TcpListener;

/// The group Engine: the supported blockchains and assets.
struct Chains(Vec<Blockchain>);

impl EngineApi for Chains {
    async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
        Ok(self.0.clone())
    }

    async fn get_assets(
        &self,
        _: RequestContext,
        chain: Option<String>,
    ) -> Result<Vec<Asset>, GetAssetsError> {
        let known = |id: &str| self.0.iter().any(|chain| chain.id.as_str() == id);
        match chain {
            // The contract documents no 404 here, so the error type has none.
            Some(id) if !known(&id) => Err(GetAssetsError::bad_request(
                "the chain is not supported; GET /chains lists the supported ones",
            )),
            _ => Ok(Vec::new()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run().await
}

/// The example, which a test runs too.
pub async fn run() -> Result<(), Box<dyn Error>> {
    let sepolia = Blockchain::new("eip155:300".parse()?, "zkSync Era Sepolia");
    // A real server adds `VerificationLayer` and `IdempotencyLayer` here, with `layer`.
    let service = engine_router(Arc::new(Chains(vec![sepolia])))
        .merge(NotImplemented::everything())
        .base_path("/v1")
        .into_router();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let base = format!("http://{}/v1", listener.local_addr()?);
    let server = tokio::spawn(async { axum::serve(listener, service).await });

    let expected = [
        ("/chains", 200),
        ("/assets?chain=eip155%3A300", 200),
        ("/assets?chain=eip155%3A1", 400),
        ("/cards", 501),
        ("/nothing", 404),
    ];
    for (path, status) in expected {
        let response = reqwest::get(format!("{base}{path}")).await?;
        println!("GET {path}: {}", response.status());
        if response.status().as_u16() != status {
            return Err(format!("GET {path} should give {status}").into());
        }
    }
    server.abort();
    Ok(())
}
