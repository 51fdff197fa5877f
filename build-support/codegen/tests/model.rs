//! The model of whole contracts: the vendored one as a snapshot, the small ones and the published
//! ones for what must hold of any. The published ones lie beside the workspace, where there are any.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use codegen::lower::{Lowered, lower};
use codegen::model::{
    Additional, Api, Content, Field, Operation, PartKind, Struct, TypeDef, TypeKind, TypeRef,
    Union, build,
};
use codegen::policy::Policy;
use contract::diagnostics::Diagnostics;
use contract::{Document, Node, read_file, read_str};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn policy() -> Policy {
    let path = workspace().join("openapi/codegen.toml");
    let text = std::fs::read_to_string(path).unwrap();
    Policy::parse("openapi/codegen.toml", &text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn model(path: &Path, policy: &Policy) -> Result<(Document, Lowered, Api), Diagnostics> {
    let document = read_file(path)?;
    let lowered = lower(&document, policy)?;
    let api = build(&document, &lowered, policy)?;
    Ok((document, lowered, api))
}

/// A published version that refers to a schema it does not have.
const DANGLING: &str = "27-1464c28";

/// The hand-written contracts.
fn contracts() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/tests/contracts");
    let mut found = files(&own);
    found.push(own.join("shop/openapi.yaml"));
    found
}

/// Every version of the contract that was published.
fn published() -> Vec<PathBuf> {
    let published = workspace().join("../shared/offblocks/upstream");
    let mut found = files(&published.join("history"));
    found.push(published.join("api.yaml"));
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "yaml" || end == "json")
        })
        .collect();
    found.sort();
    found
}

#[test]
fn the_model_of_the_vendored_contract() {
    let (_, lowered, api) = model(&workspace().join("openapi/offblocks.yaml"), &policy())
        .unwrap_or_else(|errors| panic!("{errors}"));
    assert!(lowered.warnings.is_empty(), "{}", lowered.warnings);
    insta::assert_snapshot!("offblocks", dump(&api));
}

#[test]
fn the_models_of_the_small_contracts() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../contract/tests/contracts");
    for path in files(&own) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let made = model(&path, &Policy::default());
        let (_, _, api) = made.unwrap_or_else(|errors| panic!("{errors}"));
        insta::assert_snapshot!(name, dump(&api));
    }
}

const CIRCLES: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Forest: {type: array, items: {$ref: '#/components/schemas/Forest'}}
    Map: {type: object, additionalProperties: {$ref: '#/components/schemas/Map'}}
    Person: {type: object, properties: {spouse: {$ref: '#/components/schemas/Partner'}, heirs: {type: array, items: {$ref: '#/components/schemas/Person'}}}}
    Partner: {$ref: '#/components/schemas/Person', description: The other one.}
    Term: {oneOf: [{type: string}, {$ref: '#/components/schemas/Sum'}]}
    Sum: {type: object, properties: {left: {$ref: '#/components/schemas/Term'}, right: {anyOf: [{$ref: '#/components/schemas/Term'}, {type: 'null'}]}}}
";

