//! Which change of the contract a changed item comes from.
//!
//! Names decide: a pointer names schemas, properties, operations, parameters and statuses, and
//! the generator's names are made of theirs. An item goes to the changes that name it most
//! closely; one that none names stays with its crate alone.

use crate::drift::contract::Contract;
use crate::drift::report::{Change, Place, Report, RustChange};
use crate::read::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Gives every change the items that come from it.
pub(super) fn tie(report: &mut Report, base: &Contract, revision: &Contract) {
    let kin = Kin::of(&[base.root(), revision.root()]);
    let subjects: Vec<Vec<Subject>> = report
        .changes
        .iter()
        .map(|change| subjects(change, base, revision))
        .collect();
    let items: Vec<RustChange> = report
        .crates
        .iter()
        .flat_map(|it| it.items.clone())
        .collect();
    for item in items {
        let names = Names::of(&item);
        let closeness: Vec<u8> = subjects
            .iter()
            .map(|all| {
                all.iter()
                    .map(|it| it.closeness(&names, &kin))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let best = closeness.iter().copied().max().unwrap_or(0);
        for (change, close) in report.changes.iter_mut().zip(closeness) {
            if best > 0 && close == best {
                change.rust.push(item.clone());
            }
        }
    }
    for change in &mut report.changes {
        change.rust.sort();
    }
}

/// The parts of an item's path that are compared, each without case and signs.
struct Names {
    /// The type, trait or function.
    outer: String,
    /// The field, variant or method.
    inner: Option<String>,
    /// The words of both signatures.
    words: BTreeSet<String>,
}

impl Names {
    fn of(change: &RustChange) -> Self {
        let item = change.item.as_str();
        let path = item.split(": ").next().unwrap_or(item);
        let words = change
            .change
            .split(|c: char| !c.is_alphanumeric() && c != '_');
        let steps: Vec<&str> = path.split("::").skip(1).collect();
        let is_type = |step: &&str| {
            step.trim_start_matches("r#")
                .starts_with(char::is_uppercase)
        };
        let at = steps
            .iter()
            .position(is_type)
            .unwrap_or(steps.len().saturating_sub(1));
        Self {
            outer: plain(steps.get(at).copied().unwrap_or(item)),
            inner: steps.get(at + 1).map(|step| plain(step)),
            words: words.map(plain).collect(),
        }
    }
}

/// What a pointer speaks of.
enum Subject {
    Schema {
        name: String,
        /// A property, or the value of an enum.
        member: Option<String>,
    },
    Operation {
        id: String,
        /// A parameter or a status.
        detail: Option<String>,
        /// What comes and goes with it, where it does so as a whole.
        whole: Option<Whole>,
    },
}

/// What an operation brings along.
struct Whole {
    tags: BTreeSet<String>,
    /// The schemas it leads to.
    schemas: BTreeSet<String>,
}

impl Whole {
    fn of(operation: &Node, root: &Node) -> Self {
        let tags = operation.get("tags").map(Node::items).unwrap_or_default();
        let mut targets = BTreeSet::new();
        reach(operation, root, &mut targets);
        let schemas = targets.into_iter();
        let schemas = schemas.filter_map(|it| it.strip_prefix("#/components/schemas/"));
        Self {
            tags: tags.iter().filter_map(Node::as_str).map(plain).collect(),
            schemas: schemas.map(plain).collect(),
        }
    }

    fn closeness(&self, names: &Names) -> u8 {
        let outer = names.outer.as_str();
        let of_tag = |tag: &String| {
            let rest = outer.strip_prefix(tag.as_str());
            rest.is_some_and(|rest| matches!(rest, "api" | "router"))
                || outer == "notimplemented" && names.inner.as_ref() == Some(tag)
        };
        // What an open union holds of alternatives still to come comes with the union.
        let outer = outer.strip_prefix("unknown").unwrap_or(outer);
        match () {
            () if self.tags.iter().any(of_tag) => 3,
            () if self.schemas.contains(outer) => 2,
            () if self
                .schemas
                .iter()
                .any(|schema| outer.starts_with(schema.as_str())) =>
            {
                1
            }
            // The list of all operations, and the router of all tags.
            () if matches!(outer, "all" | "router") => 1,
            () => 0,
        }
    }
}

/// Every target of a `$ref` that a node leads to.
fn reach<'a>(node: &'a Node, root: &'a Node, targets: &mut BTreeSet<&'a str>) {
    if let Some(target) = node.get("$ref").and_then(Node::as_str)
        && targets.insert(target)
    {
        let leads = target.strip_prefix('#');
        let leads = leads.and_then(|pointer| root.pointer(pointer));
        leads
            .into_iter()
            .for_each(|next| reach(next, root, targets));
    }
    let members = node.members().iter().map(|member| &member.value);
    members
        .chain(node.items())
        .for_each(|inner| reach(inner, root, targets));
}

impl Subject {
    /// How closely it names an item; 0 where it does not.
    fn closeness(&self, names: &Names, kin: &Kin) -> u8 {
        match self {
            Self::Schema { name, member } => {
                let same = *name == names.outer;
                let related = || kin.has(&names.outer, name);
                match (member, &names.inner) {
                    (Some(member), Some(inner)) if member == inner => match same {
                        true => 9,
                        false if related() => 7,
                        false => 0,
                    },
                    // A constructor takes what is required.
                    (Some(_), Some(inner)) if inner == "new" => match same {
                        true => 6,
                        false if related() => 5,
                        false => 0,
                    },
                    (None, _) if same => 8,
                    (None, _) if related() => 4,
                    (Some(_), None) if same => 3,
                    // A component that becomes another kind of type changes all signatures with it.
                    (None, _) if names.words.contains(name) => 2,
                    _ => 0,
                }
            }
            Self::Operation { id, detail, whole } => {
                let inner = names.inner.as_deref();
                let inside = |word: &str| inner.is_some_and(|inner| inner == word);
                let own = names.outer == *id || names.outer.starts_with(id.as_str());
                match detail {
                    Some(detail) if own && inside(detail) => 9,
                    _ if inside(id) => 6,
                    _ if names.outer == *id => 6,
                    _ if own && is_part(&names.outer[id.len()..]) => 5,
                    _ => whole.as_ref().map_or(0, |whole| whole.closeness(names)),
                }
            }
        }
    }
}

/// The ends by which generated names of an operation differ from its own.
fn is_part(end: &str) -> bool {
    matches!(end, "" | "error" | "request" | "response" | "success") || end.starts_with("response")
}

/// Everything a change speaks of, on both sides.
fn subjects(change: &Change, base: &Contract, revision: &Contract) -> Vec<Subject> {
    let sides = [
        (&change.base, base.root()),
        (&change.revision, revision.root()),
    ];
    let sides = sides
        .into_iter()
        .filter_map(|(place, root)| Some((place.as_ref()?, root)));
    let named = sides.flat_map(|(place, root)| of_place(place, root));
    let mut all: Vec<Subject> = named.collect();
    if all.is_empty() && change.base.is_none() == change.revision.is_none() {
        let ids = change.used_by.iter().map(|used| plain(&used.operation));
        all.extend(
            ids.collect::<BTreeSet<_>>()
                .into_iter()
                .map(|id| Subject::Operation {
                    id,
                    detail: None,
                    whole: None,
                }),
        );
    }
    all
}

fn of_place(place: &Place, root: &Node) -> Vec<Subject> {
    let steps: Vec<String> = place.pointer.split('/').skip(1).map(unescape).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    match &steps[..] {
        ["components", "schemas", name, rest @ ..] => {
            let schema = |member| Subject::Schema {
                name: plain(name),
                member,
            };
            let member = member(rest, place, root);
            // What is inline in a property becomes a type of its own.
            let nested = properties(rest)
                .into_iter()
                .map(|property| Subject::Schema {
                    name: format!("{}{}", plain(name), plain(property)),
                    member: None,
                });
            std::iter::once(schema(member)).chain(nested).collect()
        }
        ["paths", path, method, rest @ ..] => operation(root, "paths", path, method, rest, place),
        ["paths", path] => {
            let item = root.get("paths").and_then(|paths| paths.get(path));
            let methods = item.map(Node::members).unwrap_or_default();
            let methods = methods
                .iter()
                .filter(|it| it.value.contains_key("responses"));
            methods
                .flat_map(|it| operation(root, "paths", path, &it.key, &[], place))
                .collect()
        }
        ["webhooks", name, method, rest @ ..] => {
            let mut all = operation(root, "webhooks", name, method, rest, place);
            all.push(Subject::Operation {
                id: plain(name),
                detail: None,
                whole: None,
            });
            all
        }
        _ => Vec::new(),
    }
}

fn operation(
    root: &Node,
    section: &str,
    path: &str,
    method: &str,
    rest: &[&str],
    place: &Place,
) -> Vec<Subject> {
    let node = root
        .get(section)
        .and_then(|paths| paths.get(path)?.get(method));
    let id = node.and_then(|node| node.get("operationId")?.as_str());
    let id = id.map_or_else(|| plain(&format!("{method}{path}")), plain);
    let detail = match rest {
        ["responses", status, ..] => status.parse::<u16>().ok().map(reason),
        ["parameters", ..] => root
            .pointer(&parameter(&place.pointer))
            .and_then(|it| it.get("name")?.as_str())
            .map(plain),
        _ => None,
    };
    let mut all = {
        let whole = node.filter(|_| rest.is_empty());
        let whole = whole.map(|node| Whole::of(node, root));
        vec![Subject::Operation {
            id: id.clone(),
            detail,
            whole,
        }]
    };
    // Inline bodies are named after the operation.
    let part = match rest {
        ["requestBody", ..] => Some("request"),
        ["responses", ..] => Some("response"),
        _ => None,
    };
    if let Some(part) = part {
        let member = member(rest, place, root);
        let name = format!("{id}{part}");
        all.extend(member.map(|member| Subject::Schema {
            name,
            member: Some(member),
        }));
    }
    all
}

/// The pointer of the parameter that a pointer is inside of.
fn parameter(pointer: &str) -> String {
    let Some((head, rest)) = pointer.split_once("/parameters/") else {
        return pointer.to_owned();
    };
    let index = rest.split('/').next().unwrap_or_default();
    format!("{head}/parameters/{index}")
}

/// The last property of a schema that a pointer speaks of, or the value of its enum.
fn member(steps: &[&str], place: &Place, root: &Node) -> Option<String> {
    if let [.., "enum" | "required", index] = steps
        && index.parse::<usize>().is_ok()
    {
        let value = root.pointer(&place.pointer).and_then(Node::as_str);
        return value.map(plain);
    }
    properties(steps).last().map(|last| plain(last))
}

fn properties<'a>(steps: &[&'a str]) -> Vec<&'a str> {
    let pairs = steps.windows(2);
    pairs
        .filter(|pair| pair[0] == "properties")
        .map(|pair| pair[1])
        .collect()
}

