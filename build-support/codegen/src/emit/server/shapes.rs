//! How text outside JSON becomes a value of a type.

use proc_macro2::TokenStream;
use quote::quote;

use super::Scope;
use crate::emit::EmitError;
use crate::model::{Additional, Encoding, Style, TypeKind, TypeRef};

/// The runtime's shape for a type.
pub(super) fn emit(scope: &Scope<'_>, ty: &TypeRef) -> Result<TokenStream, EmitError> {
    shape(scope, ty, Depth::Top)
}

/// The runtime's shape for a form, of which some members are written in a way of their own.
pub(super) fn form(
    scope: &Scope<'_>,
    ty: &TypeRef,
    encodings: &[Encoding],
) -> Result<TokenStream, EmitError> {
    let TypeRef::Named(name) = scope.paths.resolve(ty)? else {
        return emit(scope, ty);
    };
    let TypeKind::Struct(object) = &scope.paths.definition(name)?.kind else {
        return emit(scope, ty);
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
    Ok(match &object.additional {
        Additional::Typed(others) => {
            let others = shape(scope, others, Depth::Member)?;
            quote!(Shape::Open(&[#(#fields),*], &#others))
        }
        _ => quote!(Shape::Object(&[#(#fields),*])),
    })
}

/// The shape of a member of a form that is written in a way of its own.
fn encoded(scope: &Scope<'_>, ty: &TypeRef, encoding: &Encoding) -> Result<TokenStream, EmitError> {
    let plain = shape(scope, ty, Depth::Top)?;
    let style = match (encoding.style, encoding.explode) {
        (Style::Json, _) => return Ok(quote!(Shape::Json)),
        (Style::DeepObject, _) => return Ok(plain),
        (_, true) => return Ok(quote!(Shape::Spread(&#plain))),
        (Style::SpaceDelimited, _) => quote!(Style::Space),
        (Style::PipeDelimited, _) => quote!(Style::Pipe),
        _ => quote!(Style::Plain),
    };
    Ok(quote!(Shape::Joined(#style, &#plain)))
}

/// Where a value stands. Text has structure at the top, and lists one level below; what is deeper
/// travels as JSON.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Top,
    Member,
    Item,
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
}

fn shape(scope: &Scope<'_>, ty: &TypeRef, depth: Depth) -> Result<TokenStream, EmitError> {
    Ok(read(scope, ty, depth, UNIONS)?.tokens())
}

/// How many unions within one another are looked into. One that has itself as a member has no end.
const UNIONS: u8 = 4;

fn read(scope: &Scope<'_>, ty: &TypeRef, depth: Depth, unions: u8) -> Result<Read, EmitError> {
    Ok(match ty {
        ty if ty.is_integer() => Read::Integer,
        TypeRef::F64 => Read::Number,
        TypeRef::Bool => Read::Boolean,
        TypeRef::Array(item) if depth != Depth::Item => {
            Read::List(Box::new(read(scope, item, Depth::Item, unions)?))
        }
        TypeRef::Map(values) if depth == Depth::Top => {
            Read::Map(Box::new(read(scope, values, Depth::Member, unions)?))
        }
        TypeRef::Array(_) | TypeRef::Map(_) => Read::Json,
        TypeRef::Nullable(inner) => read(scope, inner, depth, unions)?,
        TypeRef::Named(name) | TypeRef::Boxed(name) => named(scope, name, depth, unions)?,
        // A text, unless the schema takes it as something else alone; of several texts a list.
        TypeRef::Any => {
            let mut options = vec![Read::Text, Read::Integer, Read::Number, Read::Boolean];
            if depth != Depth::Item {
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
        TypeKind::Struct(object) if depth == Depth::Top => {
            let fields = object.fields.iter().map(|field| {
                let read = read(scope, &field.ty, Depth::Member, unions)?;
                Ok((field.wire_name.clone(), read))
            });
            let fields = fields.collect::<Result<_, EmitError>>()?;
            match &object.additional {
                Additional::Typed(others) => {
                    let others = read(scope, others, Depth::Member, unions)?;
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

impl Read {
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

    fn tokens(&self) -> TokenStream {
        let each = |all: &[Self]| -> Vec<_> { all.iter().map(Self::tokens).collect() };
        match self {
            Self::Text => quote!(Shape::Text),
            Self::Integer => quote!(Shape::Integer),
            Self::Number => quote!(Shape::Number),
            Self::Boolean => quote!(Shape::Boolean),
            Self::Json => quote!(Shape::Json),
            Self::List(item) => {
                let item = item.tokens();
                quote!(Shape::List(&#item))
            }
            Self::Map(values) => {
                let values = values.tokens();
                quote!(Shape::Map(&#values))
            }
            Self::Object(members) => {
                let members = named_tokens(members);
                quote!(Shape::Object(&[#(#members),*]))
            }
            Self::Open(members, others) => {
                let (members, others) = (named_tokens(members), others.tokens());
                quote!(Shape::Open(&[#(#members),*], &#others))
            }
            Self::Any(options) => {
                let options = each(options);
                quote!(Shape::Any(&[#(#options),*]))
            }
        }
    }
}

fn named_tokens(members: &[(String, Read)]) -> Vec<TokenStream> {
    let each = members.iter().map(|(name, read)| {
        let read = read.tokens();
        quote!((#name, #read))
    });
    each.collect()
}