#[test]
fn what_contains_itself_is_boxed_where_it_must_be() {
    let document = read_str("circles.yaml", CIRCLES).unwrap_or_else(|errors| panic!("{errors}"));
    let policy = Policy::default();
    let lowered = lower(&document, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    let api = build(&document, &lowered, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    insta::assert_snapshot!("circles", dump(&api));
}

#[test]
fn every_contract_has_a_sound_model() {
    contracts().iter().for_each(|path| has_a_sound_model(path));
}

#[test]
#[ignore = "needs the published contract"]
fn every_published_contract_has_a_sound_model_but_the_dangling_one() {
    for path in published() {
        if !path.display().to_string().contains(DANGLING) {
            has_a_sound_model(&path);
            continue;
        }
        let errors = model(&path, &Policy::default()).expect_err("it has a dangling $ref");
        let text = errors.to_string();
        assert!(text.contains("BlockchainAssetId"), "{text}");
    }
}

fn has_a_sound_model(path: &Path) {
    let (_, lowered, api) = model(path, &Policy::default())
        .unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
    nothing_of_three_one_is_left(&lowered.node, path);
    names_differ(&api, path);
    references_lead_somewhere(&api, path);
}

#[test]
fn progenitor_takes_the_lowered_contract() {
    let (_, lowered, api) = model(&workspace().join("openapi/offblocks.yaml"), &policy())
        .unwrap_or_else(|errors| panic!("{errors}"));
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let view = serde_json::from_value(lowered.node.to_json()).expect("it is OpenAPI 3.0");
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&view);
    let text = tokens.expect("progenitor takes it").to_string();
    for operation in &api.operations {
        let name = format!("fn {} ", operation.rust_name);
        assert!(text.contains(&name), "progenitor does not know {name}");
    }
}

#[test]
fn places_survive_every_pass() {
    places_survive(&contracts());
}

#[test]
#[ignore = "needs the published contract"]
fn places_of_published_contracts_survive_every_pass() {
    places_survive(&published());
}

fn places_survive(contracts: &[PathBuf]) {
    for path in contracts {
        let Ok((document, lowered, _)) = model(path, &Policy::default()) else {
            continue;
        };
        let schemas = lowered.node.pointer("/components/schemas").unwrap();
        let objects = schemas
            .members()
            .iter()
            .filter_map(|one| one.value.get("properties"));
        for property in objects.flat_map(Node::members) {
            // A key that was written by a pass has the place of what it was made from.
            let written = document.sources.slice(property.key_span);
            let there = written.contains(&property.key);
            assert!(
                there,
                "{}: `{}` is placed at {written:?}",
                path.display(),
                property.key
            );
        }
    }
}

/// Keys and values that OpenAPI 3.0 does not have, looked for everywhere but in examples.
fn nothing_of_three_one_is_left(root: &Node, path: &Path) {
    let gone = [
        "$defs",
        "definitions",
        "webhooks",
        "callbacks",
        "jsonSchemaDialect",
        "pathItems",
        "const",
        "contentEncoding",
        "contentMediaType",
        "prefixItems",
        "patternProperties",
        "if",
        "then",
        "else",
        "dependentSchemas",
        "dependentRequired",
        "unevaluatedProperties",
        "propertyNames",
        "unevaluatedItems",
        "contains",
        "$id",
        "$anchor",
        "$schema",
        "$comment",
        "$dynamicRef",
    ];
    codegen::lower::walk::schemas(root, &mut |schema| {
        for key in gone.iter().chain(&["examples"]) {
            assert!(
                !schema.contains_key(key),
                "{}: `{key}` is left",
                path.display()
            );
        }
        let plain = |key| {
            schema
                .get(key)
                .is_none_or(|node: &Node| node.as_str().is_some())
        };
        assert!(plain("type"), "{}: a list of types is left", path.display());
        let null = schema.get("type").and_then(Node::as_str) == Some("null");
        assert!(!null, "{}: the type null is left", path.display());
        for key in ["exclusiveMinimum", "exclusiveMaximum"] {
            let flag = schema.get(key).is_none_or(|node| node.as_bool().is_some());
            assert!(flag, "{}: `{key}` is a number", path.display());
        }
        let alone = !schema.contains_key("$ref") || schema.members().len() == 1;
        assert!(alone, "{}: something stands beside a $ref", path.display());
    });
    for key in gone {
        assert!(
            !root.contains_key(key),
            "{}: `{key}` is left",
            path.display()
        );
    }
    assert_eq!(root.get("openapi").and_then(Node::as_str), Some("3.0.3"));
}

fn names_differ(api: &Api, path: &Path) {
    let mut types = BTreeSet::new();
    for def in &api.types {
        assert!(
            types.insert(&def.rust_name),
            "{}: {} twice",
            path.display(),
            def.rust_name
        );
        let inner: Vec<&String> = match &def.kind {
            TypeKind::Struct(object) => {
                object.fields.iter().map(|field| &field.rust_name).collect()
            }
            TypeKind::Enum(list) => list.values.iter().map(|value| &value.rust_name).collect(),
            TypeKind::Union(union) => union.variants.iter().map(|one| &one.rust_name).collect(),
            _ => Vec::new(),
        };
        let distinct: BTreeSet<&&String> = inner.iter().collect();
        assert_eq!(
            distinct.len(),
            inner.len(),
            "{}: {}",
            path.display(),
            def.rust_name
        );
        for name in inner {
            assert!(
                syn::parse_str::<syn::Ident>(name).is_ok(),
                "{name} is not an identifier"
            );
        }
    }
    let all = api.operations.iter().chain(&api.receivers);
    let names: Vec<&String> = all.map(|operation| &operation.rust_name).collect();
    let distinct: BTreeSet<&&String> = names.iter().collect();
    assert_eq!(
        distinct.len(),
        names.len(),
        "{}: two operations share a name",
        path.display()
    );
}

fn references_lead_somewhere(api: &Api, path: &Path) {
    let known: BTreeSet<&str> = api.types.iter().map(|def| def.rust_name.as_str()).collect();
    let text = dump(api);
    let marks = text.split(|c: char| !c.is_alphanumeric() && c != '§');
    for name in marks.filter_map(|mark| mark.strip_prefix('§')) {
        assert!(
            known.contains(name),
            "{}: {name} is not a type",
            path.display()
        );
    }
}

/// The model in few words: one line a type, field or operation. A named type is marked with `§`.
fn dump(api: &Api) -> String {
    let mut out = format!("{} {}\n", api.title, api.version);
    writeln!(out, "servers {}", api.servers.join(" ")).unwrap();
    for scheme in &api.security_schemes {
        writeln!(
            out,
            "security {} {} {:?}",
            scheme.name, scheme.kind, scheme.scheme
        )
        .unwrap();
    }
    for tag in &api.tags {
        writeln!(out, "tag {} = {} / {}", tag.name, tag.module, tag.type_name).unwrap();
    }
    api.types.iter().for_each(|def| write_type(&mut out, def));
    api.operations
        .iter()
        .for_each(|operation| write_operation(&mut out, operation));
    out.push_str("\nreceivers\n");
    api.receivers
        .iter()
        .for_each(|operation| write_operation(&mut out, operation));
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn write_type(out: &mut String, def: &TypeDef) {
    write!(
        out,
        "\n{}::{} ({})",
        def.module, def.rust_name, def.schema_name
    )
    .unwrap();
    match &def.kind {
        TypeKind::Struct(object) => write_struct(out, object),
        TypeKind::Enum(list) => {
            let values = list
                .values
                .iter()
                .map(|value| format!("{}={:?}", value.rust_name, value.wire));
            let values: Vec<String> = values.collect();
            writeln!(out, " enum open={} {}", list.open, values.join(" ")).unwrap();
        }
        TypeKind::Union(union) => write_union(out, union),
        TypeKind::Newtype(newtype) => writeln!(out, " newtype {}", ty(&newtype.inner)).unwrap(),
        TypeKind::Alias(inner) => writeln!(out, " alias {}", ty(inner)).unwrap(),
        TypeKind::External(path) => writeln!(out, " external {path}").unwrap(),
    }
}

fn write_struct(out: &mut String, object: &Struct) {
    let additional = match &object.additional {
        Additional::Ignored => String::new(),
        Additional::Kept => " kept".to_owned(),
        Additional::Denied => " denied".to_owned(),
        Additional::Typed(values) => format!(" more={}", ty(values)),
    };
    writeln!(out, " struct{additional} {}", object.parents.join(" + ")).unwrap();
    object
        .fields
        .iter()
        .for_each(|field| write_field(out, field));
}

fn write_field(out: &mut String, field: &Field) {
    let mut notes = Vec::new();
    let flags = [
        (!field.required, "optional"),
        (field.nullable, "nullable"),
        (field.secret, "secret"),
        (field.read_only, "read-only"),
        (field.write_only, "write-only"),
        (field.docs.description.is_none(), "undocumented"),
    ];
    notes.extend(
        flags
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, note)| (*note).to_owned()),
    );
    notes.extend(field.default.iter().map(|value| format!("default={value}")));
    let (rust, wire) = (&field.rust_name, &field.wire_name);
    writeln!(
        out,
        "  {rust} ({wire}): {} {}",
        ty(&field.ty),
        notes.join(" ")
    )
    .unwrap();
}

