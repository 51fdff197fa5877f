//! Keeps card numbers out of texts that end up in logs.

/// The least and the most digits of a card number in use (ISO/IEC 7812). A group of a UUID has
/// twelve at most, so identifiers stay legible.
const CARD_NUMBER: std::ops::RangeInclusive<usize> = 13..=19;

/// How many digits stand between the blanks or hyphens of a printed card number.
const GROUP: std::ops::RangeInclusive<usize> = 3..=6;

/// The text without everything that can be a card number: that many digits in a row, or in short groups
/// with blanks or hyphens between them.
pub(crate) fn digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let (run, behind) = from.split_at(run_length(from));
        let withheld = is_card_number(run, out.chars().next_back(), behind.chars().next());
        out.push_str(if withheld { "[digits withheld]" } else { run });
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Whether a run holds a card number. `before` and `behind` are the characters beside the run: groups that
/// continue with other characters belong to an identifier.
fn is_card_number(run: &str, before: Option<char>, behind: Option<char>) -> bool {
    let groups: Vec<usize> = run.split([' ', '-']).map(str::len).collect();
    let ends = |neighbour: Option<char>| {
        neighbour.is_none_or(|neighbour| !neighbour.is_alphanumeric() && neighbour != '-')
    };
    let grouped = |first: usize, last: usize| {
        let some = &groups[first..=last];
        some.iter().all(|group| GROUP.contains(group))
            && CARD_NUMBER.contains(&some.iter().sum())
            && (first > 0 || ends(before))
            && (last + 1 < groups.len() || ends(behind))
    };
    groups.iter().any(|group| CARD_NUMBER.contains(group))
        || (0..groups.len()).any(|first| (first..groups.len()).any(|last| grouped(first, last)))
}

/// The length in bytes of the digits the text begins with, single blanks and hyphens between them
/// included.
fn run_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 1;
    loop {
        if digit(end) {
            end += 1;
        } else if matches!(bytes.get(end), Some(b' ' | b'-')) && digit(end + 1) {
            end += 2;
        } else {
            return end;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn card_numbers_go_and_other_numbers_stay() {
        let withheld = [
            "card 4111111111111111 rejected",
            "4111 1111 1111 1111",
            "\"4111-1111-1111-1111\"",
            "3782 822463 10005",
            "PAN4111111111111111",
            "409 4111 1111 1111 1111 12",
            "12 4111111111111111",
        ];
        for text in withheld {
            let shown = digits(text);
            assert!(shown.contains("[digits withheld]"), "of {text:?}: {shown}");
            assert!(!shown.contains("111"), "of {text:?}: {shown}");
        }
        for text in [
            "amount 20.0, code 409",
            "expires 1795340781",
            "at 2024-03-05T09:41:07.218364509Z",
            "411111******9032",
            "",
        ] {
            assert_eq!(digits(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_card_number_survives(before in "\\PC{0,20}", number in "[0-9]{16}", after in "\\PC{0,20}") {
            let text = digits(&format!("{before} x{number}x {after}"));
            prop_assert!(!text.contains(&number), "{text}");
        }

        #[test]
        fn identifiers_stay(id in any::<u128>(), digits_only in "[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{12}") {
            for id in [Uuid::from_u128(id).to_string(), digits_only] {
                let text = format!("the card {id} is terminated");
                prop_assert_eq!(digits(&text), text);
            }
        }
    }
}
