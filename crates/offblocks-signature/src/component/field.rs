//! Header fields as components (RFC 9421, section 2.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;
use sfv::{BareItem, FieldType as _, ListEntry, Parameters};

use crate::component_error::ComponentError;
use crate::fields;
use crate::message::Message;

/// The value of a field: plain, as bytes (`;bs`), or one member of a dictionary (`;key`).
pub(super) fn value(
    name: &str,
    params: &Parameters,
    message: &Message<'_>,
) -> Result<String, ComponentError> {
    let field = HeaderName::try_from(name).map_err(|_| unsupported(name, params))?;
    let mut params_found = params.iter().map(|(key, value)| (key.as_str(), value));
    match (params_found.next(), params_found.next()) {
        (None, _) => plain(&field, message),
        (Some(("bs", BareItem::Boolean(true))), None) => bytes(&field, message),
        (Some(("key", BareItem::String(key))), None) => member(&field, key.as_str(), message),
        _ => Err(unsupported(name, params)),
    }
}

fn plain(field: &HeaderName, message: &Message<'_>) -> Result<String, ComponentError> {
    fields::combined(message.headers, field)
        .map_err(|_| ComponentError::NotAscii {
            name: field.to_string(),
        })?
        .ok_or_else(|| absent(field))
}

/// Each line of the field as a byte sequence (section 2.1.3).
fn bytes(field: &HeaderName, message: &Message<'_>) -> Result<String, ComponentError> {
    let lines = message.headers.get_all(field).iter();
    let encoded: Vec<String> = lines
        .map(|line| format!(":{}:", STANDARD.encode(line.as_bytes().trim_ascii())))
        .collect();
    if encoded.is_empty() {
        return Err(absent(field));
    }
    Ok(encoded.join(", "))
}

/// One member of a dictionary, serialised anew (section 2.1.2).
fn member(field: &HeaderName, key: &str, message: &Message<'_>) -> Result<String, ComponentError> {
    let absent_member = || ComponentError::AbsentMember {
        identifier: format!("\"{field}\";key=\"{key}\""),
    };
    let dictionary = fields::dictionary(&plain(field, message)?).map_err(|_| absent_member())?;
    match dictionary.get(key).ok_or_else(absent_member)? {
        ListEntry::Item(item) => Ok(item.serialize()),
        ListEntry::InnerList(list) => vec![ListEntry::InnerList(list.clone())]
            .serialize()
            .ok_or_else(absent_member),
    }
}

fn absent(field: &HeaderName) -> ComponentError {
    ComponentError::AbsentField {
        name: field.to_string(),
    }
}

fn unsupported(name: &str, params: &Parameters) -> ComponentError {
    let names = params.keys().map(|name| format!(";{name}"));
    ComponentError::Unsupported {
        identifier: format!("{name:?}{}", names.collect::<String>()),
    }
}
