//! What progenitor is shown of a contract: the same requests, under names and in shapes that it
//! cannot reject.
//!
//! progenitor 0.15 panics or gives up on much of OpenAPI: several response types, `default` beside
//! a success, cookies, unknown media types, optional bodies, names that collide once they are
//! sanitised. The view says only what it needs to write the request, with neutral names
//! ([`operation_name`], [`argument_name`]), and each type as a reference that is replaced by the
//! path of the real one. Names, responses and the rest are put back when the code is rewritten.

use std::collections::BTreeMap;

use contract::PathTemplate;
use contract::pointer::to_component;
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value, json};

use super::plan::{Call, Plan};
use crate::emit::EmitError;
use crate::model::{Body, Content, Location, Parameter};

/// The document progenitor reads, and the Rust type behind each of its schemas.
pub(super) struct View {
    /// An OpenAPI 3.0 document.
    pub document: OpenAPI,
    /// Schema name to Rust path.
    pub replacements: BTreeMap<String, String>,
}

/// The operation's name in the view.
pub(super) fn operation_name(index: usize) -> String {
    format!("operation_{index}")
}

/// The name progenitor gives the operation's builder.
pub(super) fn builder_name(index: usize) -> String {
    format!("Operation{index}")
}

/// The parameter's name in the view; unique in the whole document, so that two operations on one
/// path never share a template by accident.
pub(super) fn argument_name(operation: usize, parameter: usize) -> String {
    format!("argument_{operation}_{parameter}")
}

/// Builds the view of a plan.
///
/// # Errors
/// Fails when a type has no path, or the view is not an OpenAPI document.
pub(super) fn view(plan: &Plan<'_>) -> Result<View, EmitError> {
    of_calls(plan, &plan.calls)
}

/// The view of a plan's client alone.
///
/// # Errors
/// Fails as [`view`] does.
pub(super) fn without_calls(plan: &Plan<'_>) -> Result<View, EmitError> {
    of_calls(plan, &[])
}

fn of_calls(plan: &Plan<'_>, calls: &[Call<'_>]) -> Result<View, EmitError> {
    let mut types = Types::default();
    let mut paths = Map::new();
    for call in calls {
        let item = paths.entry(template(call)).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(
                call.operation.method.to_ascii_lowercase(),
                operation(plan, call, &mut types)?,
            );
        }
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": plan.api.title, "version": plan.api.version },
        "paths": paths,
        "components": { "schemas": types.schemas },
    });
    Ok(View {
        document: serde_json::from_value(document).map_err(rejected)?,
        replacements: types.replacements,
    })
}

/// The path with the view's argument names in its braces. Where a query or a fragment tells it apart
/// from others, a last segment does so here.
fn template(call: &Call<'_>) -> String {
    let written = PathTemplate::new(&call.operation.path);
    let last = match written.path.len() == call.operation.path.len() {
        true => String::new(),
        false => last_segment(call),
    };
    call.operation
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| parameter.location == Location::Path)
        .fold(
            written.path.to_owned() + &last,
            |path, (index, parameter)| {
                path.replace(
                    &format!("{{{}}}", parameter.wire_name),
                    &format!("{{{}}}", argument_name(call.index, index)),
                )
            },
        )
}

/// What stands behind the path of a call where its path is not all.
fn last_segment(call: &Call<'_>) -> String {
    let path = PathTemplate::new(&call.operation.path).path;
    let slash = if path.ends_with('/') { "" } else { "/" };
    format!("{slash}{}", operation_name(call.index))
}

fn rejected(error: impl std::fmt::Display) -> EmitError {
    EmitError::Tool {
        tool: "openapiv3",
        reason: error.to_string(),
    }
}

fn operation(plan: &Plan<'_>, call: &Call<'_>, types: &mut Types) -> Result<Value, EmitError> {
    let mut parameters = Vec::new();
    for (index, parameter) in call.operation.parameters.iter().enumerate() {
        let name = argument_name(call.index, index);
        let schema = types.reference(plan.ty(&parameter.ty)?);
        parameters.push(self::parameter(parameter, &name, schema));
    }
    if call.key.is_some() {
        let schema = types.reference(quote!(uuid::Uuid));
        let key = json!({ "name": KEY, "in": "header", "required": false, "schema": schema });
        parameters.push(key);
    }
    let mut out = json!({
        "operationId": operation_name(call.index),
        "parameters": parameters,
        "responses": responses(call, types),
    });
    if let Some(body) = &call.operation.body {
        out["requestBody"] = request_body(plan, body, types)?;
    }
    Ok(out)
}

/// The name of the idempotency key's header in the view.
pub(super) const KEY: &str = "argument_key";

/// A cookie travels as a header here; the rewritten code names the header `cookie`.
fn parameter(parameter: &Parameter, name: &str, schema: Value) -> Value {
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header | Location::Cookie => "header",
    };
    let required = parameter.required || parameter.location == Location::Path;
    json!({ "name": name, "in": place, "required": required, "schema": schema })
}

fn request_body(plan: &Plan<'_>, body: &Body, types: &mut Types) -> Result<Value, EmitError> {
    let (media_type, schema) = match &body.content {
        Content::Json(ty) => ("application/json", types.reference(plan.ty(ty)?)),
        Content::Form(ty) => (
            "application/x-www-form-urlencoded",
            types.reference(plan.ty(ty)?),
        ),
        Content::Text => ("text/plain", json!({ "type": "string" })),
        Content::Binary | Content::Stream | Content::Records(..) | Content::Multipart(_) => (
            "application/octet-stream",
            json!({ "type": "string", "format": "binary" }),
        ),
    };
    let content = Map::from_iter([(media_type.to_owned(), json!({ "schema": schema }))]);
    Ok(json!({ "required": true, "content": content }))
}

/// One success, with JSON when any response is JSON or a stream: then progenitor writes what is asked
/// for (`Accept`).
fn responses(call: &Call<'_>, types: &mut Types) -> Value {
    let asked = call.operation.responses.iter().any(|response| {
        matches!(
            &response.content,
            Some((_, Content::Json(_) | Content::Records(..)))
        )
    });
    if asked || call.accept.is_some() {
        let schema = types.reference(quote!(serde_json::Value));
        json!({ "2XX": { "description": "", "content": { "application/json": { "schema": schema } } } })
    } else {
        json!({ "2XX": { "description": "" } })
    }
}

/// The schemas of the view: one for each Rust type in use.
#[derive(Default)]
struct Types {
    schemas: Map<String, Value>,
    replacements: BTreeMap<String, String>,
}

impl Types {
    fn reference(&mut self, path: TokenStream) -> Value {
        let path = path.to_string();
        let known = self.replacements.iter().find(|(_, known)| **known == path);
        let name = known.map_or_else(
            || format!("Type{}", self.schemas.len()),
            |(name, _)| name.clone(),
        );
        self.schemas
            .entry(name.clone())
            .or_insert_with(|| json!({ "type": "string" }));
        let reference = to_component(&name);
        self.replacements.insert(name, path);
        json!({ "$ref": reference })
    }
}
