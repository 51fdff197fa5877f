//! Fetches a token. This is a call like others, with its own attempts, pauses and deadline.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use offblocks_types::{Authentication, GetTokenRequest};

use crate::call::CallOptions;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::GET_TOKEN;
use crate::send::send_call;
use crate::session::{Credentials, CredentialsProvider, FetchedToken};

/// Fetches a token with the current credentials of the provider.
///
/// The type is written out because calls fetch tokens and fetching a token is a call.
pub(crate) fn fetch_token(
    client: Client,
    provider: Arc<dyn CredentialsProvider>,
) -> Pin<Box<dyn Future<Output = Result<FetchedToken, Error>> + Send>> {
    Box::pin(async move {
        let Credentials {
            api_key,
            api_secret,
        } = provider.credentials().await.map_err(|error| {
            Error::new(&GET_TOKEN, Kind::Setup)
                .caused_by_boxed("the provider gave no credentials", error)
        })?;
        let request = client
            .client
            .post(format!("{}{}", client.baseurl, GET_TOKEN.path))
            .json(&GetTokenRequest::new(api_key, api_secret))
            .build()
            .map_err(progenitor_client::Error::from);
        let options = CallOptions::new(&client, &GET_TOKEN);
        let response = send_call(&client, options, request).await?;
        if !response.is_success() {
            return Err(response.into_error());
        }
        let server_ahead = response.server_ahead();
        let granted = response.json::<Authentication>()?.into_inner();
        Ok(FetchedToken {
            granted,
            server_ahead,
        })
    })
}
