//! The schemas of one document, converted as they are asked for.

use super::converted::{Converted, reference_to};
use super::several::{Several, relax};
use contract::schema::{Beyond, Options, convert};
use contract::{Node, pointer};
use serde_json::Value;
use std::collections::HashMap;

/// Schemas by the pointers they stand under, each converted once, with those they refer to.
#[derive(Debug)]
pub(super) struct Table<'a> {
    root: &'a Node,
    options: Options,
    several: Several,
    numbers: HashMap<String, usize>,
    converted: Converted,
}

impl<'a> Table<'a> {
    pub fn new(root: &'a Node, options: Options, several: Several) -> Self {
        Self {
            root,
            options,
            several,
            numbers: HashMap::new(),
            converted: Converted::default(),
        }
    }

    /// The number of the schema under a pointer, after everything it leads to was converted too.
    pub fn number(&mut self, pointer: &str) -> usize {
        let mut waiting = Vec::new();
        let number = self.reserve(pointer, &mut waiting);
        let mut read = Vec::new();
        while let Some((number, pointer)) = waiting.pop() {
            let schema = self.read(&pointer, &mut waiting);
            self.converted.set(number, schema);
            read.push((number, pointer));
        }
        if self.several != Several::Rejected {
            for (number, pointer) in read {
                if let Ok(schema) = self.converted.schema(number).cloned() {
                    let node = self.root.pointer(&pointer);
                    let relaxed = relax(&mut self.converted, self.several, schema, node);
                    self.converted.set(number, Ok(relaxed));
                }
            }
        }
        number
    }

    /// The schemas that were converted so far.
    pub fn converted(&self) -> &Converted {
        &self.converted
    }

    fn reserve(&mut self, pointer: &str, waiting: &mut Vec<(usize, String)>) -> usize {
        if let Some(number) = self.numbers.get(pointer) {
            return *number;
        }
        let number = self.converted.reserve();
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
            Ok(reference_to(self.reserve(&pointer, waiting)))
        })
    }
}
