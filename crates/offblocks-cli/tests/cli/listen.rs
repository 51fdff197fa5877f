//! `offblocks listen`, `offblocks trigger` and `offblocks events`, together.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use crate::golden;
use crate::offblocks::{LONG, eventually};
use crate::operations::session::Session;

/// A listening command, line by line.
struct Listening {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Listening {
    fn start(session: &Session, line: &str) -> Self {
        let mut command = session.command(line);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            while out.read_line(&mut line).unwrap() > 0 {
                if sender.send(std::mem::take(&mut line)).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        match self.lines.recv_timeout(LONG) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("it says nothing for {LONG:?}"),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                panic!("it ended early: {}", self.errors())
            }
        }
    }

    fn json(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    fn errors(&mut self) -> String {
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        said
    }

    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(
            std::process::Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// What it printed until it ended, and its exit code.
    fn rest(mut self) -> (String, Option<i32>) {
        let mut rest = String::new();
        loop {
            match self.lines.recv_timeout(LONG) {
                Ok(line) => rest += &line,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it does not end, after {rest}"),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        let code = self.child.wait().unwrap().code();
        (rest, code)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It has ended by itself, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A receiver that responds with a status, and hands out the requests that it got.
fn receiver(status: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut lines = BufReader::new(connection.try_clone().unwrap());
            let (mut text, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                lines.read_line(&mut line).unwrap();
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                text += &line;
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            lines.read_exact(&mut body).unwrap();
            text += &String::from_utf8(body).unwrap();
            let response =
                format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
            connection.write_all(response.as_bytes()).unwrap();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    (url, requests)
}

#[test]
fn a_delivery_is_verified_shown_and_passed_on_unchanged() {
    let session = Session::new();
    let (url, requests) = receiver("200 OK");
    let line = format!("listen --types customer.updated --count 1 --forward-to {url} --json");
    let mut listening = Listening::start(&session, &line);
    let began = listening.json();
    assert_eq!(began["event"], "listening");
    let triggered = session.run("trigger customer.updated --json");
    let triggered: Value = serde_json::from_str(&triggered).unwrap();
    let delivery = listening.json();
    assert_eq!(delivery["event"], "delivery");
    assert_eq!(delivery["webhookType"], "customer.updated");
    assert_eq!(delivery["body"]["id"], triggered["id"]);
    assert_eq!(delivery["forwarded"]["status"], 200);
    assert_eq!(delivery["forwarded"]["body"], "ok");
    let passed_on = requests.recv_timeout(LONG).unwrap();
    let (head, body) = passed_on.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        delivery["body"]
    );
    for header in ["signature:", "signature-input:", "content-digest:"] {
        assert!(head.contains(header), "{head}");
    }
    assert_eq!(listening.rest(), (String::new(), Some(0)));
    assert_eq!(
        session.run("webhooks list --json"),
        "[]\n",
        "its subscription is removed"
    );
    session.stop();
}

#[test]
fn ctrl_c_removes_the_subscription() {
    let session = Session::new();
    for signal in ["INT", "TERM"] {
        let mut listening = Listening::start(&session, "listen");
        let callback = listening.line();
        assert!(
            callback.starts_with("callback    http://127.0.0.1:"),
            "{callback}"
        );
        assert_ne!(session.run("webhooks list --json"), "[]\n");
        while !listening.line().contains("Ctrl-C") {}
        listening.signal(signal);
        assert_eq!(listening.rest(), (String::new(), Some(0)), "{signal}");
        assert_eq!(session.run("webhooks list --json"), "[]\n", "{signal}");
    }
    session.stop();
}

#[test]
fn people_read_what_came_and_what_the_receiver_said() {
    let session = Session::new();
    let (url, _requests) = receiver("500 Internal Server Error");
    let line = format!("listen --types customer.updated --count 1 --forward-to {url}");
    let mut listening = Listening::start(&session, &line);
    while !listening.line().contains("Ctrl-C") {}
    session.run("trigger customer.updated");
    let (rest, code) = listening.rest();
    assert_eq!(code, Some(0));
    // Each wallet is a new one.
    let lines: Vec<&str> = rest
        .lines()
        .filter(|line| {
            ["chainId", "externalId", "createdAt", "updatedAt"]
                .iter()
                .all(|word| !line.contains(word))
        })
        .collect();
    let lines = lines.join("\n");
    let (before, after) = lines.split_once(" after ").unwrap();
    let after = after.split_once(" ms").unwrap().1;
    golden::check("listen.txt", &format!("{before} after <time>{after}"));
    session.stop();
}

/// Whoever else calls the address is rejected, and nothing is passed on.
#[test]
fn a_delivery_that_is_not_signed_is_rejected() {
    let session = Session::new();
    let mut listening = Listening::start(&session, "listen --json");
    let began = listening.json();
    let callback = began["callbackUrl"].as_str().unwrap();
    let address = callback.trim_start_matches("http://").trim_end_matches('/');
    let mut connection = std::net::TcpStream::connect(address).unwrap();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: 2\r\nconnection: close\r\n\r\n{{}}"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    let rejected = listening.json();
    assert_eq!(
        (&rejected["event"], &rejected["status"]),
        (&"rejected".into(), &401.into())
    );
    listening.signal("INT");
    assert_eq!(listening.rest().1, Some(0));
    session.stop();
}

#[test]
fn each_event_can_be_triggered_and_resent() {
    let session = Session::new();
    session.set("URL", &session.sandbox.base_url);
    let listening = Listening::start(&session, "listen --json");
    let mut listening = listening;
    listening.json();
    for (event, status) in [
        ("customer.updated", "initiating"),
        ("customer.rejected", "rejected"),
        ("account.updated", "initiating"),
        ("account.failed", "failed"),
        ("card.updated", "issuing"),
        ("card.issue_failed", "issue_failed"),
        ("card.suspended", "suspended"),
        ("card.blocked", "blocked"),
        ("authorisation.updated", "pending"),
        ("authorisation.captured", "captured"),
        ("authorisation.released", "released"),
        ("transaction.updated", "processed"),
        // The reversal is on its way.
        ("transaction.reversed", "reversing"),
        ("transaction.refunded", "processing"),
    ] {
        let said = session.run(&format!("trigger {event} --json"));
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["status"], status, "{event}");
        let kind = event.split_once('.').unwrap().0;
        loop {
            let delivery = listening.json();
            let body = &delivery["body"];
            let same = body["id"] == said["id"] && body["status"] == status;
            if delivery["webhookType"] == format!("{kind}.updated") && same {
                break;
            }
        }
    }
    let listed = session.run("events list --url URL --json");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let event = listed[0]["eventId"].as_str().unwrap();
    session.run(&format!("events resend {event} --url URL"));
    session.run("events resend --failed --url URL");
    let none = session.try_run(&format!("events resend {} --url URL", uuid::Uuid::nil()));
    assert_eq!(none.code, Some(1), "{}", none.err);
    listening.signal("TERM");
    assert_eq!(listening.rest().1, Some(0));
    session.stop();
}

#[test]
fn people_read_what_was_triggered_and_delivered() {
    let session = Session::new();
    session.set("URL", &session.sandbox.base_url);
    let listening = Listening::start(&session, "listen --types customer.updated --count 1");
    let mut listening = listening;
    while !listening.line().contains("Ctrl-C") {}
    let mut all = String::new();
    let mut run = |line: &str| all += &format!("$ offblocks {line}\n{}\n", session.run(line));
    run("trigger customer.updated");
    assert_eq!(listening.rest().1, Some(0));
    // The sandbox notes the response a moment after the receiver has sent it.
    eventually("the delivery is noted", || {
        let listed = session.run("events list --url URL --json");
        listed.contains("\"delivered\"").then_some(())
    });
    run("events list --url URL");
    run("events resend --failed --url URL");
    golden::check("events.txt", &all);
    session.stop();
}
