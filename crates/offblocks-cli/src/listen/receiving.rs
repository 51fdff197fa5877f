//! A receiver with a temporary subscription.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use offblocks_client::Client;
use offblocks_types::{WebhookId, WebhookType};
use offblocks_webhooks::{PublishedKey, WebhookVerifier};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use url::Url;

use super::forward::Forwarder;
use super::receive::{self, Happened};
use super::subscription::Subscription;
use crate::failure::Failure;

/// How many deliveries wait to be looked at before receiving waits.
const WAITING: usize = 64;

/// How long deliveries that are being received have at the end.
const LAST: Duration = Duration::from_secs(2);

/// Where deliveries are received, and where they go.
#[derive(Default)]
pub(super) struct Place {
    /// Where to listen; without it, a free port of this machine.
    pub(super) address: Option<SocketAddr>,
    /// The address to subscribe, where it is not that one.
    pub(super) callback: Option<Url>,
    pub(super) forwarder: Option<Forwarder>,
    /// The keys that deliveries are verified with; those that the API publishes at the time of each
    /// delivery without them.
    pub(super) keys: Option<Vec<PublishedKey>>,
}

/// A receiver that runs, and its subscription.
pub(crate) struct Receiving {
    callback: Url,
    subscription: Subscription,
    events: mpsc::Receiver<Happened>,
    finish: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Receiving {
    /// Receives events of these types on this machine. The key is fetched now, so that it is known
    /// which calls are made.
    pub(crate) async fn start(client: &Client, types: Vec<WebhookType>) -> Result<Self, Failure> {
        let keys = Some(vec![published(client).await?]);
        let place = Place {
            keys,
            ..Place::default()
        };
        Self::at(client, types, place).await
    }

    pub(super) async fn at(
        client: &Client,
        types: Vec<WebhookType>,
        place: Place,
    ) -> Result<Self, Failure> {
        let address = place.address.unwrap_or((Ipv4Addr::LOCALHOST, 0).into());
        let unbound = |error| Failure::new(&format!("cannot listen on {address}"), error);
        let listener = TcpListener::bind(address).await.map_err(unbound)?;
        let callback = match place.callback {
            Some(url) => url,
            None => local(listener.local_addr().map_err(unbound)?)?,
        };
        let verifier = match place.keys {
            Some(keys) => WebhookVerifier::builder(callback.as_str(), keys),
            None => WebhookVerifier::builder(callback.as_str(), client.clone()),
        };
        let verifier = verifier.build();
        let verifier =
            verifier.map_err(|error| Failure::new("the callback URL is wrong", error))?;
        let (sender, events) = mpsc::channel(WAITING);
        let (finish, finishing) = oneshot::channel();
        let server = receive::serve(listener, verifier, place.forwarder, sender, finishing);
        let server = tokio::spawn(server);
        Ok(Self {
            subscription: Subscription::make(client, &callback, types).await?,
            callback,
            events,
            finish,
            server,
        })
    }

    pub(crate) fn id(&self) -> WebhookId {
        self.subscription.id()
    }

    pub(crate) fn callback(&self) -> &Url {
        &self.callback
    }

    /// What happens next; nothing when receiving has stopped by itself.
    pub(crate) async fn next(&mut self) -> Option<Happened> {
        self.events.recv().await
    }

    /// Removes the subscription. Deliveries that are being received still get their response.
    pub(crate) async fn stop(self, client: &Client) -> Result<(), Failure> {
        let removed = self.subscription.remove(client).await;
        // The server may have stopped already, and is left alone when it takes too long.
        let _ = self.finish.send(());
        let _ = tokio::time::timeout(LAST, self.server).await;
        removed
    }
}

/// The key that deliveries are signed with.
async fn published(client: &Client) -> Result<PublishedKey, Failure> {
    let key = client.get_webhook_verification_key().send().await;
    let key = key.map_err(|error| Failure::of_call(&error))?;
    let key = PublishedKey::try_from(&*key);
    key.map_err(|error| Failure::new("the verification key of webhooks cannot be used", error))
}

/// The address as a sender on this machine calls it.
fn local(address: SocketAddr) -> Result<Url, Failure> {
    let url = format!("http://{address}/").parse();
    url.map_err(|error| Failure::new("the address cannot be used", error))
}
