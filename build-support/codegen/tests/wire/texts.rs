//! Texts with a meaning keep their bytes.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

#[test]
fn a_uri_is_written_as_it_was_read() {
    for text in [
        "https://a.b",
        "https://a.b/{id}",
        "HTTPS://A.b:443/%7e/../x?q=a b#",
        "../relative",
        "mailto:a@b.example",
        "",
    ] {
        let links: Links = survives(&json!({ "self": text, "others": [text], "site": text }));
        assert_eq!(links.self_, *text);
        assert_eq!(links.site, Some(support::UriText::from(text)));
    }
    assert!(rejection::<Links>(&json!({ "self": 1 })).contains("a string"));
}

#[test]
fn a_uri_is_parsed_on_demand() {
    let links = Links::new("https://a.b/{id}");
    assert_eq!(
        links.self_.parse().unwrap().as_str(),
        "https://a.b/%7Bid%7D"
    );
    let relative = support::UriText::from("x/y");
    relative.parse().unwrap_err();
    let base = url::Url::parse("https://a.b/c/").unwrap();
    let joined = support::UriText::from(base.join(relative.as_str()).unwrap());
    assert_eq!(joined, *"https://a.b/c/x/y");
}

#[test]
fn a_date_time_keeps_its_offset_and_its_digits() {
    for text in [
        "2024-03-05T09:41:07Z",
        "2024-03-05T09:41:07.500Z",
        "2024-03-05T09:41:07.1234567891234+05:30",
        "2024-03-05T09:41:07-00:00",
        "2024-03-05t09:41:07z",
        "2024-03-05T09:41:07",
        "2024-12-31T23:59:60Z",
    ] {
        let times: Times = survives(&json!({ "at": text, "all": { "x": text } }));
        assert_eq!(times.at.as_str(), text);
        times.at.parse_local().unwrap();
        assert_eq!(times.at.parse().is_ok(), text != "2024-03-05T09:41:07");
    }
}

#[test]
fn a_date_time_is_parsed_on_demand() {
    let at = support::DateTimeText::from("2024-03-05T09:41:07.5+05:30");
    let instant = at.parse().unwrap();
    assert_eq!(instant.offset().local_minus_utc(), 19_800);
    assert_eq!(
        support::DateTimeText::from(instant),
        *"2024-03-05T09:41:07.500+05:30"
    );
}

#[test]
fn an_object_that_allows_no_property_takes_none() {
    survives::<Closed>(&json!({ "inline": {}, "named": {} }));
    for place in ["inline", "named"] {
        let error = rejection::<Closed>(&json!({ place: { "x": 1 } }));
        assert!(error.contains("unknown field `x`"), "{error}");
    }
    let error = rejection::<Closed>(&json!({ "list": [{ "x": null }] }));
    assert!(error.contains("unknown field `x`"), "{error}");
}

#[test]
fn a_uuid_a_date_and_base64_keep_their_bytes() {
    for (name, texts) in [
        (
            "id",
            [
                "123e4567-e89b-12d3-a456-426614174000",
                "123E4567-E89B-12D3-A456-426614174000",
                "not a uuid",
            ],
        ),
        ("day", ["2024-02-29", "2024-2-9", "yesterday"]),
        ("bytes", ["YQ==", "YQ", "_-_-"]),
    ] {
        for text in texts {
            survives::<Stamps>(&json!({ name: text }));
        }
    }
    let stamps = Stamps::default()
        .with_id("123E4567-E89B-12D3-A456-426614174000")
        .with_day("2024-02-29")
        .with_bytes(b"a".to_vec());
    let id = stamps.id.map(|id| id.parse().unwrap());
    assert_eq!(
        id.unwrap().to_string(),
        "123e4567-e89b-12d3-a456-426614174000"
    );
    assert_eq!(
        stamps.day.map(|day| day.parse().unwrap().to_string()),
        Some("2024-02-29".to_owned())
    );
    assert_eq!(stamps.bytes.unwrap().decode().unwrap(), b"a");
}
