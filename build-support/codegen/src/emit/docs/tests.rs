//! How prose becomes documentation.

use super::*;

#[test]
fn what_rustdoc_would_misread_is_escaped() {
    let cases = [
        ("a Vec<u8> of bytes", "a Vec\\<u8> of bytes"),
        ("`Vec<u8>` and ``a`[b``", "`Vec<u8>` and ``a`[b``"),
        ("an open ` tick", "an open \\` tick"),
        ("see [Card] or [x](y)", "see \\[Card] or \\[x](y)"),
        (
            "see [the docs](https://a.example/b).",
            "see [the docs](https://a.example/b).",
        ),
        ("at https://a.example/b.", "at <https://a.example/b>."),
        ("(https://a.example)", "(<https://a.example>)"),
        ("<https://a.example> stays", "<https://a.example> stays"),
        (
            "[https://a.example](https://a.example)",
            "<https://a.example>",
        ),
        ("already \\[escaped\\]", "already \\[escaped\\]"),
        ("a\tb\u{202e}c", "a bc"),
    ];
    for (text, expected) in cases {
        assert_eq!(prose(text), expected, "of {text:?}");
    }
}

#[test]
fn paragraphs_are_joined_and_wrapped() {
    let words = "word ".repeat(30);
    let wrapped = prose(&format!("first\nline\n\n\n{words}"));
    let lines: Vec<_> = wrapped.lines().collect();
    assert_eq!(lines[..2], ["first line", ""]);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.len() <= 90), "{wrapped}");
}

#[test]
fn a_wrapped_line_never_becomes_a_list_or_a_heading() {
    for word in ["-", "1.", "#", "+", ">", "---", "==="] {
        let text = format!("{} {word} and so on", "a".repeat(88));
        let wrapped = prose(&text);
        assert!(
            wrapped
                .lines()
                .nth(1)
                .is_some_and(|line| line.starts_with("and")),
            "{wrapped}"
        );
    }
}

#[test]
fn lists_keep_their_shape() {
    let text = format!(
        "Of:\n- one {}\n  more\n- two\n    * deep\n\nEnd",
        "x ".repeat(60)
    );
    let wrapped = prose(&text);
    let lines: Vec<_> = wrapped.lines().collect();
    assert_eq!(lines[0], "Of:");
    assert!(lines[1].starts_with("- one x"));
    assert!(
        lines[2].starts_with("  x") && lines[2].ends_with("more"),
        "{wrapped}"
    );
    assert_eq!(lines[3..], ["- two", "    * deep", "", "End"]);
}

#[test]
fn fences_are_never_compiled() {
    assert_eq!(
        prose("```\nlet x = <1>;\n```"),
        "```text\nlet x = <1>;\n```"
    );
    assert_eq!(prose("```rust\nx\n```\nafter"), "```text\nx\n```\nafter");
    assert_eq!(prose("```json\n{}"), "```json\n{}\n```");
}

#[test]
fn indented_text_is_no_code_block() {
    assert_eq!(prose("    let x = 1;"), "let x = 1;");
}

#[test]
fn documentation_joins_what_there_is() {
    let docs = Docs {
        summary: Some("Card".to_owned()),
        description: Some("A card.".to_owned()),
        deprecated: true,
        ..Docs::default()
    };
    assert_eq!(
        documentation(&docs, "x"),
        "Card\n\nA card.\n\nDeprecated by the contract."
    );
    assert_eq!(
        documentation(&Docs::default(), "The `Card` schema."),
        "The `Card` schema."
    );
}

#[test]
fn code_spans_hold_backticks() {
    assert_eq!(code_span("a"), "`a`");
    assert_eq!(code_span("a`b"), "``a`b``");
    assert_eq!(code_span("`"), "`` ` ``");
}
