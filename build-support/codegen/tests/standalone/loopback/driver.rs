//! Sends values by the generated client to the generated server, over a socket, and compares what
//! arrives. What stands in the request is compared with the texts of RFC 6570.

use futures_util::stream;
use loopback_client::Client;

mod apart;
mod brackets;
mod choices;
mod edges;
mod forms;
mod guarded;
mod outcomes;
mod parts;
mod routes;
mod secured;
mod several;
mod streamed;
mod typed;
mod values;
use loopback_server::support::{Event, RecordReader, Records, RequestContext};
use loopback_server::*;
use loopback_types::{Encoded, Order, Page, RecordSequenceResponseHeaders, Shell, User};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Notify;

/// Texts that separate, escape or end something somewhere.
const TEXTS: &[&str] = &[
    "a", "a,b", "a b", " a ", "a&b=1", "a=b", "50%", "%2C", "é😀", "a|b", "a;b=1", "a.b", "[x]", "#", "?", "+",
    "a/b", ".", "..", "\"", "\\", "\t", "true", "1", "null", "",
];

struct Echo;

/// Whether the first event was read; the second one waits for it.
static READ: Notify = Notify::const_new();

fn seen(context: RequestContext, read: Value) -> Value {
    let header = |name: &str| context.headers.get(name).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
    json!({
        "read": read,
        "uri": context.uri.to_string(),
        "cookie": header("cookie"),
        "list": header("x-list"),
        "object": header("x-object"),
        "pairs": header("x-pairs"),
    })
}

type Texts = Vec<String>;

impl EchoApi for Echo {
    async fn path_lists(
        &self,
        context: RequestContext,
        simple: Texts,
        label: Texts,
        spread: Texts,
        matrix: Texts,
        joined: Texts,
    ) -> Result<Value, PathListsError> {
        Ok(seen(context, json!([simple, label, spread, matrix, joined])))
    }

    async fn path_objects(
        &self,
        context: RequestContext,
        simple: Shell,
        pairs: Shell,
        label: Shell,
        spread: Shell,
        matrix: Shell,
        joined: Shell,
    ) -> Result<Value, PathObjectsError> {
        Ok(seen(context, json!([simple, pairs, label, spread, matrix, joined])))
    }

    async fn path_scalars(
        &self,
        context: RequestContext,
        label: i64,
        matrix: String,
        json: Shell,
    ) -> Result<Value, PathScalarsError> {
        Ok(seen(context, json!([label, matrix, json])))
    }

    async fn query_lists(
        &self,
        context: RequestContext,
        repeated: Option<Texts>,
        joined: Option<Texts>,
        numbers: Option<Vec<i64>>,
        pipes: Option<Texts>,
        spaces: Option<Texts>,
        kind: Option<Texts>,
        reserved: Option<String>,
        reserved_list: Option<Texts>,
    ) -> Result<Value, QueryListsError> {
        Ok(seen(
            context,
            json!([repeated, joined, numbers, pipes, spaces, kind, reserved, reserved_list]),
        ))
    }

    async fn query_objects(
        &self,
        context: RequestContext,
        shell: Option<Shell>,
        joined: Option<Shell>,
        pipes: Option<Shell>,
        page: Option<Page>,
        json: Option<Shell>,
        rest: Option<BTreeMap<String, String>>,
    ) -> Result<Value, QueryObjectsError> {
        Ok(seen(context, json!([shell, joined, pipes, page, json, rest])))
    }

    async fn headers(
        &self,
        context: RequestContext,
        list: Option<Texts>,
        object: Option<Shell>,
        pairs: Option<Shell>,
        json: Option<Shell>,
    ) -> Result<Value, HeadersError> {
        Ok(seen(context, json!([list, object, pairs, json])))
    }

    async fn cookies(
        &self,
        context: RequestContext,
        scalar: Option<String>,
        list: Option<Texts>,
        joined: Option<Texts>,
        object: Option<Shell>,
    ) -> Result<Value, CookiesError> {
        Ok(seen(context, json!([scalar, list, joined, object])))
    }

    async fn events(&self, _: RequestContext) -> Result<Records<Event<String>>, EventsError> {
        let events = stream::unfold(1, |number| async move {
            if number == 2 {
                READ.notified().await;
            }
            let event = Ok::<_, std::io::Error>(Event::new(number.to_string()));
            (number < 3).then_some((event, number + 1))
        });
        Ok(Records::new(events))
    }

    async fn typed_events(
        &self,
        _: RequestContext,
        body: RecordReader<Event<Shell>>,
    ) -> Result<Records<Event<Shell>>, TypedEventsError> {
        Ok(streamed::all(body).await?.into())
    }

    async fn answers(&self, context: RequestContext) -> Result<AnswersSuccess, AnswersError> {
        streamed::negotiated(&context)
    }

