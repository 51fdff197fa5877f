//! Taking a contract apart into operations.

use super::{Contract, DocumentedResponse, Media, Operation, Parameter, component};
use crate::base::Base;
use contract::vocabulary::METHODS;
use contract::{Node, pointer};

impl Contract {
    pub(super) fn read_servers(&self) -> Vec<Base> {
        let servers = self.document.root.get("servers");
        let urls = servers.iter().flat_map(|servers| servers.items());
        let urls = urls.filter_map(|server| server.get("url")?.as_str());
        let mut bases: Vec<Base> = urls.map(|url| Base::of(url).anywhere()).collect();
        bases.push(Base::of(""));
        bases.dedup();
        bases
    }

    pub(super) fn read_operations(&self) -> Vec<Operation> {
        let paths = self.document.root.get("paths");
        let items = paths.iter().flat_map(|paths| paths.members());
        items
            .filter(|item| item.key.starts_with('/'))
            .flat_map(|item| self.read_path(&item.key))
            .collect()
    }

    fn read_path(&self, path: &str) -> Vec<Operation> {
        let pointer = format!("/paths/{}", pointer::escape(path));
        let Some((pointer, item)) = self.resolve(&pointer) else {
            return Vec::new();
        };
        let methods = METHODS.iter().filter(|method| item.contains_key(method));
        methods
            .map(|method| self.read_operation(path, method, &pointer))
            .collect()
    }

    fn read_operation(&self, path: &str, method: &str, item: &str) -> Operation {
        let pointer = format!("{item}/{method}");
        let node = self.document.root.pointer(&pointer);
        let id = node.and_then(|node| node.get("operationId")?.as_str());
        let upper = method.to_ascii_uppercase();
        let body = self.resolve(&format!("{pointer}/requestBody"));
        Operation {
            id: id.map_or_else(|| format!("{upper} {path}"), str::to_owned),
            method: upper,
            path: path.to_owned(),
            parameters: self.read_parameters(item, &pointer),
            request: body.map(|(at, _)| self.media(&at)).unwrap_or_default(),
            responses: self.read_responses(&pointer),
            needs_token: node.is_some_and(|node| self.needs_token(node)),
            pointer,
        }
    }

    /// The parameters of an operation; its own replace those of the path item.
    fn read_parameters(&self, item: &str, operation: &str) -> Vec<Parameter> {
        let mut found: Vec<Parameter> = Vec::new();
        for owner in [operation, item] {
            let list = format!("{owner}/parameters");
            let count = self.document.root.pointer(&list);
            let count = count.map_or(0, |node| node.items().len());
            let parameters = (0..count).map(|index| self.parameter(&format!("{list}/{index}")));
            for parameter in parameters.flatten() {
                let known = |other: &Parameter| {
                    (&other.location, &other.name) == (&parameter.location, &parameter.name)
                };
                if !found.iter().any(known) {
                    found.push(parameter);
                }
            }
        }
        found
    }

    fn parameter(&self, pointer: &str) -> Option<Parameter> {
        let (pointer, node) = self.resolve(pointer)?;
        let schema = node.get("schema");
        Some(Parameter {
            location: node.get("in")?.as_str()?.to_owned(),
            name: node.get("name")?.as_str()?.to_owned(),
            required: node.get("required").and_then(Node::as_bool) == Some(true),
            schema: schema.map(|_| format!("{pointer}/schema")),
            component: schema.and_then(component).map(str::to_owned),
            pointer,
        })
    }

    fn read_responses(&self, operation: &str) -> Vec<DocumentedResponse> {
        let list = format!("{operation}/responses");
        let members = self.document.root.pointer(&list);
        let keys = members.iter().flat_map(|node| node.members());
        let keys = keys.filter(|member| !member.key.starts_with("x-"));
        keys.filter_map(|member| {
            let (pointer, node) = self.resolve(&format!("{list}/{}", member.key))?;
            Some(DocumentedResponse {
                key: member.key.clone(),
                content: self.media(&pointer),
                required_headers: self.required_headers(&pointer, node),
                header_schemas: self.header_schemas(&pointer, node),
                pointer,
            })
        })
        .collect()
    }

    fn required_headers(&self, response: &str, node: &Node) -> Vec<String> {
        let headers = node.members_of("headers");
        let required = headers.iter().filter(|header| {
            let at = format!("{response}/headers/{}", pointer::escape(&header.key));
            let resolved = self.resolve(&at);
            let flag = resolved.and_then(|(_, node)| node.get("required")?.as_bool());
            flag == Some(true) && !header.key.eq_ignore_ascii_case("content-type")
        });
        required.map(|header| header.key.clone()).collect()
    }

    fn header_schemas(&self, response: &str, node: &Node) -> Vec<(String, String)> {
        let headers = node.members_of("headers").iter();
        let schemas = headers.filter_map(|header| {
            let at = format!("{response}/headers/{}", pointer::escape(&header.key));
            let (at, node) = self.resolve(&at)?;
            let is_named = !header.key.eq_ignore_ascii_case("content-type");
            let schema = node.contains_key("schema") && is_named;
            schema.then(|| (header.key.clone(), format!("{at}/schema")))
        });
        schemas.collect()
    }

    fn media(&self, owner: &str) -> Vec<Media> {
        let content = self.document.root.pointer(&format!("{owner}/content"));
        let content = content.iter().flat_map(|node| node.members());
        content
            .map(|media| {
                let at = format!("{owner}/content/{}/schema", pointer::escape(&media.key));
                Media {
                    content_type: media.key.clone(),
                    schema: media.value.contains_key("schema").then_some(at),
                }
            })
            .collect()
    }

    fn needs_token(&self, operation: &Node) -> bool {
        let own = operation.get("security");
        let security = own.or_else(|| self.document.root.get("security"));
        let alternatives = security.map(Node::items).unwrap_or_default();
        let asks = |alternative: &Node| !alternative.members().is_empty();
        !alternatives.is_empty() && alternatives.iter().all(asks)
    }
}
