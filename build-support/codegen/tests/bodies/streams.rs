//! Records come out the same wherever the bytes are cut.

use crate::records::{Decoder, Event, Framing, MAX_RECORD, RecordError, Records, written};
use futures_util::{FutureExt, StreamExt};
use proptest::prelude::*;
use std::time::Duration;

/// The records of bytes that come in pieces.
fn decoded(framing: Framing, pieces: &[&[u8]]) -> Vec<Event<String>> {
    let mut decoder = Decoder::new(framing);
    let mut found = Vec::new();
    let mut take = |decoder: &mut Decoder| {
        while let Some(record) = decoder.next() {
            found.push(record.unwrap());
        }
    };
    for piece in pieces {
        decoder.push(piece);
        take(&mut decoder);
    }
    decoder.end();
    take(&mut decoder);
    found
}

/// The records, once they are found to be the same for every place of a cut, and byte by byte.
fn cut_anywhere(framing: Framing, bytes: &[u8]) -> Vec<Event<String>> {
    let whole = decoded(framing, &[bytes]);
    for at in 0..=bytes.len() {
        let (one, other) = bytes.split_at(at);
        assert_eq!(
            decoded(framing, &[one, other]),
            whole,
            "cut at {at} of {bytes:?}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(decoded(framing, &single), whole, "byte by byte: {bytes:?}");
    whole
}

fn sent<R>(
    records: impl futures_util::Stream<Item = Result<R, RecordError>>,
) -> Result<Vec<R>, String> {
    let texts: Vec<_> = records.collect().now_or_never().unwrap();
    let texts: Result<Vec<R>, _> = texts.into_iter().collect();
    texts.map_err(|error| error.to_string())
}

fn event(data: &str) -> Event<String> {
    Event::new(data.to_owned())
}

#[test]
fn events_are_read_as_the_standard_says() {
    let table = [
        ("", vec![]),
        ("data: a\n\n", vec![event("a")]),
        ("data:a\r\rdata: b\r\n\r\n", vec![event("a"), event("b")]),
        ("\u{feff}data: a\n\n", vec![event("a")]),
        ("data: \u{feff}a\n\n", vec![event("\u{feff}a")]),
        ("data: a\ndata:\ndata:  b\n\n", vec![event("a\n\n b")]),
        ("data\n\n", vec![event("")]),
        (": note\nunknown: x\ndata: a\n\n", vec![event("a")]),
        ("event: add\n\ndata: a\n\n", vec![event("a")]),
        (
            "event: add\ndata: a\n\n",
            vec![event("a").with_event("add")],
        ),
        ("id: 7\n\ndata: a\n\n", vec![event("a").with_id("7")]),
        ("id: a\0b\ndata: a\n\n", vec![event("a")]),
        ("id\ndata: a\n\n", vec![event("a").with_id("")]),
        (
            "retry: 10\ndata: a\n\n",
            vec![event("a").with_retry(Duration::from_millis(10))],
        ),
        ("retry: 1s\ndata: a\n\n", vec![event("a")]),
        ("retry: 99999999999999999999\ndata: a\n\n", vec![event("a")]),
        ("data: a\n\ndata: cut off\n", vec![event("a")]),
        ("data: a\n\ndata: cut off", vec![event("a")]),
    ];
    for (text, expected) in table {
        assert_eq!(
            cut_anywhere(Framing::Events, text.as_bytes()),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn lines_and_sequences_are_read_with_or_without_their_last_end() {
    let both = vec![event("{\"a\":1}"), event("2")];
    for text in [
        "{\"a\":1}\n2\n",
        "{\"a\":1}\r\n\r\n\n2",
        "\u{feff}{\"a\":1}\n2",
    ] {
        assert_eq!(
            cut_anywhere(Framing::Lines, text.as_bytes()),
            both,
            "{text:?}"
        );
    }
    for text in [
        "\u{1E}{\"a\":1}\n\u{1E}2\n",
        "\u{1E}\u{1E}{\"a\":1}\n\u{1E}2\n",
    ] {
        let found = cut_anywhere(Framing::Sequence, text.as_bytes());
        let found: Vec<&str> = found.iter().map(|one| one.data.trim()).collect();
        assert_eq!(found, ["{\"a\":1}", "2"], "{text:?}");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_an_error() {
    for framing in [Framing::Lines, Framing::Sequence, Framing::Events] {
        let mut decoder = Decoder::new(framing);
        decoder.push(&vec![b'x'; MAX_RECORD + 1]);
        assert!(
            matches!(decoder.next(), Some(Err(RecordError::TooLong))),
            "{framing:?}"
        );
    }
    let mut decoder = Decoder::new(Framing::Lines);
    decoder.push(b"\xFF\n1\n");
    assert!(matches!(decoder.next(), Some(Err(RecordError::NotText))));
    assert_eq!(decoder.next().unwrap().unwrap().data, "1");
    for event in [
        event("a\rb"),
        event("a").with_event("x\nid: 1"),
        event("a").with_id("x\rdata: y"),
        event("a").with_id("\0"),
    ] {
        assert!(
            matches!(written(&event), Err(RecordError::LineBreak)),
            "{event:?}"
        );
    }
}

fn text() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "", "a", ":", " ", "data: b", "\n", "é", "\u{feff}", "{}", "\u{1E}", "\0",
    ];
    prop::collection::vec(prop::sample::select(PARTS), 0..6).prop_map(|parts| parts.concat())
}

fn events() -> impl Strategy<Value = Vec<Event<String>>> {
    let one_line = || text().prop_map(|text| text.replace(['\n', '\0'], ""));
    let name = prop::option::of(one_line().prop_filter("a type", |text| !text.is_empty()));
    let id = prop::option::of(one_line());
    let retry = prop::option::of(0..100_000_u64);
    let one = (text(), name, id, retry).prop_map(|(data, name, id, retry)| {
        let mut event = Event::new(data);
        event.event = name;
        event.id = id;
        event.retry = retry.map(Duration::from_millis);
        event
    });
    prop::collection::vec(one, 0..4)
}

proptest! {
    #[test]
    fn events_come_back(events in events()) {
        let bytes = sent(Records::from(events.clone()).into_text_events()).unwrap().concat();
        prop_assert_eq!(cut_anywhere(Framing::Events, bytes.as_bytes()), events);
    }

    #[test]
    fn values_come_back(values in prop::collection::vec(text(), 0..4)) {
        let lines = sent(Records::from(values.clone()).into_lines()).unwrap().concat();
        let sequence = sent(Records::from(values.clone()).into_sequence()).unwrap().concat();
        for (framing, bytes) in [(Framing::Lines, lines), (Framing::Sequence, sequence)] {
            let found = cut_anywhere(framing, bytes.as_bytes());
            let found = found.iter().map(|one| serde_json::from_str(&one.data).unwrap());
            prop_assert_eq!(found.collect::<Vec<String>>(), values.clone());
        }
    }

    #[test]
    fn any_bytes_are_cut_anywhere(text in "[a:\r\n \u{feff}\u{1E}dat]{0,24}") {
        cut_anywhere(Framing::Events, text.as_bytes());
        cut_anywhere(Framing::Lines, text.as_bytes());
        cut_anywhere(Framing::Sequence, text.as_bytes());
    }
}