    async fn record_lines(
        &self,
        _: RequestContext,
        body: RecordReader<Shell>,
    ) -> Result<Records<Shell>, RecordLinesError> {
        Ok(streamed::all(body).await?.into())
    }

    async fn record_sequence(
        &self,
        _: RequestContext,
        body: Option<RecordReader<Page>>,
    ) -> Result<(RecordSequenceResponseHeaders, Records<Page>), RecordSequenceError> {
        let all = match body {
            Some(body) => streamed::all(body).await?,
            None => Vec::new(),
        };
        let mut headers = RecordSequenceResponseHeaders::new();
        headers.x_total = i64::try_from(all.len()).ok();
        Ok((headers, all.into()))
    }

    async fn upload_picture(
        &self,
        _: RequestContext,
        body: UploadPictureParts,
    ) -> Result<Value, UploadPictureError> {
        parts::read(body).await
    }

    async fn closed_parts(
        &self,
        _: RequestContext,
        body: Option<ClosedPartsParts>,
    ) -> Result<(), ClosedPartsError> {
        if let Some(mut body) = body {
            while let Some(part) = body.next().await? {
                match part {
                    ClosedPartsPart::Flag(flag) => assert!(flag),
                    ClosedPartsPart::Shell(it) => assert_eq!(it, shell("red")),
                }
            }
        }
        Ok(())
    }

    async fn lines(&self, _: RequestContext, body: axum::body::Body) -> Result<axum::body::Body, LinesError> {
        Ok(body)
    }

    async fn outcome(&self, _: RequestContext, outcome: i64) -> Result<OutcomeSuccess, OutcomeError> {
        outcomes::respond(outcome)
    }

    async fn only_default(&self, _: RequestContext) -> Result<OnlyDefaultSuccess, OnlyDefaultError> {
        Ok(outcomes::default())
    }

    async fn encoded_form(&self, context: RequestContext, body: Encoded) -> Result<Value, EncodedFormError> {
        Ok(seen(context, json!(body)))
    }

    async fn form(&self, context: RequestContext, body: Order) -> Result<Value, FormError> {
        Ok(seen(context, json!(body)))
    }

    async fn add_order(&self, context: RequestContext, body: Order) -> Result<Value, AddOrderError> {
        Ok(seen(context, json!(body)))
    }

    async fn choose(&self, context: RequestContext, body: ChooseBody) -> Result<Value, ChooseError> {
        Ok(seen(context, choices::read(body).await?))
    }

    async fn choose_or_not(
        &self,
        context: RequestContext,
        body: Option<ChooseOrNotBody>,
    ) -> Result<Value, ChooseOrNotError> {
        let read = match body {
            Some(ChooseOrNotBody::Json(count)) => json!(["Json", count]),
            Some(ChooseOrNotBody::Text(text)) => json!(["Text", text]),
            _ => Value::Null,
        };
        Ok(seen(context, read))
    }

    async fn choose_anything(
        &self,
        context: RequestContext,
        body: ChooseAnythingBody,
    ) -> Result<Value, ChooseAnythingError> {
        let read = match body {
            ChooseAnythingBody::Json(value) => json!(["Json", value]),
            ChooseAnythingBody::Form(members) => json!(["Form", members]),
            ChooseAnythingBody::Text(text) => json!(["Text", text]),
            ChooseAnythingBody::Bytes(bytes) => json!(["Bytes", bytes.to_vec()]),
            other => panic!("{other:?}"),
        };
        Ok(seen(context, read))
    }

    async fn choose_body(&self, _: RequestContext) -> Result<(), ChooseBodyError> {
        Ok(())
    }

    async fn add_user(&self, _: RequestContext, body: User) -> Result<User, AddUserError> {
        assert_eq!((body.id, body.password.as_deref()), (None, Some("secret")));
        Ok(User::for_response("1", body.name))
    }
}

fn shell(hue: &str) -> Shell {
    let mut shell = Shell::default();
    shell.hue = Some(hue.to_owned());
    shell.weight = Some(1.5);
    shell.count = Some(-2);
    shell.old = Some(true);
    shell
}

