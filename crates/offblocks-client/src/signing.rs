//! Signing, wherever the key is.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use http::Uri;
use offblocks_signature::{KeyId, SignatureTemplate, SigningKey};
use reqwest::Request;

use crate::error::{Error, Kind};
use crate::generated::operations::Operation;

/// What a [`Sign`] returns: the signature, or why there is none.
pub type Signing<'a> =
    Pin<Box<dyn Future<Output = Result<[u8; 96], Box<dyn StdError + Send + Sync>>> + Send + 'a>>;

/// Signs with a key that may be elsewhere, such as in a key management service or a hardware module.
///
/// It is called for every attempt, so it can also change its key while the client is in use.
pub trait Sign: Send + Sync + 'static {
    /// The `signingKeyId` under which the public half is registered.
    fn key_id(&self) -> KeyId;

    /// Signs these bytes: ECDSA on P-384 with SHA-384, as r and s of 48 bytes each (IEEE P1363).
    ///
    /// Its time counts against the call's deadline, and meanwhile the call holds one of the places of
    /// [`max_in_flight`](crate::ClientBuilder::max_in_flight). An error ends the call before it is
    /// sent.
    fn sign<'a>(&'a self, base: &'a [u8]) -> Signing<'a>;
}

/// A key in memory.
pub(crate) struct KeyInMemory {
    pub key: SigningKey,
    pub id: KeyId,
}

impl Sign for KeyInMemory {
    fn key_id(&self) -> KeyId {
        self.id.clone()
    }

    fn sign<'a>(&'a self, base: &'a [u8]) -> Signing<'a> {
        let signature = self.key.sign(base);
        let signature = signature.ok_or_else(|| "the cryptographic library could not sign".into());
        Box::pin(std::future::ready(signature))
    }
}

/// The signer of a client and its clones, which can be replaced.
#[derive(Clone, Default)]
pub(crate) struct CurrentSigner(Arc<RwLock<Option<Arc<dyn Sign>>>>);

impl CurrentSigner {
    pub(crate) fn new(signer: Option<Arc<dyn Sign>>) -> Self {
        Self(Arc::new(RwLock::new(signer)))
    }

    pub(crate) fn get(&self) -> Option<Arc<dyn Sign>> {
        // A panic while the lock was held leaves a whole value: it is only ever assigned.
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn replace(&self, signer: Arc<dyn Sign>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(signer);
    }
}

impl fmt::Debug for CurrentSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.get().map(|signer| signer.key_id());
        formatter.debug_tuple("CurrentSigner").field(&id).finish()
    }
}

/// Signs the attempt at this time (Unix seconds), and adds the digest of its body, where the contract
/// asks for it.
pub(crate) async fn sign(
    signer: &CurrentSigner,
    created: i64,
    operation: &'static Operation,
    request: &mut Request,
) -> Result<(), Error> {
    if !operation.signed {
        return Ok(());
    }
    let setup = || Error::new(operation, Kind::Setup);
    let signer = signer.get().ok_or_else(|| {
        setup().because(
            "the call must be signed and the client has no signing key; give one to its builder",
        )
    })?;
    let uri: Uri = request
        .url()
        .as_str()
        .parse()
        .map_err(|error| setup().caused_by("the URL cannot be signed", error))?;
    let mut headers = std::mem::take(request.headers_mut());
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let template = SignatureTemplate::new(&signer.key_id());
    let prepared = template.prepare(request.method(), &uri, &mut headers, body, created);
    let pending = prepared.map_err(|error| setup().caused_by("signing failed", error))?;
    let signature = signer.sign(pending.base()).await;
    let signature =
        signature.map_err(|error| setup().caused_by_boxed("the signer failed", error))?;
    pending.complete(&signature, &mut headers);
    *request.headers_mut() = headers;
    Ok(())
}
