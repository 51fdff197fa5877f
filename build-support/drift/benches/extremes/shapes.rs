//! Contracts of about 1 MB, each of which repeats one construct.

use serde_json::{Map, Value, json};

/// A contract; the revision of it where the flag is set.
type Shape = fn(bool) -> Value;

/// All of them, by name.
pub const ALL: &[(&str, Shape)] = &[
    ("chain-of-allOf", chain),
    ("nested-arrays", nested),
    ("required-objects-in-one-another", required),
    ("large-enum", large_enum),
    ("large-enum-of-objects", enum_of_objects),
    ("enum-beside-a-pattern", enum_and_pattern),
    ("wide-oneOf", wide_union),
    ("oneOf-of-constants", constants),
    ("overlapping-oneOfs", overlapping),
    ("unions-that-lead-into-one-another", recursive),
    ("unions-in-unions", unions_in_unions),
    ("many-patterns", patterns),
    ("patterns-over-properties", patterns_over_properties),
    ("patterns-with-many-states", states),
    ("many-properties", properties),
    ("conditions", conditions),
    ("allOf-of-oneOfs", unions_of_one_value),
    ("operations", operations),
    ("paths-with-a-prefix", prefixes),
    ("parameters", parameters),
    ("one-schema-of-many-operations", shared),
    ("callbacks-that-call-back", callbacks),
    ("credentials", credentials),
    ("servers", servers),
];

fn with_schemas(schemas: Map<String, Value>) -> Value {
    let content = json!({ "application/json": { "schema": reference("Root") } });
    let operation = json!({
        "requestBody": { "required": true, "content": content },
        "responses": { "200": { "description": "", "content": content } },
    });
    let mut document = document(Map::from_iter([(
        "/a".to_owned(),
        json!({ "post": operation }),
    )]));
    document["components"] = json!({ "schemas": schemas });
    document
}

fn with_root(root: Value) -> Value {
    with_schemas(Map::from_iter([("Root".to_owned(), root)]))
}

fn document(paths: Map<String, Value>) -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": paths })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn map(count: usize, of: impl Fn(usize) -> (String, Value)) -> Map<String, Value> {
    (0..count).map(of).collect()
}

fn longest(is_revision: bool) -> usize {
    5 - usize::from(is_revision)
}

fn chain(is_revision: bool) -> Value {
    const COUNT: usize = 6_500;
    let mut schemas = map(COUNT, |at| {
        let own = json!({
            "type": "object",
            "properties": { format!("p{at}"): { "type": "string", "maxLength": longest(is_revision) } },
        });
        let next = reference(&format!("S{}", at + 1));
        (format!("S{at}"), json!({ "allOf": [next, own] }))
    });
    schemas.insert(format!("S{COUNT}"), json!({ "type": "object" }));
    schemas.insert("Root".to_owned(), reference("S0"));
    with_schemas(schemas)
}

fn nested(is_revision: bool) -> Value {
    let mut schema = json!({ "type": "string", "maxLength": longest(is_revision) });
    for _ in 0..90 {
        schema = json!({ "type": "array", "items": schema });
    }
    with_root(schema)
}

fn required(is_revision: bool) -> Value {
    const COUNT: usize = 9_000;
    let mut schemas = map(COUNT, |at| {
        let next = reference(&format!("S{}", at + 1));
        let own = json!({ "type": "object", "required": ["p"], "properties": { "p": next } });
        (format!("S{at}"), own)
    });
    let last = json!({ "type": "string", "maxLength": longest(is_revision) });
    schemas.insert(format!("S{COUNT}"), last);
    schemas.insert("Root".to_owned(), reference("S0"));
    with_schemas(schemas)
}

fn words(is_revision: bool, count: usize) -> Vec<String> {
    let first = usize::from(is_revision) * 3;
    (first..first + count)
        .map(|at| format!("v{at:06}"))
        .collect()
}

fn large_enum(is_revision: bool) -> Value {
    with_root(json!({ "type": "string", "enum": words(is_revision, 95_000) }))
}

fn enum_of_objects(is_revision: bool) -> Value {
    let first = usize::from(is_revision) * 3;
    let values = (first..first + 70_000).map(|at| json!({ "a": at }));
    with_root(json!({ "enum": values.collect::<Vec<_>>() }))
}

fn enum_and_pattern(is_revision: bool) -> Value {
    let values = words(is_revision, 90_000);
    with_root(json!({ "type": "string", "pattern": "^v[0-9]+$", "enum": values }))
}

