//! Keeps card numbers out of texts that end up in logs.

/// The least and the most digits of a card number (ISO/IEC 7812).
const CARD_NUMBER: std::ops::RangeInclusive<usize> = 12..=19;

/// The text with every run of digits as long as a card number withheld; single spaces and hyphens
/// between digits do not end a run.
pub(super) fn digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let run = &from[..run_length(from)];
        let count = run.bytes().filter(u8::is_ascii_digit).count();
        out.push_str(before);
        out.push_str(if CARD_NUMBER.contains(&count) {
            "[digits withheld]"
        } else {
            run
        });
        rest = &from[run.len()..];
    }
    out.push_str(rest);
    out
}

/// The length in bytes of the run of digits the text begins with.
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

    use super::*;

    #[test]
    fn card_numbers_go_and_other_numbers_stay() {
        let cases = [
            (
                "card 4111111111111111 refused",
                "card [digits withheld] refused",
            ),
            ("4111 1111 1111 1111", "[digits withheld]"),
            ("4111-1111-1111-1111!", "[digits withheld]!"),
            ("amount 20.0, code 409", "amount 20.0, code 409"),
            ("expires 1795340781", "expires 1795340781"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(digits(text), expected, "of {text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_card_number_survives(before in "\\PC{0,20}", number in "[0-9]{16}", after in "\\PC{0,20}") {
            let text = digits(&format!("{before} x{number}x {after}"));
            prop_assert!(!text.contains(&number), "{text}");
        }
    }
}
