//! What the client crate has: a table of operations, a method and a request for each.

use super::fact::{Aspect, Facts, template};
use super::source::{Code, File};
use super::syntax::{last, list, text};
use super::transport::headers;
use crate::generated_crate::GeneratedCrate;
use codegen::policy::{Policy, TransportRole};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, ImplItem, Item, ItemImpl, ItemStatic, Type};

/// Adds the facts of the client crate.
pub(super) fn facts(code: &Code, policy: &Policy, facts: &mut Facts) {
    let mut table = Operations::default();
    for file in code.of(GeneratedCrate::Client) {
        for item in &file.items {
            if let Item::Static(item) = item
                && let Some(entry) = Entry::of(item)
            {
                entry.note(code, file, policy, facts);
                table.entries.insert(entry.constant.clone(), entry);
            }
        }
    }
    for file in code.of(GeneratedCrate::Client) {
        for item in &file.items {
            if let Item::Impl(block) = item {
                table.note_builders(block);
            }
        }
    }
    for file in code.of(GeneratedCrate::Client) {
        for item in &file.items {
            if let Item::Impl(block) = item {
                implementation(code, file, block, &table, facts);
            }
        }
    }
}

/// The table of operations, and which of them each builder is a call of.
#[derive(Default)]
struct Operations {
    /// By the names of their constants.
    entries: BTreeMap<String, Entry>,
    /// The constants, by the builders that methods of the client make with them.
    builders: BTreeMap<String, String>,
}

impl Operations {
    /// Notes what the methods of a block make.
    fn note_builders(&mut self, block: &ItemImpl) {
        for item in &block.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            let mut request = Request::default();
            request.visit_block(&function.block);
            if let (Some(builder), Some(operation)) = (request.builder, request.operation) {
                self.builders.insert(builder, operation);
            }
        }
    }

    /// The operation that a function of `holder` names, or that `holder` is a call of.
    fn of(&self, request: &Request, holder: &str) -> Option<&Entry> {
        let named = request.operation.as_ref();
        let constant = named.or_else(|| self.builders.get(holder))?;
        self.entries.get(constant)
    }
}

/// A line of the table.
struct Entry {
    id: String,
    method: String,
    path: String,
    statuses: Vec<String>,
    roles: Vec<TransportRole>,
    constant: String,
}

impl Entry {
    fn of(item: &ItemStatic) -> Option<Self> {
        let Expr::Struct(value) = &*item.expr else {
            return None;
        };
        let field = |name: &str| {
            let mut fields = value.fields.iter();
            let found =
                fields.find(|field| matches!(&field.member, syn::Member::Named(it) if it == name));
            found.map(|field| &field.expr)
        };
        let word = |name: &str| field(name).and_then(text).unwrap_or_default();
        let flag = |name: &str| {
            let value = field(name);
            value.is_some_and(|value| matches!(value, Expr::Lit(it) if matches!(&it.lit, syn::Lit::Bool(it) if it.value)))
        };
        let roles = [
            ("signed", TransportRole::Signature),
            ("digest", TransportRole::Digest),
            ("idempotent", TransportRole::IdempotencyKey),
        ];
        let roles = roles.into_iter().filter(|(name, _)| flag(name));
        Some(Self {
            id: field("id").and_then(text)?,
            method: word("method"),
            path: word("path"),
            statuses: field("statuses")
                .map(list)
                .unwrap_or_default()
                .into_iter()
                .filter_map(text)
                .collect(),
            roles: roles.map(|(_, role)| role).collect(),
            constant: item.ident.to_string(),
        })
    }

    fn note(&self, code: &Code, file: &File, policy: &Policy, facts: &mut Facts) {
        let id = &self.id;
        let head = format!("static {}:", self.constant);
        let mut note = |aspect, detail: &str, shown: String, word: &str| {
            code.note(facts, file, (aspect, id, detail), shown, &[&head, word]);
        };
        let call = format!("{} {}", self.method, self.path);
        note(Aspect::Operation, &call, format!("{id}: {call}"), "id:");
        for status in &self.statuses {
            note(
                Aspect::Status,
                status,
                format!("{id}: {status}"),
                "statuses:",
            );
        }
        for role in &self.roles {
            for name in headers(policy, *role) {
                let detail = format!("header {}", name.to_lowercase());
                note(
                    Aspect::Parameter,
                    &detail,
                    format!("{id}: {name}"),
                    "signed:",
                );
            }
        }
    }
}

