//! The place where a decoder stopped, as a pointer.
//!
//! The decoder gives line and column. The bytes before them are enough to find the place, so no second,
//! slower decoding is needed.

use super::place::{EACH, push, shown};
use super::shape::{Shape, member};

/// An object or a list that is open at the place.
enum Open<'b> {
    /// With the key last read.
    Object(&'b [u8]),
    List,
}

/// The pointer of the value at which a decoder stopped. It has the names of the shape, and other names only
/// when they look like names of fields.
pub(super) fn locate(shape: &Shape, body: &[u8], error: &serde_json::Error) -> String {
    let mut pointer = String::new();
    if !error.is_data() {
        return pointer;
    }
    let mut shapes = vec![shape];
    for level in open(read(body, error)) {
        let name = match &level {
            Open::List => None,
            Open::Object(key) => Some(std::str::from_utf8(key).unwrap_or_default()),
        };
        let (segment, next) = step(&shapes, name);
        push(&mut pointer, segment);
        shapes = next;
    }
    pointer
}

/// What the decoder had read when it stopped.
fn read<'b>(body: &'b [u8], error: &serde_json::Error) -> &'b [u8] {
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    &body[..body.len().min(before + error.column())]
}

/// The objects and lists that are open at the end of the text, outermost first, each with the key
/// it stands at.
fn open(text: &[u8]) -> Vec<Open<'_>> {
    let mut levels = Vec::new();
    let mut at = 0;
    let mut last = (0, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' => levels.push(Open::Object(&[])),
            b'[' => levels.push(Open::List),
            b'}' | b']' => drop(levels.pop()),
            b'"' => {
                let end = string_end(text, at + 1);
                last = (at + 1, end);
                at = end;
            }
            b':' => {
                if let Some(Open::Object(key)) = levels.last_mut() {
                    *key = &text[last.0..last.1];
                }
            }
            b',' => {
                if let Some(Open::Object(key)) = levels.last_mut() {
                    *key = &[];
                }
            }
            _ => {}
        }
        at += 1;
    }
    levels
        .into_iter()
        .filter(|level| !matches!(level, Open::Object([])))
        .collect()
}

/// The place of the quote that ends a string, or of the end.
fn string_end(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

/// One level down: the segment to write, and the shapes that may be beneath.
fn step<'s>(shapes: &[&'s Shape], name: Option<&'s str>) -> (&'s str, Vec<&'s Shape>) {
    let mut segment = name.map_or(EACH, shown);
    let mut beneath = Vec::new();
    for shape in expanded(shapes) {
        match (shape, name) {
            (Shape::Array(item), None) => beneath.push(*item),
            (Shape::Object(fields), Some(name)) => {
                if let Some((known, shape)) = member(fields, name) {
                    (segment, beneath) = (known, vec![shape]);
                    break;
                }
            }
            (Shape::Map(fields, rest), Some(name)) => match member(fields, name) {
                Some((known, shape)) => (segment, beneath) = (known, vec![shape]),
                None => (segment, beneath) = (EACH, vec![*rest]),
            },
            (Shape::Any, _) => segment = EACH,
            _ => {}
        }
    }
    (segment, beneath)
}

/// The members of unions in their place.
fn expanded<'s>(shapes: &[&'s Shape]) -> Vec<&'s Shape> {
    let mut all: Vec<&Shape> = shapes.to_vec();
    let mut at = 0;
    while let Some(shape) = all.get(at).copied() {
        let beneath: Vec<&Shape> = match shape {
            Shape::Tagged { members, .. } => members.iter().map(|(_, shape)| *shape).collect(),
            Shape::Untagged(members) => members.to_vec(),
            _ => Vec::new(),
        };
        for one in beneath {
            if !all.iter().any(|known| std::ptr::eq(*known, one)) {
                all.push(one);
            }
        }
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    static ITEM: Shape = Shape::Object(&[("amount", &Shape::Leaf), ("more", &ITEMS)]);
    static ITEMS: Shape = Shape::Array(&ITEM);
    static WHOLE: Shape = Shape::Object(&[
        ("items", &ITEMS),
        ("free", &Shape::Any),
        ("by_name", &Shape::Map(&[], &ITEM)),
    ]);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it decodes is looked at")]
    struct Item {
        amount: u32,
        #[serde(default)]
        more: Vec<Item>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only whether it decodes is looked at")]
    struct Whole {
        items: Vec<Item>,
        #[serde(default)]
        by_name: std::collections::BTreeMap<String, Item>,
        #[serde(default)]
        free: std::collections::BTreeMap<String, u32>,
    }

    #[test]
    fn one_step_down_keeps_what_any_member_of_a_union_knows() {
        static UNION: Shape = Shape::Untagged(&[&Shape::Leaf, &TAGGED]);
        static TAGGED: Shape = Shape::Tagged {
            tag: "kind",
            members: &[("item", &ITEM), ("whole", &WHOLE)],
        };
        let table = [
            ("amount", "amount", 1),
            ("items", "items", 1),
            ("spendingLimit", "spendingLimit", 0),
            ("4111111111111111", "?", 0),
        ];
        for (name, segment, beneath) in table {
            let (found, shapes) = step(&[&UNION], Some(name));
            assert_eq!((found, shapes.len()), (segment, beneath), "{name}");
        }
        assert_eq!(step(&[&UNION], None).0, "*");
    }

    #[test]
    fn the_place_of_a_failure_is_found_in_the_text() {
        let table = [
            (r#"{"items": 4}"#, "/items"),
            (
                r#"{"items": [{"amount": "secret\" , :{"}]}"#,
                "/items/*/amount",
            ),
            (
                r#"{"items": [{"amount": 1}, {"amount": 1, "more": [{}]}]}"#,
                "/items/*/more/*",
            ),
            ("{\n\"x\": {\"y\": [1]},\n \"items\":\n [true]}", "/items/*"),
            (
                r#"{"items": [], "by_name": {"secret": {"amount": null}}}"#,
                "/by_name/*/amount",
            ),
            (r#"{"items": [], "free": {"secret": "x"}}"#, "/free/*"),
            (r#"{}"#, ""),
            (r#"[]"#, ""),
            (r#"<html>"#, ""),
            (r#"{"items": ["#, ""),
            ("", ""),
        ];
        for (body, expected) in table {
            let error = serde_json::from_str::<Whole>(body).err().unwrap();
            assert_eq!(locate(&WHOLE, body.as_bytes(), &error), expected, "{body}");
        }
    }
}
