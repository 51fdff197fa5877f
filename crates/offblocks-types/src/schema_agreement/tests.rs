use super::*;
use serde_json::json;

#[test]
fn what_is_read_agrees_with_the_contract() {
    let found = disagreements(Contract::Deserialize);
    assert!(found.is_empty(), "{}", report(&found));
}

#[test]
fn what_is_written_agrees_with_the_contract() {
    let found = disagreements(Contract::Serialize);
    assert!(found.is_empty(), "{}", report(&found));
}

#[test]
fn every_rule_has_a_reason() {
    assert!(
        RULES
            .iter()
            .all(|rule| !rule.what.is_empty() && rule.why.len() > 20)
    );
}

type Fault = fn(&mut Map<String, Value>, &str);

/// Changes to a derived schema that a wrong attribute would bring about, on a property `name`.
const FAULTS: [(&str, Fault); 6] = [
    ("a wrong rename", |schema, name| {
        let properties = schema["properties"].as_object_mut().unwrap();
        let value = properties.remove(name).unwrap();
        properties.insert(format!("{name}_"), value);
    }),
    ("a property left out", |schema, name| {
        drop(schema["properties"].as_object_mut().unwrap().remove(name));
    }),
    ("a property too many", |schema, _| {
        schema["properties"]
            .as_object_mut()
            .unwrap()
            .insert("extra".to_owned(), json!({}));
    }),
    ("another requirement", |schema, name| {
        let list = schema
            .entry("required")
            .or_insert_with(|| json!([]))
            .as_array_mut()
            .unwrap();
        match list.iter().position(|listed| listed == name) {
            Some(at) => drop(list.remove(at)),
            None => list.push(name.into()),
        }
    }),
    ("another type", |schema, name| {
        schema["properties"][name] = json!({ "type": "neither" });
    }),
    ("a value left out of an enum", |schema, name| {
        let property = schema["properties"][name].as_object_mut().unwrap();
        match property.get_mut("enum").and_then(Value::as_array_mut) {
            Some(values) => drop(values.pop()),
            None => drop(property.insert("enum".to_owned(), json!(["x"]))),
        }
    }),
];

/// The comparison is only worth something if it fails where it should: every fault, on every
/// property of every object, is found, and found in that object.
#[test]
fn every_fault_is_found() {
    let (derived, contract) = both(Contract::Deserialize);
    let mut tried = 0;
    for (schema, normal) in &derived {
        let names = normal.get("properties").and_then(Value::as_object);
        for name in names.into_iter().flatten().map(|(name, _)| name) {
            for (fault, apply) in FAULTS {
                let mut broken = derived.clone();
                apply(broken[schema].as_object_mut().unwrap(), name);
                let found = compare(&contract, &broken);
                let places: Vec<_> = found.iter().map(|found| found.schema.as_str()).collect();
                assert_eq!(places, [schema], "{fault} at `{name}` of `{schema}`");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "only {tried} faults were tried");
}
