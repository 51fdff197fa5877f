//! Sorts the keywords of a schema object into a view.

use super::amount::Amount;
use super::evaluated::{Members, evaluates_all, is_plain};
use super::set::DROPPED;
use super::side::Side;
use super::types::Types;
use super::view::{ArrayPart, Bound, Builder, Condition, Limit, ObjectPart, Union, Values};
use crate::at::At;
use contract::{Member, Value};

/// Keywords that bring in what other schemas say; what stands beside them comes first.
const INNER: [&str; 5] = ["allOf", "oneOf", "anyOf", "$dynamicRef", "$recursiveRef"];

/// Takes every keyword of a schema object.
pub(super) fn gather<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let (inner, own): (Vec<_>, Vec<_>) = at.members().partition(|(key, _)| INNER.contains(key));
    for (key, value) in own.iter().chain(&inner) {
        if super::odd::is_odd(key, value.node) {
            builder.view.odd.push((key, value.clone()));
        }
        if !value_keyword(builder, key, value) {
            structure_keyword(builder, at, key, value);
        }
    }
    types(builder, at);
    exclusive_flags(builder, at);
    objects(builder, at);
    arrays(builder, at);
    condition(builder, at);
}

/// Takes only what constrains nothing.
pub(super) fn gather_notes<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    for (key, value) in at.members() {
        if contract::vocabulary::is_prose(key) {
            note(builder, key, value);
        }
    }
}

/// Keywords about one value. Whether it was one.
fn value_keyword<'a>(builder: &mut Builder<'_, 'a>, key: &str, value: &At<'a>) -> bool {
    let view = &mut builder.view;
    match key {
        "enum" => limit_values(builder, value, value.items().collect()),
        "const" => limit_values(builder, value, vec![value.clone()]),
        "x-extensible-enum" => view.known_values = Some(value.clone()),
        "minimum" => bound(builder, Limit::Minimum, value, false),
        "maximum" => bound(builder, Limit::Maximum, value, false),
        "exclusiveMinimum" => bound(builder, Limit::Minimum, value, true),
        "exclusiveMaximum" => bound(builder, Limit::Maximum, value, true),
        "minLength" => bound(builder, Limit::MinLength, value, false),
        "maxLength" => bound(builder, Limit::MaxLength, value, false),
        "minItems" => bound(builder, Limit::MinItems, value, false),
        "maxItems" => bound(builder, Limit::MaxItems, value, false),
        "minProperties" => bound(builder, Limit::MinProperties, value, false),
        "maxProperties" => bound(builder, Limit::MaxProperties, value, false),
        "minContains" => bound(builder, Limit::MinContains, value, false),
        "maxContains" => bound(builder, Limit::MaxContains, value, false),
        "multipleOf" => multiple(builder, value),
        "pattern" => {
            if let Some(text) = value.node.as_str() {
                view.patterns.push((text, value.clone()));
            }
        }
        "format" => format(builder, value),
        "contentEncoding" => content(builder, "contentEncoding", value),
        "contentMediaType" => content(builder, "contentMediaType", value),
        "contentSchema" => view.content_schemas.push(value.clone()),
        "uniqueItems" if value.node.as_bool() == Some(true) => view.unique = Some(value.clone()),
        "uniqueItems" => {}
        _ => return false,
    }
    true
}

