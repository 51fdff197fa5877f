//! Sets against folders: what is compared, written and removed.

use super::*;
use proptest::prelude::*;
use std::fs;

fn set(files: &[(&str, &str)]) -> FileSet {
    let mut set = FileSet::new();
    for (path, text) in files {
        set.insert(*path, *text).unwrap();
    }
    set
}

/// Puts files on disk as an editor would, without the room under test.
#[expect(
    clippy::disallowed_methods,
    reason = "plays whatever else writes into the folder"
)]
fn put(root: &Path, path: &str, text: &str) {
    let path = disk::join(root, path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn verdicts(outcome: &Outcome) -> Vec<(&str, Verdict)> {
    outcome
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.verdict))
        .collect()
}

#[test]
fn missing_stale_and_extra_files_all_count() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "g/right.rs", "right\n");
    put(root.path(), "g/stale.rs", "old\n");
    put(root.path(), "g/deep/extra.rs", "extra\n");
    put(root.path(), "elsewhere/kept.rs", "kept\n");
    let set = set(&[
        ("g/right.rs", "right\n"),
        ("g/stale.rs", "new\n"),
        ("g/gone/m.rs", "m\n"),
    ]);

    for mode in [Mode::Check, Mode::DryRun] {
        let outcome = apply(root.path(), &["g"], &set, mode).unwrap();
        assert_eq!(
            verdicts(&outcome),
            [
                ("g/deep/extra.rs", Verdict::Extra),
                ("g/gone/m.rs", Verdict::Missing),
                ("g/stale.rs", Verdict::Stale),
            ]
        );
        assert_eq!((outcome.unchanged, outcome.written), (1, false));
        assert!(!root.path().join("g/gone").exists(), "{mode:?} wrote");
    }
    assert!(
        apply(root.path(), &["g"], &set, Mode::Write)
            .unwrap()
            .written
    );
    assert!(
        apply(root.path(), &["g"], &set, Mode::Check)
            .unwrap()
            .is_clean()
    );
    assert!(
        !root.path().join("g/deep").exists(),
        "an empty folder stays behind"
    );
    assert!(root.path().join("elsewhere/kept.rs").exists());
}

#[test]
fn a_file_and_a_folder_change_places() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "g/a", "a file\n");
    put(root.path(), "g/b/c", "in a folder\n");
    let set = set(&[("g/a/x", "1\n"), ("g/b", "2\n")]);
    apply(root.path(), &["g"], &set, Mode::Write).unwrap();
    assert!(
        apply(root.path(), &["g"], &set, Mode::Check)
            .unwrap()
            .is_clean()
    );
}

#[test]
fn a_conflict_marker_is_stale_and_repaired() {
    let root = tempfile::tempdir().unwrap();
    let set = set(&[("g/a.rs", "fn a() {}\n")]);
    put(
        root.path(),
        "g/a.rs",
        "<<<<<<< ours\nfn a() {}\n=======\nfn b() {}\n>>>>>>> theirs\n",
    );
    let outcome = apply(root.path(), &["g"], &set, Mode::Check).unwrap();
    assert_eq!(verdicts(&outcome), [("g/a.rs", Verdict::Stale)]);
    assert!(outcome.changes[0].conflicted);
    apply(root.path(), &["g"], &set, Mode::Write).unwrap();
    assert_eq!(
        fs::read_to_string(root.path().join("g/a.rs")).unwrap(),
        "fn a() {}\n"
    );
}

#[test]
fn a_right_file_is_not_touched() {
    let root = tempfile::tempdir().unwrap();
    let set = set(&[("g/a.rs", "a\n")]);
    apply(root.path(), &["g"], &set, Mode::Write).unwrap();
    let before = fs::metadata(root.path().join("g/a.rs")).unwrap();
    apply(root.path(), &["g"], &set, Mode::Write).unwrap();
    let after = fs::metadata(root.path().join("g/a.rs")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
}

#[test]
fn other_line_endings_are_stale() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "g/a.rs", "a\r\n");
    let outcome = apply(root.path(), &["g"], &set(&[("g/a.rs", "a\n")]), Mode::Check).unwrap();
    assert_eq!(verdicts(&outcome), [("g/a.rs", Verdict::Stale)]);
}

#[test]
fn a_file_outside_the_owned_folders_is_rejected() {
    let root = tempfile::tempdir().unwrap();
    for path in ["other/a.rs", "ga.rs"] {
        let rejected = apply(root.path(), &["g"], &set(&[(path, "a\n")]), Mode::Write);
        assert!(
            matches!(rejected, Err(FilesError::Outside { .. })),
            "{path}: {rejected:?}"
        );
    }
}

#[test]
fn a_single_file_may_be_owned_beside_whatever_else_is_there() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "Cargo.lock", "not ours\n");
    let set = set(&[("Cargo.toml", "ours\n"), ("g/a.rs", "a\n")]);
    let owned = ["Cargo.toml", "g"];
    assert_eq!(
        apply(root.path(), &owned, &set, Mode::Write)
            .unwrap()
            .changes
            .len(),
        2
    );
    assert!(
        apply(root.path(), &owned, &set, Mode::Check)
            .unwrap()
            .is_clean()
    );
    assert!(root.path().join("Cargo.lock").exists());
}

