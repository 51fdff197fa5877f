//! Operations: parameters, bodies, responses.

use super::docs::{flag, of_operation, of_use, text};
use super::naming::{Distinct, field_name, method_name, type_name};
use super::{Builder, Tags};
use crate::lower::extensions::{HEADERS, JSON_TEXT, MAY_BE_EMPTY, TRANSPORT};
use crate::lower::walk;
use crate::model::{
    HeaderRule, Headers, Location, Operation, Parameter, Response, Status, Style, TransportHeader,
};
use crate::policy::TransportRole;
use contract::diagnostics::Diagnostic;
use contract::{Node, pointer};

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
            may_be_empty: flag(node, MAY_BE_EMPTY),
            schema: schema.to_json(),
            docs,
        })
    }

    fn responses(&mut self, operation: &Node) -> Vec<Response> {
        let all = operation.members_of("responses");
        let mut responses = Vec::new();
        for member in all.iter().filter(|member| !member.key.starts_with("x-")) {
            match status(&member.key) {
                Some(status) => responses.extend(self.of_status(status, &member.value)),
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
    /// A response for each body that may come with a status.
    fn of_status(&self, status: Status, node: &Node) -> Vec<Response> {
        let response = |content, alternative| Response {
            status,
            description: text(node, "description").unwrap_or_default(),
            content,
            headers: node.get(HEADERS).and_then(|all| self.headers(all)),
            alternative,
        };
        let contents = self.response_contents(node);
        if contents.is_empty() {
            return vec![response(None, None)];
        }
        let contents = contents.into_iter();
        let responses =
            contents.map(|(media, content, name)| response(Some((media, content)), name));
        responses.collect()
    }

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
