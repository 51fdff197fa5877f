//! The headers and body of a response against what the contract documents for its status.

use super::exchange::Exchange;
use super::fields;
use super::headers;
use super::index::{Contract, DocumentedResponse, Media, Operation};
use super::observe::{Observation, label};
use contract::media_type::{essence, is_json};
use serde_json::Value;

/// Everything wrong with a response whose status is documented.
pub(super) fn check(
    contract: &Contract,
    operation: &Operation,
    response: &DocumentedResponse,
    exchange: &Exchange,
) -> Vec<Observation> {
    let mut found = missing_headers(operation, response, exchange);
    found.extend(headers::check(contract, operation, response, exchange));
    if exchange.response.unrecorded {
        return found;
    }
    let empty = exchange.response.body.is_empty();
    let bodyless = exchange.method == "HEAD" || matches!(exchange.response.status, 204 | 304);
    if bodyless || response.content.is_empty() {
        found.extend(surplus(operation, response, exchange));
    } else if empty {
        let cause = format!("{}\n{}", operation.pointer, response.key);
        let message = format!(
            "{} {}: the documented body is absent",
            operation.id, response.key
        );
        found.push(Observation::new(
            "body-missing",
            cause,
            &response.pointer,
            message,
        ));
    } else {
        found.extend(documented(contract, operation, response, exchange));
    }
    found
}

fn missing_headers(
    operation: &Operation,
    response: &DocumentedResponse,
    exchange: &Exchange,
) -> Vec<Observation> {
    let headers = &exchange.response.headers;
    let missing = response.required_headers.iter();
    let missing = missing.filter(|name| headers.get(name).is_none());
    missing
        .map(|name| {
            let place = format!("{}/headers/{name}", response.pointer);
            let message = format!(
                "{} {}: the required header `{name}` is missing",
                operation.id, response.key
            );
            Observation::new("header-missing", place.clone(), &place, message)
        })
        .collect()
}

/// A body where there should be none. Rejections may have one of any shape.
fn surplus(
    operation: &Operation,
    response: &DocumentedResponse,
    exchange: &Exchange,
) -> Option<Observation> {
    let status = exchange.response.status;
    let is_rejection = status >= 400;
    (!is_rejection && !exchange.response.body.is_empty()).then(|| {
        let cause = format!("{}\n{status}", operation.pointer);
        let message = format!(
            "{} {status}: a body comes where the contract has none",
            operation.id
        );
        Observation::new("body-undocumented", cause, &response.pointer, message)
    })
}

fn documented(
    contract: &Contract,
    operation: &Operation,
    response: &DocumentedResponse,
    exchange: &Exchange,
) -> Vec<Observation> {
    let name = format!("{} {}", operation.id, response.key);
    let place = format!("{}/content", response.pointer);
    let Some(found) = exchange.response.headers.get("content-type") else {
        let message = "a body comes without a content type";
        return vec![Observation::new(
            "content-type-missing",
            "",
            &place,
            message,
        )];
    };
    let Some(media) = response.content.iter().find(|it| it.accepts(found)) else {
        let wanted = response.content.iter().map(|it| it.content_type.as_str());
        let wanted = wanted.collect::<Vec<_>>().join(", ");
        let found = essence(found);
        let message = format!("the content type is `{found}`, documented is `{wanted}`");
        let cause = format!("{found}\n{wanted}");
        return vec![Observation::new(
            "content-type-wrong",
            cause,
            &place,
            message,
        )];
    };
    let Some(schema) = media.schema.as_deref().filter(|_| is_json(found)) else {
        return Vec::new();
    };
    match serde_json::from_slice::<Value>(&exchange.response.body) {
        Ok(value) => values(contract, operation, schema, &value),
        Err(_) => {
            let message = format!("{name}: the body is not JSON");
            let cause = format!("{}\n{}", operation.pointer, response.key);
            vec![Observation::new("body-not-json", cause, &place, message)]
        }
    }
}

fn values(
    contract: &Contract,
    operation: &Operation,
    schema: &str,
    value: &Value,
) -> Vec<Observation> {
    let violations = contract.schemas.violations(schema, value).into_iter();
    let mut found: Vec<Observation> = violations
        .map(|violation| Observation::of(violation, operation))
        .collect();
    for field in fields::undeclared(&contract.schemas, schema, value) {
        let cause = format!("{}\n{}", field.schema, field.name);
        let message = format!(
            "{}: the field {} is in no schema",
            label(&field.schema, operation),
            field.shown()
        );
        found.push(Observation {
            at: Some(format!(
                "{}/{}",
                field.instance,
                field.shown().trim_matches('`')
            )),
            ..Observation::new("field-undocumented", cause, &field.schema, message)
        });
    }
    found
}

impl Media {
    /// Whether a content type of a response is this one, or in its range.
    #[must_use]
    pub fn accepts(&self, content_type: &str) -> bool {
        let (wanted, found) = (essence(&self.content_type), essence(content_type));
        match wanted.strip_suffix("/*") {
            Some("*") => true,
            Some(family) => found.split('/').next() == Some(family),
            None => wanted == found,
        }
    }
}
