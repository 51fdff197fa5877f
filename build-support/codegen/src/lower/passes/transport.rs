//! Takes the headers the policy names out of operations' parameters: a session adds them, not a
//! caller.

use crate::lower::extensions::TRANSPORT;
use crate::lower::{context::Context, walk};
use crate::policy::{Policy, TransportRole};
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let policy = context.policy;
    walk::operations_mut(root, &mut |_, _, _, operation| {
        let Some(parameters) = operation.get_mut("parameters").and_then(Node::as_array_mut) else {
            return;
        };
        let mut taken = Vec::new();
        parameters.retain(|parameter| match role(parameter, policy) {
            Some(role) => {
                taken.push(header(parameter, role));
                false
            }
            None => true,
        });
        let empty = parameters.is_empty();
        if !taken.is_empty() {
            let span = operation.span;
            operation.insert(TRANSPORT, Node::array(taken, span));
        }
        if empty {
            operation.remove("parameters");
        }
    });
}

fn role(parameter: &Node, policy: &Policy) -> Option<TransportRole> {
    let place = parameter.get("in")?.as_str()?;
    let name = parameter.get("name")?.as_str()?;
    policy.transport_role(name).filter(|_| place == "header")
}

fn header(parameter: &Node, role: TransportRole) -> Node {
    let mut header = Node::object(parameter.span);
    for key in ["name", "required", "description"] {
        if let Some(value) = parameter.get(key) {
            header.insert(key, value.clone());
        }
    }
    header.insert("role", Node::string(role.as_str(), parameter.span));
    header
}
