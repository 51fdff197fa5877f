//! What the help says.

use crate::place::Place;

#[test]
fn help_shows_tasks_options_examples_and_exit_codes() {
    let place = Place::new();
    insta::assert_snapshot!("help", place.xtask(&["--help"]).exits(0).out);
    insta::assert_snapshot!(
        "help_regenerate",
        place.xtask(&["regenerate", "--help"]).exits(0).out
    );
    insta::assert_snapshot!(
        "help_vendor",
        place.xtask(&["vendor", "--help"]).exits(0).out
    );
}

#[test]
fn wrong_words_exit_with_2() {
    let place = Place::new();
    for args in [
        &["regenerate", "--check", "--dry-run"][..],
        &["regenerate", "--ignore-docs"],
        &["regenerate", "--standalone", "x"],
        &["regenerate", "--spec", "x.yaml", "--name", "x"],
        &["vendor", "ftp://x.example/api.yaml"],
        &["vendor", "git:main"],
        &["vendor", "api.yaml", "--date", "yesterday"],
        &["no-such-task"],
        &[],
    ] {
        let said = place.xtask(args).exits(2);
        assert!(!said.err.is_empty(), "{args:?}");
    }
}

#[test]
fn every_shell_has_a_completion_script() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = place.xtask(&["completions", shell]).exits(0);
        assert!(said.out.contains("regenerate"), "{shell}");
    }
}