#[test]
fn a_view_hides_what_does_not_count() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "g/a.rs", "// one\nfn a() {}\n");
    let code = |text: &str| {
        text.lines()
            .filter(|line| !line.starts_with("//"))
            .collect()
    };
    let same = set(&[("g/a.rs", "// two\nfn a() {}\n")]);
    assert!(
        check_by(root.path(), &["g"], &same, code)
            .unwrap()
            .is_clean()
    );
    let other = set(&[("g/a.rs", "// one\nfn b() {}\n")]);
    assert!(
        !check_by(root.path(), &["g"], &other, code)
            .unwrap()
            .is_clean()
    );
}

#[test]
fn bytes_that_are_no_text_are_stale() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "g/a.rs", "");
    let odd = [0xff_u8, 0xfe];
    #[expect(
        clippy::disallowed_methods,
        reason = "plays whatever else writes into the folder"
    )]
    fs::write(root.path().join("g/a.rs"), odd).unwrap();
    let set = set(&[("g/a.rs", "a\n")]);
    assert!(
        !apply(root.path(), &["g"], &set, Mode::Write)
            .unwrap()
            .is_clean()
    );
    assert!(
        apply(root.path(), &["g"], &set, Mode::Check)
            .unwrap()
            .is_clean()
    );
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_in_the_folder_is_replaced_and_never_followed() {
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "outside/precious.rs", "precious\n");
        put(root.path(), "g/keep.rs", "keep\n");
        let outside = root.path().join("outside");
        symlink(outside.join("precious.rs"), root.path().join("g/a.rs")).unwrap();
        symlink(&outside, root.path().join("g/folder")).unwrap();
        let set = set(&[("g/a.rs", "a\n"), ("g/keep.rs", "keep\n")]);

        let outcome = apply(root.path(), &["g"], &set, Mode::Write).unwrap();
        let expected = [("g/a.rs", Verdict::Stale), ("g/folder", Verdict::Extra)];
        assert_eq!(verdicts(&outcome), expected);
        let precious = fs::read_to_string(outside.join("precious.rs")).unwrap();
        assert_eq!(precious, "precious\n");
        assert!(
            apply(root.path(), &["g"], &set, Mode::Check)
                .unwrap()
                .is_clean()
        );
    }

    #[test]
    fn a_folder_that_is_a_link_is_rejected() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("real")).unwrap();
        symlink(root.path().join("real"), root.path().join("g")).unwrap();
        for owned in ["g", "g/inner"] {
            let path = format!("{owned}/a.rs");
            let rejected = apply(root.path(), &[owned], &set(&[(&path, "a\n")]), Mode::Write);
            assert!(
                matches!(rejected, Err(FilesError::Link { .. })),
                "{owned}: {rejected:?}"
            );
        }
    }

    #[test]
    fn a_replaced_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        put(root.path(), "g/a.rs", "old\n");
        let path = root.path().join("g/a.rs");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        apply(
            root.path(),
            &["g"],
            &set(&[("g/a.rs", "new\n")]),
            Mode::Write,
        )
        .unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
}

#[test]
fn replacing_several_files_is_all_or_nothing() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "a", "old\n");
    fs::create_dir_all(root.path().join("b/not-empty")).unwrap();
    let texts = [
        (root.path().join("a"), "new\n"),
        (root.path().join("b"), "new\n"),
    ];
    assert!(replace(&texts).is_err());
    assert_eq!(fs::read_to_string(root.path().join("a")).unwrap(), "old\n");
    let left: Vec<_> = fs::read_dir(root.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "temporary files stay behind: {left:?}");
}

fn files() -> impl Strategy<Value = Vec<(String, String)>> {
    // A folder's name never is a file's, so that any two paths can stand side by side.
    let path = prop::collection::vec("[a-c]", 0..3)
        .prop_flat_map(|folders| ("[x-z]\\.rs", Just(folders)))
        .prop_map(|(name, folders)| {
            let below = folders
                .iter()
                .map(|folder| format!("{folder}/"))
                .collect::<String>();
            format!("g/{below}{name}")
        });
    prop::collection::vec((path, "[a-z<=>\r\n]{0,20}"), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_on_disk_a_write_makes_the_check_clean(before in files(), after in files()) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in &before {
            put(root.path(), path, text);
        }
        let mut wanted = FileSet::new();
        for (path, text) in after {
            // A path drawn twice keeps its first text.
            let _ = wanted.insert(path, text);
        }
        apply(root.path(), &["g"], &wanted, Mode::Write).unwrap();
        let check = apply(root.path(), &["g"], &wanted, Mode::Check).unwrap();
        prop_assert!(check.is_clean(), "{}", check.diff());
        prop_assert_eq!(check.unchanged, wanted.len());
    }
}
