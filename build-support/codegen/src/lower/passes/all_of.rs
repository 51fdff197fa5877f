//! Merges `allOf`: what is composed of objects becomes one object, with the properties of its
//! parents first.

mod beside;
mod choices;
mod dropped;

use crate::lower::extensions::{COMPOSED_OF, IMPLIED_TYPE, PARENTS};
use crate::lower::merge::{Merged, Merger};
use crate::lower::names::Names;
use crate::lower::narrow::narrower_value;
use crate::lower::shape::{
    component, component_of, is_annotation, is_nullable, is_object, listed, reference, resolve,
    type_of, union,
};
use crate::lower::{context::Context, walk};
use contract::diagnostics::Diagnostic;
use contract::pointer::to_component;
use contract::{Member, Node};

/// Runs the pass, after objects have names: what is composed of them is a component by then. A
/// lone `$ref` with annotations stays an `allOf` of one.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| {
        choices::fit(schema, &all, context);
        beside::distribute(schema, &all, context);
    });
    let all = root.clone();
    walk::schemas_mut(root, &mut |schema| {
        if composed(schema) && is_scalar(schema, &all) {
            restrict(schema, &all, context);
        }
    });
    let mut composer = Composer {
        all: &all,
        names: Names::taken_by(root),
        context,
        made: Vec::new(),
    };
    let schemas = super::schemas_of(root).as_object_mut().map(std::mem::take);
    for mut member in schemas.unwrap_or_default() {
        let at = composer.made.len();
        if composed(&member.value) && !is_scalar(&member.value, &all) {
            member.value = composer.compose(&member);
        }
        composer.made.insert(at, member);
    }
    let made = composer.made;
    super::schemas_of(root)
        .as_object_mut()
        .into_iter()
        .for_each(|all| all.clone_from(&made));
}

/// Whether several things that restrict stand side by side.
fn composed(schema: &Node) -> bool {
    let own = restrictions(schema)
        .iter()
        .any(|key| !matches!(*key, "allOf" | "oneOf" | "anyOf" | "discriminator"));
    match (schema.get("allOf"), union(schema)) {
        (Some(all), None) => !own_is_nothing_beside_one_reference(own, all),
        (Some(_), Some(_)) => true,
        (None, Some(_)) => own,
        (None, None) => false,
    }
}

fn own_is_nothing_beside_one_reference(own: bool, all: &Node) -> bool {
    !own && matches!(all.items(), [only] if reference(only).is_some())
}

fn restrictions(schema: &Node) -> Vec<&str> {
    let keys = schema.members().iter().map(|member| member.key.as_str());
    keys.filter(|key| !is_annotation(key)).collect()
}

/// Whether nothing that is composed here can be an object.
fn is_scalar(schema: &Node, all: &Node) -> bool {
    let members = schema.items_of("allOf");
    let scalars = members
        .iter()
        .filter(|node| is_scalar_member(node, all))
        .count();
    let own = type_of(schema).is_some_and(|kind| kind != "object");
    scalars == members.len() && !schema.contains_key("properties") && (scalars > 0 || own)
}

fn is_scalar_member(node: &Node, all: &Node) -> bool {
    let resolved = resolve(all, node);
    let plain = |node: &Node| union(node).is_none() && !node.contains_key("allOf");
    !is_object(all, node) && resolved.is_some_and(plain)
}

/// Whether some object is among the values of a schema.
fn may_be_object(all: &Node, node: &Node) -> bool {
    is_object(all, node)
        || resolve(all, node).is_some_and(|schema| match union(schema) {
            Some((_, members)) => members.iter().any(|member| may_be_object(all, member)),
            None => allows_objects(schema, all),
        })
}

/// Whether a member says nothing about objects: it restricts nothing, or only values of a type that
/// it does not ask for.
fn allows_objects(node: &Node, all: &Node) -> bool {
    resolve(all, node).is_some_and(|schema| {
        let typed = schema.contains_key("type") && !schema.contains_key(IMPLIED_TYPE);
        !typed && !schema.contains_key("enum")
    })
}

