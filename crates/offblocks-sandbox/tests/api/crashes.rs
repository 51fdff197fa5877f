//! A sandbox that is killed under load: whatever it acknowledged is there afterwards, and nothing
//! happens twice.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use offblocks_sandbox::{
    Clock as _, Database, ManualClock, Sandbox, Settings, Surroundings, SystemClock,
};
use serde_json::json;

use crate::common::{Caller, Receiver, Wallet, text};

const KILLS: u64 = 12;
const CALLERS: usize = 8;

/// Not a test: the process that [`nothing_acknowledged_is_lost`] kills. It serves the file that
/// its standard input names, and prints where.
#[test]
#[ignore = "it serves until it is killed"]
fn serve() {
    let mut file = String::new();
    std::io::stdin().read_line(&mut file).unwrap();
    if file.is_empty() {
        // Somebody runs all ignored tests.
        return;
    }
    let mut settings = Settings::default();
    settings.database = Database::File(file.trim_end().into());
    settings.follow_up_delay = Duration::ZERO;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
        let handle = sandbox.build().await.unwrap().start().await.unwrap();
        println!("\nserves {}", handle.base_url());
        std::future::pending::<()>().await;
    });
}

struct Server {
    child: Child,
    caller: Caller,
}

impl Server {
    async fn start(file: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "crashes::serve", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{}", file.display()).unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = lines
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("serves ").map(str::to_owned))
            .expect("it starts");
        let clock = ManualClock::new(SystemClock.now());
        let caller = Caller::known_to(&base_url.parse().unwrap(), clock).await;
        Self { child, caller }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let mut server = Server::start(&file).await;
    let (_, account, card) = server.caller.everything(&Wallet::new(1)).await;
    let receiver = Receiver::start().await;
    let types = ["authorisation.updated"];
    server.caller.subscribe(&receiver.url(), &types).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let body = json!({"amount": "1", "currency": "EUR", "capture": true});
    let acknowledged = Mutex::new(Vec::new());
    let mut keys = Vec::<String>::new();
    for kill in 0..KILLS {
        // What was cut off last time is repeated under its key first.
        for key in keys.drain(..) {
            let again = server.caller.call("POST", &path).body(body.clone());
            let made = again.key(&key).send().await.expect(201);
            acknowledged.lock().unwrap().push(text(&made, "id"));
        }
        let cut_off = Mutex::new(Vec::new());
        let callers = (0..CALLERS).map(|caller| {
            let (server, path, body) = (&server, &path, &body);
            let (acknowledged, cut_off) = (&acknowledged, &cut_off);
            async move {
                for call in 0_u64.. {
                    let number = u128::from(kill) << 64 | u128::from(call) << 8 | caller as u128;
                    let key = uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid();
                    let key = key.to_string();
                    let post = server.caller.call("POST", path).body(body.clone());
                    let Some(answer) = post.key(&key).try_send().await else {
                        cut_off.lock().unwrap().push(key);
                        return;
                    };
                    let id = text(&answer.expect(201), "id");
                    acknowledged.lock().unwrap().push(id);
                }
            }
        });
        let pid = server.child.id();
        let killer = async {
            tokio::time::sleep(Duration::from_millis(60 + 17 * kill)).await;
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
            assert!(killed.unwrap().success());
        };
        tokio::join!(futures_util::future::join_all(callers), killer);
        server.kill();
        keys = cut_off.into_inner().unwrap();
        server = Server::start(&file).await;
    }
    let mut expected = acknowledged.into_inner().unwrap();
    for key in keys {
        let again = server.caller.call("POST", &path).body(body.clone());
        let made = again.key(&key).send().await.expect(201);
        expected.push(text(&made, "id"));
    }
    let path = format!("/accounts/{account}/transactions");
    let listed = server.caller.get(&path).await.expect(200);
    let mut found: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "authorisationId"))
        .collect();
    found.sort();
    expected.sort();
    assert!(
        expected.len() as u64 > KILLS,
        "there was no load: {}",
        expected.len()
    );
    assert_eq!(found, expected, "acknowledged and there, each once");
    every_event_arrives(&receiver, &expected).await;
    server.kill();
}

/// Waits for the events of each authorisation. Some come twice, because of the kills.
async fn every_event_arrives(receiver: &Receiver, authorisations: &[String]) {
    let statuses = ["pending", "capturing", "captured"].into_iter();
    let mut missing: HashSet<_> = statuses
        .flat_map(|status| {
            authorisations
                .iter()
                .map(move |id| (id.clone(), status.to_owned()))
        })
        .collect();
    let mut read = 0;
    while !missing.is_empty() {
        let received = receiver.received(read + 1).await;
        for delivery in &received[read..] {
            let event = delivery.json();
            missing.remove(&(text(&event, "id"), text(&event, "status")));
        }
        read = received.len();
    }
}
