//! What the examples call: a sandbox in this process, and the builder of a client for it.

use std::error::Error;

use offblocks_client::{Client, ClientBuilder, KeyId, SigningKey};
use offblocks_sandbox::{
    DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox, SandboxHandle, Surroundings,
};

/// The id under which the examples register their key.
pub const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

/// A running sandbox. It stops when it is dropped.
pub async fn start() -> Result<SandboxHandle, Box<dyn Error>> {
    let sandbox = Sandbox::builder(Surroundings::real()).build().await?;
    Ok(sandbox.start().await?)
}

/// The builder of a client without a signing key.
pub fn builder(sandbox: &SandboxHandle) -> ClientBuilder {
    Client::builder()
        .base_url(sandbox.base_url().as_str())
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
}

/// A client with a signing key, which is registered.
#[allow(dead_code, reason = "one example has a signer of its own")]
pub async fn client(builder: ClientBuilder) -> Result<Client, Box<dyn Error>> {
    let (key, id) = (SigningKey::generate()?, KeyId::new(KEY_ID)?);
    let client = builder.signing_key(key.clone(), id.clone()).build()?;
    client.register_signing_key(&key, &id).await?;
    Ok(client)
}
