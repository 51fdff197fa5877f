//! Generated servers have a copy of the format checks, since they cannot depend on the machinery.
//! The copy and the shared table are held to the same cases here.

#[path = "../src/emit/server/runtime/formats.rs"]
mod runtime;

use contract::schema::FORMATS;

/// A format, a string, and whether the string is in the format.
const CASES: [(&str, &str, bool); 39] = [
    ("byte", "", true),
    ("byte", "aGk=", true),
    ("byte", "aA==", true),
    ("byte", "+/+/", true),
    ("byte", "aGk", false),
    ("byte", "a===", false),
    ("byte", "aG=k", false),
    ("byte", "-_-_", false),
    ("byte", "aGk= ", false),
    ("byte", "a\u{e9}k=", false),
    ("decimal", "0", true),
    ("decimal", "12", true),
    ("decimal", "-1.50", true),
    ("decimal", "+1.5", false),
    ("decimal", "007.0", true),
    ("decimal", "", false),
    ("decimal", "-", false),
    ("decimal", ".5", false),
    ("decimal", "5.", false),
    ("decimal", "1e3", false),
    ("decimal", "1,5", false),
    ("decimal", "1.2.3", false),
    ("decimal", " 1", false),
    ("decimal", "--1", false),
    ("decimal", "\u{664}", false),
    ("url", "https://example.com/a?b=c#d", true),
    ("url", "app+x.y-1://open", true),
    ("url", "http://[::1]:8080/", true),
    ("url", "HTTPS://EXAMPLE.COM", true),
    ("url", "", false),
    ("url", "example.com", false),
    ("url", "/cards", false),
    ("url", "://example.com", false),
    ("url", "https://", false),
    ("url", "1https://example.com", false),
    ("url", "ht_tps://example.com", false),
    ("url", "https://exa mple.com", false),
    ("url", "https://example.com\n", false),
    ("url", "mailto:a@example.com", false),
];

type Table = [contract::schema::Format];

fn is_in(table: &Table, format: &str, text: &str) -> bool {
    let row = table.iter().find(|(name, _)| *name == format);
    let (_, is_in) = row.unwrap_or_else(|| panic!("the table has no format `{format}`"));
    is_in(text)
}

#[test]
fn both_tables_have_the_same_formats() {
    let names = |table: &Table| table.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(
        names(&FORMATS),
        names(&runtime::FORMATS),
        "add the format to contract/src/schema/formats.rs and to emit/server/runtime/formats.rs"
    );
    for name in names(&FORMATS) {
        let has = |wanted: bool| {
            let mut cases = CASES.iter();
            cases.any(|(format, _, good)| *format == name && *good == wanted)
        };
        assert!(
            has(true) && has(false),
            "add cases of both kinds for `{name}`"
        );
    }
}

#[test]
fn both_tables_agree_with_the_cases() {
    for (format, text, expected) in CASES {
        for (table, place) in [
            (&FORMATS, "contract/src/schema/formats.rs"),
            (
                &runtime::FORMATS,
                "codegen/src/emit/server/runtime/formats.rs",
            ),
        ] {
            let found = is_in(table, format, text);
            assert_eq!(found, expected, "{text:?} as `{format}` in {place}");
        }
    }
}
