//! What the file accepts, what is wrong with one, and how entries are added.

use super::{Acceptable, Acceptance, Accepted, Unmatched};
use crate::Severity;
use chrono::NaiveDate;
use std::collections::BTreeSet;

const GOOD: &str = "\
[[accepted]]
fingerprint = \"00000000000000a1\"
reason = \"the field was never sent\"
expires = 2027-01-31
";

#[derive(Debug, Clone, PartialEq)]
struct Found {
    fingerprint: &'static str,
    operations: BTreeSet<&'static str>,
    accepted: Option<Acceptance>,
}

impl Acceptable for Found {
    fn fingerprint(&self) -> &str {
        self.fingerprint
    }

    fn operations(&self) -> BTreeSet<&str> {
        self.operations.clone()
    }

    fn title(&self) -> (Severity, &'static str, &str) {
        (Severity::Breaking, "rule", "a \u{1b}message\nin lines")
    }

    fn acceptance(&self) -> Option<&Acceptance> {
        self.accepted.as_ref()
    }

    fn accept(&mut self, acceptance: Acceptance) {
        self.accepted = Some(acceptance);
    }
}

fn found() -> [Found; 2] {
    let entry = |fingerprint| Found {
        fingerprint,
        operations: BTreeSet::from(["getCard", "getCards"]),
        accepted: None,
    };
    [entry("00000000000000a1"), entry("00000000000000a2")]
}

fn january(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

#[test]
fn an_entry_accepts_what_it_names_until_its_last_day() {
    let accepted = Accepted::parse("accepted.toml", GOOD).unwrap();
    let mut found = found();
    let warnings = accepted.apply(&mut found, january(31), Unmatched::Error);
    assert!(warnings.unwrap().is_empty());
    let reason = found[0].accepted.as_ref().map(|it| it.reason.as_str());
    assert_eq!(reason, Some("the field was never sent"));
    assert_eq!(found[1].accepted, None);
    assert!(accepted.check_expiry(january(31)).is_ok());
    let late = january(31).succ_opt().unwrap();
    let late = accepted.check_expiry(late).unwrap_err();
    assert_eq!(late.items[0].code, "accepted::expired");
}

#[test]
fn an_entry_that_matches_nothing_or_has_expired_is_an_error() {
    let text = GOOD
        .replace("2027-01-31", "2027-01-30")
        .replace("[[acc", "# until then\n[[acc")
        + &GOOD.replace("a1", "ff");
    let accepted = Accepted::parse("openapi/accepted.toml", &text).unwrap();
    let mut entries = found();
    let wrong = accepted.apply(&mut entries, january(31), Unmatched::Error);
    insta::assert_snapshot!(wrong.unwrap_err());
    assert_eq!(entries, found(), "an entry was marked in spite of an error");
}

#[test]
fn an_entry_that_may_belong_elsewhere_is_a_warning_until_it_expires() {
    let merged = Accepted::parse("accepted.toml", &GOOD.replace("a1", "ff")).unwrap();
    let warnings = merged.apply(&mut found(), january(31), Unmatched::Warning);
    let warnings = warnings.unwrap();
    assert_eq!(warnings.items.len(), 1);
    assert_eq!(warnings.items[0].code, "accepted::matches-nothing");
    let late = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    let late = merged.apply(&mut found(), late, Unmatched::Warning);
    assert_eq!(late.unwrap_err().items[0].code, "accepted::expired");
}

#[test]
fn an_entry_with_operations_holds_for_them_alone() {
    for (operations, holds) in [
        ("[\"getCard\", \"getCards\"]", true),
        ("[\"getCard\", \"getCards\", \"addCard\"]", true),
        ("[\"getCard\"]", false),
        ("[]", false),
    ] {
        let text = format!("{GOOD}operations = {operations}\n");
        let accepted = Accepted::parse("accepted.toml", &text).unwrap();
        let mut found = found();
        let warnings = accepted.apply(&mut found, january(1), Unmatched::Error);
        assert!(
            warnings.unwrap().is_empty(),
            "it matches, although elsewhere"
        );
        assert_eq!(found[0].accepted.is_some(), holds, "{operations}");
    }
}

#[test]
fn what_is_wrong_with_an_entry_is_shown_at_its_place() {
    let table = [
        ("no_toml", "[[accepted"),
        (
            "no_reason",
            "[[accepted]]\nfingerprint = \"00000000000000a1\"\nexpires = 2027-01-01\n",
        ),
        ("unknown_key", "[[accept]]\n"),
        (
            "several",
            "[[accepted]]\nfingerprint = \"A1\"\nreason = \" \"\nexpires = 10:00:00\n",
        ),
        ("old_baseline", "{\n  \"known\": []\n}\n"),
    ];
    for (name, text) in table {
        let found = Accepted::parse("accepted.toml", text).unwrap_err();
        insta::assert_snapshot!(name, found);
    }
    let twice = Accepted::parse("accepted.toml", &format!("{GOOD}{GOOD}")).unwrap_err();
    assert_eq!(twice.items[0].code, "accepted::repeated");
}

#[test]
fn a_file_may_accept_nothing() {
    let accepted = Accepted::parse("accepted.toml", "# nothing yet\n").unwrap();
    let warnings = accepted.apply::<Found>([], january(1), Unmatched::Error);
    assert!(warnings.unwrap().is_empty());
}

#[test]
fn what_was_added_is_accepted_and_nothing_is_added_twice() {
    let acceptance = Acceptance {
        reason: "it is \"known\"\u{7f}\n".to_owned(),
        expires: january(31),
    };
    let narrow = format!("# looked at in May\n{GOOD}operations = [\"addCard\"] # one\n");
    for (name, before) in [("added_to_nothing", ""), ("added_to_a_list", &narrow)] {
        let file = Accepted::parse("accepted.toml", before).unwrap();
        let text = file.with_added(&found(), &acceptance);
        insta::assert_snapshot!(name, text);
        let file = Accepted::parse("accepted.toml", &text).unwrap();
        let mut entries = found();
        file.apply(&mut entries, january(31), Unmatched::Error)
            .unwrap();
        assert!(entries.iter().all(|it| it.accepted.is_some()), "{text}");
        assert_eq!(entries[1].accepted.as_ref(), Some(&acceptance));
        assert_eq!(file.with_added(&entries, &acceptance), text);
    }
}
