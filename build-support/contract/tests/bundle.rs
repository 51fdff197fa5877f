//! Contracts of several files become one document.

use contract::{Document, read_file, read_str};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Writes files into a new folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder"))
            .expect("a temporary folder can be made");
        write(&path, text);
    }
    folder
}

#[expect(clippy::disallowed_methods, reason = "a test writes its input")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a temporary file can be written");
}

fn read(folder: &TempDir) -> Document {
    read_file(&folder.path().join("api.yaml")).unwrap_or_else(|errors| panic!("{errors}"))
}

const API: &str = "\
openapi: 3.0.3
info: {title: Files, version: 1.0.0}
paths:
  /cards/{id}: {$ref: 'paths/cards.yaml#/one'}
components:
  schemas:
    Account: {$ref: schemas/account.json}
    Money: {type: string}
";

const CARDS: &str = "\
one:
  parameters:
    - {$ref: '../schemas/parts.yaml#/parameters/id'}
  get:
    operationId: getCard
    responses:
      '200':
        description: A card
        content:
          application/json:
            schema: {$ref: '../schemas/card.yaml'}
";

const CARD: &str = "\
type: object
properties:
  account: {$ref: 'account.json'}
  balance: {$ref: '#/$defs/Money'}
  limit: {$ref: '../api.yaml#/components/schemas/Money'}
  previous: {$ref: card.yaml}
  name: {$ref: 'parts.yaml#/names/a~1b%20c'}
  holder:
    oneOf: [{$ref: 'parts.yaml#/holders/Person'}, {$ref: 'parts.yaml#/holders/Firm'}]
    discriminator:
      propertyName: kind
      mapping: {person: 'parts.yaml#/holders/Person', firm: parts.yaml#/holders/Firm}
$defs:
  Money: {type: number}
";

const PARTS: &str = "\
parameters:
  id: {name: id, in: path, required: true, schema: {type: string}}
names:
  a/b c: {type: string}
holders:
  Person: {type: object, properties: {kind: {type: string}}}
  Firm: {type: object, properties: {kind: {type: string}}}
";

#[test]
fn pieces_of_other_files_become_components() {
    let folder = folder(&[
        ("api.yaml", API),
        ("paths/cards.yaml", CARDS),
        ("schemas/card.yaml", CARD),
        (
            "schemas/account.json",
            r##"{"type": "object", "properties": {"parent": {"$ref": "#"}}}"##,
        ),
        ("schemas/parts.yaml", PARTS),
    ]);
    let document = read(&folder);
    insta::assert_json_snapshot!("bundled", document.root.to_json());
    let name = document
        .root
        .pointer("/components/schemas/Money2")
        .expect("it was bundled");
    let place = document.sources.locate(name.span);
    assert!(place.ends_with("schemas/card.yaml:14:10"), "{place}");
    assert!(
        document.sources.files().count() == 5,
        "each file is read once"
    );
}

#[test]
fn reading_twice_gives_the_same() {
    let folder = folder(&[
        ("api.yaml", API),
        ("paths/cards.yaml", CARDS),
        ("schemas/card.yaml", CARD),
        ("schemas/account.json", "{}"),
        ("schemas/parts.yaml", PARTS),
    ]);
    let (first, second) = (read(&folder), read(&folder));
    assert_eq!(first.root, second.root);
    assert_eq!(first.sha256, second.sha256);
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_the_folder() {
    let outside = folder(&[("secret.yaml", "type: string\n")]);
    let folder = folder(&[(
        "api.yaml",
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\ncomponents:\n  schemas: {A: {$ref: link.yaml}}\n",
    )]);
    let target = outside.path().join("secret.yaml");
    std::os::unix::fs::symlink(target, folder.path().join("link.yaml")).expect("it can be linked");
    let errors = read_file(&folder.path().join("api.yaml")).expect_err("the link leads out");
    assert_eq!(errors.items[0].code, "read::ref-outside-folder", "{errors}");
}

#[test]
fn a_text_has_no_folder() {
    let errors = read_str("api.yaml", API).expect_err("it refers to files");
    assert!(
        errors
            .items
            .iter()
            .all(|item| item.code == "read::ref-file"),
        "{errors}"
    );
}

#[test]
fn path_items_that_refer_to_each_other_end() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /a: {$ref: '#/paths/~1b'}\n  \
                /b: {$ref: '#/paths/~1a'}\n  /c: {$ref: '#/components/pathItems/C'}\ncomponents:\n  \
                pathItems: {C: {summary: Shared}}\n";
    let errors = read_str("api.yaml", text).expect_err("two go in a circle");
    let codes: Vec<&str> = errors.items.iter().map(|item| item.code).collect();
    assert_eq!(codes, ["read::ref-cycle"], "{errors}");
}

#[test]
fn percent_signs_in_references_are_decoded() {
    let text = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    \
                A-B: {type: string}\n    C: {$ref: '#/components/schemas/A%2DB'}\n";
    let document = read_str("api.yaml", text).unwrap_or_else(|errors| panic!("{errors}"));
    let reference = document.root.pointer("/components/schemas/C/$ref");
    let reference = reference.and_then(|node| node.as_str());
    assert_eq!(reference, Some("#/components/schemas/A-B"));
}

/// Files of JSON Schema often have an address of their own, and refer to one another by it.
#[test]
fn files_are_found_by_their_own_address_and_places_by_their_anchor() {
    let api = "\
openapi: 3.1.0
info: {title: Addresses, version: 1.0.0}
paths: {}
components:
  schemas:
    Pet: {$ref: schemas/pet.json}
    Tag: {$ref: 'schemas/pet.json#tag'}
    Lost: {$ref: 'https://b.example/pet.json'}
";
    let pet = r##"{"$id": "https://a.example/v1/pet", "type": "object", "properties": {
        "tag": {"$ref": "#tag"}, "toy": {"$ref": "toy.json"}, "friend": {"$ref": "#"}},
        "$defs": {"tag": {"$anchor": "tag", "type": "string"}}}"##;
    let toy = r#"{"$id": "https://a.example/v1/toy.json", "type": "object", "properties": {
        "owner": {"$ref": "https://a.example/v1/pet"},
        "price": {"$ref": "https://a.example/common/price.json#/$defs/amount"}}}"#;
    let price = r#"{"$defs": {"amount": {"type": "integer"}}}"#;
    let folder = folder(&[
        ("api.yaml", api),
        ("schemas/pet.json", pet),
        ("schemas/toy.json", toy),
        ("common/price.json", price),
    ]);
    let errors = read_file(&folder.path().join("api.yaml")).expect_err("one is on another host");
    let errors = errors.to_string();
    assert!(errors.contains("https://b.example/pet.json"), "{errors}");
    assert!(!errors.contains("a.example"), "{errors}");
    write(
        &folder.path().join("api.yaml"),
        &api.replace("https://b.example/", "schemas/"),
    );
    let document = read(&folder);
    let target = |pointer: &str| {
        let node = document.root.pointer(pointer).expect("it was taken in");
        node.get("$ref")
            .and_then(contract::Node::as_str)
            .expect("it is a reference")
            .to_owned()
    };
    let of = |name: &str, property: &str| {
        target(&format!("/components/schemas/{name}/properties/{property}"))
    };
    assert_eq!(of("Pet", "tag"), "#/components/schemas/Tag");
    assert_eq!(of("Pet", "friend"), "#/components/schemas/Pet");
    assert_eq!(of("toy", "owner"), "#/components/schemas/Pet");
    assert_eq!(of("toy", "price"), "#/components/schemas/amount");
    assert!(
        document
            .root
            .pointer("/components/schemas/Pet/$id")
            .is_none()
    );
}
