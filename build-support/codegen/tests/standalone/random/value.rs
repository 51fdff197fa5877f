//! Random values of a shape.

use super::chance::Chance;
use super::shape::{Object, Shape};
use serde_json::{Map, Value, json};

const TEXTS: [&str; 14] = [
    "",
    "a",
    " ",
    "größe",
    "😀",
    "\u{0}",
    "\"\\",
    "null",
    "1",
    "a\nb",
    "é",
    "<b>",
    "\u{feff}x",
    "line\u{2028}",
];

impl Shape {
    /// A value. Most are valid; a validator decides.
    pub fn value(&self, chance: &mut Chance, all: &[Shape], depth: usize) -> Value {
        match self {
            Self::Text(None) => json!(*chance.one(&TEXTS)),
            Self::Text(Some(format)) => json!(in_format(chance, format)),
            Self::Listed(values) => chance.one(values).clone(),
            Self::Only(value) => value.clone(),
            Self::Whole(format, bounds) => whole(chance, *format, *bounds),
            Self::Number => number(chance),
            Self::Flag => json!(chance.once_in(2)),
            Self::Any => anything(chance, depth),
            Self::List(items) => {
                let count = if depth > 4 { 0 } else { chance.below(4) };
                (0..count)
                    .map(|_| items.value(chance, all, depth + 1))
                    .collect()
            }
            Self::Map(values) => Value::Object(entries(chance, all, values, depth)),
            Self::Object(object) => Value::Object(object.value(chance, all, depth)),
            Self::Nullable(..) if chance.once_in(3) => Value::Null,
            Self::Nullable(inner, _) => inner.value(chance, all, depth),
            Self::Reference(index) => all[*index].value(chance, all, depth + 1),
            Self::Union(_, members) => chance.one(members).value(chance, all, depth + 1),
            Self::All(parts) => {
                let parts = parts.iter().flat_map(|part| part.value(chance, all, depth));
                Value::Object(parts.collect())
            }
        }
    }
}

impl Object {
    fn value(&self, chance: &mut Chance, all: &[Shape], depth: usize) -> Map<String, Value> {
        let mut members = Map::new();
        for field in &self.fields {
            if field.required || (depth < 6 && chance.once_in(2)) {
                members.insert(
                    field.name.clone(),
                    field.shape.value(chance, all, depth + 1),
                );
            }
        }
        if let Some(rest) = &self.rest {
            for (name, value) in entries(chance, all, rest, depth) {
                members.entry(name).or_insert(value);
            }
        }
        members
    }
}

fn entries(chance: &mut Chance, all: &[Shape], values: &Shape, depth: usize) -> Map<String, Value> {
    let count = if depth > 4 { 0 } else { chance.below(3) };
    let entry = |_| {
        let name = format!("key {}", chance.one(&TEXTS));
        (name, values.value(chance, all, depth + 1))
    };
    (0..count).map(entry).collect()
}

fn in_format(chance: &mut Chance, format: &str) -> &'static str {
    let all: &[&str] = match format {
        "uuid" => &[
            "123e4567-e89b-12d3-a456-426614174000",
            "123E4567-E89B-12D3-A456-42661417400F",
        ],
        "date-time" => &[
            "2024-03-05T09:41:07Z",
            "2024-03-05T09:41:07.500+05:30",
            "2024-03-05t09:41:07.10z",
        ],
        "date" => &["2024-02-29", "0001-01-01", "9999-12-31"],
        "byte" => &["", "YQ==", "YWJj", "+/+/"],
        "uri" => &[
            "https://a.b",
            "HTTPS://A.b/%7e",
            "mailto:a@b.example",
            "urn:x:y",
        ],
        "email" => &["a@b.example", "A+b@C.example"],
        "decimal" => &[
            "0",
            "1.50",
            "-0.00",
            "12345678901234567890.123456789012345678901234567890",
        ],
        "hostname" => &["a.example", "xn--gr-zia.example"],
        "time" => &["09:41:07Z", "09:41:07.5+05:30"],
        "duration" => &["P1D", "PT1H30M", "P3Y6M4DT12H30M5S"],
        _ => &TEXTS,
    };
    all[chance.below(all.len())]
}

/// Integers at the edges of their type, some of them written with a point.
fn whole(chance: &mut Chance, format: Option<&str>, bounds: Option<(i64, i64)>) -> Value {
    let (least, most) = match (format, bounds) {
        (_, Some(bounds)) => bounds,
        (Some("int8"), _) => (i8::MIN.into(), i8::MAX.into()),
        (Some("int16"), _) => (i16::MIN.into(), i16::MAX.into()),
        (Some("int32"), _) => (i32::MIN.into(), i32::MAX.into()),
        (Some("uint8"), _) => (0, u8::MAX.into()),
        (Some("uint16"), _) => (0, u16::MAX.into()),
        (Some("uint32"), _) => (0, u32::MAX.into()),
        (Some("uint64"), _) if chance.once_in(3) => return json!(u64::MAX),
        (Some("uint64"), _) => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    let value = *chance.one(&[least, most, 0.clamp(least, most), 5.clamp(least, most)]);
    match value.abs_diff(0) < 1_000_000 && chance.once_in(3) {
        #[expect(clippy::cast_precision_loss, reason = "it is small")]
        true => json!(value as f64),
        false => json!(value),
    }
}

fn number(chance: &mut Chance) -> Value {
    chance
        .one(&[
            json!(0),
            json!(-1),
            json!(5.0),
            json!(0.1),
            json!(1e300),
            json!(-2.5e-8),
            json!(123_456_789.125),
            json!(4_503_599_627_370_497_i64),
        ])
        .clone()
}

fn anything(chance: &mut Chance, depth: usize) -> Value {
    let simple = if depth > 3 { 5 } else { 7 };
    match chance.below(simple) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(u64::MAX),
        3 => json!(0.5),
        4 => json!(*chance.one(&TEXTS)),
        5 => (0..chance.below(3))
            .map(|_| anything(chance, depth + 1))
            .collect(),
        _ => json!({ *chance.one(&TEXTS): anything(chance, depth + 1) }),
    }
}
