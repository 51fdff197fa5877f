//! How lists and objects share one text (RFC 6570; OpenAPI, "Style Values").
//!
//! Everything is percent-encoded but what separates the parts, so that no value can end one part or
//! begin another.

use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn with_query() -> TokenStream {
    quote! {
        /// An address with further pairs in its query.
        pub(super) fn with_query<const N: usize>(url: String, pairs: [String; N]) -> String {
            pairs.into_iter().filter(|pair| !pair.is_empty()).fold(url, |url, pair| {
                let between = if url.contains('?') { '&' } else { '?' };
                format!("{url}{between}{pair}")
            })
        }
    }
}

pub(super) fn repeated() -> TokenStream {
    quote! {
        /// A pair for each item, or for each member by its own name. `keep` is not encoded.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn repeated<E>(
            name: &str,
            value: &impl serde::Serialize,
            keep: &str,
        ) -> Result<String, progenitor_client::Error<E>> {
            let parts = parts(value).map_err(progenitor_client::Error::InvalidRequest)?;
            let pairs = parts.iter().map(|(key, text)| {
                let key = key.as_deref().unwrap_or(name);
                format!("{}={}", encoded(key, ""), encoded(text, keep))
            });
            Ok(pairs.collect::<Vec<_>>().join("&"))
        }
    }
}

pub(super) fn memberless() -> TokenStream {
    quote! {
        /// A value of any type but an object, whose members nothing would find again.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn memberless<E>(
            name: &str,
            value: &impl serde::Serialize,
        ) -> Result<serde_json::Value, progenitor_client::Error<E>> {
            let value = serde_json::to_value(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            match value.is_object() {
                false => Ok(value),
                true => Err(progenitor_client::Error::InvalidRequest(format!(
                    "the contract does not say what members `{name}` has: an object cannot be sent"
                ))),
            }
        }
    }
}

pub(super) fn apart() -> TokenStream {
    quote! {
        /// Pairs of which a value brings the names. One that has the name of another value beside
        /// it, or that of a member of one, would be read as that.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn apart<E>(
            name: &str,
            others: &[&str],
            pairs: String,
        ) -> Result<String, progenitor_client::Error<E>> {
            for pair in pairs.split('&').flat_map(|pairs| pairs.split("; ")) {
                let key = pair.split('=').next().unwrap_or(pair);
                let key = key.replace("%5B", "[").replace("%5D", "]");
                let is_of = |other: &&&str| {
                    let rest = key.strip_prefix(&encoded(other, "[]"));
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
                };
                if let Some(other) = others.iter().find(is_of) {
                    return Err(progenitor_client::Error::InvalidRequest(format!(
                        "a member of `{name}` would be read as `{other}`"
                    )));
                }
            }
            Ok(pairs)
        }
    }
}

pub(super) fn joined() -> TokenStream {
    quote! {
        /// One pair with all parts, names of members among them. A part that contains a space or a
        /// pipe cannot be sent where that joins them: many programs do not tell its escape apart.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn joined<E>(
            name: &str,
            value: &impl serde::Serialize,
            between: &str,
            keep: &str,
        ) -> Result<String, progenitor_client::Error<E>> {
            let parts = parts(value).map_err(progenitor_client::Error::InvalidRequest)?;
            let keep = keep.replace(between, "");
            let mut texts = Vec::new();
            for text in parts.into_iter().flat_map(|(key, text)| key.into_iter().chain([text])) {
                let text = encoded(&text, &keep);
                if text.contains(between) || between == "|" && text.contains("%7C") {
                    let what = if between == "|" { "`|`" } else { "a space" };
                    return Err(progenitor_client::Error::InvalidRequest(format!(
                        "a value of `{name}` contains {what}, which separates its values"
                    )));
                }
                texts.push(text);
            }
            if texts.is_empty() {
                return Ok(String::new());
            }
            let text = together(&texts, between)?;
            Ok(format!("{}={text}", encoded(name, "")))
        }
    }
}

pub(super) fn deep() -> TokenStream {
    quote! {
        /// A pair for each text in a value, whose name leads to it: `name[member]=value`,
        /// `name[0]=value`.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn deep<E>(
            name: &str,
            value: &impl serde::Serialize,
            keep: &str,
        ) -> Result<String, progenitor_client::Error<E>> {
            let mut pairs = Vec::new();
            serde_json::to_value(value)
                .map_err(|error| error.to_string())
                .and_then(|value| match value {
                    // Without members it is like one that is absent.
                    serde_json::Value::Object(members) if members.is_empty() => Ok(()),
                    value => deep_pairs(&encoded(name, ""), value, keep, &mut pairs),
                })
                .map_err(progenitor_client::Error::InvalidRequest)?;
            Ok(pairs.join("&"))
        }
    }
}

