//! Comparing two contracts: the OffBlocks contract against a changed copy of it, and documents of
//! ten and a hundred times its size, for which the time should grow no faster than they do. Run
//! with `cargo bench -p drift --bench drift`; `cargo xtask bench drift` measures the whole
//! process.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on may stop")]

mod repeated;

use divan::Bencher;
use drift::{Contract, Options, compare, witness};
use repeated::{repeated, vendored};
use std::path::Path;

fn main() {
    divan::main();
}

/// How often the contract is repeated within one document.
const SIZES: [usize; 3] = [1, 10, 100];

#[divan::bench(args = SIZES, sample_count = 20)]
fn read(bencher: Bencher, size: usize) {
    let text = repeated(&vendored(), size).to_string();
    bencher.bench_local(|| Contract::read("base.json", &text).unwrap());
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn same(bencher: Bencher, size: usize) {
    let text = repeated(&vendored(), size).to_string();
    let base = Contract::read("base.json", &text).unwrap();
    let revision = Contract::read("revision.json", &text).unwrap();
    bencher.bench_local(|| compare(&base, &revision, &Options::default()));
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn changed(bencher: Bencher, size: usize) {
    let (base, revision) = pair(size);
    bencher.bench_local(|| compare(&base, &revision, &Options::default()));
}

#[divan::bench(sample_count = 20)]
fn read_yaml(bencher: Bencher) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/offblocks.yaml");
    bencher.bench_local(|| Contract::read_file(&path).unwrap());
}

#[divan::bench(sample_count = 20)]
fn witnesses(bencher: Bencher) {
    let (base, revision) = pair(1);
    let narrowed = |finder: &mut witness::Finder, name: &str| {
        let pointer = format!("/components/schemas/{name}");
        finder.search(
            &pointer,
            &pointer,
            witness::Direction::Response,
            witness::Sought::Widened,
        )
    };
    let names = schema_names();
    bencher.bench_local(|| {
        let mut finder = witness::Finder::new(&base, &revision);
        let found = names.iter().map(|name| narrowed(&mut finder, name));
        found.filter(Option::is_some).count()
    });
}

fn schema_names() -> Vec<String> {
    let contract = vendored();
    let schemas = contract.pointer("/components/schemas").unwrap();
    schemas.as_object().unwrap().keys().cloned().collect()
}

fn pair(size: usize) -> (Contract, Contract) {
    let (base, revision) = repeated::pair(size);
    let read =
        |name, contract: &serde_json::Value| Contract::read(name, &contract.to_string()).unwrap();
    (read("base.json", &base), read("revision.json", &revision))
}
