//! Why a success could not be read, in words that quote nothing of it.

/// What is wrong with a body that should hold a `T`, and that an API could have sent. The decoder's message can quote the body, so
/// only the place, and the name of a field that our own types miss, are taken from it.
pub(crate) fn unreadable<T>(body: &[u8], error: &serde_json::Error, pointer: &str) -> String {
    if body.is_empty() {
        return "the body is empty".to_owned();
    }
    let place = match pointer {
        "" => "the body".to_owned(),
        pointer => format!("`{pointer}`"),
    };
    let position = format!("line {}, column {}", error.line(), error.column());
    let at = format!("({position})");
    if error.is_eof() {
        return format!("the body is cut off {at}");
    }
    if error.is_syntax() {
        return format!("the body is not JSON {at}");
    }
    let wanted = short(std::any::type_name::<T>());
    match missing(error) {
        Some(field) => format!("{place} of `{wanted}` lacks the member `{field}` {at}"),
        None => {
            let expected = expected(error);
            let expected = expected.map(|it| format!("expected is {it}; "));
            let expected = expected.unwrap_or_default();
            format!("{place} of `{wanted}` is not what the contract says ({expected}{position})")
        }
    }
}

/// What our own type expects at the place. It stands at the end of the decoder's text; what was found
/// stands before it and may quote the body.
fn expected(error: &serde_json::Error) -> Option<String> {
    let text = error.to_string();
    let (_, expected) = text.rsplit_once(", expected ")?;
    let position = format!(" at line {} column {}", error.line(), error.column());
    Some(expected.trim_end_matches(&position).to_owned())
}

/// The field that our own type misses.
fn missing(error: &serde_json::Error) -> Option<String> {
    let text = error.to_string();
    let (field, _) = text.strip_prefix("missing field `")?.split_once('`')?;
    Some(field.to_owned())
}

/// A type's name without its modules: `Vec<Card>`.
fn short(name: &str) -> String {
    let mut short = String::new();
    for part in name.split_inclusive(['<', '>', ',', ' ']) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

#[cfg(test)]
mod tests {
    use offblocks_types::Card;

    use super::*;

    fn reason(body: &[u8], pointer: &str) -> String {
        let error = serde_json::from_slice::<Vec<Card>>(body).unwrap_err();
        unreadable::<Vec<Card>>(body, &error, pointer)
    }

    #[test]
    fn each_reason_has_its_words_and_none_quotes_the_body() {
        let cases: [(&[u8], &str, &str); 7] = [
            (b"", "", "the body is empty"),
            (b"[{\"hunter2\": 1", "", "the body is cut off (line 1"),
            (b"hunter2", "", "the body is not JSON"),
            (
                b"\"hunter2\"",
                "/0/id",
                "`/0/id` of `Vec<Card>` is not what the contract says",
            ),
            (b"[{}]", "/0", "`/0` of `Vec<Card>` lacks the member `id`"),
            (
                b"{\"hunter2\": 1}",
                "",
                "the body of `Vec<Card>` is not what the contract says (expected is a sequence; line 1",
            ),
            (
                b"\"hunter2, expected hunter2\"",
                "",
                "the body of `Vec<Card>` is not what the contract says (expected is a sequence; line 1",
            ),
        ];
        for (body, pointer, expected) in cases {
            let reason = reason(body, pointer);
            assert!(reason.starts_with(expected), "{reason}");
            assert!(!reason.contains("hunter2"), "{reason}");
        }
    }
}
