//! Examples of the contract as examples in the documentation.
//!
//! Each one is compiled and run with the crate's tests, which costs a moment each, so only the
//! first type of a module that has one gets it.

use super::Scope;
use crate::emit::{layout, raw_string};
use crate::model::{Struct, TypeDef, TypeKind, TypeRef};
use serde_json::{Map, Value};

/// The section to append to a type's documentation.
pub(super) fn of_type(scope: &Scope<'_>, def: &TypeDef) -> Option<String> {
    let mut rivals = scope
        .api
        .types
        .iter()
        .filter(|other| other.module == def.module);
    let (first, value) = rivals.find_map(|other| Some((other, example(scope, other)?)))?;
    (first.rust_name == def.rust_name).then(|| section(scope, def, &value))
}

/// A whole value, out of the type's own example or those of its properties.
fn example(scope: &Scope<'_>, def: &TypeDef) -> Option<Value> {
    let TypeKind::Struct(shape) = &def.kind else {
        return None;
    };
    let whole = def.docs.examples.iter().find(|example| example.is_object());
    whole.cloned().or_else(|| assemble(scope, shape))
}

/// Properties with an example, and such required ones as can have but one kind of value.
fn assemble(scope: &Scope<'_>, shape: &Struct) -> Option<Value> {
    let mut object = Map::new();
    let mut given = false;
    for field in &shape.fields {
        let own = field.docs.examples.first().cloned();
        given |= own.is_some();
        match own.or_else(|| of_reference(scope, &field.ty)) {
            Some(value) => drop(object.insert(field.wire_name.clone(), value)),
            None if field.required => return None,
            None => {}
        }
    }
    let simple = !object.values().any(|value| value.to_string().len() > 100);
    (given && simple).then_some(Value::Object(object))
}

fn of_reference(scope: &Scope<'_>, ty: &TypeRef) -> Option<Value> {
    let TypeRef::Named(name) = ty else {
        return None;
    };
    let def = scope.paths.definition(name).ok()?;
    match &def.kind {
        TypeKind::Enum(shape) => shape.values.first().map(|value| value.wire.clone().into()),
        TypeKind::Struct(_) => None,
        _ => def.docs.examples.first().cloned(),
    }
}

fn section(scope: &Scope<'_>, def: &TypeDef, value: &Value) -> String {
    let json = raw_string(&layout(value));
    let path = format!("{}::{}", scope.crate_name, def.rust_name);
    format!(
        "\n\n# Examples\n\n```\nlet json = {json};\n\
         let value: {path} = serde_json::from_str(json)?;\n\
         assert_eq!(serde_json::from_str::<{path}>(&serde_json::to_string(&value)?)?, value);\n\
         # Ok::<(), serde_json::Error>(())\n```"
    )
}
