//! What the contract says of values that no type holds them to, read from the document as it was
//! written: lowering takes some of it out.

use super::travel::in_requests;
use super::{Builder, reached};
use crate::lower::extensions::{CHECKED, CLOSED};
use crate::lower::vocabulary::{NARROWING, says_nothing};
use crate::lower::{Lowered, walk};
use crate::model::{Checked, Constraint, Operation, Owner, TypeDef};
use crate::policy::{DateForm, DateTimeForm, Formats, UriForm, UuidForm};
use contract::{Document, Node, Span, pointer};
use std::collections::BTreeSet;

/// Keywords that the schemas of a generated server hold requests to.
const BY_SERVER: [&str; 13] = [
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Whether lowering takes a keyword out, so that nothing looks at it.
fn is_taken_out(keyword: &str) -> bool {
    let own_pass = ["patternProperties", "prefixItems"].contains(&keyword);
    own_pass || NARROWING.iter().any(|(name, _)| *name == keyword)
}

/// Formats that say nothing beside the type that they become.
const OF_TYPES: [&str; 14] = [
    "password", "binary", "decimal", "byte", "base64", "int8", "int16", "int32", "int64", "uint8",
    "uint16", "uint32", "uint64", "float",
];

/// Formats that a generated server checks: those of JSON Schema 2020-12 but the international ones of
/// addresses, whose tables are not built in, and OpenAPI's `url`.
const CHECKED_FORMATS: [&str; 18] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
    "uuid",
];

impl Builder<'_> {
    /// Everything of that kind, by component and operation.
    pub(super) fn constraints(
        &self,
        document: &Document,
        lowered: &Lowered,
        operations: &[Operation],
        types: &[TypeDef],
    ) -> Vec<Constraint> {
        let findings = lowered.warnings.items.iter();
        let of_code = |code: &'static str| -> BTreeSet<Span> {
            let found = findings.clone().filter(|finding| finding.code == code);
            found.filter_map(|finding| finding.span).collect()
        };
        let mut search = Search {
            document,
            formats: self.policy.formats,
            no_patterns: of_code("lower::pattern"),
            not_enforced: of_code("lower::not-enforced"),
            names_alone: of_code("lower::pattern-values"),
            kept: kept_for_servers(&lowered.node),
            in_request: true,
            found: Vec::new(),
        };
        let requests = in_requests(types, operations, &[]);
        // Names that no type has are found in the document alone: those of texts and numbers.
        let referred = reached::by_requests(&document.root);
        for member in document.root.components("schemas") {
            let name = self.type_name(&member.key);
            search.in_request = requests.contains(&name) || referred.contains(&member.key);
            search.schema(&member.value, &Owner::Type(name), "");
        }
        walk::operations(&document.root, &mut |site| {
            let method = site.method.to_ascii_uppercase();
            let mut known = operations.iter();
            let operation = known.find(|it| it.path == site.path && it.method == method);
            if let Some(operation) = operation.filter(|_| site.section == "paths") {
                let owner = Owner::Operation(operation.id.clone());
                search.operation(site.path, site.node, &owner);
            }
        });
        search.found
    }
}

struct Search<'a> {
    document: &'a Document,
    formats: Formats,
    /// Where patterns stand that are not regular expressions.
    no_patterns: BTreeSet<Span>,
    /// Where something stands that lowering takes out.
    not_enforced: BTreeSet<Span>,
    /// Where patterns of names stand of which the values are not enforced.
    names_alone: BTreeSet<Span>,
    /// Where something stands that lowering takes out and servers check.
    kept: BTreeSet<Span>,
    /// Whether what is looked at travels in requests, which are all that a server checks.
    in_request: bool,
    found: Vec<Constraint>,
}

