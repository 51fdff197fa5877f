//! Calls that progenitor alone would stop at, built by hand.

use super::*;
use crate::emit::printed;
use crate::model::{
    Body, Content, Docs, Location, Operation, Parameter, Response, Source, Status, Style, TypeRef,
};

fn api(operations: Vec<Operation>) -> Api {
    Api {
        title: "Trial".to_owned(),
        version: "1".to_owned(),
        description: None,
        source: Source {
            path: "trial.yaml".to_owned(),
            sha256: "00".to_owned(),
        },
        servers: Vec::new(),
        tags: vec![Tag {
            name: "Things".to_owned(),
            module: "things".to_owned(),
            type_name: "Things".to_owned(),
            description: None,
        }],
        types: Vec::new(),
        operations,
        receivers: Vec::new(),
        security_schemes: Vec::new(),
        constraints: Vec::new(),
    }
}

fn operation(name: &str) -> Operation {
    Operation {
        id: name.to_owned(),
        rust_name: name.to_owned(),
        type_name: "Thing".to_owned(),
        method: "GET".to_owned(),
        path: "/things/{id}".to_owned(),
        tag: "Things".to_owned(),
        docs: Docs::default(),
        parameters: vec![parameter("id", Location::Path, true, TypeRef::I64)],
        transport: Vec::new(),
        body: None,
        responses: Vec::new(),
        security: Vec::new(),
        pointer: String::new(),
    }
}

fn parameter(name: &str, location: Location, required: bool, ty: TypeRef) -> Parameter {
    Parameter {
        rust_name: name.to_owned(),
        wire_name: name.to_owned(),
        location,
        required,
        ty,
        style: Style::Form,
        allow_reserved: false,
        may_be_empty: false,
        explode: true,
        schema: serde_json::Value::Null,
        docs: Docs::default(),
    }
}

fn response(status: Status, content: Option<Content>) -> Response {
    Response {
        status,
        description: String::new(),
        content: content.map(|content| ("application/json".to_owned(), content)),
        headers: None,
        alternative: None,
    }
}

/// The file of the only tag, without a policy.
fn things(operation: Operation) -> String {
    file(operation, &Policy::default(), "things.rs")
}

fn file(operation: Operation, policy: &Policy, name: &str) -> String {
    let api = api(vec![operation]);
    let files = printed(&api.source, |sink| emit(&api, policy, Extent::Whole, sink));
    let files = files.expect("the trial emits");
    let found = files.iter().find(|(path, _)| *path == name);
    found
        .map(|(_, text)| text.to_owned())
        .unwrap_or_else(|| panic!("no file `{name}`"))
}

/// A policy under which a session signs.
fn session() -> Policy {
    let text = "[client]\nhooks = \"expected\"\nsession = \"crate::session::Session\"\n\
                error = \"crate::Error\"\n";
    Policy::parse("codegen.toml", text).expect("the policy is sound")
}

fn holds(text: &str, parts: &[&str]) {
    let squeezed = |text: &str| {
        let text = text.split_whitespace().collect::<String>();
        text.replace(",)", ")")
    };
    let whole = squeezed(text);
    for part in parts {
        assert!(whole.contains(&squeezed(part)), "no `{part}` in:\n{text}");
    }
}

#[test]
fn required_arguments_are_positional_and_optional_ones_are_calls() {
    let mut get = operation("get_thing");
    let texts = TypeRef::Array(Box::new(TypeRef::String));
    get.parameters
        .push(parameter("word", Location::Query, true, TypeRef::String));
    get.parameters
        .push(parameter("tags", Location::Query, false, texts));
    holds(
        &things(get),
        &[
            "pub fn get_thing(&self, id: i64, word: impl Into<String>) -> Thing<'_>",
            "pub fn tags(mut self, tags: Vec<String>) -> Self",
            r#"wire::repeated("tags", &self.tags, "")?"#,
            "self.client.baseurl.as_str(), \"/things/\", &self.id.to_string()",
        ],
    );
}

#[test]
fn a_text_in_the_path_cannot_leave_it() {
    let mut get = operation("get_thing");
    get.parameters[0].ty = TypeRef::String;
    holds(&things(get), &["&wire::segment(&self.id)?"]);
}