/// The name of an error's variant for a status.
fn reason(status: u16) -> String {
    plain(&crate::emit::server::code_name(status))
}

/// Which schemas hold the members of which others: those they are made of by allOf.
struct Kin(BTreeMap<String, BTreeSet<String>>);

impl Kin {
    fn of(roots: &[&Node]) -> Self {
        let mut kin = BTreeMap::<String, BTreeSet<String>>::new();
        for root in roots {
            let schemas = root.pointer("/components/schemas").map(Node::members);
            for schema in schemas.unwrap_or_default() {
                let mut parents = BTreeSet::new();
                collect(&schema.value, &mut parents);
                kin.entry(plain(&schema.key)).or_default().extend(parents);
            }
        }
        Self(kin)
    }

    fn has(&self, child: &str, parent: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![child];
        while let Some(name) = open.pop() {
            for next in self.0.get(name).into_iter().flatten() {
                if next == parent {
                    return true;
                }
                if seen.insert(next.as_str()) {
                    open.push(next);
                }
            }
        }
        false
    }
}

fn collect(schema: &Node, parents: &mut BTreeSet<String>) {
    for part in schema.get("allOf").map(Node::items).unwrap_or_default() {
        let name = part.get("$ref").and_then(Node::as_str);
        let name = name.and_then(|target| target.strip_prefix("#/components/schemas/"));
        parents.extend(name.map(plain));
        collect(part, parents);
    }
}

/// A name without case and signs, so that those of contract and code are the same.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
