//! Credentials do not follow a redirection to another host.

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::response::Redirect;
use axum::routing::get;
use guarded_client::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub async fn stay() {
    let far = serve(Router::new()).await;
    let router = Router::new();
    let router = router.route("/far/held", get(move || async move { Redirect::temporary(&format!("{far}/held")) }));
    let near = serve(router.route("/near/held", get(|| async { Redirect::temporary("/held") }))).await;

    let client = |base: &str| Client::new(&format!("{near}/{base}")).with_header_key("k");
    let followed = client("near").held().send().await.unwrap();
    assert_eq!(*followed, json!(["k", null]));
    let stopped = client("far").held().send().await.unwrap_err();
    assert_eq!(stopped.status().map(|status| status.as_u16()), Some(307), "{stopped:?}");
    let client = Client::new(&format!("{near}/far")).with_query_key("k");
    assert!(client.held().send().await.is_err(), "the address with its key is said to another host");
}

/// A server whose `/held` says which credentials came, and where it is.
async fn serve(router: Router) -> String {
    let held = |headers: HeaderMap, uri: Uri| async move {
        let key = headers.get("x-key").map(|key| key.to_str().unwrap().to_owned());
        axum::Json::<Value>(json!([key, uri.query()]))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router.route("/held", get(held))).await.unwrap() });
    url
}
