//! Programmes through the control plane.

use serde_json::json;

use super::Plane;
use crate::common::{Stage, text};

#[tokio::test]
async fn programmes_are_created_listed_and_dropped() {
    let stage = Stage::with(|settings| settings.max_programmes = 2).await;
    let mut plane = Plane::of(&stage);
    let one = json!({"name": "job-1"});
    let made = plane
        .with("POST", "/programmes", one.clone())
        .await
        .expect(201);
    let base_url = text(&made, "baseUrl");
    let origin = stage.caller.base_url.origin().ascii_serialization();
    assert_eq!(base_url, format!("{origin}/programmes/job-1/v1"));
    plane.with("POST", "/programmes", one).await.rejected(409);
    let two = plane
        .with("POST", "/programmes", json!({"name": "job-2"}))
        .await;
    assert_ne!(two.expect(201)["apiSecret"], made["apiSecret"]);
    let full = plane
        .with("POST", "/programmes", json!({"name": "job-3"}))
        .await;
    assert!(full.rejected(409).contains("drop one"), "{}", full.text);
    for (name, expected) in [
        ("default", "choose another"),
        ("../up", "does not match"),
        ("Job", "does not match"),
        ("-", "does not match"),
        ("a-", "does not match"),
        (&"x".repeat(41), "longer"),
    ] {
        let response = plane
            .with("POST", "/programmes", json!({"name": name}))
            .await;
        let problem = response.expect(400).to_string();
        assert!(problem.contains(expected), "{name}: {problem}");
    }

    // Its credentials are good there, and nowhere else.
    let http = reqwest::Client::new();
    for (base, expected) in [
        (base_url.as_str(), 200),
        (stage.caller.base_url.as_str(), 401),
    ] {
        let login = json!({"apiKey": made["apiKey"], "apiSecret": made["apiSecret"]});
        let asked = http.post(format!("{base}/auth/token")).json(&login);
        assert_eq!(asked.send().await.unwrap().status(), expected, "{base}");
    }

    // It has a control plane of its own, behind the same guard.
    let plane_of_it = base_url.replace("/v1", "/_sandbox");
    let cards = format!("{plane_of_it}/cards");
    let add = || http.post(&cards).json(&json!({"number": 3}));
    assert_eq!(add().send().await.unwrap().status(), 201);
    let foreign = add().header("origin", "http://evil.example");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    let own = stage.caller.get("/cards").await.expect(200);
    assert_eq!(own, json!([]), "they are the programme's");
    let nested = http
        .post(format!("{plane_of_it}/programmes"))
        .json(&json!({"name": "a"}));
    assert_eq!(nested.send().await.unwrap().status(), 400);
    let page = http
        .get(format!("{plane_of_it}/ui/cards"))
        .send()
        .await
        .unwrap();
    let page = page.text().await.unwrap();
    assert!(
        page.contains("href=\"/programmes/job-1/_sandbox/ui/customers\""),
        "{page}"
    );
    assert!(!page.contains("=\"/_sandbox/"), "{page}");

    let listed = plane.call("GET", "/programmes").await.expect(200);
    let second = base_url.replace("job-1", "job-2");
    assert_eq!(
        listed,
        json!([{"name": "job-1", "baseUrl": base_url}, {"name": "job-2", "baseUrl": second}])
    );
    plane.call("DELETE", "/programmes/job-1").await.expect(204);
    plane
        .call("DELETE", "/programmes/job-1")
        .await
        .rejected(404);
    let gone = http.get(format!("{base_url}/cards")).send().await.unwrap();
    assert_eq!(gone.status(), 404);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_call_under_way_is_told_that_its_programme_was_dropped() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let made = plane
        .with("POST", "/programmes", json!({"name": "job"}))
        .await;
    let base_url = text(&made.expect(201), "baseUrl");
    let http = reqwest::Client::new();
    let slow = json!({"kind": "latency", "milliseconds": 1_000});
    let faults = base_url.replace("/v1", "/_sandbox/faults");
    let added = http.post(faults).json(&slow).send().await.unwrap();
    assert_eq!(added.status(), 201);
    let login = json!({"apiKey": made.json()["apiKey"], "apiSecret": made.json()["apiSecret"]});
    let call = http
        .post(format!("{base_url}/auth/token"))
        .json(&login)
        .send();
    let call = tokio::spawn(call);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    plane.call("DELETE", "/programmes/job").await.expect(204);
    let response = call.await.unwrap().unwrap();
    assert_eq!(response.status(), 404);
    let problem = response.text().await.unwrap();
    assert!(
        problem.contains("the programme job was dropped"),
        "{problem}"
    );
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn what_a_programme_shows_and_says_names_it() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let made = plane
        .with("POST", "/programmes", json!({"name": "job-1"}))
        .await;
    let plane_of_it = text(&made.expect(201), "baseUrl").replace("/v1", "/_sandbox");
    let http = reqwest::Client::new();
    let get = async |path: &str| {
        let response = http.get(format!("{plane_of_it}{path}")).send().await;
        response.unwrap().text().await.unwrap()
    };
    // Its pages say whose they are, and how to go back.
    let page = get("/ui/cards").await;
    assert!(
        page.contains("<title>Cards · job-1 · OffBlocks sandbox</title>"),
        "{page}"
    );
    assert!(page.contains("programme <strong>job-1</strong>"), "{page}");
    assert!(
        page.contains("<a href=\"/\">← Back to the sandbox</a>"),
        "{page}"
    );
    let page = get("/ui/programmes").await;
    assert!(page.contains("has no programmes of its own"), "{page}");
    assert!(!page.contains("There are no programmes"), "{page}");
    let problem = get("/clocks").await;
    assert!(
        problem.contains("the nearest is /programmes/job-1/_sandbox/clock\""),
        "{problem}"
    );
    let problem = get("/nope").await;
    assert!(!problem.contains("nearest"), "{problem}");
    plane.finish();
    stage.stop().await;
}
