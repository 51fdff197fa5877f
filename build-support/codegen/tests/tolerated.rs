//! What a contract gets wrong without losing its meaning is warned of, and code is generated.

use codegen::generate::generate;
use codegen::policy::Policy;
use contract::read_str;

/// What is wrong, the version, the contract's parts beyond `info`, and the code of the warning.
const CASES: [(&str, &str, &str, &str); 49] = [
    (
        "a key without a value",
        "3.0.3",
        "paths: {/n: {get: {operationId: n, description: null, tags: null, parameters: null, responses: {'204': {description: null}}}}}",
        "read::ignored",
    ),
    (
        "a schema without a value",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: null}}, B: null}}",
        "read::any-value",
    ),
    (
        "texts that are objects",
        "3.1.0",
        "paths: {/n: {get: {operationId: n, description: {text: x}, summary: [a], responses: {'204': {description: {a: b}}}}}}\ncomponents: {schemas: {A: {type: object, title: {a: b}, additionalProperties: true}}}",
        "read::ignored",
    ),
    (
        "a type that is an object",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: {a: b}, properties: {b: {type: string}}}}}",
        "read::ignored",
    ),
    (
        "empty objects that are lists",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: []}, B: {type: array, items: []}, C: []}, responses: []}",
        "read::any-value",
    ),
    (
        "tuples as older versions have them",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: array, items: [{type: string}, {type: array, items: [{type: integer}]}], additionalItems: {type: integer}}}}",
        "read::other-version",
    ),
    (
        "null as a type without quotes",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: [string, null]}, b: {type: null}}}}}",
        "read::written",
    ),
    (
        "a list among the paths",
        "3.0.3",
        "paths: {parameters: [{name: a, in: query, schema: {type: string}}], x-inside: {get: {operationId: hidden, responses: {'204': {description: ok}}}}, /n: {get: {operationId: n, responses: {'204': {description: ok}}}}}",
        "read::ignored",
    ),
    (
        "an anchor",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {$anchor: there, type: string}, b: {$ref: '#there'}}}}}",
        "read::anchor-ref",
    ),
    (
        "a response, a body and a parameter where a schema is due",
        "3.0.3",
        "paths: {}\ncomponents: {responses: {R: {description: r, content: {application/json: {schema: {type: integer}}}}}, requestBodies: {B: {content: {application/json: {schema: {type: integer}}}}}, parameters: {P: {name: p, in: query, schema: {type: integer}}}, schemas: {A: {type: object, properties: {r: {$ref: '#/components/responses/R'}, b: {$ref: '#/components/requestBodies/B'}, p: {$ref: '#/components/parameters/P'}}}}}",
        "read::other-kind",
    ),
    (
        "a schema where a response and a body are due",
        "3.0.3",
        "paths: {/n: {post: {operationId: n, requestBody: {$ref: '#/components/schemas/A'}, responses: {'200': {$ref: '#/components/schemas/A'}}}}}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: string}}}}}",
        "read::other-kind",
    ),
    (
        "a base that lists its own children",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {Base: {type: object, required: [kind], properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/X'}, {$ref: '#/components/schemas/Y'}], discriminator: {propertyName: kind}}, X: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {x: {type: string}}}]}, Y: {allOf: [{$ref: '#/components/schemas/X'}, {properties: {y: {type: string}}}]}}}",
        "read::own-children",
    ),
    (
        "an alternative that cannot be what stands beside the choice",
        "3.1.0",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: string}}, oneOf: [{type: string}, {type: object, properties: {b: {type: string}}}]}}}",
        "lower::no-values",
    ),
    (
        "numbers and flags as texts",
        "3.0.3",
        "paths: {/n: {get: {operationId: 7, summary: 1.10, tags: [2], responses: {'204': {description: true}}}}}",
        "read::written",
    ),
    (
        "numbers and flags in quotes",
        "3.0.3",
        "paths: {/n: {get: {operationId: n, deprecated: 'true', parameters: [{name: a, in: query, required: 'false', schema: {type: integer, minimum: '1', maxLength: '5'}}], responses: {'204': {description: ok}}}}}",
        "read::unquoted",
    ),
    (
        "`required` at a property, as older versions have it",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: string, required: true, examples: {one: {value: x}}}}}}}",
        "read::ignored",
    ),
    (
        "a type that there is not",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: any}, b: {type: 'null'}}}}}",
        "read::value",
    ),
    (
        "types of 3.1 in 3.0",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: [string, 'null']}, b: true}}}}",
        "read::other-version",
    ),
    (
        "a status that is none, and a range in small letters",
        "3.0.3",
        "paths: {/s: {get: {operationId: s, responses: {2xx: {description: ok}, broken: {description: no}, '700': {description: no}}}}}",
        "read::status",
    ),
    (
        "an optional path parameter, one that the path does not have, and one that is not declared",
        "3.0.3",
        "paths: {'/a/{b}/{c}': {get: {operationId: a, parameters: [{name: b, in: path, schema: {type: string}}, {name: d, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}}",
        "read::undeclared-parameter",
    ),
    (
        "a parameter twice, one without a schema, one with too much, and one of Swagger",
        "3.0.3",
        "paths: {/p: {post: {operationId: p, parameters: [{name: a, in: query, schema: {type: string}}, {name: a, in: query, schema: {type: integer}}, {name: b, in: query}, {name: c, in: query, schema: {type: string}, content: {application/json: {}}}, {name: d, in: body, schema: {type: string}}, {in: query, schema: {}}], responses: {'204': {description: ok}}}}}",
        "read::duplicate-parameter",
    ),
    (
        "two operations of one name, and one without responses",
        "3.0.3",
        "paths: {/a: {get: {operationId: a, responses: {'204': {description: ok}}}}, /b: {get: {operationId: a}}}",
        "read::duplicate-operation-id",
    ),
    (
        "names of components that no reference can spell as they are",
        "3.0.3",
        "paths: {/p: {get: {operationId: p, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Page%3CCard%3E'}}}}}}}}\ncomponents: {schemas: {'Page<Card>': {type: object, properties: {of: {$ref: '#/components/schemas/a~1b'}, same: {$ref: '#/components/schemas/Page<Card>'}}}, a/b: {type: string, enum: [x]}}}",
        "read::component-name",
    ),
    (
        "security schemes that say too little",
        "3.0.3",
        "paths: {}\ncomponents: {securitySchemes: {a: {type: http}, b: {type: apiKey, in: header}, c: {type: hmac}, d: {type: oauth2, flows: {clientCredentials: {scopes: {}}}}, e: {description: x}}}",
        "read::missing-field",
    ),
    (
        "a contract, licence, tag and server without what they must have",
        "3.0.3",
        "externalDocs: {description: x}\ntags: [{description: x}]\nservers: [{description: x}, {url: 'https://{h}.example', variables: {h: {enum: [a]}}}]\npaths: {/r: {post: {operationId: r, requestBody: {description: x}, responses: {'204': {}}}}}",
        "read::missing-field",
    ),
    (
        "a contract of 3.0 without paths",
        "3.0.3",
        "components: {schemas: {A: {type: string}}}",
        "read::missing-field",
    ),
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
    (
        "a query in a path",
        "3.0.3",
        "paths: {'/n?beta=true': {get: {operationId: n, responses: {'204': {description: ok}}}}}",
        "read::path-query",
    ),
    (
        "a parameter in the query of a path",
        "3.0.3",
        "paths: {'/n?q={text}': {get: {operationId: n, responses: {'204': {description: ok}}}}}",
        "read::path-query",
    ),
    (
        "a fragment in a path",
        "3.0.3",
        "paths: {'/n#a': {get: {operationId: n, responses: {'204': {description: ok}}}}, '/n#b': {get: {operationId: m, responses: {'204': {description: ok}}}}}",
        "read::path-fragment",
    ),
    (
        "a path without a slash",
        "3.0.3",
        "paths: {n: {get: {operationId: n, responses: {'204': {description: ok}}}}}",
        "read::path-slash",
    ),
    (
        "paths that match the same requests",
        "3.0.3",
        "paths: {'/n/{a}': {get: {operationId: n, responses: {'204': {description: ok}}}}, '/n/{b}': {get: {operationId: m, responses: {'204': {description: ok}}}}}",
        "read::path-collision",
    ),
    (
        "another dialect",
        "3.1.0",
        "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\npaths: {}",
        "lower::dialect",
    ),
    (
        "a schema that no value fits",
        "3.0.3",
        "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {allOf: [{type: string}, {type: integer}]}}}}}",
        "lower::no-values",
    ),
    (
        "a closing bracket too far left",
        "3.0.3",
        "paths:\n  /n:\n    get:\n      operationId: n\n      responses:\n        '204': {\n          description: ok\n      }",
        "read::indentation",
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
fn paths_with_one_slash_and_with_two_are_two_paths() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/n: {get: {operationId: n, responses: \
                {'204': {description: ok}}}}, //n: {get: {operationId: m, responses: {'204': {description: \
                ok}}}}}\n";
    let document = read_str("t.yaml", text).unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(document.warnings.items.len(), 0, "{}", document.warnings);
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
fn the_version_of_a_contract_keeps_its_digits() {
    let text = "openapi: 3.1\ninfo: {title: T, version: 1.10}\npaths: {}\n";
    let document = read_str("t.yaml", text).unwrap_or_else(|found| panic!("{found}"));
    let made = generate(&document, &Policy::default()).unwrap_or_else(|error| panic!("{error}"));
    let root = made.types.get("mod.rs").unwrap_or_default();
    assert!(root.contains("The types of T 1.10."), "{root}");
}