fn wide_union(is_revision: bool) -> Value {
    let mut schemas = map(6_500, |at| {
        let longest = if at == 7 { longest(is_revision) } else { 5 };
        let own = json!({
            "type": "object",
            "required": ["k"],
            "properties": { "k": { "const": format!("v{at}") }, "x": { "maxLength": longest } },
        });
        (format!("M{at}"), own)
    });
    let mut members: Vec<Value> = schemas.keys().map(|name| reference(name)).collect();
    if is_revision {
        members.reverse();
    }
    schemas.insert("Root".to_owned(), json!({ "oneOf": members }));
    with_schemas(schemas)
}

fn constants(is_revision: bool) -> Value {
    let members = words(is_revision, 25_000).into_iter();
    let members = members.map(|word| json!({ "const": word, "title": "x" }));
    with_root(json!({ "oneOf": members.collect::<Vec<_>>() }))
}

fn overlapping(is_revision: bool) -> Value {
    let wider = 2 + usize::from(is_revision);
    let members = |first: usize| -> Vec<Value> {
        let each = (0..20).map(|at| first + at * 3);
        each.map(|least| json!({ "type": "integer", "minimum": least, "maximum": least + wider }))
            .collect()
    };
    let mut schemas = map(850, |at| {
        (format!("U{at}"), json!({ "oneOf": members(at) }))
    });
    let properties = map(850, |at| (format!("u{at}"), reference(&format!("U{at}"))));
    let root = json!({ "type": "object", "properties": properties });
    schemas.insert("Root".to_owned(), root);
    with_schemas(schemas)
}

fn recursive(is_revision: bool) -> Value {
    const COUNT: usize = 3_300;
    let next = |at: usize| reference(&format!("U{}", at % COUNT));
    let mut schemas = map(COUNT, |at| {
        let own = json!({
            "type": "object",
            "required": ["k"],
            "properties": {
                "k": { "const": format!("v{at}") },
                "n": next(at * 5 + 2),
                "x": { "type": "string", "maxLength": longest(is_revision) },
            },
        });
        (
            format!("U{at}"),
            json!({ "oneOf": [next(at * 7 + 1), next(at * 11 + 3), own] }),
        )
    });
    schemas.insert("Root".to_owned(), reference("U0"));
    with_schemas(schemas)
}

fn unions_in_unions(is_revision: bool) -> Value {
    const COUNT: usize = 1_300;
    let mut schemas = map(COUNT, |at| {
        let next = reference(&format!("U{}", at + 1));
        let members = (0..6).map(|key| {
            let properties = json!({ "k": { "type": "string" }, format!("c{key}"): next });
            json!({ "type": "object", "required": ["k"], "properties": properties })
        });
        (
            format!("U{at}"),
            json!({ "oneOf": members.collect::<Vec<_>>() }),
        )
    });
    let last = json!({ "type": "string", "maxLength": longest(is_revision) });
    schemas.insert(format!("U{COUNT}"), last);
    schemas.insert("Root".to_owned(), reference("U0"));
    with_schemas(schemas)
}

fn with_patterns(count: usize, pattern: impl Fn(usize) -> String) -> Value {
    let properties = map(count, |at| {
        let own = json!({ "type": "string", "pattern": pattern(at) });
        (format!("p{at}"), own)
    });
    with_root(json!({ "type": "object", "properties": properties }))
}

fn patterns(is_revision: bool) -> Value {
    let more = usize::from(is_revision);
    with_patterns(15_000, |at| {
        format!("^[a-z{at}]{{1,{}}}$", 200 + more + at % 50)
    })
}

fn states(is_revision: bool) -> Value {
    let more = usize::from(is_revision);
    with_patterns(14_000, |at| format!("(a|b)*a(a|b){{{}}}c{at}", 10 + more))
}

fn patterns_over_properties(is_revision: bool) -> Value {
    let properties = map(13_000, |at| (format!("p{at}"), json!({ "type": "string" })));
    let patterns = map(9_000, |at| {
        let own = json!({ "type": "string", "maxLength": longest(is_revision) });
        (format!("^p{at}[a-z]*$"), own)
    });
    with_root(json!({
        "type": "object",
        "properties": properties,
        "patternProperties": patterns,
    }))
}

fn properties(is_revision: bool) -> Value {
    let properties = map(19_000, |at| {
        let own = json!({ "type": "string", "maxLength": longest(is_revision) });
        (format!("p{at}"), own)
    });
    with_root(json!({ "type": "object", "properties": properties }))
}

