//! How much Rust source a contract would need, before any is written.

use contract::{Document, Node};
use std::collections::HashMap;

/// How many inherited fields are written down. Each schema of a chain of `allOf` has those of all
/// the others, so that a small document can ask for millions of them.
const MOST: usize = 20_000;

/// Why no source is written of a document, where it asks for too much.
pub(super) fn excess(document: &Document) -> Option<String> {
    let schemas = document.root.components("schemas");
    let mut counter = Counter {
        root: &document.root,
        known: HashMap::new(),
    };
    let mut inherited = 0usize;
    for schema in schemas {
        let own = schema.value.members_of("properties").len();
        inherited = inherited.saturating_add(counter.fields(&schema.value, 0) - own);
    }
    (inherited > MOST).then(|| {
        format!("its schemas inherit {inherited} fields through `allOf`, and source of at most {MOST} is compared")
    })
}

struct Counter<'a> {
    root: &'a Node,
    known: HashMap<&'a str, usize>,
}

/// How many schemas within schemas are followed.
const DEEPEST: usize = 2_000;

impl<'a> Counter<'a> {
    /// The fields of a schema with those it inherits.
    fn fields(&mut self, schema: &'a Node, depth: usize) -> usize {
        let own = schema.members_of("properties").len();
        if depth > DEEPEST {
            return own;
        }
        let parts = schema.items_of("allOf").iter();
        parts.fold(own, |sum, part| {
            let inner = match part.get("$ref").and_then(Node::as_str) {
                Some(text) => self.target(text, depth + 1),
                None => self.fields(part, depth + 1),
            };
            sum.saturating_add(inner)
        })
    }

    fn target(&mut self, text: &'a str, depth: usize) -> usize {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        // What leads back to itself adds nothing.
        self.known.insert(text, 0);
        let node = contract::pointer::of_reference(text).and_then(|at| self.root.pointer(&at));
        let count = node.map_or(0, |node| self.fields(node, depth));
        self.known.insert(text, count);
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use drift::{Contract, compare};
    use std::fmt::Write as _;

    /// A chain of schemas, each of which has a field of its own and those of the one before.
    fn chain(length: usize, last: &str) -> Contract {
        let mut text = "\
openapi: 3.1.0
info: {title: OffBlocks, version: '1'}
paths:
  /a:
    get:
      tags: [A]
      operationId: getA
      responses:
        '200':
          description: ''
          content: {application/json: {schema: {$ref: '#/components/schemas/Last'}}}
components:
  schemas:
    C0: {type: object, properties: {f0: {type: string}}}
"
        .to_owned();
        for at in 1..length {
            let own = format!("{{type: object, properties: {{f{at}: {{type: string}}}}}}");
            let before = at - 1;
            let all = format!("[{{$ref: '#/components/schemas/C{before}'}}, {own}]");
            writeln!(text, "    C{at}: {{allOf: {all}}}").unwrap();
        }
        let before = length - 1;
        writeln!(
            text,
            "    Last: {{allOf: [{{$ref: '#/components/schemas/C{before}'}}, {{type: object, properties: {{last: {{type: {last}}}}}}}]}}"
        )
        .unwrap();
        Contract::read("chain.yaml", &text).unwrap()
    }

    #[test]
    fn what_is_inherited_is_counted_before_any_source_is_written() {
        for (length, expected) in [(100, false), (500, true)] {
            let contract = chain(length, "string");
            let found = excess(contract.document());
            assert_eq!(found.is_some(), expected, "{length}: {found:?}");
        }
    }

    #[test]
    fn a_long_chain_has_a_verdict_that_says_why_it_is_a_guess() {
        let (base, revision) = (chain(500, "string"), chain(500, "integer"));
        let policy = codegen::policy::Policy::default();
        let mut report = compare(&base, &revision, &crate::options(&policy));
        crate::rust::judge(&mut report, &base, &revision, &policy);
        assert_eq!(report.changes.len(), 1, "{:#?}", report.changes);
        for verdict in &report.crates {
            let note = verdict.note.as_deref().unwrap_or_default();
            assert!(note.contains("inherit"), "{}: {note}", verdict.name);
            assert_eq!(verdict.semver, drift::Semver::Major, "{}", verdict.name);
        }
    }

    #[test]
    fn a_circle_adds_nothing() {
        let text = "\
openapi: 3.1.0
info: {title: A, version: '1'}
paths: {}
components:
  schemas:
    A: {allOf: [{$ref: '#/components/schemas/B'}], properties: {a: {type: string}}}
    B: {allOf: [{$ref: '#/components/schemas/A'}], properties: {b: {type: string}}}
";
        let contract = Contract::read("circle.yaml", text).unwrap();
        assert_eq!(excess(contract.document()), None);
    }
}
