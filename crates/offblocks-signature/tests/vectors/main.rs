//! Requests signed elsewhere, replayed against the verifier: the project's own vectors, and those
//! of the shared collection where it is present.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod make;
mod vector;

use offblocks_signature::{KeyId, Verifier, VerifyError, VerifyingKey};
use vector::{Vector, read_vectors};

#[test]
fn the_projects_own_vectors() {
    let vectors = read_vectors("tests/vectors/own.jsonl").expect("the vectors are committed");
    assert!(
        vectors.len() >= 30,
        "own.jsonl holds only {}",
        vectors.len()
    );
    replay(&vectors);
}

#[test]
fn the_shared_vectors() {
    let Some(vectors) = read_vectors("../../../shared/offblocks/vectors/p384.jsonl") else {
        println!("skipped: ../shared/offblocks/vectors/p384.jsonl is not there");
        return;
    };
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
