//! What can go wrong while printing.

/// A reason why no code could be printed. Each of them reports a fault of the generator or of a
/// name the policy chose, since a contract's own faults are diagnosed before anything is emitted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// The tokens of a file are not Rust.
    #[error("the code made for `{file}` is not Rust: {source}; this is a fault of the generator")]
    Syntax {
        /// The file, relative to the generated folder.
        file: String,
        /// What the parser says.
        source: syn::Error,
    },
    /// A name is not a Rust identifier.
    #[error(
        "`{name}` (for {place}) is not a Rust identifier; give it another name in the policy's `names`"
    )]
    Name {
        /// The name.
        name: String,
        /// What it names.
        place: String,
    },
    /// A path of the policy is not a Rust path.
    #[error("`{path}` (the type of `{schema}`) is not a Rust path; fix it in the policy's `types`")]
    Path {
        /// The path.
        path: String,
        /// The schema it stands for.
        schema: String,
    },
    /// A reference names a type that the model does not have.
    #[error("`{name}` is used but no type has that name; this is a fault of the generator")]
    UnknownType {
        /// The type's Rust name.
        name: String,
    },
    /// Two files would have the same path.
    #[error("two generated files want the path `{path}`; rename a tag in the policy's `names`")]
    DuplicateFile {
        /// The path, relative to the generated folder.
        path: String,
    },
    /// Another generator failed.
    #[error("{tool} rejects the lowered contract: {reason}")]
    Tool {
        /// Which one.
        tool: &'static str,
        /// What it says.
        reason: String,
    },
}
