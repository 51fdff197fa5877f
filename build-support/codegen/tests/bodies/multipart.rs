//! Multipart bodies are taken apart the same wherever the bytes are cut, and as another reader does.

use crate::splitter::{SplitError, Splitter, Step, header_parameters};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use proptest::prelude::*;

/// A part: its `Content-Disposition`, and its content.
type Part = (String, Vec<u8>);

fn split(boundary: &str, pieces: &[&[u8]]) -> Result<Vec<Part>, SplitError> {
    let mut splitter = Splitter::new(boundary)?;
    let mut parts: Vec<Part> = Vec::new();
    let mut pieces = pieces.iter();
    loop {
        match splitter.next()? {
            Step::More => match pieces.next() {
                Some(piece) => splitter.push(piece),
                None => splitter.end(),
            },
            Step::Head(headers) => {
                let value = headers.get("content-disposition");
                let value =
                    value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
                parts.push((value.unwrap_or_default(), Vec::new()));
            }
            Step::Data(bytes) => parts.last_mut().unwrap().1.extend_from_slice(&bytes),
            Step::End => {}
            Step::Done => return Ok(parts),
        }
    }
}

fn cut_anywhere(boundary: &str, bytes: &[u8]) -> Result<Vec<Part>, SplitError> {
    let whole = split(boundary, &[bytes]);
    for at in 0..=bytes.len() {
        let (one, other) = bytes.split_at(at);
        assert_eq!(
            split(boundary, &[one, other]),
            whole,
            "cut at {at} of {bytes:?}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(split(boundary, &single), whole, "byte by byte: {bytes:?}");
    whole
}

#[test]
fn bodies_are_read_as_the_standard_says() {
    let contents: [(&str, &[&str]); 11] = [
        ("--b--", &[]),
        ("", &[]),
        ("words\r\n--b\r\n\r\nx\r\n--b--\r\nmore", &["x"]),
        ("--b\r\n\r\n\r\n--b--", &[""]),
        ("--b\r\nA: b\r\n\r\n\r\n--b--", &[""]),
        (
            "--b \t\r\nA: b\r\n\r\nx\r\n--b\r\nA:b\r\n\r\ny\r\n--b--",
            &["x", "y"],
        ),
        (
            "--b\r\n\r\nx\r\n--bc\r\n--b-\r\n-\r\n--b--",
            &["x\r\n--bc\r\n--b-\r\n-"],
        ),
        ("--b\r\n\r\n--b\r\n\r\n--b--", &["--b\r\n"]),
        ("--bc\r\n--b\r\n\r\n\r\n\r\n--b--", &["\r\n"]),
        ("--b\r\n\r\n\n--b--\r\r\n--b--", &["\n--b--\r"]),
        ("x--b\r\n\r\n--b\r\n\r\ny\r\n--b--", &["y"]),
    ];
    for (body, expected) in contents {
        let found = cut_anywhere("b", body.as_bytes());
        let found = found.unwrap_or_else(|error| panic!("{body:?}: {error}"));
        let found: Vec<String> = found
            .iter()
            .map(|(_, content)| String::from_utf8_lossy(content).into_owned())
            .collect();
        assert_eq!(found, expected, "{body:?}");
    }
}

#[test]
fn what_is_not_a_body_of_parts_is_an_error() {
    let long = format!("--b\r\nA: {}", "x".repeat(20_000));
    let table = [
        ("words", SplitError::Truncated),
        ("--b\r\n\r\nx", SplitError::Truncated),
        ("--b\r\n\r\nx\r\n--b", SplitError::Truncated),
        ("--b\r\nA: b", SplitError::Truncated),
        ("--b\r\nA\r\n\r\n--b--", SplitError::Head),
        ("--b\r\nA b: c\r\n\r\n--b--", SplitError::Head),
        (&long, SplitError::HeadTooLong),
    ];
    for (body, expected) in table {
        assert_eq!(split("b", &[body.as_bytes()]), Err(expected), "{body:.40}");
    }
    for boundary in ["", "a ", &"x".repeat(71)] {
        assert_eq!(split(boundary, &[]), Err(SplitError::Boundary));
    }
}

#[test]
fn parameters_of_headers() {
    let table = [
        ("form-data; name=a", vec![("name", "a")]),
        ("form-data; NAME = \"a\"", vec![("name", "a")]),
        (
            "form-data; name=\"a;b\"; filename=\"c\\\"d\\\\e\\f\"",
            vec![("name", "a;b"), ("filename", "c\"d\\e\\f")],
        ),
        (
            "form-data; filename=\"; name=x\"; name=\"y\"",
            vec![("filename", "; name=x"), ("name", "y")],
        ),
        ("multipart/x; boundary=\"a:b\"", vec![("boundary", "a:b")]),
        (
            "multipart/x; boundary=a; charset=utf-8",
            vec![("boundary", "a"), ("charset", "utf-8")],
        ),
        ("form-data", vec![]),
        ("form-data; name=\"a", vec![("name", "a")]),
    ];
    for (text, expected) in table {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(header_parameters(text), expected, "{text}");
    }
}

/// What reqwest writes, and its boundary.
fn written(parts: &[(String, Vec<u8>)]) -> (String, Vec<u8>) {
    let mut form = reqwest::multipart::Form::new().percent_encode_noop();
    for (name, content) in parts {
        form = form.part(
            name.clone(),
            reqwest::multipart::Part::bytes(content.clone()),
        );
    }
    let boundary = form.boundary().to_owned();
    let bytes = form.into_stream().try_collect::<Vec<_>>().now_or_never();
    (boundary, bytes.unwrap().unwrap().concat())
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    const PARTS: &[&str] = &["", "\r", "\n", "\r\n", "-", "--", "\r\n--", "x", "\0\u{ff}"];
    let parts = prop::collection::vec(prop::sample::select(PARTS), 0..6);
    parts.prop_map(|parts| parts.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_reqwest_writes_is_read_as_multer_reads_it(
        parts in prop::collection::vec(("[a-zé ;=.]{1,6}", content()), 1..4)
    ) {
        let (boundary, bytes) = written(&parts);
        let found = cut_anywhere(&boundary, &bytes).unwrap();
        let found: Vec<Part> = found
            .into_iter()
            .map(|(head, content)| (header_parameters(&head).swap_remove(0).1, content))
            .collect();
        prop_assert_eq!(&found, &parts);
        let pieces = stream::iter([Ok::<_, std::io::Error>(bytes)]);
        let other = multer::Multipart::new(pieces, boundary);
        let other = stream::try_unfold(other, |mut other| async move {
            let Some(field) = other.next_field().await? else {
                return Ok(None);
            };
            let name = field.name().unwrap_or_default().to_owned();
            Ok::<_, multer::Error>(Some(((name, field.bytes().await?.to_vec()), other)))
        });
        let other: Vec<_> = other.collect::<Vec<_>>().now_or_never().unwrap();
        let other: Result<Vec<Part>, _> = other.into_iter().collect();
        prop_assert_eq!(other.unwrap(), parts);
    }
}
