//! Takes out the bodies of responses that HTTP has without one: those to `HEAD`, and those with a
//! status below 200, 204, 205 or 304 (RFC 9110, section 6.4.1).

use crate::lower::{context::Context, walk};
use contract::{Member, Node};

/// Runs the pass, after shared responses stand where they are used.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::operations_mut(root, &mut |_, _, method, operation| {
        let responses = operation.get_mut("responses").and_then(Node::as_object_mut);
        for response in responses.into_iter().flat_map(|all| all.iter_mut()) {
            if method == "head" || is_bodiless(&response.key) {
                take_body(response, method, context);
            }
        }
    });
}

fn is_bodiless(status: &str) -> bool {
    status.starts_with('1') || matches!(status, "204" | "205" | "304")
}

fn take_body(response: &mut Member, method: &str, context: &mut Context<'_>) {
    let Some(content) = response.value.remove("content") else {
        return;
    };
    if content.members().is_empty() {
        return;
    }
    let what = match method {
        "head" => "to HEAD".to_owned(),
        _ => format!("with the status {}", response.key),
    };
    let message = format!("a response {what} has no body: its `content` is left out");
    context.warn("lower::bodiless", message, content.span);
}