fn write_union(out: &mut String, union: &Union) {
    writeln!(out, " union tag={:?} open={}", union.tag, union.open).unwrap();
    for one in &union.variants {
        writeln!(
            out,
            "  {} {:?}: {}",
            one.rust_name,
            one.tag_values,
            ty(&one.ty)
        )
        .unwrap();
    }
}

fn write_operation(out: &mut String, operation: &Operation) {
    let Operation {
        id,
        rust_name,
        method,
        path,
        tag,
        ..
    } = operation;
    writeln!(out, "\n{tag}: {rust_name} ({id}) {method} {path}").unwrap();
    for parameter in &operation.parameters {
        let required = if parameter.required { "" } else { " optional" };
        let place = format!("{:?}", parameter.location).to_lowercase();
        writeln!(
            out,
            "  {place} {}: {}{required}",
            parameter.rust_name,
            ty(&parameter.ty)
        )
        .unwrap();
    }
    let transport: Vec<&str> = operation
        .transport
        .iter()
        .map(|one| one.wire_name.as_str())
        .collect();
    writeln!(
        out,
        "  transport [{}] security {:?}",
        transport.join(" "),
        operation.security
    )
    .unwrap();
    if let Some(body) = &operation.body {
        let required = if body.required { "" } else { " optional" };
        writeln!(out, "  body {}{required}", content(&body.content)).unwrap();
    }
    for response in &operation.responses {
        let body = response
            .content
            .as_ref()
            .map(|(_, body)| content(body))
            .unwrap_or_default();
        writeln!(out, "  {:?} {body}", response.status).unwrap();
    }
}

fn content(content: &Content) -> String {
    match content {
        Content::Json(inner) => format!("json {}", ty(inner)),
        Content::Form(inner) => format!("form {}", ty(inner)),
        Content::Text => "text".to_owned(),
        Content::Binary => "bytes".to_owned(),
        Content::Stream => "stream".to_owned(),
        Content::Records(framing, inner) => format!("{framing:?} of {}", ty(inner)),
        Content::Multipart(body) => {
            let parts = body.parts.iter().map(|part| match &part.kind {
                PartKind::File => format!("{} file", part.wire_name),
                PartKind::Json(inner) => format!("{} json {}", part.wire_name, ty(inner)),
                PartKind::Text(inner) => format!("{} text {}", part.wire_name, ty(inner)),
            });
            format!("parts [{}]", parts.collect::<Vec<_>>().join(", "))
        }
    }
}

fn ty(of: &TypeRef) -> String {
    match of {
        TypeRef::Named(name) => format!("§{name}"),
        TypeRef::Boxed(name) => format!("Box<§{name}>"),
        TypeRef::Array(inner) => format!("[{}]", ty(inner)),
        TypeRef::Map(inner) => format!("{{{}}}", ty(inner)),
        TypeRef::Nullable(inner) => format!("{}?", ty(inner)),
        other => format!("{other:?}"),
    }
}
