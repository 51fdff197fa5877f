//! Validators for the schemas of one document, each built once.

use super::converted::Converted;
use super::generate::Part;
use super::measure;
use super::meter::Meter;
use super::several::Several;
use super::table::Table;
use contract::Node;
use contract::schema::{Options, validator};
use jsonschema::Validator;
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// Says which values a schema of one document accepts.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    table: Table<'a>,
    checks: HashMap<usize, Built>,
    meter: Meter,
}

/// The result of building a validator.
#[derive(Debug, Clone)]
enum Built {
    Check(Rc<Check>),
    /// No validator can express the schema.
    Beyond,
    /// It costs more than was left.
    TooLarge,
}

/// The validator of a schema, and the cost of using it.
#[derive(Debug)]
pub(super) struct Check {
    validator: Validator,
    /// The most schemas that are looked at for one value within it.
    schemas: usize,
    /// How many of them are patterns that each name of a property is held against.
    patterns: usize,
    meter: Meter,
}

/// How many parts of values can be looked at while one part of a schema is read.
const READING: usize = 1;

/// How many parts of values can be looked at while one part of a schema becomes a validator.
const BUILDING: usize = 15;

impl Check {
    /// Whether a value is accepted; `None` where too much was looked at already.
    pub fn accepts(&self, value: &Value) -> Option<bool> {
        let cost = measure::parts(value).saturating_mul(1 + self.patterns);
        let cost = cost.saturating_add(self.schemas);
        let is_affordable = self.meter.take(cost);
        is_affordable.then(|| self.validator.is_valid(value))
    }
}

impl<'a> Judge<'a> {
    /// Judges the schemas of a document.
    pub fn new(root: &'a Node, options: Options, several: Several, meter: Meter) -> Self {
        Self {
            table: Table::new(root, options, several),
            checks: HashMap::new(),
            meter,
        }
    }

    /// The number of the schema under a pointer.
    pub fn number(&mut self, pointer: &str) -> usize {
        self.table.number(pointer)
    }

    /// Says which values a schema accepts; none where no validator can express the schema, or too much
    /// was looked at already.
    pub fn check(&mut self, number: usize) -> Option<Rc<Check>> {
        let (converted, meter) = (self.table.converted(), &self.meter);
        let built = self.checks.entry(number);
        match built.or_insert_with(|| build(converted, number, meter)) {
            Built::Check(check) => Some(Rc::clone(check)),
            Built::Beyond => None,
            Built::TooLarge => {
                meter.fall_short();
                None
            }
        }
    }

    /// A schema as values are made from it.
    pub fn part(&self, number: usize) -> Option<Part<'_>> {
        let schema = self.table.converted().schema(number).ok()?;
        Some(Part {
            converted: self.table.converted(),
            schema,
        })
    }
}

fn build(converted: &Converted, number: usize, meter: &Meter) -> Built {
    let Ok(document) = converted.document(number) else {
        return Built::Beyond;
    };
    let parts = measure::parts(&document);
    meter.spend(parts.saturating_mul(READING));
    let cost = parts.saturating_mul(BUILDING);
    if !meter.take(cost.saturating_add(measure::crossings(&document))) {
        return Built::TooLarge;
    }
    let Ok(validator) = validator(&document) else {
        return Built::Beyond;
    };
    Built::Check(Rc::new(Check {
        validator,
        schemas: measure::unrolled(&document),
        patterns: measure::patterns(&document),
        meter: meter.clone(),
    }))
}