#[test]
fn cookies_headers_and_joined_lists_are_written() {
    let mut get = operation("get_thing");
    let numbers = TypeRef::Array(Box::new(TypeRef::I64));
    let mut joined = parameter("numbers", Location::Query, true, numbers);
    joined.explode = false;
    get.parameters.push(joined);
    get.parameters
        .push(parameter("sid", Location::Cookie, true, TypeRef::String));
    get.parameters.push(parameter(
        "X-Since",
        Location::Header,
        false,
        TypeRef::DateTime,
    ));
    get.parameters[3].rust_name = "since".to_owned();
    holds(
        &things(get),
        &[
            r#"let url = wire::with_query(url, [wire::joined("numbers", &self.numbers, ",", "")?]);"#,
            r#"wire::add_cookies(&mut header_map, wire::cookie("sid", &self.sid)?)?;"#,
            r#"if let Some(value) = &self.since"#,
            r#"header_map.append("X-Since", wire::trimmed(wire::text(value)?)?.try_into()?)"#,
        ],
    );
}

#[test]
fn names_that_callers_choose_are_compared_with_those_of_other_parameters() {
    let mut get = operation("get_thing");
    let map = TypeRef::Map(Box::new(TypeRef::String));
    get.parameters
        .push(parameter("page", Location::Query, false, TypeRef::I64));
    get.parameters
        .push(parameter("rest", Location::Query, false, map));
    let pairs =
        r#"wire::apart("rest", &["page", "rest"], wire::repeated("rest", &self.rest, "")?)?"#;
    holds(&things(get), &[pairs]);
}

#[test]
fn several_types_become_enums() {
    let mut get = operation("get_thing");
    get.responses = vec![
        response(Status::Code(200), Some(Content::Json(TypeRef::String))),
        response(Status::Code(202), Some(Content::Json(TypeRef::I64))),
        response(Status::Code(204), None),
        response(Status::Code(404), None),
        response(Status::Code(409), Some(Content::Json(TypeRef::String))),
        response(Status::Default, Some(Content::Json(TypeRef::Bool))),
    ];
    holds(
        &things(get),
        &[
            "Result<ResponseValue<ThingSuccess>, Error<ThingFailure>>",
            "pub enum ThingSuccess",
            "Status200(String)",
            "Status204,",
            "404 => { Err(Error::ErrorResponse(wire::map(wire::read_text(response).await?, ThingFailure::Status404,),),)",
            "Err(Error::ErrorResponse(wire::map(",
        ],
    );
}

#[test]
fn default_beside_a_success_is_an_error() {
    let mut get = operation("get_thing");
    get.responses = vec![
        response(Status::Code(200), Some(Content::Json(TypeRef::String))),
        response(Status::Default, Some(Content::Json(TypeRef::Bool))),
    ];
    holds(
        &things(get),
        &["Result<ResponseValue<String>, Error<bool>>"],
    );
}

#[test]
fn optional_bodies_and_other_media_types_are_sent() {
    let mut put = operation("put_thing");
    put.method = "PUT".to_owned();
    put.body = Some(Body {
        restricted_text: false,
        also: Vec::new(),
        encodings: Vec::new(),
        required: false,
        media_type: "application/merge-patch+json".to_owned(),
        content: Content::Json(TypeRef::Any),
        description: None,
        variant_name: "Json".to_owned(),
        others: Vec::new(),
    });
    holds(
        &things(put),
        &[
            "pub fn put_thing(&self, id: i64) -> Thing<'_>",
            "pub fn body(mut self, body: serde_json::Value) -> Self",
            r#"HeaderValue::from_static("application/merge-patch+json")"#,
            "match self.body",
        ],
    );
    let mut put = operation("put_thing");
    put.method = "PUT".to_owned();
    put.body = Some(Body {
        restricted_text: false,
        also: Vec::new(),
        encodings: Vec::new(),
        required: true,
        media_type: "image/png".to_owned(),
        content: Content::Binary,
        description: None,
        variant_name: "Json".to_owned(),
        others: Vec::new(),
    });
    holds(
        &things(put),
        &[
            "body: impl Into<Vec<u8>>",
            r#"from_static("image/png")"#,
            ".body(self.body)",
        ],
    );
    let mut put = operation("put_thing");
    put.method = "PUT".to_owned();
    put.body = Some(Body {
        restricted_text: false,
        also: Vec::new(),
        encodings: Vec::new(),
        required: true,
        media_type: "application/x-ndjson".to_owned(),
        content: Content::Stream,
        description: None,
        variant_name: "Json".to_owned(),
        others: Vec::new(),
    });
    holds(
        &things(put),
        &["body: impl Into<reqwest::Body>", "#[derive(Debug)]"],
    );
}

