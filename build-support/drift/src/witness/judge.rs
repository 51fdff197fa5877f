//! Validators for the schemas of one document, each built once.

use super::convert::{Beyond, Reading};
use super::generate::Part;
use super::table::Table;
use contract::Node;
use jsonschema::{Draft, Validator};
use std::collections::HashMap;
use std::rc::Rc;

/// Says which values a schema of one document accepts.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    table: Table<'a>,
    validators: HashMap<usize, Option<Rc<Validator>>>,
}

impl<'a> Judge<'a> {
    pub fn new(root: &'a Node, reading: Reading) -> Self {
        Self {
            table: Table::new(root, reading),
            validators: HashMap::new(),
        }
    }

    /// The number of the schema under a pointer.
    pub fn number(&mut self, pointer: &str) -> usize {
        self.table.number(pointer)
    }

    /// The validator of a schema; none where no validator can be told what the schema says.
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
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("byte", is_base64)
        .with_format("url", |text| text.contains("://") && !text.contains(' '))
        .build(&document)
        .map_err(|_| Beyond)
}

/// Base64 of RFC 4648, section 4.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    let padding = text.len() - body.len();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && padding <= 2 && body.bytes().all(known)
}
