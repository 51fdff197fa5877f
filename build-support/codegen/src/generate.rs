//! The way from a document to files: lower, model, emit. Pure; [`files`] writes.

mod contradictions;
mod dependencies;
mod findings;
mod placement;
mod standalone;

pub use dependencies::{Dependencies, DependencyError};
pub use findings::{read, read_foreign};
pub use placement::{CONTRACT, OFFBLOCKS, OWNED, PLACEMENTS, POLICY, Placement, SANDBOX};
pub use standalone::{Standalone, standalone, workspace_manifest};

use crate::emit::{EmitError, Extent, Sink, checks, client, command, printed, server, types};
use crate::policy::Policy;
use crate::{lower, model};
use contract::Document;
use contract::diagnostics::Diagnostics;
use files::{FileSet, FileSetError};
use std::any::Any;
use std::path::{Component, Path, PathBuf};
use std::{io, thread};

/// What a contract becomes; paths are relative to each crate's generated folder.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Values, shared by both ends.
    pub types: FileSet,
    /// The contract's schemas beside the derived ones, for a test of the types crate.
    pub checks: FileSet,
    /// Typed operations.
    pub client: FileSet,
    /// Traits and routers.
    pub server: FileSet,
    /// What a command line needs to know of the operations, as tables.
    pub command: FileSet,
    /// What reading and lowering had to say; nothing of it stands in the way.
    pub warnings: Diagnostics,
    /// `info.title` of the contract.
    pub title: String,
    /// How many types the contract has, those that have no name in it included.
    pub type_count: usize,
}

/// Why a contract became no code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// Something is wrong with the contract or the policy.
    #[error(transparent)]
    Contract(#[from] Diagnostics),
    /// The code could not be printed.
    #[error(transparent)]
    Emit(#[from] EmitError),
    /// The files do not fit together.
    #[error(transparent)]
    Files(#[from] FileSetError),
    /// A library that prints code failed on something that no check looks for.
    #[error(
        "the {part} cannot be generated from this contract: {reason}; this is a fault of the \
         generator, please report it with the contract"
    )]
    GaveUp {
        /// What was being printed.
        part: &'static str,
        /// What the library said.
        reason: String,
    },
}

/// Turns a contract into the files of four crates. The same document and policy give the same
/// bytes, whenever and wherever.
///
/// # Errors
///
/// [`GenerateError::Contract`] with everything that is wrong with contract or policy;
/// [`GenerateError::Emit`] for a name that is not valid Rust; [`GenerateError::GaveUp`] where a
/// library panicked.
pub fn generate(document: &Document, policy: &Policy) -> Result<Generated, GenerateError> {
    let lowered = lower::lower(document, policy);
    let lowered = lowered.map_err(|found| findings::whole(found, document))?;
    let api = model::build(document, &lowered, policy)?;
    let warnings = findings::whole(lowered.warnings.clone(), document);
    let (source, whole) = (&api.source, Extent::Whole);
    // The client takes as long as the other two together.
    let (client, values_and_server) = thread::scope(|scope| {
        let client = aside(scope, "client", || {
            printed(source, |sink| client::emit(&api, policy, whole, sink))
        });
        let others = aside(scope, "types and the server", || {
            let types = printed(source, |sink| types::emit(&api, policy, whole, sink))?;
            let checks = printed(source, |sink| checks::emit(&api, &lowered.node, sink))?;
            let server = |sink: &mut Sink<'_>| server::emit(&api, &lowered, policy, whole, sink);
            let command = printed(source, |sink| command::emit(&api, policy, sink))?;
            Ok((types, checks, printed(source, server)?, command))
        });
        (client.finish(), others.finish())
    });
    let (types, checks, server, command) = values_and_server?;
    Ok(Generated {
        types,
        checks,
        client: client?,
        server,
        command,
        warnings,
        type_count: api.types.len(),
        title: api.title,
    })
}

/// Work on a thread of its own, with room for deeply nested contracts.
pub struct Aside<'scope, T> {
    part: &'static str,
    thread: io::Result<thread::ScopedJoinHandle<'scope, Result<T, EmitError>>>,
}

/// Starts work on a thread of its own; `part` names it in errors.
pub fn aside<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    part: &'static str,
    work: impl FnOnce() -> Result<T, EmitError> + Send + 'scope,
) -> Aside<'scope, T> {
    const STACK: usize = 16 << 20;
    let thread = thread::Builder::new().stack_size(STACK);
    Aside {
        part,
        thread: thread.spawn_scoped(scope, work),
    }
}