/// The methods of `Client`, and the requests of builders.
fn implementation(
    code: &Code,
    file: &File,
    block: &ItemImpl,
    table: &Operations,
    facts: &mut Facts,
) {
    let Type::Path(path) = &*block.self_ty else {
        return;
    };
    let Some(holder) = path.path.segments.last().map(|last| last.ident.to_string()) else {
        return;
    };
    if block.trait_.is_some() {
        return;
    }
    let head = format!("impl {holder}");
    for item in &block.items {
        let ImplItem::Fn(function) = item else {
            continue;
        };
        let name = function.sig.ident.to_string();
        let public = matches!(function.vis, syn::Visibility::Public(_));
        let own = format!("fn {name}(");
        if holder == "Client" && public && file.path != "mod.rs" {
            code.note(
                facts,
                file,
                (Aspect::Method, &name, ""),
                name.clone(),
                &[&head, &own],
            );
        }
        let mut request = Request::default();
        request.visit_block(&function.block);
        let Some(entry) = table.of(&request, &holder) else {
            continue;
        };
        let id = &entry.id;
        let mut note = |aspect, detail: &str| {
            let shown = format!("{id}: {detail}");
            code.note(facts, file, (aspect, id, detail), shown, &[&head, &own]);
        };
        if let Some(path) = &request.path {
            note(Aspect::Request, &format!("{} {path}", request.method));
        }
        for parameter in &request.parameters {
            note(Aspect::ParameterUsed, parameter);
        }
        let covered = |status: &&String| request.covers(status);
        let covered = entry.statuses.iter().filter(covered);
        for status in request.statuses.iter().chain(covered) {
            note(Aspect::StatusSent, status);
        }
    }
}

/// What the body of a function does to send a request or to read its response.
#[derive(Default)]
struct Request {
    operation: Option<String>,
    method: String,
    /// The template, parameters as `{}`.
    path: Option<String>,
    parameters: Vec<String>,
    statuses: Vec<String>,
    /// Ranges of statuses that are read alike, such as 200 to 299.
    ranges: Vec<RangeInclusive<u16>>,
    /// The builder that is made.
    builder: Option<String>,
}

impl Request {
    fn covers(&self, status: &str) -> bool {
        let status = status.parse::<u16>();
        status.is_ok_and(|status| self.ranges.iter().any(|range| range.contains(&status)))
    }
}

impl<'ast> Visit<'ast> for Request {
    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        let name = made.path.segments.last().map(|last| last.ident.to_string());
        self.builder = self.builder.take().or(name);
        visit::visit_expr_struct(self, made);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let steps: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        if let [module, name] = &steps[..]
            && module == "operations"
        {
            self.operation = Some(name.clone());
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let name = last(&call.func).unwrap_or_default();
        let first = call.args.first();
        if name == "from_iter"
            && let Some(parts) = first
        {
            self.path = Some(template(&address(parts)));
        }
        if name == "with_query"
            && let Some(pairs) = call.args.get(1)
        {
            let names = list(pairs).into_iter().filter_map(written_name);
            let names = names.map(|name| format!("query {name}"));
            self.parameters.extend(names);
        }
        if name == "add_cookies" {
            self.parameters.push("header cookie".to_owned());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        let first = call.args.first().and_then(text);
        if contract::vocabulary::METHODS.contains(&name.as_str())
            && call
                .args
                .first()
                .and_then(last)
                .is_some_and(|it| it == "url")
        {
            self.method = name.to_uppercase();
        }
        if ["append", "insert"].contains(&name.as_str())
            && let Some(header) = first
        {
            self.parameters
                .push(format!("header {}", header.to_lowercase()));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if let syn::Pat::Lit(literal) = &arm.pat
            && let syn::Lit::Int(number) = &literal.lit
        {
            self.statuses.push(number.base10_digits().to_owned());
        }
        if let syn::Pat::Range(range) = &arm.pat
            && let (Some(from), Some(to)) = (number(&range.start), number(&range.end))
        {
            self.ranges.push(from..=to);
        }
        visit::visit_arm(self, arm);
    }
}

/// The name in `wire::joined("name", …)?`.
fn written_name(pair: &Expr) -> Option<String> {
    match pair {
        Expr::Try(attempt) => written_name(&attempt.expr),
        Expr::Call(call) => call.args.first().and_then(text),
        _ => None,
    }
}

fn number(expression: &Option<Box<Expr>>) -> Option<u16> {
    match expression.as_deref() {
        Some(Expr::Lit(literal)) => match &literal.lit {
            syn::Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// The pieces of an address below the base URL; what is not text is a parameter.
fn address(parts: &Expr) -> String {
    let pieces = list(parts);
    let below = pieces.iter().skip(1);
    below
        .map(|piece| text(piece).unwrap_or_else(|| "{}".to_owned()))
        .collect()
}
