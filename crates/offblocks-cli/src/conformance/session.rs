//! The server to call, and the credentials for it.

use offblocks_cards::PollingPolicy;
use offblocks_sandbox::{Credentials, SandboxHandle};
use offblocks_signature::SigningKey;
use uuid::Uuid;

use super::Conformance;
use crate::failure::Failure;
use crate::key_file;
use crate::quickstart::target::{self, Server};
use crate::system::random_id;

/// A server, and the credentials and key for calling it.
pub(super) struct Session {
    /// Without a slash at its end.
    pub(super) base_url: String,
    pub(super) credentials: Credentials,
    pub(super) key: SigningKey,
    pub(super) key_id: Uuid,
    /// Whether the key has to be registered, and is removed again.
    pub(super) fresh_key: bool,
    pub(super) policy: PollingPolicy,
    own: Option<SandboxHandle>,
}

impl Session {
    /// The server that was named, or a sandbox of its own.
    pub(super) async fn new(options: &Conformance) -> Result<Self, Failure> {
        let connection = options.connection.resolve()?;
        // A key uploaded under a known identifier would replace the one that is registered there.
        if connection.key_id.is_some() && connection.signing_key.is_none() {
            let reason = "--key-id (or OFFBLOCKS_SIGNING_KEY_ID) names a registered key, whose private \
                          half is missing: give --signing-key (or OFFBLOCKS_SIGNING_KEY_FILE) too, or neither";
            return Err(Failure::because(reason));
        }
        let fresh_key = connection.key_id.is_none();
        let key = connection.signing_key.map_or_else(key_file::create, Ok)?;
        let key_id = connection.key_id.map_or_else(random_id, Ok)?;
        let server = Server::reach(connection.base_url, connection.credentials).await?;
        // The client checks the base URL. The calls are made without the client.
        let client = target::client(&server, options.allow_plain_http, key.clone(), key_id)?;
        Ok(Self {
            base_url: client.base_url().to_owned(),
            policy: server.polling_policy(),
            credentials: server.credentials,
            key,
            key_id,
            fresh_key,
            own: server.own,
        })
    }

    /// Stops the sandbox that was started for this, if one was.
    pub(super) async fn stop(self) -> Result<(), Failure> {
        let Some(sandbox) = self.own else {
            return Ok(());
        };
        let stopped = sandbox.stop().await;
        stopped.map_err(|error| Failure::new("the sandbox did not stop cleanly", error))
    }
}