/// Restrictions on a value that is not an object: one reference keeps its type, and what restricts
/// it further stays beside it in `allOf`; without a reference the keywords become one schema.
fn restrict(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    dropped::choice(schema, context);
    if is_nullable(schema) && only_null_fits(schema, all, context) {
        return;
    }
    let members = schema.remove("allOf");
    let members = members.as_ref().map(Node::items).unwrap_or_default();
    let mut references = members.iter().filter(|node| reference(node).is_some());
    let first = references.next();
    let further = references.filter_map(|node| resolve(all, node));
    let inline = members.iter().filter(|node| reference(node).is_none());
    let beside = restricting(schema, inline.chain(further), context);
    let span = schema.span;
    if let Some(first) = first {
        let named = resolve(all, first).and_then(|schema| schema.get("type"));
        if let (Some(named), Some(own)) = (named, beside.get("type")) {
            common_type(named, own, context);
        }
        let rest = Some(beside).filter(|beside| !beside.members().is_empty());
        let members = std::iter::once(first.clone()).chain(rest).collect();
        schema.insert("allOf", Node::array(members, span));
    } else {
        for member in beside.members().iter() {
            schema.insert(member.key.clone(), member.value.clone());
        }
    }
}

/// Takes out what restricts a schema that takes null, where its types have nothing else in common.
/// Any value that may be null is as close as OpenAPI 3.0 comes.
fn only_null_fits(schema: &mut Node, all: &Node, context: &mut Context<'_>) -> bool {
    let members = schema.items_of("allOf").iter();
    let resolved = members.filter_map(|member| resolve(all, member));
    let said = resolved.chain([&*schema]);
    let said = said.filter(|schema| !schema.contains_key(IMPLIED_TYPE));
    let types: Vec<&Node> = said.filter_map(|schema| schema.get("type")).collect();
    let mut pairs = types.windows(2);
    let torn = pairs.find_map(|pair| Some((nothing_is_both(pair[0], pair[1])?, pair[1].span)));
    let Some((message, span)) = torn else {
        return false;
    };
    let message = format!("{message} but null; taken as any value");
    context.warn("lower::no-values", message, span);
    if let Some(members) = schema.as_object_mut() {
        members.retain(|member| is_annotation(&member.key));
    }
    true
}

/// Says so where no value is of two types: whole numbers are numbers, and nothing else is two
/// things.
fn nothing_is_both(one: &Node, other: &Node) -> Option<String> {
    let (first, second) = (one.as_str()?, other.as_str()?);
    let numbers = ["integer", "number"];
    let fit = first == second || numbers.contains(&first) && numbers.contains(&second);
    (!fit).then(|| format!("`allOf` joins `{first}` with `{second}`: nothing is both"))
}

/// Takes out of a schema what restricts it, and adds what others say.
fn restricting<'a>(
    schema: &mut Node,
    others: impl Iterator<Item = &'a Node>,
    context: &mut Context<'_>,
) -> Node {
    let mut beside = Node::object(schema.span);
    let own: Vec<String> = restrictions(schema)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for key in own {
        let value = schema.remove(&key);
        value.map(|value| beside.insert(key, value));
    }
    let mut implied = None;
    for other in others {
        let follows = other.contains_key(IMPLIED_TYPE);
        for member in other.members() {
            if follows && member.key == "type" {
                implied = Some(&member.value);
            } else if !is_annotation(&member.key) {
                let value = agreed(beside.get(&member.key), member, context);
                beside.insert(member.key.clone(), value);
            }
        }
    }
    if let Some(kind) = implied.filter(|_| !beside.contains_key("type")) {
        beside.insert("type", kind.clone());
    }
    beside
}

/// What a keyword says in the end, where it may have been given before.
fn agreed(earlier: Option<&Node>, member: &Member, context: &mut Context<'_>) -> Node {
    let later = &member.value;
    match earlier {
        Some(earlier) if member.key == "type" => common_type(earlier, later, context),
        Some(earlier) if earlier != later => {
            if let Some(both) = narrower_value(earlier, member) {
                return both;
            }
            let message = format!("`{}` is given twice; the later value counts", member.key);
            let warning = Diagnostic::warning("lower::described-twice", message, member.key_span)
                .with_label("this one counts")
                .with_related(earlier.span, "also given here");
            context.found.push(warning);
            later.clone()
        }
        _ => later.clone(),
    }
}

/// The type that values of two types have.
fn common_type(one: &Node, other: &Node, context: &mut Context<'_>) -> Node {
    if one.as_str() == Some("integer") && other.as_str() == Some("number") {
        return one.clone();
    }
    if let Some(message) = nothing_is_both(one, other) {
        let kind = other.as_str().unwrap_or_default();
        let message = format!("{message}; taken as `{kind}`");
        context.warn("lower::no-values", message, other.span);
    }
    other.clone()
}

