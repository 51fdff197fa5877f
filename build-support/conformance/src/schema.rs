//! Values against the contract's schemas.

use contract::schema::{Direction, Options, document, validator};
use contract::{Document, pointer};
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::rc::Rc;

/// The longest value outside an enum that a message shows.
const LONGEST_SHOWN: usize = 40;

/// The contract's schemas, each compiled when first asked for.
pub(super) struct Schemas {
    /// The whole document in JSON Schema 2020-12; pointers are the contract's own.
    document: Value,
    /// What references can lead to: the document, without the paths where none leads there.
    targets: Map<String, Value>,
    compiled: RefCell<HashMap<String, Option<Rc<Validator>>>>,
}

/// One way in which a value breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    /// The rule it falls under.
    pub(super) rule: &'static str,
    /// Where the broken keyword stands in the contract.
    pub(super) schema: String,
    /// The property in the contract that holds the value, or the schema of the body.
    pub(super) owner: String,
    /// Where the value stands in the body, as a JSON pointer.
    pub(super) instance: String,
    /// What distinguishes it from others of the same keyword: a field's name, a value.
    pub(super) detail: String,
    /// What is wrong, without the value.
    pub(super) message: String,
}

impl Schemas {
    pub(super) fn new(contract: &Document, direction: Direction) -> Self {
        let options = Options {
            direction: Some(direction),
            ..Options::new(contract.version)
        };
        let json = document(&contract.root, options);
        let mut targets = json.as_object().cloned().unwrap_or_default();
        for keyword in ["paths", "webhooks"] {
            if !mentions(&json, &format!("#/{keyword}/")) {
                targets.remove(keyword);
            }
        }
        Self {
            document: json,
            targets,
            compiled: RefCell::default(),
        }
    }

    /// The schema at a pointer, with references followed: where it stands in the end, and itself.
    pub(super) fn resolved(&self, pointer: &str) -> Option<(String, &Value)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..64 {
            let schema = self.document.pointer(&pointer)?;
            let lone = schema.as_object().is_some_and(|schema| schema.len() == 1);
            match schema.get("$ref").and_then(Value::as_str) {
                Some(target) if lone => pointer = pointer::of_reference(target)?.into_owned(),
                _ => return Some((pointer, schema)),
            }
        }
        None
    }

    /// The schema at a pointer, as it is written.
    pub(super) fn written(&self, pointer: &str) -> Option<&Value> {
        self.document.pointer(pointer)
    }

    /// Every way in which a value breaks the schema at a pointer. A schema that does not compile
    /// rejects nothing: the checks of the contract report it.
    pub(super) fn violations(&self, pointer: &str, value: &Value) -> Vec<Violation> {
        let Some(validator) = self.validator(pointer) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for error in validator.iter_errors(value) {
            self.collect(pointer, &error, value, &mut found);
        }
        without_echoes(found)
    }

    /// Whether the schema at a pointer accepts a value.
    pub(super) fn accepts(&self, pointer: &str, value: &Value) -> bool {
        self.validator(pointer).is_none_or(|it| it.is_valid(value))
    }

    /// An error as a violation; for a union chosen by a property, those of the chosen alternative.
    fn collect(
        &self,
        root: &str,
        error: &ValidationError<'_>,
        body: &Value,
        found: &mut Vec<Violation>,
    ) {
        let path = error.evaluation_path().as_str();
        let (schema, owner) = self.followed(root, path.strip_prefix("/$ref").unwrap_or(path));
        let instance = error.instance_path().as_str().to_owned();
        let union = matches!(
            error.kind(),
            Kind::OneOfNotValid { .. } | Kind::AnyOf { .. }
        );
        if union
            && let Some(chosen) = self.chosen(&schema, error.instance())
            && let Some(part) = body.pointer(&instance)
        {
            found.extend(
                self.violations(&chosen, part)
                    .into_iter()
                    .map(|inner| Violation {
                        instance: format!("{instance}{}", inner.instance),
                        ..inner
                    }),
            );
            return;
        }
        let (rule, detail, message) = described(error);
        found.push(Violation {
            rule,
            schema,
            owner,
            instance,
            detail,
            message,
        });
    }

    /// The alternative of a union that a value chooses: by the discriminator, or because nothing
    /// else but `null` is left.
    fn chosen(&self, union: &str, value: &Value) -> Option<String> {
        let (owner, _) = union.rsplit_once('/')?;
        let alternatives = self.document.pointer(union)?.as_array()?;
        if let Some(discriminator) = self.document.pointer(owner)?.get("discriminator") {
            let name = discriminator.get("propertyName")?.as_str()?;
            let word = value.get(name)?.as_str()?;
            let target = discriminator
                .pointer("/mapping")
                .and_then(|it| it.get(word));
            return match target.and_then(Value::as_str) {
                Some(target) if target.starts_with('#') => {
                    pointer::of_reference(target).map(Cow::into_owned)
                }
                Some(target) => Some(format!("/components/schemas/{target}")),
                None => Some(format!("/components/schemas/{word}"))
                    .filter(|pointer| self.document.pointer(pointer).is_some()),
            };
        }
        let null = json!({"type": "null"});
        let mut rest = (0..alternatives.len()).filter(|index| alternatives[*index] != null);
        let only = rest.next()?;
        let is_only = rest.next().is_none() && !value.is_null();
        is_only.then(|| format!("{union}/{only}"))
    }

    /// Where a path that walks through references ends in the contract, and the last property it
    /// went through.
    fn followed(&self, root: &str, path: &str) -> (String, String) {
        let (mut at, mut owner) = (root.to_owned(), root.to_owned());
        for token in path.split('/').skip(1) {
            let target = self
                .document
                .pointer(&at)
                .and_then(|it| it.get("$ref")?.as_str());
            let in_properties = at.ends_with("/properties");
            match (token, target) {
                ("$ref", Some(target)) => {
                    at = pointer::of_reference(target)
                        .unwrap_or_default()
                        .into_owned();
                }
                _ => at = format!("{at}/{token}"),
            }
            if in_properties {
                owner.clone_from(&at);
            }
        }
        (at, owner)
    }

    fn validator(&self, pointer: &str) -> Option<Rc<Validator>> {
        if let Some(known) = self.compiled.borrow().get(pointer) {
            return known.clone();
        }
        let validator = self.compile(pointer).map(Rc::new);
        let mut compiled = self.compiled.borrow_mut();
        compiled.insert(pointer.to_owned(), validator.clone());
        validator
    }

    /// The document is a schema too: its members are unknown keywords, and a reference leads to
    /// the one that is meant.
    fn compile(&self, pointer: &str) -> Option<Validator> {
        let written = self.document.pointer(pointer)?;
        let mut root = self.targets.clone();
        root.insert("x-judged".to_owned(), written.clone());
        root.insert("$ref".to_owned(), json!("#/x-judged"));
        validator(&Value::Object(root)).ok()
    }
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schemas").finish_non_exhaustive()
    }
}

