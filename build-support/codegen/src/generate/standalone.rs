//! A whole workspace of three crates for any contract.

use super::{Dependencies, GenerateError, Generated, generate};
use crate::emit::prose;
use crate::emit::types::RESPONSES;
use crate::policy::Policy;
use contract::Document;
use files::{FileSet, FileSetError};
use heck::ToKebabCase as _;
use proc_macro2::{TokenStream, TokenTree};

/// A workspace that compiles by itself.
#[derive(Debug, Clone)]
pub struct Standalone {
    /// Its files; all paths are below one of [`Standalone::owned`].
    pub files: FileSet,
    /// The folders and files that belong to it as a whole: its manifest and one folder a crate.
    pub owned: Vec<String>,
    /// What reading and lowering had to say.
    pub warnings: contract::diagnostics::Diagnostics,
}

/// The crates of a workspace: what the name of each ends with, and what it is for.
const ROLES: [(&str, &str); 3] = [
    ("types", "The values of"),
    ("client", "A client of"),
    ("server", "Server traits and routers of"),
];

/// Turns a contract into a workspace of the crates `NAME-types`, `NAME-client` and `NAME-server`.
/// Without a name, the contract's title becomes one.
///
/// # Errors
///
/// Those of [`generate`](super::generate()).
pub fn standalone(
    document: &Document,
    policy: &Policy,
    name: Option<&str>,
    dependencies: &Dependencies,
) -> Result<Standalone, GenerateError> {
    let title = document
        .root
        .pointer("/info/title")
        .and_then(|title| title.as_str());
    let name = package_name(name.or(title).unwrap_or_default());
    let mut policy = policy.clone();
    policy.emit.types = format!("{}_types", name.replace('-', "_"));
    let generated = generate(document, &policy)?;
    let warnings = generated.warnings.clone();
    Ok(Standalone {
        files: workspace(generated, &name, dependencies)?,
        owned: owned(&name),
        warnings,
    })
}

/// The manifest of a workspace of these members; it declares those `dependencies` that `used`
/// names.
#[must_use]
pub fn workspace_manifest(
    members: &[String],
    dependencies: &Dependencies,
    used: &[&str],
) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|member| format!("    \"{member}\",\n"))
        .collect();
    let used: String = used
        .iter()
        .map(|name| dependencies.declaration(name))
        .collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n\n[workspace.dependencies]\n{used}",
        members.concat()
    )
}

fn workspace(
    generated: Generated,
    name: &str,
    dependencies: &Dependencies,
) -> Result<FileSet, FileSetError> {
    let title = prose(&generated.title).replace('\n', " ");
    let types = generated.type_count;
    let crates = [generated.types, generated.client, generated.server];
    let code: Vec<_> = crates.iter().flat_map(texts).collect();
    let used = dependencies.used_by(&code);
    let members: Vec<_> = ROLES
        .iter()
        .map(|(role, _)| format!("{name}-{role}"))
        .collect();
    let mut all = FileSet::new();
    all.insert(
        "Cargo.toml",
        workspace_manifest(&members, dependencies, &used),
    )?;
    for (index, files) in crates.into_iter().enumerate() {
        let (role, purpose) = ROLES[index];
        let manifest = manifest(name, index, &files, dependencies);
        let facade = facade(
            &format!("{purpose} {title}."),
            types,
            texts(&files).any(names_are_foreign),
        );
        let mut member = files.prefixed("src/generated")?;
        member.insert("Cargo.toml", manifest)?;
        member.insert("src/lib.rs", facade)?;
        all.merge(member.prefixed(&format!("{name}-{role}"))?)?;
    }
    Ok(all)
}

fn texts(files: &FileSet) -> impl Iterator<Item = &str> {
    files.iter().map(|(_, text)| text)
}

