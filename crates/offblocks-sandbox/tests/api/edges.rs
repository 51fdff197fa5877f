//! HTTP at its edges: hosts, slow and hostile clients, early rejections.

use std::time::Duration;

use offblocks_sandbox::Settings;
use tokio::io::AsyncWriteExt as _;

use crate::common::{LocalWallet, Raw, Stage, card, signed, status, text};
use serde_json::json;

const TOKEN: &str =
    "POST /v1/auth/token HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n")
}

#[tokio::test]
async fn a_page_of_a_stranger_gets_nothing_on_any_path() {
    let allow =
        |settings: &mut Settings| settings.allowed_hosts = vec!["sandbox.test".parse().unwrap()];
    let stage = Stage::with(allow).await;
    let url = &stage.caller.base_url;
    for path in ["/v1/cards", "/", "/nowhere", "/v1/auth/token"] {
        let mut raw = Raw::to(url).await;
        raw.send(get(path, "host: evil.example\r\n")).await;
        let said = raw.rest().await;
        assert_eq!(status(&said), 421, "{path}");
        assert!(said.contains("--allow-host evil.example"), "{said}");
        assert!(said.contains("x-request-id"), "{said}");
    }
    for (headers, expected) in [
        ("host: sandbox.test\r\n", 401),
        ("host: [::1]:9\r\n", 401),
        ("host: LOCALHOST.\r\n", 401),
        ("", 400),
        ("host: localhost\r\nhost: localhost\r\n", 400),
        ("host: \r\n", 400),
        ("host: localhost@evil.example\r\n", 400),
    ] {
        assert_eq!(
            Raw::status(url, get("/v1/cards", headers)).await,
            expected,
            "{headers}"
        );
    }
    let absolute = get("http://evil.example/v1/cards", "host: localhost\r\n");
    assert_eq!(Raw::status(url, absolute).await, 421);
    assert_eq!(
        Raw::status(url, "GET /v1/cards HTTP/1.0\r\n\r\n").await,
        401
    );
    stage.stop().await;
}

/// By RFC 9112, section 3, however much longer it is; a head that is too long is a 431.
#[tokio::test]
async fn a_target_that_is_too_long_is_a_414() {
    let stage = Stage::new().await;
    let url = &stage.caller.base_url;
    let target = |length: usize| {
        let path = "/v1/cards?x=";
        format!("{path}{}", "y".repeat(length - path.len()))
    };
    for (length, expected) in [
        (8_000, 401),
        (8_001, 414),
        (20_000, 414),
        (33_000, 414),
        (70_000, 414),
        (500_000, 414),
    ] {
        let mut raw = Raw::to(url).await;
        raw.send(get(&target(length), "host: localhost\r\n")).await;
        let said = raw.rest().await;
        assert_eq!(status(&said), expected, "{length}: {said}");
        let told = said.contains("more than 8000 bytes: shorten it");
        assert_eq!(told, expected == 414, "{length}: {said}");
    }
    let header = format!("host: localhost\r\nx: {}\r\n", "y".repeat(60_000));
    assert_eq!(Raw::status(url, get("/v1/cards", &header)).await, 431);
    stage.stop().await;
}

