//! Rust names for what a contract calls anything.

use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::BTreeSet;

/// Words that are keywords in some edition and may be written with `r#`.
const RAW: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield", "union",
];

/// Words for which even `r#` is not allowed.
const NEVER: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// Crates that generated code names, which a module beside that code would hide.
const CRATES: &str = "\
    alloc axum base64 bytes chrono core form_urlencoded futures_util http http_body_util jsonschema \
    progenitor_client reqwest rust_decimal schemars serde serde_json serde_path_to_error std \
    thiserror tower url uuid zeroize";

/// Types and traits that generated files have in scope, and that a type of the contract must not
/// hide.
const PRELUDE: &str = "\
    AsMut AsRef Box Clone Copy Debug Default Deserialize Deserializer DoubleEndedIterator \
    Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Hash Into \
    IntoIterator Iterator JsonSchema None Ok Option Ord PartialEq PartialOrd Result Send \
    Serialize Serializer Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec";

/// Methods that whatever holds a client or an implementation has already, and the name handlers
/// have for that.
const METHODS: [&str; 7] = [
    "api", "as_ref", "clone", "drop", "into", "to_owned", "try_into",
];

/// A type: upper camel case.
pub(super) fn type_name(wire: &str) -> String {
    let name = camel(wire, "Type");
    let taken = PRELUDE.split_whitespace().any(|taken| taken == name);
    if taken || name == "Self" {
        format!("{name}Type")
    } else {
        name
    }
}

/// A tag, which begins the name of a trait and so hides nothing: upper camel case.
pub(super) fn tag_name(wire: &str) -> String {
    camel(wire, "Tag")
}

/// A variant: upper camel case; the empty string is `Empty`.
pub(super) fn variant_name(wire: &str) -> String {
    if wire.is_empty() {
        return "Empty".to_owned();
    }
    let name = camel(wire, "Value");
    if name == "Self" {
        "SelfValue".to_owned()
    } else if name.starts_with(char::is_uppercase) {
        name
    } else {
        // A script without capitals would give the variant the name of a field or argument.
        format!("Value{name}")
    }
}