/// A contract in a file, as only files are read from others.
fn written(name: &str, text: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut files = files::FileSet::new();
    let put = files.insert(name, text);
    put.unwrap_or_else(|error| panic!("{error}"));
    let written = files::apply(folder, &[name], &files, files::Mode::Write);
    written.unwrap_or_else(|error| panic!("{error}"));
    folder.join(name)
}

#[test]
fn a_reference_that_leads_nowhere_is_any_value_in_a_foreign_contract() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: \
                object, properties: {gone: {$ref: '#/components/schemas/Gone'}, none: {$ref: ''}}}, B: {type: \
                object, required: [k], properties: {k: {type: string}}}, U: {oneOf: [{$ref: \
                '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {b: B, c: \
                '#/components/schemas/C', d: 'gone.yaml#/D', e: 'gone.yaml#/E'}}}}}\n";
    let path = written("nowhere.yaml", text);
    let policy = Policy::default();
    let found = codegen::generate::read(&path, &policy).map(|_| ());
    let found = found.expect_err("one's own contract is rejected");
    let nowhere = |found: &contract::diagnostics::Diagnostics| {
        let of_references = found.items.iter();
        of_references
            .filter(|item| item.code == contract::DANGLING)
            .count()
    };
    assert_eq!(nowhere(&found), 5);
    let document = codegen::generate::read_foreign(&path, &policy);
    let document = document.unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(nowhere(&document.warnings), 5);
    let made = generate(&document, &policy).unwrap_or_else(|error| panic!("{error}"));
    let types = made.types.get("common.rs").unwrap_or_default();
    assert!(
        types.contains("pub gone: Option<serde_json::Value>"),
        "{types}"
    );
    assert!(
        types.contains("pub none: Option<serde_json::Value>"),
        "{types}"
    );

    // Whatever else is wrong stays an error, as is a file that is not there.
    for (name, part, worse) in [
        (
            "many",
            "type: object, req",
            "type: object, minimum: many, req",
        ),
        ("file", "$ref: ''", "$ref: 'gone.yaml#/D'"),
    ] {
        let path = written(&format!("nowhere-{name}.yaml"), &text.replace(part, worse));
        let found = codegen::generate::read_foreign(&path, &policy).map(|_| ());
        assert!(found.is_err_and(|found| found.has_errors()), "{name}");
    }
}

#[test]
fn a_circle_of_references_is_any_value_or_one_alternative_less_in_a_foreign_contract() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: \
                '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}, C: {oneOf: [{type: integer}, \
                {$ref: '#/components/schemas/D'}]}, D: {oneOf: [{type: string}, {$ref: \
                '#/components/schemas/C'}]}, S: {oneOf: [{type: integer}, {$ref: \
                '#/components/schemas/S'}]}, E: {type: object, properties: {far: {$ref: \
                'https://elsewhere.example/x.yaml#/Y'}, wrong: {$ref: '#/info'}}}}}\n";
    let path = written("circles.yaml", text);
    let policy = Policy::default();
    assert!(codegen::generate::read(&path, &policy).is_err());
    let document = codegen::generate::read_foreign(&path, &policy);
    let document = document.unwrap_or_else(|found| panic!("{found}"));
    let made = generate(&document, &policy).unwrap_or_else(|error| panic!("{error}"));
    let types = made.types.get("common.rs").unwrap_or_default();
    for part in [
        "pub far: Option<serde_json::Value>",
        "pub type A = serde_json::Value",
        "pub enum C",
        "Value(serde_json::Value)",
        "pub type S = i64",
    ] {
        assert!(types.contains(part), "{part} is not in {types}");
    }
}

#[test]
fn one_run_shows_what_reading_and_lowering_find() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {operationId: a, responses: \
                {'200': {$ref: '#/components/responses/Nowhere'}}}}}\ncomponents: {schemas: {A: {allOf: [{type: \
                string}, {type: integer}]}, B: {type: object, not: {type: string}}}}\n";
    let path = written("both-stages.yaml", text);
    let found = codegen::generate::read(&path, &Policy::default());
    let found = found.map(|_| ()).expect_err("the reference leads nowhere");
    let codes: Vec<&str> = found.items.iter().map(|item| item.code).collect();
    for code in [
        "read::dangling-ref",
        "lower::no-values",
        "lower::not-enforced",
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
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
