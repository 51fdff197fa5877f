//! Colour, secrets in logs, and bodies from the standard input.

use std::io::Write as _;
use std::process::{Command, Stdio};

use offblocks_sandbox::DEFAULT_API_SECRET;
use serde_json::Value;

use super::session::Session;
use crate::offblocks::finish;

#[test]
fn no_log_level_shows_a_secret() {
    let session = Session::new();
    let token = "auth get-token --body-api-key APIKEY --body-api-secret-file SECRETFILE";
    for line in [token, "cards list", "webhooks get-verification-key"] {
        for verbosity in ["-v", "-vv"] {
            let said = session.try_run(&format!("{line} {verbosity}"));
            assert_eq!(said.code, Some(0), "{line}: {}", said.err);
            let all = said.out + &said.err;
            for secret in [DEFAULT_API_SECRET, "eyJ", "PRIVATE KEY"] {
                assert!(
                    !all.contains(secret),
                    "{line} {verbosity} shows {secret}:\n{all}"
                );
            }
        }
    }
    session.stop();
}

#[test]
fn a_body_can_be_piped_in() {
    let session = Session::new();
    let owner = offblocks_sandbox::testing::LocalWallet::numbered(5).owner();
    let mut command = session.command("customers create --body - --json");
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let body = format!(r#"{{"chainId": "{owner}", "externalId": "piped"}}"#);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(body.as_bytes())
        .unwrap();
    let said = finish(child.wait_with_output().unwrap());
    assert_eq!(said.code, Some(0), "{}", said.err);
    let created: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(created["externalId"], "piped");
    session.stop();
}

/// The program `script` gives the command a terminal.
#[test]
fn a_terminal_has_colour_unless_it_is_not_wanted() {
    let session = Session::new();
    let on_a_terminal = |more: &[(&str, &str)], option: &str| {
        let mut script = Command::new("script");
        let line = format!("{} {option}", env!("CARGO_BIN_EXE_offblocks"));
        script
            .args(["-qec", &line, "/dev/null"])
            .stdin(Stdio::null());
        script.env_remove("NO_COLOR").envs(session.variables());
        script.envs(more.iter().copied());
        script
            .output()
            .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let Ok(coloured) = on_a_terminal(&[], "chains list") else {
        println!("skipped: the program `script` is not installed");
        session.stop();
        return;
    };
    assert!(coloured.contains("\u{1b}[1mid"), "{coloured}");
    for plain in [
        on_a_terminal(&[("NO_COLOR", "1")], "chains list"),
        on_a_terminal(&[], "chains list --no-colour"),
    ] {
        let plain = plain.unwrap();
        assert!(plain.contains("eip155:324"), "{plain}");
        assert!(!plain.contains('\u{1b}'), "{plain}");
    }
    let wrong = on_a_terminal(&[], "chains lisp").unwrap();
    assert!(wrong.contains('\u{1b}'), "{wrong}");
    let wrong = on_a_terminal(&[], "chains lisp --no-colour").unwrap();
    assert!(
        !wrong.contains('\u{1b}') && wrong.contains("lisp"),
        "{wrong}"
    );
    session.stop();
}
