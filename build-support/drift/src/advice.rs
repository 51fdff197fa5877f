//! What a client or a server has to do about a change.

use super::kind::Kind;
use super::report::{Directions, Severity};

/// What has to be done, where something has.
pub(super) fn of(kind: Kind, severity: Severity, directions: Option<Directions>) -> Option<String> {
    if severity == Severity::Compatible {
        return None;
    }
    let text = specific(kind).or_else(|| general(severity, directions))?;
    Some(text.to_owned())
}

fn specific(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::OperationRemoved => "stop these calls before the server is updated",
        Kind::OperationIdChanged => "rename the calls of the generated method",
        Kind::RequiredParameterAdded | Kind::ParameterBecameRequired => "pass it with every call",
        Kind::ParameterRemoved => {
            "stop passing it, and check whether the result is still the one you need"
        }
        Kind::ParameterMoved => "pass it in its new place",
        Kind::ParameterRenamed => "pass it under its new name",
        Kind::RequiredBodyAdded | Kind::BodyBecameRequired => "send a body with every call",
        Kind::BodyRemoved => "stop sending a body",
        Kind::StatusRemoved => {
            "stop waiting for this status, and handle the status that is returned instead"
        }
        Kind::StatusAdded => "handle this status as a success",
        Kind::RequiredPropertyAdded | Kind::PropertyBecameRequired => "send it with every request",
        Kind::RequiredPropertyRemoved | Kind::PropertyBecameOptional => {
            "do not rely on finding it any more"
        }
        Kind::PropertyRemoved => "stop using it",
        Kind::EnumValueAdded => "handle the new value",
        Kind::EnumValueRemoved => "stop sending the old value",
        Kind::SecurityNarrowed => "obtain the credentials that are asked for now",
        Kind::BasePathChanged => "call the new addresses",
        Kind::WebhookAdded => "respond to the new call, or do not subscribe to it",
        Kind::WebhookRemoved | Kind::CallbackRemoved => "stop waiting for it",
        Kind::ReferenceDangling => "define what it refers to, or point it elsewhere",
        Kind::MediaTypeRemoved => "use a media type that is left",
        Kind::HeaderRemoved | Kind::HeaderBecameOptional => "do not rely on the header any more",
        Kind::DefaultChanged => "send the value where the old default was meant",
        _ => return None,
    })
}

fn general(severity: Severity, directions: Option<Directions>) -> Option<&'static str> {
    match (severity, directions) {
        (Severity::Undecided, _) => Some("read both sides and decide; then accept or fix it"),
        (Severity::Breaking, Some(Directions::Request)) => {
            Some("send only what the revision accepts before the server is updated")
        }
        (Severity::Breaking, Some(Directions::Response)) => {
            Some("be ready to read what the revision may respond with before the server is updated")
        }
        (Severity::Breaking, Some(Directions::Both)) => {
            Some("change what is sent and what is read together with the server")
        }
        _ => None,
    }
}
