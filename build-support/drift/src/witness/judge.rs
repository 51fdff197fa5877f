//! Validators for the schemas of one document, each built once.

use super::generate::Part;
use super::table::Table;
use contract::Node;
use contract::schema::{Beyond, Options, validator};
use jsonschema::Validator;
use std::collections::HashMap;
use std::rc::Rc;

/// Says which values a schema of one document accepts.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    table: Table<'a>,
    validators: HashMap<usize, Option<Rc<Validator>>>,
}

impl<'a> Judge<'a> {
    /// Judges the schemas of a document; `lenient` lets a `oneOf` accept what fits several of its
    /// members.
    pub fn new(root: &'a Node, options: Options, lenient: bool) -> Self {
        Self {
            table: Table::new(root, options, lenient),
            validators: HashMap::new(),
        }
    }

    /// The number of the schema under a pointer.
    pub fn number(&mut self, pointer: &str) -> usize {
        self.table.number(pointer)
    }

    /// The validator of a schema; none where no validator can express the schema.
    pub fn validator(&mut self, number: usize) -> Option<Rc<Validator>> {
        let table = &self.table;
        let built = self.validators.entry(number);
        let built = built.or_insert_with(|| build(table, number).ok().map(Rc::new));
        built.clone()
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

fn build(table: &Table, number: usize) -> Result<Validator, Beyond> {
    let document = table.document(number)?;
    validator(&document).map_err(|_| Beyond)
}
