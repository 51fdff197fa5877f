//! What distinguishes an entry from every other one.

use sha2::{Digest as _, Sha256};

/// Sixteen hexadecimal digits from a rule and what identifies the cause. The parts are pointers and
/// names, never the words of a message, so that an entry keeps its fingerprint when its wording
/// changes.
#[must_use]
pub fn fingerprint(rule: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [&[rule], parts].concat() {
        hash.update(part);
        // Without a separator, `a` + `bc` and `ab` + `c` would be the same.
        hash.update([0]);
    }
    let bytes = hash.finalize();
    let digits = bytes.iter().take(8).map(|byte| format!("{byte:02x}"));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn parts_are_kept_apart() {
        let one = fingerprint("rule", &["a", "bc"]);
        assert_eq!(one.len(), 16);
        assert_eq!(one, fingerprint("rule", &["a", "bc"]));
        for other in [&["ab", "c"][..], &["abc"], &["bc", "a"], &[]] {
            assert_ne!(one, fingerprint("rule", other), "{other:?}");
        }
    }
}
