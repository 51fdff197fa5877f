//! `wire.rs`: what a generated client needs beside progenitor's own support, function by function,
//! so that nothing unused is written.

mod headers;
mod styles;

use std::collections::{BTreeSet, HashSet};

use proc_macro2::TokenStream;
use quote::quote;

/// The file's items, or nothing where `code` uses none of them.
pub(super) fn wire(code: &str) -> Option<TokenStream> {
    let used: HashSet<&str> = mentioned(code).collect();
    let names = FUNCTIONS.iter().map(|function| function.name);
    let mut wanted: BTreeSet<&str> = names.filter(|name| used.contains(name)).collect();
    if wanted.is_empty() {
        return None;
    }
    // What a function needs stands behind it in the table.
    for function in FUNCTIONS {
        if wanted.contains(function.name) {
            wanted.extend(function.needs);
        }
    }
    let functions = FUNCTIONS
        .iter()
        .filter(|function| wanted.contains(function.name))
        .map(|function| (function.tokens)());
    Some(quote! {
        #![doc = " How values travel outside JSON bodies."]

        #(#functions)*
    })
}

/// The names of functions that are called or passed on somewhere.
fn mentioned(code: &str) -> impl Iterator<Item = &str> {
    let behind = code.split("wire :: ").skip(1);
    behind.map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// A function of `wire.rs`.
struct Function {
    name: &'static str,
    /// The functions that it calls.
    needs: &'static [&'static str],
    tokens: fn() -> TokenStream,
}

const fn function(
    name: &'static str,
    needs: &'static [&'static str],
    tokens: fn() -> TokenStream,
) -> Function {
    Function {
        name,
        needs,
        tokens,
    }
}

const FUNCTIONS: &[Function] = &[
    function("text", &["parts"], text),
    function("with_query", &[], styles::with_query),
    function("apart", &["encoded"], styles::apart),
    function("form", &["repeated"], styles::form),
    function("repeated", &["parts", "encoded"], styles::repeated),
    function("memberless", &[], styles::memberless),
    function("joined", &["parts", "encoded", "together"], styles::joined),
    function("deep", &["deep_pairs"], styles::deep),
    function("path", &["several", "whole", "together"], styles::path),
    function(
        "matrix",
        &["parts", "encoded", "whole", "together"],
        styles::matrix,
    ),
    function("json", &["encoded"], styles::json),
    function("json_text", &["encoded"], styles::json_text),
    function("header", &["parts", "together"], styles::header),
    function("trimmed", &[], styles::trimmed),
    function("header_json", &[], styles::header_json),
    function("cookie", &["parts", "encoded"], styles::cookie),
    function("add_cookies", &[], styles::add_cookies),
    function("deep_pairs", &["encoded", "scalar"], styles::deep_pairs),
    function("together", &[], styles::together),
    function("several", &["parts", "encoded"], styles::several),
    function("segment", &["whole", "encoded"], segment),
    function("encoded", &[], styles::encoded),
    function("whole", &[], whole),
    function("read_headers", &["map"], headers::read_headers),
    function(
        "scalar_or_text_of",
        &["text_of", "scalar_of"],
        headers::scalar_or_text_of,
    ),
    function("text_of", &[], headers::text_of),
    function("scalar_of", &[], headers::scalar_of),
    function("json_of", &[], headers::json_of),
    function("list_of", &[], headers::list_of),
    function("members_of", &[], headers::members_of),
    function("is_type", &["parameters_of"], is_type),
    function("parameters_of", &[], parameters_of),
    function("read_json", &["is_json", "unread"], read_json),
    function("is_json", &[], is_json),
    function("map", &[], map),
    function("typed", &[], typed),
    function("read_text", &["unread"], read_text),
    function("unread", &[], unread),
    function("read_bytes", &[], read_bytes),
    function("parts", &["scalar"], parts),
    function("scalar", &[], scalar),
];

fn segment() -> TokenStream {
    quote! {
        /// A text as a segment of a path, or as a part of one. Other text of the path may stand
        /// beside it, so it is encoded as RFC 6570, section 3.2.2, says: `a:cancel` stays one value.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn segment<E>(text: &str) -> Result<String, progenitor_client::Error<E>> {
            whole(text).map(|text| encoded(text, ""))
        }
    }
}