pub(super) fn deep_pairs() -> TokenStream {
    quote! {
        /// Adds the pairs of what is found under `name`. An object without members has none, and is
        /// written as JSON.
        fn deep_pairs(
            name: &str,
            value: serde_json::Value,
            keep: &str,
            pairs: &mut Vec<String>,
        ) -> Result<(), String> {
            use serde_json::Value;
            match value {
                Value::Null => {}
                Value::Object(members) if !members.is_empty() => {
                    for (key, value) in members {
                        let name = format!("{name}[{}]", encoded(&key, ""));
                        deep_pairs(&name, value, keep, pairs)?;
                    }
                }
                Value::Array(items) => {
                    for (place, item) in items.into_iter().enumerate() {
                        let is_empty = item.as_array().is_some_and(Vec::is_empty);
                        if item.is_null() || is_empty {
                            return Err(format!("a list with {item} in it cannot be sent"));
                        }
                        deep_pairs(&format!("{name}[{place}]"), item, keep, pairs)?;
                    }
                }
                value => pairs.push(format!("{name}={}", encoded(&scalar(value), keep))),
            }
            Ok(())
        }
    }
}

pub(super) fn several() -> TokenStream {
    quote! {
        /// The parts of a value, encoded: those of an object as `key=value` where they are exploded.
        fn several(value: &impl serde::Serialize, explode: bool) -> Result<Vec<String>, String> {
            let parts = parts(value)?.into_iter();
            let texts = parts.flat_map(|(key, text)| {
                let text = encoded(&text, "");
                let key = key.map(|key| encoded(&key, ""));
                match (key, explode) {
                    (Some(key), true) => vec![format!("{key}={text}")],
                    (key, _) => key.into_iter().chain([text]).collect(),
                }
            });
            Ok(texts.collect())
        }
    }
}

pub(super) fn path() -> TokenStream {
    quote! {
        /// A list or an object as a segment of a path, behind `prefix`.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn path<E>(
            value: &impl serde::Serialize,
            prefix: &str,
            explode: bool,
        ) -> Result<String, progenitor_client::Error<E>> {
            let value = serde_json::to_value(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            let is_list = value.is_array();
            let parts = several(&value, explode).map_err(progenitor_client::Error::InvalidRequest)?;
            let between = if prefix.is_empty() || !explode { "," } else { prefix };
            // Behind a prefix a point in a value would separate it.
            let escaped = |part: &String| match prefix {
                "" => part.clone(),
                _ => part.replace('.', "%2E"),
            };
            let parts: Vec<String> = parts.iter().map(escaped).collect();
            let text = if is_list { together(&parts, between)? } else { parts.join(between) };
            let text = format!("{prefix}{text}");
            // The escape of a point counts as one where addresses are resolved.
            whole(&text.replace("%2E", "."))?;
            Ok(text)
        }
    }
}

pub(super) fn matrix() -> TokenStream {
    quote! {
        /// A value as a segment of a path: `;name=value`.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn matrix<E>(
            name: &str,
            value: &impl serde::Serialize,
            explode: bool,
        ) -> Result<String, progenitor_client::Error<E>> {
            let value = serde_json::to_value(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            let is_list = value.is_array();
            let parts = parts(&value).map_err(progenitor_client::Error::InvalidRequest)?.into_iter();
            let name = encoded(name, "");
            if explode {
                let pairs = parts.map(|(key, text)| {
                    let key = key.map_or_else(|| name.clone(), |key| encoded(&key, ""));
                    format!(";{key}={}", encoded(&text, ""))
                });
                return whole(&pairs.collect::<String>()).map(str::to_owned);
            }
            let texts = parts.flat_map(|(key, text)| key.into_iter().chain([text]));
            let texts: Vec<String> = texts.map(|text| encoded(&text, "")).collect();
            let text = if is_list { together(&texts, ",")? } else { texts.join(",") };
            Ok(format!(";{name}={text}"))
        }
    }
}

pub(super) fn json() -> TokenStream {
    quote! {
        /// One pair with the value as JSON; nothing where it is null.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn json<E>(
            name: &str,
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let text = serde_json::to_string(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            Ok(match text.as_str() {
                "null" => String::new(),
                text => format!("{}={}", encoded(name, ""), encoded(text, "")),
            })
        }
    }
}

pub(super) fn json_text() -> TokenStream {
    quote! {
        /// The value as JSON in a segment of a path.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn json_text<E>(
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let text = serde_json::to_string(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            Ok(encoded(&text, ""))
        }
    }
}

pub(super) fn header() -> TokenStream {
    quote! {
        /// A value of any kind in a header. Headers have no escapes, so a part of a list or an
        /// object that contains a separator cannot be sent.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn header<E>(
            value: &impl serde::Serialize,
            explode: bool,
        ) -> Result<String, progenitor_client::Error<E>> {
            let value = serde_json::to_value(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            let is_whole = !value.is_array() && !value.is_object();
            let parts = parts(&value).map_err(progenitor_client::Error::InvalidRequest)?;
            let mut texts = Vec::new();
            for (key, text) in parts {
                let is_unclear = |it: &String| it.trim() != *it || !is_whole && it.contains(',');
                if key.iter().chain([&text]).any(is_unclear) {
                    return Err(progenitor_client::Error::InvalidRequest(
                        "a value in a header contains a comma, which separates values there, or \
                         begins or ends with a space, which is not kept"
                            .to_owned(),
                    ));
                }
                match (key, explode) {
                    (Some(key), true) if key.contains('=') => {
                        return Err(progenitor_client::Error::InvalidRequest(format!(
                            "the name `{key}` in a header contains `=`, which ends names there"
                        )));
                    }
                    (Some(key), true) => texts.push(format!("{key}={text}")),
                    (key, _) => texts.extend(key.into_iter().chain([text])),
                }
            }
            if is_whole { Ok(texts.join(",")) } else { together(&texts, ",") }
        }
    }
}

