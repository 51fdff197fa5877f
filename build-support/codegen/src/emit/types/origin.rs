//! What a type is for, where the contract does not describe it.

use crate::emit::code_span;
use crate::model::{Api, Content, Operation, TypeDef, TypeRef};

/// One sentence: the only call that carries the type, or that it is a schema of the contract.
pub(super) fn sentence(api: &Api, def: &TypeDef) -> String {
    let mut uses = api
        .operations
        .iter()
        .flat_map(|operation| uses(operation, &def.rust_name));
    match (uses.next(), uses.next()) {
        (Some(only), None) => only,
        _ => format!(
            "The {} schema of the contract.",
            code_span(&def.schema_name)
        ),
    }
}

/// What the type is to an operation, once for each of its bodies.
fn uses<'a>(operation: &'a Operation, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let request = operation.body.iter().map(|body| &body.content);
    let request = request
        .filter(|content| is(content, name))
        .map(|_| format!("The body of {}.", call(operation)));
    let responses = operation.responses.iter();
    let responses = responses
        .filter_map(|response| response.content.as_ref())
        .filter(|(_, content)| is(content, name))
        .map(|_| format!("What {} responds with.", call(operation)));
    request.chain(responses)
}

fn is(content: &Content, name: &str) -> bool {
    let (Content::Json(ty) | Content::Form(ty)) = content else {
        return false;
    };
    matches!(ty, TypeRef::Named(found) | TypeRef::Boxed(found) if found == name)
}

fn call(operation: &Operation) -> String {
    let (method, path, id) = (&operation.method, &operation.path, &operation.id);
    format!(
        "{} ({})",
        code_span(&format!("{method} {path}")),
        code_span(id)
    )
}
