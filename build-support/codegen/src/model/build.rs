//! Builds the model of a lowered contract: every Rust name chosen, every reference followed.

mod bodies;
mod circles;
mod constraints;
mod directions;
mod docs;
mod fields;
mod kinds;
mod naming;
mod operations;
mod placement;
mod reached;
mod receivers;
mod recursion;
mod refs;
mod travel;
mod unions;

use super::{Api, SecurityScheme, Source, Tag, TypeDef};
use crate::lower::Lowered;
use crate::lower::extensions::SECURITY_TYPE;
use crate::policy::Policy;
use contract::diagnostics::Diagnostics;
use contract::{Document, Node};
use naming::Distinct;
use std::collections::BTreeMap;

/// Builds the model.
///
/// # Errors
/// What has no Rust type although it is valid OpenAPI 3.0, each with its place.
pub fn build(document: &Document, lowered: &Lowered, policy: &Policy) -> Result<Api, Diagnostics> {
    let root = &lowered.node;
    let mut builder = Builder {
        root,
        policy,
        type_names: type_names(root, policy),
        found: Diagnostics::new(lowered.warnings.sources.clone()),
    };
    let mut tags = Tags::new(root);
    let operations = builder.operations(&mut tags);
    let receivers = builder.receivers(&mut tags, &operations);
    let mut types = builder.types();
    recursion::resolve(&mut types);
    directions::settle(&mut types, &operations, &receivers);
    placement::place(&mut types, &operations, &receivers, &tags.all, policy);
    let constraints = builder.constraints(document, lowered, &operations, &types);
    builder.found.into_result()?;
    let text = |pointer: &str| {
        root.pointer(pointer)
            .and_then(Node::as_str)
            .map(str::to_owned)
    };
    Ok(Api {
        title: text("/info/title").unwrap_or_default(),
        version: text("/info/version").unwrap_or_default(),
        description: text("/info/description"),
        source: Source {
            path: document.path.clone(),
            sha256: document.sha256.clone(),
        },
        servers: servers(root),
        tags: tags.all,
        types,
        operations,
        receivers,
        security_schemes: security_schemes(root),
        constraints,
    })
}

/// What every part of the building looks things up in.
struct Builder<'a> {
    root: &'a Node,
    policy: &'a Policy,
    /// Schema name → Rust name.
    type_names: BTreeMap<String, String>,
    found: Diagnostics,
}

impl Builder<'_> {
    fn types(&mut self) -> Vec<TypeDef> {
        let schemas = schemas(self.root);
        let defs = schemas.iter().map(|(name, schema)| TypeDef {
            rust_name: self.type_name(name),
            schema_name: (*name).to_owned(),
            module: placement::COMMON.to_owned(),
            docs: docs::of_schema(schema),
            kind: self.kind(name, schema),
        });
        defs.collect()
    }

    fn type_name(&self, schema: &str) -> String {
        self.type_names
            .get(schema)
            .cloned()
            .unwrap_or_else(|| naming::type_name(schema))
    }
}

/// The component schemas, in document order.
fn schemas(root: &Node) -> Vec<(&str, &Node)> {
    let all = root.components("schemas");
    all.iter()
        .map(|member| (member.key.as_str(), &member.value))
        .collect()
}

fn type_names(root: &Node, policy: &Policy) -> BTreeMap<String, String> {
    let mut distinct = Distinct::default();
    let asked = |name: &str| policy.names.types.get(name);
    for (name, _) in schemas(root) {
        asked(name)
            .into_iter()
            .for_each(|asked| drop(distinct.claim(asked)));
    }
    let chosen = schemas(root).into_iter().map(|(name, _)| {
        let chosen = asked(name).cloned();
        let chosen = chosen.unwrap_or_else(|| distinct.claim(&naming::type_name(name)));
        (name.to_owned(), chosen)
    });
    chosen.collect()
}

fn servers(root: &Node) -> Vec<String> {
    let servers = root.items_of("servers");
    let urls = servers
        .iter()
        .filter_map(|server| server.get("url")?.as_str());
    urls.map(str::to_owned).collect()
}

fn security_schemes(root: &Node) -> Vec<SecurityScheme> {
    let schemes = root.components("securitySchemes").iter();
    let schemes = schemes.map(|member| {
        let text = |key| {
            member
                .value
                .get(key)
                .and_then(Node::as_str)
                .map(str::to_owned)
        };
        let foreign = text(SECURITY_TYPE);
        SecurityScheme {
            name: member.key.clone(),
            rust_name: naming::field_name(&member.key),
            scheme: text("scheme").filter(|_| foreign.is_none()),
            location: text("in"),
            parameter: text("name"),
            kind: foreign.or_else(|| text("type")).unwrap_or_default(),
        }
    });
    schemes.collect()
}

/// Tags as operations name them.
struct Tags<'a> {
    root: &'a Node,
    all: Vec<Tag>,
    modules: Distinct,
    types: Distinct,
}

impl<'a> Tags<'a> {
    fn new(root: &'a Node) -> Self {
        Self {
            root,
            all: Vec::new(),
            modules: Distinct::reserving(&placement::RESERVED),
            types: Distinct::default(),
        }
    }

    /// Remembers a tag that an operation has.
    fn note(&mut self, name: &str) {
        if self.all.iter().any(|tag| tag.name == name) {
            return;
        }
        let declared = self.root.items_of("tags");
        let described = declared
            .iter()
            .find(|tag| tag.get("name").and_then(Node::as_str) == Some(name));
        let description = described.and_then(|tag| tag.get("description")?.as_str());
        self.all.push(Tag {
            name: name.to_owned(),
            module: self.modules.claim(&naming::module_name(name)),
            type_name: self.types.claim(&naming::tag_name(name)),
            description: description.map(str::to_owned),
        });
    }
}