fn conditions(is_revision: bool) -> Value {
    let each = (0..7_500).map(|at| {
        json!({
            "if": { "properties": { "k": { "const": format!("v{at}") } }, "required": ["k"] },
            "then": { "properties": { format!("p{at}"): { "maxLength": longest(is_revision) } } },
        })
    });
    with_root(json!({
        "type": "object",
        "properties": { "k": { "type": "string" } },
        "allOf": each.collect::<Vec<_>>(),
    }))
}

fn unions_of_one_value(is_revision: bool) -> Value {
    let required = |name: String| json!({ "required": [name] });
    let unions = (0..14_000)
        .map(|at| json!({ "oneOf": [required(format!("a{at}")), required(format!("b{at}"))] }));
    let own = json!({ "properties": { "z": { "maxLength": longest(is_revision) } } });
    with_root(json!({
        "type": "object",
        "allOf": unions.chain([own]).collect::<Vec<_>>(),
    }))
}

fn operations(is_revision: bool) -> Value {
    let prefix = if is_revision { "read" } else { "get" };
    document(map(20_000, |at| {
        let operation = json!({ "operationId": format!("{prefix}{at}") });
        (format!("/a{at}"), json!({ "get": operation }))
    }))
}

fn prefixes(is_revision: bool) -> Value {
    let prefix = if is_revision { "/v1" } else { "" };
    document(map(32_000, |at| {
        (format!("{prefix}/a{at}/b"), json!({ "get": {} }))
    }))
}

fn parameters(is_revision: bool) -> Value {
    let prefix = if is_revision { "r" } else { "q" };
    let all = (0..16_000).map(|at| {
        json!({ "name": format!("{prefix}{at}"), "in": "query", "schema": { "type": "string" } })
    });
    let operation = json!({ "parameters": all.collect::<Vec<_>>() });
    document(map(1, |_| ("/a".to_owned(), json!({ "get": operation }))))
}

fn shared(is_revision: bool) -> Value {
    let content = json!({ "application/json": { "schema": reference("S") } });
    let operation = json!({ "responses": { "200": { "description": "", "content": content } } });
    let mut document = document(map(4_000, |at| {
        (format!("/a{at}"), json!({ "get": operation }))
    }));
    let properties = map(9_000, |at| {
        let own = json!({ "type": "string", "maxLength": longest(is_revision) });
        (format!("p{at}"), own)
    });
    let schema = json!({ "type": "object", "properties": properties });
    document["components"] = json!({ "schemas": { "S": schema } });
    document
}

fn callbacks(is_revision: bool) -> Value {
    const COUNT: usize = 3_500;
    let next = |at: usize| json!({ "$ref": format!("#/components/callbacks/C{}", at % COUNT) });
    let kind = if is_revision { "integer" } else { "string" };
    let all = map(COUNT, |at| {
        let operation = json!({
            "requestBody": { "content": { "application/json": { "schema": { "type": kind } } } },
            "callbacks": { "x": next(at * 3 + 1), "y": next(at * 5 + 2) },
        });
        (
            format!("C{at}"),
            json!({ "{$request.body#/u}": { "post": operation } }),
        )
    });
    let operation = json!({ "callbacks": { "c": next(0) } });
    let mut document = document(map(1, |_| ("/a".to_owned(), json!({ "post": operation }))));
    document["components"] = json!({ "callbacks": all });
    document
}

fn credentials(is_revision: bool) -> Value {
    const COUNT: usize = 11_000;
    let first = usize::from(is_revision) * 3;
    let asked = (first..first + COUNT).map(|at| json!({ format!("k{at}"): [] }));
    let operation = json!({ "security": asked.collect::<Vec<_>>() });
    let mut document = document(map(1, |_| ("/a".to_owned(), json!({ "get": operation }))));
    let schemes = map(COUNT + 3, |at| {
        let own = json!({ "type": "apiKey", "in": "header", "name": format!("K{at}") });
        (format!("k{at}"), own)
    });
    document["components"] = json!({ "securitySchemes": schemes });
    document
}

fn servers(is_revision: bool) -> Value {
    let first = usize::from(is_revision) * 3;
    let servers =
        (first..first + 24_000).map(|at| json!({ "url": format!("https://a{at}.example/v1") }));
    let mut document = document(map(1, |_| ("/a".to_owned(), json!({ "get": {} }))));
    document["servers"] = servers.collect();
    document
}