/// Joins the objects of one component after the other.
struct Composer<'a, 'b, 'c> {
    all: &'a Node,
    names: Names,
    context: &'b mut Context<'c>,
    /// The components so far, in order.
    made: Vec<Member>,
}

impl Composer<'_, '_, '_> {
    fn compose(&mut self, component: &Member) -> Node {
        let schema = &component.value;
        let mut out = Node::object(schema.span);
        for member in schema
            .members()
            .iter()
            .filter(|member| is_annotation(&member.key))
        {
            out.insert(member.key.clone(), member.value.clone());
        }
        let members = schema.items_of("allOf");
        let mut scalars = members
            .iter()
            .filter(|node| is_scalar_member(node, self.all));
        if let Some(scalar) = scalars.find(|node| !allows_objects(node, self.all)) {
            let both = match is_nullable(schema) {
                true => "only null is both",
                false => "nothing can be both",
            };
            let message = format!(
                "`allOf` joins objects with values that are not objects: {both}; taken as any value"
            );
            self.context.warn("lower::no-values", message, scalar.span);
            return out;
        }
        let mut merged = Merger::new(self.all, &mut self.context.found).merge(schema);
        let unions = std::mem::take(&mut merged.unions);
        self.shape(&mut out, &component.key, &merged, &unions);
        let own = schema.get("discriminator").filter(|_| unions.is_empty());
        if let Some(discriminator) = own {
            out.insert("discriminator", discriminator.clone());
        }
        out
    }

    fn shape(&mut self, out: &mut Node, name: &str, merged: &Merged, unions: &[Node]) {
        match unions {
            [] => self.object(out, merged),
            [only] if merged.is_empty() => {
                for member in only.members() {
                    out.insert(member.key.clone(), member.value.clone());
                }
            }
            [only] => self.distribute(out, name, only, merged),
            [_, second, ..] => match product(name, unions) {
                Some(choice) => self.distribute(out, name, &choice, merged),
                None => {
                    let message = "the choices joined by `allOf` have too many combinations";
                    self.context
                        .error("lower::unsupported-composition", message, second.span);
                }
            },
        }
    }

    fn object(&self, out: &mut Node, merged: &Merged) {
        let span = out.span;
        out.insert("type", Node::string("object", span));
        merged.write(out);
        let whole = |name: &&String| {
            component(self.all, name).is_some_and(|parent| merged.covers(parent, self.all))
        };
        let parents = merged.parents.iter().filter(whole);
        let parents: Vec<Node> = parents
            .map(|name| Node::string(name.as_str(), span))
            .collect();
        if !parents.is_empty() {
            out.insert(PARENTS, Node::array(parents, span));
        }
        let composed_of = merged.parents.iter();
        let composed_of: Vec<Node> = composed_of
            .map(|name| Node::string(name.as_str(), span))
            .collect();
        if !composed_of.is_empty() {
            out.insert(COMPOSED_OF, Node::array(composed_of, span));
        }
    }

    /// Properties beside a choice belong to each alternative of it that may be an object, which
    /// thereby becomes a component of its own. Other alternatives stay as they are, unless what
    /// stands beside the choice asks for an object.
    fn distribute(&mut self, out: &mut Node, name: &str, choice: &Node, merged: &Merged) {
        let Some((key, alternatives)) = union(choice) else {
            return;
        };
        let own_names = super::inline_schemas::names_of(alternatives);
        let left: Vec<_> = alternatives
            .iter()
            .zip(own_names)
            .filter(|(alternative, _)| self.is_left(alternative, merged))
            .collect();
        match left.as_slice() {
            [] => return self.object(out, merged),
            [(only, _)] if alternatives.len() > 1 && may_be_object(self.all, only) => {
                for member in self.join(only, merged, name).members() {
                    out.insert(member.key.clone(), member.value.clone());
                }
                return;
            }
            _ => {}
        }
        let mut members = Vec::new();
        let mut mapping = Node::object(choice.span);
        for (alternative, own_name) in left {
            if !may_be_object(self.all, alternative) {
                members.push(alternative.clone());
                continue;
            }
            let fresh = self.names.fresh(&format!("{name}{own_name}"));
            let joined = self.join(alternative, merged, &fresh);
            let may_be = may_be_named(self.all, choice, alternative, &joined);
            map_values(&mut mapping, choice, alternative, (&fresh, may_be));
            members.push(super::ref_to(&fresh, alternative.span));
            self.made.push(Member {
                key: fresh,
                key_span: alternative.span,
                value: joined,
            });
        }
        out.insert(key, Node::array(members, choice.span));
        if let Some(discriminator) = choice.get("discriminator") {
            let mut discriminator = discriminator.clone();
            discriminator.insert("mapping", mapping);
            out.insert("discriminator", discriminator);
        }
    }

    /// Whether some value is of an alternative and of what stands beside the choice.
    fn is_left(&mut self, alternative: &Node, merged: &Merged) -> bool {
        let left = !merged.is_object || may_be_object(self.all, alternative);
        if !left {
            let message = "an object is asked for beside an alternative that is not one: nothing \
                           is both; the alternative is left out";
            self.context
                .warn("lower::no-values", message, alternative.span);
        }
        left
    }

    /// An alternative with what stands beside the choice. Where it is a choice itself, that goes on
    /// to each of its own alternatives.
    fn join(&mut self, alternative: &Node, merged: &Merged, name: &str) -> Node {
        let own = Merger::new(self.all, &mut self.context.found).merge(alternative);
        let mut joined = merged.clone();
        joined.absorb(own, self.all, &mut self.context.found);
        let mut object = Node::object(alternative.span);
        if let Some(description) = alternative.get("description") {
            object.insert("description", description.clone());
        }
        let unions = std::mem::take(&mut joined.unions);
        self.shape(&mut object, name, &joined, &unions);
        object
    }
}

