//! What the server crate has: a table of operations, a trait method, a route and a handler for
//! each.

use super::fact::{Aspect, Facts, plain};
use super::source::{Code, File};
use super::syntax::{last, list, text};
use super::transport::headers;
use crate::generated_crate::GeneratedCrate;
use codegen::policy::{Policy, TransportRole};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, FnArg, Item, ItemFn, ItemTrait, TraitItem, Type};

/// The file that holds what the contract's server sends to others.
const RECEIVERS: &str = "receivers.rs";

/// Adds the facts of the server crate.
pub(super) fn facts(code: &Code, policy: &Policy, facts: &mut Facts) {
    let mut entries = BTreeMap::new();
    for file in code.of(GeneratedCrate::Server) {
        for item in &file.items {
            if let Item::Static(item) = item
                && let Some(entry) = Entry::of(&item.expr)
            {
                entries.insert(item.ident.to_string(), (file, entry));
            }
        }
    }
    let received = received(code);
    for (constant, (file, entry)) in &entries {
        if file.path != RECEIVERS {
            entry.note(code, file, policy, constant, &entry.id, facts);
        } else if let Some(body) = received.get(&plain(&entry.id)) {
            receiver(code, file, constant, body, entry, facts);
        }
    }
    for file in code
        .of(GeneratedCrate::Server)
        .filter(|file| file.path != RECEIVERS)
    {
        for item in &file.items {
            match item {
                Item::Trait(item) => methods(code, file, item, facts),
                Item::Fn(item) => routes(code, file, item, &entries, facts),
                _ => {}
            }
        }
    }
}

/// A line of the table.
#[derive(Default)]
struct Entry {
    id: String,
    method: String,
    path: String,
    statuses: Vec<String>,
    parameters: Vec<String>,
    roles: Vec<TransportRole>,
}

impl Entry {
    /// Reads `Operation::new(…)` with what is called on it.
    fn of(expression: &Expr) -> Option<Self> {
        match expression {
            Expr::Call(call) => {
                let mut words = call.args.iter().map(text);
                let mut next = || words.next().flatten();
                let is_new = last(&call.func).is_some_and(|name| name == "new");
                let entry = Self {
                    id: next()?,
                    method: next()?,
                    path: next()?,
                    ..Self::default()
                };
                is_new.then_some(entry)
            }
            Expr::MethodCall(call) => {
                let mut entry = Self::of(&call.receiver)?;
                entry.read(call);
                Some(entry)
            }
            _ => None,
        }
    }

    fn read(&mut self, call: &ExprMethodCall) {
        let first = call.args.first();
        let items = first.map(list).unwrap_or_default();
        match call.method.to_string().as_str() {
            "signed" => self.roles.push(TransportRole::Signature),
            "digest" => self.roles.push(TransportRole::Digest),
            "idempotency_key" => self.roles.push(TransportRole::IdempotencyKey),
            "statuses" => self.statuses = items.into_iter().filter_map(text).collect(),
            "parameters" => self.parameters = items.into_iter().filter_map(rule).collect(),
            _ => {}
        }
    }

    fn note(
        &self,
        code: &Code,
        file: &File,
        policy: &Policy,
        constant: &str,
        subject: &str,
        facts: &mut Facts,
    ) {
        let id = &self.id;
        let head = format!("static {constant}:");
        let mut note = |aspect, detail: &str, shown: String, word: &str| {
            code.note(
                facts,
                file,
                (aspect, subject, detail),
                shown,
                &[&head, word],
            );
        };
        let call = format!("{} {}", self.method, self.path);
        note(
            Aspect::Operation,
            &call,
            format!("{id}: {call}"),
            "Operation::new",
        );
        for status in &self.statuses {
            note(
                Aspect::Status,
                status,
                format!("{id}: {status}"),
                ".statuses",
            );
        }
        for parameter in &self.parameters {
            note(
                Aspect::Parameter,
                parameter,
                format!("{id}: {parameter}"),
                ".parameters",
            );
        }
        for name in self.roles.iter().flat_map(|role| headers(policy, *role)) {
            let detail = format!("header {}", name.to_lowercase());
            note(
                Aspect::Parameter,
                &detail,
                format!("{id}: {name}"),
                ".signed",
            );
        }
    }
}

/// `query chain` of a rule for a parameter.
fn rule(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Call(call) => {
            let location = call.args.first().and_then(last)?;
            parameter(&location, &call.args.iter().nth(1).and_then(text)?)
        }
        Expr::MethodCall(call) => rule(&call.receiver),
        _ => None,
    }
}

fn parameter(location: &str, name: &str) -> Option<String> {
    Some(match location {
        "Header" => format!("header {}", name.to_lowercase()),
        "Path" | "Query" | "Cookie" => format!("{} {name}", location.to_lowercase()),
        _ => return None,
    })
}

