//! A call of an operation that is chosen at run time, with JSON instead of types.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use uuid::Uuid;

use crate::call::CallOptions;
use crate::error::Error;
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::response::ResponseValue;
use crate::send::send_call;

impl Client {
    /// A call of an operation that is chosen at run time, for tools that serve any operation. Programs
    /// that know what they call use its own method, whose arguments and response have types.
    ///
    /// It is sent as every other call is: with a token, a signature, an idempotency key and retries,
    /// as the contract says of the operation.
    ///
    /// ```
    /// use offblocks_client::Operation;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let operation = Operation::find("getChains").ok_or("the contract has it")?;
    /// let chains = client.untyped(operation).send().await?.into_inner();
    /// println!("{}", chains.unwrap_or_default()[0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn untyped(&self, operation: &'static Operation) -> UntypedCall {
        UntypedCall {
            client: self.clone(),
            options: CallOptions::new(self, operation),
            path: Vec::new(),
            query: Vec::new(),
            body: None,
        }
    }
}

/// A call made by [`Client::untyped`], ready to be sent.
///
/// ```
/// use offblocks_client::{UntypedCall, operations};
/// use offblocks_types::uuid::Uuid;
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = offblocks_sandbox::testing::start().await;
/// # let client = sandbox.client();
/// # let account = sandbox.active_account().await.id.to_string();
/// let key = Uuid::from_u128(7);
/// let order: UntypedCall = client
///     .untyped(&operations::CREATE_ACCOUNT_CARD)
///     .path("accountId", &account)
///     .body(json!({
///         "type": "virtual",
///         "billingAddress": {
///             "firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN",
///         },
///     }))
///     .idempotency_key(key);
/// assert_eq!(order.key(), Some(key));
/// let card = order.send().await?.into_inner().ok_or("it has a body")?;
/// assert_eq!(card["status"], "issuing");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing happens until the call is sent"]
pub struct UntypedCall {
    client: Client,
    options: CallOptions,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Option<Value>,
}

impl UntypedCall {
    /// The value of a parameter of the path, as text; it is percent-encoded on its way.
    pub fn path(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.path.push((name.into(), value.into()));
        self
    }

    /// A parameter of the query. A list is given item by item.
    ///
    /// ```
    /// use offblocks_client::operations;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let chains = client.untyped(&operations::GET_CHAINS).query("page", "1").send().await?;
    /// assert!(chains.is_some(), "the sandbox ignores a parameter that the contract does not list");
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// The body.
    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The key under which the server recognises a repetition of this call, for an hour. Without it a
    /// fresh one is made. An operation that carries no key is sent without.
    pub fn idempotency_key(mut self, key: Uuid) -> Self {
        if self.options.operation.idempotent {
            self.options.key = Some(key);
        }
        self
    }

    /// The idempotency key that this call is sent with.
    #[must_use]
    pub fn key(&self) -> Option<Uuid> {
        self.options.key
    }

    /// Sends the request and reads the response: its JSON, or nothing where the body is empty.
    ///
    /// # Errors
    /// When a parameter of the path is missing or empty, no success comes back, or the body of a
    /// success is not JSON.
    pub async fn send(self) -> Result<ResponseValue<Option<Value>>, Error> {
        let (client, options) = (self.client.clone(), self.options.clone());
        let response = send_call(&client, options, self.request()).await?;
        match response.status() {
            200..=299 if response.body.is_empty() => Ok(response.empty()?.map(|()| None)),
            200..=299 => Ok(response.json::<Value>()?.map(Some)),
            _ => Err(response.into_error()),
        }
    }

    #[expect(clippy::result_large_err, reason = "the error is progenitor's own")]
    fn request(self) -> Result<reqwest::Request, progenitor_client::Error> {
        let operation = self.options.operation;
        let invalid = |reason: String| progenitor_client::Error::InvalidRequest(reason);
        let path = filled(operation.path, &self.path).map_err(invalid)?;
        let url = String::from_iter([self.client.baseurl.as_str(), &path, &queried(&self.query)]);
        let method = operation.method.parse();
        let method: http::Method = method.map_err(|_| invalid("the method is not valid".into()))?;
        let mut request = self.client.client.request(method, url).header(
            reqwest::header::ACCEPT,
            reqwest::header::HeaderValue::from_static("application/json"),
        );
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        Ok(request.build()?)
    }
}

/// All characters except those that RFC 3986 never reserves, so that a value stays one value (RFC 6570,
/// section 3.2.2).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path of a template, with its parameters.
fn filled(template: &str, values: &[(String, String)]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        let value = values.iter().find(|(known, _)| known == name);
        let value = value.map(|(_, value)| value.as_str()).unwrap_or_default();
        // An empty segment would lead to another operation, and so would dots.
        if value.is_empty() || value == "." || value == ".." {
            return Err(format!(
                "the parameter `{name}` of the path has no usable value"
            ));
        }
        path.push_str(before);
        path.extend(utf8_percent_encode(value, RESERVED));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// The query with its question mark, or nothing. A space is written as in the typed calls.
fn queried(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().enumerate().flat_map(|(place, (name, value))| {
        let between = if place == 0 { "?" } else { "&" };
        let [name, value] = [name, value].map(|text| utf8_percent_encode(text, RESERVED));
        [
            between.to_owned(),
            name.to_string(),
            "=".to_owned(),
            value.to_string(),
        ]
    });
    pairs.collect()
}

crate::call::options! { UntypedCall { client, options } => Option<Value> }

/// Shows which operation is called, and neither its arguments nor its body, which may hold secrets.
impl fmt::Debug for UntypedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UntypedCall")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{filled, queried};

    #[test]
    fn the_values_of_a_query_are_encoded() {
        assert_eq!(queried(&[]), "");
        let pairs = values(&[("a b", "c+d&e"), ("page", "1"), ("page", "é")]);
        assert_eq!(queried(&pairs), "?a%20b=c%2Bd%26e&page=1&page=%C3%A9");
    }

    fn values(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        all.iter().map(owned).collect()
    }

    #[test]
    fn paths_are_filled_and_encoded() {
        for (template, given, expected) in [
            ("/cards", vec![], Some("/cards")),
            (
                "/cards/{cardId}",
                vec![("cardId", "a b/c")],
                Some("/cards/a%20b%2Fc"),
            ),
            (
                "/cards/{cardId}",
                vec![("cardId", "..\\a:b")],
                Some("/cards/..%5Ca%3Ab"),
            ),
            (
                "/a/{x}/b/{y}",
                vec![("y", "2"), ("x", "1")],
                Some("/a/1/b/2"),
            ),
            ("/cards/{cardId}", vec![], None),
            ("/cards/{cardId}", vec![("cardId", "")], None),
            ("/cards/{cardId}", vec![("cardId", "..")], None),
        ] {
            let path = filled(template, &values(&given)).ok();
            assert_eq!(path.as_deref(), expected, "{template} {given:?}");
        }
    }
}
