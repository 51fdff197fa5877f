//! Recorded signed requests, replayed against the verifier. `own.jsonl` is made by `make.rs`;
//! `pypi.jsonl` and `npm.jsonl` are made by the scripts in `libraries`, with libraries that share no
//! code with this crate. The published collection is replayed where it is beside the checkout.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod make;
mod vector;

use offblocks_signature::{KeyId, Verifier, VerifyError, VerifyingKey};
use vector::{Vector, read_vectors};

/// The kinds of rejected requests that every set of vectors for this API should have.
const REJECTED_KINDS: [&str; 10] = [
    "another method",
    "another path",
    "another authority",
    "another body under the same digest",
    "another body and its digest",
    "a changed parameter",
    "parameters in another order",
    "DER",
    "one bit of the signature",
    "labels differ",
];

#[test]
fn vectors_that_this_crate_made() {
    let vectors = read_vectors("tests/vectors/own.jsonl");
    assert!(
        vectors.len() >= 30,
        "own.jsonl holds only {}",
        vectors.len()
    );
    replay(&vectors);
}

#[test]
fn vectors_of_the_python_library() {
    let vectors = read_vectors("tests/vectors/pypi.jsonl");
    for kind in REJECTED_KINDS {
        let name = format!("rejected: {kind}");
        assert!(
            vectors.iter().any(|vector| vector.name == name),
            "pypi.jsonl has no {name:?}; run tests/vectors/libraries/pypi.py"
        );
    }
    replay(&vectors);
}

#[test]
fn vectors_of_the_npm_library() {
    let vectors = read_vectors("tests/vectors/npm.jsonl");
    assert_eq!(
        vectors.len(),
        11,
        "run tests/vectors/libraries/npm.mjs again"
    );
    replay(&vectors);
}

#[test]
#[ignore = "needs the published contract"]
fn the_published_vectors() {
    let vectors = read_vectors("../../../shared/offblocks/vectors/p384.jsonl");
    assert_eq!(vectors.len(), 31);
    replay(&vectors);
}

fn replay(vectors: &[Vector]) {
    for vector in vectors {
        let result = verify(vector);
        assert_eq!(result.is_ok(), vector.expect, "{}: {result:?}", vector.name);
        if let (Err(error), Some(reason)) = (&result, &vector.reason) {
            let error = format!("{error:?}");
            assert!(
                error.starts_with(reason),
                "{}: {error}, not {reason}",
                vector.name
            );
        }
    }
}

fn verify(vector: &Vector) -> Result<(), VerifyError> {
    let key = VerifyingKey::from_spki_pem(&vector.public_key_pem).unwrap();
    let request = vector.request();
    let verifier = Verifier::builder()
        .scheme(vector.scheme())
        .any_age()
        .build();
    let keys = |id: &KeyId| (id.as_str() == vector.key_id).then(|| key.clone());
    verifier
        .verify(
            &request.message(),
            vector.body.as_bytes(),
            1_795_340_900,
            keys,
        )
        .map(|verified| assert_eq!(verified.key_id.as_str(), vector.key_id))
}
