//! Fetching keys with a client of the API.

use std::time::Duration;

use offblocks_client::Client;

use super::{KeyFetchError, KeySource, KeysFuture, PublishedKey};

/// How long a fetch may take, with its token and all attempts. Senders of webhooks give up after
/// some seconds, and send again.
const DEADLINE: Duration = Duration::from_secs(5);

/// Calls `GET /webhooks/verification-key`, for five seconds at most.
impl KeySource for Client {
    fn fetch(&self) -> KeysFuture<'_> {
        Box::pin(async move {
            let call = self.get_webhook_verification_key().deadline(DEADLINE);
            let key = call.send().await.map_err(KeyFetchError::call)?;
            Ok(vec![PublishedKey::try_from(&*key)?])
        })
    }
}
