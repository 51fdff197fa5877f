//! The hand-written files that generated clients stand on, copied where they are used.

/// Each file by its name, and the files that it uses.
const FILES: [(&str, &[&str], &str); 6] = [
    ("credentials", &[], include_str!("runtime/credentials.rs")),
    ("integers", &[], include_str!("../runtime/integers.rs")),
    ("multipart", &[], include_str!("runtime/multipart.rs")),
    ("records", &[], include_str!("../runtime/records.rs")),
    (
        "streams",
        &["records", "integers"],
        include_str!("runtime/streams.rs"),
    ),
    ("typed", &[], include_str!("../runtime/typed.rs")),
];

/// The files that some code uses: names and texts.
pub(super) fn used_by(code: &str) -> Vec<(&'static str, &'static str)> {
    let named = |name: &str| mentions(code, name);
    let users = |name: &str| {
        let mut files = FILES.iter();
        files.any(|(user, uses, _)| uses.contains(&name) && named(user))
    };
    let used = FILES.iter().filter(|(name, ..)| named(name) || users(name));
    used.map(|(name, _, text)| (*name, *text)).collect()
}

/// Whether a path begins with a module of the client.
pub(super) fn mentions(code: &str, module: &str) -> bool {
    let path = format!("{module} ::");
    code.match_indices(&path).any(|(at, _)| {
        let before = code[..at].trim_end();
        let last = code[..at].chars().next_back();
        let is_tail = before.ends_with("::")
            || last.is_some_and(|last| last.is_alphanumeric() || last == '_');
        !is_tail
    })
}