/// Keywords that hold schemas, and everything else.
fn structure_keyword<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>, key: &'a str, value: &At<'a>) {
    let view = &mut builder.view;
    match key {
        "allOf" => value.items().for_each(|item| builder.push(item)),
        "oneOf" => union(builder, at, value, true),
        "anyOf" => union(builder, at, value, false),
        "not" => excluded(builder, value),
        "required" => required(builder, value),
        "propertyNames" if is_any_name(builder.side, value) => {}
        "propertyNames" => view.names.push(value.clone()),
        "dependentRequired" => value
            .members()
            .for_each(|(name, needs)| need(builder, name, &needs)),
        "dependentSchemas" => value
            .members()
            .for_each(|(name, schema)| dependent(builder, name, schema)),
        "dependencies" => value
            .members()
            .for_each(|(name, needs)| match needs.node.value {
                Value::Array(_) => need(builder, name, &needs),
                _ => builder.view.dependents.entry(name).or_default().push(needs),
            }),
        // What stands beside these keywords leaves nothing unevaluated.
        "unevaluatedProperties" if evaluates_all(builder.side, at, Members::Properties) => {}
        "unevaluatedItems" if evaluates_all(builder.side, at, Members::Items) => {}
        "unevaluatedItems" if is_plain(at) => {}
        "unevaluatedProperties" => unevaluated(&mut view.unevaluated_properties, value),
        "unevaluatedItems" => unevaluated(&mut view.unevaluated_items, value),
        "contains" => view.contains.push(value.clone()),
        "discriminator" => view.discriminator = view.discriminator.take().or(Some(value.clone())),
        "$dynamicRef" | "$recursiveRef" => dynamic(builder, value),
        "readOnly" if value.node.as_bool() == Some(true) => view.read_only = Some(value.clone()),
        "writeOnly" if value.node.as_bool() == Some(true) => view.write_only = Some(value.clone()),
        "deprecated" if value.node.as_bool() == Some(true) => view.deprecated = Some(value.clone()),
        "default" => view.default = view.default.take().or(Some(value.clone())),
        "readOnly"
        | "writeOnly"
        | "deprecated"
        | "nullable"
        | "type"
        | "$ref"
        | "properties"
        | "patternProperties"
        | "additionalProperties"
        | "prefixItems"
        | "items"
        | "additionalItems"
        | "if"
        | "then"
        | "else"
        | "$defs"
        | "definitions"
        | "$anchor"
        | "$dynamicAnchor" => {}
        _ => {
            if key == "x-sunset" {
                view.sunset = Some(value.clone());
            }
            note(builder, key, value.clone());
        }
    }
}

fn required<'a>(builder: &mut Builder<'_, 'a>, names: &At<'a>) {
    for item in names.items() {
        if let Some(name) = item.node.as_str() {
            builder.view.required.entry(name).or_insert(item);
        }
    }
}

/// A schema that counts where a property is there.
fn dependent<'a>(builder: &mut Builder<'_, 'a>, name: &'a str, schema: At<'a>) {
    let schema = builder.side.follow_plain(&schema).unwrap_or(schema);
    // That it is an object is known, since it has the property.
    let says = |key: &str| key != "type" || schema.text("type") != Some("object");
    let said = schema.members().filter(|(key, _)| says(key)).count();
    if let (Some(names), 1) = (schema.get("required"), said) {
        // The same as `dependentRequired`.
        need(builder, name, &names);
    } else if !is_free(builder.side, &schema) {
        let dependents = &mut builder.view.dependents;
        dependents.entry(name).or_default().push(schema);
    }
}

/// A schema that excludes everything accepts nothing, and the reverse; of two negations nothing is left.
fn excluded<'a>(builder: &mut Builder<'_, 'a>, value: &At<'a>) {
    let followed = builder.side.follow_plain(value);
    let value = followed.as_ref().unwrap_or(value);
    let inner = value.get("not");
    match &value.node.value {
        Value::Bool(true) => {
            builder.view.never.get_or_insert(value.clone());
        }
        Value::Bool(false) => {}
        Value::Object(members) if members.is_empty() => {
            builder.view.never.get_or_insert(value.clone());
        }
        Value::Object(members) if members.len() == 1 && inner.is_some() => {
            if let Some(inner) = inner {
                builder.push(inner);
            }
        }
        _ => builder.view.excluded.push(value.clone()),
    }
}

fn unevaluated<'a>(list: &mut Vec<At<'a>>, value: &At<'a>) {
    if value.node.as_bool() != Some(true) {
        list.push(value.clone());
    }
}

/// What stands beside a reference wins over what it leads to.
fn note<'a>(builder: &mut Builder<'_, 'a>, key: &'a str, value: At<'a>) {
    // 3.0 writes one example, 3.1 a list.
    let (key, values) = match (key, &value.node.value) {
        ("example", _) => ("examples", vec![value]),
        ("examples", Value::Array(_)) => (key, value.items().collect()),
        _ => (key, vec![value]),
    };
    if !builder.settled.contains(&key) {
        builder.settled.push(key);
        builder.view.notes.entry(key).or_default().extend(values);
    }
}

