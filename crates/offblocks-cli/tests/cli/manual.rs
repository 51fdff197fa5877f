//! `offblocks completions` and `offblocks man`.

use std::process::Command;

use crate::golden;
use crate::offblocks::run;

#[test]
fn each_shell_gets_a_script_with_every_operation() {
    for (shell, mark) in [
        ("bash", "complete -F _offblocks"),
        ("zsh", "#compdef offblocks"),
        ("fish", "complete -c offblocks"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let said = run(&["completions", shell]);
        assert_eq!(said.code, Some(0), "{shell}: {}", said.err);
        assert!(said.out.contains(mark), "{shell}");
        for word in [
            "list-transactions",
            "get-verification-key",
            "listen",
            "billing-address-city",
        ] {
            assert!(said.out.contains(word), "{shell} does not complete {word}");
        }
    }
}

/// The shells that are installed read their script without an error.
#[test]
fn the_scripts_are_valid() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let file = folder.path().join(shell);
        golden::write(&file, &run(&["completions", shell]).out);
        match Command::new(shell).arg(check).arg(&file).output() {
            Ok(output) => assert!(
                output.status.success(),
                "{shell}: {}",
                String::from_utf8_lossy(&output.stderr)
            ),
            Err(_) => println!("skipped: {shell} is not installed"),
        }
    }
}

#[test]
fn bash_completes_an_operation() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("offblocks");
    golden::write(&file, &run(&["completions", "bash"]).out);
    let line = format!(
        "source {}; COMP_WORDS=(offblocks cards list-); COMP_CWORD=2; COMP_LINE='offblocks cards list-'; \
         _offblocks offblocks list- cards; echo \"${{COMPREPLY[@]}}\"",
        file.display()
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("list-transactions"), "{said}");
}

#[test]
fn each_command_has_a_man_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let said = run(&["man", pages.to_str().unwrap()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let read = |name: &str| std::fs::read_to_string(pages.join(name)).unwrap();
    assert!(read("offblocks.1").contains("offblocks\\-cards"));
    let page = read("offblocks-accounts-create-card.1");
    for part in [".TH", "ACCOUNT_ID", "billing\\-address\\-city", "Examples"] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
    let count = std::fs::read_dir(&pages).unwrap().count();
    assert!(count > 60, "{count} pages");
}