fn manifest(name: &str, role: usize, files: &FileSet, dependencies: &Dependencies) -> String {
    let code: Vec<_> = texts(files).collect();
    let used = dependencies.used_by(&code);
    let lines: String = used
        .iter()
        .map(|used| dependencies.inheritance(used, role, &code))
        .collect();
    let shared = match ROLES[role].0 {
        "types" => String::new(),
        "server" => format!(
            "{name}-types = {{ path = \"../{name}-types\", features = [\"{RESPONSES}\"] }}\n"
        ),
        _ => format!("{name}-types = {{ path = \"../{name}-types\" }}\n"),
    };
    let features = features(&used, role, dependencies);
    format!(
        "[package]\nname = \"{name}-{}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = \
         false\n\n{features}[dependencies]\n{shared}{lines}",
        ROLES[role].0
    )
}

/// The features of the optional dependencies, each of the same name, and that of what only servers
/// make.
fn features(used: &[&str], role: usize, dependencies: &Dependencies) -> String {
    let optional = used
        .iter()
        .filter(|name| dependencies.is_optional(name, role));
    let mut lines: String = optional
        .map(|name| format!("{name} = [\"dep:{name}\"]\n"))
        .collect();
    if ROLES[role].0 == "types" {
        lines.push_str(&format!("{RESPONSES} = []\n"));
    }
    match lines.is_empty() {
        true => lines,
        false => format!("[features]\n{lines}\n"),
    }
}

/// The compiler doubts identifiers in other scripts, for a whole crate at a time.
const SCRIPTS: &str = "#![allow(
    confusable_idents,
    mixed_script_confusables,
    uncommon_codepoints,
    reason = \"the names are those of the contract\"
)]

";

fn facade(headline: &str, types: usize, names_are_foreign: bool) -> String {
    let allowed = if names_are_foreign { SCRIPTS } else { "" };
    let limit = recursion_limit(types);
    format!("//! {headline}\n\n{limit}{allowed}mod generated;\n\npub use generated::*;\n")
}

/// Types that lead to one another are followed by the compiler as deep as they lead, in the worst case
/// through all of them and what is around each. It does so up to a limit of 128 by itself.
fn recursion_limit(types: usize) -> String {
    const FEW: usize = 16;
    const AROUND_EACH: usize = 10;
    match types > FEW {
        true => {
            let limit = (types * AROUND_EACH).next_power_of_two();
            format!("#![recursion_limit = \"{limit}\"]\n\n")
        }
        false => String::new(),
    }
}

/// Whether an identifier of some code is not of ASCII alone. Few files have such characters, and
/// then mostly in comments, so that only those are read that have them elsewhere.
fn names_are_foreign(code: &str) -> bool {
    fn any_in(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(name) => !name.to_string().is_ascii(),
            TokenTree::Group(group) => any_in(group.stream()),
            _ => false,
        })
    }
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    let suspect = code
        .lines()
        .any(|line| !line.is_ascii() && !is_comment(line));
    suspect && code.parse().is_ok_and(any_in)
}

fn owned(name: &str) -> Vec<String> {
    let crates = ROLES.iter().map(|(role, _)| format!("{name}-{role}"));
    std::iter::once("Cargo.toml".to_owned())
        .chain(crates)
        .collect()
}

/// A package name from any words: lowercase ASCII letters, digits and dashes, a letter first.
fn package_name(words: &str) -> String {
    let kebab = words.to_kebab_case();
    let kept = kebab
        .chars()
        .filter(|char| char.is_ascii_alphanumeric() || *char == '-');
    let name: String = kept.collect();
    let name = name.trim_matches('-');
    match name.chars().next() {
        None => "contract".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}"),
        Some(_) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_title_makes_a_package_name() {
        let table = [
            ("Corner Shop", "corner-shop"),
            ("2 words", "api-2-words"),
            ("", "contract"),
            ("???", "contract"),
            ("parking", "parking"),
            ("Größe", "gre"),
        ];
        for (title, name) in table {
            assert_eq!(package_name(title), name, "{title:?}");
        }
    }

    #[test]
    fn names_in_other_scripts_are_told_from_texts() {
        let table = [
            ("struct Size { größe: u8 }", true),
            ("mod inner { fn 大きさ() {} }", true),
            ("/// Größe\nstruct Size;", false),
            ("const NAME: &str = \"größe\";", false),
            ("struct Size;", false),
        ];
        for (code, expected) in table {
            assert_eq!(names_are_foreign(code), expected, "{code}");
        }
    }
}
