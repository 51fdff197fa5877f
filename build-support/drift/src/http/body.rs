//! Request bodies and media types.

use super::listed::Listed;
use super::media::{Media, includes, media};
use super::{Carried, Scope, Walk, encoding, notes};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::types::Types;
use crate::schema::view::same;
use std::collections::{HashMap, HashSet};

/// Compares the request bodies of an operation.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let scope = scope.sent("request body");
    let base = Listed::member(&walk.engine.base, old, "requestBody");
    let revision = Listed::member(&walk.engine.revision, new, "requestBody");
    if let (Some(base), Some(revision)) = (&base, &revision) {
        notes::references(walk, &base.listed, &revision.listed);
    }
    let is_open = |of: &Option<Listed<'a>>| of.as_ref().is_some_and(Listed::is_open);
    if is_open(&base) || is_open(&revision) {
        return;
    }
    let (base, revision) = (base.map(|one| one.at), revision.map(|one| one.at));
    match (&base, &revision) {
        (None, None) => {}
        (Some(base), Some(revision)) => both(walk, &scope, base, revision),
        (Some(base), None) => {
            let finding = Finding::new(
                Kind::BodyRemoved,
                Effect::Narrowed,
                "the request body was removed",
            )
            .judged(Verdict::Fixed(Severity::Breaking));
            walk.hit(&scope, finding.at(&base.pointer, &new.pointer));
        }
        (None, Some(revision)) => added(walk, &scope, old, revision),
    }
}

fn added<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, revision: &At<'a>) {
    let required = revision.flag("required");
    let (kind, severity, word) = match (required, scope.is_request()) {
        (true, true) => (Kind::RequiredBodyAdded, Severity::Breaking, "a required"),
        (true, false) => (Kind::RequiredBodyAdded, Severity::Compatible, "a required"),
        (false, _) => (Kind::BodyAdded, Severity::Compatible, "an optional"),
    };
    let finding = Finding::new(
        kind,
        Effect::Narrowed,
        format!("{word} request body was added"),
    )
    .judged(Verdict::Fixed(severity));
    walk.hit(scope, finding.at(&old.pointer, &revision.pointer));
}

fn both<'a>(walk: &mut Walk<'a>, scope: &Scope, base: &At<'a>, revision: &At<'a>) {
    notes::compare(
        walk,
        base,
        revision,
        &["required", "content"],
        Some(&scope.used_by()),
    );
    let change = match (base.flag("required"), revision.flag("required")) {
        (false, true) => Some((Kind::BodyBecameRequired, Effect::Narrowed, "required")),
        (true, false) => Some((Kind::BodyBecameOptional, Effect::Widened, "optional")),
        _ => None,
    };
    if let Some((kind, effect, word)) = change {
        let finding = Finding::new(kind, effect, format!("the request body became {word}"));
        walk.hit(
            scope,
            finding.at(&base.place_of("required"), &revision.place_of("required")),
        );
    }
    let contents = (base.get("content"), revision.get("content"));
    let contents = (
        contents.0.unwrap_or(base.clone()),
        contents.1.unwrap_or(revision.clone()),
    );
    content(walk, scope, &contents.0, &contents.1);
}

/// Compares two `content` objects.
pub(super) fn content<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let (old_list, new_list) = (
        media(&walk.engine.base, old),
        media(&walk.engine.revision, new),
    );
    let (base, revision) = (Listing::of(&old_list), Listing::of(&new_list));
    beside(walk, scope, &base, &revision);
    for one in base.all {
        let wider = || revision.wider(&one.key);
        match one.same(&revision).or_else(wider) {
            Some(other) => {
                let was_there = other.same(&base).is_some();
                if blurs(scope, one, other) && !was_there {
                    became(walk, scope, one, other);
                }
                charsets(walk, scope, one, other);
                schemas(walk, scope, one, other);
            }
            None => gone(walk, scope, one, &revision, new),
        }
    }
    for other in new_list.iter().filter(|other| other.same(&base).is_none()) {
        let wider = base.wider(&other.key);
        let became = |one: &Media<'a>| blurs(scope, one, other) && one.same(&revision).is_none();
        match wider {
            Some(one) => schemas(walk, scope, one, other),
            None if other.key.ends_with("/*") && old_list.iter().any(became) => {}
            None => {
                let message = format!("the media type `{}` was added", other.name);
                let finding = Finding::new(Kind::MediaTypeAdded, Effect::Widened, message);
                // Who asks says what is wanted, unless nothing was asked for.
                let finding = match scope.is_pushed() {
                    true => finding,
                    false => finding.judged(Verdict::Fixed(Severity::Compatible)),
                };
                walk.hit(scope, finding.at(&old.pointer, &other.at.pointer));
            }
        }
    }
}

