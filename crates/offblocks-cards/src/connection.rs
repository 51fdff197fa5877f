//! What every handle needs to reach the server and to wait.

use std::sync::Arc;

use offblocks_client::{Client, Error, Timer};
use offblocks_types::{Authorisation, AuthorisationId, Card, CardId};

use crate::polling::PollingPolicy;

/// A client, a timer and a polling policy. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    timer: Arc<dyn Timer>,
    policy: PollingPolicy,
}

impl Connection {
    pub(crate) fn new(client: Client, timer: Arc<dyn Timer>, policy: PollingPolicy) -> Self {
        let inner = Inner {
            client,
            timer,
            policy,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.inner.client
    }

    pub(crate) fn timer(&self) -> &dyn Timer {
        self.inner.timer.as_ref()
    }

    pub(crate) fn polling_policy(&self) -> PollingPolicy {
        self.inner.policy
    }

    /// `GET /cards/{cardId}`
    pub(crate) async fn fetch_card(&self, id: CardId) -> Result<Card, Error> {
        Ok(self.client().get_card(id).send().await?.into_inner())
    }

    /// `GET /authorisations/{authorisationId}`
    pub(crate) async fn fetch_authorisation(
        &self,
        id: AuthorisationId,
    ) -> Result<Authorisation, Error> {
        let call = self.client().get_authorisation_details(id);
        Ok(call.send().await?.into_inner())
    }
}
