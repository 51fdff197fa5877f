//! Code as pieces of tokens, to drop what is not compared before it is parsed: parsing takes most
//! of the time.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Items without the bodies of their functions.
pub fn without_bodies(items: TokenStream) -> TokenStream {
    let items = split(items).into_iter();
    let items = items.map(|item| match keyword(&item).as_deref() {
        Some("fn") => with_body(item, |_| TokenStream::new()),
        Some("impl" | "trait" | "mod") => with_body(item, without_bodies),
        _ => item,
    });
    items.flatten().collect()
}

/// The first word that says what an item is.
fn keyword(item: &[TokenTree]) -> Option<String> {
    const KEYWORDS: [&str; 9] = [
        "fn", "impl", "trait", "mod", "struct", "enum", "use", "static", "type",
    ];
    let mut words = item
        .iter()
        .filter(|tree| matches!(tree, TokenTree::Ident(_)));
    words.find_map(|word| {
        let word = word.to_string();
        KEYWORDS.contains(&word.as_str()).then_some(word)
    })
}

/// Items or functions, each of which ends with its braces or a semicolon.
pub fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut all, mut open) = (Vec::new(), Vec::new());
    for tree in tokens {
        let ends = match &tree {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        open.push(tree);
        if ends {
            all.push(std::mem::take(&mut open));
        }
    }
    all.push(open);
    all
}

/// The name behind a keyword.
pub fn after(item: &[TokenTree], keyword: &str) -> Option<String> {
    let at = item.iter().position(|tree| is(tree, keyword))?;
    item.get(at + 1).map(ToString::to_string)
}

pub fn starts(item: &[TokenTree], keyword: &str) -> bool {
    let first = item.iter().find(|tree| matches!(tree, TokenTree::Ident(_)));
    first.is_some_and(|tree| is(tree, keyword))
}

fn is(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == word)
}

/// An item with another body.
pub fn with_body(
    mut item: Vec<TokenTree>,
    change: impl FnOnce(TokenStream) -> TokenStream,
) -> Vec<TokenTree> {
    if let Some(TokenTree::Group(group)) = item.last_mut() {
        *group = Group::new(group.delimiter(), change(group.stream()));
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn bodies_go_and_signatures_stay() {
        let code = quote! {
            #![doc = "A file."]
            pub use a::{B, C};
            #[derive(Debug)]
            pub struct A<'a> { a: fn() -> u8, b: [u8; 4] }
            impl<T> A<'_> {
                pub const N: [u8; 2] = [1; 2];
                pub const fn one(&self, f: impl Fn(u8)) -> Result<u8, ()> where T: Sized { f(1); Ok(2) }
            }
            pub trait B { fn two(&self); async fn three() { four() } }
            mod c { pub async fn five() -> [u8; 1] { match x { _ => [0] } } }
            static D: X = X { y: 1 };
            const _: () = { fn six() {} };
            support::newtype!(E);
        };
        let expected = quote! {
            #![doc = "A file."]
            pub use a::{B, C};
            #[derive(Debug)]
            pub struct A<'a> { a: fn() -> u8, b: [u8; 4] }
            impl<T> A<'_> {
                pub const N: [u8; 2] = [1; 2];
                pub const fn one(&self, f: impl Fn(u8)) -> Result<u8, ()> where T: Sized {}
            }
            pub trait B { fn two(&self); async fn three() {} }
            mod c { pub async fn five() -> [u8; 1] {} }
            static D: X = X { y: 1 };
            const _: () = { fn six() {} };
            support::newtype!(E);
        };
        assert_eq!(without_bodies(code).to_string(), expected.to_string());
    }
}
