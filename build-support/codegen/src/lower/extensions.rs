//! The extension keys by which passes hand on what OpenAPI 3.0 has no place for. The model reads
//! them; to a reader of OpenAPI 3.0 they are extensions.

/// On a schema or parameter: every example the contract gives, as a list.
pub const EXAMPLES: &str = "x-codegen-examples";
/// On a merged object: the component schemas whose every property it took over.
pub const PARENTS: &str = "x-codegen-parents";
/// On a merged object: every component schema its `allOf` refers to.
pub const COMPOSED_OF: &str = "x-codegen-composed-of";
/// On a schema: its type was not said but follows from its other keywords.
pub const IMPLIED_TYPE: &str = "x-codegen-implied-type";
/// At the root: the path items of `webhooks` and `callbacks`.
pub const RECEIVERS: &str = "x-codegen-receivers";
/// On a response: an object of its headers, and how the text of each is read.
pub const HEADERS: &str = "x-codegen-headers";

/// On an object that forbids other properties than it names: the patterns that allow further names.
pub const PATTERNS: &str = "x-codegen-patterns";
/// On a schema: what it says beyond OpenAPI 3.0, as a list of schemas that a server checks besides.
pub const CHECKED: &str = "x-codegen-checked";
/// On a schema: `unevaluatedProperties: false`, which looks at what stands beside it, for servers to check.
pub const CLOSED: &str = "x-codegen-closed";
/// On a schema: no other properties than the listed ones are of interest.
pub const LISTED: &str = "x-codegen-listed";
/// On a parameter: its value travels as JSON, because the contract describes it by `content`.
pub const JSON_TEXT: &str = "x-codegen-json-text";
/// On a parameter: an empty text counts as absence.
pub const MAY_BE_EMPTY: &str = "x-codegen-may-be-empty";
/// On an operation of a receiver: the runtime expression or key it is described under.
pub const RECEIVER_PATH: &str = "x-codegen-receiver-path";
/// On an operation of a receiver: the JSON pointer to it in the contract as it was written.
pub const RECEIVER_POINTER: &str = "x-codegen-receiver-pointer";
/// On an operation: the headers the policy takes from callers.
pub const TRANSPORT: &str = "x-codegen-transport";
/// On a security scheme that OpenAPI 3.0 does not know: its type.
pub const SECURITY_TYPE: &str = "x-codegen-security-type";
