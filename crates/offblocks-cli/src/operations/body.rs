//! The body of a request, from the options of its properties and from `--body`. Pure.

use serde_json::{Map, Value};

use crate::generated::{Argument, Kind};

/// A property that is set, with its values: more than one for a list.
pub(super) type Set<'a> = (&'a Argument, Vec<&'a str>);

/// The body: what was given as JSON, with these properties set in it.
///
/// # Errors
/// When a property cannot be set, or one is missing that the contract requires; `properties` are all
/// that the contract has.
pub(super) fn body(
    given: Option<Value>,
    set: &[Set<'_>],
    properties: &[&Argument],
    required: bool,
) -> Result<Option<Value>, String> {
    let needed = required && properties.iter().any(|it| it.required);
    if given.is_none() && set.is_empty() && !needed {
        return Ok(required.then(|| Value::Object(Map::new())));
    }
    let mut body = given.unwrap_or_else(|| Value::Object(Map::new()));
    for (argument, values) in set {
        put(&mut body, argument, Given::Texts(values))?;
    }
    for argument in properties {
        if let Some(default) = argument.default.filter(|_| is_missing(&body, argument)) {
            put(&mut body, argument, Given::Json(default))?;
        }
    }
    let missing: Vec<_> = properties
        .iter()
        .filter(|it| is_missing(&body, it))
        .collect();
    if missing.is_empty() {
        return Ok(Some(body));
    }
    let names = missing.iter().map(|it| it.path.join("."));
    let names: Vec<_> = names.collect();
    Err(format!(
        "the body lacks {}, which the contract requires: give its options (--help lists them), or \
         the whole body with --body",
        names.join(", ")
    ))
}

/// Whether a required property is absent although the object around it is present. An object that lacks only
/// inner properties is reported by those.
fn is_missing(body: &Value, argument: &Argument) -> bool {
    let Some((last, before)) = argument.path.split_last() else {
        return false;
    };
    let parent = before.iter().try_fold(body, |value, name| value.get(name));
    let parent = parent.and_then(Value::as_object);
    argument.required && parent.is_some_and(|parent| !parent.contains_key(*last))
}

/// What a property is set to.
enum Given<'a> {
    /// The values of its option.
    Texts(&'a [&'a str]),
    /// The contract's default.
    Json(&'a str),
}

fn put(body: &mut Value, argument: &Argument, given: Given<'_>) -> Result<(), String> {
    let value = match given {
        Given::Json(default) => value(Kind::Json, default)?,
        Given::Texts(values) => {
            let read = values.iter().map(|text| value(argument.kind, text));
            let mut read = read.collect::<Result<Vec<_>, _>>()?;
            match argument.list {
                true => Value::Array(read),
                false => read.pop().unwrap_or_default(),
            }
        }
    };
    let mut place = body;
    for name in argument.path {
        let shown = argument.path.join(".");
        let object = place.as_object_mut().ok_or_else(|| {
            format!("`{shown}` cannot be set, because the value around it is not an object")
        })?;
        place = object
            .entry(*name)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *place = value;
    Ok(())
}

/// A text of the command line as JSON of this kind.
pub(super) fn value(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Text | Kind::Uuid | Kind::Date | Kind::DateTime => Ok(text.into()),
        Kind::Decimal => match text.parse::<offblocks_types::support::Decimal>() {
            Ok(_) => Ok(text.into()),
            Err(_) => Err("it is not a decimal number such as 23.5".to_owned()),
        },
        Kind::Boolean => match text.parse::<bool>() {
            Ok(flag) => Ok(flag.into()),
            Err(_) => Err("it is neither true nor false".to_owned()),
        },
        Kind::Integer => {
            let whole = text.parse::<i64>().map(Value::from);
            let whole = whole.or_else(|_| text.parse::<u64>().map(Value::from));
            whole.map_err(|_| "it is not a whole number".to_owned())
        }
        Kind::Number => {
            let number: Option<f64> = text.parse().ok();
            let number = number.and_then(serde_json::Number::from_f64);
            number
                .map(Value::Number)
                .ok_or_else(|| "it is not a number".to_owned())
        }
        Kind::Json | Kind::Object => {
            serde_json::from_str(text).map_err(|error| format!("it is not valid JSON: {error}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::Place;
    use serde_json::json;

    const fn argument(path: &'static [&'static str], kind: Kind, required: bool) -> Argument {
        Argument {
            path,
            flag: "",
            place: Place::Body,
            kind,
            list: false,
            values: &[],
            required,
            default: None,
            secret: false,
            about: "",
        }
    }

    static NAME: Argument = argument(&["name"], Kind::Text, true);
    static PLACE: Argument = argument(&["place"], Kind::Object, false);
    static CITY: Argument = argument(&["place", "city"], Kind::Text, true);
    static STREET: Argument = argument(&["place", "street"], Kind::Text, false);
    static AGE: Argument = argument(&["age"], Kind::Integer, false);

    fn made(
        given: Option<Value>,
        set: &[(&'static Argument, &'static str)],
    ) -> Result<Option<Value>, String> {
        let set: Vec<Set<'_>> = set.iter().map(|(it, text)| (*it, vec![*text])).collect();
        body(given, &set, &[&NAME, &PLACE, &CITY, &STREET, &AGE], true)
    }

    #[test]
    fn options_are_set_in_the_given_body() {
        let given = json!({"name": "A", "more": 1});
        let made = made(
            Some(given),
            &[(&NAME, "B"), (&CITY, "Bristol"), (&AGE, "7")],
        );
        let expected = json!({"name": "B", "more": 1, "age": 7, "place": {"city": "Bristol"}});
        assert_eq!(made, Ok(Some(expected)));
    }

    #[test]
    fn a_default_of_the_contract_stands_in() {
        static FLAG: Argument = Argument {
            default: Some("true"),
            ..argument(&["flag"], Kind::Boolean, true)
        };
        let made = body(None, &[(&NAME, vec!["A"])], &[&NAME, &FLAG], true);
        assert_eq!(made, Ok(Some(json!({"name": "A", "flag": true}))));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = made(None, &[]).unwrap_err();
        assert!(error.contains("lacks name, "), "{error}");
        let error = made(None, &[(&NAME, "A"), (&STREET, "x")]).unwrap_err();
        assert!(error.contains("lacks place.city, "), "{error}");
        let error = made(Some(json!([])), &[(&NAME, "A")]).unwrap_err();
        assert!(error.contains("`name` cannot be set"), "{error}");
    }

    #[test]
    fn texts_become_json_of_their_kind() {
        for (kind, text, expected) in [
            (Kind::Decimal, "23.50", Some(json!("23.50"))),
            (Kind::Decimal, "much", None),
            (Kind::Integer, "18446744073709551615", Some(json!(u64::MAX))),
            (Kind::Integer, "1.5", None),
            (Kind::Number, "1.5", Some(json!(1.5))),
            (Kind::Number, "NaN", None),
            (Kind::Boolean, "true", Some(json!(true))),
            (Kind::Json, "[1]", Some(json!([1]))),
            (Kind::Json, "[1", None),
        ] {
            assert_eq!(value(kind, text).ok(), expected, "{kind:?} {text}");
        }
    }
}
