//! A reference that leads nowhere: how far it leads, and which names come nearest.

use super::nearest::{did_you_mean, nearest};
use super::node::Node;
use super::pointer;
use super::span::Span;
use crate::diagnostics::Diagnostic;

/// Reports that `pointer` leads nowhere in `root`. `text` is the reference as written.
pub(super) fn diagnostic(root: &Node, pointer: &str, text: &str, span: Span) -> Diagnostic {
    with_message(
        root,
        pointer,
        format!("the reference `{text}` leads nowhere"),
        span,
    )
}

/// The same in other words.
pub(super) fn with_message(root: &Node, pointer: &str, message: String, span: Span) -> Diagnostic {
    let (reached, step) = last_found(root, pointer);
    let label = match reached {
        "" => format!("there is no `{step}` at the top of the file"),
        _ => format!("there is no `{step}` under `#{reached}`"),
    };
    let diagnostic = Diagnostic::error("read::dangling-ref", message, span).with_label(label);
    match help(root, reached, &step) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic.with_help("define it, or point to a name that is defined"),
    }
}

/// The longest part of a pointer that leads somewhere, and the step that does not.
fn last_found<'a>(root: &Node, whole: &'a str) -> (&'a str, String) {
    let mut reached = "";
    let mut rest = whole;
    while let Some(after) = rest.strip_prefix('/') {
        let step = after.split('/').next().unwrap_or(after);
        let end = whole.len() - after.len() + step.len();
        if root.pointer(&whole[..end]).is_none() {
            return (reached, pointer::unescape(step).into_owned());
        }
        reached = &whole[..end];
        rest = &whole[end..];
    }
    (reached, rest.to_owned())
}

fn help(root: &Node, reached: &str, step: &str) -> Option<String> {
    let keys = root.pointer(reached)?.members().iter();
    let near = nearest(step, keys.map(|member| member.key.as_str()));
    let near = if near.is_empty() {
        elsewhere(root, step)
    } else {
        let to_text = |name: &&str| format!("#{reached}/{}", pointer::escape(name));
        near.iter().map(to_text).collect()
    };
    did_you_mean(near)
}

/// The same name in another section of `components`.
fn elsewhere(root: &Node, step: &str) -> Vec<String> {
    let components = root.members_of("components");
    let sections = components.iter();
    sections
        .filter(|section| section.value.contains_key(step))
        .map(|section| format!("#/components/{}/{}", section.key, pointer::escape(step)))
        .collect()
}
