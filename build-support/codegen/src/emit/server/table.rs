//! `operations.rs`: what the contract says about each operation, as data.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Scope, handlers, names, schemas, shapes};
use crate::emit::{EmitError, code_span, doc, inner_doc};
use crate::model::{Body, Content, Framing, Operation, Style, TypeRef};
use crate::policy::TransportRole;

/// The file.
pub(super) fn emit(scope: &Scope<'_>) -> Result<TokenStream, EmitError> {
    let operations = &scope.api.operations;
    let docs = inner_doc("What the contract says about each operation, for layers to decide by.");
    let entries = operations
        .iter()
        .map(|operation| entry(scope, operation, schemas::OPERATIONS));
    let entries = entries.collect::<Result<TokenStream, _>>()?;
    let constants = operations
        .iter()
        .map(names::constant)
        .collect::<Result<Vec<_>, _>>()?;
    let shapes = shapes::shared(scope)?;
    let code = quote! {
        #[doc = " Every operation of the contract, in its order."]
        #[must_use]
        pub fn all() -> &'static [&'static Operation] {
            const { &[#(&#constants),*] }
        }

        #entries

        #shapes
    };
    let imports = imports(&code);
    Ok(quote! {
        #docs
        #imports

        #code
    })
}

/// What entries use of the runtime.
pub(super) fn imports(entries: &TokenStream) -> TokenStream {
    super::tag::support_imports(
        entries,
        &[
            "BodyRule",
            "Location",
            "Operation",
            "ParameterRule",
            "Shape",
            "Style",
        ],
        &quote!(super),
    )
}

/// The static of one operation; `group` is where its schemas stand.
pub(super) fn entry(
    scope: &Scope<'_>,
    operation: &Operation,
    group: &str,
) -> Result<TokenStream, EmitError> {
    let name = names::constant(operation)?;
    let docs = doc(&format!("{}.", code_span(&names::call(operation))));
    let Operation {
        id,
        method,
        path,
        tag,
        ..
    } = operation;
    let security = security(operation);
    let transport = transport(operation);
    let parameters = parameters(scope, operation, group)?;
    let body = operation.body.as_ref().map(|body| {
        let rule = body_rule(operation, body, group);
        quote!(.body(#rule))
    });
    let statuses = operation
        .responses
        .iter()
        .filter(|response| response.alternative.is_none())
        .map(|response| names::status_key(response.status));
    Ok(quote! {
        #docs
        pub static #name: Operation = Operation::new(#id, #method, #path, #tag, &super::SCHEMAS)
            #security
            #transport
            #parameters
            #body
            .statuses(&[#(#statuses),*]);
    })
}

fn security(operation: &Operation) -> Option<TokenStream> {
    let alternatives = operation
        .security
        .iter()
        .map(|schemes| quote!(&[#(#schemes),*]));
    (!operation.security.is_empty()).then(|| quote!(.security(&[#(#alternatives),*])))
}

fn transport(operation: &Operation) -> TokenStream {
    let has = |role| {
        operation
            .transport
            .iter()
            .find(|header| header.role == role)
    };
    let signed = has(TransportRole::Signature).map(|_| quote!(.signed()));
    let digest = has(TransportRole::Digest).map(|_| quote!(.digest()));
    let key = has(TransportRole::IdempotencyKey).map(|header| {
        let (name, required) = (&header.wire_name, header.required);
        quote!(.idempotency_key(#name, #required))
    });
    quote!(#signed #digest #key)
}

fn parameters(
    scope: &Scope<'_>,
    operation: &Operation,
    group: &str,
) -> Result<Option<TokenStream>, EmitError> {
    let rules = operation.parameters.iter().map(|parameter| {
        let location = handlers::location(parameter.location);
        let shape = match parameter.style {
            Style::Json => quote!(Shape::Json),
            Style::DeepObject => shapes::deep(scope, &parameter.ty)?,
            _ => shapes::emit(scope, &parameter.ty)?,
        };
        let style = style(parameter.style);
        let name = &parameter.wire_name;
        let schema = schemas::parameter_pointer(group, operation, parameter);
        let text = shape.to_string();
        let several = ["List", "Object", "Map"]
            .iter()
            .any(|word| text.contains(word));
        let may_be_joined = several && parameter.style != Style::DeepObject;
        let joined = (!parameter.explode && may_be_joined).then(|| quote!(.joined()));
        let empty = parameter.may_be_empty.then(|| quote!(.may_be_empty()));
        Ok(quote!(ParameterRule::new(#location, #name, #shape, #schema) #style #joined #empty))
    });
    let rules = rules.collect::<Result<Vec<_>, EmitError>>()?;
    Ok((!rules.is_empty()).then(|| quote!(.parameters(&[#(#rules),*]))))
}

/// What sets a style that is not the usual one.
fn style(style: Style) -> Option<TokenStream> {
    Some(match style {
        Style::Simple | Style::Form | Style::Json => return None,
        Style::Label => quote!(.style(Style::Label)),
        Style::Matrix => quote!(.style(Style::Matrix)),
        Style::SpaceDelimited => quote!(.style(Style::Space)),
        Style::PipeDelimited => quote!(.style(Style::Pipe)),
        Style::DeepObject => quote!(.style(Style::Deep)),
    })
}

/// Receivers read leniently: a newer sender may know more than this contract.
fn body_rule(operation: &Operation, body: &Body, group: &str) -> TokenStream {
    let others = body.others.iter();
    let others: Vec<_> = others.map(|one| body_rule(operation, one, group)).collect();
    let others = (!others.is_empty()).then(|| quote!(.others(&[#(#others),*])));
    let media = &body.media_type;
    let also: Vec<&String> = body.also.iter().map(|(media_type, _)| media_type).collect();
    let also = (!also.is_empty()).then(|| quote!(.also(&[#(#also),*])));
    let optional = (!body.required).then(|| quote!(.optional()));
    let streamed = body.content.is_streamed().then(|| quote!(.streamed()));
    let structured = match &body.content {
        Content::Records(framing, ty) => *framing != Framing::Events || *ty != TypeRef::String,
        content => matches!(content, Content::Json(_) | Content::Form(_)),
    };
    let schema = schemas::body_pointer(group, operation, body);
    let checked = match group == schemas::OPERATIONS {
        true if structured => Some(quote!(.checked(#schema))),
        true if body.restricted_text => Some(quote!(.checked_text(#schema))),
        _ => None,
    };
    quote!(BodyRule::new(#media) #also #optional #streamed #checked #others)
}
