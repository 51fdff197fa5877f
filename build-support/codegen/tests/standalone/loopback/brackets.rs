//! Values whose parts have names in brackets, however deep: `filter[range][ids][0]=1`.

use super::{Echo, TEXTS, seen};
use loopback_client::Client;
use loopback_server::support::RequestContext;
use loopback_server::{BracketsApi, FindBracketsError, PutBracketsError};
use loopback_types::{FindBracketsCreated, Filter, PutBracketsRequest, Range};
use serde_json::{Value, json};

impl BracketsApi for Echo {
    async fn find_brackets(
        &self,
        context: RequestContext,
        filter: Option<Filter>,
        expand: Option<Vec<String>>,
        joined: Option<Range>,
        created: Option<FindBracketsCreated>,
    ) -> Result<Value, FindBracketsError> {
        Ok(seen(context, json!([filter, expand, joined, created])))
    }

    async fn put_brackets(
        &self,
        _: RequestContext,
        body: PutBracketsRequest,
    ) -> Result<Value, PutBracketsError> {
        Ok(json!(body))
    }
}

pub async fn arrive(client: &Client, url: &str) {
    for text in TEXTS {
        for filter in filters(text) {
            let sent: Filter = serde_json::from_value(filter.clone()).unwrap();
            let call = client.find_brackets().filter(sent).expand(vec![(*text).to_owned()]);
            let response = call.send().await.unwrap().into_inner();
            assert_eq!(response["read"], json!([filter, [text], null, null]));
            let form = json!({
                "filter": filter, "rows": [{"gt": 1.5}, {"ids": [1, 2]}], "expand": [text, "b"], "note": text,
            });
            let sent: PutBracketsRequest = serde_json::from_value(form.clone()).unwrap();
            assert_eq!(client.put_brackets(sent).send().await.unwrap().into_inner(), form);
        }
    }
    for created in [json!(5), json!({"gt": 1.5, "ids": [3]})] {
        let sent: FindBracketsCreated = serde_json::from_value(created.clone()).unwrap();
        let response = client.find_brackets().created(sent).send().await.unwrap().into_inner();
        assert_eq!(response["read"], json!([null, null, null, created]));
    }
    let sent = json!({"rows": [{"ids": [5]}], "list": ["a b"], "inner": {"map": {"k": {"[": "x"}}}});
    let sent: Filter = serde_json::from_value(sent).unwrap();
    let response = client.find_brackets().filter(sent).send().await.unwrap().into_inner();
    assert_eq!(
        response["uri"],
        "/brackets?filter[inner][map][k][%5B]=x&filter[list][0]=a%20b&filter[rows][0][ids][0]=5"
    );
    let range = json!({"gt": 1.5, "ids": [1, 2]});
    let sent: Range = serde_json::from_value(range.clone()).unwrap();
    let response = client.find_brackets().joined(sent).send().await.unwrap().into_inner();
    assert_eq!(response["read"], json!([null, null, range, null]));
    let sent: Filter = serde_json::from_value(json!({"grid": [[1], []]})).unwrap();
    let error = client.find_brackets().filter(sent).send().await.unwrap_err();
    assert!(error.to_string().contains("a list with [] in it"), "{error}");
    as_others_write_it(url).await;
}

fn filters(text: &str) -> Vec<Value> {
    vec![
        json!({"text": text, "flag": true}),
        json!({"range": {"gt": 1.5, "lt": 2, "ids": [1, 2, 3]}}),
        json!({"list": [text, "b", text]}),
        json!({"rows": [{"lt": 1}, {}, {"ids": [7]}]}),
        json!({"grid": [[1, 2], [3]]}),
        json!({"map": {text: {text: text, "0": "x"}, "a][b": {"x[y": "1", "%5B": "[]"}}}),
        json!({"either": 7}),
        json!({"either": {"lt": 7}}),
        json!({"either": [text, "b"]}),
        json!({"inner": {"inner": {"inner": {"text": text, "range": {}}}}}),
        json!({"any": {"a": {"b": "c"}, "1": "d"}}),
        json!({"any": [["x"], ["y", "z"]]}),
        // More items than one digit counts.
        json!({"rows": (0..12).map(|lt| json!({"lt": lt})).collect::<Vec<_>>()}),
    ]
}

/// What is sent, and what is read of it: `None` where it is rejected.
async fn as_others_write_it(url: &str) {
    let deepest = format!("filter{}=x", "[inner]".repeat(5_000));
    for (query, expected) in [
        ("filter[range][gt]=1", Some(json!({"range": {"gt": 1.0}}))),
        ("filter%5Brange%5D%5Bgt%5D=1", Some(json!({"range": {"gt": 1.0}}))),
        ("filter[list]=a&filter[list]=b", Some(json!({"list": ["a", "b"]}))),
        ("filter[list][]=a&filter[list][]=b", Some(json!({"list": ["a", "b"]}))),
        ("filter[list][1]=b&filter[list][0]=a", Some(json!({"list": ["a", "b"]}))),
        ("filter[range]={\"gt\":1}", Some(json!({"range": {"gt": 1.0}}))),
        ("filter[rows][0][gt]=1&filter[rows][0][lt]=2", Some(json!({"rows": [{"gt": 1.0, "lt": 2}]}))),
        ("filter=x", Some(Value::Null)),
        ("filter[rows][][gt]=1", None),
        ("filter[rows][x][gt]=1", None),
        ("filter[range]=x", None),
        ("filter[range][gt]=1&filter[range][gt]=2", None),
        ("filter[text]=1&filter[text][x]=2", None),
        ("filter[text][x]=2", None),
        (deepest.as_str(), None),
    ] {
        let query = query.replace('{', "%7B").replace('"', "%22").replace('}', "%7D");
        let response = reqwest::get(format!("{url}/brackets?{query}")).await.unwrap();
        let expected_status = if expected.is_some() { 200 } else { 400 };
        assert_eq!(response.status().as_u16(), expected_status, "{query}");
        if let Some(expected) = expected {
            let read: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            assert_eq!(read["read"][0], expected, "{query}");
        }
    }
}
