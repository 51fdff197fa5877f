//! Every public function of the crates that users call from their services has an example that is
//! compiled; see CONTRIBUTING.md, "Examples".

use std::collections::BTreeMap;

use crate::sources::{self, Source};

/// The crates whose functions written by people have examples. What is generated is given its
/// examples by the emitters.
const CRATES: [&str; 3] = [
    "crates/offblocks-client/",
    "crates/offblocks-signature/",
    "crates/offblocks-webhooks/",
];

/// The files with examples that are compiled and not run, and what they would need.
const ONLY_COMPILED: &[(&str, &str)] = &[
    (
        "crates/offblocks-client/src/client/connection.rs",
        "a file of certificates",
    ),
    (
        "crates/offblocks-client/src/from_env.rs",
        "variables and files",
    ),
    ("crates/offblocks-client/src/lib.rs", "variables"),
    (
        "crates/offblocks-webhooks/src/inbox/postgres.rs",
        "a PostgreSQL server",
    ),
];

/// A public function.
struct Function<'a> {
    /// The type of its `impl`; empty where it has none.
    of: &'a str,
    name: &'a str,
    line: usize,
    /// Its documentation.
    docs: String,
    /// Whether a macro writes it, for several types.
    in_macro: bool,
}

#[test]
fn every_public_function_has_an_example() {
    let sources = sources::all();
    let mut without = Vec::new();
    let mut seen = 0;
    for folder in CRATES {
        let own =
            |it: &&Source| it.path.starts_with(folder) && it.is_program() && it.is_hand_written();
        let files: Vec<&Source> = sources.iter().filter(own).collect();
        let types = documented_types(&files);
        let everywhere: String = files.iter().map(|it| examples(it.program_text())).collect();
        for file in &files {
            for function in functions(file.program_text()) {
                seen += 1;
                let of_type = types.get(function.of).map_or("", String::as_str);
                let called = calls(&examples(&function.docs), &function)
                    || calls(of_type, &function)
                    || function.in_macro && calls(&everywhere, &function);
                if !called {
                    let Function { of, name, line, .. } = function;
                    without.push(format!("{}:{line}: {of}::{name}", file.path));
                }
            }
        }
    }
    assert!(seen > 200, "only {seen} public functions were found");
    assert!(
        without.is_empty(),
        "these functions are called in no example, neither of their own nor of their type; show how \
         they are used:\n{}",
        without.join("\n")
    );
}

#[test]
fn an_example_is_run_where_it_can_be() {
    let sources = sources::all();
    let in_crates = |it: &&Source| CRATES.iter().any(|folder| it.path.starts_with(folder));
    let marked: Vec<&str> = sources
        .iter()
        .filter(in_crates)
        .filter(|it| it.is_program() && it.is_hand_written())
        .filter(|it| fences(&it.text).any(|fence| fence.contains("no_run")))
        .map(|it| it.path.as_str())
        .collect();
    let known: Vec<&str> = ONLY_COMPILED.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        marked, known,
        "examples run, against the sandbox where they call the API; those marked `no_run` are listed \
         in ONLY_COMPILED with what they would need"
    );
    let ignored: Vec<&str> = sources
        .iter()
        .filter(in_crates)
        .filter(|it| fences(&it.text).any(|fence| fence.contains("ignore")))
        .map(|it| it.path.as_str())
        .collect();
    assert!(ignored.is_empty(), "examples are compiled: {ignored:?}");
}

/// The first lines of the code blocks in a text's documentation, without what ends them.
fn fences(text: &str) -> impl Iterator<Item = &str> {
    let docs = text.lines().filter_map(doc);
    docs.filter_map(|line| line.strip_prefix("```"))
}

/// The text of a line of documentation.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or(line.strip_prefix("//!"))?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// The Rust in the documentation of a text. Hidden lines count, comments do not.
fn examples(text: &str) -> String {
    let mut code = String::new();
    let mut inside = None;
    for line in text.lines().filter_map(doc) {
        match (line.strip_prefix("```"), inside) {
            (Some(_), Some(_)) => inside = None,
            (Some(fence), None) => {
                let other = ["text", "toml", "sh", "json", "ignore"];
                inside = Some(!other.iter().any(|kind| fence.starts_with(kind)));
            }
            (None, Some(true)) if !line.trim_start().starts_with("//") => {
                code.push_str(line);
                code.push('\n');
            }
            _ => {}
        }
    }
    code
}

