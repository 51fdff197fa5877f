//! Settings of `offblocks sandbox` that it cannot work with.

use crate::offblocks::run;

/// What an option may not say, the file may not say either.
#[test]
fn a_file_is_held_to_the_rules_of_the_options() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.toml");
    let path = file.to_str().unwrap();
    for (setting, in_file, option) in [
        ("follow-up-delay", "99999999999999999", "99999999999999999"),
        ("currency", "\"eur\"", "eur"),
        ("currency", "\"XXXX\"", "XXXX"),
        ("currency", "\"\"", ""),
        ("max-connections", "0", "0"),
    ] {
        #[expect(clippy::disallowed_methods, reason = "a test makes its input")]
        std::fs::write(&file, format!("{setting} = {in_file}\n")).unwrap();
        let said = run(&["sandbox", "--listen", "127.0.0.1:0", "--config", path]);
        assert_eq!(said.code, Some(1), "{setting}: {}", said.err);
        assert!(said.err.contains(&format!("`{setting}`")), "{}", said.err);
        let said = run(&["sandbox", &format!("--{setting}={option}")]);
        assert_eq!(said.code, Some(2), "{setting}: {}", said.err);
    }
}
