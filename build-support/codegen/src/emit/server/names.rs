//! Names the contract does not give: files, traits, routers, variants.

use proc_macro2::Span;
use syn::Ident;

use crate::emit::{EmitError, ident};
use crate::model::{Api, Operation, Parameter, Response, Status, Tag};

/// Files that every generated server has; a tag of such a name gets another one.
const TAKEN: [&str; 5] = [
    "mod",
    "not_implemented",
    "operations",
    "receivers",
    "support",
];

/// What the files of tags import of the runtime.
pub(super) const SUPPORT: [&str; 22] = [
    "ApiRouter",
    "BodyRule",
    "Event",
    "HeaderRule",
    "Incoming",
    "Location",
    "Multipart",
    "Operation",
    "ParameterRule",
    "Part",
    "PartKind",
    "PartRule",
    "Problem",
    "RecordReader",
    "Records",
    "Rejection",
    "RequestContext",
    "Shape",
    "StatusIn",
    "Style",
    "TypedBody",
    "respond",
];

/// Names that handlers use for themselves; a parameter of such a name gets another one.
const RESERVED: [&str; 6] = ["response", "api", "body", "context", "incoming", "self"];

/// The tags, each with a module that no other generated file has.
pub(super) fn tags(api: &Api) -> Vec<Tag> {
    let mut tags = api.tags.clone();
    // A tag of receivers alone has nothing to route.
    tags.retain(|tag| {
        api.operations
            .iter()
            .any(|operation| operation.tag == tag.name)
    });
    for tag in &mut tags {
        if TAKEN.contains(&tag.module.as_str()) {
            tag.module.push_str("_api");
        }
    }
    tags
}

/// An identifier the emitter made itself.
pub(super) fn own(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// `CardsApi`.
pub(super) fn tag_trait(tag: &Tag) -> Result<Ident, EmitError> {
    ident(
        &format!("{}Api", tag.type_name),
        &format!("tag `{}`", tag.name),
    )
}

/// `cards_router`.
pub(super) fn tag_router(tag: &Tag) -> Result<Ident, EmitError> {
    ident(
        &format!("{}_router", tag.module.trim_end_matches('_')),
        &format!("tag `{}`", tag.name),
    )
}

/// `create_account_card`.
pub(super) fn method(operation: &Operation) -> Result<Ident, EmitError> {
    ident(&operation.rust_name, &place(operation))
}

/// `CREATE_ACCOUNT_CARD`.
pub(super) fn constant(operation: &Operation) -> Result<Ident, EmitError> {
    let bare = operation
        .rust_name
        .trim_start_matches("r#")
        .trim_end_matches('_');
    let upper = bare.to_uppercase();
    // A script without capitals would give the constant the name of the handler beside it.
    let upper = match upper == bare {
        true => format!("{upper}_OPERATION"),
        false => upper,
    };
    ident(&upper, &place(operation))
}

/// `CreateAccountCardError`.
pub(super) fn error(operation: &Operation) -> Result<Ident, EmitError> {
    ident(&format!("{}Error", operation.type_name), &place(operation))
}

/// `CreateAccountCardSuccess`.
pub(super) fn success(operation: &Operation) -> Result<Ident, EmitError> {
    ident(
        &format!("{}Success", operation.type_name),
        &place(operation),
    )
}

/// `UploadFileBody`: what the body may be.
pub(super) fn body(operation: &Operation) -> Result<Ident, EmitError> {
    let mut name = format!("{}Body", operation.type_name);
    if SUPPORT.contains(&name.as_str()) {
        name.push('_');
    }
    ident(&name, &place(operation))
}

/// The argument of a parameter, out of the way of what handlers call their own.
pub(super) fn argument(operation: &Operation, parameter: &Parameter) -> Result<Ident, EmitError> {
    let place = format!(
        "parameter `{}` of {}",
        parameter.wire_name,
        place(operation)
    );
    if RESERVED.contains(&parameter.rust_name.as_str()) {
        return ident(&format!("{}_argument", parameter.rust_name), &place);
    }
    ident(&parameter.rust_name, &place)
}

/// `POST /cards`, for documentation and errors.
pub(super) fn call(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

fn place(operation: &Operation) -> String {
    format!("operation `{}`", operation.id)
}

/// The variant of a documented response.
pub(super) fn variant_of(response: &Response) -> Ident {
    match &response.alternative {
        None => variant(response.status),
        Some(more) => own(&format!("{}{more}", variant(response.status))),
    }
}

/// The variant of a documented status.
pub(super) fn variant(status: Status) -> Ident {
    match status {
        Status::Code(code) => own(&code_name(code)),
        Status::Range(1) => own("Informational"),
        Status::Range(2) => own("Success"),
        Status::Range(3) => own("Redirection"),
        Status::Range(4) => own("ClientError"),
        Status::Range(_) => own("ServerError"),
        Status::Default => own("Other"),
    }
}

/// The key of `responses`.
pub(super) fn status_key(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    }
}

/// The registered phrase of a status in British spelling, as a name (RFC 9110, section 15, and
/// the registry it opens).
pub fn code_name(code: u16) -> String {
    let name = match code {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorised",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        418 => "ImATeapot",
        421 => "MisdirectedRequest",
        422 => "UnprocessableContent",
        423 => "Locked",
        424 => "FailedDependency",
        425 => "TooEarly",
        426 => "UpgradeRequired",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        507 => "InsufficientStorage",
        other => return format!("Status{other}"),
    };
    name.to_owned()
}