/// `type` and `nullable`. A schema object without a type but with `nullable: true` lets null pass
/// whatever stands beside it: that is what people mean by `nullable` beside `allOf`. Beside a type it is one
/// more type, and `enum` has to list null too (OpenAPI 3.0.3, proposal 003).
fn types<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let nullable = at
        .get("nullable")
        .filter(|value| value.node.as_bool() == Some(true));
    let view = &mut builder.view;
    if let (Some(values), true) = (&mut view.values, nullable.is_some()) {
        values.null |= at.node.contains_key("enum") && !at.node.contains_key("type");
    }
    let Some(keyword) = at.get("type") else {
        view.nullable = view.nullable.take().or(nullable);
        return;
    };
    let mut types = Types::of_keyword(keyword.node);
    if nullable.is_some() {
        types = types.or(Types::NULL);
        view.type_at = nullable;
    }
    view.declared = Some(view.declared.unwrap_or(Types::ALL).and(types));
    view.type_at = view.type_at.take().or(Some(keyword));
}

fn limit_values<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>, list: Vec<At<'a>>) {
    let view = &mut builder.view;
    let is_listed = !list.is_empty()
        && view
            .values
            .as_ref()
            .is_some_and(|known| !known.list.is_empty());
    let new = Values::new(at.clone(), list);
    view.values = Some(match view.values.take() {
        None => new,
        Some(known) => known.shared(&new),
    });
    // Two lists without a value in common.
    let is_left = view
        .values
        .as_ref()
        .is_some_and(|left| !left.list.is_empty() || left.null);
    view.contradicts |= is_listed && !is_left;
}

fn bound<'a>(builder: &mut Builder<'_, 'a>, limit: Limit, at: &At<'a>, exclusive: bool) {
    let Some(value) = Amount::of(at.node) else {
        return;
    };
    let bound = Bound {
        value,
        exclusive,
        at: at.clone(),
    };
    let bounds = &mut builder.view.bounds;
    match bounds.get(&limit) {
        Some(known) if !is_stricter(limit, &bound, known) => {}
        _ => {
            bounds.insert(limit, bound);
        }
    }
}

/// Whether a bound leaves less than another one.
pub(super) fn is_stricter(limit: Limit, one: &Bound<'_>, other: &Bound<'_>) -> bool {
    let lower = matches!(
        limit,
        Limit::Minimum
            | Limit::MinLength
            | Limit::MinItems
            | Limit::MinProperties
            | Limit::MinContains
    );
    let order = one.value.order(other.value);
    let beyond = match lower {
        true => order.is_gt(),
        false => order.is_lt(),
    };
    beyond || (order.is_eq() && one.exclusive && !other.exclusive)
}

/// 3.0 says by a flag that a bound is exclusive.
fn exclusive_flags<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let table = [
        ("exclusiveMinimum", "minimum", Limit::Minimum),
        ("exclusiveMaximum", "maximum", Limit::Maximum),
    ];
    for (flag, keyword, limit) in table {
        if at.flag(flag)
            && let Some(value) = at.get(keyword)
        {
            bound(builder, limit, &value, true);
        }
    }
}

fn multiple<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let step = Amount::of(at.node).filter(|step| step.order(Amount::whole(0)).is_gt());
    if let Some(step) = step {
        builder.view.multiples.push((step, at.clone()));
    }
}

/// 3.0 has formats for what 3.1 calls an encoding; `password` only asks for care.
fn format<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let Some(text) = at.node.as_str() else {
        return;
    };
    match text {
        "byte" => {
            let content = ("contentEncoding", "base64", at.clone());
            builder.view.contents.push(content);
        }
        "binary" => {
            let content = ("contentMediaType", "application/octet-stream", at.clone());
            builder.view.contents.push(content);
        }
        "password" => note(builder, "format", at.clone()),
        _ => builder.view.formats.push((text, at.clone())),
    }
}

fn content<'a>(builder: &mut Builder<'_, 'a>, keyword: &'static str, at: &At<'a>) {
    if let Some(text) = at.node.as_str() {
        builder.view.contents.push((keyword, text, at.clone()));
    }
}

/// How many unions are compared word by word.
const MOST_UNIONS: usize = 8;

