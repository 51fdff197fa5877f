//! Both parsers, against each other and against serde_json.

use super::super::Sources;
use super::*;
use proptest::prelude::*;
use serde_json::json;

fn read(name: &str, text: &str) -> (Result<Node, Box<Diagnostic>>, Vec<Diagnostic>, Sources) {
    let sources = Sources::single(name, text);
    let file = sources.files().next().expect("one file was added");
    let mut found = Vec::new();
    let node = parse(file, name, text, &mut found);
    (node, found, sources)
}

fn value(name: &str, text: &str) -> serde_json::Value {
    let (node, found, _) = read(name, text);
    assert_eq!(found, [], "reading {text:?}");
    node.expect("the text is sound").to_json()
}

/// The codes of everything found.
fn codes(name: &str, text: &str) -> Vec<&'static str> {
    let (node, found, _) = read(name, text);
    let error = node.err().map(|error| *error);
    found.iter().chain(&error).map(|found| found.code).collect()
}

#[test]
fn yaml_values() {
    let table = [
        (
            "a: 1\n200: x\n'201': y\nno: no",
            json!({"a": 1, "200": "x", "201": "y", "no": "no"}),
        ),
        (
            "a: &x [1, {b: c}]\nd: *x",
            json!({"a": [1, {"b": "c"}], "d": [1, {"b": "c"}]}),
        ),
        ("&k a: b\nc: *k\n", json!({"a": "b", "c": "a"})),
        (
            "base: &b {x: 1, y: 2}\nother: &o {y: 5, z: 3}\nm:\n  <<: [*b, *o]\n  x: 9\n",
            json!({"base": {"x": 1, "y": 2}, "other": {"y": 5, "z": 3},
                   "m": {"x": 9, "y": 2, "z": 3}}),
        ),
        ("'<<': {a: 1}", json!({"<<": {"a": 1}})),
        (
            "a: !!str 1\nb: !!int 2\nc: ! 3\nd: !!map {}",
            json!({"a": "1", "b": 2, "c": "3", "d": {}}),
        ),
        (
            "a: |\r\n  é\r\n  b\r\nc: >-\r\n  x\r\n  y\r\n",
            json!({"a": "é\nb\n", "c": "x y"}),
        ),
        ("\u{feff}a:\n", json!({"a": null})),
        ("--- # begins\na: 1\n...\n", json!({"a": 1})),
    ];
    for (text, expected) in table {
        assert_eq!(value("t.yaml", text), expected, "reading {text:?}");
    }
}

#[test]
fn json_values() {
    let table = [
        (
            r#" {"a":[1,-0.5,1e2],"é\u00e9":"\ud83d\ude00\"\\\/\b\f\n\r\t"} "#,
            json!({"a": [1, -0.5, 100.0], "éé": "😀\"\\/\u{8}\u{c}\n\r\t"}),
        ),
        (
            "\u{feff}[\tnull,\r\ntrue , false]",
            json!([null, true, false]),
        ),
        ("18446744073709551615", json!(u64::MAX)),
    ];
    for (text, expected) in table {
        assert_eq!(value("t.json", text), expected, "reading {text:?}");
    }
}

#[test]
fn what_is_rejected_has_a_code() {
    let nested = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let blocks: String = (0..150)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect();
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let again = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{again}]\n"));
    }
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    let table: &[(&str, &str, &[&str])] = &[
        ("t.yaml", "a: b: c", &["read::syntax"]),
        ("t.yaml", "a:\n\t- b", &["read::syntax"]),
        ("t.yaml", "a: 'b", &["read::syntax"]),
        ("t.yaml", "a: b\0", &["read::syntax"]),
        ("t.yaml", "", &["read::empty"]),
        ("t.yaml", "# only\n", &["read::empty"]),
        ("t.yaml", "a: 1\n---\nb: 2\n", &["read::several-documents"]),
        (
            "t.yaml",
            "a: 1\nb: 2\na: 3\nb: 4",
            &["read::duplicate-key", "read::duplicate-key"],
        ),
        ("t.yaml", "? [a]\n: b", &["read::key"]),
        (
            "t.yaml",
            "a: !!int x\nb: !own y\nc: !!binary aGk=",
            &["read::tag", "read::tag", "read::tag"],
        ),
        (
            "t.yaml",
            "a: .nan\nb: 1e999",
            &["read::number", "read::number"],
        ),
        (
            "t.yaml",
            "a: 0.10000000000000000001",
            &["read::inexact-number"],
        ),
        ("t.yaml", "a: &x [*x]", &["read::alias"]),
        ("t.yaml", "a: *x", &["read::syntax"]),
        ("t.yaml", &laughs, &["read::alias"]),
        ("t.yaml", &chain, &["read::too-deep"]),
        ("t.yaml", &nested, &["read::too-deep"]),
        ("t.yaml", &blocks, &["read::too-deep"]),
        ("t.json", &nested, &["read::too-deep"]),
        ("t.json", "{\"a\":1,\"a\":2}", &["read::duplicate-key"]),
        ("t.json", "{\"a\":1,}", &["read::syntax"]),
        ("t.json", "{'a':1}", &["read::syntax"]),
        ("t.json", "[01]", &["read::syntax"]),
        ("t.json", "\"\\ud83d\"", &["read::syntax"]),
        ("t.json", "\"a\nb\"", &["read::syntax"]),
        ("t.json", "\"a", &["read::syntax"]),
        ("t.json", "", &["read::syntax"]),
    ];
    for (name, text, expected) in table {
        assert_eq!(
            codes(name, text),
            *expected,
            "reading {text:.60?} as {name}"
        );
    }
}