pub(super) fn trimmed() -> TokenStream {
    quote! {
        /// A text as the value of a header, which white space around it is not a part of
        /// (RFC 9110, section 5.5).
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn trimmed<E>(text: String) -> Result<String, progenitor_client::Error<E>> {
            if text.trim_matches([' ', '\t']) != text {
                return Err(progenitor_client::Error::InvalidRequest(
                    "a value in a header begins or ends with a space, which is not kept".to_owned(),
                ));
            }
            Ok(text)
        }
    }
}

pub(super) fn header_json() -> TokenStream {
    quote! {
        /// The value as JSON in a header, where only ASCII is safe.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn header_json<E>(
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let text = serde_json::to_string(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            let mut ascii = String::new();
            for character in text.chars() {
                if character.is_ascii() {
                    ascii.push(character);
                    continue;
                }
                for unit in character.encode_utf16(&mut [0; 2]) {
                    ascii.push_str(&format!("\\u{unit:04x}"));
                }
            }
            Ok(ascii)
        }
    }
}

pub(super) fn cookie() -> TokenStream {
    quote! {
        /// The pairs of a cookie: one for each item, or for each member by its own name.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn cookie<E>(
            name: &str,
            value: &impl serde::Serialize,
        ) -> Result<String, progenitor_client::Error<E>> {
            let parts = parts(value).map_err(progenitor_client::Error::InvalidRequest)?;
            let pairs = parts.iter().map(|(key, text)| {
                let key = key.as_deref().unwrap_or(name);
                format!("{}={}", encoded(key, ""), encoded(text, ""))
            });
            Ok(pairs.collect::<Vec<_>>().join("; "))
        }
    }
}

pub(super) fn add_cookies() -> TokenStream {
    quote! {
        /// Adds pairs to the one header that holds all cookies.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        pub(super) fn add_cookies<E>(
            headers: &mut reqwest::header::HeaderMap,
            pairs: String,
        ) -> Result<(), progenitor_client::Error<E>> {
            if pairs.is_empty() {
                return Ok(());
            }
            let before = headers.get("cookie").and_then(|value| value.to_str().ok());
            let all = match before {
                Some(before) => format!("{before}; {pairs}"),
                None => pairs,
            };
            headers.insert("cookie", all.try_into()?);
            Ok(())
        }
    }
}

pub(super) fn form() -> TokenStream {
    quote! {
        /// A form: lists repeat their name, and objects are JSON, but for the members that `encodings`
        /// has a function for.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        #[expect(clippy::type_complexity, reason = "the table stands in the call")]
        pub(super) fn form<E>(
            value: &impl serde::Serialize,
            encodings: &[(&str, fn(&str, &serde_json::Value) -> Result<String, progenitor_client::Error<E>>)],
        ) -> Result<String, progenitor_client::Error<E>> {
            use serde_json::Value;
            let value = serde_json::to_value(value)
                .map_err(|error| progenitor_client::Error::InvalidRequest(error.to_string()))?;
            let Value::Object(members) = value else {
                return Err(progenitor_client::Error::InvalidRequest("a form has to be an object".to_owned()));
            };
            let mut pairs = Vec::new();
            for (name, value) in members {
                let encoding = encodings.iter().find(|(encoded, _)| *encoded == name);
                pairs.push(match (encoding, value) {
                    (Some((_, write)), value) => write(&name, &value)?,
                    (None, value @ Value::Object(_)) => repeated(&name, &[value], "")?,
                    (None, value) => repeated(&name, &value, "")?,
                });
            }
            pairs.retain(|pair| !pair.is_empty());
            Ok(pairs.join("&"))
        }
    }
}

pub(super) fn encoded() -> TokenStream {
    quote! {
        /// Percent-encoded, but for what RFC 3986 never reserves and the characters of `keep`.
        fn encoded(text: &str, keep: &str) -> String {
            let mut out = String::with_capacity(text.len());
            for character in text.chars() {
                if character.is_ascii_alphanumeric() || "-._~".contains(character) || keep.contains(character) {
                    out.push(character);
                    continue;
                }
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            out
        }
    }
}

pub(super) fn together() -> TokenStream {
    quote! {
        /// Parts as one text. One empty part would be read as none.
        #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
        fn together<E>(
            parts: &[String],
            between: &str,
        ) -> Result<String, progenitor_client::Error<E>> {
            match parts {
                [only] if only.is_empty() => Err(progenitor_client::Error::InvalidRequest(
                    "a list of one empty text cannot be sent: it would be read as an empty list"
                        .to_owned(),
                )),
                parts => Ok(parts.join(between)),
            }
        }
    }
}
