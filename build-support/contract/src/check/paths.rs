//! Path templates and the parameters that fill them.

use super::ambiguous;
use super::context::Context;
use crate::diagnostics::Diagnostic;
use crate::nearest::suggestion;
use crate::node::{Member, Node};
use crate::span::Span;
use crate::template::PathTemplate;
use std::collections::HashMap;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(paths) = context.root.get("paths") else {
        return;
    };
    let mut shapes = HashMap::new();
    found.extend(ambiguous::check(paths.members()));
    for path in paths
        .members()
        .iter()
        .filter(|path| !path.key.starts_with("x-"))
    {
        found.extend(key(path));
        found.extend(same_path(path, paths));
        found.extend(collision(path, &mut shapes));
        match template_names(&path.key) {
            Ok(_) => parameters(context, path, found),
            Err(message) => found.push(
                Diagnostic::error("read::path", message, path.key_span)
                    .with_help("write each parameter as `{name}`"),
            ),
        }
    }
}

/// The names between braces.
pub(super) fn template_names(template: &str) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let inside = rest[at..].strip_prefix('{');
        let close = inside.and_then(|inside| Some((inside, inside.find(['{', '}', '/'])?)));
        match close {
            Some((inside, end)) if end > 0 && inside[end..].starts_with('}') => {
                names.push(inside[..end].to_owned());
                rest = &inside[end + 1..];
            }
            _ => return Err(format!("the braces of `{template}` do not pair")),
        }
    }
    Ok(names)
}

/// What OpenAPI does not let a path have, and what becomes of it.
fn key(path: &Member) -> Vec<Diagnostic> {
    let template = PathTemplate::new(&path.key);
    let mut found = Vec::new();
    let mut warn = |rule, message: &str, label: &str, help: &str| {
        let warning = Diagnostic::warning(rule, message, path.key_span);
        found.push(warning.with_label(label).with_help(help));
    };
    if !path.key.starts_with('/') {
        let message = "a path begins with a slash";
        warn(
            "read::path-slash",
            message,
            "taken as if it did",
            "write `/` before it",
        );
    }
    if !template.query.is_empty() {
        let help = "declare what follows as parameters `in: query`";
        let label = match template.named().next() {
            Some(_) => "names parameters of the query",
            None => "always sent with it",
        };
        warn("read::path-query", "a path has no query", label, help);
    }
    if !template.fragment.is_empty() {
        let help = "distinguish it by a segment";
        warn(
            "read::path-fragment",
            "a path has no fragment",
            "never sent",
            help,
        );
    }
    found
}

/// `users` beside `/users`, which the first one is taken for.
fn same_path(path: &Member, paths: &Node) -> Option<Diagnostic> {
    if path.key.starts_with('/') {
        return None;
    }
    let written = format!("/{}", path.key);
    let other = paths.members().iter().find(|other| other.key == written)?;
    let error = Diagnostic::error(
        "read::path-collision",
        format!("`{}` and `{written}` are one path", path.key),
        path.key_span,
    );
    let error = error.with_related(other.key_span, "the other one");
    Some(error.with_help("join the two"))
}

/// Two templates that differ in the names of their parameters alone match the same requests. Clients
/// can call both; a server calls the first, where both have the method.
fn collision<'a>(path: &'a Member, shapes: &mut HashMap<String, &'a Member>) -> Option<Diagnostic> {
    let before = shapes.insert(shape(&path.key), path)?;
    let message = format!(
        "`{}` and `{}` match the same requests",
        path.key, before.key
    );
    let mut methods = Context::operations(&path.value);
    let twice = methods.any(|method| before.value.contains_key(&method.key));
    let label = match twice {
        true => "a server calls the operations of the other one",
        false => "taken with the other one",
    };
    Some(
        Diagnostic::warning("read::path-collision", message, path.key_span)
            .with_label(label)
            .with_related(before.key_span, "the other one")
            .with_help("join the two, or distinguish them by a fixed segment"),
    )
}