/// Of several character sets of one media type, each was the media type without one, if it was
/// not there before.
fn beside<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    base: &Listing<'_, 'a>,
    revision: &Listing<'_, 'a>,
) {
    for other in revision.all {
        let met = other.same(base).filter(|one| one.charset != other.charset);
        let met = met.filter(|one| one.same(revision).is_some_and(|same| !same.is(other)));
        if let Some(one) = met {
            schemas(walk, scope, one, other);
        }
    }
}

impl<'a> Media<'a> {
    fn is(&self, other: &Self) -> bool {
        self.at.id() == other.at.id()
    }

    /// The same media type in another `content`: with the same character set, if there are several.
    fn same<'m>(&self, others: &Listing<'m, 'a>) -> Option<&'m Self> {
        let alike = others.by_key.get(self.key.as_str());
        let mut alike = alike.into_iter().flatten().map(|at| &others.all[*at]);
        let first = alike.clone().next();
        alike.find(|other| other.charset == self.charset).or(first)
    }
}

/// The media types of a `content`, and where each of them is in it.
struct Listing<'m, 'a> {
    all: &'m [Media<'a>],
    by_key: HashMap<&'m str, Vec<usize>>,
    /// The keys without their parameters.
    essences: HashSet<&'m str>,
}

impl<'m, 'a> Listing<'m, 'a> {
    fn of(all: &'m [Media<'a>]) -> Self {
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut essences = HashSet::new();
        for (at, one) in all.iter().enumerate() {
            by_key.entry(&one.key).or_default().push(at);
            essences.extend(one.key.split(';').next());
        }
        Self {
            all,
            by_key,
            essences,
        }
    }

    /// The first that includes a media type.
    fn wider(&self, name: &str) -> Option<&'m Media<'a>> {
        let family = name.split('/').next().unwrap_or_default();
        let essence = name.split(';').next().unwrap_or_default();
        let likely = [name, "*/*", &format!("{family}/*"), essence].map(|key| self.by_key.get(key));
        let mut likely: Vec<usize> = likely.into_iter().flatten().flatten().copied().collect();
        likely.sort_unstable();
        let mut likely = likely.into_iter().map(|at| &self.all[at]);
        likely.find(|one| includes(&one.key, name))
    }

    /// Whether some of them fall under a range.
    fn has_narrower(&self, range: &str) -> bool {
        match range.contains('*') {
            true => self.all.iter().any(|other| includes(range, &other.key)),
            false => self.by_key.contains_key(range) || self.essences.contains(range),
        }
    }
}

/// Whether what is read as one media type may now be any of a range.
fn blurs(scope: &Scope, one: &Media<'_>, other: &Media<'_>) -> bool {
    let is_range = other.key.ends_with("/*") && other.key != one.key;
    is_range && !scope.is_request() && includes(&other.key, &one.key)
}

/// Who reads one media type cannot read whatever else falls under a range.
fn became<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let message = format!("the media type `{}` became `{}`", one.name, other.name);
    let finding = Finding::new(Kind::MediaTypeRemoved, Effect::Widened, message);
    walk.hit(scope, finding.at(&one.at.pointer, &other.at.pointer));
}

/// Bytes in another character set are read as other letters, unless they are those of ASCII. JSON
/// is in UTF-8 whatever is said.
fn charsets<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let (Some(from), Some(to)) = (&one.charset, &other.charset) else {
        return;
    };
    let is_json = one.key.ends_with("/json") || one.key.ends_with("+json");
    if from == to || is_json {
        return;
    }
    let message = format!("`{}` is in `{to}` instead of `{from}`", one.key);
    let finding = Finding::new(Kind::EncodingChanged, Effect::Both, message)
        .judged(Verdict::Fixed(Severity::Warning));
    walk.hit(scope, finding.at(&one.at.pointer, &other.at.pointer));
}

fn gone<'a>(
    walk: &mut Walk<'a>,
    scope: &Scope,
    one: &Media<'a>,
    new: &Listing<'_, 'a>,
    home: &At<'a>,
) {
    let narrower = new.has_narrower(&one.key);
    let breaks = scope.is_request() || (!narrower && !scope.is_pushed());
    let severity = match breaks {
        true => Severity::Breaking,
        false => Severity::Compatible,
    };
    let message = format!("the media type `{}` was removed", one.name);
    let finding = Finding::new(Kind::MediaTypeRemoved, Effect::Narrowed, message)
        .judged(Verdict::Fixed(severity));
    walk.hit(scope, finding.at(&one.at.pointer, &home.pointer));
}

