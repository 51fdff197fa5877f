//! The comparison finds each kind of difference.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

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

/// Wrong attributes on real types, each beside the contract's schema it claims to follow.
mod wrong {
    use crate::{Address, AuthorisationId, Decimal, FeeType};
    use schemars::JsonSchema;
    use serde::Serialize;

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Renamed {
        #[serde(rename = "kind")]
        r#type: FeeType,
        token_amount: Decimal,
    }

    #[derive(Serialize, JsonSchema)]
    pub(super) struct NotRenamed {
        r#type: FeeType,
        token_amount: Decimal,
    }

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Mistyped {
        r#type: FeeType,
        token_amount: f64,
    }

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Optional {
        r#type: FeeType,
        #[serde(skip_serializing_if = "Option::is_none")]
        token_amount: Option<Decimal>,
    }

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Flattened {
        r#type: FeeType,
        token_amount: Decimal,
        #[serde(flatten)]
        address: Option<Address>,
    }

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Mistaken {
        r#type: AuthorisationId,
        token_amount: Decimal,
    }
}

#[test]
fn wrong_attributes_are_found() {
    let mut generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let schemas = [
        ("renamed", generator.subschema_for::<wrong::Renamed>()),
        (
            "not renamed",
            generator.subschema_for::<wrong::NotRenamed>(),
        ),
        ("mistyped", generator.subschema_for::<wrong::Mistyped>()),
        ("optional", generator.subschema_for::<wrong::Optional>()),
        ("flattened", generator.subschema_for::<wrong::Flattened>()),
        ("mistaken", generator.subschema_for::<wrong::Mistaken>()),
    ];
    let right = generator.subschema_for::<crate::Fee>();
    let definitions = generator.take_definitions(true);
    let contract = &both(Contract::Serialize).1["Fee"];
    assert_eq!(
        &normal::derived(right.as_value(), &definitions, true),
        contract
    );
    for (fault, schema) in schemas {
        assert_ne!(
            &normal::derived(schema.as_value(), &definitions, true),
            contract,
            "{fault}"
        );
    }
}