#[test]
fn names_stay_out_of_each_others_way() {
    let mut get = operation("new");
    get.type_name = "Error".to_owned();
    get.method = "OPTIONS".to_owned();
    for name in ["client", "body", "send", "url", "r#type"] {
        get.parameters
            .push(parameter(name, Location::Query, false, TypeRef::I64));
    }
    holds(
        &things(get),
        &[
            "pub struct Error_<'a>",
            "pub fn new_(&self, id: i64) -> Error_<'_>",
            "pub fn send_(mut self, send_: i64) -> Self",
            "client_: &'a Client",
            "pub fn r#type(mut self",
            ".request(reqwest::Method::OPTIONS, url)",
        ],
    );
}

#[test]
fn signing_cannot_be_forgotten_where_the_policy_says_so() {
    let text = "[client]\nhooks = \"expected\"\nsession = \"crate::session::Session\"\n";
    let hooked = Policy::parse("codegen.toml", text).expect("the policy is sound");
    let root = file(operation("get_thing"), &hooked, "mod.rs");
    holds(
        &root,
        &["fn assert_client_hooks() where Client: ClientHooks<crate::session::Session>"],
    );
    assert!(
        !root.contains("for &Client"),
        "there is a hook that does nothing:\n{root}"
    );
    assert!(
        !root.contains("pub fn new"),
        "the crate's own builder is passed by:\n{root}"
    );
    let root = file(operation("get_thing"), &Policy::default(), "mod.rs");
    holds(
        &root,
        &[
            "impl ClientHooks<()> for &Client {}",
            "pub fn new(baseurl: &str)",
        ],
    );
}

#[test]
fn under_a_session_the_crate_sends_every_request_itself() {
    let root = file(operation("get_thing"), &session(), "mod.rs");
    assert!(!root.contains("ClientHooks"), "{root}");
    let mut get = operation("get_thing");
    get.responses = vec![
        response(Status::Code(201), Some(Content::Json(TypeRef::String))),
        response(Status::Code(404), None),
    ];
    get.parameters
        .push(parameter("timeout", Location::Query, false, TypeRef::I64));
    let text = file(get, &session(), "things.rs");
    holds(
        &text,
        &[
            "pub fn get_thing(&self, id: i64) -> Thing {",
            "client: self.clone(),",
            "options: crate::call::CallOptions::new(self, &operations::GET_THING),",
            "pub fn timeout_(mut self, timeout_: i64) -> Self",
            "match response.status() { 200..=299 => response.json(), _ => Err(response.into_error()),",
            "crate::call::options! { Thing { client, options } => String }",
        ],
    );
    assert!(!text.contains(".exec("), "{text}");
}

#[test]
fn transport_headers_are_no_arguments_and_the_key_is_an_optional_one() {
    use crate::model::TransportHeader;
    use crate::policy::TransportRole;
    let roles = [
        ("Signature", TransportRole::Signature),
        ("Content-Digest", TransportRole::Digest),
        ("Idempotency-Key", TransportRole::IdempotencyKey),
    ];
    let mut post = operation("post_thing");
    post.method = "POST".to_owned();
    post.transport = roles
        .map(|(name, role)| TransportHeader {
            wire_name: name.to_owned(),
            role,
            required: true,
        })
        .into();
    let text = file(post.clone(), &session(), "things.rs");
    holds(
        &text,
        &[
            "pub fn post_thing(&self, id: i64) -> Thing {",
            "send_call(&client, options, self.request()).await?",
            "crate::call::options! { keyed Thing { client, options } => Vec<u8> }",
        ],
    );
    for left_to_the_session in ["signature", "idempotency-key"] {
        assert!(!text.to_lowercase().contains(left_to_the_session), "{text}");
    }
    holds(
        &things(post.clone()),
        &[
            "pub fn post_thing(&self, id: i64) -> Thing<'_>",
            "pub fn idempotency_key(mut self, idempotency_key: uuid::Uuid) -> Self",
            r#"header_map.append("Idempotency-Key", value.to_string().try_into()?)"#,
        ],
    );
    let table = file(post, &session(), "operations.rs");
    holds(&table, &["signed: true, digest: true, idempotent: true"]);
}

#[test]
fn progenitors_own_types_and_headers_are_gone() {
    let operation = operation("get_thing");
    for name in ["mod.rs", "things.rs"] {
        let text = file(operation.clone(), &Policy::default(), name);
        for gone in [
            "mod types",
            "api-version",
            "was not initialized",
            "unwrap()",
        ] {
            assert!(!text.contains(gone), "`{gone}` is in {name}:\n{text}");
        }
    }
}
