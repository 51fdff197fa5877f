//! `offblocks keys` and `offblocks completions`.

use std::process::Command;

use offblocks_signature::{KeyId, Message, Verifier, VerifyingKey};

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

#[test]
fn the_header_lines_of_a_signature_verify() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let file = path.to_str().unwrap();
    let key = VerifyingKey::from_base64_pem(run(&["keys", "generate", file]).out.trim()).unwrap();
    let id = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
    let (url, body) = ("http://127.0.0.1:8080/v1/customers", r#"{"a": 1}"#);
    let given = ["--signing-key", file, "--key-id", id, "--body", body];
    let said = run(&[&["keys", "sign", "POST", url], &given[..]].concat());
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let mut request = http::Request::post(url);
    for line in said.out.lines() {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let keys = |known: &KeyId| (known.as_str() == id).then(|| key.clone());
    let message = Message::from_parts(&parts);
    let verifier = Verifier::builder().build();
    verifier
        .verify(&message, body.as_bytes(), now, keys)
        .unwrap();
    assert!(
        verifier.verify(&message, b"{}", now, keys).is_err(),
        "the body is covered"
    );
}

#[test]
fn a_method_is_signed_in_capitals_and_the_help_shows_a_post() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let file = path.to_str().unwrap();
    let key = VerifyingKey::from_base64_pem(run(&["keys", "generate", file]).out.trim()).unwrap();
    let (url, id) = (
        "http://127.0.0.1:8080/v1/cards",
        "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c",
    );
    let said = run(&[
        "keys",
        "sign",
        "get",
        url,
        "--signing-key",
        file,
        "--key-id",
        id,
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let mut request = http::Request::get(url);
    for line in said.out.lines() {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
    let verifier = Verifier::builder().build();
    verifier
        .verify(&Message::from_parts(&parts), b"", now, |_| {
            Some(key.clone())
        })
        .unwrap();
    let help = run(&["keys", "sign", "--help"]).out;
    for part in ["Idempotency-Key", "content-digest", "Content-Type", "POST"] {
        assert!(help.contains(part), "{part} is not in {help}");
    }
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

/// A pipe that is closed before anything is written to it, as `head` may do.
#[test]
fn a_reader_that_closes_the_output_ends_the_command_without_a_message() {
    for arguments in [&["completions", "fish"][..], &["keys", "show", "key.pem"]] {
        let folder = tempfile::tempdir().unwrap();
        run(&[
            "keys",
            "new",
            folder.path().join("key.pem").to_str().unwrap(),
        ]);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_offblocks"))
            .args(arguments)
            .current_dir(folder.path())
            .stdout(writer)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), &*said),
            (Some(141), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn completions_are_printed() {
    let said = run(&["completions", "bash"]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("quickstart"));
    assert!(
        !said.out.contains("cargo-package"),
        "what only the environment sets is not an option"
    );
}