fn schemas<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let elsewhere = [&["schema", "encoding", "itemSchema"], &BY_POSITION[..]].concat();
    notes::compare(walk, &one.at, &other.at, &elsewhere, Some(&scope.used_by()));
    let set = |media: &Media<'a>| match media.at.get("schema") {
        Some(schema) => Set::one(schema),
        None => Set::default().within(&media.at.pointer),
    };
    let (base, revision) = (&walk.engine.base, &walk.engine.revision);
    if is_bytes(base, one) && is_bytes(revision, other) {
        return;
    }
    let texts = [
        "application/x-www-form-urlencoded",
        "multipart/",
        "text/plain",
    ];
    let is_text = texts.iter().any(|start| one.key.starts_with(start));
    let carried = match is_text {
        true => Carried::AsText { optional: false },
        false => Carried::AsValue,
    };
    if let Some((old, new)) = sequence(one, other) {
        walk.schemas(scope, Set::one(old), Set::one(new), Carried::AsValue);
    } else {
        walk.schemas(scope, set(one), set(other), carried);
        items(walk, scope, one, other);
    }
    encoding::compare(walk, scope, one, other);
    by_position(walk, scope, one, other);
}

/// How parts without a name are written, which OpenAPI 3.2 says by their position.
const BY_POSITION: [&str; 2] = ["prefixEncoding", "itemEncoding"];

/// A change of them is for people to judge: which part is which depends on the order of all.
fn by_position<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    for key in BY_POSITION {
        let (old, new) = (one.at.node.get(key), other.at.node.get(key));
        let is_same = match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => same(old, new),
            _ => false,
        };
        if is_same {
            continue;
        }
        let message = format!("`{key}` changed");
        let finding = Finding::new(Kind::EncodingChanged, Effect::Undecided, message);
        walk.hit(
            scope,
            finding.at(&one.at.place_of(key), &other.at.place_of(key)),
        );
    }
}

/// The schema of each item of a sequence, which OpenAPI 3.2 gives beside that of the whole.
fn items<'a>(walk: &mut Walk<'a>, scope: &Scope, one: &Media<'a>, other: &Media<'a>) {
    let item = |media: &Media<'a>| media.at.get("itemSchema");
    let (old, new) = (item(one), item(other));
    if old.is_none() && new.is_none() {
        return;
    }
    let set = |schema: Option<At<'a>>, media: &Media<'a>| match schema {
        Some(schema) => Set::one(schema),
        None => Set::default().within(&media.at.pointer),
    };
    walk.schemas(scope, set(old, one), set(new, other), Carried::AsValue);
}

/// The items of a sequence where one side describes each of them and the other all as an array,
/// which OpenAPI 3.2 reads alike.
fn sequence<'a>(one: &Media<'a>, other: &Media<'a>) -> Option<(At<'a>, At<'a>)> {
    let each = |media: &Media<'a>| {
        let item = media.at.get("itemSchema");
        item.filter(|_| media.at.get("schema").is_none())
    };
    let of_array = |media: &Media<'a>| {
        let schema = media.at.get("schema")?;
        let is_array = schema.text("type") == Some("array") && schema.node.members().len() == 2;
        schema.get("items").filter(|_| is_array)
    };
    let pair = |one: Option<At<'a>>, other: Option<At<'a>>| one.zip(other);
    pair(each(one), of_array(other)).or_else(|| pair(of_array(one), each(other)))
}

/// Whether a body is bytes and nothing else: what 3.0 calls a string in the format `binary`, and
/// 3.1 says by leaving the schema out.
fn is_bytes<'a>(side: &Side<'a>, media: &Media<'a>) -> bool {
    let structured = ["json", "xml", "yaml", "*/*", "form-urlencoded"];
    let is_structured = structured.iter().any(|word| media.key.contains(word));
    if is_structured || media.key.starts_with("text/") || media.key.starts_with("multipart/") {
        return false;
    }
    let schema = media.at.get("schema");
    let view = side.view(&Set::all(schema.into_iter().collect()));
    let is_binary = |(keyword, text, _): &(&str, &str, At<'a>)| {
        *keyword == "contentMediaType" && *text == "application/octet-stream"
    };
    let is_text = view.types() == Types::STRING && view.unions.is_empty();
    let only = view.says_only_contents() && view.contents.iter().all(is_binary);
    view.is_any() || (is_text && only && !view.contents.is_empty())
}
