//! The idempotency key of a row.

use offblocks_types::uuid::{Builder, Uuid};
use sha2::{Digest as _, Sha256};

/// The key under which a row's card is ordered in a round. The same three values always give the same key,
/// so that a run after a crash, or on another machine, repeats the call instead of making a new one.
///
/// It has the form of a version 4 UUID, which the contract requires.
pub(crate) fn idempotency_key(job: Uuid, row: u64, round: u32) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(b"offblocks bulk order\0");
    hash.update(job.as_bytes());
    hash.update(row.to_be_bytes());
    hash.update(round.to_be_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_stable_and_differ_by_job_row_and_round() {
        let job = Uuid::from_u128(7);
        // A new version of this crate must continue the jobs of an older one.
        let known = "e7d94b11-c090-44ed-ab57-d03269f8c9f4";
        let key = idempotency_key(job, 3, 1);
        assert_eq!(
            key.to_string(),
            known,
            "keys of jobs under way must not change"
        );
        let mut keys = BTreeSet::new();
        for job in [7, 8].map(Uuid::from_u128) {
            for row in 0..100 {
                for round in 0..3 {
                    let key = idempotency_key(job, row, round);
                    assert_eq!(key.get_version_num(), 4, "the contract asks for version 4");
                    keys.insert(key);
                }
            }
        }
        assert_eq!(keys.len(), 600);
    }
}
