//! The contract in the form for the checker: operations by method and path, with every reference resolved.

mod parts;

use super::base::Base;
use super::schema::Schemas;
use contract::schema::Direction;
use contract::{Document, Node, PathTemplate, Place, Places, pointer};
use std::cell::OnceCell;

/// How many references may lead on to each other.
const MAX_HOPS: usize = 64;

/// A contract that exchanges can be checked against.
#[derive(Debug)]
pub struct Contract {
    document: Document,
    /// The schemas as they are read in responses.
    pub(super) schemas: Schemas,
    /// The schemas as they are read in requests, made when first asked for.
    requests: OnceCell<Schemas>,
    operations: Vec<Operation>,
    servers: Vec<Base>,
}

/// One method on one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// `operationId`; method and path where there is none.
    pub id: String,
    /// The method, upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Where it stands in the contract.
    pub pointer: String,
    /// Its parameters, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// What a request body may be; empty where there is none.
    pub request: Vec<Media>,
    /// The documented responses.
    pub responses: Vec<DocumentedResponse>,
    /// Whether every alternative of its security asks for something.
    pub needs_token: bool,
}

/// A parameter of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `path`, `query`, `header` or `cookie`.
    pub location: String,
    /// Its name.
    pub name: String,
    /// Whether it has to be there.
    pub required: bool,
    /// Where it stands in the contract.
    pub pointer: String,
    /// Where its schema stands.
    pub schema: Option<String>,
    /// The component that its schema refers to, by name.
    pub component: Option<String>,
}

/// A content type and its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The content type as the contract writes it, maybe a range.
    pub content_type: String,
    /// Where its schema stands, if it has one.
    pub schema: Option<String>,
}

/// A documented response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentedResponse {
    /// `200`, `4XX` or `default`.
    pub key: String,
    /// Where it stands in the contract.
    pub pointer: String,
    /// What its body may be; empty where it has none.
    pub content: Vec<Media>,
    /// The names of its required headers.
    pub required_headers: Vec<String>,
    /// The headers whose values have a schema, by name, and where it stands.
    pub header_schemas: Vec<(String, String)>,
}

/// What the contract has for a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched<'c> {
    /// The path template.
    pub path: &'c str,
    /// The operation, if the path has this method.
    pub operation: Option<&'c Operation>,
}

