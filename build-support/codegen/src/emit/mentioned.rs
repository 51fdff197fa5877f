//! Which names some code uses, for the imports above it.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use std::collections::HashSet;

/// Every identifier of some code that may stand for something imported. That excludes what stands
/// behind `::`, `.` and `fn`, what a single colon follows (fields and arguments), and the variants
/// of an enum. One walk finds them all: asking for each name anew was a fifth of all the time
/// generating takes.
pub(super) fn mentioned(code: &TokenStream) -> HashSet<String> {
    let mut words = HashSet::new();
    let mut open = vec![(code.clone(), false)];
    while let Some((stream, variants)) = open.pop() {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut is_enum = false;
        for (place, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Ident(word) if *word == "enum" => is_enum = true,
                TokenTree::Ident(_) if variants && begins_variant(&trees, place) => {}
                TokenTree::Ident(word) if may_be_imported(&trees, place) => {
                    words.insert(word.to_string());
                }
                TokenTree::Group(group) => {
                    let braced = group.delimiter() == proc_macro2::Delimiter::Brace;
                    open.push((group.stream(), is_enum && braced));
                    is_enum &= !braced;
                }
                _ => {}
            }
        }
    }
    words
}

/// Whether a word is the name of a variant: it is the first one, or follows a comma or attributes.
fn begins_variant(trees: &[TokenTree], place: usize) -> bool {
    match place.checked_sub(1).and_then(|before| trees.get(before)) {
        None => true,
        Some(TokenTree::Punct(before)) => before.as_char() == ',',
        Some(TokenTree::Group(before)) => before.delimiter() == proc_macro2::Delimiter::Bracket,
        Some(_) => false,
    }
}

fn may_be_imported(trees: &[TokenTree], place: usize) -> bool {
    let punct = |at: Option<usize>| match at.and_then(|at| trees.get(at)) {
        Some(TokenTree::Punct(punct)) => Some((punct.as_char(), punct.spacing())),
        _ => None,
    };
    let before = place.checked_sub(1);
    let is_tail = match punct(before) {
        Some((':', _)) => matches!(punct(place.checked_sub(2)), Some((':', Spacing::Joint))),
        // Behind two points stands an expression, behind a single one a field or a method.
        Some(('.', _)) => !matches!(punct(place.checked_sub(2)), Some(('.', _))),
        _ => matches!(
            before.and_then(|before| trees.get(before)),
            Some(TokenTree::Ident(word)) if *word == "fn"
        ),
    };
    let is_label = matches!(punct(Some(place + 1)), Some((':', Spacing::Alone)));
    !is_tail && !is_label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_imported_is_mentioned_and_nothing_else() {
        let cases = [
            ("Event", true),
            ("fn f() -> Result<Event, E>", true),
            ("Event::new()", true),
            ("use a::Event;", false),
            ("a::Event", false),
            ("a.Event", false),
            ("fn Event()", false),
            ("struct S { Event: u8 }", false),
            ("struct S { a: Event }", true),
            ("enum E { Event }", false),
            ("enum E { A(u8), #[serde(skip)] Event(u8) }", false),
            ("enum E<T> { A(Event), B { b: T } }", true),
            ("enum E { A { a: Event } }", true),
            ("enum E { #[x(Event)] A }", true),
            ("enum E { A = Event }", true),
            ("enum E {} struct S(Event);", true),
            ("S { ..Event }", true),
            ("match x { E::A => Event }", true),
        ];
        for (code, wanted) in cases {
            let found = mentioned(&code.parse().unwrap()).contains("Event");
            assert_eq!(found, wanted, "`Event` in `{code}`");
        }
    }
}
