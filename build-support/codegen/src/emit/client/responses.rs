//! From a response to the typed value of a call, by status.
//!
//! progenitor knows one success type and one error type for each call and stops with a panic where
//! a contract has more. Here several become an enum with a variant for each status.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::headers;
use super::kinds::Kind;
use super::plan::{Call, Plan};
use crate::emit::{EmitError, doc};
use crate::model::{Response, Status};
use contract::media_type::essence;

/// What a call responds with, and the code that finds out.
pub(super) struct Responses {
    /// The type inside `ResponseValue`.
    pub success: TokenStream,
    /// The type inside progenitor's `Error`, where an error has a typed body.
    pub failure: Option<TokenStream>,
    /// The arms of a match on the status.
    pub arms: TokenStream,
    /// Enums for several types.
    pub items: TokenStream,
}

/// One status and the body that comes with it.
struct Arm {
    status: Status,
    /// What tells it apart from another body of the same status: a media type, and what its name
    /// ends with.
    alternative: Option<(String, String)>,
    media_type: Option<String>,
    kind: Kind,
    headers: Option<Head>,
}

/// The headers of a response: their type, and the table they are read by.
struct Head {
    ty: TokenStream,
    readers: TokenStream,
}

/// A set of arms brought under one type.
struct Side {
    failing: bool,
    ty: TokenStream,
    many: Option<Ident>,
    arms: Vec<Arm>,
}

/// Plans the responses of a call.
///
/// # Errors
/// Fails when a type has no path.
pub(super) fn responses(plan: &Plan<'_>, call: &Call<'_>) -> Result<Responses, EmitError> {
    let style = Style::of(plan);
    let success = Side::new(successes(plan, call)?, (plan, call), "Success", style);
    let failure = match style {
        Style::Session => Side::new(Vec::new(), (plan, call), "Failure", style),
        Style::Plain => Side::new(failures(plan, call)?, (plan, call), "Failure", style),
    };
    let (good, bad) = (success.good(style), failure.bad());
    let rest = failure.rest(style);
    let items: TokenStream = [success.item(call, style), failure.item(call, style)]
        .into_iter()
        .collect();
    Ok(Responses {
        success: success.ty,
        failure: failure.is_typed().then_some(failure.ty),
        arms: quote!(#good #bad #rest),
        items,
    })
}

/// Who reads the response.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    /// `progenitor_client::ResponseValue` and its `Error`.
    Plain,
    /// The crate's own `response` module, under a session.
    Session,
}

impl Style {
    fn of(plan: &Plan<'_>) -> Self {
        match plan.settings.error {
            Some(_) => Self::Session,
            None => Self::Plain,
        }
    }
}

/// Whether a documented status is what a call was made for. Under a session only 2xx is: what the
/// crate's own modules call an error stays one, whatever the contract documents. Otherwise all
/// below 400 is: a redirection or a `304` that the contract documents is an outcome of the call.
pub(super) fn succeeds(plan: &Plan<'_>, status: Status) -> bool {
    match Style::of(plan) {
        Style::Session => status.is_success(),
        Style::Plain => status.is_outcome(),
    }
}

fn successes(plan: &Plan<'_>, call: &Call<'_>) -> Result<Vec<Arm>, EmitError> {
    let responses = &call.operation.responses;
    let session = Style::of(plan) == Style::Session;
    let responses = responses.iter();
    let responses = responses.filter(|one| !session || one.alternative.is_none());
    let mut documented: Vec<&Response> = responses
        .clone()
        .filter(|response| succeeds(plan, response.status))
        .collect();
    if documented.is_empty() {
        documented.extend(responses.filter(|one| one.status == Status::Default));
    }
    if documented.is_empty() {
        return Ok(vec![Arm {
            status: Status::Range(2),
            alternative: None,
            media_type: None,
            kind: Kind::Bytes,
            headers: None,
        }]);
    }
    let arm = |response: &&Response| {
        let mut arm = Arm::of(plan, response)?;
        if arm.status == Status::Default {
            arm.status = Status::Range(2);
        }
        Ok(arm)
    };
    documented.iter().map(arm).collect()
}

/// Documented errors. Whatever body comes with one that the contract gives no body is kept as text,
/// so that `UnexpectedResponse` means a status that the contract does not document.
fn failures(plan: &Plan<'_>, call: &Call<'_>) -> Result<Vec<Arm>, EmitError> {
    let responses = call.operation.responses.iter();
    let errors = responses.filter(|response| !response.status.is_outcome());
    let arms = errors.map(|response| {
        let mut arm = Arm::of(plan, response)?;
        if arm.kind.is_empty() {
            arm.kind = Kind::Text;
        }
        Ok(arm)
    });
    arms.collect()
}