/// What is wrong: the rule, what distinguishes it, and the words. Values stay out of all three,
/// except those that an enum lacks.
fn described(error: &ValidationError<'_>) -> (&'static str, String, String) {
    let instance = error.instance();
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default().to_owned();
            let message = format!("the required field `{name}` is missing");
            ("field-missing", name, message)
        }
        Kind::Type { .. } if instance.is_null() => {
            let message = "null stands where the contract allows none".to_owned();
            ("null-not-allowed", String::new(), message)
        }
        Kind::Type { .. } => {
            let found = kind_of(instance);
            let message = format!("{} stands where the contract has another type", a(found));
            ("type-wrong", found.to_owned(), message)
        }
        Kind::Enum { .. } | Kind::Constant { .. } => {
            let shown = shown(instance);
            let message = format!("{shown} is none of the values the contract lists");
            ("enum-value-undocumented", shown, message)
        }
        Kind::Format { format } => {
            let message = format!("a value is not in the format `{format}`");
            ("format-invalid", format.clone(), message)
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let names = unexpected.iter().map(|name| name_of(name));
            let names = names.collect::<Vec<_>>().join(", ");
            let message = format!("the contract forbids further fields, and here is {names}");
            ("field-forbidden", names, message)
        }
        Kind::OneOfNotValid { .. } | Kind::AnyOf { .. } => {
            let message = "a value fits none of the alternatives".to_owned();
            ("alternative-unmatched", String::new(), message)
        }
        Kind::OneOfMultipleValid { .. } => {
            let message = "a value fits more than one of the alternatives".to_owned();
            ("alternative-ambiguous", String::new(), message)
        }
        other => {
            let message = format!("a value breaks `{}`", other.keyword());
            ("value-out-of-range", other.keyword().to_owned(), message)
        }
    }
}

/// A value of the wrong type breaks an enum or a union as well; one entry is enough.
fn without_echoes(found: Vec<Violation>) -> Vec<Violation> {
    let typed = |it: &&Violation| matches!(it.rule, "type-wrong" | "null-not-allowed");
    let places = found.iter().filter(typed).map(|it| it.instance.clone());
    let places: BTreeSet<String> = places.collect();
    let echo = |it: &Violation| !typed(&it) && places.contains(&it.instance);
    let mut kept: Vec<Violation> = found.into_iter().filter(|it| !echo(it)).collect();
    kept.sort_by(|a, b| {
        (&a.instance, &a.schema, &a.detail).cmp(&(&b.instance, &b.schema, &b.detail))
    });
    kept.dedup();
    kept
}

/// The type of a value, as JSON Schema calls it.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn a(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    match kind {
        "null" => "null".to_owned(),
        kind => format!("{article} {kind}"),
    }
}

/// A value outside an enum, as far as it looks like a word of one.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if is_word(text) => format!("`{text}`"),
        Value::Null => "null".to_owned(),
        other => format!("{} that is not shown", a(kind_of(other))),
    }
}

/// The name of a field, unless it looks like data.
pub(super) fn name_of(name: &str) -> String {
    match is_word(name) {
        true => format!("`{name}`"),
        false => "a field whose name is not shown".to_owned(),
    }
}

fn is_word(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'$' | b':')
    };
    !text.is_empty() && text.len() <= LONGEST_SHOWN && digits < 12 && text.bytes().all(plain)
}

/// Whether a reference with this beginning stands anywhere in a value.
fn mentions(value: &Value, target: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| mentions(item, target)),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let refers = key == "$ref" && value.as_str().is_some_and(|it| it.starts_with(target));
            refers || mentions(value, target)
        }),
        _ => false,
    }
}
