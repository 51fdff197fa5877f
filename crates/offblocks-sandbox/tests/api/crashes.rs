//! A sandbox that is killed under load: whatever it acknowledged is there afterwards, and nothing
//! happens twice.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use offblocks_sandbox::{
    Clock as _, Database, ManualClock, Sandbox, Settings, Surroundings, SystemClock,
};
use serde_json::{Value, json};

use crate::common::{Caller, LocalWallet, Receiver, chosen, text, url_of};

/// How often the process is killed, unless `OFFBLOCKS_TEST_KILLS` says otherwise.
const KILLS: u64 = 12;
const CALLERS: usize = 8;

/// Not a test: the process that others start and kill. It serves the database that its standard
/// input names, and prints where.
#[test]
#[ignore = "it serves until it is killed"]
fn serve() {
    let mut database = String::new();
    std::io::stdin().read_line(&mut database).unwrap();
    if database.is_empty() {
        // Somebody runs all ignored tests.
        return;
    }
    let mut settings = Settings::default();
    settings.database = database.trim_end().parse().unwrap();
    settings.follow_up_delay = Duration::ZERO;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let sandbox = Sandbox::builder(Surroundings::real()).settings(settings);
        let handle = sandbox.build().await.unwrap().start().await.unwrap();
        println!("\nserves {}", handle.base_url());
        std::future::pending::<()>().await;
    });
}

/// A sandbox in a process of its own.
pub struct Server {
    child: Child,
    /// What it prints goes nowhere, but has to go somewhere: the test harness in it says after a
    /// minute that the test still runs, and ends when it cannot.
    _output: Lines<BufReader<ChildStdout>>,
    pub base_url: url::Url,
}

impl Server {
    pub fn start(database: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "crashes::serve", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{database}").unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| line.strip_prefix("serves ").map(str::to_owned))
            .expect("it starts");
        let base_url = base_url.parse().unwrap();
        Self {
            child,
            _output: lines,
            base_url,
        }
    }

    /// A caller with a key of its own, which takes the place of any other one's.
    pub async fn caller(&self) -> Caller {
        let clock = ManualClock::new(SystemClock.now());
        Caller::known_to(&self.base_url, clock).await
    }

    /// As if its machine lost its power: nothing is told to it.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended where it was killed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn kills() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "tests have no argument parser")]
    let wanted = std::env::var("OFFBLOCKS_TEST_KILLS");
    wanted.map_or(KILLS, |wanted| wanted.parse().unwrap())
}

/// What a server is told to serve.
pub fn line(database: Database) -> String {
    match chosen(database) {
        Database::Postgres(schema) => url_of(&schema, None),
        other => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let database = line(Database::File(folder.path().join("sandbox.db")));
    let mut server = Server::start(&database);
    let mut caller = server.caller().await;
    let (_, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
    let receiver = Receiver::start().await;
    let types = ["authorisation.updated"];
    caller.subscribe(&receiver.url(), &types).await;
    let load = Load::on(&card);
    let mut keys = Vec::new();
    for kill in 0..kills() {
        load.repeat(&caller, &keys).await;
        let running = load.run(&caller, kill);
        let pid = server.child.id();
        let killer = async {
            tokio::time::sleep(Duration::from_millis(60 + 17 * (kill % 20))).await;
            let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
            assert!(killed.unwrap().success());
        };
        (keys, ()) = tokio::join!(running, killer);
        server.kill();
        server = Server::start(&database);
        caller = server.caller().await;
    }
    load.repeat(&caller, &keys).await;
    let expected = load.acknowledged();
    assert!(
        expected.len() as u64 > kills(),
        "there was no load: {}",
        expected.len()
    );
    assert_eq!(
        authorised(&caller, &account).await,
        expected,
        "acknowledged and there, each once"
    );
    every_event_arrives(&receiver, &expected).await;
}

/// Authorisations that are captured at once, as many as there is time for.
pub struct Load {
    path: String,
    body: Value,
    acknowledged: Mutex<Vec<String>>,
}

impl Load {
    pub fn on(card: &str) -> Self {
        Self {
            path: format!("/simulator/cards/{card}/authorisation"),
            body: json!({"amount": "1", "currency": "EUR", "capture": true}),
            acknowledged: Mutex::default(),
        }
    }

    /// Calls until the server is gone. Returns the keys of the calls that were cut off. Keys of
    /// another `round` are others.
    pub async fn run(&self, caller: &Caller, round: u64) -> Vec<String> {
        let cut_off = Mutex::new(Vec::new());
        let callers = (0..CALLERS).map(|number| {
            let cut_off = &cut_off;
            async move {
                for call in 0_u64.. {
                    let number = u128::from(round) << 64 | u128::from(call) << 8 | number as u128;
                    let key = uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid();
                    let key = key.to_string();
                    let post = caller.call("POST", &self.path).body(self.body.clone());
                    let Some(response) = post.key(&key).try_send().await else {
                        cut_off.lock().unwrap().push(key);
                        return;
                    };
                    self.acknowledge(&response.expect(201));
                }
            }
        });
        futures_util::future::join_all(callers).await;
        cut_off.into_inner().unwrap()
    }

    /// Repeats what was cut off under its key.
    pub async fn repeat(&self, caller: &Caller, keys: &[String]) {
        for key in keys {
            let again = caller.call("POST", &self.path).body(self.body.clone());
            self.acknowledge(&again.key(key).send().await.expect(201));
        }
    }

    /// The authorisations that were acknowledged.
    pub fn acknowledged(&self) -> Vec<String> {
        let mut all = self.acknowledged.lock().unwrap().clone();
        all.sort();
        all
    }

    fn acknowledge(&self, authorisation: &Value) {
        let id = text(authorisation, "id");
        self.acknowledged.lock().unwrap().push(id);
    }
}

/// The authorisations of an account's transactions.
pub async fn authorised(caller: &Caller, account: &str) -> Vec<String> {
    let path = format!("/accounts/{account}/transactions");
    let listed = caller.get(&path).await.expect(200);
    let listed = listed.as_array().unwrap().iter();
    let mut found: Vec<_> = listed.map(|one| text(one, "authorisationId")).collect();
    found.sort();
    found
}

/// Waits for the events of each authorisation. Some come twice, because of the kills.
pub async fn every_event_arrives(receiver: &Receiver, authorisations: &[String]) {
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
