//! Forms that change something, and the token that shows they are ours.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Form, FromRef, FromRequest, Request};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_types::support;

use super::layout::Rejected;
use crate::hex;
use crate::money;
use crate::random::{Random, RandomExt as _};

/// The name of the field with the token.
const TOKEN: &str = "form_token";

/// The token of this start of the sandbox. Only a page that was read from the sandbox has it, and
/// pages of other origins cannot read those.
#[derive(Debug)]
pub(super) struct Forms {
    token: String,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// What to do next.
    Primary,
    /// What can be done too.
    Plain,
    /// What cannot be undone.
    Danger,
}

impl Look {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Plain => "button",
            Self::Danger => "button danger",
        }
    }
}

impl Forms {
    pub(super) fn new(random: &dyn Random) -> Self {
        let token = hex::encode(&random.bytes::<16>());
        Self { token }
    }

    /// A form of one button.
    pub(super) fn button(&self, action: &str, label: &str, look: Look) -> Markup {
        self.form(
            action,
            "inline",
            html! {
                button class=(look.class()) type="submit" { (label) }
            },
        )
    }

    /// A form with these fields and buttons.
    pub(super) fn form(&self, action: &str, class: &str, content: Markup) -> Markup {
        html! {
            form method="post" action=(action) class=(class) {
                input type="hidden" name=(TOKEN) value=(self.token);
                (content)
            }
        }
    }
}

/// What a form of ours says. Extracting it rejects forms of others.
#[derive(Debug, Default)]
pub(super) struct Filled(HashMap<String, Vec<String>>);

impl Filled {
    /// A field's text without the spaces around it; empty where the form has no such field.
    pub(super) fn text(&self, name: &str) -> &str {
        let values = self.0.get(name);
        values
            .and_then(|values| values.first())
            .map_or("", |value| value.trim())
    }

    /// An amount, as the contract writes it; `None` where the field has none.
    pub(super) fn amount(&self, name: &str) -> Option<rust_decimal::Decimal> {
        let written: support::Decimal = self.text(name).parse().ok()?;
        money::exact(&written)
    }

    /// The values of all fields of this name.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a box is ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl<S> FromRequest<S> for Filled
where
    Arc<Forms>: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let forms = Arc::<Forms>::from_ref(state);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|error| Rejected::form(&error.to_string()))?;
        let mut filled = Self::default();
        for (name, value) in fields {
            filled.0.entry(name).or_default().push(value);
        }
        if filled.text(TOKEN) != forms.token {
            let reason = "the form is not from this start of the sandbox; go back, reload the page \
                          and send it again";
            return Err(Rejected::form(reason));
        }
        Ok(filled)
    }
}
