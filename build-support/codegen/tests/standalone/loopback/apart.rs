//! Maps whose members stand by themselves in a query: a member cannot have the name of a parameter.

use super::{Echo, TEXTS, Texts, compare, seen};
use loopback_client::{Client, Error};
use loopback_server::support::RequestContext;
use loopback_server::*;
use loopback_types::{Page, Shell, Spread};
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Map = BTreeMap<String, String>;

impl ApartApi for Echo {
    async fn apart_query(
        &self,
        context: RequestContext,
        page: Option<i64>,
        tags: Option<Texts>,
        deep: Option<Page>,
        shell: Option<Shell>,
        rest: Option<Map>,
    ) -> Result<Value, ApartQueryError> {
        Ok(seen(context, json!([page, tags, deep, shell, rest])))
    }

    async fn apart_cookies(
        &self,
        context: RequestContext,
        scalar: Option<String>,
        rest: Option<Map>,
    ) -> Result<Value, ApartCookiesError> {
        Ok(seen(context, json!([scalar, rest])))
    }

    async fn apart_headers(
        &self,
        context: RequestContext,
        pairs: Option<Map>,
        object: Option<Map>,
        text: Option<String>,
    ) -> Result<Value, ApartHeadersError> {
        Ok(seen(context, json!([pairs, object, text])))
    }

    async fn apart_form(&self, context: RequestContext, body: Spread) -> Result<Value, ApartFormError> {
        Ok(seen(context, json!(body)))
    }
}

fn map(key: &str) -> Map {
    Map::from([(key.to_owned(), "9".to_owned())])
}

pub async fn arrive(client: &Client) {
    for key in ["page", "page[x]", "tags", "deep", "deep[size]", "deep[x]", "hue", "rest", "rest[x]", "api key"] {
        stays_here(client.apart_query().rest(map(key)).send().await, key);
    }
    for key in ["pages", "Page", "size", "[page]", "a&page=1", "page=1", "%70age", "x[page]", "a b"] {
        let response = client.apart_query().rest(map(key)).send().await;
        assert_eq!(compare("a query", response, json!([null, null, null, null, map(key)])), 0);
    }
    for key in ["scalar", "rest"] {
        stays_here(client.apart_cookies().rest(map(key)).send().await, key);
    }
    for key in ["other", "a; scalar=1", "scalar=1"] {
        let response = client.apart_cookies().rest(map(key)).send().await;
        assert_eq!(compare("a cookie", response, json!([null, map(key)])), 0);
    }
    for key in ["a=b", "=", "a,b", " a"] {
        stays_here(client.apart_headers().x_pairs(map(key)).send().await, key);
    }
    let mut rejected = 0;
    for text in TEXTS {
        let response = client.apart_headers().x_pairs(map(text)).send().await;
        rejected += compare("a header", response, json!([map(text), null, null]));
        let response = client.apart_headers().x_object(map(text)).send().await;
        rejected += compare("a header", response, json!([null, map(text), null]));
        let response = client.apart_headers().x_text(*text).send().await;
        rejected += compare("a header", response, json!([null, null, text]));
    }
    assert_eq!(rejected, 11, "more or fewer names are rejected by the client than before");
    for key in ["name", "more", "name[x]"] {
        let mut form = Spread::default();
        form.more = Some(map(key));
        stays_here(client.apart_form(form).send().await, key);
    }
}

/// It is an error before anything is sent.
fn stays_here<T: std::fmt::Debug, E: std::fmt::Debug>(sent: Result<T, Error<E>>, key: &str) {
    assert!(matches!(sent, Err(Error::InvalidRequest(_))), "`{key}`: {sent:?}");
}
