//! Validators for the schemas of one document, each built once.

use super::generate::Part;
use super::several::Several;
use super::table::Table;
use contract::Node;
use contract::schema::{Beyond, Options, validator};
use jsonschema::Validator;
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// Says which values a schema of one document accepts.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    table: Table<'a>,
    validators: HashMap<usize, Option<Rc<Validator>>>,
    /// How many parts of schemas validators were built from.
    built: usize,
}

impl<'a> Judge<'a> {
    /// Judges the schemas of a document.
    pub fn new(root: &'a Node, options: Options, several: Several) -> Self {
        Self {
            table: Table::new(root, options, several),
            validators: HashMap::new(),
            built: 0,
        }
    }

    /// The number of the schema under a pointer.
    pub fn number(&mut self, pointer: &str) -> usize {
        self.table.number(pointer)
    }

    /// The validator of a schema; none where no validator can express the schema.
    pub fn validator(&mut self, number: usize) -> Option<Rc<Validator>> {
        let (table, count) = (&self.table, &mut self.built);
        let built = self.validators.entry(number);
        let built = built.or_insert_with(|| build(table, number, count).ok().map(Rc::new));
        built.clone()
    }

    /// How many parts of schemas validators were built from.
    pub fn built(&self) -> usize {
        self.built
    }

    /// A schema as values are made from it.
    pub fn part(&self, number: usize) -> Option<Part<'_>> {
        let schema = self.table.schema(number).ok()?;
        Some(Part {
            table: &self.table,
            schema,
        })
    }
}

fn build(table: &Table, number: usize, built: &mut usize) -> Result<Validator, Beyond> {
    let document = table.document(number)?;
    *built += parts(&document);
    validator(&document).map_err(|_| Beyond)
}

fn parts(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(parts).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(parts).sum::<usize>(),
        _ => 1,
    }
}
