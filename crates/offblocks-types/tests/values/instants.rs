//! Timestamps.

use super::{rejection, survives};
use offblocks_types::chrono::{FixedOffset, TimeZone, Utc};
use offblocks_types::{ChainTransaction, Customer};
use proptest::prelude::*;
use serde_json::{Value, json};

fn holder(instant: &str) -> Value {
    json!({ "chainId": "eip155:300:0x01", "createdAt": instant })
}

#[test]
fn instants_are_written_as_they_came() {
    for text in [
        "2024-03-05T09:41:07.218364509Z",
        "2024-03-05T09:41:07.218364Z",
        "2024-03-05T09:41:07.21836457Z",
        "2024-03-05T09:41:07.9Z",
        "2024-03-05T09:41:07.000000001Z",
        "2024-03-05T09:41:07Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "2016-12-31T23:59:60Z",
    ] {
        survives::<ChainTransaction>(&holder(text));
    }
}

#[test]
fn any_offset_is_read_and_utc_is_written() {
    let utc: ChainTransaction = survives(&holder("2024-03-05T09:41:07.5Z"));
    for text in [
        "2024-03-05T10:41:07.5+01:00",
        "2024-03-05T01:41:07.500-08:00",
        "2024-03-05t09:41:07.50z",
    ] {
        let read: ChainTransaction = serde_json::from_value(holder(text)).unwrap();
        assert_eq!(read, utc, "{text}");
    }
}

#[test]
fn what_is_no_instant_is_rejected() {
    for text in [
        "",
        "2024-03-05",
        "2024-03-05T09:41:07",
        "1709631667",
        "2024-13-12T15:12:26Z",
    ] {
        let error = rejection::<ChainTransaction>(&holder(text));
        assert!(error.contains("not a timestamp"), "{text}: {error}");
    }
    assert!(
        rejection::<ChainTransaction>(&json!({ "chainId": "eip155:300:0x01", "createdAt": 1 }))
            .contains("a timestamp as RFC 3339 writes it")
    );
    assert!(rejection::<Customer>(&json!({})).contains("missing field"));
}

proptest! {
    #[test]
    fn every_instant_survives_to_the_nanosecond(
        seconds in -62_135_596_800_i64..253_402_300_800,
        nanos in 0_u32..1_000_000_000,
        offset in -1439_i32..1440,
    ) {
        let instant = Utc.timestamp_opt(seconds, nanos).unwrap();
        let value = ChainTransaction::new("eip155:300:0x01".parse().unwrap(), instant);
        let json = serde_json::to_value(&value).unwrap();
        prop_assert_eq!(&serde_json::from_value::<ChainTransaction>(json.clone()).unwrap(), &value);
        let text = json["createdAt"].as_str().unwrap();
        prop_assert!(!text.ends_with("0Z") || !text.contains('.'), "{}", text);

        let zone = FixedOffset::east_opt(offset * 60).unwrap();
        let elsewhere = instant.with_timezone(&zone).to_rfc3339();
        // At either end of the calendar another zone leaves the four digits of a year.
        if elsewhere.len() < 36 && elsewhere.starts_with(|c: char| c.is_ascii_digit()) {
            let read: ChainTransaction = serde_json::from_value(holder(&elsewhere)).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