impl<'a> Search<'a> {
    fn operation(&mut self, path: &str, operation: &'a Node, owner: &Owner) {
        self.in_request = true;
        let document = self.document;
        let paths = document.root.get("paths");
        let shared = paths.and_then(|paths| paths.get(path));
        let shared = shared.map(|item| item.items_of("parameters"));
        let own = operation.items_of("parameters");
        for parameter in shared.into_iter().flatten().chain(own) {
            let parameter = self.target(parameter);
            let text = |key| parameter.get(key).and_then(Node::as_str);
            if let (Some(name), Some(schema)) = (text("name"), parameter.get("schema")) {
                let place = text("in").unwrap_or_default();
                self.schema(schema, owner, &format!("{place} {name}"));
            }
        }
        if let Some(body) = operation.get("requestBody") {
            self.content(self.target(body), owner, "body");
        }
        self.in_request = false;
        for response in operation.members_of("responses") {
            self.content(self.target(&response.value), owner, &response.key);
        }
    }

    /// What a reference to a shared parameter, body or response leads to; else the node itself.
    fn target(&self, node: &'a Node) -> &'a Node {
        let reference = node.get("$ref").and_then(Node::as_str);
        let at = reference.and_then(pointer::of_reference);
        let found = at.and_then(|at| self.document.root.pointer(&at));
        found.unwrap_or(node)
    }

    fn content(&mut self, holder: &Node, owner: &Owner, at: &str) {
        for media_type in holder.members_of("content") {
            if let Some(schema) = media_type.value.get("schema") {
                self.schema(schema, owner, at);
            }
        }
    }

    /// A schema and those written inside it; what is referred to has a name of its own.
    fn schema(&mut self, schema: &Node, owner: &Owner, at: &str) {
        if schema.contains_key("$ref") && schema.members().len() == 1 {
            return;
        }
        if schema.as_bool() == Some(false) && self.not_enforced.contains(&schema.span) {
            self.add(owner, at, "false".to_owned(), self.if_kept(schema));
        }
        self.keywords(schema, owner, at);
        let below = |name: &str| match at {
            "" => name.to_owned(),
            at => format!("{at}.{name}"),
        };
        for property in schema.members_of("properties") {
            self.schema(&property.value, owner, &below(&property.key));
        }
        if let Some(items) = schema.get("items") {
            self.schema(items, owner, &format!("{at}[]"));
        }
        if let Some(values) = schema.get("additionalProperties") {
            self.schema(values, owner, &below("*"));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            for member in schema.items_of(key) {
                self.schema(member, owner, at);
            }
        }
    }

    fn keywords(&mut self, schema: &Node, owner: &Owner, at: &str) {
        for member in schema.members() {
            let key = member.key.as_str();
            let checked = match key {
                "format" if self.is_held(&member.value) => continue,
                "uniqueItems" if member.value.as_bool() == Some(false) => continue,
                "format" if !is_checked(&member.value) => Checked::Unchecked,
                "pattern" if self.no_patterns.contains(&member.value.span) => Checked::Unchecked,
                "format" if self.in_request => Checked::ByServer,
                "format" => Checked::Unchecked,
                key if BY_SERVER.contains(&key) && !self.in_request => Checked::Unchecked,
                key if BY_SERVER.contains(&key) => Checked::ByServer,
                "patternProperties" | "additionalProperties"
                    if schema.contains_key("patternProperties") =>
                {
                    self.of_patterns(schema, key)
                }
                key if says_nothing(key, &member.value) => continue,
                // The type has the places where they are all the same.
                "prefixItems" if !self.not_enforced.contains(&member.value.span) => continue,
                key if is_taken_out(key) => self.if_kept(&member.value),
                "anyOf" | "oneOf" if self.is_taken_out_choice(&member.value) => {
                    self.if_kept(&member.value)
                }
                "enum" | "const" if !lists_other_than_texts(&member.value) => continue,
                "enum" | "const" if self.in_request => Checked::ByServer,
                "enum" | "const" => Checked::Unchecked,
                _ => continue,
            };
            self.add(owner, at, says(key, &member.value), checked);
        }
    }

    /// Names beside `additionalProperties: false` are checked. Of the values, those of one schema are.
    fn of_patterns(&self, schema: &Node, key: &str) -> Checked {
        let closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        let warned = schema.get("patternProperties").map(|all| all.span);
        let is_in = |spans: &BTreeSet<Span>| warned.is_some_and(|span| spans.contains(&span));
        if key == "patternProperties" && is_in(&self.kept) {
            return match self.in_request {
                true => Checked::ByServer,
                false => Checked::Unchecked,
            };
        }
        let values = key == "patternProperties" && is_in(&self.names_alone);
        match closed && self.in_request && !is_in(&self.not_enforced) && !values {
            true => Checked::ByServer,
            false => Checked::Unchecked,
        }
    }

    fn add(&mut self, owner: &Owner, at: &str, says: String, checked: Checked) {
        self.found.push(Constraint {
            owner: owner.clone(),
            at: at.to_owned(),
            says,
            checked,
        });
    }

    /// Who checks what lowering takes out.
    fn if_kept(&self, said: &Node) -> Checked {
        match self.in_request && self.kept.contains(&said.span) {
            true => Checked::ByServer,
            false => Checked::Unchecked,
        }
    }

    fn is_taken_out_choice(&self, alternatives: &Node) -> bool {
        let first = alternatives.items().first();
        first.is_some_and(|first| self.not_enforced.contains(&first.span))
    }

    /// Whether a format is what its type holds.
    fn is_held(&self, format: &Node) -> bool {
        match format.as_str().unwrap_or_default() {
            "uuid" => self.formats.uuid != UuidForm::Text,
            "date-time" => self.formats.date_time != DateTimeForm::Text,
            "date" => self.formats.date != DateForm::Text,
            "uri" | "url" => self.formats.uri != UriForm::Text,
            "double" => true,
            format => OF_TYPES.contains(&format),
        }
    }
}

/// The places of what the lowered contract keeps for servers.
fn kept_for_servers(root: &Node) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    walk::schemas(root, &mut |schema| {
        found.extend(schema.get(CLOSED).map(|said| said.span));
        for member in schema.items_of(CHECKED).iter().flat_map(Node::members) {
            found.insert(member.value.span);
            let inner = member.value.members().iter();
            found.extend(
                inner
                    .filter(|_| member.key == "properties")
                    .map(|one| one.value.span),
            );
        }
    });
    found
}

