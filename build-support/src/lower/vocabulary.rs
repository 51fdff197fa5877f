//! Which keys OpenAPI 3.0 and 3.1 know, and what becomes of those that 3.0 does not have.

use super::walk::Kind;

/// Keywords that only narrow what is valid, and what is therefore not enforced. `then` and `else`
/// go with their `if`.
pub const NARROWING: [(&str, &str); 13] = [
    ("if", "values that break the condition are accepted"),
    ("not", "values that match the excluded schema are accepted"),
    (
        "unevaluatedProperties",
        "properties that no schema names are accepted",
    ),
    (
        "unevaluatedItems",
        "items that no schema describes are accepted",
    ),
    (
        "dependentSchemas",
        "what the presence of a property asks of the others is not checked",
    ),
    (
        "dependentRequired",
        "properties that others call for may be missing",
    ),
    (
        "dependencies",
        "what the presence of a property asks of the others is not checked",
    ),
    ("contains", "lists without a matching item are accepted"),
    ("minContains", "the number of matching items is not counted"),
    ("maxContains", "the number of matching items is not counted"),
    ("propertyNames", "properties of any name are accepted"),
    (
        "contentSchema",
        "the value inside the encoded string is not checked",
    ),
    (
        "$vocabulary",
        "the vocabularies a schema asks for are not checked",
    ),
];

/// Keywords that mean nothing by themselves once the passes before have run.
pub const SILENT: [&str; 4] = ["then", "else", "$comment", "$anchor"];

/// Keywords that change what a schema is in a way Rust types cannot follow, and why.
pub const UNSUPPORTED: [(&str, &str); 5] = [
    (
        "$dynamicRef",
        "its target depends on who refers to the schema",
    ),
    (
        "$dynamicAnchor",
        "its target depends on who refers to the schema",
    ),
    (
        "$recursiveRef",
        "its target depends on who refers to the schema",
    ),
    (
        "$recursiveAnchor",
        "its target depends on who refers to the schema",
    ),
    (
        "$id",
        "references below it would resolve against another document",
    ),
];

/// The keys a kind of object may have; `None` where any may stand.
#[must_use]
pub fn known(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::Root => &[
            "openapi",
            "info",
            "servers",
            "paths",
            "components",
            "security",
            "tags",
            "externalDocs",
            "webhooks",
            "jsonSchemaDialect",
        ],
        Kind::Components => &[
            "schemas",
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
            "callbacks",
            "pathItems",
        ],
        Kind::PathItem => &[
            "summary",
            "description",
            "get",
            "put",
            "post",
            "delete",
            "options",
            "head",
            "patch",
            "trace",
            "servers",
            "parameters",
        ],
        Kind::Operation => &[
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "deprecated",
            "security",
            "servers",
        ],
        Kind::Parameter => &[
            "name",
            "in",
            "description",
            "summary",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "example",
            "examples",
            "content",
        ],
        Kind::Body => &["description", "summary", "content", "required"],
        Kind::Response => &["description", "summary", "headers", "content", "links"],
        Kind::MediaType => &["schema", "example", "examples", "encoding"],
        Kind::Encoding => &[
            "contentType",
            "headers",
            "style",
            "explode",
            "allowReserved",
        ],
        Kind::Example => &["summary", "description", "value", "externalValue"],
        Kind::SecurityScheme => &[
            "type",
            "description",
            "summary",
            "name",
            "in",
            "scheme",
            "bearerFormat",
            "flows",
            "openIdConnectUrl",
        ],
        Kind::Schema => &SCHEMA,
        Kind::Callback => return None,
    })
}

const SCHEMA: [&str; 47] = [
    "title",
    "description",
    "summary",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "discriminator",
    "nullable",
    "type",
    "enum",
    "const",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "contentEncoding",
    "contentMediaType",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "minProperties",
    "maxProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "allOf",
    "anyOf",
    "oneOf",
    "$schema",
    "$defs",
    "$comment",
    "$anchor",
    "then",
    "else",
];
