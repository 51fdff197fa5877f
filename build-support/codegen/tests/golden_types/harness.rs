//! Keeps the types made from a contract as files beside it, and puts values through them.

use codegen::emit::{Extent, Sink, printed, types};
use codegen::policy::Policy;
use codegen::{lower, model};
use files::{FileSet, Mode, apply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;
use std::path::PathBuf;

/// A folder of `tests` with a contract, its policy and the types made from them.
pub struct Golden {
    /// The folder, which is the name of the test too.
    pub folder: &'static str,
    /// `contract.yaml`.
    pub contract: &'static str,
    /// `codegen.toml`.
    pub policy: &'static str,
}

impl Golden {
    /// Panics with the difference where the kept files are not what the contract gives.
    pub fn check(&self) {
        let outcome = self.apply(Mode::Check);
        let stale: Vec<_> = outcome
            .changes
            .iter()
            .map(|change| change.diff.as_str())
            .collect();
        assert!(
            stale.is_empty(),
            "{}\nif that is meant, run `cargo test -p codegen --test {} -- --ignored rewrite`",
            stale.join("\n"),
            self.folder
        );
    }

    /// Writes the files anew.
    pub fn rewrite(&self) {
        self.apply(Mode::Write);
    }

    fn apply(&self, mode: Mode) -> files::Outcome {
        let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests");
        apply(
            &tests.join(self.folder),
            &["generated"],
            &self.emitted(),
            mode,
        )
        .expect("files that can be read and written")
    }

    fn emitted(&self) -> FileSet {
        let policy = Policy::parse("codegen.toml", self.policy).expect("the policy");
        let document = contract::read_str("contract.yaml", self.contract).expect("the contract");
        let lowered = lower::lower(&document, &policy).expect("the lowered contract");
        let api = model::build(&document, &lowered, &policy).expect("the model");
        let emit = |sink: &mut Sink<'_>| types::emit(&api, &policy, Extent::Whole, sink);
        let files = printed(&api.source, emit).expect("the types");
        files.prefixed("generated").expect("a folder of its own")
    }
}

/// Reads the JSON, and demands that what is written is the same JSON.
pub fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|e| panic!("{e}: {json}"));
    assert_eq!(
        serde_json::to_value(&value).expect("a value can be written"),
        *json
    );
    value
}

/// What reading says of JSON that must be rejected.
pub fn rejection<T: DeserializeOwned + Debug>(json: &Value) -> String {
    match serde_json::from_value::<T>(json.clone()) {
        Ok(value) => panic!("{json} was read as {value:?}"),
        Err(error) => error.to_string(),
    }
}