#[tokio::test]
async fn methods_that_are_not_declared_are_405_everywhere() {
    let stage = Stage::new().await;
    let url = &stage.caller.base_url;
    for (line, expected) in [
        ("OPTIONS /v1/cards", 405),
        ("HEAD /v1/cards", 405),
        ("TRACE /v1/cards", 405),
        ("BREW /v1/cards", 405),
        ("OPTIONS *", 204),
        ("CONNECT localhost:80", 404),
    ] {
        let request = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut raw = Raw::to(url).await;
        raw.send(request).await;
        let said = raw.rest().await;
        assert_eq!(status(&said), expected, "{line}: {said}");
        if line.starts_with("HEAD") {
            assert!(said.ends_with("\r\n\r\n"), "no body follows a HEAD: {said}");
        }
        if expected == 405 {
            assert!(said.contains("\r\nallow: GET\r\n"), "{said}");
        }
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_client_that_closes_its_half_gets_its_response() {
    let stage = Stage::new().await;
    let mut raw = Raw::to(&stage.caller.base_url).await;
    raw.send("GET /v1/cards HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    raw.0.shutdown().await.unwrap();
    assert_eq!(status(&raw.rest().await), 401);
    let mut raw = Raw::to(&stage.caller.base_url).await;
    let body = r#"{"apiKey": "11111111-2222-4333-8444-555555555555", "apiSecret": "x"}"#;
    raw.send(format!(
        "{TOKEN}content-length: {}\r\n\r\n{body}",
        body.len()
    ))
    .await;
    raw.0.shutdown().await.unwrap();
    assert_eq!(
        status(&raw.rest().await),
        401,
        "the secret is hashed meanwhile"
    );
    stage.stop().await;
}

#[tokio::test]
async fn a_client_that_is_still_sending_sees_the_rejection() {
    let stage = Stage::new().await;
    let url = &stage.caller.base_url;
    for (request, length, expected) in [
        (
            "POST /v1/customers HTTP/1.1\r\nhost: localhost\r\n",
            900_000,
            401,
        ),
        (
            "POST /v1/customers HTTP/1.1\r\nhost: localhost\r\n",
            5_000_000,
            401,
        ),
        (
            "POST /v1/nowhere HTTP/1.1\r\nhost: localhost\r\n",
            2_000_000,
            404,
        ),
        (
            "POST /v1/cards HTTP/1.1\r\nhost: evil.example\r\n",
            2_000_000,
            421,
        ),
        (TOKEN, 3_000_000, 413),
    ] {
        let mut raw = Raw::to(url).await;
        raw.send(format!("{request}content-length: {length}\r\n\r\n"))
            .await;
        // It sends all before it reads, as simple clients do.
        raw.send(vec![b'x'; length]).await;
        let said = raw.rest().await;
        assert_eq!(status(&said), expected, "{request}");
        assert!(said.contains("\r\nconnection: close\r\n"), "{said}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_client_that_waits_for_a_100_gets_the_rejection_instead() {
    let stage = Stage::new().await;
    let mut raw = Raw::to(&stage.caller.base_url).await;
    raw.send(
        "POST /v1/customers HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n\
         content-length: 99\r\n\r\n",
    )
    .await;
    assert_eq!(status(&raw.rest().await), 401);
    let other = get("/v1/cards", "host: localhost\r\nexpect: 200-ok\r\n");
    assert_eq!(Raw::status(&stage.caller.base_url, other).await, 417);
    stage.stop().await;
}

/// RFC 9112, section 6.1.
#[tokio::test]
async fn transfer_codings_that_are_not_read_are_a_501() {
    let stage = Stage::new().await;
    for (codings, expected) in [
        ("transfer-encoding: chunked", 400),
        ("transfer-encoding: Chunked", 400),
        ("transfer-encoding: gzip, chunked", 501),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked", 501),
    ] {
        let request =
            format!("{TOKEN}{codings}\r\nconnection: close\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
        let mut raw = Raw::to(&stage.caller.base_url).await;
        raw.send(request).await;
        assert_eq!(status(&raw.rest().await), expected, "{codings}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn slow_clients_are_given_up() {
    let stage = Stage::with(|settings| {
        settings.limits.head_timeout = Duration::from_millis(20);
        settings.limits.idle_timeout = Duration::from_millis(40);
        settings.limits.body_idle_timeout = Duration::from_millis(20);
    })
    .await;
    let url = &stage.caller.base_url;
    let mut silent = Raw::to(url).await;
    assert_eq!(silent.rest().await, "", "nothing was asked");
    let mut slow = Raw::to(url).await;
    slow.send("GET /v1/cards HTTP/1.1\r\nhost: local").await;
    assert_eq!(status(&slow.rest().await), 408);
    let mut half = Raw::to(url).await;
    half.send(format!("{TOKEN}content-length: 100\r\n\r\n{{"))
        .await;
    assert_eq!(status(&half.rest().await), 408);
    let mut kept = Raw::to(url).await;
    kept.send("GET /v1/cards HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await;
    assert_eq!(status(&kept.rest().await), 401, "and then it is closed");
    stage.stop().await;
}

#[tokio::test]
async fn a_body_in_small_pieces_has_a_total_time() {
    let stage = Stage::with(|settings| {
        settings.limits.body_timeout = Duration::from_millis(40);
    })
    .await;
    let mut raw = Raw::to(&stage.caller.base_url).await;
    raw.send(format!("{TOKEN}content-length: 10000\r\n\r\n"))
        .await;
    let (mut read, mut write) = raw.0.split();
    let drip = async {
        let mut pause = tokio::time::interval(Duration::from_millis(5));
        loop {
            pause.tick().await;
            if write.write_all(b" ").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut first = [0; 12];
    tokio::select! {
        () = drip => (),
        read = tokio::io::AsyncReadExt::read_exact(&mut read, &mut first) => drop(read.unwrap()),
    }
    assert_eq!(&first, b"HTTP/1.1 408");
    stage.stop().await;
}

/// As many as a process may usually have open files, on both ends of them.
#[tokio::test]
async fn idle_connections_make_room_for_new_clients() {
    let stage = Stage::with(|settings| settings.limits.connections = 64).await;
    let url = &stage.caller.base_url;
    let mut idle = Vec::new();
    for number in 0..1_100 {
        let mut raw = Raw::to(url).await;
        // A third has sent nothing, a third half a head, a third is kept alive.
        match number % 3 {
            0 => (),
            1 => raw.send("GET /v1/ca").await,
            _ => {
                raw.send("GET /v1/cards HTTP/1.1\r\nhost: localhost\r\n\r\n")
                    .await;
                assert_eq!(status(&raw.head().await), 401);
            }
        }
        idle.push(raw);
        if idle.len() > 400 {
            idle.remove(0);
        }
    }
    stage.caller.get("/cards").await.expect(200);
    assert_eq!(
        Raw::status(url, get("/v1/cards", "host: localhost\r\n")).await,
        401
    );
    stage.stop().await;
}

#[tokio::test]
async fn when_all_are_busy_a_new_client_is_told_so_and_the_others_are_served() {
    let stage = Stage::with(|settings| {
        settings.limits.connections = 4;
        settings.patience = Duration::from_millis(10);
    })
    .await;
    let url = &stage.caller.base_url;
    let body = r#"{"apiKey": "11111111-2222-4333-8444-555555555555", "apiSecret": "x"}"#;
    let mut busy = Vec::new();
    for _ in 0..4 {
        let mut raw = Raw::to(url).await;
        let length = body.len();
        raw.send(format!(
            "{TOKEN}expect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
        ))
        .await;
        // Once the server asks for the body it is busy with the request.
        assert_eq!(status(&raw.head().await), 100);
        busy.push(raw);
    }
    let mut surplus = Raw::to(url).await;
    surplus.send(get("/v1/cards", "host: localhost\r\n")).await;
    let said = surplus.rest().await;
    assert_eq!(status(&said), 503);
    assert!(said.contains("retry-after: 1"), "{said}");
    for raw in &mut busy {
        raw.send(body).await;
        assert_eq!(status(&raw.head().await), 401);
    }
    assert_eq!(
        Raw::status(url, get("/v1/cards", "host: localhost\r\n")).await,
        401
    );
    stage.stop().await;
}

#[tokio::test]
async fn bodies_of_strangers_are_bounded_one_by_one_and_in_sum() {
    let stage = Stage::with(|settings| {
        settings.limits.body_bytes = 40_000;
        settings.patience = Duration::from_millis(10);
    })
    .await;
    let url = &stage.caller.base_url;
    let big = format!("{TOKEN}content-length: 16385\r\nconnection: close\r\n\r\n");
    assert_eq!(Raw::status(url, big).await, 413);
    let (mut held, mut full) = (Vec::new(), 0);
    for _ in 0..128 {
        let mut raw = Raw::to(url).await;
        raw.send(format!("{TOKEN}content-length: 16000\r\n\r\n"))
            .await;
        raw.send(vec![b' '; 15_000]).await;
        let mut first = [0; 12];
        let told = tokio::time::timeout(Duration::from_millis(10), async {
            tokio::io::AsyncReadExt::read_exact(&mut raw.0, &mut first).await
        });
        match told.await {
            Ok(read) => {
                read.unwrap();
                assert_eq!(&first, b"HTTP/1.1 503");
                full += 1;
            }
            Err(_) => held.push(raw),
        }
    }
    assert_eq!(
        (held.len(), full),
        (2, 126),
        "only two of them fit into the room for bodies"
    );
    drop(held);
    stage.caller.get("/cards").await.expect(200);
    stage.stop().await;
}

#[tokio::test]
async fn ids_texts_and_addresses_are_bounded() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let wallet = LocalWallet::numbered(1);
    let chain_id = wallet.owner().to_string();
    let flipped = chain_id.chars().map(|letter| match letter {
        'a'..='f' => letter.to_ascii_uppercase(),
        'A'..='F' => letter.to_ascii_lowercase(),
        other => other,
    });
    let flipped = flipped.collect::<String>().replace("EiP155", "eip155");
    let wrong = flipped.replacen("Eip155", "eip155", 1);
    for (chain_id, external_id, reason) in [
        (&wrong, "customer-1".to_owned(), "checksum"),
        (&chain_id, "x".repeat(256), "longer than 255"),
        (&chain_id, "x".repeat(500_000), "longer than 255"),
        (&chain_id, "a\u{0}b".to_owned(), "control character"),
        (&chain_id, "a\nb".to_owned(), "control character"),
    ] {
        let body = json!({"chainId": chain_id, "externalId": external_id});
        let detail = caller.post("/customers", body).await.rejected(400);
        assert!(detail.contains(reason), "{detail}");
    }
    let customer = caller.new_customer(&wallet, &"ü".repeat(255)).await;
    let mut signature = signed(&wallet, &customer);
    signature["ownerId"] = wrong.into();
    let sign = format!("/customers/{}/challenge/sign", text(&customer, "id"));
    let detail = caller.post(&sign, signature).await.rejected(400);
    assert!(detail.contains("checksum"), "{detail}");
    caller
        .post(&sign, signed(&wallet, &customer))
        .await
        .expect(204);

    let nobody = "/accounts/11111111-2222-4333-8444-555555555555/cards";
    for (part, value, reason) in [
        ("country", "gb", "ISO 3166-1"),
        ("country", "United Kingdom", "ISO 3166-1"),
        ("country", "G1", "ISO 3166-1"),
        ("city", "Bris\u{7}tol", "control character"),
        ("firstLine", &"x".repeat(256), "longer than 255"),
        ("firstLine", "", "/billingAddress/firstLine is empty"),
        ("city", " ", "/billingAddress/city is empty"),
    ] {
        let mut body = card();
        body["billingAddress"][part] = value.into();
        let response = caller.post(nobody, body).await;
        let detail = response.rejected(400);
        assert!(detail.contains(reason), "{detail}");
        let pointer = format!("/billingAddress/{part}");
        assert_eq!(response.json()["pointer"], pointer);
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_wrong_signature_is_explained_on_loopback() {
    let stage = Stage::new().await;
    let call = stage.caller.call("GET", "/cards");
    let response = call.send_changed(|headers| {
        let other = "sig=(\"@method\" \"@authority\" \"@path\");keyid=\"2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c\"";
        headers.insert("signature-input", other.parse().unwrap());
        headers.insert("signature", "sig=:AAAA:".parse().unwrap());
    });
    let problem = response.await.expect(401);
    assert!(
        problem["signatureBase"].to_string().contains("@method"),
        "{problem}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn an_unknown_path_is_led_back() {
    let stage = Stage::new().await;
    let url = &stage.caller.base_url;
    for (path, told) in [
        ("/v1", "no such path\""),
        ("/v1/nope", "no such path\""),
        (
            "/v1/cards/1/transaction",
            "the nearest is /v1/cards/{cardId}/transactions",
        ),
        ("/cards", "begin with /v1"),
        ("/v1/card", "the nearest is /v1/cards"),
        ("/v1/Customers", "the nearest is /v1/customers"),
        (
            "/v1/acounts/1/cards",
            "the nearest is /v1/accounts/{accountId}/cards",
        ),
    ] {
        let mut raw = Raw::to(url).await;
        raw.send(get(path, "host: localhost\r\n")).await;
        let said = raw.rest().await;
        assert_eq!(status(&said), 404);
        assert!(said.contains(told), "{path}: {said}");
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_corrected_request_may_use_its_key_again() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let key = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10";
    let chain_id = LocalWallet::numbered(1).owner().to_string();
    let call = |body| caller.call("POST", "/customers").body(body).key(key);
    call(json!({"externalId": "customer-1"}))
        .send()
        .await
        .rejected(400);
    call(json!({"chainId": chain_id, "externalId": "customer-1"}))
        .send()
        .await
        .expect(201);
    stage.stop().await;
}
