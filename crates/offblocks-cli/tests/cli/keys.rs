//! `offblocks keys` and `offblocks completions`.

use offblocks_signature::VerifyingKey;

use crate::offblocks::run;

#[test]
fn a_key_is_made_once_and_shown_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let file = path.to_str().unwrap();
    let made = run(&["keys", "generate", file]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    VerifyingKey::from_base64_pem(made.out.trim()).unwrap();
    assert_eq!(run(&["keys", "show", file]).out, made.out);

    let before = std::fs::read_to_string(&path).unwrap();
    assert!(
        !made.out.contains(before.lines().nth(1).unwrap()),
        "the private half stays private"
    );
    let again = run(&["keys", "generate", file]);
    assert_eq!(again.code, Some(1), "an existing key is never overwritten");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_a_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    run(&["keys", "generate", path.to_str().unwrap()]);
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn completions_are_printed() {
    let said = run(&["completions", "bash"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("quickstart"));
    assert!(
        !said.out.contains("cargo-package"),
        "what only the environment says is no option"
    );
}
