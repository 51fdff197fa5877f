//! Says 3.0 where the contract said 3.1, and takes out what only 3.1 has at the root.

use crate::lower::extensions::SECURITY_TYPE;
use crate::lower::{context::Context, walk};
use contract::Node;
use contract::vocabulary::ObjectKind;

const DIALECTS: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://json-schema.org/draft/2020-12/schema",
];

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let span = root
        .get("openapi")
        .map_or(root.span, |version| version.span);
    root.insert("openapi", Node::string("3.0.3", span));
    dialect(root, "jsonSchemaDialect", context);
    walk::schemas_mut(root, &mut |schema| dialect(schema, "$schema", context));
    if let Some(info) = root.get_mut("info") {
        rename(info, "summary", "x-summary");
        if let Some(license) = info.get_mut("license") {
            rename(license, "identifier", "x-identifier");
        }
    }
    if !root.contains_key("paths") {
        root.insert("paths", Node::object(span));
    }
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| match kind {
        ObjectKind::SecurityScheme => mutual_tls(node),
        ObjectKind::Operation if !node.contains_key("responses") => {
            node.insert("responses", Node::object(node.span));
        }
        _ => {}
    });
}

/// Another dialect may give the same keywords another meaning. The words that contracts use mean the
/// same in all of them but for the numbers beside a boolean bound, which reading has warned of.
fn dialect(node: &mut Node, key: &str, context: &mut Context<'_>) {
    let Some(value) = node.remove(key) else {
        return;
    };
    let known = value
        .as_str()
        .is_some_and(|uri| DIALECTS.iter().any(|known| uri.starts_with(known)));
    if !known {
        let message = format!(
            "`{key}` names a dialect other than JSON Schema 2020-12, as which the words are read"
        );
        context.warn("lower::dialect", message, value.span);
    }
}

/// OpenAPI 3.0 has no mutual TLS; it becomes the closest thing openapiv3 reads, and keeps its type.
fn mutual_tls(scheme: &mut Node) {
    let Some(kind) = scheme
        .get("type")
        .filter(|kind| kind.as_str() == Some("mutualTLS"))
    else {
        return;
    };
    let kind = kind.clone();
    scheme.insert("type", Node::string("http", kind.span));
    scheme.insert("scheme", Node::string("mutual", kind.span));
    scheme.insert(SECURITY_TYPE, kind);
}

fn rename(node: &mut Node, from: &str, to: &str) {
    if let Some(value) = node.remove(from) {
        node.insert(to, value);
    }
}