/// One choice among every combination of the alternatives of several choices, while they are few.
/// `owner` is the component they belong to, whose name begins those of its parts.
fn product(owner: &str, choices: &[Node]) -> Option<Node> {
    const MOST: usize = 64;
    let span = choices.first()?.span;
    let mut combinations: Vec<(String, Vec<Node>)> = vec![(String::new(), Vec::new())];
    for choice in choices {
        let (_, alternatives) = union(choice)?;
        if combinations.len() * alternatives.len() > MOST {
            return None;
        }
        let names = crate::lower::passes::inline_schemas::names_of(alternatives);
        let longer = |(title, parts): &(String, Vec<Node>)| {
            let each = alternatives.iter().zip(&names);
            let each = each.map(|(alternative, name)| {
                let mut parts = parts.clone();
                parts.push(alternative.clone());
                let own = name.strip_prefix(owner).unwrap_or(name);
                (format!("{title} {own}").trim().to_owned(), parts)
            });
            each.collect::<Vec<_>>()
        };
        combinations = combinations.iter().flat_map(longer).collect();
    }
    let joined = combinations.into_iter().map(|(title, parts)| {
        let mut alternative = Node::object(span);
        alternative.insert("title", Node::string(title, span));
        alternative.insert("allOf", Node::array(parts, span));
        alternative
    });
    // A value of one alternative of each choice is of one combination, and the other way round.
    let exclusive = choices.iter().all(|choice| choice.contains_key("oneOf"));
    let word = if exclusive { "oneOf" } else { "anyOf" };
    let mut choice = Node::object(span);
    choice.insert(word, Node::array(joined.collect(), span));
    Some(choice)
}

/// Whether the tag of an alternative may be the alternative's name.
fn may_be_named(all: &Node, choice: &Node, alternative: &Node, joined: &Node) -> bool {
    let tag = choice.pointer("/discriminator/propertyName");
    let property = tag.and_then(|tag| joined.get("properties")?.get(tag.as_str()?));
    let name = reference(alternative).and_then(component_of);
    let listed = property.and_then(|property| listed(all, property));
    listed.is_none_or(|list| list.iter().any(|value| value.as_str() == name))
}

/// The tag values that chose the alternative choose what it has become: the component `fresh`.
fn map_values(
    mapping: &mut Node,
    choice: &Node,
    alternative: &Node,
    (fresh, may_be_named): (&str, bool),
) {
    let Some(name) = reference(alternative).and_then(component_of) else {
        return;
    };
    let old = choice
        .pointer("/discriminator/mapping")
        .map(Node::members)
        .unwrap_or_default();
    let names = |node: &Node| {
        node.as_str()
            .is_some_and(|to| to == name || component_of(to) == Some(name))
    };
    let mut values: Vec<&str> = old
        .iter()
        .filter(|entry| names(&entry.value))
        .map(|entry| entry.key.as_str())
        .collect();
    // Else the values that its property lists count, which are found where discriminators are
    // completed.
    if values.is_empty() && may_be_named {
        values.push(name);
    }
    for value in values {
        let target = to_component(fresh);
        mapping.insert(value, Node::string(target, alternative.span));
    }
}