/// The schemas that receivers take, by the names of their methods.
fn received(code: &Code) -> BTreeMap<String, String> {
    let files = code
        .of(GeneratedCrate::Server)
        .filter(|file| file.path == RECEIVERS);
    let traits = files.flat_map(|file| &file.items);
    let methods = traits.filter_map(|item| match item {
        Item::Trait(item) => Some(&item.items),
        _ => None,
    });
    let methods = methods.flatten().filter_map(|item| match item {
        TraitItem::Fn(item) => Some(&item.sig),
        _ => None,
    });
    let bodies = methods.map(|signature| {
        let typed = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(&*typed.ty),
            FnArg::Receiver(_) => None,
        });
        let body = typed.skip(1).last().and_then(|held| match held {
            Type::Path(path) => path.path.segments.last(),
            _ => None,
        });
        let body = body.map_or_else(|| plain(&signature.ident), |last| last.ident.to_string());
        (plain(&signature.ident), body)
    });
    bodies.collect()
}

fn receiver(
    code: &Code,
    file: &File,
    constant: &str,
    body: &str,
    entry: &Entry,
    facts: &mut Facts,
) {
    let head = format!("static {constant}:");
    let shown = format!("{} {body}", entry.method);
    code.note(
        facts,
        file,
        (Aspect::Receiver, body, &entry.method),
        shown,
        &[&head],
    );
    for status in &entry.statuses {
        let shown = format!("{body}: {status}");
        code.note(
            facts,
            file,
            (Aspect::Status, body, status),
            shown,
            &[&head, ".statuses"],
        );
    }
}

fn methods(code: &Code, file: &File, item: &ItemTrait, facts: &mut Facts) {
    let head = format!("trait {}", item.ident);
    for item in &item.items {
        if let TraitItem::Fn(item) = item {
            let name = item.sig.ident.to_string();
            let own = format!("fn {name}(");
            code.note(
                facts,
                file,
                (Aspect::Method, &name, ""),
                name.clone(),
                &[&head, &own],
            );
        }
    }
}

/// `.operation(&operations::X, api, handler)` and what the handler does.
fn routes(
    code: &Code,
    file: &File,
    router: &ItemFn,
    entries: &BTreeMap<String, (&File, Entry)>,
    facts: &mut Facts,
) {
    let mut routes = Routes::default();
    routes.visit_block(&router.block);
    let head = format!("fn {}", router.sig.ident);
    for (constant, handler) in routes.0 {
        let Some((_, entry)) = entries.get(&constant) else {
            continue;
        };
        let id = &entry.id;
        let own = format!("operations::{constant},");
        code.note(
            facts,
            file,
            (Aspect::Route, id, ""),
            id.clone(),
            &[&head, &own],
        );
        let handled = format!("async fn {handler}<");
        let mut handling = Handling::default();
        handling.read(file, &handler);
        for parameter in &handling.parameters {
            let shown = format!("{id}: {parameter}");
            let fact = (Aspect::ParameterUsed, id.as_str(), parameter.as_str());
            code.note(facts, file, fact, shown, &[&handled]);
        }
        for status in &handling.statuses {
            let shown = format!("{id}: {status}");
            let fact = (Aspect::StatusSent, id.as_str(), status.as_str());
            code.note(facts, file, fact, shown, &[&handled]);
        }
    }
}

#[derive(Default)]
struct Routes(Vec<(String, String)>);

impl<'ast> Visit<'ast> for Routes {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let mut names = call.args.iter().map(last);
        if call.method == "operation"
            && let (Some(Some(constant)), Some(Some(handler))) = (names.next(), names.nth(1))
        {
            self.0.push((constant, handler));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// What a handler reads and responds.
#[derive(Default)]
struct Handling {
    parameters: BTreeSet<String>,
    statuses: BTreeSet<String>,
}

impl Handling {
    /// Looks at the handler and at how its method's results are sent.
    fn read(&mut self, file: &File, handler: &str) {
        let error = plain(format!("{handler}_error"));
        let success = plain(format!("{handler}_success"));
        for item in &file.items {
            match item {
                Item::Fn(item) if item.sig.ident == handler => self.visit_block(&item.block),
                Item::Impl(block) => {
                    let responses = block
                        .trait_
                        .as_ref()
                        .and_then(|(path, ..)| path.segments.last());
                    let responses = responses.is_some_and(|last| last.ident == "IntoResponse");
                    let Type::Path(path) = &*block.self_ty else {
                        continue;
                    };
                    let own = path.path.segments.last().map(|last| plain(&last.ident));
                    if responses && own.is_some_and(|own| own == error || own == success) {
                        self.visit_item_impl(block);
                    }
                }
                _ => {}
            }
        }
    }

    fn status(&mut self, expression: Option<&Expr>) {
        let status = expression.and_then(text);
        self.statuses
            .extend(status.filter(|it| it.parse::<u16>().is_ok()));
    }
}

impl<'ast> Visit<'ast> for Handling {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func
            && path
                .path
                .segments
                .first()
                .is_some_and(|first| first.ident == "respond")
        {
            self.status(call.args.first());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == "into_response_with_status" {
            self.status(call.args.first());
        }
        let location = call.args.first().and_then(last);
        let name = call.args.iter().nth(1).and_then(text);
        if let (Some(location), Some(name)) = (location, name) {
            self.parameters.extend(parameter(&location, &name));
        }
        visit::visit_expr_method_call(self, call);
    }
}
