//! What a contract gets wrong without losing its meaning is warned of, and code is generated.

use codegen::generate::generate;
use codegen::policy::Policy;
use contract::read_str;

/// What is wrong, the version, the contract's parts beyond `info`, and the code of the warning.
const CASES: [(&str, &str, &str, &str); 15] = [
    (
        "a security scheme that is not defined",
        "3.0.3",
        "paths: {/s: {get: {operationId: s, security: [{ghost: []}], responses: {'204': {description: ok}}}}}",
        "read::unknown-scheme",
    ),
    (
        "an array without items",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {list: {type: array}}}}}",
        "read::missing-field",
    ),
    (
        "an empty enum beside a reference",
        "3.0.3",
        "paths: {/b: {get: {operationId: b, parameters: [{name: s, in: query, schema: {type: string, enum: [], allOf: [{$ref: '#/components/schemas/E'}]}}], responses: {'204': {description: ok}}}}}\ncomponents: {schemas: {E: {type: string, enum: [x]}}}",
        "read::enum",
    ),
    (
        "an operation without responses",
        "3.0.3",
        "paths: {/c: {get: {operationId: c, responses: {}}}}",
        "read::no-response",
    ),
    (
        "a boolean as an exclusive bound in 3.1",
        "3.1.0",
        "paths: {/m: {get: {operationId: m, parameters: [{name: n, in: query, schema: {type: number, minimum: 0, exclusiveMinimum: true}}], responses: {'204': {description: ok}}}}}",
        "read::other-version",
    ),
    (
        "a number as an exclusive bound in 3.0",
        "3.0.3",
        "paths: {/m: {get: {operationId: m, parameters: [{name: n, in: query, schema: {type: number, exclusiveMinimum: 0}}], responses: {'204': {description: ok}}}}}",
        "read::other-version",
    ),
    (
        "a later version",
        "3.2.0",
        "paths: {/c: {get: {operationId: c, responses: {'204': {description: ok, summary: Done}}}}}",
        "read::later-version",
    ),
    (
        "a field of a later version",
        "3.2.0",
        "paths: {/c: {get: {operationId: c, responses: {'204': {description: ok, summary: Done}}}}}",
        "read::unknown-field",
    ),
    (
        "nullable in 3.1",
        "3.1.0",
        "components: {schemas: {A: {type: object, properties: {a: {type: string, nullable: true}}}}}",
        "read::other-version",
    ),
    (
        "a default below its minimum",
        "3.1.0",
        "paths: {/m: {get: {operationId: m, parameters: [{name: n, in: query, schema: {type: integer, minimum: 1, default: 0}}], responses: {'204': {description: ok}}}}}",
        "generate::default",
    ),
    (
        "a default that its reference does not list",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {e: {allOf: [{$ref: '#/components/schemas/E'}], default: z}}}, E: {type: string, enum: [x, y]}}}",
        "generate::default",
    ),
    (
        "an example without what its schema requires",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: object, required: [b], properties: {b: {$ref: '#/components/schemas/B'}}, examples: [{b: {}}, {}]}, B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}",
        "generate::example",
    ),
    (
        "an example of a response that is not its schema's",
        "3.0.3",
        "paths: {/b: {get: {operationId: b, responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}, examples: {one: {value: [1]}}}}}}}}}",
        "generate::example",
    ),
    (
        "an example in another format",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: string, format: uuid, example: abc}}}",
        "generate::example",
    ),
    (
        "two members of one tag",
        "3.1.0",
        "components: {schemas: {A: {oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: t}}, B: {type: object, properties: {t: {const: x}, b: {type: string}}}, C: {type: object, properties: {t: {const: x}, c: {type: string}}}}}",
        "lower::discriminator",
    ),
];

#[test]
fn a_warning_is_enough() {
    for (what, version, parts, code) in CASES {
        let text = format!("openapi: {version}\ninfo: {{title: T, version: '1'}}\n{parts}\n");
        let document = read_str("t.yaml", &text).unwrap_or_else(|found| panic!("{what}: {found}"));
        let made = generate(&document, &Policy::default());
        let made = made.unwrap_or_else(|error| panic!("{what}: {error}"));
        let mut warnings = made.warnings.items.iter();
        assert!(
            warnings.any(|warning| warning.code == code),
            "{what} must give the warning `{code}`, but gives {:?}",
            made.warnings
        );
    }
}

#[test]
fn a_number_as_version_is_the_text_of_the_number() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: 2}\npaths: {}\n";
    let document = read_str("t.yaml", text).unwrap_or_else(|found| panic!("{found}"));
    let made = generate(&document, &Policy::default()).unwrap_or_else(|error| panic!("{error}"));
    let root = made.types.get("mod.rs").unwrap_or_default();
    assert!(root.contains("The types of T 2."), "{root}");
}

#[test]
fn what_agrees_with_its_schema_is_not_mentioned() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: \
                object, properties: {n: {type: integer, nullable: true, default: null, example: 5}, e: \
                {allOf: [{$ref: '#/components/schemas/E'}], default: x}}, example: {n: 1, e: y}}, E: {type: \
                string, enum: [x, y]}}}\n";
    let document = read_str("t.yaml", text).unwrap_or_else(|found| panic!("{found}"));
    let made = generate(&document, &Policy::default()).unwrap_or_else(|error| panic!("{error}"));
    let said = made.warnings.items.iter();
    let said: Vec<_> = said
        .filter(|one| one.code.starts_with("generate::"))
        .collect();
    assert!(said.is_empty(), "{said:?}");
}
