//! What only one place may do, and what every file has.

use crate::sources::{self, Source};

/// What only some files may do: patterns in the text of a program, and the beginnings of the paths where
/// they may stand.
struct Rule {
    /// What the pattern means, for the message.
    what: &'static str,
    patterns: &'static [&'static str],
    places: &'static [&'static str],
    fix: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        what: "writes files",
        patterns: &[
            "fs::write",
            "File::create",
            "OpenOptions",
            "NamedTempFile",
            "fs::rename",
            "fs::remove",
            "fs::create_dir",
            "fs::copy",
            "File::options",
            "tokio::fs",
        ],
        places: &[
            "build-support/files/",
            // The journal of a bulk job.
            "crates/offblocks-cards/src/bulk/file/",
            "crates/offblocks-cli/src/cards/results.rs",
            // Sends a snapshot as it is read.
            "crates/offblocks-cli/src/control/data.rs",
            "crates/offblocks-cli/src/snapshot_file.rs",
            "crates/offblocks-cli/src/private_file.rs",
            "crates/offblocks-sandbox/src/store/",
            "xtask/src/bench/",
        ],
        fix: "call the crate `files`",
    },
    Rule {
        what: "signs",
        patterns: &[
            "offblocks_signature::Signer",
            " Signer::",
            "(Signer::",
            " Signer, ",
            "{Signer, ",
        ],
        places: &[
            "crates/offblocks-sandbox/src/webhooks/request.rs",
            // Deliveries for the tests of receivers.
            "crates/offblocks-webhooks/src/testing/sender.rs",
            "crates/offblocks-cli/src/keys.rs",
            "crates/offblocks-cli/src/conformance/caller.rs",
        ],
        fix: "let the client's session sign",
    },
    Rule {
        what: "reads a clock, the environment or the system's randomness",
        patterns: &[
            "clippy::disallowed_methods",
            "SystemTime::now",
            "Utc::now",
            "Instant::now",
            // With it `env::vars`, `env::var_os` and `env::vars_os`.
            "env::var",
            "rand::fill",
        ],
        places: &[
            "crates/offblocks-cli/src/system.rs",
            // `Client::from_env`, and the timer of tokio.
            "crates/offblocks-client/src/from_env.rs",
            "crates/offblocks-client/src/system.rs",
            "crates/offblocks-client/src/timer.rs",
            "crates/offblocks-sandbox/src/clock.rs",
            // Deadlines of connections and of retries at the database, by the runtime's clock.
            "crates/offblocks-sandbox/src/listening/",
            // How long requests and counting take.
            "crates/offblocks-sandbox/src/metrics/",
            "crates/offblocks-sandbox/src/random.rs",
            "crates/offblocks-sandbox/src/request_log/",
            "crates/offblocks-sandbox/src/store/health.rs",
            "crates/offblocks-sandbox/src/store/postgres/session.rs",
            "crates/offblocks-sandbox/src/store/writer.rs",
            "crates/offblocks-sandbox/src/webhooks/dispatcher.rs",
            "crates/offblocks-sandbox/src/webhooks/sender.rs",
            "crates/offblocks-webhooks/src/system.rs",
            "xtask/src/bench/",
            "xtask/src/io.rs",
        ],
        fix: "take what it needs as an argument",
    },
    Rule {
        what: "reads YAML",
        patterns: &["saphyr_parser", "serde_saphyr::from"],
        places: &["build-support/contract/"],
        fix: "read contracts with the crate `contract`",
    },
];

