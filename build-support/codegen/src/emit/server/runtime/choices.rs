//! Text that may be of several shapes. The text does not say which of them it is, so that it is read in
//! each way in turn, until the schema takes what was read.

use serde_json::{Number, Value};

use super::Shape;

/// What a text is taken for first, where it may be several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// A string.
    Text,
    /// A number, a flag or JSON.
    Scalar,
    /// A list, even where there is one text only.
    List,
    /// An object.
    Object,
}

/// The ways to read the texts of a shape: more than one where it leaves a choice.
pub(super) fn ways(shape: Shape) -> &'static [Prefer] {
    match leaves_choice(shape) {
        true => &[Prefer::Text, Prefer::Scalar, Prefer::List, Prefer::Object],
        false => &[Prefer::Text],
    }
}

fn leaves_choice(shape: Shape) -> bool {
    match shape {
        Shape::Any(_) => true,
        Shape::List(inner)
        | Shape::Map(inner)
        | Shape::Joined(_, inner)
        | Shape::Spread(inner)
        | Shape::Deep(inner) => leaves_choice(*inner),
        // What may hold itself is not followed.
        Shape::Of(_) => true,
        Shape::Object(members) => members.iter().any(|(_, shape)| leaves_choice(*shape)),
        Shape::Open(members, others) => {
            let mut all = members.iter().map(|(_, shape)| shape).chain([others]);
            all.any(|shape| leaves_choice(*shape))
        }
        Shape::Text | Shape::Integer | Shape::Number | Shape::Boolean | Shape::Json => false,
    }
}

/// The shape itself, or the one among several that has members.
pub(super) fn object_among(shape: Shape) -> Option<Shape> {
    among(shape, |shape| matches!(shape, Shape::Object(_) | Shape::Map(_) | Shape::Open(..)))
}

/// The shape of the items of the shape itself, or of the one among several that has items.
pub(super) fn list_among(shape: Shape) -> Option<Shape> {
    match among(shape, |shape| matches!(shape, Shape::List(_)))? {
        Shape::List(item) => Some(*item),
        _ => None,
    }
}

fn among(shape: Shape, wanted: impl Fn(&Shape) -> bool) -> Option<Shape> {
    match shape.itself() {
        Shape::Any(options) => options.iter().map(|option| option.itself()).find(wanted),
        shape => Some(shape).filter(wanted),
    }
}

/// The shape itself, or the one among several that decoded texts are read as.
pub(super) fn chosen(shape: Shape, texts: &[String], prefer: Prefer) -> Shape {
    let shape = shape.itself();
    let Shape::Any(options) = shape else {
        return shape;
    };
    let options = options.iter().map(|option| option.itself());
    let list = options.clone().find(|shape| matches!(shape, Shape::List(_)));
    let [single] = texts else {
        return list.unwrap_or(Shape::Text);
    };
    let object = object_among(shape);
    if let Some(object) = object.filter(|_| prefer == Prefer::Object) {
        return object;
    }
    let text = options.clone().find(|shape| matches!(shape, Shape::Text));
    let scalar = options.clone().find(|shape| is_written(*shape, single));
    let order = match prefer {
        Prefer::Text => [text, scalar, list],
        Prefer::Scalar => [scalar, text, list],
        Prefer::List | Prefer::Object => [list, scalar, text],
    };
    let first = order.into_iter().flatten().next();
    first.or(object).unwrap_or(Shape::Text)
}

/// Whether a text is a value of a shape as it is written: `01` is not an integer.
fn is_written(shape: Shape, text: &str) -> bool {
    match shape {
        Shape::Integer => integer(text).is_some(),
        Shape::Number => number(text).is_some(),
        Shape::Boolean => matches!(text, "true" | "false"),
        Shape::Json => serde_json::from_str(text)
            .is_ok_and(|value: Value| value.is_array() || value.is_object()),
        _ => false,
    }
}

/// A text as an integer of 64 bits.
pub(super) fn integer(text: &str) -> Option<Number> {
    number(text).filter(|number| !number.is_f64())
}

/// A text as a number, as JSON writes it: without a plus sign, and no zeros or points that say nothing.
pub(super) fn number(text: &str) -> Option<Number> {
    let has_digits = text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && text.ends_with(|c: char| c.is_ascii_digit());
    has_digits.then(|| serde_json::from_str(text).ok()).flatten()
}
