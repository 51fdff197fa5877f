//! Bodies that break the contract.

use http::StatusCode;
use offblocks_server::Operation;
use serde_json::{Map, Value};

/// A value that none of them has.
const UNKNOWN: &str = "unknown_to_the_contract";

/// A property that no object has.
const EXTRA: &str = "unknownToTheContract";

/// The schema of a response, and the document that it refers to.
#[derive(Clone, Copy)]
pub(super) struct Schema<'a> {
    node: &'a Value,
    document: &'a Value,
}

impl<'a> Schema<'a> {
    /// The schema of what an operation responds with this status, where that is a success in JSON.
    pub(super) fn of(operation: &'a Operation, status: StatusCode) -> Option<Self> {
        let document = operation.schemas.document();
        let node = document
            .get("operations")?
            .get(operation.id)?
            .get("responses")?
            .get(status.as_str())?;
        Some(Self { node, document })
    }

    /// It, and every schema that it refers to or is made of.
    fn parts(self) -> Vec<&'a Value> {
        let mut parts = vec![self.node];
        let mut next = 0;
        while let Some(part) = parts.get(next).copied() {
            let named = part.get("$ref").and_then(Value::as_str);
            let named = named.and_then(|it| self.document.pointer(it.strip_prefix('#')?));
            let made_of = ["allOf", "anyOf", "oneOf"].into_iter();
            let made_of = made_of.filter_map(|name| part.get(name)?.as_array());
            for found in named.into_iter().chain(made_of.flatten()) {
                // One that refers to itself has nothing new to say.
                if !parts.iter().any(|known| std::ptr::eq(*known, found)) {
                    parts.push(found);
                }
            }
            next += 1;
        }
        parts
    }

    /// How many strings it lists, where it is an enumeration of strings.
    fn listed(self) -> Option<usize> {
        let mut lists = self.parts().into_iter();
        let listed = lists.find_map(|part| part.get("enum")?.as_array())?;
        listed.iter().any(Value::is_string).then_some(listed.len())
    }

    /// The schema of a member, or of the items.
    fn inner(self, name: Option<&str>) -> Option<Self> {
        let document = self.document;
        let found = self.parts().into_iter().find_map(|part| match name {
            Some(name) => part.get("properties")?.get(name),
            None => part.get("items"),
        });
        found.map(|node| Self { node, document })
    }
}

/// Gives an enumeration a value that the contract does not have: in the first object that has any, the
/// outermost one, the enumeration of most values, which is the likeliest to grow. `false` where there
/// is none.
pub(super) fn set_unknown_value(body: &mut Value, schema: Schema<'_>) -> bool {
    match body {
        Value::Object(object) => {
            let known = object.iter().filter(|(_, value)| value.is_string());
            let known = known.filter_map(|(name, _)| {
                let listed = schema.inner(Some(name))?.listed()?;
                Some((listed, name.clone()))
            });
            if let Some((_, name)) = known.max() {
                object.insert(name, UNKNOWN.into());
                return true;
            }
            object.iter_mut().any(|(name, value)| {
                let inner = schema.inner(Some(name));
                inner.is_some_and(|inner| set_unknown_value(value, inner))
            })
        }
        Value::Array(items) => {
            let inner = schema.inner(None);
            inner.is_some_and(|inner| items.iter_mut().any(|item| set_unknown_value(item, inner)))
        }
        _ => false,
    }
}

/// Gives the first object a property that the contract does not have. `false` where there is none.
pub(super) fn add_field(body: &mut Value) -> bool {
    match first_object(body, &|_| true) {
        Some(object) => object.insert(EXTRA.to_owned(), true.into()).is_none(),
        None => false,
    }
}

/// The first object that is wanted, outermost first.
fn first_object<'a>(
    value: &'a mut Value,
    wanted: &dyn Fn(&Map<String, Value>) -> bool,
) -> Option<&'a mut Map<String, Value>> {
    if value.as_object().is_some_and(wanted) {
        return value.as_object_mut();
    }
    match value {
        Value::Object(object) => {
            let mut values = object.values_mut();
            values.find_map(|value| first_object(value, wanted))
        }
        Value::Array(items) => items
            .iter_mut()
            .find_map(|value| first_object(value, wanted)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use offblocks_server::operations;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_enumeration_of_the_schema_becomes_unknown() {
        let card = json!({"id": "1", "network": "visa", "status": "active", "type": "virtual"});
        let mut changed = card.clone();
        changed["status"] = UNKNOWN.into();
        let chain = json!({"id": "eip155:300", "name": "active", "status": "active"});
        for (operation, status, body, expected) in [
            (&operations::GET_CARD, 200, card.clone(), changed.clone()),
            (
                &operations::GET_CARDS,
                200,
                json!([card, card]),
                json!([changed, card]),
            ),
            (&operations::GET_CARDS, 200, json!([]), json!([])),
            // Not what the contract says of this status.
            (&operations::GET_CARD, 404, card.clone(), card.clone()),
            // A property of that name is not an enumeration everywhere.
            (&operations::GET_CHAINS, 200, json!([chain]), json!([chain])),
        ] {
            let mut body = body;
            let status = StatusCode::from_u16(status).unwrap();
            let schema = Schema::of(operation, status);
            let changes = schema.is_some_and(|schema| set_unknown_value(&mut body, schema));
            assert_eq!(body, expected, "{}", operation.id);
            assert_eq!(changes, body.to_string().contains(UNKNOWN));
        }
    }

    /// Whichever operation has an enumeration in its response: the schemas are found.
    #[test]
    fn the_schemas_of_all_responses_are_known() {
        for operation in operations::all() {
            let json = operation.statuses.iter().any(|it| it.starts_with('2'));
            assert!(json, "{}", operation.id);
        }
        let known = operations::all().iter().filter(|operation| {
            [200, 201].iter().any(|status| {
                let status = StatusCode::from_u16(*status).unwrap();
                Schema::of(operation, status).is_some()
            })
        });
        assert!(known.count() > 20, "run `cargo xtask regenerate`");
    }

    #[test]
    fn the_first_object_gets_another_property() {
        let mut body = json!([{"id": 1}, {"id": 2}]);
        assert!(add_field(&mut body));
        assert_eq!(body, json!([{"id": 1, (EXTRA): true}, {"id": 2}]));
        assert!(!add_field(&mut json!([1, 2])));
    }
}
