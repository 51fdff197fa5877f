//! Compares the schema of every generated type, as `schemars` derives it from the Rust code, with the
//! contract's own schema. A wrong serde attribute is wrong in both directions, so a round trip does not
//! find it. This comparison does.
//!
//! Both schemas are brought into one form first. Each rule of that form allows one intended difference,
//! and is listed in [`RULES`] with its reason. Any other difference is a fault.

mod normal;
mod tests;

use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// A difference that is meant.
struct Rule {
    /// What differs.
    what: &'static str,
    /// Why it may.
    why: &'static str,
}

/// Every difference that is meant; [`normal`] brings them about.
const RULES: [Rule; 10] = [
    Rule {
        what: "titles, descriptions, examples, $schema, readOnly, writeOnly, deprecated",
        why: "they are prose or hints; no value is accepted or rejected because of them",
    },
    Rule {
        what: "bounds, lengths, patterns and counts of the contract",
        why: "ranges are enforced by the server's schema validation, not by the types",
    },
    Rule {
        what: "bounds and format of derived integers (int32, int64)",
        why: "the contract's integers name no size; the types choose one that holds them",
    },
    Rule {
        what: "format `double` of derived numbers",
        why: "the contract's numbers name no precision",
    },
    Rule {
        what: "null as a value of a property that is not required",
        why: "reading takes null for absence; writing leaves the property out",
    },
    Rule {
        what: "formats email, password, hostname and the like of the contract",
        why: "such strings stay strings, for a server to judge",
    },
    Rule {
        what: "a `$ref` to a string type with nothing but a type or format beside the type itself",
        why: "the contract names types that Rust writes in place (UUID, DateTime, Decimal, URL)",
    },
    Rule {
        what: "required properties that have a default",
        why: "a property with a default is always written and need not be read",
    },
    Rule {
        what: "the default of a property that is required",
        why: "a required property is never absent, so its default is never taken",
    },
    Rule {
        what: "`discriminator` of the contract, the order of `oneOf` and of `required`",
        why: "which member a tag chooses is proved by the tests of unions; order means nothing",
    },
];

/// One type on which the two disagree.
struct Disagreement {
    schema: String,
    contract: Value,
    derived: Value,
}

/// Everything the derived schemas and the contract's disagree on, for one direction.
fn disagreements(contract: Contract) -> Vec<Disagreement> {
    let (ours, theirs) = both(contract);
    compare(&theirs, &ours)
}

/// The derived schemas and the contract's, by name, both resolved and in normal form.
fn both(contract: Contract) -> (Map<String, Value>, Map<String, Value>) {
    let writing = contract.is_serialize();
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.contract = contract)
        .into_generator();
    let pairs = crate::schema_checks::pairs(&mut generator);
    let definitions = generator.take_definitions(true);
    let parse = |text: &str| serde_json::from_str(text).expect("the generator wrote JSON");
    let theirs: Map<String, Value> = pairs
        .iter()
        .map(|(name, json, _)| ((*name).to_owned(), parse(json)))
        .collect();
    let ours = pairs.into_iter().map(|(name, _, schema)| {
        let normal = normal::derived(schema.as_value(), &definitions, writing);
        (name.to_owned(), normal)
    });
    let ours = ours.collect();
    let theirs = theirs
        .iter()
        .map(|(name, schema)| (name.clone(), normal::contract(schema, &theirs)))
        .collect();
    (ours, theirs)
}

fn compare(contract: &Map<String, Value>, derived: &Map<String, Value>) -> Vec<Disagreement> {
    let differing = contract
        .iter()
        .filter(|(name, schema)| derived.get(*name) != Some(*schema));
    differing
        .map(|(name, schema)| Disagreement {
            schema: name.clone(),
            contract: schema.clone(),
            derived: derived.get(name).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The disagreements as text that says where to look.
fn report(found: &[Disagreement]) -> String {
    let mut text = String::new();
    for Disagreement {
        schema,
        contract,
        derived,
    } in found
    {
        let _ = writeln!(
            text,
            "`{schema}`:\n  contract {contract}\n  derived  {derived}"
        );
    }
    text + "fix the types emitter (build-support/codegen/src/emit/types); where the difference is meant, \
            add a rule with its reason to RULES"
}
