//! Contracts of this project's own making, in the style of public APIs (payments, clouds, chats, models) and
//! with the faults that real documents have, become code. That the code compiles is tested by
//! `standalone`.

use codegen::generate::generate;
use codegen::policy::Policy;
use std::path::Path;

#[test]
fn contracts_like_those_of_public_apis_become_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invented");
    let mut rejected = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let made = contract::read_file(&path)
            .map_err(|found| found.to_string())
            .and_then(|document| {
                let made = generate(&document, &Policy::default());
                made.map(drop).map_err(|error| error.to_string())
            });
        if let Err(error) = made {
            rejected.push_str(&format!("{}: {error}\n", path.display()));
        }
        count += 1;
    }
    assert!(count >= 30, "{count} contracts");
    assert!(rejected.is_empty(), "{rejected}");
}