fn whole() -> TokenStream {
    quote! {
        /// A path segment that stays one: empty and dot segments would name another path.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        fn whole<E>(text: &str) -> Result<&str, progenitor_client::Error<E>> {
            match text {
                "" | "." | ".." => Err(progenitor_client::Error::InvalidRequest(format!(
                    "`{text}` cannot be a segment of a path"
                ))),
                text => Ok(text),
            }
        }
    }
}

fn text() -> TokenStream {
    quote! {
        /// A value as the text of a path segment or a header.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn text<E>(
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let parts = parts(value).map_err(progenitor_client::Error::InvalidRequest)?;
            let texts: Vec<String> = parts.into_iter().map(|(_, text)| text).collect();
            Ok(texts.join(","))
        }
    }
}

fn parts() -> TokenStream {
    quote! {
        /// The parts of a value: the items of a list, the members of an object with their names,
        /// or the value itself. Members that are null are left out; an item cannot be.
        fn parts(
            value: &impl serde::Serialize,
        ) -> Result<Vec<(Option<String>, String)>, String> {
            use serde_json::Value;
            let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
            let unnamed = |value| (None, scalar(value));
            Ok(match value {
                Value::Null => Vec::new(),
                Value::Array(items) if items.iter().any(Value::is_null) => {
                    return Err("a list with null in it cannot be sent".to_owned());
                }
                Value::Array(items) => items.into_iter().map(unnamed).collect(),
                Value::Object(members) => {
                    let members = members.into_iter().filter(|(_, value)| !value.is_null());
                    members.map(|(key, value)| (Some(key), scalar(value))).collect()
                }
                other => vec![unnamed(other)],
            })
        }
    }
}

fn scalar() -> TokenStream {
    quote! {
        /// Text as it is, everything else as JSON.
        fn scalar(value: serde_json::Value) -> String {
            match value {
                serde_json::Value::String(text) => text,
                other => other.to_string(),
            }
        }
    }
}

fn is_type() -> TokenStream {
    quote! {
        /// Whether a response is of a media type with its parameters, or of one in a range of them
        /// (`image/*`).
        pub(super) fn is_type(response: &reqwest::Response, wanted: &str) -> bool {
            let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let value = response.headers().get(reqwest::header::CONTENT_TYPE);
            let found = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
            let given = parameters_of(found);
            if !parameters_of(wanted).iter().all(|one| given.contains(one)) {
                return false;
            }
            let (found, wanted) = (essence(found), essence(wanted));
            match wanted.strip_suffix('*') {
                Some("*/") => true,
                Some(range) => found.starts_with(range),
                None => found == wanted,
            }
        }
    }
}

