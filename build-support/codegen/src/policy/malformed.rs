//! What is wrong with a policy by itself, whatever the contract.

use super::Policy;
use super::text::place;
use contract::FileId;
use contract::diagnostics::Diagnostic;

/// Names and paths that cannot be Rust.
pub(super) fn malformed(policy: &Policy, file: FileId) -> Vec<Diagnostic> {
    let names = &policy.names;
    let idents = [
        &names.types,
        &names.operations,
        &names.fields,
        &policy.modules,
    ];
    let idents = idents.into_iter().flatten();
    let bad_idents = idents.filter(|(_, name)| syn::parse_str::<syn::Ident>(name).is_err());
    let bad_paths = policy.types.iter();
    let bad_paths = bad_paths.filter(|(_, path)| syn::parse_str::<syn::Path>(path).is_err());
    let bad = bad_idents.map(|(key, name)| (key, name, "name"));
    let bad = bad.chain(bad_paths.map(|(key, path)| (key, path, "path")));
    bad.map(|(key, value, what)| {
        let message = format!("`{value}` is not a Rust {what}");
        Diagnostic::error("policy::not-rust", message, place(file, key.span()))
    })
    .collect()
}
