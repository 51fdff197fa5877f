//! The examples of RFC 9421, section 2, as data.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use sfv::Parser;

use super::{Component, ComponentError};
use crate::message::Message;

fn component(identifier: &str) -> Component {
    Component::from_item(&Parser::new(identifier).parse().unwrap()).unwrap()
}

fn value(
    identifier: &str,
    uri: &str,
    headers: &[(&'static str, &'static str)],
) -> Result<String, ComponentError> {
    let uri: Uri = uri.parse().unwrap();
    let mut map = HeaderMap::new();
    for (name, line) in headers {
        map.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(line),
        );
    }
    let message = Message::new(&Method::POST, &uri, &map);
    component(identifier)
        .value(&message)
        .map(|value| value.into_owned())
}

#[test]
fn components_derived_from_the_request_line() {
    let uri = "https://www.example.com/path?param=value";
    let cases = [
        (r#""@method""#, uri, "POST"),
        (r#""@target-uri""#, uri, uri),
        (r#""@authority""#, uri, "www.example.com"),
        (r#""@scheme""#, uri, "https"),
        (r#""@scheme""#, "http://www.example.com/path", "http"),
        (r#""@request-target""#, uri, "/path?param=value"),
        (r#""@path""#, uri, "/path"),
        (r#""@path""#, "https://www.example.com", "/"),
        (
            r#""@path""#,
            "http://localhost/a%2Fb/c%20d/~x",
            "/a%2Fb/c%20d/~x",
        ),
        (r#""@query""#, uri, "?param=value"),
        (
            r#""@query""#,
            "https://www.example.com/path?queryString",
            "?queryString",
        ),
        (r#""@query""#, "https://www.example.com/path", "?"),
        (r#""@query""#, "https://www.example.com/path?", "?"),
    ];
    for (identifier, uri, expected) in cases {
        assert_eq!(
            value(identifier, uri, &[]).as_deref(),
            Ok(expected),
            "{identifier} of {uri}"
        );
    }
}

#[test]
fn query_parameters_are_spelled_in_one_way() {
    let uri = "/path?param=value&foo=bar&baz=batman&qux=&empty&big=this%20is%20a%20big%0Amultiline\
               %20value&plus=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&two=1&two=2&bad=%zz";
    let cases = [
        ("baz", "batman"),
        ("qux", ""),
        ("empty", ""),
        ("param", "value"),
        ("big", "this%20is%20a%20big%0Amultiline%20value"),
        ("plus", "with%20plus%20whitespace"),
        ("fa%C3%A7ade%22%3A%20", "something"),
        ("bad", "%25zz"),
    ];
    for (name, expected) in cases {
        let identifier = format!(r#""@query-param";name="{name}""#);
        assert_eq!(
            value(&identifier, uri, &[]).as_deref(),
            Ok(expected),
            "{identifier}"
        );
    }
    for ambiguous in ["two", "none"] {
        let error = value(&format!(r#""@query-param";name="{ambiguous}""#), uri, &[]).unwrap_err();
        assert!(
            matches!(error, ComponentError::AmbiguousQueryParameter { .. }),
            "{ambiguous}: {error}"
        );
    }
}

#[test]
fn header_fields() {
    let headers = [
        ("host", "www.example.com"),
        ("x-ows-header", "   Leading and trailing whitespace.   "),
        ("cache-control", "max-age=60"),
        ("cache-control", "   must-revalidate"),
        ("x-empty-header", ""),
        ("example-dict", "  a=1,    b=2;x=1;y=2,   c=(a   b   c), d"),
        ("example-header", "value, with, lots"),
        ("example-header", "of, commas"),
    ];
    let cases = [
        (r#""host""#, "www.example.com"),
        (r#""x-ows-header""#, "Leading and trailing whitespace."),
        (r#""cache-control""#, "max-age=60, must-revalidate"),
        (r#""x-empty-header""#, ""),
        (
            r#""example-dict""#,
            "a=1,    b=2;x=1;y=2,   c=(a   b   c), d",
        ),
        (r#""example-dict";key="a""#, "1"),
        (r#""example-dict";key="b""#, "2;x=1;y=2"),
        (r#""example-dict";key="c""#, "(a b c)"),
        (r#""example-dict";key="d""#, "?1"),
        (r#""example-header""#, "value, with, lots, of, commas"),
        (
            r#""example-header";bs"#,
            ":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:",
        ),
    ];
    for (identifier, expected) in cases {
        assert_eq!(
            value(identifier, "/", &headers).as_deref(),
            Ok(expected),
            "{identifier}"
        );
    }
}

#[test]
fn what_has_no_value_says_so() {
    let headers = [("text", "not a dictionary ="), ("dict", "a=1")];
    for identifier in [
        r#""@status""#,
        r#""@signature-params""#,
        r#""@method";req"#,
        r#""@query-param""#,
        r#""@query-param";name="a";req"#,
        r#""text";sf"#,
        r#""text";tr"#,
        r#""text";key=1"#,
        r#""not a name""#,
        r#""""#,
    ] {
        let error = value(identifier, "/", &headers).unwrap_err();
        assert!(
            matches!(error, ComponentError::Unsupported { .. }),
            "{identifier}: {error}"
        );
    }
    let absent = value(r#""date""#, "/", &headers).unwrap_err();
    assert!(
        matches!(absent, ComponentError::AbsentField { .. }),
        "{absent}"
    );
    for identifier in [r#""text";key="a""#, r#""dict";key="b""#] {
        let error = value(identifier, "/", &headers).unwrap_err();
        assert!(
            matches!(error, ComponentError::AbsentMember { .. }),
            "{identifier}: {error}"
        );
    }
}