/// Every key's and plain value's place holds exactly its text.
fn check_places(node: &Node, sources: &Sources) {
    let written = |span: Span| sources.slice(span).trim_matches(['"', '\'']).to_owned();
    for member in node.members() {
        assert_eq!(written(member.key_span), member.key);
        check_places(&member.value, sources);
    }
    node.items()
        .iter()
        .for_each(|item| check_places(item, sources));
    if let Some(text) = node.as_str() {
        assert_eq!(written(node.span), text);
    }
}

#[test]
fn places_are_exact_in_any_script_and_with_any_line_break() {
    let texts = [
        (
            "t.yaml",
            "ключ: 'é'\r\n日本:\r\n  - ü\r\n  - {ß: x, 😀: \"y\"}\r\nlast: z\r\n",
        ),
        ("t.yaml", "\u{feff}ключ: é\n# ü\nb: [ö, x]\n"),
        (
            "t.json",
            "\u{feff}{\"ключ\": \"é\", \"b\": [\"ö\", {\"😀\": \"x\"}]}",
        ),
        (
            "t.yaml",
            "{\"ключ\": \"é\",\n \"b\": [\"ö\", {\"😀\": \"x\"}], c: d}",
        ),
    ];
    for (name, text) in texts {
        let (node, _, sources) = read(name, text);
        check_places(&node.expect("the text is sound"), &sources);
    }
}

#[test]
fn a_block_ends_with_its_last_value() {
    let (node, _, sources) = read(
        "t.yaml",
        "a:\n  b: 1\n  c:\n    - x\n    - y\n\n# end\nd: 2\n",
    );
    let node = node.expect("the text is sound");
    let slice = |pointer| sources.slice(node.pointer(pointer).expect("it is there").span);
    assert_eq!(slice("/a"), "b: 1\n  c:\n    - x\n    - y");
    assert_eq!(slice("/a/c"), "- x\n    - y");
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn json_reads_as_serde_wrote_it(written in any_json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&written)
        } else {
            serde_json::to_string(&written)
        };
        let text = text.expect("every value can be written");
        let (node, found, _) = read("t.json", &text);
        prop_assert_eq!(found, []);
        prop_assert_eq!(node.expect("serde writes JSON").to_json(), written);
    }

    #[test]
    fn json_is_accepted_exactly_where_serde_accepts_it(
        text in r#"[\[\]{}:, \n\t"\\a-fnrtu0-9.eE+-]{0,24}|[\[{]("[a\\nu0]{0,6}"|[0-9.eE-]{1,5}|null|true|[,:\[\]{} ]){0,8}"#
    ) {
        let serde = serde_json::from_str::<serde_json::Value>(&text);
        let (node, found, _) = read("t.json", &text);
        let limits = found.iter().any(|found| found.code == "read::number");
        match (serde, node) {
            (Ok(_), Ok(_)) | (Err(_), Err(_)) => {}
            (Err(_), Ok(_)) => prop_assert!(limits, "accepted {text:?}"),
            (Ok(value), Err(error)) => prop_assert!(false, "{text:?} is {value}: {error:?}"),
        }
    }

    #[test]
    fn yaml_never_panics_and_its_places_lie_in_the_text(
        text in r#"([-a-c:?&*!|>'"%@`#{}\[\], \n\r\t\\~<0-9.é😀\u{feff}]|<<: |- |: |&a |\*a |!!str |\n  ){0,40}|\PC{0,40}"#
    ) {
        let (node, found, sources) = read("t.yaml", &text);
        for found in found.iter().chain(node.as_ref().err().map(AsRef::as_ref)) {
            let span = found.span.expect("every finding has a place");
            prop_assert!(span.start() <= span.end() && span.end() <= text.len());
            prop_assert!(sources.position(span) >= (1, 1));
        }
        if let Ok(node) = node {
            let slice = |span: Span| text.get(span.range());
            let mut open = vec![&node];
            while let Some(node) = open.pop() {
                prop_assert!(slice(node.span).is_some(), "{:?}", node.span);
                open.extend(node.items());
                for member in node.members() {
                    prop_assert!(slice(member.key_span).is_some());
                    open.push(&member.value);
                }
            }
        }
    }
}
