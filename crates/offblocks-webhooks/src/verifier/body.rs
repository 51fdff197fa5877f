//! Reading a body within its limit.

use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::error::WebhookError;

/// The whole body. Nothing is read beyond the limit.
pub(super) async fn read<B>(body: B, limit: usize) -> Result<Bytes, WebhookError>
where
    B: Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(WebhookError::BodyTooLarge { limit }),
        Err(error) => Err(WebhookError::BodyUnreadable(error)),
    }
}
