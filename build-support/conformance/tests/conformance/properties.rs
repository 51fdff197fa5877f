//! Whatever a server says.

use super::*;
use proptest::prelude::*;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z0-9:-]{0,14}".prop_map(Value::from),
    ];
    let names = prop_oneof![
        "isbn",
        "genre",
        "author",
        "name",
        "kind",
        "labels",
        "[a-z]{1,4}"
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        let members = prop::collection::btree_map(names.clone(), inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a server says, checking ends, twice alike, and places lie in the body.
    #[test]
    fn any_body_can_be_checked(body in any_json()) {
        let library = library();
        let kind = "application/vnd.library+json";
        let text = body.to_string();
        let loans = exchange("GET", "/loans", 200, kind, &text);
        let all = [json_exchange("/books/1", &body), loans];
        let report = checked(&library, &all);
        prop_assert_eq!(&report, &checked(&library, &all));
        for finding in &report.findings {
            let at = finding.example.at.as_deref().unwrap_or_default();
            let undocumented = finding.rule.id == "field-undocumented";
            prop_assert!(undocumented || body.pointer(at).is_some(), "{at} in {body}");
        }
    }
}
