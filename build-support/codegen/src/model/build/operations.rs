//! Operations: parameters, bodies, responses.

use super::docs::{flag, of_operation, of_use, text};
use super::naming::{Distinct, field_name, method_name, type_name};
use super::{Builder, Tags};
use crate::lower::extensions::{HEADERS, JSON_TEXT, TRANSPORT};
use crate::lower::{is_stream, rank, walk};
use crate::model::{
    Body, Content, HeaderRule, Headers, Location, Operation, Parameter, Response, Status, Style,
    TransportHeader,
};
use crate::policy::TransportRole;
use contract::diagnostics::Diagnostic;
use contract::{Member, Node, pointer};

/// Names the emitters give to arguments of their own.
const ARGUMENTS: [&str; 3] = ["body", "client", "context"];
/// The name of the argument that an idempotency key becomes.
const IDEMPOTENCY_KEY: &str = "idempotency_key";

impl Builder<'_> {
    pub(super) fn operations(&mut self, tags: &mut Tags<'_>) -> Vec<Operation> {
        let mut methods = Distinct::default();
        let mut types = Distinct::default();
        let mut all = Vec::new();
        walk::operations(self.root, &mut |site| {
            if site.section != "paths" {
                return;
            }
            let mut operation = self.operation(site);
            tags.note(&operation.tag);
            let asked = self.policy.names.operations.get(operation.id.as_str());
            let name = asked.unwrap_or(&operation.id);
            operation.rust_name = methods.claim(&method_name(name));
            operation.type_name = types.claim(&type_name(name));
            all.push(operation);
        });
        all
    }

    /// An operation without its Rust names.
    pub(super) fn operation(&mut self, site: walk::Site<'_>) -> Operation {
        let node = site.node;
        let tags = node.items_of("tags");
        Operation {
            id: text(node, "operationId").unwrap_or_default(),
            rust_name: String::new(),
            type_name: String::new(),
            method: site.method.to_ascii_uppercase(),
            path: site.path.to_owned(),
            tag: tags
                .first()
                .and_then(Node::as_str)
                .unwrap_or_default()
                .to_owned(),
            docs: of_operation(node),
            parameters: self.parameters(node),
            transport: transport(node),
            body: node.get("requestBody").and_then(|body| self.body(body)),
            responses: self.responses(node),
            security: security(self.root, node),
            pointer: format!(
                "/{}/{}/{}",
                site.section,
                pointer::escape(site.path),
                site.method
            ),
        }
    }

    fn parameters(&self, operation: &Node) -> Vec<Parameter> {
        let all = operation.items_of("parameters");
        let mut distinct = Distinct::reserving(&ARGUMENTS);
        let mut headers = transport(operation).into_iter();
        if headers.any(|header| header.role == TransportRole::IdempotencyKey) {
            distinct.claim(IDEMPOTENCY_KEY);
        }
        let all = all.iter().filter_map(|node| {
            let mut parameter = self.parameter(node)?;
            parameter.rust_name = distinct.claim(&field_name(&parameter.wire_name));
            Some(parameter)
        });
        all.collect()
    }

    fn parameter(&self, node: &Node) -> Option<Parameter> {
        let location = match node.get("in")?.as_str()? {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            _ => Location::Cookie,
        };
        let nothing = Node::object(node.span);
        let schema = node.get("schema").unwrap_or(&nothing);
        let repeats = matches!(location, Location::Query | Location::Cookie);
        let mut docs = of_use(self.root, schema);
        let own = of_use(self.root, node);
        docs.description = own.description.or(docs.description);
        docs.deprecated = own.deprecated || docs.deprecated;
        if !own.examples.is_empty() {
            docs.examples = own.examples;
        }
        Some(Parameter {
            rust_name: String::new(),
            wire_name: text(node, "name")?,
            location,
            required: flag(node, "required"),
            ty: self.type_ref(schema),
            style: style(node, location),
            explode: node
                .get("explode")
                .and_then(Node::as_bool)
                .unwrap_or(repeats),
            allow_reserved: location == Location::Query && flag(node, "allowReserved"),
            schema: schema.to_json(),
            docs,
        })
    }

    fn body(&self, node: &Node) -> Option<Body> {
        let (media_type, content) = self.content(node)?;
        Some(Body {
            required: flag(node, "required"),
            deep: deep(node, &media_type),
            media_type,
            content,
            description: text(node, "description"),
        })
    }

    /// The one media type that lowering left.
    fn content(&self, holder: &Node) -> Option<(String, Content)> {
        let all = holder.members_of("content");
        let only = all.iter().min_by_key(|member| rank(&member.key))?;
        Some((only.key.clone(), self.read_as(only)))
    }

    fn read_as(&self, member: &Member) -> Content {
        let ty = || self.element(member.value.get("schema"));
        match rank(&member.key) {
            0 => Content::Json(ty()),
            1 => Content::Form(ty()),
            2 => Content::Text,
            _ if is_stream(&member.key) => Content::Stream,
            _ => Content::Binary,
        }
    }

    fn responses(&mut self, operation: &Node) -> Vec<Response> {
        let all = operation.members_of("responses");
        let mut responses = Vec::new();
        for member in all.iter().filter(|member| !member.key.starts_with("x-")) {
            match status(&member.key) {
                Some(status) => responses.push(Response {
                    status,
                    description: text(&member.value, "description").unwrap_or_default(),
                    content: self.content(&member.value),
                    headers: member.value.get(HEADERS).and_then(|all| self.headers(all)),
                }),
                None => {
                    let message = format!(
                        "`{}` is not a valid status: write `404`, `4XX` or `default`",
                        member.key
                    );
                    self.found
                        .push(Diagnostic::error("model::status", message, member.key_span));
                }
            }
        }
        responses.sort_by_key(|response| response.status);
        responses
    }
}