/// A path without the names of its parameters and without a fragment, with the pairs of its query in
/// order.
fn shape(key: &str) -> String {
    let template = PathTemplate::new(key);
    let mut shape = String::new();
    let mut inside = false;
    for character in template.path.chars() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        shape.push(character);
    }
    let mut fixed: Vec<_> = template.fixed().collect();
    fixed.sort_unstable();
    shape.extend(fixed.into_iter().flat_map(|pair| ["?", pair]));
    shape
}

/// Every name of the template is declared, and nothing else is.
fn parameters(context: &Context<'_>, path: &Member, found: &mut Vec<Diagnostic>) {
    let template = PathTemplate::new(&path.key);
    let mut names = template.names();
    names.sort_unstable();
    names.dedup();
    let shared = Declared::by(context, &path.value);
    let mut used = Vec::new();
    for operation in Context::operations(&path.value) {
        let own = Declared::by(context, &operation.value);
        for name in &names {
            if !own.may_have(name) && !shared.may_have(name) {
                found.push(undeclared(context, path, operation, name));
            }
        }
        used.extend(own.names);
    }
    used.extend(shared.names);
    names.extend(template.named().map(|(_, name)| name));
    for (name, span) in used {
        if !names.contains(&name.as_str()) {
            found.push(not_in_template(path, &names, &name, span));
        }
    }
}

/// The path parameters that an operation or a path item declares.
struct Declared {
    names: Vec<(String, Span)>,
    /// Whether a parameter could not be looked at; what is wrong with it is reported elsewhere.
    unknown: bool,
}

impl Declared {
    fn by(context: &Context<'_>, owner: &Node) -> Self {
        let mut declared = Self {
            names: Vec::new(),
            unknown: false,
        };
        for written in owner.items_of("parameters") {
            declared.add(context, written);
        }
        declared
    }

    fn add(&mut self, context: &Context<'_>, written: &Node) {
        let parameter = context.resolve_pointed(written);
        let text = |field| parameter?.get(field)?.as_str();
        let (Some(name), Some(location)) = (text("name"), text("in")) else {
            self.unknown = true;
            return;
        };
        // A parameter that is referred to is marked where the reference stands.
        let place = written
            .get("$ref")
            .or(written.get("name"))
            .unwrap_or(written);
        if location == "path" {
            self.names.push((name.to_owned(), place.span));
        }
    }

    fn may_have(&self, name: &str) -> bool {
        self.unknown || self.names.iter().any(|(known, _)| known == name)
    }
}

fn undeclared(context: &Context<'_>, path: &Member, operation: &Member, name: &str) -> Diagnostic {
    let method = operation.key.to_uppercase();
    let message = format!(
        "{method} {} does not declare the parameter `{name}`",
        path.key
    );
    let span = context.within(path.key_span, &format!("{{{name}}}"));
    Diagnostic::warning("read::undeclared-parameter", message, span)
        .with_label("named in the path; taken as text")
        .with_related(operation.key_span, "not declared by this operation")
        .with_help(format!(
            "add a parameter with `name: {name}`, `in: path` and `required: true`"
        ))
}

fn not_in_template(path: &Member, names: &[&str], name: &str, span: Span) -> Diagnostic {
    let message = format!(
        "the path `{}` has no place for the parameter `{name}`",
        path.key
    );
    let otherwise = || format!("write `{{{name}}}` into the path, or delete the parameter");
    let help = suggestion(name, names.iter().copied()).unwrap_or_else(otherwise);
    Diagnostic::warning("read::unused-path-parameter", message, span)
        .with_label("declared as a path parameter; not looked at")
        .with_related(path.key_span, "the path")
        .with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        let names = |template| template_names(template).ok();
        let owned = |names: &[&str]| Some(names.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(names("/a"), owned(&[]));
        assert_eq!(names("/a/{b}/c-{d}.{e}"), owned(&["b", "d", "e"]));
        for broken in ["/{", "/}", "/{}", "/{a", "/{a{b}}", "/{a/b}"] {
            assert_eq!(names(broken), None, "{broken}");
        }
        assert_eq!(shape("/a/{b}/c"), shape("/a/{x}/c"));
        assert_eq!(shape("/a?x=1&y=2"), shape("/a?y=2&x=1#z"));
        assert_ne!(shape("/a?x=1"), shape("/a"));
        assert_ne!(shape("/a/{b}"), shape("/a/b"));
    }
}
