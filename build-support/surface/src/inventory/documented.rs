//! What the contract asks for, read from the document alone.

use super::fact::{Aspect, Fact, Facts, Found, place, plain, template};
use crate::generated_crate::GeneratedCrate;
use codegen::policy::Policy;
use contract::pointer::component_of;
use contract::vocabulary::METHODS;
use contract::{Document, Member, Node, pointer};
use heck::ToUpperCamelCase as _;

/// How deep references and compositions are followed.
const DEEPEST: usize = 64;

/// Every fact of a contract.
pub(super) fn facts(document: &Document, policy: &Policy) -> Facts {
    let mut reading = Reading {
        document,
        policy,
        facts: Facts::new(),
    };
    reading.schemas();
    reading.paths();
    reading.webhooks();
    reading.facts
}

struct Reading<'a> {
    document: &'a Document,
    policy: &'a Policy,
    facts: Facts,
}

/// An operation that is being read.
struct Call<'a, 'b> {
    node: &'a Node,
    pointer: &'b str,
    /// What facts of it are filed under, and how a person calls it.
    subject: &'b str,
}

impl<'a> Reading<'a> {
    fn note(
        &mut self,
        krate: GeneratedCrate,
        fact: (Aspect, &str, &str),
        shown: &str,
        at: (&Node, &str),
    ) {
        let (node, pointer) = at;
        let place = place(&self.document.sources, pointer, node.span);
        let fact = Fact::new(krate, fact.0, fact.1, fact.2);
        let shown = shown.to_owned();
        self.facts.entry(fact).or_insert(Found { shown, place });
    }