impl Arm {
    fn of(plan: &Plan<'_>, response: &Response) -> Result<Self, EmitError> {
        let headers = match (&response.headers, Style::of(plan)) {
            (Some(all), Style::Plain) => Some(Head {
                ty: plan.ty(&all.ty)?,
                readers: headers::readers(plan, all)?,
            }),
            // Under a session, the response value has the headers as they came.
            _ => None,
        };
        let media_type = response.content.as_ref().map(|(media_type, _)| media_type);
        Ok(Self {
            status: response.status,
            alternative: media_type.cloned().zip(response.alternative.clone()),
            media_type: media_type.cloned(),
            kind: Kind::of(plan, response)?,
            headers,
        })
    }

    /// The Rust type of headers and body.
    fn ty(&self, style: Style, inside: bool) -> TokenStream {
        let body = self.kind.ty(style, inside);
        match &self.headers {
            None => body,
            Some(Head { ty, .. }) if self.kind.is_empty() => ty.clone(),
            Some(Head { ty, .. }) => quote!((#ty, #body)),
        }
    }

    /// An expression of type `ResponseValue<T>`, in a function that may use `?`.
    fn read(&self, inside: bool) -> TokenStream {
        let body = self.kind.read(inside);
        match &self.headers {
            None => body,
            Some(Head { readers, .. }) => quote!({
                let (response, headers) = wire::read_headers(response, #readers)?;
                wire::map(#body, |body| (headers, body))
            }),
        }
    }

    /// The name of its variant.
    fn name(&self) -> Ident {
        let name = variant_name(self.status);
        match &self.alternative {
            None => name,
            Some((_, more)) => format_ident!("{name}{more}"),
        }
    }

    /// Whether nothing comes with the status.
    fn is_empty(&self) -> bool {
        self.kind.is_empty() && self.headers.is_none()
    }
}

impl Side {
    fn new(arms: Vec<Arm>, (plan, call): (&Plan<'_>, &Call<'_>), word: &str, style: Style) -> Self {
        let failing = word == "Failure";
        let mut types: Vec<String> = Vec::new();
        for arm in arms.iter().filter(|arm| !failing || !arm.is_empty()) {
            let ty = arm.ty(style, false).to_string();
            if !types.contains(&ty) {
                types.push(ty);
            }
        }
        let many = (types.len() > 1).then(|| plan.beside(call, word));
        let first = arms.iter().find(|arm| !arm.is_empty()).or(arms.first());
        let ty = match (&many, first) {
            (Some(many), _) => quote!(#many),
            (None, Some(arm)) => arm.ty(style, false),
            (None, None) => quote!(()),
        };
        Self {
            failing,
            ty,
            many,
            arms,
        }
    }

    fn is_typed(&self) -> bool {
        self.arms.iter().any(|arm| !arm.is_empty())
    }

    fn good(&self, style: Style) -> TokenStream {
        let arms = self.by_status(|arm| self.value(arm, style));
        match self.any_success(style) {
            // One type for all of them: one arm says it.
            Some(any) if self.many.is_none() => any,
            any => arms.into_iter().chain(any).collect(),
        }
    }

    /// Under a session, a success of another status than the documented one is read like it: what
    /// was asked for has been done, and the client must not lose what came back.
    fn any_success(&self, style: Style) -> Option<TokenStream> {
        let any = |arm: &Arm| !matches!(arm.status, Status::Code(_));
        if style != Style::Session || self.arms.iter().any(any) {
            return None;
        }
        let typed = self.arms.iter().find(|arm| !arm.is_empty());
        let value = self.value(typed.or(self.arms.first())?, style);
        Some(quote!(200..=299 => #value,))
    }

    fn value(&self, arm: &Arm, style: Style) -> TokenStream {
        let variant = self.variant(arm);
        match (style, variant) {
            (Style::Session, None) => arm.kind.take(),
            (Style::Session, Some(variant)) => {
                let taken = arm.kind.take();
                quote!(#taken.map(|value| value.map(#variant)))
            }
            (Style::Plain, None) if arm.headers.is_none() && matches!(arm.kind, Kind::Json(_)) => {
                quote!(wire::read_json(response).await)
            }
            (Style::Plain, variant) => {
                let read = self.mapped(arm, variant);
                quote!(Ok(#read))
            }
        }
    }

    fn bad(&self) -> TokenStream {
        let arms = self.by_status(|arm| {
            let value = self.mapped(arm, self.variant(arm));
            quote!(Err(Error::ErrorResponse(#value)))
        });
        arms.into_iter().collect()
    }

    /// The arms of a match on the status. Where several bodies may come with one, the media type
    /// decides, and the preferred one is read where it names none of them.
    fn by_status(&self, value: impl Fn(&Arm) -> TokenStream) -> Vec<TokenStream> {
        let groups = self.arms.chunk_by(|one, other| one.status == other.status);
        let arms = groups.map(|group| {
            let pattern = pattern(group[0].status);
            let preferred = value(&group[0]);
            // Parameters of a media type count where they tell it from another one.
            let is_alone = |media_type: &str| {
                let own = essence(media_type);
                let all = group.iter().filter_map(|arm| arm.media_type.as_deref());
                all.filter(|one| essence(one) == own).count() < 2
            };
            let others = group.iter().filter_map(|arm| {
                let (media_type, _) = arm.alternative.as_ref()?;
                let wanted = match is_alone(media_type) {
                    true => essence(media_type),
                    false => media_type.clone(),
                };
                Some((wanted, value(arm)))
            });
            let others: Vec<_> = others.collect();
            // Bytes are read the same, whatever they are.
            let same = |(_, value): &(_, TokenStream)| value.to_string() == preferred.to_string();
            if others.iter().all(same) {
                return quote!(#pattern => #preferred,);
            }
            let others = others.iter().map(|(media_type, value)| {
                quote!(if wire::is_type(&response, #media_type) { #value } else)
            });
            quote!(#pattern => #(#others)* { #preferred },)
        });
        arms.collect()
    }

    /// The arm for everything else, where `default` has not taken its place.
    fn rest(&self, style: Style) -> TokenStream {
        let taken = self.arms.iter().any(|arm| arm.status == Status::Default);
        match style {
            Style::Session => quote!(_ => Err(response.into_error()),),
            Style::Plain if taken => TokenStream::new(),
            Style::Plain => quote!(_ => Err(Error::UnexpectedResponse(response)),),
        }
    }

    /// The response value around the type of the side.
    fn mapped(&self, arm: &Arm, variant: Option<TokenStream>) -> TokenStream {
        let read = arm.read(self.many.is_some());
        match (variant, &arm.headers) {
            (Some(variant), _) => quote!(wire::map(#read, #variant)),
            (None, Some(_)) if arm.kind.is_empty() => quote!(wire::map(#read, |(all, ())| all)),
            (None, _) => read,
        }
    }

    fn variant(&self, arm: &Arm) -> Option<TokenStream> {
        let (many, name) = (self.many.as_ref()?, arm.name());
        Some(match (&arm.headers, arm.kind.is_empty()) {
            (None, true) => quote!(|()| #many::#name),
            (None, false) => quote!(#many::#name),
            (Some(_), true) => quote!(|(headers, ())| #many::#name(headers)),
            (Some(_), false) => quote!(|(headers, body)| #many::#name(headers, body)),
        })
    }

    /// The enum's definition.
    fn item(&self, call: &Call<'_>, style: Style) -> TokenStream {
        let Some(many) = &self.many else {
            return TokenStream::new();
        };
        let typed = self
            .arms
            .iter()
            .filter(|arm| !self.failing || !arm.is_empty());
        let variants = typed.map(|arm| {
            let name = arm.name();
            let mut text = meaning(call, arm.status);
            if let Some((media_type, _)) = &arm.alternative {
                text.push_str(&format!("\n\nThis is what comes as `{media_type}`."));
            }
            let text = doc(&text);
            if arm.is_empty() {
                return quote!(#text #name,);
            }
            let headers = arm.headers.as_ref().map(|head| &head.ty);
            let body = (!arm.kind.is_empty()).then(|| arm.kind.ty(style, true));
            let fields = headers.into_iter().chain(&body);
            quote!(#text #name(#(#fields),*),)
        });
        let about = doc(&format!(
            "What `{}` responds with, by status.",
            call.operation.id
        ));
        // Records are read as they come, once.
        let once = self
            .arms
            .iter()
            .any(|arm| matches!(arm.kind, Kind::Records(..)));
        let cloned = (!once).then(|| quote!(, Clone));
        quote! {
            #about
            #[derive(Debug #cloned)]
            #[non_exhaustive]
            pub enum #many { #(#variants)* }
        }
    }
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(range) => {
            let first = u16::from(range) * 100;
            let (first, last) = (
                proc_macro2::Literal::u16_unsuffixed(first),
                proc_macro2::Literal::u16_unsuffixed(first + 99),
            );
            quote!(#first..=#last)
        }
        Status::Default => quote!(_),
    }
}

fn variant_name(status: Status) -> Ident {
    match status {
        Status::Code(code) => format_ident!("Status{}", code),
        Status::Range(range) => format_ident!("Status{}xx", range),
        Status::Default => format_ident!("Default"),
    }
}

fn meaning(call: &Call<'_>, status: Status) -> String {
    let responses = &call.operation.responses;
    let found = responses.iter().find(|response| response.status == status);
    let said = found.map(|response| crate::emit::prose(&response.description));
    said.filter(|said| !said.is_empty())
        .unwrap_or_else(|| "What the contract leaves undescribed.".to_owned())
}
