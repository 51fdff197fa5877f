//! A second contract in one workspace: what its generated code stands on is that of the first.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use codegen::generate::{Generated, PLACEMENTS, generate};
use codegen::policy::Policy;
use files::FileSet;
use std::collections::BTreeSet;

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: Second, version: '1'}
tags: [{name: Lamps}]
paths:
  /lamps/{id}:
    get:
      tags: [Lamps]
      operationId: getLamp
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The lamp.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Lamp'}
        '404':
          description: There is none.
          content:
            application/problem+json:
              schema: {$ref: '#/components/schemas/Problem'}
        '409':
          description: It is broken.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Problem'}
components:
  schemas:
    Lamp:
      type: object
      required: [colour, price]
      properties:
        colour: {type: string, enum: [red, green]}
        price: {type: string, format: decimal}
    Problem:
      type: object
      required: [title]
      properties: {title: {type: string}}
";

fn generated(policy: &str) -> Generated {
    let document = contract::read_str("second.yaml", CONTRACT).unwrap();
    generate(&document, &Policy::parse("second.toml", policy).unwrap()).unwrap()
}

fn text<'a>(files: &'a FileSet, path: &str) -> &'a str {
    let mut all = files.iter();
    let found = all.find(|(name, _)| *name == path);
    found.unwrap_or_else(|| panic!("{path} is missing")).1
}

#[test]
fn the_support_of_another_contract_is_used_where_the_policy_says_so() {
    let own = generated("");
    assert!(
        own.server
            .iter()
            .any(|(path, _)| path == "support/problem.rs")
    );
    assert!(
        own.types
            .iter()
            .any(|(path, _)| path == "support/decimal.rs")
    );
    let shared = generated(
        "[emit]\ntypes = \"second\"\ntypes_support = \"first_types::support\"\n\
         server_support = \"first_server::support\"\n",
    );
    assert!(
        !shared
            .server
            .iter()
            .any(|(path, _)| path.starts_with("support/"))
    );
    let root = text(&shared.server, "mod.rs");
    assert!(root.contains("pub use first_server::support;"), "{root}");
    let support = shared
        .types
        .iter()
        .filter(|(path, _)| path.starts_with("support/"));
    let support: BTreeSet<_> = support.map(|(path, _)| path.to_owned()).collect();
    let helpers = [
        "support/mod.rs",
        "support/string_enum.rs",
        "support/text.rs",
    ];
    assert_eq!(support, helpers.map(str::to_owned).into());
    let support = text(&shared.types, "support/mod.rs");
    assert!(
        support.contains("pub use first_types::support::{"),
        "{support}"
    );
}

/// A response that is a problem by its media type is made of the server's own, so that an
/// implementer has one way to reject.
#[test]
fn a_rejection_documented_as_a_problem_is_one() {
    let server = generated("").server;
    let lamps = text(&server, "lamps.rs");
    assert!(lamps.contains("NotFound(Problem)"), "{lamps}");
    assert!(
        lamps.contains("404 => Ok(Self::NotFound(problem))"),
        "{lamps}"
    );
    assert!(
        lamps.contains("409 => Err(problem)"),
        "another body is no problem: {lamps}"
    );
}

#[test]
fn no_two_contracts_of_the_workspace_share_a_folder() {
    let folders = PLACEMENTS.iter().flat_map(|placement| placement.owned);
    let all: Vec<_> = folders.copied().collect();
    for (index, folder) in all.iter().enumerate() {
        let others = all.iter().skip(index + 1);
        for other in others {
            let apart = !folder.starts_with(other) && !other.starts_with(folder);
            assert!(apart, "{folder} and {other}");
        }
    }
}