fn owned(texts: &[&str]) -> Texts {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = loopback_server::router(Arc::new(Echo)).into_router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let client = Client::new(&url);
    texts_of_rfc_6570(&client).await;
    let mut rejected = 0;
    for one in TEXTS {
        for list in [owned(&[one]), owned(&[one, "b"]), owned(&["", one]), Vec::new()] {
            rejected += lists(&client, &list).await;
        }
        rejected += objects(&client, &shell(one)).await;
    }
    // What a style cannot carry is an error before anything is sent.
    assert_eq!(rejected, 141, "more or fewer values are rejected by the client than before");
    println!("{rejected} values cannot be sent");
    streamed::arrive(&client, &url).await;
    apart::arrive(&client).await;
    parts::arrive(&client, &url).await;
    outcomes::arrive(&client).await;
    choices::arrive(&client, &url).await;
    typed::arrive(&client, &url).await;
    routes::arrive(&client, &url).await;
    secured::arrive(&client, &url).await;
    guarded::stay().await;
    several::arrive().await;
    values::arrive().await;
    brackets::arrive(&client, &url).await;
    let rejected = forms::arrive(&client, &url).await;
    // Spaces separate the items of one member, and pipes those of another; three of the texts have some.
    assert_eq!(rejected, 3, "more or fewer members of forms are rejected by the client than before");
    order_in_any_form(&client, &url).await;
    let user = client.add_user(User::new("Ada", "secret")).send().await.unwrap().into_inner();
    assert_eq!(json!(user), json!({"id": "1", "name": "Ada"}));
}

/// One value in several media types: the client sends the preferred one, the server reads all.
async fn order_in_any_form(client: &Client, url: &str) {
    let mut order = Order::new("x");
    order.limit = Some(7);
    let response = client.add_order(order.clone()).send().await;
    assert_eq!(compare("an order", response, json!(order)), 0);
    let json = json!(order).to_string();
    for (media_type, body, status) in [
        ("application/json", json.as_str(), 200),
        ("application/vnd.order+json; charset=utf-8", json.as_str(), 200),
        ("application/x-www-form-urlencoded", "to=x&limit=7", 200),
        ("application/x-www-form-urlencoded", "to=x&limit=many", 400),
        ("application/xml", "<to>x</to>", 415),
    ] {
        let request = reqwest::Client::new().post(format!("{url}/orders"));
        let request = request.header("content-type", media_type).body(body.to_owned());
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{media_type}");
        let text = response.text().await.unwrap();
        if status == 200 {
            let seen: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(seen["read"], json!(order), "{media_type}");
        }
    }
}

/// Compares what was read with what was sent, where it could be sent.
fn compare<E: std::fmt::Debug>(
    what: &str,
    response: Result<loopback_client::ResponseValue<Value>, loopback_client::Error<E>>,
    sent: Value,
) -> usize {
    match response {
        Ok(response) => {
            let response = response.into_inner();
            assert_eq!(response["read"], sent, "{what}: {response}");
            0
        }
        Err(loopback_client::Error::InvalidRequest(_)) => 1,
        Err(error) => panic!("{what} of {sent}: {error:?}"),
    }
}

async fn lists(client: &Client, list: &Texts) -> usize {
    let mut rejected = 0;
    // Each style by itself, since one that cannot carry the values stops the whole call.
    let plain = owned(&["x"]);
    for at in 0..5 {
        let of = |index: usize| if index == at { list.clone() } else { plain.clone() };
        let response = client.path_lists(of(0), of(1), of(2), of(3), of(4)).send().await;
        rejected += compare("a path", response, json!([of(0), of(1), of(2), of(3), of(4)]));
    }
    // An empty list in a query is no pair at all where items stand by themselves.
    let read = |list: &Texts| if list.is_empty() { Value::Null } else { json!(list) };
    let l = || list.clone();
    let none = Value::Null;
    for at in 0..6 {
        let call = client.query_lists();
        let call = match at {
            0 => call.repeated(l()),
            1 => call.joined(l()),
            2 => call.pipes(l()),
            3 => call.spaces(l()),
            4 => call.kind(l()),
            _ => call.reserved_list(l()),
        };
        let mut sent = vec![none.clone(); 8];
        sent[[0, 1, 3, 4, 5, 7][at]] = read(list);
        rejected += compare("a query", call.send().await, json!(sent));
    }
    if let [one] = list.as_slice() {
        let sent = json!([none, none, none, none, none, none, one, none]);
        rejected += compare("a query", client.query_lists().reserved(one).send().await, sent);
        let sent = json!([one, none, none, none]);
        rejected += compare("a cookie", client.cookies().scalar(one).send().await, sent);
    }
    let sent = json!([none, read(list), none, none]);
    rejected += compare("a cookie", client.cookies().list(l()).send().await, sent);
    let sent = json!([none, none, read(list), none]);
    rejected += compare("a cookie", client.cookies().joined(l()).send().await, sent);
    if !list.is_empty() {
        let sent = json!([list, none, none, none]);
        rejected += compare("a header", client.headers().x_list(l()).send().await, sent);
    }
    let mut order = Order::new("x");
    order.media = Some(l()).filter(|list| !list.is_empty());
    rejected + compare("a form", client.form(order.clone()).send().await, json!(order))
}