fn union<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>, value: &At<'a>, exclusive: bool) {
    let members: Vec<At<'a>> = value.items().collect();
    // An empty list is not valid. Published contracts have it where nothing is meant. A change that
    // adds it is reported as one without effect.
    if members.is_empty() {
        builder.view.hollow.get_or_insert_with(|| value.clone());
        return;
    }
    if let Some(picked) = builder.set.picked(value.id()) {
        if let Some(member) = members.into_iter().nth(picked) {
            builder.push(member);
        }
        return;
    }
    if let [only] = members.as_slice() {
        builder.push(only.clone());
        return;
    }
    // What is said twice in the same words is said once.
    let unions = builder.view.unions.iter();
    let mut few = unions.take(MOST_UNIONS);
    let is_known = few.any(|one| one.exclusive == exclusive && one.at.node == value.node);
    if is_known && !at.node.contains_key("discriminator") {
        return;
    }
    builder.view.unions.push(Union {
        at: value.clone(),
        exclusive,
        live: (0..members.len()).collect(),
        members,
        discriminator: at.get("discriminator"),
    });
}

fn need<'a>(builder: &mut Builder<'_, 'a>, name: &'a str, needs: &At<'a>) {
    for item in needs.items() {
        if let Some(needed) = item.node.as_str() {
            builder.view.needs.entry((name, needed)).or_insert(item);
        }
    }
}

/// A dynamic reference whose anchor stands in the document is followed as a plain one; that it
/// could lead elsewhere is what a change of its text is reported for.
fn dynamic<'a>(builder: &mut Builder<'_, 'a>, value: &At<'a>) {
    let target = value
        .node
        .as_str()
        .and_then(|text| builder.side.resolve(text));
    match target {
        Some(target) => builder.push(target),
        None => builder.view.dynamic.push(value.clone()),
    }
}

fn objects<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let members = |key| {
        at.get(key)
            .map(|of| of.members().collect())
            .unwrap_or_default()
    };
    let mut part = ObjectPart {
        properties: members("properties"),
        patterns: members("patternProperties"),
        additional: at
            .get("additionalProperties")
            .filter(|of| !is_free(builder.side, of)),
        ..ObjectPart::default()
    };
    // A pattern of all names beside nothing else is about what others write `additionalProperties` for.
    let is_plain = part.properties.is_empty() && part.patterns.len() == 1;
    let of_all = part.patterns.iter().next().filter(|_| is_plain);
    let of_all = of_all.filter(|(pattern, _)| super::patterns::is_idle(pattern));
    if let Some((_, at)) = of_all.map(|(pattern, at)| (*pattern, at.clone())) {
        part.patterns.clear();
        part.additional = Some(at).filter(|of| !is_free(builder.side, of));
    }
    let says_nothing = part.patterns.is_empty() && part.additional.is_none();
    if !says_nothing || at.node.contains_key("properties") {
        builder.view.objects.push(part);
    }
}

/// Whether a schema accepts everything by its words alone, references followed.
fn is_free<'a>(side: &Side<'a>, at: &At<'a>) -> bool {
    let Some(at) = side.follow_plain(at) else {
        return false;
    };
    let says_nothing =
        |member: &Member| contract::vocabulary::is_prose(&member.key) || member.key == "deprecated";
    let members = at.node.as_object();
    at.node.as_bool() == Some(true) || members.is_some_and(|all| all.iter().all(says_nothing))
}

/// Whether every name meets a schema: names are texts anyway.
fn is_any_name<'a>(side: &Side<'a>, at: &At<'a>) -> bool {
    let is_text = at.node.members().len() == 1 && at.text("type") == Some("string");
    is_text || is_free(side, at)
}

/// Drafts before 2020-12 write the first items as a list under `items`.
fn arrays<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let items = at.get("items");
    let listed = items
        .as_ref()
        .is_some_and(|items| items.node.as_array().is_some());
    let (first, rest) = match listed {
        true => (items, at.get("additionalItems")),
        // Without anything that it is composed of, what is left over are the items after the first.
        false => {
            let left = at.get("unevaluatedItems").filter(|_| is_plain(at));
            (at.get("prefixItems"), items.or(left))
        }
    };
    let part = ArrayPart {
        first: first
            .map(|first| first.items().collect())
            .unwrap_or_default(),
        rest: rest.filter(|rest| !is_free(builder.side, rest)),
    };
    if !part.first.is_empty() || part.rest.is_some() {
        builder.view.arrays.push(part);
    }
}

fn condition<'a>(builder: &mut Builder<'_, 'a>, at: &At<'a>) {
    let (then, otherwise) = (at.get("then"), at.get("else"));
    if let Some(test) = at.get("if")
        && (then.is_some() || otherwise.is_some())
        && builder.set.picked(test.id()) != Some(DROPPED)
    {
        builder.view.conditions.push(Condition {
            test,
            then,
            otherwise,
        });
    }
}