impl Builder<'_> {
    fn headers(&self, node: &Node) -> Option<Headers> {
        let rules = node.items_of("rules").iter();
        let rules = rules.filter_map(|rule| {
            Some(HeaderRule {
                wire_name: text(rule, "name")?,
                explode: flag(rule, "explode"),
                json: flag(rule, "json"),
            })
        });
        Some(Headers {
            ty: self.type_ref(node.get("schema")?),
            rules: rules.collect(),
        })
    }
}

/// The members of a body that are encoded in the style `deepObject`.
fn deep(body: &Node, media_type: &str) -> Vec<String> {
    let media_type = body.get("content").and_then(|all| all.get(media_type));
    let encodings = media_type.map(|it| it.members_of("encoding"));
    let encodings = encodings.unwrap_or_default().iter();
    let deep = encodings
        .filter(|member| member.value.get("style").and_then(Node::as_str) == Some("deepObject"));
    deep.map(|member| member.key.clone()).collect()
}

fn style(parameter: &Node, location: Location) -> Style {
    if parameter.contains_key(JSON_TEXT) {
        return Style::Json;
    }
    let default = match location {
        Location::Path | Location::Header => Style::Simple,
        Location::Query | Location::Cookie => Style::Form,
    };
    let said = parameter.get("style").and_then(Node::as_str);
    match said.unwrap_or_default() {
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => default,
    }
}

fn status(key: &str) -> Option<Status> {
    if key == "default" {
        return Some(Status::Default);
    }
    if let Some(range) = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx")) {
        return range
            .parse()
            .ok()
            .filter(|range| (1..=5).contains(range))
            .map(Status::Range);
    }
    key.parse()
        .ok()
        .filter(|code| (100..=599).contains(code))
        .map(Status::Code)
}

fn transport(operation: &Node) -> Vec<TransportHeader> {
    let headers = operation.items_of(TRANSPORT);
    let headers = headers.iter().filter_map(|header| {
        let role = match header.get("role")?.as_str()? {
            "signature" => TransportRole::Signature,
            "digest" => TransportRole::Digest,
            _ => TransportRole::IdempotencyKey,
        };
        Some(TransportHeader {
            wire_name: text(header, "name")?,
            role,
            required: flag(header, "required"),
        })
    });
    headers.collect()
}

/// The operation's own security, else the contract's. An empty alternative means that no
/// authentication is one of the choices.
fn security(root: &Node, operation: &Node) -> Vec<Vec<String>> {
    let alternatives = operation.get("security").or_else(|| root.get("security"));
    let alternatives = alternatives.map(Node::items).unwrap_or_default().iter();
    let names = |node: &Node| {
        node.members()
            .iter()
            .map(|member| member.key.clone())
            .collect()
    };
    alternatives.map(names).collect()
}
