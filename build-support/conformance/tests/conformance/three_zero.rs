//! Contracts of OpenAPI 3.0.

use super::*;

#[test]
fn a_contract_of_three_zero_is_read_in_its_own_way() {
    let text = r##"
openapi: 3.0.3
info: {title: Old, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: A.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/A'}
components:
  schemas:
    A:
      type: object
      properties:
        n: {type: string, nullable: true}
        e: {type: string, nullable: true, enum: [x]}
        l: {type: string, nullable: true, enum: [x, null]}
        r: {nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}
        d: {type: number, minimum: 0, exclusiveMinimum: true}
        plain: {type: string}
    B: {type: object, required: [b], properties: {b: {type: string}}}
"##;
    let old = contract(text);
    let table: &[(Value, &[&str])] = &[
        (json!({"n": null, "l": null, "r": null, "d": 0.5}), &[]),
        (json!({"e": null}), &["enum-value-undocumented"]),
        (json!({"r": {"b": "x"}, "e": "x"}), &[]),
        (json!({"d": 0}), &["value-out-of-range"]),
        (json!({"plain": null}), &["null-not-allowed"]),
        (json!({"e": "y"}), &["enum-value-undocumented"]),
        (json!({"r": {}}), &["field-missing"]),
        (json!({"r": {"b": "x", "c": 1}}), &["field-undocumented"]),
    ];
    for (body, expected) in table {
        let found = found(&old, json_exchange("/a", body).moved("/a"));
        let rules: Vec<&str> = found
            .iter()
            .map(|it| it.split(' ').next().unwrap())
            .collect();
        assert_eq!(rules, *expected, "for {body}: {found:?}");
    }
}

trait Moved {
    fn moved(self, path: &str) -> Self;
}

impl Moved for Exchange {
    /// The same without a base path, for a contract that has none.
    fn moved(mut self, path: &str) -> Self {
        path.clone_into(&mut self.url);
        self
    }
}
