//! What expressions of the generated code say, as far as they are written out.

use syn::{Expr, Lit};

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
