//! Message components (RFC 9421, section 2): their identifiers and their values.

mod field;
mod query;

use std::borrow::Cow;

use sfv::{BareItem, FieldType as _, Item, Parameters};

use crate::component_error::ComponentError;
use crate::message::Message;

/// One covered component, as named in `Signature-Input`.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    name: Cow<'static, str>,
    params: Parameters,
    /// Name and parameters as they stand in the signature base.
    identifier: Cow<'static, str>,
}

impl Component {
    /// A component without parameters, given its name and the same name in double quotes.
    pub(crate) fn plain(name: &'static str, identifier: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            params: Parameters::new(),
            identifier: Cow::Borrowed(identifier),
        }
    }

    /// Reads a component from a member of the covered components; `None` when it is not a string.
    pub(crate) fn from_item(item: &Item) -> Option<Self> {
        let BareItem::String(name) = &item.bare_item else {
            return None;
        };
        Some(Self {
            name: Cow::Owned(name.as_str().to_owned()),
            params: item.params.clone(),
            identifier: Cow::Owned(item.serialize()),
        })
    }

    /// Name and parameters as they stand in the signature base: `"@query-param";name="x"`.
    pub(crate) fn identifier(&self) -> &str {
        &self.identifier
    }

    /// Whether this is the component of that name, as it is, without any parameter.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name && self.params.is_empty()
    }

    /// The component's value in a message.
    pub(crate) fn value<'a>(&self, message: &Message<'a>) -> Result<Cow<'a, str>, ComponentError> {
        if !self.name.starts_with('@') {
            return field::value(&self.name, &self.params, message).map(Cow::Owned);
        }
        if self.name == "@query-param" {
            return query::parameter(&self.params, message.uri.query()).map(Cow::Owned);
        }
        self.reject_parameters()?;
        self.derived(message)
    }

    /// The components derived from the request line (RFC 9421, section 2.2).
    fn derived<'a>(&self, message: &Message<'a>) -> Result<Cow<'a, str>, ComponentError> {
        Ok(match self.name.as_ref() {
            "@method" => Cow::Borrowed(message.method.as_str()),
            "@authority" => Cow::Owned(message.authority()?),
            "@scheme" => Cow::Owned(message.scheme()),
            "@path" => Cow::Borrowed(message.path()),
            "@query" => Cow::Owned(message.query()),
            "@request-target" => Cow::Owned(request_target(message)),
            "@target-uri" => Cow::Owned(target_uri(message)?),
            _ => return Err(self.unsupported()),
        })
    }

    fn reject_parameters(&self) -> Result<(), ComponentError> {
        if self.params.is_empty() {
            return Ok(());
        }
        Err(self.unsupported())
    }

    fn unsupported(&self) -> ComponentError {
        ComponentError::Unsupported {
            identifier: self.identifier.to_string(),
        }
    }
}

/// The target in origin form, which is how a server that is not a proxy receives it.
fn request_target(message: &Message<'_>) -> String {
    match message.uri.query() {
        Some(query) => format!("{}?{query}", message.path()),
        None => message.path().to_owned(),
    }
}

fn target_uri(message: &Message<'_>) -> Result<String, ComponentError> {
    let (scheme, authority) = (message.scheme(), message.authority()?);
    let target = request_target(message);
    Ok(format!("{scheme}://{authority}{target}"))
}

#[cfg(test)]
mod tests;
