//! Turns the statements of progenitor's `send` into those of a builder with typed fields.
//!
//! progenitor keeps every argument as a `Result` and unpacks it when the request is sent. Here a
//! builder holds plain values, so the unpacking goes, each argument becomes a field of `self`, and
//! wire names return in place of the view's. Where `OpenAPI` says more than progenitor knows
//! (optional bodies, other media types, cookies, joined lists) the expression is written anew.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, Lit, Stmt, Token,
    parse::Parser,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::{
    bodies,
    plan::{Call, Plan},
    value,
    view::{KEY, argument_name},
};
use crate::model::{Body, Content, Framing, Location, Operation, Parameter, TypeRef};
use contract::PathTemplate;
use contract::media_type::essence;

/// The statements that build and send a call's request. The last one is
/// `let response = result?;`; what is done with the response is written elsewhere.
pub(super) fn statements(plan: &Plan<'_>, call: &Call<'_>, raw: Vec<Stmt>) -> Vec<Stmt> {
    let has_headers = call
        .operation
        .parameters
        .iter()
        .any(|parameter| matches!(parameter.location, Location::Header | Location::Cookie))
        || call.key.is_some();
    let mut rewriter = Rewriter {
        plan,
        call,
        has_headers,
        encoded: Vec::new(),
    };
    let mut statements: Vec<Stmt> = raw
        .into_iter()
        .filter(|statement| !is_unpacking(statement))
        .filter(|statement| has_headers || !declares(statement, "header_map"))
        .filter(|statement| !is_api_version(statement))
        .filter(|statement| !matches!(statement, Stmt::Expr(Expr::Match(_), None)))
        .map(|mut statement| {
            rewriter.visit_stmt_mut(&mut statement);
            statement
        })
        .collect();
    let encoded = rewriter.encoded;
    let url = statements.iter().position(|it| declares(it, "url"));
    if let (false, Some(url)) = (encoded.is_empty(), url) {
        let extended = parse_quote!(let url = wire::with_query(url, [#(#encoded),*]););
        statements.insert(url + 1, extended);
    }
    let request = statements.iter().position(|it| declares(it, "request"));
    if let (true, Some(request)) = (is_endless(plan, call), request) {
        // The client's own limit is one for the whole response.
        let unlimited = parse_quote!(*request.timeout_mut() = Some(std::time::Duration::MAX););
        statements.insert(request + 1, unlimited);
    }
    statements
}

/// Whether the request or a response of the call may go on without an end.
fn is_endless(plan: &Plan<'_>, call: &Call<'_>) -> bool {
    let contents = call.operation.responses.iter();
    let mut contents = contents.filter_map(|response| response.content.as_ref());
    contents.any(|(_, content)| content.is_streamed()) || super::streamed::is_streamed(plan, call)
}

/// `let Self { … } = self;` and `let x = x.map_err(Error::InvalidRequest)?;`.
fn is_unpacking(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else {
        return false;
    };
    let text = local.to_token_stream().to_string();
    matches!(local.pat, syn::Pat::Struct(_)) || text.contains("Error :: InvalidRequest")
}

fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(local) if binds(&local.pat, name))
}

fn binds(pattern: &syn::Pat, name: &str) -> bool {
    matches!(pattern, syn::Pat::Ident(pattern) if pattern.ident == name)
}

/// progenitor announces the contract's version in a header no contract asks for.
fn is_api_version(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(Expr::MethodCall(_), Some(_)))
        && statement
            .to_token_stream()
            .to_string()
            .contains("\"api-version\"")
}

struct Rewriter<'a, 'p> {
    plan: &'p Plan<'a>,
    call: &'p Call<'a>,
    has_headers: bool,
    /// The pairs of the query, which progenitor would write as a form: with a plus for a space.
    encoded: Vec<TokenStream>,
}

