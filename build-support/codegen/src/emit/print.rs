//! From tokens to a file that a person can open.

use super::EmitError;
use proc_macro2::{Span, TokenStream};
use syn::Ident;

/// The method that sets a field: `with_` and the name.
pub(super) fn setter_name(field: &str) -> Ident {
    let stem = field.trim_start_matches("r#");
    // The underscore before a digit is needed at the beginning of a name only.
    let digits = stem.strip_prefix('_');
    let digits = digits.filter(|rest| rest.starts_with(char::is_numeric));
    quote::format_ident!("with_{}", digits.unwrap_or(stem))
}

/// The text of a file: the header, then the items, formatted, with a blank line between items.
///
/// `file` is the path named in errors.
///
/// # Errors
///
/// [`EmitError::Syntax`] when the tokens are not a list of Rust items.
pub fn print(file: &str, header: &str, items: TokenStream) -> Result<String, EmitError> {
    let parsed = syn::parse2::<syn::File>(items).map_err(|source| EmitError::Syntax {
        file: file.to_owned(),
        source,
    })?;
    Ok(space_out(header, &prettyplease::unparse(&parsed)))
}

/// An identifier, raw where the name carries `r#`.
///
/// # Errors
///
/// [`EmitError::Name`] when the name is not an identifier; `place` says what it would have named.
pub fn ident(name: &str, place: &str) -> Result<Ident, EmitError> {
    let (bare, raw) = match name.strip_prefix("r#") {
        Some(bare) => (bare, true),
        None => (name, false),
    };
    let rejected = || EmitError::Name {
        name: name.to_owned(),
        place: place.to_owned(),
    };
    let mut characters = bare.chars();
    let first = characters.next().ok_or_else(rejected)?;
    let starts = first == '_' || unicode_ident::is_xid_start(first);
    if !starts || bare == "_" || !characters.all(unicode_ident::is_xid_continue) {
        return Err(rejected());
    }
    if raw {
        if matches!(bare, "self" | "Self" | "super" | "crate") {
            return Err(rejected());
        }
        return Ok(Ident::new_raw(bare, Span::call_site()));
    }
    Ok(Ident::new(bare, Span::call_site()))
}

/// Puts a blank line before each item and each method that follows another one. The printer leaves
/// none, and a file without them is hard to read.
fn space_out(header: &str, code: &str) -> String {
    let mut out = String::with_capacity(header.len() + code.len() + code.len() / 16);
    out.push_str(header);
    let mut previous: Option<&str> = None;
    for line in code.lines() {
        if previous.is_some_and(|previous| separates(previous, line)) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = Some(line);
    }
    out
}

fn separates(previous: &str, line: &str) -> bool {
    let depth = indent(line);
    if depth == 0 && indent(previous) > 0 {
        // A chain of calls ends deeper than the item it belongs to.
        return previous.ends_with(';') && starts_item(line);
    }
    if depth != indent(previous) || depth > 8 {
        return false;
    }
    let (before, after) = (previous.trim_start(), line.trim_start());
    if before.starts_with("//!") {
        return !after.starts_with("//!");
    }
    if before.starts_with("//") {
        return false;
    }
    if before == "};" && after.starts_with("use ") {
        return false;
    }
    let ended = before.ends_with('}') || before.ends_with(';');
    let together = one_line(before) && group(before).is_some() && group(before) == group(after);
    ended && starts_item(after) && !together
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn starts_item(line: &str) -> bool {
    const STARTS: [&str; 17] = [
        "///",
        "#[",
        "pub ",
        "pub(",
        "fn ",
        "async fn ",
        "impl ",
        "impl<",
        "struct ",
        "enum ",
        "trait ",
        "mod ",
        "use ",
        "type ",
        "const ",
        "static ",
        "support::",
    ];
    STARTS.iter().any(|start| line.starts_with(start))
}

/// Whether the line is a whole item (`use a;`) rather than the end of a longer one.
fn one_line(line: &str) -> bool {
    line.ends_with(';') && starts_item(line)
}

/// The kind of a one-line item, where such items stand together without blank lines.
fn group(line: &str) -> Option<&'static str> {
    const GROUPS: [&str; 9] = [
        "use ",
        "pub use ",
        "mod ",
        "pub mod ",
        "pub type ",
        "type ",
        "const ",
        "fn ",
        "support::",
    ];
    GROUPS.into_iter().find(|group| line.starts_with(group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn items_and_methods_stand_apart() {
        let tokens = quote! {
            #![doc = " Cards."]
            use a::B;
            use a::C;
            mod x;
            #[doc = " A card."]
            pub struct Card { #[doc = " Its name."] pub name: String, #[doc = " Its age."] pub age: u8 }
            impl Card {
                #[doc = " One."]
                pub fn one(&self) -> u8 { if self.age > 1 { return 2; } let x = 1; x }
                #[doc = " Two."]
                pub fn two(&self) {}
            }
            pub trait Cards {
                #[doc = " Three."]
                fn three(&self);
                #[doc = " Four."]
                fn four(&self);
            }
        };
        let expected = "\
// header
//! Cards.

use a::B;
use a::C;

mod x;

/// A card.
pub struct Card {
    /// Its name.
    pub name: String,
    /// Its age.
    pub age: u8,
}

impl Card {
    /// One.
    pub fn one(&self) -> u8 {
        if self.age > 1 {
            return 2;
        }
        let x = 1;
        x
    }

    /// Two.
    pub fn two(&self) {}
}

pub trait Cards {
    /// Three.
    fn three(&self);

    /// Four.
    fn four(&self);
}
";
        assert_eq!(print("x.rs", "// header\n", tokens).unwrap(), expected);
    }

    #[test]
    fn tokens_that_are_not_items_are_an_error() {
        let error = print("x.rs", "", quote!(1 + 1)).unwrap_err().to_string();
        assert!(error.contains("`x.rs`"), "{error}");
    }

    #[test]
    fn identifiers_are_checked() {
        for good in ["a", "r#type", "Card1", "_x", "Ünï"] {
            assert!(ident(good, "a field").is_ok(), "{good}");
        }
        for bad in ["", "_", "1a", "a-b", "r#self", "r#"] {
            assert!(ident(bad, "a field").is_err(), "{bad}");
        }
    }
}
