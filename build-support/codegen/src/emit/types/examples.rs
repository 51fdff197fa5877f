//! Examples of the contract as examples in the documentation.
//!
//! Each one is compiled and run with the crate's tests, which costs a moment each, so only the
//! first type of a module that has one gets it.

use crate::emit::{TypePaths, layout, raw_string};
use crate::model::{Api, Struct, TypeDef, TypeKind, TypeRef};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The examples of a contract.
pub(super) struct Examples<'a> {
    /// By module, the first type of it that has an example, and that.
    first: BTreeMap<&'a str, (&'a str, Value)>,
}

impl<'a> Examples<'a> {
    /// Looks at every type once.
    pub(super) fn of(api: &'a Api, paths: &TypePaths<'a>) -> Self {
        let mut first = BTreeMap::new();
        for def in &api.types {
            if let Entry::Vacant(free) = first.entry(def.module.as_str())
                && let Some(value) = example(paths, def)
            {
                free.insert((def.rust_name.as_str(), value));
            }
        }
        Self { first }
    }

    /// The section to append to a type's documentation.
    pub(super) fn section(&self, crate_name: &str, def: &TypeDef) -> Option<String> {
        let (first, value) = self.first.get(def.module.as_str())?;
        (*first == def.rust_name).then(|| section(crate_name, def, value))
    }
}

/// A whole value, out of the type's own example or those of its properties.
fn example(paths: &TypePaths<'_>, def: &TypeDef) -> Option<Value> {
    let TypeKind::Struct(shape) = &def.kind else {
        return None;
    };
    let whole = def.docs.examples.iter().find(|example| example.is_object());
    whole.cloned().or_else(|| assemble(paths, shape))
}

/// Properties with an example, and such required ones as can have but one kind of value.
fn assemble(paths: &TypePaths<'_>, shape: &Struct) -> Option<Value> {
    let mut object = Map::new();
    let mut given = false;
    for field in &shape.fields {
        let own = field.docs.examples.first().cloned();
        given |= own.is_some();
        match own.or_else(|| of_reference(paths, &field.ty)) {
            Some(value) => drop(object.insert(field.wire_name.clone(), value)),
            None if field.required => return None,
            None => {}
        }
    }
    let simple = !object.values().any(|value| value.to_string().len() > 100);
    (given && simple).then_some(Value::Object(object))
}

fn of_reference(paths: &TypePaths<'_>, ty: &TypeRef) -> Option<Value> {
    let TypeRef::Named(name) = ty else {
        return None;
    };
    let def = paths.definition(name).ok()?;
    match &def.kind {
        TypeKind::Enum(shape) => shape.values.first().map(|value| value.wire.clone().into()),
        TypeKind::Struct(_) => None,
        _ => def.docs.examples.first().cloned(),
    }
}

fn section(crate_name: &str, def: &TypeDef, value: &Value) -> String {
    let json = raw_string(&layout(value));
    let path = format!("{}::{}", crate_name, def.rust_name);
    format!(
        "\n\n# Examples\n\n```\nlet json = {json};\n\
         let value: {path} = serde_json::from_str(json)?;\n\
         assert_eq!(serde_json::from_str::<{path}>(&serde_json::to_string(&value)?)?, value);\n\
         # Ok::<(), serde_json::Error>(())\n```"
    )
}
