//! What was seen in one exchange.

use super::index::Operation;
use super::schema::Violation;

/// Something wrong that a server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Observation {
    /// The rule it falls under.
    pub(super) rule: &'static str,
    /// What makes it the same again: pointers and names, never wording.
    pub(super) cause: String,
    /// Where the contract says otherwise, as a pointer.
    pub(super) place: String,
    /// What is wrong; the same for every occurrence of one cause.
    pub(super) message: String,
    /// Where in the body, as a JSON pointer.
    pub(super) at: Option<String>,
}

impl Observation {
    pub(super) fn new(
        rule: &'static str,
        cause: impl Into<String>,
        place: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            cause: cause.into(),
            place: place.to_owned(),
            message: message.into(),
            at: None,
        }
    }

    /// A value of a body that breaks its schema.
    pub(super) fn of(violation: Violation, operation: &Operation) -> Self {
        let holder = holder(&violation);
        let label = label(holder, operation);
        let message = format!("{label}: {}", violation.message);
        let cause = [holder, &violation.schema, &violation.detail].join("\n");
        Self {
            at: Some(violation.instance.clone()),
            ..Self::new(violation.rule, cause, &violation.schema, message)
        }
    }
}

/// Where a broken schema belongs: the property that holds the value, the object that lacks a
/// field, or, where only a body as a whole holds the value, the component of the schema.
fn holder(violation: &Violation) -> &str {
    const COMPONENTS: &str = "/components/schemas/";
    let (owner, schema) = (violation.owner.as_str(), violation.schema.as_str());
    if violation.rule == "field-missing" {
        return schema.trim_end_matches("/required");
    }
    match schema.strip_prefix(COMPONENTS) {
        Some(rest) if !owner.starts_with(COMPONENTS) => {
            let name = rest.find('/').unwrap_or(rest.len());
            &schema[..COMPONENTS.len() + name]
        }
        _ => owner,
    }
}

/// What people call a schema: `Card.status`, or the operation where it has no name.
pub(super) fn label(pointer: &str, operation: &Operation) -> String {
    let named = pointer.strip_prefix("/components/schemas/");
    let tokens = named.unwrap_or(pointer).split('/');
    let mut tokens = tokens.skip(usize::from(named.is_none()));
    let first = match named {
        Some(_) => tokens.next().unwrap_or_default().to_owned(),
        None => {
            // Everything up to the schema is the operation.
            for token in tokens.by_ref() {
                if token == "schema" {
                    break;
                }
            }
            operation.id.clone()
        }
    };
    let mut words = vec![first];
    while let Some(token) = tokens.next() {
        match token {
            "properties" => words.extend(tokens.next().map(str::to_owned)),
            "items" => words.push("*".to_owned()),
            _ => (),
        }
    }
    words.join(".")
}
