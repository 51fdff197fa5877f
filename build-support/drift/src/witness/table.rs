//! The schemas of one document, converted as they are asked for.

use super::several::{Several, relax};
use contract::schema::{Beyond, Options, convert};
use contract::{Node, pointer};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Schemas by the pointers they stand under, each converted once, with those they refer to.
#[derive(Debug)]
pub(super) struct Table<'a> {
    root: &'a Node,
    options: Options,
    several: Several,
    numbers: HashMap<String, usize>,
    schemas: Vec<Result<Value, Beyond>>,
}

impl<'a> Table<'a> {
    pub fn new(root: &'a Node, options: Options, several: Several) -> Self {
        Self {
            root,
            options,
            several,
            numbers: HashMap::new(),
            schemas: Vec::new(),
        }
    }

    /// The number of the schema under a pointer, after everything it leads to was converted too.
    pub fn number(&mut self, pointer: &str) -> usize {
        let mut waiting = Vec::new();
        let number = self.reserve(pointer, &mut waiting);
        let mut read = Vec::new();
        while let Some((number, pointer)) = waiting.pop() {
            self.schemas[number] = self.read(&pointer, &mut waiting);
            read.push((number, pointer));
        }
        if self.several != Several::Rejected {
            for (number, pointer) in read {
                if let Ok(schema) = self.schemas[number].clone() {
                    let node = self.root.pointer(&pointer);
                    self.schemas[number] = Ok(relax(self, schema, node));
                }
            }
        }
        number
    }

    /// How a `oneOf` is read.
    pub fn several(&self) -> Several {
        self.several
    }

    /// A reference to a schema that is written anew.
    pub fn hold(&mut self, schema: Value) -> Value {
        let is_reference = schema.get("$ref").is_some();
        if is_reference && schema.as_object().is_some_and(|members| members.len() == 1) {
            return schema;
        }
        self.schemas.push(Ok(schema));
        json!({ "$ref": reference(self.schemas.len() - 1) })
    }

    /// A schema; an error where no validator can express it.
    pub fn schema(&self, number: usize) -> Result<&Value, Beyond> {
        self.schemas[number].as_ref().map_err(|beyond| *beyond)
    }

    /// What a `$ref` of a converted schema leads to.
    pub fn target(&self, reference: &str) -> Option<&Value> {
        let number: usize = reference.strip_prefix(PREFIX)?.parse().ok()?;
        self.schemas.get(number)?.as_ref().ok()
    }

    /// A document of its own that holds the schema and all it leads to.
    pub fn document(&self, number: usize) -> Result<Value, Beyond> {
        let mut held = Map::new();
        let mut waiting = vec![number];
        while let Some(number) = waiting.pop() {
            let key = number.to_string();
            if held.contains_key(&key) {
                continue;
            }
            let schema = self.schema(number)?;
            references(schema, &mut |number| waiting.push(number));
            held.insert(key, schema.clone());
        }
        Ok(json!({ "$ref": reference(number), "$defs": held }))
    }

    fn reserve(&mut self, pointer: &str, waiting: &mut Vec<(usize, String)>) -> usize {
        if let Some(number) = self.numbers.get(pointer) {
            return *number;
        }
        let number = self.schemas.len();
        self.schemas.push(Err(Beyond));
        self.numbers.insert(pointer.to_owned(), number);
        waiting.push((number, pointer.to_owned()));
        number
    }

    fn read(&mut self, pointer: &str, waiting: &mut Vec<(usize, String)>) -> Result<Value, Beyond> {
        let root = self.root;
        let schema = root.pointer(pointer).ok_or(Beyond)?;
        convert(schema, root, self.options, &mut |text| {
            let pointer = pointer::of_reference(text).ok_or(Beyond)?;
            root.pointer(&pointer).ok_or(Beyond)?;
            Ok(reference(self.reserve(&pointer, waiting)))
        })
    }
}

const PREFIX: &str = "#/$defs/";

fn reference(number: usize) -> String {
    format!("{PREFIX}{number}")
}

fn references(schema: &Value, found: &mut impl FnMut(usize)) {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            let number = own.and_then(|own| own.strip_prefix(PREFIX)?.parse().ok());
            if let Some(number) = number {
                found(number);
            }
            for member in members.values() {
                references(member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                references(item, found);
            }
        }
        _ => {}
    }
}
