//! Security schemes and the requirements that name them.

use super::context::Context;
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::nearest::suggestion;
use crate::node::{Member, Node};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let schemes = context.root.components("securitySchemes");
    for place in context.walk.of(Kind::SecurityRequirement) {
        let unknown = |name: &&Member| !schemes.iter().any(|scheme| scheme.key == name.key);
        let names = place.node.members().iter().filter(unknown);
        found.extend(names.map(|name| unknown_scheme(name, schemes)));
    }
    for place in context.walk.of(Kind::SecurityScheme) {
        missing_fields(place.node, found);
    }
}

fn unknown_scheme(name: &Member, schemes: &[Member]) -> Diagnostic {
    let message = format!("there is no security scheme `{}`", name.key);
    let known = schemes.iter().map(|scheme| scheme.key.as_str());
    let otherwise = || "define it under `components.securitySchemes`".to_owned();
    let help = suggestion(&name.key, known).unwrap_or_else(otherwise);
    Diagnostic::warning("read::unknown-scheme", message, name.key_span)
        .with_label("not looked at")
        .with_help(help)
}

/// Which fields a scheme must have depends on its type.
fn missing_fields(scheme: &Node, found: &mut Vec<Diagnostic>) {
    let Some(kind) = scheme.get("type") else {
        return;
    };
    let fields: &[&str] = match kind.as_str() {
        Some("apiKey") => &["name", "in"],
        Some("http") => &["scheme"],
        Some("oauth2") => &["flows"],
        Some("openIdConnect") => &["openIdConnectUrl"],
        _ => &[],
    };
    for field in fields.iter().filter(|field| !scheme.contains_key(field)) {
        let message = format!("a security scheme of this type must have `{field}`");
        found.push(
            Diagnostic::warning("read::missing-field", message, kind.span)
                .with_help(format!("add `{field}: …`")),
        );
    }
}