/// Whether a list, or a constant, has a value that no enum of texts holds.
fn lists_other_than_texts(listed: &Node) -> bool {
    let values = listed.as_array().unwrap_or(std::slice::from_ref(listed));
    values
        .iter()
        .any(|value| value.as_str().is_none() && !value.is_null())
}

fn is_checked(format: &Node) -> bool {
    let format = format.as_str().unwrap_or_default();
    CHECKED_FORMATS.contains(&format)
}

/// The keyword with its value, where that is short enough to be read.
fn says(key: &str, value: &Node) -> String {
    const LONG: usize = 80;
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_json().to_string(),
    };
    match text.chars().count() <= LONG && !text.contains(['\n', '\r']) {
        true => format!("{key}: {text}"),
        false => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECKED_FORMATS;
    use contract::schema::validator;
    use serde_json::json;

    /// That a format is checked is shown by a text it rejects.
    #[test]
    fn formats_are_checked_where_the_page_says_so() {
        const TEXTS: [&str; 3] = ["a b\n", "(", "{"];
        let rejects = |format: &str| {
            let validator = validator(&json!({"format": format})).unwrap();
            TEXTS.iter().any(|text| !validator.is_valid(&json!(text)))
        };
        for format in CHECKED_FORMATS {
            assert!(
                rejects(format),
                "{format} takes any text: take it out of the table"
            );
        }
        assert!(!rejects("phone"));
    }
}
