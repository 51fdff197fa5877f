//! Forms whose members are written as their encoding says.

use super::{TEXTS, compare, owned, shell};
use loopback_client::Client;
use loopback_types::{Encoded, Page};
use serde_json::json;

/// How many values cannot be sent.
pub async fn arrive(client: &Client, url: &str) -> usize {
    as_written(url).await;
    let mut rejected = 0;
    for text in TEXTS {
        let list = owned(&[text, "b", text]);
        // Each member by itself, since one that cannot carry a value stops the whole call.
        for at in 0..8 {
            let mut form = Encoded::default();
            match at {
                0 => form.commas = Some(list.clone()),
                1 => form.pipes = Some(list.clone()),
                2 => form.spaces = Some(list.clone()),
                3 => form.repeated = Some(list.clone()),
                4 => form.json = Some(list.clone()),
                5 => form.joined = Some(shell(text)),
                6 => form.spread = Some(shell(text)),
                _ => {
                    let mut page = Page::default();
                    page.after = Some((*text).to_owned());
                    page.tags = Some(list.clone());
                    form.deep = Some(page);
                }
            }
            let response = client.encoded_form(form.clone()).send().await;
            rejected += compare("a form", response, json!(form));
        }
    }
    rejected
}

/// The texts of RFC 6570 for these styles.
async fn as_written(url: &str) {
    let body = "commas=a,b%2Cc&pipes=a|b&spaces=a%20b&repeated=a&repeated=b&json=%5B%22a%22%5D&\
                joined=hue,red,count,2&hue=blue&old=true&deep%5Bsize%5D=1&deep[tags]=x&deep[tags]=y";
    let request = reqwest::Client::new().post(format!("{url}/form/encoded"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = request.send().await.unwrap().text().await.unwrap();
    let read: serde_json::Value = serde_json::from_str(&response).unwrap();
    assert_eq!(
        read["read"],
        json!({
            "commas": ["a", "b,c"],
            "pipes": ["a", "b"],
            "spaces": ["a", "b"],
            "repeated": ["a", "b"],
            "json": ["a"],
            "joined": { "hue": "red", "count": 2 },
            "spread": { "hue": "blue", "old": true },
            "deep": { "size": 1, "tags": ["x", "y"] },
        }),
        "{response}"
    );
}
