//! Random contracts: what a schema allows is read and written back the same, and what it forbids is
//! rejected or kept.

mod chance;
mod program;
mod shape;
mod value;
mod wrong;

use crate::workspace::{dependencies, emit_document};
use chance::Chance;
use contract::schema::{Options, document, validator};
pub use program::Driver;
use serde_json::{Value, json};
use shape::Shape;
use std::fmt::Write as _;

/// Schemas in one crate, which is compiled once.
const BATCH: usize = 200;

#[test]
fn a_batch_of_random_values_survives() {
    let counted = batch(1, 100, 12);
    assert!(
        counted.schemas == 100 && counted.valid >= 1_000,
        "{counted:?}"
    );
    assert!(counted.wrong >= 400, "{counted:?}");
}

#[test]
#[ignore = "takes many minutes; run it after changes to lowering, the model or the types"]
fn many_random_values_survive() {
    let mut all = Counted::default();
    for seed in 100..110 {
        let one = batch(seed, BATCH, 12);
        all.schemas += one.schemas;
        all.valid += one.valid;
        all.wrong += one.wrong;
    }
    println!("{all:?}");
    assert!(
        all.schemas >= 2_000 && all.valid + all.wrong >= 20_000,
        "{all:?}"
    );
}

/// What a run tried.
#[derive(Debug, Default)]
struct Counted {
    schemas: usize,
    valid: usize,
    wrong: usize,
}

/// One contract of random schemas, compiled, with values put through its types.
fn batch(seed: u64, schemas: usize, values: usize) -> Counted {
    let mut chance = Chance::new(seed);
    let mut shapes: Vec<Shape> = Vec::new();
    for _ in 0..schemas {
        let shape = Shape::named(&mut chance, shapes.len());
        shapes.push(shape);
    }
    let contract = contract_of(&shapes);
    let (lines, counted) = cases(&mut chance, &contract, &shapes, values);
    let failures = build(&contract, schemas).run(&lines);
    assert!(
        failures.is_empty(),
        "seed {seed}: {} values do not survive; the first are\n{}",
        failures.lines().count(),
        explained(&failures, &contract)
    );
    counted
}

fn contract_of(shapes: &[Shape]) -> Value {
    let schemas = shapes.iter().enumerate();
    let schemas: serde_json::Map<String, Value> = schemas
        .map(|(index, shape)| (Shape::name(index), shape.schema()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Random", "version": "1" },
        "paths": {},
        "components": { "schemas": schemas },
    })
}

/// A line for each value: `[schema, whether it is valid, value]`. The judge of what is valid is a
/// validator of JSON Schema, so that the generator cannot err.
fn cases(
    chance: &mut Chance,
    contract: &Value,
    shapes: &[Shape],
    values: usize,
) -> (String, Counted) {
    let text = contract.to_string();
    let read = contract::read_str("random.json", &text).unwrap_or_else(|found| panic!("{found}"));
    let whole = document(&read.root, Options::new(read.version));
    let mut lines = String::new();
    let mut counted = Counted {
        schemas: shapes.len(),
        ..Counted::default()
    };
    for (index, shape) in shapes.iter().enumerate() {
        // The name of a number or a list is only another name for it: serde alone reads it.
        if !matches!(shape, Shape::Object(_) | Shape::Union(..) | Shape::All(_)) {
            continue;
        }
        let name = Shape::name(index);
        let mut schema = whole.clone();
        schema["$ref"] = format!("#/components/schemas/{name}").into();
        let judge = validator(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        for _ in 0..values {
            let value = shape.value(chance, shapes, 0);
            let wrong = wrong::changed(chance, &value);
            // What is valid with a change may be a number beyond its format, which no schema forbids.
            for (value, must) in [(value, true), (wrong, false)] {
                let valid = must && judge.is_valid(&value);
                counted.valid += usize::from(valid);
                counted.wrong += usize::from(!valid);
                let ty = format!("random_types::{name}");
                writeln!(lines, "{}", json!([ty, valid, value])).unwrap();
            }
        }
    }
    (lines, counted)
}

/// The program with the types of one contract.
fn build(contract: &Value, schemas: usize) -> Driver {
    let text = contract.to_string();
    let read = contract::read_str("random.json", &text).unwrap_or_else(|found| panic!("{found}"));
    let mut driver = Driver::new("random");
    driver.add_types("random", &emit_document("random", &read, &dependencies()));
    for index in 0..schemas {
        driver.add_arm(&format!("random_types::{}", Shape::name(index)));
    }
    driver
}

/// The first failures, each with its schema.
fn explained(failures: &str, contract: &Value) -> String {
    let mut seen = std::collections::BTreeSet::new();
    let mut text = String::new();
    for line in failures.lines() {
        let name = line.split_whitespace().next().unwrap_or_default();
        let name = name.trim_start_matches("random_types::");
        if seen.insert(name) && seen.len() <= 12 {
            let schema = contract.pointer(&format!("/components/schemas/{name}"));
            writeln!(text, "{line}\n    of {}", schema.unwrap_or(&Value::Null)).unwrap();
        }
    }
    text
}