/// Whether an example calls a function: `Type::new(…)`, `value.name(…)` or `name(…)`.
fn calls(code: &str, function: &Function<'_>) -> bool {
    let Function { of, name, .. } = function;
    if *name == "new" && !function.in_macro {
        return code.contains(&format!("{of}::new("));
    }
    let ways = [".", "::", " ", "(", "!"];
    ways.iter().any(|before| {
        let plain = code.contains(&format!("{before}{name}("));
        plain || code.contains(&format!("{before}{name}::<"))
    }) || code.starts_with(&format!("{name}("))
}

/// The examples in the documentation of each type.
fn documented_types(files: &[&Source]) -> BTreeMap<String, String> {
    let mut types = BTreeMap::new();
    for file in files {
        let lines: Vec<&str> = file.program_text().lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let kinds = ["pub struct ", "pub enum ", "pub trait "];
            let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else {
                continue;
            };
            let name = rest.split(|it: char| !it.is_alphanumeric()).next();
            types.insert(name.unwrap().to_owned(), examples(&docs_above(&lines, at)));
        }
    }
    types
}

/// The public functions of a formatted text.
fn functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut of, mut in_macro) = (Vec::new(), "", false);
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        if code.starts_with("macro_rules! ") {
            in_macro = true;
        } else if *line == "}" {
            (of, in_macro) = ("", false);
        } else if code.starts_with("impl") && code.ends_with('{') {
            of = implemented(code);
        }
        let Some(mut rest) = code.strip_prefix("pub ") else {
            continue;
        };
        for word in ["const ", "async "] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        if let Some(rest) = rest.strip_prefix("fn ") {
            found.push(Function {
                of,
                name: rest.split(['(', '<']).next().unwrap_or_default(),
                line: at + 1,
                docs: docs_above(&lines, at),
                in_macro,
            });
        }
    }
    found
}

/// The type of the head of an `impl`: `Inbox` of `impl<S: Store> Inbox<S> {`.
fn implemented(head: &str) -> &str {
    let rest = head.strip_prefix("impl").unwrap_or(head);
    let rest = match rest.strip_prefix('<') {
        Some(generics) => generics.split_once("> ").map_or(generics, |(_, rest)| rest),
        None => rest,
    };
    let end = |it: char| !it.is_alphanumeric() && it != '$';
    rest.trim_start().split(end).next().unwrap_or_default()
}

/// The documentation above a line, beyond its attributes.
fn docs_above(lines: &[&str], at: usize) -> String {
    let is_head = |line: &&&str| {
        let line = line.trim_start();
        doc(line).is_some() || line.starts_with("#[") || line == ")]" || line.starts_with("reason")
    };
    let above = lines[..at].iter().rev().take_while(is_head);
    let mut docs: Vec<&str> = above.copied().filter(|line| doc(line).is_some()).collect();
    docs.reverse();
    docs.join("\n")
}

#[test]
fn functions_and_their_examples_are_found() {
    let text = "\
/// A thing.
///
/// ```
/// let thing = Thing::new(1);
/// thing.go();
/// ```
pub struct Thing;

impl<T: Into<u8>> Thing<T> {
    /// Makes one.
    #[must_use]
    pub const fn new(number: u8) -> Self {
    }

    /// Stops it.
    ///
    /// ```toml
    /// stop()
    /// ```
    pub async fn stop<A>(&self) {
    }
}

/// ```
/// // free()
/// ```
pub fn free() {
}
";
    let found = functions(text);
    let names: Vec<_> = found.iter().map(|it| (it.of, it.name)).collect();
    assert_eq!(names, [("Thing", "new"), ("Thing", "stop"), ("", "free")]);
    let of_type = examples(text);
    assert!(calls(&of_type, &found[0]) && !calls(&of_type, &found[1]));
    assert!(found.iter().all(|it| !calls(&examples(&it.docs), it)));
}
