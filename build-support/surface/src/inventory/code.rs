//! What the generated code has.

use super::source::Code;
use super::{Facts, client, server, types};
use codegen::policy::Policy;
use syn::{Expr, Lit};

/// Every fact of the three crates.
pub(super) fn facts(code: &Code, policy: &Policy) -> Facts {
    let mut facts = Facts::new();
    types::facts(code, &mut facts);
    client::facts(code, policy, &mut facts);
    server::facts(code, policy, &mut facts);
    facts
}

/// The text of a string literal.
pub(super) fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(number) => Some(number.base10_digits().to_owned()),
            _ => None,
        },
        Expr::Reference(reference) => text(&reference.expr),
        _ => None,
    }
}

/// The items of `[…]` or `&[…]`.
pub(super) fn list(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Array(array) => array.elems.iter().collect(),
        Expr::Reference(reference) => list(&reference.expr),
        _ => Vec::new(),
    }
}

/// The last name of a path.
pub(super) fn last(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Expr::Reference(reference) => last(&reference.expr),
        _ => None,
    }
}
