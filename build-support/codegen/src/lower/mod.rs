//! Lowers a contract to the few forms the model reads: a valid OpenAPI 3.0 document in which every
//! schema worth a type has a name and everything else stands where it is used. openapiv3 is asked
//! once, at the end, and only to prove that the document is valid; nothing else of it is used.
//!
//! The work is a list of small passes, [`PASSES`], run in order. Each changes one thing, keeps the
//! places of what it moves, and reports what it cannot lower with its place. Passes never stop
//! half-way: all of them run, so that one run shows every finding.

pub mod extensions;
pub mod shape;
pub mod walk;

mod checked;
mod context;
mod merge;
mod names;
mod narrow;
mod passes;
mod policy_fit;
mod strict;
pub(crate) mod vocabulary;

pub use context::Context;
pub use passes::media_types::{is_json, is_multipart, is_stream, rank};
pub use passes::tolerated::replaces_any;

use crate::policy::Policy;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Document, Node};

/// A lowered contract.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The contract as a tree with places; see [`extensions`] for what it carries beyond 3.0.
    pub node: Node,
    /// What the generated code will not enforce, each with its place.
    pub warnings: Diagnostics,
}

/// One step of lowering.
#[derive(Debug, Clone, Copy)]
pub struct Pass {
    /// Its name, that of its file.
    pub name: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// The step.
    pub run: fn(&mut Node, &mut Context<'_>),
}

macro_rules! passes {
    ($($name:ident: $doc:literal,)*) => {
        &[$(Pass { name: stringify!($name), doc: $doc, run: passes::$name::run }),*]
    };
}

/// Every pass, in the order they run.
pub const PASSES: &[Pass] = passes! {
    tolerated: "replaces values that reading accepted with a warning, and adds fields that 3.0 requires",
    component_names: "gives schemas names that a reference can spell",
    version: "says 3.0, and takes out what only 3.1 has at the root",
    inner_targets: "lifts schemas that references find where later passes take them away",
    parameter_content: "writes what a parameter says by `content` as a schema",
    shared_schemas: "names the inline schemas of shared parameters, bodies and responses",
    components: "puts parameters, bodies, responses and headers where they are used",
    bodiless: "takes out the bodies of responses that HTTP has without one",
    receivers: "moves webhooks and callbacks to where the model finds them",
    path_parameters: "gives operations the parameters of their path",
    path_names: "makes the parameters of an operation those of its path, and of its query",
    not_generated: "takes out, with a warning, what is understood and not generated",
    own_references: "writes dynamic and recursive references to the only target there is as `$ref`",
    inherited: "joins what several parts of an allOf say of one property",
    definitions: "lifts `$defs` and schemas referred to inside others to components",
    server_checks: "keeps what OpenAPI 3.0 has no words for, for servers to check",
    keywords: "rejects, or reports and removes, what has no lowering",
    patterns: "takes out patterns that are not regular expressions",
    prefix_items: "turns tuples into lists",
    pattern_properties: "turns patternProperties into additionalProperties",
    boolean_schemas: "writes `true` and `false` as schemas",
    constants: "writes `const` as an enum of one",
    unlisted_null: "takes null out of the types where `enum` does not list it",
    nullable: "turns null among the types into `nullable`, several types into `anyOf`",
    exclusive_bounds: "writes numeric exclusive bounds as bound and flag",
    content_encoding: "writes contentEncoding and contentMediaType as formats",
    enum_values: "counts each value of an enum once, and reports those that are not strings",
    media_types: "leaves each body the media types that are generated, with schemas",
    examples: "keeps one example in place and all of them in an extension",
    infer_type: "says the type where other keywords leave no doubt",
    ref_siblings: "keeps what stands beside a `$ref`",
    idle_members: "moves what allOf members merely say outwards",
    unions: "simplifies oneOf and anyOf",
    operation_ids: "gives each operation an operationId of its own",
    tags: "gives operations without a tag one",
    response_headers: "collects the headers of a response into one object",
    inline_schemas: "names the schemas that have none",
    all_of: "merges allOf",
    declared_properties: "declares properties that are required but not described",
    parameters: "checks how parameters travel",
    transport: "takes transport headers out of parameters",
    discriminators: "completes the mapping of discriminators",
    weakened_choices: "writes oneOf as anyOf where what tells alternatives apart is not enforced",
    body_required: "marks bodies as required where the contract does not say so",
};

/// Lowers a contract under a policy.
///
/// # Errors
/// Everything that cannot be lowered, and every policy entry that matches nothing, each with its
/// place.
pub fn lower(document: &Document, policy: &Policy) -> Result<Lowered, Diagnostics> {
    let (node, mut found, unfit) = pass(document, policy);
    found.items.extend(unfit);
    finish(node, found)
}

/// Lowers a contract under the policy of another version of it: the policy entries that match
/// nothing are given back instead of being errors, because such an entry changes nothing.
///
/// # Errors
/// As [`lower`], apart from such entries.
pub fn lower_apart(
    document: &Document,
    policy: &Policy,
) -> Result<(Lowered, Vec<Diagnostic>), Diagnostics> {
    let (node, found, unfit) = pass(document, policy);
    Ok((finish(node, found)?, unfit))
}

/// The tree after every pass, what they found, and what the policy's own check found.
fn pass(document: &Document, policy: &Policy) -> (Node, Diagnostics, Vec<Diagnostic>) {
    let mut context = Context {
        policy,
        version: document.version,
        said: &document.warnings.items,
        found: Diagnostics::new(document.sources.clone()),
    };
    let mut node = document.root.clone();
    for pass in PASSES {
        (pass.run)(&mut node, &mut context);
    }
    let file = policy.text.add_to(&mut context.found.sources);
    let unfit = policy_fit::unfit(policy, &node, file);
    (node, context.found, unfit)
}

fn finish(node: Node, found: Diagnostics) -> Result<Lowered, Diagnostics> {
    let warnings = found.into_result()?;
    strict::check(&node, &warnings.sources)?;
    Ok(Lowered { node, warnings })
}
