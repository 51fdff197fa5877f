//! `offblocks auth check`: whether what is configured works.

use std::io::{self, Write as _};

use chrono::DateTime;
use http::HeaderMap;
use offblocks_client::Client;
use offblocks_types::GetTokenRequest;
use serde_json::{Map, Value};

use crate::arguments::ApiOptions;
use crate::failure::Failure;
use crate::print::print;
use crate::quickstart::target::{Server, client_with};
use crate::system::now;

/// What has been found out so far.
#[derive(Default)]
struct Findings {
    lines: Vec<String>,
    values: Map<String, Value>,
}

impl Findings {
    fn add(&mut self, title: &str, text: &str, name: &str, value: impl Into<Value>) {
        self.lines.push(format!("{title:<12}  {text}"));
        self.values.insert(name.to_owned(), value.into());
    }
}

/// Checks address, credentials, clock and signature, in this order.
pub(crate) async fn check(options: ApiOptions) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let checked = look(&options, &mut findings).await;
    let lines = findings.lines;
    let values = Value::Object(findings.values);
    match checked {
        Ok(()) => print(options.json, &values, &lines),
        Err(failure) => {
            // Where the error stream is closed, the message is lost.
            for line in lines.iter().filter(|_| !options.json) {
                let _ = writeln!(io::stderr(), "{line}");
            }
            Err(failure)
        }
    }
}

async fn look(options: &ApiOptions, findings: &mut Findings) -> Result<(), Failure> {
    let connection = options.connection.resolve()?;
    let signing = connection.signing_key.zip(connection.key_id);
    let url = connection.base_url.ok_or_else(|| {
        Failure::because(
            "the address of the API is missing: give --base-url, --environment or a --profile",
        )
    })?;
    findings.add("address", url.as_str(), "baseUrl", url.as_str());
    let server = Server::named(url, connection.credentials)?;
    let key = server.credentials.api_key.to_string();
    findings.add("API key", &key, "apiKey", key.as_str());
    let id = signing.as_ref().map(|(_, id)| id.to_string());
    match &id {
        Some(id) => findings.add("signing key", id, "signingKeyId", id.as_str()),
        None => findings.add("signing key", "none", "signingKeyId", Value::Null),
    }
    let client = client_with(&server, options.allow_plain_http, signing)?;
    token(&client, &server, findings).await?;
    if id.is_none() {
        return Err(Failure::because(
            "there is no signing key, so no call but those to sign in can be made: `offblocks keys \
             new` makes one, and `offblocks keys register` registers it",
        ));
    }
    // The smallest signed call that changes nothing.
    let chains = client.get_chains().send().await;
    chains.map_err(|error| Failure::of_call(&error))?;
    findings.add("signature", "accepted", "signature", "accepted");
    Ok(())
}

async fn token(client: &Client, server: &Server, findings: &mut Findings) -> Result<(), Failure> {
    let credentials = &server.credentials;
    let request = GetTokenRequest::new(credentials.api_key, credentials.api_secret.clone());
    let token = client.get_token(request).send().await;
    let token = token.map_err(|error| Failure::of_call(&error))?;
    let ahead = ahead(token.headers(), now()?);
    let ends = DateTime::from_timestamp(token.expires_at, 0).map(|ends| ends.to_rfc3339());
    let ends = ends.unwrap_or_else(|| token.expires_at.to_string());
    let text = format!("obtained, valid until {ends}");
    findings.add("token", &text, "tokenExpiresAt", ends);
    let text = match ahead {
        Some(0) => "the same as the server's".to_owned(),
        Some(seconds) if seconds > 0 => format!("{seconds} s ahead of the server's"),
        Some(seconds) => format!("{} s behind the server's", -seconds),
        None => "the server does not say its time".to_owned(),
    };
    findings.add(
        "clock",
        &text,
        "clockSkewSeconds",
        ahead.map_or(Value::Null, Value::from),
    );
    Ok(())
}

/// By how many seconds this machine's clock is ahead of the server's, as far as `Date` says.
fn ahead(headers: &HeaderMap, now: i64) -> Option<i64> {
    let date = headers.get(http::header::DATE)?.to_str().ok()?;
    let server = DateTime::parse_from_rfc2822(date).ok()?;
    let seconds = now - server.timestamp();
    // A second passes on the way, and `Date` has no smaller parts.
    Some(if seconds.abs() <= 1 { 0 } else { seconds })
}