impl<T> Aside<'_, T> {
    /// Waits for the result. A panic becomes an error: the last net below every check, since
    /// progenitor and syn panic on what they do not know.
    pub fn finish(self) -> Result<T, GenerateError> {
        let part = self.part;
        let gave_up = |reason: String| GenerateError::GaveUp { part, reason };
        let thread = self.thread.map_err(|error| gave_up(error.to_string()))?;
        match thread.join() {
            Ok(result) => Ok(result?),
            Err(panic) => Err(gave_up(words(panic.as_ref()))),
        }
    }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it gave no reason").to_owned()
}

impl Generated {
    /// All files of the OffBlocks contract with the paths they have in this workspace, each below
    /// one of [`OWNED`].
    ///
    /// # Errors
    ///
    /// [`FileSetError`] when two files want one path.
    pub fn in_workspace(self) -> Result<FileSet, FileSetError> {
        OFFBLOCKS.files(self)
    }
}

/// How the headers of generated files name a contract: relative to the workspace at `root` where
/// it is inside or one folder beside, else by its file name alone, so that no machine's folders
/// are written down. Both paths are absolute.
#[must_use]
pub fn header_path(root: &Path, contract: &Path) -> String {
    let (root, contract) = (plain(root), plain(contract));
    let spelt = |path: &Path| {
        let names = path.iter().map(|name| name.to_string_lossy());
        names.collect::<Vec<_>>().join("/")
    };
    if let Ok(inside) = contract.strip_prefix(&root) {
        return spelt(inside);
    }
    match root
        .parent()
        .and_then(|parent| contract.strip_prefix(parent).ok())
    {
        Some(beside) => format!("../{}", spelt(beside)),
        None => spelt(contract.file_name().map_or(&contract, Path::new)),
    }
}

/// The path without `.` and `..`, by its words alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// A generated file without comments, documentation, the texts that a command line shows and empty
/// lines: what the compiler makes of it, whatever words the contract uses.
#[must_use]
pub fn without_docs(text: &str) -> String {
    let code = |line: &&str| {
        let line = line.trim_start();
        !(line.is_empty() || line.starts_with("//") || is_header(line) || is_help(line))
    };
    text.split_inclusive('\n').filter(code).collect()
}

/// A generated file without the lines that name the contract's hash and so change with every word
/// of it.
#[must_use]
pub fn without_header(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !is_header(line)).collect()
}

/// A text that a command line shows. The printer puts it on a line of its own.
fn is_help(line: &str) -> bool {
    ["about: \"", "long_about: \""]
        .iter()
        .any(|start| line.starts_with(start))
}

/// A comment in Rust, a `$comment` in JSON, or the constant by which a client finds drift.
fn is_header(line: &str) -> bool {
    const STARTS: [&str; 3] = [
        "// @generated",
        "\"$comment\": \"@generated",
        "pub const CONTRACT: &str = ",
    ];
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_says_which_part_gave_up() {
        let error = thread::scope(|scope| {
            let aside = aside(scope, "client", || -> Result<(), EmitError> {
                panic!("no arm for {}", "this")
            });
            aside.finish().expect_err("it panicked")
        });
        let text = error.to_string();
        assert!(text.starts_with("the client cannot be generated"), "{text}");
        assert!(text.contains("no arm for this"), "{text}");
    }

    #[test]
    fn comments_and_empty_lines_are_no_code() {
        let text =
            "// @generated\n\n/// Words.\nfn a() {\n    // More words.\n    b(); // kept\n}\n";
        assert_eq!(without_docs(text), "fn a() {\n    b(); // kept\n}\n");
    }

    #[test]
    fn texts_of_a_command_line_are_no_code() {
        let text = "A {\n    about: \"Words.\",\n    long_about: \"More.\",\n    about: &x,\n}\n";
        assert_eq!(without_docs(text), "A {\n    about: &x,\n}\n");
    }

    #[test]
    fn a_header_names_no_folder_of_the_machine() {
        let table = [
            ("/w/main/openapi/offblocks.yaml", "openapi/offblocks.yaml"),
            ("/w/main/./a/../b.yaml", "b.yaml"),
            ("/w/main/../shared/api.yaml", "../shared/api.yaml"),
            ("/w/api.yaml", "../api.yaml"),
            ("/home/someone/api.yaml", "api.yaml"),
        ];
        for (contract, name) in table {
            assert_eq!(header_path(Path::new("/w/main"), Path::new(contract)), name);
        }
    }

    #[test]
    fn only_a_header_is_dropped() {
        assert_eq!(
            without_header("// @generated by x\nfn a() {}\n"),
            "fn a() {}\n"
        );
        assert_eq!(without_header("fn a() {}\n"), "fn a() {}\n");
        let constant = "// @generated by x\n//! X.\npub const CONTRACT: &str = \"00\";\n";
        assert_eq!(without_header(constant), "//! X.\n");
        let json = "{\n  \"$comment\": \"@generated by x\",\n  \"a\": 1\n}\n";
        assert_eq!(without_header(json), "{\n  \"a\": 1\n}\n");
    }
}
