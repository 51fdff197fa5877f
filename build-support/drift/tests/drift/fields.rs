//! Every field of OpenAPI 3.1 and every keyword of JSON Schema 2020-12 counts: two documents that
//! differ only there are told apart, or there is a reason why not.
//!
//! Source: OpenAPI 3.1.1, section 4.8; JSON Schema 2020-12, core and validation.

use crate::support::report_of;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The fields of each object of the specification.
const FIELDS: [(&str, &str); 32] = [
    (
        "OpenAPI",
        "openapi info jsonSchemaDialect servers paths webhooks components security tags externalDocs x-",
    ),
    (
        "Info",
        "title summary description termsOfService contact license version x-",
    ),
    ("Contact", "name url email"),
    ("License", "name identifier url"),
    ("Server", "url description variables"),
    ("ServerVariable", "enum default description"),
    (
        "Components",
        "schemas responses parameters examples requestBodies headers securitySchemes links callbacks pathItems",
    ),
    (
        "PathItem",
        "$ref summary description get put post delete options head patch trace servers parameters",
    ),
    (
        "Operation",
        "tags summary description externalDocs operationId parameters requestBody responses callbacks deprecated security servers x-",
    ),
    ("ExternalDocs", "description url"),
    (
        "Parameter",
        "name in description required deprecated allowEmptyValue style explode allowReserved schema example examples content",
    ),
    ("RequestBody", "description content required"),
    ("MediaType", "schema example examples encoding"),
    (
        "Encoding",
        "contentType headers style explode allowReserved",
    ),
    ("Responses", "default status"),
    ("Response", "description headers content links"),
    ("Callback", "expression"),
    ("Example", "summary description value externalValue"),
    (
        "Link",
        "operationRef operationId parameters requestBody description server",
    ),
    (
        "Header",
        "description required deprecated style explode schema example examples content",
    ),
    ("Tag", "name description externalDocs"),
    ("Reference", "$ref summary description"),
    ("Discriminator", "propertyName mapping"),
    ("XML", "name namespace prefix attribute wrapped"),
    (
        "SecurityScheme",
        "type description name in scheme bearerFormat flows openIdConnectUrl",
    ),
    (
        "OAuthFlows",
        "implicit password clientCredentials authorizationCode",
    ),
    ("OAuthFlow", "authorizationUrl tokenUrl refreshUrl scopes"),
    ("SecurityRequirement", "name"),
    (
        "Core",
        "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $vocabulary $comment $defs",
    ),
    (
        "Applicators",
        "allOf anyOf oneOf not if then else dependentSchemas prefixItems items contains properties patternProperties additionalProperties propertyNames unevaluatedItems unevaluatedProperties",
    ),
    (
        "Validation",
        "type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired",
    ),
    (
        "Annotations",
        "title description default deprecated readOnly writeOnly examples format contentEncoding contentMediaType contentSchema discriminator xml externalDocs example x-",
    ),
];

/// A document that has nearly everything.
const DOCUMENT: &str = include_str!("fields/document.json");

/// For each field what the document has there in one version and in the other, `null` for nothing.
/// Without a pointer it is the schema of a value that travels both ways. What is waived says why.
const ROWS: &str = include_str!("fields/rows.json");

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default = "both_ways")]
    at: String,
    base: Value,
    revision: Value,
    waived: Option<String>,
}

fn both_ways() -> String {
    "/components/schemas/Thing/properties/value".to_owned()
}

type Rows = BTreeMap<String, BTreeMap<String, Row>>;

fn rows() -> Rows {
    serde_json::from_str(ROWS).unwrap()
}

#[test]
fn every_field_has_a_row() {
    let listed = FIELDS.iter().flat_map(|(object, fields)| {
        let fields = fields.split_whitespace();
        fields.map(move |field| format!("{object}.{field}"))
    });
    let listed: BTreeSet<String> = listed.collect();
    let rows = rows();
    let named = rows.iter().flat_map(|(object, fields)| {
        let fields = fields.keys();
        fields.map(move |field| format!("{object}.{field}"))
    });
    let named: BTreeSet<String> = named.collect();
    let missing: Vec<_> = listed.difference(&named).collect();
    let foreign: Vec<_> = named.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "no pair of documents shows these fields: {missing:?}"
    );
    assert!(
        foreign.is_empty(),
        "these rows name no field of the list: {foreign:?}"
    );
}

#[test]
fn every_field_counts_or_is_waived() {
    let rows = rows();
    let each = rows
        .iter()
        .flat_map(|(object, fields)| fields.iter().map(move |(field, row)| (object, field, row)));
    let wrong: Vec<String> = each
        .flat_map(|(object, field, row)| {
            let faults = faults(row).into_iter();
            faults.map(move |fault| format!("{object}.{field}: {fault}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "compare the field, or waive it with a reason; a waiver that became needless goes:\n{}",
        wrong.join("\n")
    );
}

fn faults(row: &Row) -> Vec<String> {
    let (base, revision) = (set(&row.at, &row.base), set(&row.at, &row.revision));
    if base == revision {
        return vec!["the two documents do not differ".to_owned()];
    }
    let ways = [(&base, &revision, "there"), (&revision, &base, "back")];
    let each = ways.into_iter().filter_map(|(one, other, way)| {
        let found = report_of(one, other).changes;
        match (&row.waived, found.first()) {
            (None, None) => Some(format!("not seen on the way {way}")),
            (Some(reason), Some(change)) => Some(format!(
                "waived ({reason}), yet seen on the way {way} as {}",
                change.rule.id
            )),
            _ => None,
        }
    });
    each.collect()
}

fn set(pointer: &str, value: &Value) -> Value {
    let mut document: Value = serde_json::from_str(DOCUMENT).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = contract::pointer::unescape(key).into_owned();
    let place = document.pointer_mut(parent);
    let place = place.unwrap_or_else(|| panic!("{parent} leads nowhere"));
    match (place, value) {
        (Value::Object(members), Value::Null) => {
            members.remove(&key);
        }
        (Value::Object(members), value) => {
            members.insert(key, value.clone());
        }
        (Value::Array(items), value) => items[key.parse::<usize>().unwrap()] = value.clone(),
        (other, _) => panic!("{pointer} leads into {other}"),
    }
    document
}
