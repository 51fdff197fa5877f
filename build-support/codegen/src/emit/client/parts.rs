//! The parts of a multipart body as a struct, and how they are put into a form.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::plan::{Call, Plan};
use crate::emit::{EmitError, doc, documentation, ident, setter_name};
use crate::model::{Multipart, Part, PartKind, TypeRef};

/// The parts of a call's body. Under a session a body is in memory, and is written by the caller.
pub(super) fn of<'a>(plan: &Plan<'_>, call: &Call<'a>) -> Option<&'a Multipart> {
    let plain = plan.settings.error.is_none();
    call.operation.multipart().filter(|_| plain)
}

/// The name of the struct.
pub(super) fn name(plan: &Plan<'_>, call: &Call<'_>) -> Ident {
    plan.beside(call, "Parts")
}

/// The struct with its functions, where the call has such a body.
///
/// # Errors
/// Fails when a type has no path, or a name is not an identifier.
pub(super) fn emit(plan: &Plan<'_>, call: &Call<'_>) -> Result<TokenStream, EmitError> {
    let Some(body) = of(plan, call) else {
        return Ok(TokenStream::new());
    };
    let fields = body.parts.iter().map(|part| Field::of(plan, call, part));
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    let name = name(plan, call);
    let about = doc(&format!(
        "The parts of the body of `{}`.",
        call.operation.id
    ));
    let definitions = fields.iter().map(Field::definition);
    let further = (!body.closed).then(|| {
        quote!(
            /// Parts that the contract does not describe, with their names.
            pub further: Vec<(String, multipart::FilePart)>,
        )
    });
    let constructor = constructor(&fields, body.closed);
    let setters = fields
        .iter()
        .filter(|field| !field.is_asked())
        .map(Field::setter);
    let added = fields.iter().map(Field::added);
    let more = (!body.closed).then(|| {
        quote! {
            for (name, file) in self.further {
                parts = parts.file(&name, file, "")?;
            }
        }
    });
    let changes = !fields.is_empty() || !body.closed;
    let mutable = changes.then(|| quote!(mut));
    Ok(quote! {
        #about
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct #name {
            #(#definitions)*
            #further
        }

        impl #name {
            #constructor

            #(#setters)*

            #[expect(clippy::result_large_err, reason = "callers pass progenitor's error on")]
            fn into_form<E>(self) -> Result<reqwest::multipart::Form, progenitor_client::Error<E>> {
                let #mutable parts = multipart::Parts::new();
                #(#added)*
                #more
                Ok(parts.into_form())
            }
        }
    })
}

fn constructor(fields: &[Field<'_>], closed: bool) -> TokenStream {
    let asked: Vec<_> = fields.iter().filter(|field| field.is_asked()).collect();
    let crowded = (asked.len() > 7).then(
        || quote!(#[expect(clippy::too_many_arguments, reason = "the contract requires them all")]),
    );
    let arguments = asked.iter().map(|field| field.argument());
    let values = fields.iter().map(Field::initial);
    let further = (!closed).then(|| quote!(further: Vec::new(),));
    quote! {
        /// A body of the parts that the contract requires.
        #crowded
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values)* #further }
        }
    }
}

/// A part as a field.
struct Field<'a> {
    part: &'a Part,
    name: Ident,
    /// The type of one part.
    ty: TokenStream,
    /// Whether callers pass what becomes it.
    converted: bool,
}

impl<'a> Field<'a> {
    fn of(plan: &Plan<'_>, call: &Call<'_>, part: &'a Part) -> Result<Self, EmitError> {
        let place = format!("part `{}` of `{}`", part.wire_name, call.operation.id);
        let resolved = part
            .kind
            .ty()
            .map(|ty| plan.paths.resolve(ty))
            .transpose()?;
        Ok(Self {
            name: ident(&part.rust_name, &place)?,
            ty: match part.kind.ty() {
                Some(ty) => plan.ty(ty)?,
                None => quote!(multipart::FilePart),
            },
            converted: resolved.is_none_or(|ty| *ty == TypeRef::String),
            part,
        })
    }

    /// Whether `new` asks for it.
    fn is_asked(&self) -> bool {
        self.part.required
    }

    fn definition(&self) -> TokenStream {
        let (name, ty) = (&self.name, &self.ty);
        let fallback = format!("The part `{}`.", self.part.wire_name);
        let about = doc(&documentation(&self.part.docs, &fallback));
        match (self.part.repeated, self.part.required) {
            (true, _) => quote!(#about pub #name: Vec<#ty>,),
            (false, true) => quote!(#about pub #name: #ty,),
            (false, false) => quote!(#about pub #name: Option<#ty>,),
        }
    }

    fn argument(&self) -> TokenStream {
        let (name, ty) = (&self.name, &self.ty);
        match (self.part.repeated, self.converted) {
            (true, _) => quote!(#name: Vec<#ty>),
            (false, true) => quote!(#name: impl Into<#ty>),
            (false, false) => quote!(#name: #ty),
        }
    }

    /// The argument as the field's value.
    fn value(&self) -> TokenStream {
        let name = &self.name;
        match !self.part.repeated && self.converted {
            true => quote!(#name.into()),
            false => quote!(#name),
        }
    }

    fn initial(&self) -> TokenStream {
        let (name, value) = (&self.name, self.value());
        match (self.is_asked(), self.part.repeated) {
            (true, _) => quote!(#name: #value,),
            (false, true) => quote!(#name: Vec::new(),),
            (false, false) => quote!(#name: None,),
        }
    }

    fn setter(&self) -> TokenStream {
        let (name, argument, value) = (&self.name, self.argument(), self.value());
        let setter = setter_name(&name.to_string());
        let about = doc(&format!("Sets the part `{}`.", self.part.wire_name));
        let value = match self.part.repeated {
            true => value,
            false => quote!(Some(#value)),
        };
        quote! {
            #about
            #[must_use]
            pub fn #setter(mut self, #argument) -> Self {
                self.#name = #value;
                self
            }
        }
    }

    fn added(&self) -> TokenStream {
        let (name, wire) = (&self.name, &self.part.wire_name);
        let media_type = media_type(self.part);
        let add = |one: TokenStream, reference: TokenStream| match self.part.kind {
            PartKind::File => quote!(parts = parts.file(#wire, #one, #media_type)?;),
            PartKind::Json(_) => quote!(parts = parts.json(#wire, #reference, #media_type)?;),
            PartKind::Text(_) => quote!(parts = parts.text(#wire, #reference, #media_type)?;),
        };
        match (self.part.repeated, self.part.required) {
            (false, true) => add(quote!(self.#name), quote!(&self.#name)),
            (false, false) => {
                let one = add(quote!(part), quote!(&part));
                quote!(if let Some(part) = self.#name { #one })
            }
            (true, _) => {
                let one = add(quote!(part), quote!(&part));
                quote!(for part in self.#name { #one })
            }
        }
    }
}

/// The media type a part is sent with, unless its file says another one.
fn media_type(part: &Part) -> String {
    let mut concrete = part.media_types.iter().filter(|one| !one.contains('*'));
    let usual = match part.kind {
        PartKind::File => "application/octet-stream",
        PartKind::Json(_) => "application/json",
        PartKind::Text(_) => "",
    };
    concrete.next().map_or(usual, String::as_str).to_owned()
}
