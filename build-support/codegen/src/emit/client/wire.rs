//! `wire.rs`: what a generated client needs beside progenitor's own support, function by function,
//! so that nothing unused is written.

use proc_macro2::TokenStream;
use quote::quote;

/// The file's items, or nothing where `code` uses none of them.
pub(super) fn wire(code: &str) -> Option<TokenStream> {
    let mut wanted: Vec<&str> = FUNCTIONS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| code.contains(&format!("wire :: {name}")))
        .collect();
    if wanted.is_empty() {
        return None;
    }
    if wanted.iter().any(|name| matches!(*name, "text" | "query")) {
        wanted.push("values");
    }
    let functions = FUNCTIONS
        .iter()
        .filter(|(name, _)| wanted.contains(name))
        .map(|(_, function)| function());
    Some(quote! {
        #![doc = " How values travel outside JSON bodies."]

        #(#functions)*
    })
}

type Function = (&'static str, fn() -> TokenStream);

const FUNCTIONS: [Function; 7] = [
    ("segment", segment),
    ("text", text),
    ("query", query),
    ("map", map),
    ("read_text", read_text),
    ("read_bytes", read_bytes),
    ("values", values),
];

fn segment() -> TokenStream {
    quote! {
        /// A path segment that stays one: empty and dot segments would name another path.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn segment<E>(text: &str) -> Result<&str, progenitor_client::Error<E>> {
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
        /// A value as the text of a path segment, a header or a cookie: lists joined by commas.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn text<E>(
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let values = values(value).map_err(progenitor_client::Error::InvalidRequest)?;
            Ok(values.join(","))
        }
    }
}

fn query() -> TokenStream {
    quote! {
        /// A value as the texts of a query parameter: one for each item, or all joined by commas.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn query<E>(
            value: &impl serde::Serialize,
            explode: bool,
        ) -> Result<Vec<String>, progenitor_client::Error<E>> {
            let values = values(value).map_err(progenitor_client::Error::InvalidRequest)?;
            Ok(match explode || values.is_empty() {
                true => values,
                false => vec![values.join(",")],
            })
        }
    }
}

fn values() -> TokenStream {
    quote! {
        fn values(value: &impl serde::Serialize) -> Result<Vec<String>, String> {
            use serde_json::Value;
            let value = serde_json::to_value(value).map_err(|error| error.to_string())?;
            let scalar = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Ok(match value {
                Value::Null => Vec::new(),
                Value::Array(items) => items.into_iter().map(scalar).collect(),
                Value::Object(members) => members
                    .into_iter()
                    .flat_map(|(key, value)| [key, scalar(value)])
                    .collect(),
                other => vec![scalar(other)],
            })
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

fn read_text() -> TokenStream {
    quote! {
        /// A response in text.
        pub(super) async fn read_text<E>(
            response: reqwest::Response,
        ) -> Result<progenitor_client::ResponseValue<String>, progenitor_client::Error<E>> {
            let (status, headers) = (response.status(), response.headers().clone());
            let text = response
                .text()
                .await
                .map_err(progenitor_client::Error::ResponseBodyError)?;
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
