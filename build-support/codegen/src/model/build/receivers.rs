//! What a receiver of webhooks and callbacks is sent.

use super::docs::text;
use super::naming::{Distinct, field_name, type_name};
use super::{Builder, Tags};
use crate::lower::extensions::{RECEIVER_PATH, RECEIVER_POINTER, RECEIVERS};
use crate::lower::walk;
use crate::model::{Body, Content, Operation, TypeRef};
use heck::ToUpperCamelCase;

impl Builder<'_> {
    /// Receivers, the same message once however often the contract describes it. Without an
    /// operationId they are named after what they receive: `receiveWebhookEvent`.
    pub(super) fn receivers(
        &mut self,
        tags: &mut Tags<'_>,
        operations: &[Operation],
    ) -> Vec<Operation> {
        let taken: Vec<&str> = operations
            .iter()
            .map(|operation| operation.rust_name.as_str())
            .collect();
        let mut methods = Distinct::reserving(&taken);
        let mut all: Vec<Operation> = Vec::new();
        walk::operations(self.root, &mut |site| {
            if site.section != RECEIVERS {
                return;
            }
            let mut receiver = self.operation(site);
            if all.iter().any(|known| same_message(known, &receiver)) {
                return;
            }
            if receiver.id.is_empty() {
                receiver.id = format!("receive{}", subject(&receiver, site.path));
            }
            if let Some(path) = text(site.node, RECEIVER_PATH) {
                receiver.path = path;
            }
            if let Some(pointer) = text(site.node, RECEIVER_POINTER) {
                receiver.pointer = pointer;
            }
            tags.note(&receiver.tag);
            receiver.rust_name = methods.claim(&field_name(&receiver.id));
            receiver.type_name = type_name(&receiver.rust_name);
            all.push(receiver);
        });
        all
    }
}

fn subject(receiver: &Operation, key: &str) -> String {
    match receiver.body.as_ref().map(|body| &body.content) {
        Some(Content::Json(TypeRef::Named(name)) | Content::Form(TypeRef::Named(name))) => {
            name.clone()
        }
        _ => key.to_upper_camel_case(),
    }
}

/// Messages are the same when body, responses and parameters are, whatever is said about them.
fn same_message(a: &Operation, b: &Operation) -> bool {
    let body = |operation: &Operation| -> Vec<_> {
        let all = operation.body.iter().flat_map(Body::all);
        all.map(|body| (body.media_type.clone(), body.content.clone()))
            .collect()
    };
    let responses = |operation: &Operation| -> Vec<_> {
        let all = operation.responses.iter();
        all.map(|response| (response.status, response.content.clone()))
            .collect()
    };
    let parameters = |operation: &Operation| -> Vec<_> {
        let all = operation.parameters.iter();
        all.map(|parameter| {
            (
                parameter.wire_name.clone(),
                parameter.location,
                parameter.ty.clone(),
            )
        })
        .collect()
    };
    a.method == b.method
        && body(a) == body(b)
        && responses(a) == responses(b)
        && parameters(a) == parameters(b)
        && a.transport == b.transport
}