#[test]
fn what_one_place_does_no_other_does() {
    let mut found = Vec::new();
    for (path, code) in programs() {
        for Rule {
            what,
            patterns,
            places,
            fix,
        } in RULES
        {
            let allowed = places.iter().any(|place| path.starts_with(place));
            let pattern = patterns.iter().find(|pattern| code.contains(**pattern));
            if let (false, Some(pattern)) = (allowed, pattern) {
                found.push(format!("{path} {what} (`{pattern}`): {fix}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_allowed_place_is_used() {
    let programs = programs();
    for rule in RULES {
        for place in rule.places {
            let mut there = programs.iter().filter(|(path, _)| path.starts_with(place));
            let used = there.any(|(_, code)| rule.patterns.iter().any(|it| code.contains(it)));
            assert!(
                used,
                "nothing below {place} {}: remove it from the rule",
                rule.what
            );
        }
    }
}

/// The hand-written files of libraries and programs: each path, and its lines of code without tests
/// and without comments.
fn programs() -> Vec<(String, String)> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = |source: Source| {
        let lines: Vec<&str> = source.program_text().lines().filter(is_code).collect();
        let code = lines.join("\n");
        (source.path, code)
    };
    let all = sources::all().into_iter();
    let programs = all.filter(|it| it.is_program() && it.is_hand_written());
    programs.map(code).collect()
}

#[test]
fn every_hand_written_file_says_what_it_is() {
    let without: Vec<String> = sources::all()
        .into_iter()
        .filter(Source::is_hand_written)
        // What a README shows is included into a test and cannot have one.
        .filter(|it| !it.path.contains("/readme/") && !says_what_it_is(&it.text))
        .map(|it| it.path)
        .collect();
    assert!(
        without.is_empty(),
        "these files have no module comment; begin them with `//! …`:\n{}",
        without.join("\n")
    );
}

/// Whether a file begins with a module comment, or with a README in its place.
fn says_what_it_is(text: &str) -> bool {
    let documentation = ["//! ", "#![doc = include_str!(", "#![cfg_attr("];
    let first = text.lines().find(|line| !line.starts_with("// "));
    first.is_some_and(|line| documentation.iter().any(|begin| line.starts_with(begin)))
}

#[test]
fn every_generated_file_carries_its_mark() {
    let sources = sources::all();
    let generated: Vec<&Source> = sources.iter().filter(|it| it.is_generated()).collect();
    assert!(!generated.is_empty(), "no generated file was found");
    let mark = "// @generated by `cargo xtask regenerate` from ";
    let without: Vec<&str> = generated
        .iter()
        .filter(|it| !it.text.starts_with(mark))
        .map(|it| it.path.as_str())
        .collect();
    assert!(
        without.is_empty(),
        "generated files begin with `{mark}…`; run `cargo xtask regenerate`:\n{}",
        without.join("\n")
    );
}

/// Five hundred lines are the most that a hand-written file has; see CONTRIBUTING.md.
#[test]
fn no_hand_written_file_is_long() {
    const MOST: usize = 500;
    let long: Vec<String> = sources::all()
        .into_iter()
        .filter(Source::is_hand_written)
        .map(|it| (it.text.lines().count(), it.path))
        .filter(|(lines, _)| *lines > MOST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(
        long.is_empty(),
        "split these files, each part with one purpose:\n{}",
        long.join("\n")
    );
}

/// A test is read as a whole, so it fits on two screens; see CONTRIBUTING.md.
#[test]
fn no_function_of_tests_is_long() {
    const MOST: usize = 100;
    let mut long = Vec::new();
    let sources = sources::all();
    for source in sources.iter().filter(|it| it.is_hand_written()) {
        let tests = match source.is_program() {
            true => &source.text[source.program_text().len()..],
            false => source.text.as_str(),
        };
        for (name, lines) in functions(tests).filter(|(_, lines)| *lines > MOST) {
            long.push(format!("{}: {name} has {lines} lines", source.path));
        }
    }
    assert!(
        long.is_empty(),
        "make a table or helpers of these:\n{}",
        long.join("\n")
    );
}

/// The functions of a formatted text and how many lines each has.
fn functions(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let length = move |at: usize, indent: &str| {
        let end = format!("{indent}}}");
        let after = lines[at..].iter().position(|line| *line == end);
        after.map_or(1, |after| after + 1)
    };
    text.lines().enumerate().filter_map(move |(at, line)| {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let words = ["pub ", "pub(crate) ", "pub(super) ", "const ", "async "];
        let mut rest = code;
        while let Some(shorter) = words.iter().find_map(|word| rest.strip_prefix(word)) {
            rest = shorter;
        }
        let name = rest.strip_prefix("fn ")?.split(['(', '<']).next()?;
        Some((name, length(at, indent)))
    })
}

#[test]
fn functions_are_measured() {
    let text = "fn a() {\n    x\n}\n    pub async fn b<T>(t: T) {\n        y\n    }\n";
    assert_eq!(functions(text).collect::<Vec<_>>(), [("a", 3), ("b", 3)]);
}