    /// Follows `$ref`s.
    fn resolve(&self, mut node: &'a Node) -> &'a Node {
        for _ in 0..DEEPEST {
            let target = node.get("$ref").and_then(Node::as_str);
            let target = target.and_then(|it| it.strip_prefix('#'));
            match target.and_then(|pointer| self.document.root.pointer(pointer)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    fn schemas(&mut self) {
        for schema in self.document.root.components("schemas") {
            let pointer = format!("/components/schemas/{}", pointer::escape(&schema.key));
            self.schema(
                &self.type_name(&schema.key),
                &schema.key,
                &schema.value,
                &pointer,
            );
        }
    }

    /// The Rust name that the policy gives a schema, else its own.
    fn type_name(&self, schema: &str) -> String {
        let given = self.policy.names.types.get(schema);
        given.cloned().unwrap_or_else(|| schema.to_owned())
    }

    /// A schema that has a type.
    fn schema(&mut self, name: &str, own: &str, node: &'a Node, pointer: &str) {
        if self.policy.rust_path(own).is_some() {
            return;
        }
        self.note(
            GeneratedCrate::Types,
            (Aspect::Type, name, ""),
            name,
            (node, pointer),
        );
        if name_of_reference(node).is_some() {
            return;
        }
        for value in node.items_of("enum") {
            if let Some(text) = value.as_str() {
                self.value(name, text, value, pointer);
            }
        }
        for key in ["oneOf", "anyOf"] {
            let members = node.items_of(key);
            let named = members
                .iter()
                .filter_map(|it| Some((it, name_of_reference(it)?)));
            let named: Vec<_> = named.collect();
            if named.len() > 1 {
                for (member, target) in named {
                    let (target, shown) = (self.type_name(target), format!("{name}: {target}"));
                    let fact = (Aspect::Member, name, &*plain(&target));
                    self.note(GeneratedCrate::Types, fact, &shown, (member, pointer));
                }
            }
        }
        for (property, parent) in self.properties(node, 0) {
            let wire = &property.key;
            let shown = format!("{name}.{wire}");
            let inner = format!("{parent}/properties/{}", pointer::escape(wire));
            let inner = format!("{pointer}{inner}");
            self.note(
                GeneratedCrate::Types,
                (Aspect::Field, name, wire),
                &shown,
                (&property.value, &inner),
            );
        }
        self.inner(name, node, pointer);
    }

    fn value(&mut self, name: &str, text: &str, node: &Node, pointer: &str) {
        let shown = format!("{name}: {text}");
        let variant = plain(text);
        let written = format!("{variant} {text}");
        let krate = GeneratedCrate::Types;
        self.note(
            krate,
            (Aspect::Value, name, &variant),
            &shown,
            (node, pointer),
        );
        self.note(
            krate,
            (Aspect::ValueRead, name, &variant),
            &shown,
            (node, pointer),
        );
        self.note(
            krate,
            (Aspect::ValueWritten, name, &written),
            &shown,
            (node, pointer),
        );
    }

    /// The properties of a schema and of all it is composed of, each with where below the schema
    /// it stands, if that is inside of it.
    fn properties(&self, node: &'a Node, depth: usize) -> Vec<(&'a Member, String)> {
        let own = node.members_of("properties");
        let mut all: Vec<_> = own.iter().map(|member| (member, String::new())).collect();
        let parts = node.items_of("allOf");
        for part in parts.iter().filter(|_| depth < DEEPEST) {
            all.extend(self.properties(self.resolve(part), depth + 1));
        }
        all
    }

    /// Types for what is inline in a schema.
    fn inner(&mut self, name: &str, node: &'a Node, pointer: &str) {
        for property in node.members_of("properties") {
            let wanted = format!("{name}{}", property.key.to_upper_camel_case());
            let inner = format!("{pointer}/properties/{}", pointer::escape(&property.key));
            self.inline(&wanted, &property.value, &inner);
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = node.get(key) {
                self.inline(
                    &format!("{name}{suffix}"),
                    inner,
                    &format!("{pointer}/{key}"),
                );
            }
        }
        let parts = node.items_of("allOf");
        for (index, part) in parts.iter().enumerate() {
            self.inner(name, part, &format!("{pointer}/allOf/{index}"));
        }
    }

    /// A schema that stands where it is used; it has a type if it is worth one.
    fn inline(&mut self, wanted: &str, node: &'a Node, pointer: &str) {
        if name_of_reference(node).is_some() {
            return;
        }
        let texts = node.items_of("enum");
        let worth = texts.iter().any(|value| value.as_str().is_some())
            || !self.properties(node, 0).is_empty()
            || ["oneOf", "anyOf"]
                .iter()
                .any(|key| node.get(key).is_some_and(|it| it.items().len() > 1));
        match worth {
            true => self.schema(&self.type_name(wanted), wanted, node, pointer),
            false => self.inner(wanted, node, pointer),
        }
    }

    fn paths(&mut self) {
        let paths = self.document.root.members_of("paths");
        for path in paths {
            let item = self.resolve(&path.value);
            for method in METHODS {
                let Some(node) = item.get(method) else {
                    continue;
                };
                let pointer = format!("/paths/{}/{method}", pointer::escape(&path.key));
                self.operation(&path.key, method, item, node, &pointer);
            }
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &'a Node,
        node: &'a Node,
        pointer: &str,
    ) {
        let id = node.get("operationId").and_then(Node::as_str);
        let id = id.map_or_else(|| format!("{method}{path}"), str::to_owned);
        let given = self.policy.names.operations.get(id.as_str()).cloned();
        let method = method.to_uppercase();
        let (listed, sent) = (
            format!("{method} {path}"),
            format!("{method} {}", template(path)),
        );
        let shown = format!("{id}: {listed}");
        let at = (node, pointer);
        for krate in [GeneratedCrate::Client, GeneratedCrate::Server] {
            self.note(krate, (Aspect::Operation, &id, &listed), &shown, at);
            self.note(
                krate,
                (Aspect::Method, given.as_ref().unwrap_or(&id), ""),
                &shown,
                at,
            );
        }
        self.note(
            GeneratedCrate::Client,
            (Aspect::Request, &id, &sent),
            &shown,
            at,
        );
        self.note(GeneratedCrate::Server, (Aspect::Route, &id, ""), &shown, at);
        let call = Call {
            node,
            pointer,
            subject: &id,
        };
        self.parameters(&call, item);
        self.statuses(&call);
        self.bodies(&call);
        self.callbacks(node, pointer);
    }

    fn parameters(&mut self, call: &Call<'a, '_>, item: &'a Node) {
        let own = call.node.items_of("parameters");
        let shared = item.items_of("parameters");
        for parameter in own.iter().chain(shared) {
            let node = self.resolve(parameter);
            let text = |key| node.get(key).and_then(Node::as_str).unwrap_or_default();
            let (location, name) = (text("in"), text("name"));
            let role = self
                .policy
                .transport_role(name)
                .filter(|_| location == "header");
            let wire = if location == "header" {
                name.to_lowercase()
            } else {
                name.to_owned()
            };
            let detail = format!("{location} {wire}");
            let shown = format!("{}: {location} {name}", call.subject);
            let at = (parameter, call.pointer);
            let mut note = |krate, aspect| {
                self.note(krate, (aspect, call.subject, &detail), &shown, at);
            };
            note(GeneratedCrate::Server, Aspect::Parameter);
            // The session adds every transport header, the idempotency key too, by the table of
            // operations, and the layers read them. The path says the rest.
            match role {
                None if location == "path" => note(GeneratedCrate::Server, Aspect::ParameterUsed),
                None => {
                    note(GeneratedCrate::Server, Aspect::ParameterUsed);
                    note(GeneratedCrate::Client, Aspect::ParameterUsed);
                }
                Some(_) => note(GeneratedCrate::Client, Aspect::Parameter),
            }
            if let Some(schema) = node.get("schema") {
                let wanted = format!(
                    "{}{}",
                    call.subject.to_upper_camel_case(),
                    name.to_upper_camel_case()
                );
                self.inline(&wanted, schema, call.pointer);
            }
        }
    }

    fn statuses(&mut self, call: &Call<'a, '_>) {
        let responses = call.node.members_of("responses");
        for response in responses.iter().filter(|it| !it.key.starts_with("x-")) {
            let status = response.key.as_str();
            let shown = format!("{}: {status}", call.subject);
            let at = (&response.value, call.pointer);
            self.note(
                GeneratedCrate::Server,
                (Aspect::Status, call.subject, status),
                &shown,
                at,
            );
            // Only exact statuses are in the client's table, and one for each in handlers.
            if status.parse::<u16>().is_err() {
                continue;
            }
            self.note(
                GeneratedCrate::Client,
                (Aspect::Status, call.subject, status),
                &shown,
                at,
            );
            let sent = (Aspect::StatusSent, call.subject, status);
            self.note(GeneratedCrate::Server, sent, &shown, at);
            if status.starts_with('2') {
                self.note(GeneratedCrate::Client, sent, &shown, at);
            }
        }
    }

    /// Types for inline bodies.
    fn bodies(&mut self, call: &Call<'a, '_>) {
        let name = call.subject.to_upper_camel_case();
        if let Some(body) = call.node.get("requestBody") {
            self.body(
                &format!("{name}Request"),
                body,
                &format!("{}/requestBody", call.pointer),
            );
        }
        let responses = call.node.members_of("responses");
        let bodied = |it: &&Member| {
            it.key.starts_with('2') && self.resolve(&it.value).get("content").is_some()
        };
        let several = responses.iter().filter(bodied).count() > 1;
        for response in responses {
            let plain = response.key.starts_with('2') && !several;
            let status = if plain {
                String::new()
            } else {
                response.key.to_upper_camel_case()
            };
            let pointer = format!("{}/responses/{}", call.pointer, response.key);
            self.body(
                &format!("{name}Response{status}"),
                &response.value,
                &pointer,
            );
        }
    }

    fn body(&mut self, wanted: &str, holder: &'a Node, pointer: &str) {
        let content = self.resolve(holder).get("content");
        let first = content.and_then(|content| content.members().first());
        if let Some(media_type) = first
            && let Some(schema) = media_type.value.get("schema")
        {
            let inner = pointer::escape(&media_type.key);
            self.inline(wanted, schema, &format!("{pointer}/content/{inner}/schema"));
        }
    }

    fn callbacks(&mut self, operation: &'a Node, pointer: &str) {
        for callback in operation.members_of("callbacks") {
            let named = format!("{pointer}/callbacks/{}", pointer::escape(&callback.key));
            for expression in self.resolve(&callback.value).members() {
                let inner = format!("{named}/{}", pointer::escape(&expression.key));
                self.receiver(&callback.key, &expression.value, &inner);
            }
        }
    }

    fn webhooks(&mut self) {
        let webhooks = self.document.root.members_of("webhooks");
        for webhook in webhooks {
            let pointer = format!("/webhooks/{}", pointer::escape(&webhook.key));
            self.receiver(&webhook.key, &webhook.value, &pointer);
        }
    }

    /// What the contract's server sends: it is known by what it carries.
    fn receiver(&mut self, name: &str, item: &'a Node, pointer: &str) {
        let item = self.resolve(item);
        for method in METHODS {
            let Some(node) = item.get(method) else {
                continue;
            };
            let body = node.get("requestBody").map(|body| self.resolve(body));
            let body = body.and_then(|body| body.get("content")?.members().first());
            let carried = body.and_then(|it| name_of_reference(it.value.get("schema")?));
            let subject = self.type_name(carried.unwrap_or(name));
            let pointer = format!("{pointer}/{method}");
            let method = method.to_uppercase();
            let shown = format!("{method} {subject}");
            let at = (node, pointer.as_str());
            self.note(
                GeneratedCrate::Server,
                (Aspect::Receiver, &subject, &method),
                &shown,
                at,
            );
            for response in node.members_of("responses") {
                let shown = format!("{subject}: {}", response.key);
                let fact = (Aspect::Status, subject.as_str(), response.key.as_str());
                self.note(
                    GeneratedCrate::Server,
                    fact,
                    &shown,
                    (&response.value, &pointer),
                );
            }
        }
    }
}

/// The component schema that a node refers to, by `$ref` alone or as the only part of `allOf`.
fn name_of_reference(node: &Node) -> Option<&str> {
    let target = node
        .get("$ref")
        .or_else(|| match node.get("allOf")?.items() {
            [only] if !node.contains_key("properties") => only.get("$ref"),
            _ => None,
        });
    component_of(target?.as_str()?)
}
