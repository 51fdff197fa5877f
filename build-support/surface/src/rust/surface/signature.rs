//! What others rely on of an item, as text that two versions can be compared by.

use quote::ToTokens;
use syn::{FnArg, Generics, Signature};

/// Tokens as a person writes them, on one line.
pub(super) fn text(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let mut text = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    for (wide, narrow) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (",)", ")"),
        (",>", ">"),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        (" ;", ";"),
        (" (", "("),
        (" :", ":"),
    ] {
        text = text.replace(wide, narrow);
    }
    // What stands before `->`, `+` and `=` keeps its space.
    text.replace(")->", ") ->").replace(">->", "> ->")
}

/// A function's types; the names of its arguments do not matter to callers.
pub(super) fn function(signature: &Signature) -> String {
    let inputs = signature.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => {
            let mut plain = receiver.clone();
            plain.attrs.clear();
            plain.mutability = None;
            text(&plain)
        }
        FnArg::Typed(typed) => text(&typed.ty),
    });
    let inputs = inputs.collect::<Vec<_>>().join(", ");
    let asynchronous = if signature.asyncness.is_some() {
        "async "
    } else {
        ""
    };
    let constant = if signature.constness.is_some() {
        "const "
    } else {
        ""
    };
    let parameters = text(&signature.generics);
    let clause = signature.generics.where_clause.as_ref();
    let clause = clause.map(text).unwrap_or_default();
    let clause = clause.trim_end_matches(',');
    let tail = [text(&signature.output), clause.to_owned()];
    let tail = tail.iter().filter(|part| !part.is_empty());
    let tail: String = tail.map(|part| format!(" {part}")).collect();
    format!("{constant}{asynchronous}fn{parameters}({inputs}){tail}")
}

/// Parameters and bounds.
pub(super) fn generics(generics: &Generics) -> String {
    let clause = generics.where_clause.as_ref().map(text).unwrap_or_default();
    let gap = if clause.is_empty() { "" } else { " " };
    format!("{}{gap}{clause}", text(generics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_read_as_written_and_have_no_argument_names() {
        let table = [
            (
                "fn a<'a>(&'a self, name: Option<&str>) -> impl Future<Output = Result<Vec<x::Card>, E>> + Send;",
                "fn<'a>(&'a self, Option<&str>) -> impl Future<Output = Result<Vec<x::Card>, E>> + Send",
            ),
            (
                "async fn b(mut self, n: [u8; 4], f: (i32, u8)) where Self: Sized;",
                "async fn(self, [u8; 4], (i32, u8)) where Self: Sized",
            ),
            ("fn c(a: impl Into<String>,);", "fn(impl Into<String>)"),
        ];
        for (code, expected) in table {
            let function_: syn::TraitItemFn = syn::parse_str(code).unwrap();
            assert_eq!(function(&function_.sig), expected, "of {code}");
        }
    }
}