impl Contract {
    /// Prepares a contract that was read.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let mut contract = Self {
            schemas: Schemas::new(&document, Direction::Response),
            requests: OnceCell::new(),
            operations: Vec::new(),
            servers: Vec::new(),
            document,
        };
        contract.operations = contract.read_operations();
        contract.servers = contract.read_servers();
        contract
    }

    /// The document itself.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Its operations, in the contract's order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of this id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Where the contract's own servers begin, with any origin: a recording may come from another
    /// host.
    #[must_use]
    pub fn bases(&self) -> &[Base] {
        &self.servers
    }

    /// `title version`.
    #[must_use]
    pub fn title(&self) -> String {
        let info = self.document.root.get("info");
        let word = |key| info.and_then(|info| info.get(key)?.as_str());
        let words = [word("title"), word("version")];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The path template and operation of a call. A literal path wins over a template, and a path of the
    /// contract without a query over one with it. Another slash at its end makes no difference.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<Matched<'_>> {
        let found = self.find_as_it_is(method, path);
        found.or_else(|| self.find_as_it_is(method, path.strip_suffix('/')?))
    }

    fn find_as_it_is(&self, method: &str, path: &str) -> Option<Matched<'_>> {
        let all = self.operations.iter();
        let all = all.map(|operation| (operation, PathTemplate::new(&operation.path)));
        let fitting = all.filter(|(_, template)| template.fits(path));
        let (first, best) = fitting
            .clone()
            .min_by(|(_, one), (_, other)| one.before(other))?;
        let best = fitting.filter(|(_, template)| template.before(&best).is_eq());
        let best = best.map(|(operation, _)| operation);
        let of_method = best.filter(|it| it.method.eq_ignore_ascii_case(method));
        let operation = of_method.min_by_key(|it| !PathTemplate::new(&it.path).query.is_empty());
        Some(Matched {
            path: &operation.unwrap_or(first).path,
            operation,
        })
    }

    /// The methods that a path template declares.
    pub fn methods<'c>(&'c self, path: &'c str) -> impl Iterator<Item = &'c str> {
        let operations = self.operations.iter().filter(move |it| it.path == path);
        operations.map(|operation| operation.method.as_str())
    }

    /// Whether a parameter is a UUID.
    #[must_use]
    pub fn is_uuid(&self, parameter: &Parameter) -> bool {
        let schema = parameter.schema.as_deref();
        let resolved = schema.and_then(|schema| self.resolve(schema));
        let format = resolved.and_then(|(_, schema)| schema.get("format")?.as_str());
        format == Some("uuid")
    }

    /// Whether every JSON body of an operation has to have some field.
    #[must_use]
    pub fn requires_fields(&self, operation: &Operation) -> bool {
        let empty = serde_json::json!({});
        let mut schemas = operation
            .request
            .iter()
            .filter_map(|it| it.schema.as_deref());
        let requests = || Schemas::new(&self.document, Direction::Request);
        let requests = self.requests.get_or_init(requests);
        schemas.any(|schema| !requests.accepts(schema, &empty))
    }

    /// Whether the value at a place of a body is one that the contract does not have there.
    #[must_use]
    pub fn is_outside(
        &self,
        operation: &Operation,
        status: u16,
        body: &serde_json::Value,
        at: &str,
    ) -> bool {
        let response = operation.response(status);
        let schemas = response.iter().flat_map(|response| &response.content);
        let mut schemas = schemas.filter_map(|media| media.schema.as_deref());
        schemas.any(|schema| {
            let mut violations = self.schemas.violations(schema, body).into_iter();
            violations.any(|violation| violation.instance == at)
        })
    }

    /// Follows references from a pointer to what stands there in the end.
    pub(super) fn resolve(&self, pointer: &str) -> Option<(String, &Node)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..MAX_HOPS {
            let node = self.document.root.pointer(&pointer)?;
            match node.get("$ref").and_then(Node::as_str) {
                Some(target) => pointer = pointer::of_reference(target)?.into_owned(),
                None => return Some((pointer, node)),
            }
        }
        None
    }

    /// The place of a pointer, or of the nearest thing above it.
    pub(super) fn place(&self, pointer: &str) -> Place {
        Places::new(&self.document.root, &self.document.sources).nearest(pointer)
    }
}

impl Operation {
    /// The documented response for a status: its own, that of its class, the default.
    #[must_use]
    pub fn response(&self, status: u16) -> Option<&DocumentedResponse> {
        let class = format!("{}XX", status / 100);
        let by = |key: &str| {
            let mut responses = self.responses.iter();
            responses.find(|response| response.key.eq_ignore_ascii_case(key))
        };
        by(&status.to_string())
            .or_else(|| by(&class))
            .or_else(|| by("default"))
    }

    /// A parameter by where it travels and its name.
    #[must_use]
    pub fn parameter(&self, location: &str, name: &str) -> Option<&Parameter> {
        let mut parameters = self.parameters.iter();
        parameters.find(|it| it.location == location && it.name.eq_ignore_ascii_case(name))
    }

    /// A required header.
    #[must_use]
    pub fn required_header(&self, name: &str) -> Option<&Parameter> {
        self.parameter("header", name).filter(|it| it.required)
    }

    /// Whether the contract asks for an HTTP message signature.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.required_header("signature").is_some()
    }

    /// The parameters in its path, in no particular order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|it| it.location == "path")
    }
}

/// The component that a schema is a reference to.
pub(super) fn component(schema: &Node) -> Option<&str> {
    pointer::component_of(schema.get("$ref")?.as_str()?)
}
