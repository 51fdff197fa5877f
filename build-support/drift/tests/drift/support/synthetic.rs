//! Large documents with all that contracts have: inheritance, discriminators, unions, circles, shared
//! parameters, headers, responses and bodies, callbacks, links and credentials.

use super::random::Random;
use serde_json::{Map, Value, json};

/// A document of so many components and as many operations, in 3.0 or 3.1.
pub fn document(seed: u64, size: usize, is_old: bool) -> Value {
    let mut make = Make {
        random: Random::new(seed),
        is_old,
        size,
    };
    let mut schemas = Map::new();
    for at in 0..size {
        schemas.insert(name(at), make.component(at));
    }
    schemas.insert("Problem".to_owned(), problem());
    let paths: Map<String, Value> = (0..size)
        .step_by(2)
        .map(|at| (format!("/things{at}/{{id}}"), make.path_item(at)))
        .collect();
    json!({
        "openapi": if is_old { "3.0.3" } else { "3.1.0" },
        "info": { "title": "Synthetic", "version": "1" },
        "servers": [{ "url": "https://a.example/v1" }, { "url": "https://b.example/v1" }],
        "security": [{ "bearer": [] }, { "key": [] }],
        "tags": [{ "name": "even" }, { "name": "odd" }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {
                "Page": { "name": "page", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
                "Sort": { "name": "sort", "in": "query", "schema": { "type": "array", "items": { "type": "string", "enum": ["up", "down"] } } },
                "Id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
            },
            "headers": { "Total": { "schema": { "type": "integer", "minimum": 0 } } },
            "responses": { "Wrong": {
                "description": "wrong",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "key": { "type": "apiKey", "name": "X-Key", "in": "header" },
            },
        },
    })
}

fn name(at: usize) -> String {
    format!("Thing{at}")
}

fn reference(at: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", name(at)) })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": { "type": "string", "enum": ["missing", "wrong", "late"] },
            "message": { "type": "string" },
        },
    })
}

struct Make {
    random: Random,
    is_old: bool,
    size: usize,
}

impl Make {
    /// Each kind in turn, so that every document has all of them.
    fn component(&mut self, at: usize) -> Value {
        match at % 10 {
            0 => json!({ "type": "string", "enum": ["first", "second", format!("only{at}")] }),
            1 => self.object(at),
            2 => {
                let mut own = self.object(at);
                own["allOf"] = json!([reference(at - 1)]);
                own
            }
            3 => self.tagged(at),
            4 => json!({ "anyOf": [
                { "type": "string", "minLength": 1, "maxLength": 40 },
                { "type": "integer", "minimum": 0 },
            ] }),
            5 => json!({ "type": "array", "minItems": 1, "items": self.part(at) }),
            6 => self.circle(at),
            7 => self.kind(at),
            8 => {
                let others = [at - 1, at.saturating_sub(11)].map(reference);
                let members = if at > 10 { &others[..] } else { &others[..1] };
                json!({ "oneOf": members, "discriminator": { "propertyName": "kind" } })
            }
            _ => json!({
                "type": "object",
                "additionalProperties": self.part(at),
                "maxProperties": 20,
            }),
        }
    }

    fn object(&mut self, at: usize) -> Value {
        let mut properties = Map::new();
        for property in 0..2 + self.random.below(5) {
            properties.insert(format!("p{at}x{property}"), self.part(at));
        }
        let names: Vec<String> = properties.keys().cloned().collect();
        let required: Vec<&String> = names.iter().filter(|_| self.random.once_in(2)).collect();
        let mut found = json!({
            "type": "object",
            "description": format!("Thing number {at}."),
            "properties": properties,
        });
        if !required.is_empty() {
            found["required"] = json!(required);
        }
        found
    }

    /// Alternatives, each with its own value in a property.
    fn tagged(&mut self, at: usize) -> Value {
        let members: Vec<Value> = (0..3)
            .map(|member| {
                let mut own = self.object(at);
                own["properties"]["kind"] =
                    json!({ "type": "string", "enum": [format!("k{member}")] });
                let mut required = own["required"].as_array().cloned().unwrap_or_default();
                required.push(json!("kind"));
                own["required"] = Value::Array(required);
                own
            })
            .collect();
        json!({ "oneOf": members })
    }

    /// An object that a discriminator leads to.
    fn kind(&mut self, at: usize) -> Value {
        let mut own = self.object(at);
        own["properties"]["kind"] = json!({ "type": "string" });
        let mut required = own["required"].as_array().cloned().unwrap_or_default();
        required.push(json!("kind"));
        own["required"] = Value::Array(required);
        own
    }

    /// An object that holds others of its kind.
    fn circle(&mut self, at: usize) -> Value {
        let mut own = self.object(at);
        own["properties"]["children"] = json!({ "type": "array", "items": reference(at) });
        own
    }

    /// A schema of a property.
    fn part(&mut self, at: usize) -> Value {
        let plain = [
            json!({ "type": "string", "format": "date-time" }),
            json!({ "type": "string", "maxLength": 20, "pattern": "^[a-z]+$" }),
            json!({ "type": "integer", "format": "int32", "minimum": 0 }),
            json!({ "type": "boolean", "default": true }),
            json!({ "type": "number", "multipleOf": 0.5 }),
            json!({ "type": "string", "enum": ["x", "y", "z"] }),
        ];
        match self.random.below(4) {
            0 => {
                let other = self.random.below(self.size);
                // Nothing asks for itself on the way.
                reference(if other == at { 0 } else { other })
            }
            1 => {
                let mut nullable = plain[self.random.below(5)].clone();
                match self.is_old {
                    true => nullable["nullable"] = json!(true),
                    false => nullable["type"] = json!([nullable["type"], "null"]),
                }
                nullable
            }
            _ => self.random.choose(&plain).clone(),
        }
    }

    fn path_item(&mut self, at: usize) -> Value {
        let content = |of: usize| json!({ "application/json": { "schema": reference(of) } });
        let wrong = json!({ "$ref": "#/components/responses/Wrong" });
        let size = self.size;
        let responses = json!({
            "200": {
                "description": "done",
                "headers": { "X-Total": { "$ref": "#/components/headers/Total" } },
                "content": content(at % size),
                "links": { "again": { "operationId": format!("get{at}") } },
            },
            "404": wrong,
            "default": wrong,
        });
        let parameters = json!([
            { "$ref": "#/components/parameters/Page" },
            { "$ref": "#/components/parameters/Sort" },
            { "name": "X-Trace", "in": "header", "schema": { "type": "string" } },
        ]);
        let mut post = json!({
            "operationId": format!("post{at}"),
            "tags": ["odd"],
            "parameters": parameters,
            "requestBody": { "required": true, "content": content((at + 1) % size) },
            "responses": responses,
        });
        if at.is_multiple_of(3) {
            post["callbacks"] = json!({ "done": { "{$request.body#/url}": { "post": {
                "requestBody": { "content": content((at + 3) % size) },
                "responses": { "200": { "description": "" } },
            } } } });
        }
        json!({
            "parameters": [{ "$ref": "#/components/parameters/Id" }],
            "get": {
                "operationId": format!("get{at}"),
                "tags": ["even"],
                "parameters": parameters,
                "security": [{ "key": [] }, { "bearer": [] }],
                "responses": responses,
            },
            "post": post,
        })
    }
}