impl VisitMut for Rewriter<'_, '_> {
    fn visit_local_mut(&mut self, local: &mut syn::Local) {
        local.attrs.clear();
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if self.query(expression).is_some() {
            return;
        }
        if let Some(new) = self.replacement(expression) {
            *expression = new;
            return;
        }
        visit_mut::visit_expr_mut(self, expression);
        if let Some(new) = self.without_headers(expression) {
            *expression = new;
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let first = path.segments.first();
        if path.leading_colon.is_some() && first.is_some_and(|first| first.ident == "reqwest") {
            path.leading_colon = None;
        }
    }
}

impl<'a> Rewriter<'a, '_> {
    fn replacement(&mut self, expression: &Expr) -> Option<Expr> {
        match expression {
            Expr::Path(path) => self.field(path.path.get_ident()?),
            Expr::Let(condition) => self.condition(condition),
            Expr::Macro(call) if call.mac.path.is_ident("format") => self.url(&call.mac.tokens),
            Expr::Call(call) => self.segment(call).or_else(|| self.accept(call)),
            Expr::MethodCall(call) => match call.method.to_string().as_str() {
                "append" => self.header(call),
                "json" => self.body(&call.receiver),
                "body" => self.body(without_content_type(&call.receiver)),
                "options" | "trace" => self.other_method(call),
                _ => None,
            },
            Expr::Try(attempt) => match &*attempt.expr {
                Expr::MethodCall(call) if call.method == "form_urlencoded" => {
                    self.body(&call.receiver)
                }
                _ => None,
            },
            Expr::Lit(literal) if is_text(&literal.lit, &self.operation_name()) => {
                let constant = &self.call.constant;
                Some(parse_quote!(operations::#constant.id))
            }
            _ => None,
        }
    }

    fn operation_name(&self) -> String {
        super::view::operation_name(self.call.index)
    }

    /// `client` becomes `self.client`, `argument_1_2` becomes `self.card_id`.
    fn field(&self, name: &syn::Ident) -> Option<Expr> {
        let field = if name == "client" {
            &self.call.client
        } else if name == KEY {
            &self.call.key.as_ref()?.0
        } else {
            &self.call.fields[self.argument(&name.to_string())?]
        };
        Some(parse_quote!(self.#field))
    }

    /// `if let Some(value) = argument` looks at the field and leaves it where it is.
    fn condition(&self, condition: &syn::ExprLet) -> Option<Expr> {
        let Expr::Path(path) = &*condition.expr else {
            return None;
        };
        let field = self.field(path.path.get_ident()?)?;
        let pattern = &condition.pat;
        Some(parse_quote!(let #pattern = &#field))
    }

    /// `format!("{}/things/{}", …)` becomes a list of its pieces, which the printer can lay out.
    fn url(&mut self, tokens: &TokenStream) -> Option<Expr> {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let mut arguments = parser.parse2(tokens.clone()).ok()?.into_iter();
        // progenitor's own template has no empty segments.
        text_of(&arguments.next()?)?;
        arguments.next();
        let template = PathTemplate::new(&self.call.operation.path);
        let fixed = template.fixed().map(|pair| quote!(#pair.to_owned()));
        self.encoded.extend(fixed);
        let client = &self.call.client;
        let mut pieces: Vec<Expr> = vec![parse_quote!(self.#client.baseurl.as_str())];
        for (index, text) in literals(template.path).into_iter().enumerate() {
            if index > 0 {
                pieces.push(self.piece(arguments.next()?));
            }
            if !text.is_empty() {
                pieces.push(parse_quote!(#text));
            }
        }
        Some(parse_quote!(String::from_iter([#(#pieces),*])))
    }

    fn piece(&mut self, mut value: Expr) -> Expr {
        self.visit_expr_mut(&mut value);
        parse_quote!(&#value)
    }

    /// `encode_path(&argument.to_string())`.
    fn segment(&self, call: &syn::ExprCall) -> Option<Expr> {
        if !matches!(&*call.func, Expr::Path(path) if path.path.is_ident("encode_path")) {
            return None;
        }
        let text = call.args.first()?.to_token_stream().to_string();
        let (parameter, field) = self.parameter(text.strip_prefix("& ")?.split(' ').next()?)?;
        let text = value::path(self.plan, self.call.operation, parameter, &field);
        Some(parse_quote!(#text))
    }

    /// `HeaderValue::from_static("application/json")`, where the response may be of other types.
    fn accept(&self, call: &syn::ExprCall) -> Option<Expr> {
        let literal = text_of(call.args.first()?)?;
        let function = call.func.to_token_stream().to_string();
        if literal != "application/json" || !function.ends_with("HeaderValue :: from_static") {
            return None;
        }
        let contents = self.call.operation.responses.iter();
        let contents: Vec<_> = contents
            .filter_map(|response| response.content.as_ref())
            .collect();
        let streamed = |(_, content): &&(String, Content)| matches!(content, Content::Records(..));
        if self.call.accept.is_none() && !contents.iter().any(streamed) {
            return None;
        }
        let mut types: Vec<&str> = Vec::new();
        for (media_type, _) in contents {
            if !types.contains(&media_type.as_str()) {
                types.push(media_type);
            }
        }
        let all = types.join(", ");
        let all = quote!(reqwest::header::HeaderValue::from_static(#all));
        Some(match &self.call.accept {
            Some(field) => parse_quote!(self.#field.clone().unwrap_or(#all)),
            None => parse_quote!(#all),
        })
    }

    /// `receiver.query(&progenitor_client::QueryParam::new("argument", &argument))`. The receiver holds
    /// the calls for all parameters before, so it is never copied.
    fn query(&mut self, expression: &mut Expr) -> Option<()> {
        let Expr::MethodCall(call) = expression else {
            return None;
        };
        let Expr::Reference(reference) = call.args.first()? else {
            return None;
        };
        let Expr::Call(pair) = &*reference.expr else {
            return None;
        };
        let name = text_of(pair.args.first()?).filter(|_| call.method == "query")?;
        let (parameter, field) = self.parameter(&name)?;
        self.visit_expr_mut(&mut call.receiver);
        let operation = self.call.operation;
        self.encoded
            .push(value::query(self.plan, operation, parameter, &field));
        let nothing = Expr::Verbatim(TokenStream::new());
        let receiver = std::mem::replace(&mut *call.receiver, nothing);
        *expression = receiver;
        Some(())
    }

    /// `header_map.append("argument", value.to_string().try_into()?)`.
    fn header(&self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let name = text_of(call.args.first()?)?;
        if let (KEY, Some((_, wire_name))) = (name.as_str(), &self.call.key) {
            return Some(
                parse_quote!(header_map.append(#wire_name, value.to_string().try_into()?)),
            );
        }
        let (parameter, field) = self.parameter(&name)?;
        let (value, borrowed) = match parameter.required {
            true => (field, false),
            false => (quote!(value), true),
        };
        let wire_name = &parameter.wire_name;
        Some(if parameter.location == Location::Cookie {
            let operation = self.call.operation;
            let pairs = value::cookie(self.plan, operation, parameter, &value, borrowed);
            parse_quote!(wire::add_cookies(&mut header_map, #pairs)?)
        } else {
            let text = value::header(self.plan, parameter, &value, borrowed);
            parse_quote!(header_map.append(#wire_name, #text.try_into()?))
        })
    }

    /// The request with its body: `receiver.json(&body)` and its kin.
    fn body(&mut self, receiver: &Expr) -> Option<Expr> {
        let body = self.call.operation.body.as_ref()?;
        let mut receiver = receiver.clone();
        self.visit_expr_mut(&mut receiver);
        let field = &self.call.body;
        if body.has_others() {
            return self.choice(body, &receiver);
        }
        let with = |value, reference| self.with_body(body, &receiver, value, reference);
        if body.required {
            let with = with(quote!(self.#field), quote!(&self.#field));
            return Some(parse_quote!(#with));
        }
        let with = with(quote!(body), quote!(&body));
        Some(parse_quote!(match self.#field {
            Some(body) => #with,
            None => #receiver,
        }))
    }

    /// The request with the body that the caller chose.
    fn choice(&self, body: &Body, receiver: &Expr) -> Option<Expr> {
        let field = &self.call.body;
        let request: Expr = parse_quote!(request);
        let mut arms = Vec::new();
        for one in body.all() {
            // A name that is not an identifier is an error of `bodies::emit`, which writes the enum.
            let variant = bodies::variant(self.plan, self.call, one).ok()?;
            let with = self.with_body(one, &request, quote!(body), quote!(&body));
            arms.push(match body.required {
                true => quote!(#variant(body) => #with,),
                false => quote!(Some(#variant(body)) => #with,),
            });
        }
        let none = (!body.required).then(|| quote!(None => request,));
        Some(parse_quote!({
            let request = #receiver;
            match self.#field { #(#arms)* #none }
        }))
    }

    /// A request with a body: the expression of its value, and that of a reference to it.
    fn with_body(
        &self,
        body: &Body,
        receiver: &Expr,
        value: TokenStream,
        reference: TokenStream,
    ) -> TokenStream {
        let plan = self.plan;
        let Some(media_type) = body.sent_as() else {
            let range = &body.media_type;
            return quote!(wire::typed(#receiver, #value, #range)?);
        };
        let named = quote! {
            .header(reqwest::header::CONTENT_TYPE, reqwest::header::HeaderValue::from_static(#media_type))
        };
        let is_parts =
            matches!(body.content, Content::Multipart(_)) && plan.settings.error.is_none();
        // reqwest's own function for parts names the type `multipart/form-data`.
        if is_parts && essence(media_type) != "multipart/form-data" {
            return quote!(multipart::attach(#receiver, #media_type, #value.into_form()?));
        }
        let with = match &body.content {
            Content::Json(_) if media_type == "application/json" => quote!(.json(#reference)),
            Content::Json(_) => quote!(#named.json(#reference)),
            Content::Form(ty) if value::is_flat(plan, ty) => quote!(.form_urlencoded(#reference)?),
            Content::Form(ty) => {
                let all = &body.encodings;
                let encodings = all.iter().map(|one| value::member(plan, ty, all, one));
                quote!(#named.body(wire::form(#reference, &[#(#encodings),*])?))
            }
            Content::Multipart(_) if is_parts => quote!(.multipart(#value.into_form()?)),
            Content::Records(framing, ty) if plan.settings.error.is_none() => {
                let texts = written(*framing, ty);
                quote!(#named.body(reqwest::Body::wrap_stream(#value.#texts())))
            }
            _ => quote!(#named.body(#value)),
        };
        quote!(#receiver #with)
    }

    /// reqwest has no functions of their own for the rarer methods.
    fn other_method(&mut self, call: &syn::ExprMethodCall) -> Option<Expr> {
        let mut receiver = (*call.receiver).clone();
        self.visit_expr_mut(&mut receiver);
        let method = quote::format_ident!("{}", call.method.to_string().to_uppercase());
        let url = call.args.first()?;
        Some(parse_quote!(#receiver.request(reqwest::Method::#method, #url)))
    }

    /// `.headers(header_map)` goes where there are none.
    fn without_headers(&self, expression: &Expr) -> Option<Expr> {
        match expression {
            Expr::MethodCall(call) if call.method == "headers" && !self.has_headers => {
                Some((*call.receiver).clone())
            }
            _ => None,
        }
    }

    /// The parameter that the view has under a name, and the expression of its field.
    fn parameter(&self, name: &str) -> Option<(&'a Parameter, TokenStream)> {
        let index = self.argument(name)?;
        let operation: &'a Operation = self.call.operation;
        let field = &self.call.fields[index];
        Some((&operation.parameters[index], quote!(self.#field)))
    }

    fn argument(&self, name: &str) -> Option<usize> {
        (0..self.call.fields.len()).find(|index| argument_name(self.call.index, *index) == name)
    }
}

/// What stands between the parameters of a path. Some documents leave out the slash before it.
fn literals(path: &str) -> Vec<String> {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default();
    let slash = if first.starts_with('/') { "" } else { "/" };
    let behind = pieces.filter_map(|piece| piece.split_once('}'));
    let behind = behind.map(|(_, text)| text.to_owned());
    std::iter::once(format!("{slash}{first}"))
        .chain(behind)
        .collect()
}

/// The function that writes records.
fn written(framing: Framing, ty: &TypeRef) -> TokenStream {
    match (framing, ty) {
        (Framing::Events, TypeRef::String) => quote!(into_text_events),
        (Framing::Events, _) => quote!(into_events),
        (Framing::Lines, _) => quote!(into_lines),
        (Framing::Sequence, _) => quote!(into_sequence),
    }
}

/// The receiver without the `.header(CONTENT_TYPE, …)` progenitor puts before a raw body.
fn without_content_type(receiver: &Expr) -> &Expr {
    match receiver {
        Expr::MethodCall(call)
            if call.method == "header"
                && call
                    .args
                    .to_token_stream()
                    .to_string()
                    .contains("CONTENT_TYPE") =>
        {
            &call.receiver
        }
        other => other,
    }
}

fn is_text(literal: &Lit, text: &str) -> bool {
    matches!(literal, Lit::Str(literal) if literal.value() == text)
}

fn text_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
