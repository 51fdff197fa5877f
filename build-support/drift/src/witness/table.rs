//! The schemas of one document, converted as they are asked for.

use contract::schema::{Beyond, Options, convert};
use contract::{Node, pointer};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Schemas by the pointers they stand under, each converted once, with those they refer to.
#[derive(Debug)]
pub(super) struct Table<'a> {
    root: &'a Node,
    options: Options,
    /// Whether a value may fit several members of a `oneOf`.
    lenient: bool,
    numbers: HashMap<String, usize>,
    schemas: Vec<Result<Value, Beyond>>,
}

impl<'a> Table<'a> {
    pub fn new(root: &'a Node, options: Options, lenient: bool) -> Self {
        Self {
            root,
            options,
            lenient,
            numbers: HashMap::new(),
            schemas: Vec::new(),
        }
    }

    /// The number of the schema under a pointer, after everything it leads to was converted too.
    pub fn number(&mut self, pointer: &str) -> usize {
        let mut waiting = Vec::new();
        let number = self.reserve(pointer, &mut waiting);
        while let Some((number, pointer)) = waiting.pop() {
            self.schemas[number] = self.read(&pointer, &mut waiting);
        }
        number
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
        let mut converted = convert(schema, root, self.options, &mut |text| {
            let pointer = pointer::of_reference(text).ok_or(Beyond)?;
            root.pointer(&pointer).ok_or(Beyond)?;
            Ok(reference(self.reserve(&pointer, waiting)))
        })?;
        if self.lenient {
            allow_several(&mut converted);
        }
        Ok(converted)
    }
}

/// Lets every `oneOf` accept what fits several of its members.
fn allow_several(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(alternatives) = members.remove("oneOf") {
                let all = members.entry("allOf").or_insert_with(|| json!([]));
                if let Value::Array(all) = all {
                    all.push(json!({ "anyOf": alternatives }));
                }
            }
            members.values_mut().for_each(allow_several);
        }
        Value::Array(items) => items.iter_mut().for_each(allow_several),
        _ => {}
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
