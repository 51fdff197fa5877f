//! Profiles whose secrets are in the keyring of the operating system.
//!
//! With the feature `keyring` they run against GNOME Keyring, on a bus of their own, where it is installed
//! (Debian: `gnome-keyring` and `dbus-daemon`).

use crate::offblocks::{Said, command, finish};

const SECRET: &str = "d46699a4467072a68221794ae0cc7ba6bf09505b";
const API_KEY: &str = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15";

fn profiles(command: &mut std::process::Command, folder: &tempfile::TempDir) -> Said {
    command.env(
        "OFFBLOCKS_PROFILE_FILE",
        folder.path().join("profiles.toml"),
    );
    finish(command.output().unwrap())
}

#[test]
fn where_there_is_no_keyring_nothing_is_stored_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "configure",
        "--environment",
        "sandbox",
        "--api-key",
        API_KEY,
        "--keyring",
    ];
    let mut configure = command(&words);
    configure.env("OFFBLOCKS_API_SECRET", SECRET);
    // No bus of the session can be found.
    configure.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    let said = profiles(&mut configure, &folder);
    let (code, expected) = match cfg!(feature = "keyring") {
        true if cfg!(not(all(unix, not(target_os = "macos")))) => return,
        true => (1, "keyring cannot be used"),
        false => (2, "--features keyring"),
    };
    assert_eq!(said.code, Some(code), "{}", said.err);
    for part in [expected, "nothing is stored", "--api-secret-file"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    assert!(!said.err.contains(SECRET), "{}", said.err);
    assert!(!folder.path().join("profiles.toml").exists());
}

#[test]
fn a_profile_that_names_a_keyring_says_why_it_cannot_be_used() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profiles.toml");
    let text = format!(
        "[default]\nenvironment = \"http://127.0.0.1:9/v1\"\napi_key = \"{API_KEY}\"\n\
         api_secret_keyring = \"default/api_secret\"\n"
    );
    crate::golden::write(&file, &text);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut check = command(&["auth", "check", "--profile", "default"]);
    check.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    let said = profiles(&mut check, &folder);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(
        said.err.contains("`api_secret_keyring` cannot be used"),
        "{}",
        said.err
    );
}

/// What a person does with it, in a session with a keyring. Each step prints what it does, so that a
/// failure shows where it is.
#[cfg(all(feature = "keyring", target_os = "linux"))]
const SESSION: &str = r#"set -eu
printf 'unlocked' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
o() { printf '$ offblocks %s\n' "$*"; timeout 60 "$OFFBLOCKS" "$@"; }
fails() { if o "$@"; then echo "it should fail"; exit 1; fi; }
key=2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c
o keys new first.pem >/dev/null
o configure --profile k --keyring --environment "$URL" --api-key "$API_KEY" \
  --api-secret-file secret --signing-key first.pem --key-id $key
rm secret first.pem
o keys register --profile k
o auth check --profile k
o configure list
o keys rotate second.pem --profile k
rm second.pem
o auth check --profile k
grep -q keyring profiles.toml
o keys new third.pem >/dev/null
# A file takes the place of the entry, which is removed.
o configure --profile k --signing-key third.pem --key-id $key
o keys register --profile k
o auth check --profile k
o configure remove k
printf '[k]\nenvironment = "%s"\napi_key = "%s"\napi_secret_keyring = "k/api_secret"\n' \
  "$URL" "$API_KEY" >profiles.toml
fails auth check --profile k
printf '[k]\nenvironment = "%s"\nsigning_key_id = "%s"\nsigning_key_keyring = "k/signing_key"\n' \
  "$URL" $key >profiles.toml
fails auth check --profile k
echo "all is done"
"#;

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[test]
fn secrets_live_in_a_keyring_from_configure_to_remove() {
    use std::process::{Command, Stdio};

    let found = |program: &str| {
        let mut command = Command::new(program);
        command
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().is_ok()
    };
    if !found("dbus-run-session") || !found("gnome-keyring-daemon") {
        println!("skipped: install gnome-keyring and dbus-daemon");
        return;
    }
    let sandbox = crate::offblocks::Sandbox::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    crate::golden::write(folder.path().join("secret"), SECRET);
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "sh", "-c", SESSION])
        .current_dir(folder.path());
    session.stdin(Stdio::null());
    for variable in crate::offblocks::VARIABLES {
        session.env_remove(variable);
    }
    session
        .env("HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path());
    session.env("XDG_RUNTIME_DIR", folder.path());
    session.env("OFFBLOCKS", env!("CARGO_BIN_EXE_offblocks"));
    session.env(
        "OFFBLOCKS_PROFILE_FILE",
        folder.path().join("profiles.toml"),
    );
    session
        .env("URL", &sandbox.base_url)
        .env("API_KEY", API_KEY);
    let said = finish(session.output().unwrap());
    let all = format!("{}{}", said.out, said.err);
    assert_eq!(said.code, Some(0), "{all}");
    for expected in [
        "all is done",
        "api_secret_keyring   k/api_secret",
        "signing_key_keyring  k/signing_key",
        "signature     accepted",
        "the keyring has no entry `k/api_secret`",
        "the keyring has no entry `k/signing_key`",
    ] {
        assert!(all.contains(expected), "{expected} in {all}");
    }
    for secret in [SECRET, "PRIVATE KEY"] {
        assert!(!all.contains(secret), "{all}");
    }
}
