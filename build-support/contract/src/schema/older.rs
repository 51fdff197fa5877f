//! Keywords of drafts before 2020-12 under their new names.

use serde_json::{Map, Value, json};

/// Renames them.
pub(super) fn rename(out: &mut Map<String, Value>) {
    if let Some(Value::Array(_)) = out.get("items") {
        let first = out.remove("items").unwrap_or_default();
        out.insert("prefixItems".to_owned(), first);
        let rest = out.remove("additionalItems");
        out.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
    out.remove("additionalItems");
    let Some(Value::Object(dependencies)) = out.remove("dependencies") else {
        return;
    };
    for (name, needs) in dependencies {
        let key = match needs {
            Value::Array(_) => "dependentRequired",
            _ => "dependentSchemas",
        };
        let held = out.entry(key).or_insert_with(|| json!({}));
        held[name] = needs;
    }
}