async fn objects(client: &Client, shell: &Shell) -> usize {
    let mut rejected = 0;
    let s = || shell.clone();
    let response = client.path_objects(s(), s(), s(), s(), s(), s()).send().await;
    rejected += compare("a path", response, json!([s(), s(), s(), s(), s(), s()]));
    let matrix = shell.hue.clone().unwrap_or_default();
    let response = client.path_scalars(7, &matrix, s()).send().await;
    rejected += compare("a path", response, json!([7, matrix, s()]));
    let mut page = Page::default();
    page.size = Some(2);
    page.after = shell.hue.clone();
    page.tags = shell.hue.clone().map(|hue| vec![hue, "b".to_owned()]);
    let rest = BTreeMap::from([("free".to_owned(), matrix.clone())]);
    let call = client.query_objects();
    let call = call.shell(s()).joined(s()).pipes(s()).page(page.clone()).json(s()).rest(rest.clone());
    // The names of the object that is spread are names of the query too.
    let mut all = rest.clone();
    all.extend([("hue", matrix.as_str()), ("weight", "1.5"), ("count", "-2"), ("old", "true")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    rejected += compare("a query", call.send().await, json!([s(), s(), s(), page, s(), all]));
    let response = client.headers().x_object(s()).x_pairs(s()).send().await;
    rejected += compare("headers", response, json!([null, s(), s(), null]));
    let response = client.headers().x_json(s()).send().await;
    rejected += compare("headers", response, json!([null, null, null, s()]));
    let response = client.cookies().object(s()).send().await;
    rejected += compare("cookies", response, json!([null, null, null, s()]));
    let mut order = Order::new(&matrix);
    order.card = Some(s());
    order.note = Some(page);
    order.limit = Some(3);
    rejected + compare("a form", client.form(order.clone()).send().await, json!(order))
}

/// The texts that RFC 6570, section 3.2, and OpenAPI's table of style values give for these values.
async fn texts_of_rfc_6570(client: &Client) {
    let list = || owned(&["red", "a,b"]);
    let uri = |response: &Value| response["uri"].as_str().unwrap().to_owned();
    let response = client.path_lists(list(), list(), list(), list(), list()).send().await.unwrap();
    assert_eq!(
        uri(&response),
        "/lists/red,a%2Cb/.red,a%2Cb/.red.a%2Cb/;matrix=red;matrix=a%2Cb/;joined=red,a%2Cb"
    );
    let mut shell = Shell::default();
    shell.hue = Some("red".to_owned());
    shell.count = Some(2);
    let s = || shell.clone();
    let response = client.path_objects(s(), s(), s(), s(), s(), s()).send().await.unwrap();
    assert_eq!(
        uri(&response),
        "/objects/count,2,hue,red/count=2,hue=red/.count,2,hue,red/.count=2.hue=red/;count=2;hue=red/\
         ;joined=count,2,hue,red"
    );
    let call = client.query_lists();
    let call = call.repeated(list()).joined(list()).numbers(vec![1, 2]).pipes(owned(&["a", "b"]));
    let call = call.spaces(owned(&["a", "b"])).kind(owned(&["big"])).reserved("a/b?c&d");
    let response = call.send().await.unwrap();
    let text = uri(&response);
    let pairs: Vec<&str> = text.split_once('?').unwrap().1.split('&').collect();
    assert_eq!(
        pairs,
        [
            "repeated=red", "repeated=a%2Cb", "joined=red,a%2Cb", "numbers=1,2", "pipes=a|b", "spaces=a%20b",
            "kind%5B%5D=big", "reserved=a/b?c%26d",
        ]
    );
    // Section 3.2.8: a space is `%20`, and only what is never reserved is not encoded.
    let spaced = client.query_lists().repeated(owned(&["a b", "~+*'"])).reserved("a b").send().await.unwrap();
    assert_eq!(uri(&spaced), "/query?repeated=a%20b&repeated=~%2B%2A%27&reserved=a%20b");
    // Another reader of queries finds the same names.
    let parsed = url::Url::parse(&format!("http://x{text}")).unwrap();
    let names: Vec<String> = parsed.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names.iter().filter(|name| *name == "repeated").count(), 2);
    assert!(names.contains(&"kind[]".to_owned()));
    let mut page = Page::default();
    page.size = Some(2);
    page.after = Some("x".to_owned());
    let response = client.query_objects().shell(s()).page(page).send().await.unwrap();
    assert_eq!(uri(&response), "/query/objects?count=2&hue=red&page[after]=x&page[size]=2");
    let response = client.cookies().scalar("a;b").list(list()).object(s()).send().await.unwrap();
    assert_eq!(response["cookie"], "scalar=a%3Bb; list=red; list=a%2Cb; object=count,2,hue,red");
    let response = client.headers().x_list(owned(&["a", "b"])).x_object(s()).x_pairs(s()).send().await.unwrap();
    assert_eq!(response["list"], "a,b");
    assert_eq!(response["object"], "count,2,hue,red");
    assert_eq!(response["pairs"], "count=2,hue=red");
}
