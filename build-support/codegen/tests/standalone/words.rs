//! A contract that calls everything by a word of the generated code itself: no such name hides what
//! the code around it means.

use std::collections::BTreeSet;

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{TokenStream, TokenTree};
use serde_json::{Map, Value, json};

use crate::workspace::{compile_documents, dependencies, emit};
use crate::{contract_in, contracts_folder, entries, stem};

/// The words stand in other places of the contract in each of these.
const TURNS: usize = 3;

#[test]
#[ignore = "compiles three contracts of a thousand operations each"]
fn contracts_in_the_words_of_generated_code_compile() {
    let words = words();
    assert!(words.len() > 500, "{} words were found", words.len());
    let contracts = (0..TURNS).map(|turn| {
        let text = contract(&words, turn).to_string();
        let document =
            contract::read_str("words.json", &text).unwrap_or_else(|found| panic!("{found}"));
        (format!("words-{turn}"), document)
    });
    compile_documents("standalone-words", contracts.collect());
}

/// Every identifier in the code of the small contracts, in snake case.
fn words() -> Vec<String> {
    let dependencies = dependencies();
    let mut words = BTreeSet::new();
    for path in entries(&contracts_folder()) {
        let contract = contract_in(&path);
        for (path, text) in emit(&stem(&path), &contract, &dependencies).iter() {
            if path.ends_with(".rs") {
                collect(text.parse().unwrap(), &mut words);
            }
        }
    }
    words.into_iter().filter(|word| word.len() > 1).collect()
}

fn collect(code: TokenStream, words: &mut BTreeSet<String>) {
    for tree in code {
        match tree {
            TokenTree::Ident(word) => {
                words.insert(word.to_string().trim_start_matches("r#").to_snake_case());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            _ => {}
        }
    }
}

/// A word for each place of one operation and its schema.
struct Words<'a> {
    all: &'a [String],
    first: usize,
}

impl Words<'_> {
    /// The word itself, or one of those behind it.
    fn at(&self, further: usize) -> &str {
        &self.all[(self.first + further) % self.all.len()]
    }

    /// The reference to the schema of such a word.
    fn schema(&self, further: usize) -> Value {
        json!({ "$ref": format!("#/components/schemas/{}", self.at(further).to_upper_camel_case()) })
    }
}

fn contract(all: &[String], turn: usize) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for first in 0..all.len() {
        let words = Words { all, first };
        let word = words.at(0);
        let kind = first + turn;
        let path = format!("/of/{word}/{{{word}}}");
        paths.insert(path, json!({ "post": operation(&words, kind) }));
        schemas.insert(word.to_upper_camel_case(), schema(&words, kind));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Words", "version": "1" },
        "servers": [{ "url": "https://words.example" }],
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

fn operation(words: &Words<'_>, kind: usize) -> Value {
    let word = words.at(0);
    let text = || json!({ "type": "string" });
    let tag = match kind % 5 {
        0 => word.to_owned(),
        _ => format!("shared {}", kind % 20),
    };
    let content = match kind % 3 {
        0 => json!({ "text/event-stream": { "schema": words.schema(0) } }),
        _ => json!({ "application/json": { "schema": words.schema(0) } }),
    };
    json!({
        "operationId": word.to_lower_camel_case(),
        "tags": [tag],
        "parameters": [
            { "in": "path", "name": word, "required": true, "schema": text() },
            { "in": "query", "name": words.at(1), "schema": { "type": "array", "items": text() } },
            { "in": "header", "name": format!("X-{}", words.at(2)), "schema": { "type": "integer" } },
            { "in": "cookie", "name": words.at(3), "schema": text() },
        ],
        "requestBody": { "content": body(words, kind) },
        "responses": {
            "200": {
                "description": "",
                "headers": {
                    word: { "schema": text() },
                    words.at(6): { "required": true, "schema": text() },
                },
                "content": content,
            },
            "201": { "description": "" },
            "404": { "description": "", "content": {
                "application/json": { "schema": { "type": "object", "properties": { word: text() } } },
                "text/plain": { "schema": text() },
            } },
            "default": { "description": "", "content": {
                "application/json": { "schema": words.schema(1) },
            } },
        },
    })
}

fn body(words: &Words<'_>, kind: usize) -> Value {
    let word = words.at(0);
    let text = || json!({ "type": "string" });
    let form = json!({ "schema": {
        "type": "object",
        "properties": { word: text(), words.at(1): text() },
    } });
    match kind % 4 {
        0 => json!({ "multipart/form-data": { "schema": {
            "type": "object",
            "required": [word],
            "properties": {
                word: text(),
                words.at(4): words.schema(0),
                words.at(5): { "type": "string", "format": "binary" },
            },
        } } }),
        1 => json!({
            "application/json": { "schema": words.schema(0) },
            "text/plain": { "schema": text() },
            "application/x-www-form-urlencoded": form,
        }),
        2 => json!({ "application/x-www-form-urlencoded": form }),
        _ => json!({ "application/json": { "schema": {
            "type": "object",
            "required": [word, words.at(1)],
            "properties": {
                word: { "type": ["string", "null"] },
                words.at(1): { "type": "object", "properties": { words.at(2): text() } },
            },
        } } }),
    }
}

fn schema(words: &Words<'_>, kind: usize) -> Value {
    let word = words.at(0);
    let text = || json!({ "type": "string" });
    let tagged = |value: &str| {
        json!({
            "type": "object",
            "required": [word],
            "properties": { word: { "type": "string", "const": value }, words.at(2): text() },
        })
    };
    match kind % 5 {
        0 => json!({
            "type": "object",
            "required": [word],
            "properties": {
                word: text(),
                words.at(1): { "type": "string", "default": "x" },
                words.at(2): { "type": ["string", "null"], "readOnly": true },
                words.at(3): words.schema(1),
                words.at(4): { "type": "object", "properties": { words.at(5): { "type": "integer" } } },
            },
        }),
        1 => json!({ "type": "string", "enum": [word, words.at(1), words.at(2)] }),
        2 => json!({ "oneOf": [
            text(),
            { "type": "array", "items": words.schema(2) },
            { "type": "object", "required": [word], "properties": { word: text() } },
        ] }),
        3 => json!({ "type": "string", "pattern": "^[a-z]+$", "maxLength": 5 }),
        _ => json!({
            "oneOf": [tagged(word), tagged(words.at(1))],
            "discriminator": { "propertyName": word },
        }),
    }
}