fn parameters_of() -> TokenStream {
    quote! {
        /// The parameters of a media type that tell it from another one: not those that say how its
        /// bytes are written.
        fn parameters_of(media_type: &str) -> Vec<(String, String)> {
            let all = media_type.split(';').skip(1).filter_map(|one| one.split_once('='));
            let all = all.map(|(name, value)| {
                (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
            });
            all.filter(|(name, _)| !["charset", "boundary"].contains(&name.as_str())).collect()
        }
    }
}

fn read_json() -> TokenStream {
    quote! {
        /// A response in JSON. An error, or what does not say that it is JSON, stays the response
        /// that it is where it cannot be read, so that its status is seen.
        pub(super) async fn read_json<T: serde::de::DeserializeOwned, E>(
            response: reqwest::Response,
        ) -> Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<E>> {
            let (status, headers) = (response.status(), response.headers().clone());
            let url = response.url().clone();
            let bytes = response
                .bytes()
                .await
                .map_err(progenitor_client::Error::ResponseBodyError)?;
            match serde_json::from_slice(&bytes) {
                Ok(value) => Ok(progenitor_client::ResponseValue::new(value, status, headers)),
                Err(error) => {
                    let error = progenitor_client::Error::InvalidResponsePayload(bytes, error);
                    Err(match status.as_u16() < 400 && is_json(&headers) {
                        true => error,
                        false => unread(status, headers, url, error),
                    })
                }
            }
        }
    }
}

fn unread() -> TokenStream {
    quote! {
        /// A response whose bytes could not be read, as it came. In a browser it cannot be made again.
        #[cfg_attr(target_arch = "wasm32", allow(unused_variables))]
        fn unread<E>(
            status: reqwest::StatusCode,
            headers: reqwest::header::HeaderMap,
            url: reqwest::Url,
            error: progenitor_client::Error<E>,
        ) -> progenitor_client::Error<E> {
            #[cfg(not(target_arch = "wasm32"))]
            if let progenitor_client::Error::InvalidResponsePayload(bytes, _) = error {
                let whole = http::Response::builder().status(status);
                let whole = reqwest::ResponseBuilderExt::url(whole, url).body(bytes);
                let mut whole = whole.expect("the status and the address came with a response");
                *whole.headers_mut() = headers;
                return progenitor_client::Error::UnexpectedResponse(whole.into());
            }
            error
        }
    }
}

fn is_json() -> TokenStream {
    quote! {
        /// Whether a response says that it is JSON, or nothing.
        fn is_json(headers: &reqwest::header::HeaderMap) -> bool {
            let Some(value) = headers.get(reqwest::header::CONTENT_TYPE) else {
                return true;
            };
            let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
            let essence = value.split(';').next().unwrap_or_default().trim();
            essence.ends_with("/json") || essence.ends_with("+json")
        }
    }
}

fn map() -> TokenStream {
    quote! {
        /// The same response around another value.
        pub(super) fn map<T, U>(
            value: progenitor_client::ResponseValue<T>,
            change: impl FnOnce(T) -> U,
        ) -> progenitor_client::ResponseValue<U> {
            let (status, headers) = (value.status(), value.headers().clone());
            progenitor_client::ResponseValue::new(change(value.into_inner()), status, headers)
        }
    }
}

fn typed() -> TokenStream {
    quote! {
        /// A request with a body whose media type the caller chose.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn typed<E>(
            request: reqwest::RequestBuilder,
            body: super::typed::TypedBody<Vec<u8>>,
            range: &'static str,
        ) -> Result<reqwest::RequestBuilder, progenitor_client::Error<E>> {
            let (media_type, body) = body
                .within(range)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            Ok(request.header(reqwest::header::CONTENT_TYPE, media_type).body(body))
        }
    }
}

fn read_text() -> TokenStream {
    quote! {
        /// A response in text. Bytes that are not text are an error, so that none of it is lost, and
        /// an error is the response as it came, so that its status is seen.
        pub(super) async fn read_text<E>(
            response: reqwest::Response,
        ) -> Result<progenitor_client::ResponseValue<String>, progenitor_client::Error<E>> {
            let (status, headers) = (response.status(), response.headers().clone());
            let url = response.url().clone();
            let value = headers.get(reqwest::header::CONTENT_TYPE);
            let media_type = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
            let media_type = media_type.to_ascii_lowercase().replace(['"', ' '], "");
            let is_latin = media_type.contains("charset=iso-8859-1");
            let bytes = response
                .bytes()
                .await
                .map_err(progenitor_client::Error::ResponseBodyError)?;
            // Each byte of ISO 8859-1 is the character of its number.
            let text = match is_latin {
                true => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
                false => String::from_utf8(bytes.to_vec()),
            };
            let text = text.map_err(|error| {
                let error = <serde_json::Error as serde::de::Error>::custom(error.utf8_error());
                let error = progenitor_client::Error::InvalidResponsePayload(bytes, error);
                match status.as_u16() < 400 {
                    true => error,
                    false => unread(status, headers.clone(), url, error),
                }
            })?;
            Ok(progenitor_client::ResponseValue::new(text, status, headers))
        }
    }
}

fn read_bytes() -> TokenStream {
    quote! {
        /// A response in bytes, read to its end.
        pub(super) async fn read_bytes<E>(
            response: reqwest::Response,
        ) -> Result<progenitor_client::ResponseValue<Vec<u8>>, progenitor_client::Error<E>> {
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = response
                .bytes()
                .await
                .map_err(progenitor_client::Error::ResponseBodyError)?;
            Ok(progenitor_client::ResponseValue::new(bytes.to_vec(), status, headers))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn what_a_function_needs_stands_behind_it() {
        for (place, function) in FUNCTIONS.iter().enumerate() {
            for needed in function.needs {
                let behind = FUNCTIONS[place..].iter().any(|one| one.name == *needed);
                assert!(
                    behind,
                    "move `{}` above `{needed}` in the table",
                    function.name
                );
            }
        }
    }
}
