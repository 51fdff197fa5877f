//! How text outside JSON becomes a value of a type.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::{EmitError, code_span, doc, ident};
use crate::model::{Additional, Body, Content, Encoding, Field, Style, TypeKind, TypeRef};

/// The runtime's shape for a type.
pub(super) fn emit(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, Depth::Top)
}

/// The shape for a type whose members and items have names in brackets, however deep. What is inside
/// stands in the module of [`shared`].
pub(super) fn deep(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, Depth::Deep)
}

/// The shapes that others have inside, each once, since they may have themselves inside: a module of
/// `operations.rs`.
pub(super) fn shared(scope: &Scope<'_>) -> Result<Option<TokenStream>, EmitError> {
    let mut shapes = BTreeMap::new();
    for ty in with_brackets(scope) {
        collect(scope, &read(scope, ty, Depth::Deep, UNIONS)?, &mut shapes)?;
    }
    let statics = shapes.iter().map(|(name, read)| {
        let shape = read.tokens(&quote!());
        let docs = doc(&format!(
            "How {} is read where its members have names in brackets.",
            code_span(name)
        ));
        let name = ident(name, "a shape")?;
        Ok(quote!(#docs pub(in super::super) static #name: Shape = #shape;))
    });
    let statics = statics.collect::<Result<Vec<_>, EmitError>>()?;
    Ok((!statics.is_empty()).then(|| {
        quote! {
            #[doc = " What parameters and members of forms have inside where names in brackets lead to it."]
            #[allow(non_upper_case_globals, reason = "each has the name of its type")]
            pub(super) mod shapes {
                use super::Shape;

                #(#statics)*
            }
        }
    }))
}

/// The types of parameters and of members of forms in the style `deepObject`.
fn with_brackets<'a>(scope: &'a Scope<'_>) -> Vec<&'a TypeRef> {
    let mut types = Vec::new();
    for operation in scope.api.operations.iter().chain(&scope.api.receivers) {
        let parameters = operation.parameters.iter();
        let deep = parameters.filter(|parameter| parameter.style == Style::DeepObject);
        types.extend(deep.map(|parameter| &parameter.ty));
        for body in operation.body.iter().flat_map(Body::all) {
            let fields = match &body.content {
                Content::Json(ty) | Content::Form(ty) => fields(scope, ty),
                _ => &[],
            };
            let is_deep = |field: &&Field| {
                let encoding = body
                    .encodings
                    .iter()
                    .find(|one| one.name == field.wire_name);
                encoding.is_some_and(|encoding| encoding.style == Style::DeepObject)
            };
            types.extend(fields.iter().filter(is_deep).map(|field| &field.ty));
        }
    }
    types
}

fn fields<'a>(scope: &'a Scope<'_>, ty: &TypeRef) -> &'a [Field] {
    let Ok(TypeRef::Named(name)) = scope.paths.resolve(ty) else {
        return &[];
    };
    match scope.paths.definition(name).map(|found| &found.kind) {
        Ok(TypeKind::Struct(object)) => &object.fields,
        _ => &[],
    }
}

/// Adds the shapes that one has inside, and those that these have inside.
fn collect(
    scope: &Scope<'_>,
    outer: &Read,
    shapes: &mut BTreeMap<String, Read>,
) -> Result<(), EmitError> {
    let mut left = outer.inside();
    while let Some(name) = left.pop() {
        if shapes.contains_key(&name) {
            continue;
        }
        let read = named(scope, &name, Depth::Deep, UNIONS)?;
        left.extend(read.inside());
        shapes.insert(name, read);
    }
    Ok(())
}

/// The runtime's shape for a form, of which some members are written in a way of their own.
pub(super) fn form(
    scope: &Scope<'_>,
    ty: &TypeRef,
    encodings: &[Encoding],
) -> Result<TokenStream, EmitError> {
    let TypeRef::Named(name) = scope.paths.resolve(ty)? else {
        return shape(scope, ty, Depth::Form);
    };
    let TypeKind::Struct(object) = &scope.paths.definition(name)?.kind else {
        return shape(scope, ty, Depth::Form);
    };
    let fields = object.fields.iter().map(|field| {
        let encoding = encodings.iter().find(|one| one.name == field.wire_name);
        let shape = match encoding {
            Some(encoding) => encoded(scope, &field.ty, encoding)?,
            None => shape(scope, &field.ty, Depth::Member)?,
        };
        let name = &field.wire_name;
        Ok(quote!((#name, #shape)))
    });
    let fields = fields.collect::<Result<Vec<_>, EmitError>>()?;
    let shape = match &object.additional {
        Additional::Typed(others) => {
            let others = shape(scope, others, Depth::Member)?;
            quote!(Shape::Open(&[#(#fields),*], &#others))
        }
        _ => quote!(Shape::Object(&[#(#fields),*])),
    };
    // Only a constant may lead to statics and live on.
    let has_brackets = encodings.iter().any(|one| one.style == Style::DeepObject);
    Ok(match has_brackets {
        true => quote!(const { #shape }),
        false => shape,
    })
}

/// The shape of a member of a form that is written in a way of its own.
fn encoded(scope: &Scope<'_>, ty: &TypeRef, encoding: &Encoding) -> Result<TokenStream, EmitError> {
    if encoding.style == Style::DeepObject {
        let shape = deep(scope, ty)?;
        return Ok(quote!(Shape::Deep(&#shape)));
    }
    let plain = shape(scope, ty, Depth::Top)?;
    let style = match (encoding.style, encoding.explode) {
        (Style::Json, _) => return Ok(quote!(Shape::Json)),
        (_, true) => return Ok(quote!(Shape::Spread(&#plain))),
        (Style::SpaceDelimited, _) => quote!(Style::Space),
        (Style::PipeDelimited, _) => quote!(Style::Pipe),
        _ => quote!(Style::Plain),
    };
    Ok(quote!(Shape::Joined(#style, &#plain)))
}

/// Where a value stands. A text has structure at the top, and the members of a form may be lists; what
/// is inside of these travels as JSON.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Top,
    /// A form.
    Form,
    /// A member of a form.
    Member,
    /// A member of an object.
    Field,
    /// What is inside of a list, or of a member.
    Item,
    /// A value whose parts have names in brackets.
    Deep,
    /// A part of such a value.
    Below,
}

/// What a text is read as.
#[derive(Clone, PartialEq)]
enum Read {
    Text,
    Integer,
    Number,
    Boolean,
    Json,
    List(Box<Read>),
    Map(Box<Read>),
    Object(Vec<(String, Read)>),
    Open(Vec<(String, Read)>, Box<Read>),
    Any(Vec<Read>),
    /// The shape of a named type, which stands elsewhere.
    Of(String),
}

fn shape(scope: &Scope<'_>, ty: &TypeRef, depth: Depth) -> Result<TokenStream, EmitError> {
    let shared = quote!(super::operations::shapes::);
    Ok(read(scope, ty, depth, UNIONS)?.tokens(&shared))
}

/// How many unions within one another are looked into. One that has itself as a member has no end.
const UNIONS: u8 = 4;

fn read(scope: &Scope<'_>, ty: &TypeRef, depth: Depth, unions: u8) -> Result<Read, EmitError> {
    Ok(match ty {
        ty if ty.is_integer() => Read::Integer,
        TypeRef::F64 => Read::Number,
        TypeRef::Bool => Read::Boolean,
        // It is sent as JSON. Others repeat the name, or write one item as it is.
        TypeRef::Array(item) if depth == Depth::Field => {
            match read(scope, item, Depth::Item, unions)? {
                Read::Json => Read::Json,
                item => Read::Any(vec![Read::Json, Read::List(Box::new(item))]),
            }
        }
        TypeRef::Array(item) if depth != Depth::Item => {
            Read::List(Box::new(read(scope, item, depth.item(), unions)?))
        }
        TypeRef::Map(values) if depth.has_members() => {
            Read::Map(Box::new(read(scope, values, depth.inside(), unions)?))
        }
        TypeRef::Array(_) | TypeRef::Map(_) => Read::Json,
        TypeRef::Nullable(inner) => read(scope, inner, depth, unions)?,
        TypeRef::Named(name) | TypeRef::Boxed(name) => named(scope, name, depth, unions)?,
        // A text, unless the schema takes it as something else alone; of several texts a list.
        TypeRef::Any => {
            let mut options = vec![Read::Text, Read::Integer, Read::Number, Read::Boolean];
            if !matches!(depth, Depth::Field | Depth::Item) {
                let items = Read::Any(options.clone());
                options.push(Read::List(Box::new(items)));
            }
            Read::Any(options)
        }
        _ => Read::Text,
    })
}

fn named(scope: &Scope<'_>, name: &str, depth: Depth, unions: u8) -> Result<Read, EmitError> {
    Ok(match &scope.paths.definition(name)?.kind {
        TypeKind::Alias(target) => read(scope, target, depth, unions)?,
        TypeKind::Newtype(newtype) => read(scope, &newtype.inner, depth, unions)?,
        TypeKind::Struct(_) | TypeKind::Union(_) if depth == Depth::Below => {
            Read::Of(name.to_owned())
        }
        TypeKind::Struct(object) if depth.has_members() => {
            let fields = object.fields.iter().map(|field| {
                let read = read(scope, &field.ty, depth.inside(), unions)?;
                Ok((field.wire_name.clone(), read))
            });
            let fields = fields.collect::<Result<_, EmitError>>()?;
            match &object.additional {
                Additional::Typed(others) => {
                    let others = read(scope, others, depth.inside(), unions)?;
                    Read::Open(fields, Box::new(others))
                }
                _ => Read::Object(fields),
            }
        }
        TypeKind::Struct(_) => Read::Json,
        TypeKind::Union(union) if unions > 0 => {
            let members = union.variants.iter();
            let mut all = members.map(|member| read(scope, &member.ty, depth, unions - 1));
            let first = all.next().unwrap_or(Ok(Read::Text))?;
            all.try_fold(first, |one, other| Ok(one.or(other?)))?
        }
        _ => Read::Text,
    })
}

impl Depth {
    fn has_members(self) -> bool {
        matches!(self, Self::Top | Self::Form | Self::Deep | Self::Below)
    }

    /// Where the members and items of a value stand.
    fn inside(self) -> Self {
        match self {
            Self::Deep | Self::Below => Self::Below,
            Self::Form => Self::Member,
            Self::Top => Self::Field,
            Self::Member | Self::Field | Self::Item => Self::Item,
        }
    }

    /// Where the items of a list stand.
    fn item(self) -> Self {
        match self {
            Self::Top => Self::Item,
            other => other.inside(),
        }
    }
}

impl Read {
    /// The named types whose shapes this one leads to.
    fn inside(&self) -> Vec<String> {
        let of = |members: &[(String, Self)]| -> Vec<String> {
            members.iter().flat_map(|(_, read)| read.inside()).collect()
        };
        match self {
            Self::Of(name) => vec![name.clone()],
            Self::List(inner) | Self::Map(inner) => inner.inside(),
            Self::Object(members) => of(members),
            Self::Open(members, others) => [of(members), others.inside()].concat(),
            Self::Any(options) => options.iter().flat_map(Self::inside).collect(),
            Self::Text | Self::Integer | Self::Number | Self::Boolean | Self::Json => Vec::new(),
        }
    }

    /// What is read as either of two: objects are one with the members of both.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Object(mut members), Self::Object(others)) => {
                for (name, read) in others {
                    match members.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known = known.clone().or(read),
                        None => members.push((name, read)),
                    }
                }
                Self::Object(members)
            }
            (Self::Open(one, more), Self::Open(other, others)) => {
                match Self::Object(one).or(Self::Object(other)) {
                    Self::Object(members) => Self::Open(members, Box::new(more.or(*others))),
                    joined => joined,
                }
            }
            (Self::Open(one, more), Self::Object(other))
            | (Self::Object(other), Self::Open(one, more)) => {
                match Self::Object(one).or(Self::Object(other)) {
                    Self::Object(members) => Self::Open(members, more),
                    joined => joined,
                }
            }
            (Self::List(one), Self::List(other)) => Self::List(Box::new(one.or(*other))),
            (Self::Any(options), Self::Any(others)) => {
                others.into_iter().fold(Self::Any(options), Self::or)
            }
            (Self::Any(mut options), other) | (other, Self::Any(mut options)) => {
                let place = options.iter().position(|option| option.is_like(&other));
                match place {
                    Some(place) => options[place] = options[place].clone().or(other),
                    None => options.push(other),
                }
                Self::Any(options)
            }
            (one, other) => Self::Any(vec![one, other]),
        }
    }

    /// Whether two are one where they are joined.
    fn is_like(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (
                Self::Object(_) | Self::Open(..),
                Self::Object(_) | Self::Open(..)
            ) | (Self::List(_), Self::List(_))
        ) || self == other
    }

    /// The shape, where those that stand elsewhere are found behind `shared`.
    fn tokens(&self, shared: &TokenStream) -> TokenStream {
        let each = |all: &[Self]| -> Vec<_> { all.iter().map(|one| one.tokens(shared)).collect() };
        match self {
            Self::Text => quote!(Shape::Text),
            Self::Integer => quote!(Shape::Integer),
            Self::Number => quote!(Shape::Number),
            Self::Boolean => quote!(Shape::Boolean),
            Self::Json => quote!(Shape::Json),
            Self::List(item) => {
                let item = item.tokens(shared);
                quote!(Shape::List(&#item))
            }
            Self::Map(values) => {
                let values = values.tokens(shared);
                quote!(Shape::Map(&#values))
            }
            Self::Object(members) => {
                let members = named_tokens(members, shared);
                quote!(Shape::Object(&[#(#members),*]))
            }
            Self::Open(members, others) => {
                let (members, others) = (named_tokens(members, shared), others.tokens(shared));
                quote!(Shape::Open(&[#(#members),*], &#others))
            }
            Self::Of(name) => {
                let name = quote::format_ident!("{name}");
                quote!(Shape::Of(&#shared #name))
            }
            Self::Any(options) => {
                let options = each(options);
                quote!(Shape::Any(&[#(#options),*]))
            }
        }
    }
}

fn named_tokens(members: &[(String, Read)], shared: &TokenStream) -> Vec<TokenStream> {
    let each = members.iter().map(|(name, read)| {
        let read = read.tokens(shared);
        quote!((#name, #read))
    });
    each.collect()
}
