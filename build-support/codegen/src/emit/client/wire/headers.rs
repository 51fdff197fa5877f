//! How the headers of a response become values.

use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn read_headers() -> TokenStream {
    quote! {
        /// The response and its headers, read as their types say. An error whose headers are not
        /// those of the contract stays the response that it is, so that its status is seen.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn read_headers<H: serde::de::DeserializeOwned, E>(
            response: reqwest::Response,
            readers: &[(&str, Reader)],
        ) -> Result<(reqwest::Response, H), progenitor_client::Error<E>> {
            match headers_in(response.headers(), readers) {
                Ok(headers) => Ok((response, headers)),
                Err(_) if response.status().as_u16() >= 400 => {
                    Err(progenitor_client::Error::UnexpectedResponse(response))
                }
                Err(reason) => {
                    let error = <serde_json::Error as serde::de::Error>::custom(reason);
                    Err(progenitor_client::Error::InvalidResponsePayload(Default::default(), error))
                }
            }
        }

        /// A header that is sent several times is one list (RFC 9110, section 5.3), apart from cookies.
        fn headers_in<H: serde::de::DeserializeOwned>(
            all: &reqwest::header::HeaderMap,
            readers: &[(&str, Reader)],
        ) -> Result<H, String> {
            let mut read = serde_json::Map::new();
            for (name, reader) in readers {
                let texts: Vec<String> = all.get_all(*name).iter().map(text_in).collect();
                if texts.is_empty() {
                    continue;
                }
                let item = match name.eq_ignore_ascii_case("set-cookie") {
                    true => cookies(&texts, *reader),
                    false => reader(&texts.join(", ")),
                };
                let item = item.map_err(|reason| format!("header `{name}`: {reason}"))?;
                read.insert((*name).to_owned(), item);
            }
            serde_json::from_value(serde_json::Value::Object(read))
                .map_err(|reason| format!("the headers: {reason}"))
        }

        /// From the text of a header to a value in JSON.
        type Reader = fn(&str) -> Result<serde_json::Value, String>;

        /// Each cookie stands by itself, commas and all.
        fn cookies(texts: &[String], reader: Reader) -> Result<serde_json::Value, String> {
            match reader("")? {
                serde_json::Value::Array(_) => Ok(texts.iter().map(String::as_str).collect()),
                _ => reader(&texts.join(", ")),
            }
        }

        /// The text of a header. Bytes that are not UTF-8 are characters of ISO 8859-1, as they
        /// were in HTTP once.
        fn text_in(value: &reqwest::header::HeaderValue) -> String {
            match std::str::from_utf8(value.as_bytes()) {
                Ok(text) => text.to_owned(),
                Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
            }
        }
    }
}

pub(super) fn text_of() -> TokenStream {
    quote! {
        /// A text as it is.
        pub(super) fn text_of(text: &str) -> Result<serde_json::Value, String> {
            Ok(serde_json::Value::String(text.to_owned()))
        }
    }
}

pub(super) fn scalar_of() -> TokenStream {
    quote! {
        /// A number or a boolean.
        pub(super) fn scalar_of(text: &str) -> Result<serde_json::Value, String> {
            let value: serde_json::Value = serde_json::from_str(text.trim())
                .map_err(|_| format!("`{text}` is not a number or a boolean"))?;
            match value {
                serde_json::Value::Number(_) | serde_json::Value::Bool(_) => Ok(value),
                _ => Err(format!("`{text}` is not a number or a boolean")),
            }
        }
    }
}

pub(super) fn scalar_or_text_of() -> TokenStream {
    quote! {
        /// A number or a boolean where the text is one, else the text.
        pub(super) fn scalar_or_text_of(text: &str) -> Result<serde_json::Value, String> {
            scalar_of(text).or_else(|_| text_of(text))
        }
    }
}

pub(super) fn json_of() -> TokenStream {
    quote! {
        /// A text that is JSON.
        pub(super) fn json_of(text: &str) -> Result<serde_json::Value, String> {
            serde_json::from_str(text).map_err(|reason| reason.to_string())
        }
    }
}

pub(super) fn list_of() -> TokenStream {
    quote! {
        /// The items between commas.
        pub(super) fn list_of(
            text: &str,
            item: fn(&str) -> Result<serde_json::Value, String>,
        ) -> Result<serde_json::Value, String> {
            if text.trim().is_empty() {
                return Ok(serde_json::Value::Array(Vec::new()));
            }
            let items = text.split(',').map(|part| item(part.trim()));
            Ok(serde_json::Value::Array(items.collect::<Result<_, _>>()?))
        }
    }
}

pub(super) fn members_of() -> TokenStream {
    quote! {
        /// The members of an object: `name=value` where they are exploded, else `name,value`.
        pub(super) fn members_of(
            text: &str,
            explode: bool,
            reader: fn(&str) -> fn(&str) -> Result<serde_json::Value, String>,
        ) -> Result<serde_json::Value, String> {
            let parts: Vec<&str> = text.split(',').map(str::trim).collect();
            let pairs: Vec<(&str, &str)> = match explode {
                true => parts.iter().filter_map(|part| part.split_once('=')).collect(),
                false => parts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect(),
            };
            let members = pairs.into_iter().map(|(name, value)| {
                Ok((name.to_owned(), reader(name)(value)?))
            });
            Ok(serde_json::Value::Object(members.collect::<Result<_, String>>()?))
        }
    }
}