/// A method: as a field, with a trailing underscore where it would be taken for another one.
pub(super) fn method_name(wire: &str) -> String {
    let name = field_name(wire);
    if METHODS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// A field or parameter: snake case; a keyword carries `r#` or, where that is not allowed,
/// a trailing underscore.
pub(super) fn field_name(wire: &str) -> String {
    escape(&snake(wire, "value"))
}

/// A module, which is a file too and so is spelt in ASCII: snake case, a keyword carries a trailing
/// underscore, and so does the name of a crate.
pub(super) fn module_name(wire: &str) -> String {
    let ascii = |c: char| if c.is_ascii() { c } else { ' ' };
    let name = snake(&wire.chars().map(ascii).collect::<String>(), "tag");
    let is_crate = CRATES.split_whitespace().any(|taken| taken == name);
    if is_crate || is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Whether a word is a keyword in any sense that matters here.
fn is_keyword(name: &str) -> bool {
    // `union` is a keyword only where an item begins.
    (RAW.contains(&name) && name != "union") || NEVER.contains(&name)
}

fn escape(name: &str) -> String {
    if NEVER.contains(&name) {
        format!("{name}_")
    } else if is_keyword(name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

fn camel(wire: &str, fallback: &str) -> String {
    let name = identifier(&spelled(wire).to_upper_camel_case(), "X");
    if name.is_empty() {
        fallback.to_owned()
    } else {
        name
    }
}

fn snake(wire: &str, fallback: &str) -> String {
    let name = identifier(&spelled(wire).to_snake_case(), "_");
    if name.is_empty() {
        fallback.to_owned()
    } else {
        name
    }
}

/// Keeps the characters an identifier may have, with `lead` before one that may not begin it.
fn identifier(name: &str, lead: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|&c| unicode_ident::is_xid_continue(c))
        .collect();
    let begins = kept
        .chars()
        .next()
        .is_none_or(|c| unicode_ident::is_xid_start(c) || c == '_');
    if begins {
        kept
    } else {
        format!("{lead}{kept}")
    }
}

/// Symbols as words where they distinguish names: a sign before a number, and names of symbols
/// alone.
fn spelled(wire: &str) -> String {
    let signed = wire.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    match wire.chars().next() {
        Some('+') if signed => return format!("plus {}", &wire[1..]),
        Some('-') if signed => return format!("minus {}", &wire[1..]),
        _ => {}
    }
    if wire.chars().any(char::is_alphanumeric) {
        return wire.to_owned();
    }
    let words: Vec<&str> = wire.chars().map(word).collect();
    words.join(" ")
}

fn word(symbol: char) -> &'static str {
    match symbol {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '?' => "question",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '$' => "dollar",
        '#' => "hash",
        '@' => "at",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '~' => "tilde",
        '^' => "caret",
        '_' => "underscore",
        _ => "",
    }
}

/// Names that must differ from each other: a second `Card` becomes `Card2`.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    taken: BTreeSet<String>,
}

impl Distinct {
    /// Names beside some that are not to be used.
    pub(super) fn reserving(reserved: &[&str]) -> Self {
        Self {
            taken: reserved.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// The name, or the first numbered one that is free.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let base = wanted.strip_prefix("r#").unwrap_or(wanted);
        let ends_in_digit = base.ends_with(|c: char| c.is_ascii_digit());
        let lower = base.starts_with(|c: char| c.is_lowercase() || c == '_');
        let joined = base.ends_with('_') || !(ends_in_digit || lower);
        let joint = if joined { "" } else { "_" };
        let numbered = (2_u32..).map(|number| format!("{base}{joint}{number}"));
        let mut candidates = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = candidates.find(|name| self.taken.insert(plain(name)));
        free.unwrap_or_else(|| wanted.to_owned())
    }
}

fn plain(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_upper_camel_case_and_hide_nothing() {
        let cases = [
            ("card", "Card"),
            ("blockchain_account-id", "BlockchainAccountId"),
            ("UUID", "Uuid"),
            ("URL", "Url"),
            ("3DSecure", "X3dSecure"),
            ("Option", "OptionType"),
            ("serialize", "SerializeType"),
            ("self", "SelfType"),
            ("日本", "日本"),
            ("🎉", "Type"),
            ("", "Type"),
        ];
        for (wire, rust) in cases {
            assert_eq!(type_name(wire), rust, "the type for {wire:?}");
        }
    }

    #[test]
    fn fields_are_snake_case_and_keywords_are_escaped() {
        let cases = [
            ("maskedPan", "masked_pan"),
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("Self", "self_"),
            ("crate", "crate_"),
            ("super", "super_"),
            ("union", "union"),
            ("3d", "_3d"),
            ("$ref", "r#ref"),
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("*", "star"),
            ("_", "underscore"),
            ("x-rate-limit", "x_rate_limit"),
            ("🎉", "value"),
        ];
        for (wire, rust) in cases {
            assert_eq!(field_name(wire), rust, "the field for {wire:?}");
            assert!(
                syn::parse_str::<syn::Ident>(rust).is_ok(),
                "{rust} is not an identifier"
            );
        }
    }

    #[test]
    fn variants_are_upper_camel_case() {
        let cases = [
            ("issue_failed", "IssueFailed"),
            ("customer.updated", "CustomerUpdated"),
            ("", "Empty"),
            ("10", "X10"),
            ("self", "SelfValue"),
            (">=", "GreaterEqual"),
            ("+1", "Plus1"),
        ];
        for (wire, rust) in cases {
            assert_eq!(variant_name(wire), rust, "the variant for {wire:?}");
        }
    }

    #[test]
    fn modules_are_file_names() {
        for (wire, rust) in [
            ("Cards", "cards"),
            ("type", "type_"),
            ("2FA", "_2fa"),
            ("!", "not"),
            ("größere Dinge", "gr_ere_dinge"),
            ("日", "tag"),
            ("std", "std_"),
            ("Serde JSON", "serde_json_"),
        ] {
            assert_eq!(module_name(wire), rust, "the module for {wire:?}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut distinct = Distinct::reserving(&["common"]);
        let claimed: Vec<String> = [
            "Card", "Card", "Card", "common", "r#type", "type", "V1", "V1", "self_", "self_",
        ]
        .iter()
        .map(|name| distinct.claim(name))
        .collect();
        let wanted = [
            "Card", "Card2", "Card3", "common_2", "r#type", "type_2", "V1", "V1_2", "self_",
            "self_2",
        ];
        assert_eq!(claimed, wanted);
    }
}
