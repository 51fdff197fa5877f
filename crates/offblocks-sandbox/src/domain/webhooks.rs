//! Webhook subscriptions.

use offblocks_signature::{KeyError, SigningKey};
use offblocks_types::support::{Base64, UriText};
use offblocks_types::{SaveWebhookRequest, VerificationKey, Webhook, WebhookId, WebhookType};

use super::{Work, kept};
use crate::deliveries::target;
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::seeded_key;
use crate::store::webhooks::{self, StoredKey};
use crate::store::{StoreError, outbox};

/// `getWebhooks`.
pub(crate) async fn list(work: &mut Work<'_>) -> Result<Vec<Webhook>, Failure> {
    Ok(webhooks::list(work.conn).await?)
}

/// `getWebhook`.
pub(crate) async fn get(work: &mut Work<'_>, id: WebhookId) -> Result<Webhook, Failure> {
    webhooks::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("webhook subscription", id))
}

/// `saveWebhook`: a new subscription, or with an id another URL and other types for that one.
/// Deliveries that wait go to the new URL; the new types are for events from now on.
pub(crate) async fn save(
    work: &mut Work<'_>,
    request: SaveWebhookRequest,
) -> Result<Webhook, Failure> {
    target::check_text(&request.callback_url, &work.settings.allow_webhook_hosts)
        .map_err(|reason| Failure::at("/callbackUrl", reason.to_string()))?;
    let types = distinct(request.types)?;
    match request.id {
        None => create(work, request.callback_url, types).await,
        Some(id) => replace(work, id, request.callback_url, types).await,
    }
}

/// `deleteWebhook`: what still waits for it is discarded.
pub(crate) async fn delete(work: &mut Work<'_>, id: WebhookId) -> Result<(), Failure> {
    if !webhooks::delete(work.conn, id).await? {
        return Err(Failure::missing("webhook subscription", id));
    }
    kept::forget_modes(work.conn).await?;
    let reason = "the subscription was deleted";
    Ok(outbox::discard_waiting(work.conn, id, reason, work.now).await?)
}

/// `getWebhookVerificationKey`.
pub(crate) async fn verification_key(work: &mut Work<'_>) -> Result<VerificationKey, Failure> {
    let stored = webhooks::key(work.conn).await?;
    let stored = stored.ok_or(StoreError::NoWebhookKey)?;
    let key = SigningKey::from_pem(stored.pem.expose()).map_err(unusable)?;
    let pem = key.public_key().to_spki_pem();
    Ok(VerificationKey::new(
        stored.id,
        Base64::from(pem.as_bytes()),
    ))
}

/// Gives a database its key for deliveries, unless it has one.
pub(crate) async fn found(work: &mut Work<'_>) -> Result<(), Failure> {
    if webhooks::key(work.conn).await?.is_some() {
        return Ok(());
    }
    let key = seeded_key::new(work.random).map_err(unusable)?;
    let pem = key.to_pkcs8_pem().map_err(unusable)?;
    let key = StoredKey {
        id: work.random.uuid(),
        pem: pem.as_str().into(),
    };
    Ok(webhooks::insert_key(work.conn, &key, work.now).await?)
}

async fn create(
    work: &mut Work<'_>,
    callback_url: UriText,
    types: Vec<WebhookType>,
) -> Result<Webhook, Failure> {
    let id = work.random.uuid().into();
    let webhook = Webhook::new(id, callback_url, types, work.now, work.now);
    webhooks::insert(work.conn, &webhook).await?;
    Ok(webhook)
}

async fn replace(
    work: &mut Work<'_>,
    id: WebhookId,
    callback_url: UriText,
    types: Vec<WebhookType>,
) -> Result<Webhook, Failure> {
    let mut webhook = get(work, id).await?;
    webhook.callback_url = callback_url;
    webhook.types = types;
    webhook.updated_at = work.after(webhook.updated_at);
    webhooks::update(work.conn, &webhook).await?;
    Ok(webhook)
}

/// Each type once, in the order given.
fn distinct(types: Vec<WebhookType>) -> Result<Vec<WebhookType>, Failure> {
    let mut distinct = Vec::new();
    for kind in types {
        if !distinct.contains(&kind) {
            distinct.push(kind);
        }
    }
    if distinct.is_empty() {
        return Err(Failure::at("/types", "types is empty: name at least one"));
    }
    Ok(distinct)
}

fn unusable(error: KeyError) -> Failure {
    StoreError::WebhookKey(error).into()
}
