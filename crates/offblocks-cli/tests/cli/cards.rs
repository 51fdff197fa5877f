//! `offblocks cards issue`, run, killed and run again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use offblocks_cards::{Cards, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_types::AccountId;

use crate::offblocks::{Said, Sandbox, command, finish};

pub const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

/// A sandbox with an active customer and some active accounts.
pub struct Stage {
    pub sandbox: Sandbox,
    pub client: Client,
    pub accounts: Vec<AccountId>,
    folder: tempfile::TempDir,
}

impl Stage {
    pub fn new(accounts: usize) -> Self {
        let sandbox = Sandbox::start(&["--follow-up-delay", "0"]);
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key.pem");
        let made = command(&["keys", "generate", key.to_str().unwrap()]).output();
        assert!(made.unwrap().status.success());
        let key = SigningKey::from_pem(&std::fs::read_to_string(key).unwrap()).unwrap();
        let (client, accounts) = block_on(programme(&sandbox.base_url, key, accounts));
        Self {
            sandbox,
            client,
            accounts,
            folder,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the rows: the account of each, and the address in a line of its own form.
    pub fn write_rows(&self, accounts: &[AccountId]) -> PathBuf {
        let mut text = "reference,account,firstLine,city,country,postCode\n".to_owned();
        for (number, account) in accounts.iter().enumerate() {
            let row = "\"18 Harbour Row, Flat 2\",Bristol,GB,BS1 4RN";
            writeln!(text, "employee {number},{account},{row}").unwrap();
        }
        self.write("cards.csv", &text)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        #[expect(clippy::disallowed_methods, reason = "a test makes its input")]
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn issue(&self, rows: &Path, more: &[&str]) -> std::process::Command {
        let mut command = command(&["cards", "issue", "--from", rows.to_str().unwrap()]);
        command
            .args(["--base-url", &self.sandbox.base_url, "--key-id", KEY_ID])
            .args(["--signing-key", self.path("key.pem").to_str().unwrap()])
            .args(more);
        command
    }

    pub fn run(&self, rows: &Path, more: &[&str]) -> Said {
        finish(self.issue(rows, more).output().unwrap())
    }

    /// How many cards each account has.
    fn cards(&self) -> BTreeMap<AccountId, u32> {
        let call = self.client.get_cards();
        let cards = block_on(async { call.send().await.unwrap().into_inner() });
        let mut found = BTreeMap::new();
        for card in cards {
            *found.entry(card.account_id).or_default() += 1;
        }
        found
    }
}

/// The sandbox ends with the test, also with one that fails.
impl Drop for Stage {
    fn drop(&mut self) {
        self.sandbox.signal("TERM");
    }
}

pub fn block_on<T>(task: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(task)
}

/// A client, and as many accounts.
async fn programme(url: &str, key: SigningKey, count: usize) -> (Client, Vec<AccountId>) {
    let id = KeyId::new(KEY_ID.to_owned()).unwrap();
    let client = Client::builder()
        .base_url(url)
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key.clone(), id.clone())
        .build()
        .unwrap();
    client.register_signing_key(&key, &id).await.unwrap();

    let wallet = LocalWallet::new(&[7; 32], "eip155:300").unwrap();
    let cards = Cards::new(client.clone());
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await.unwrap();
    let mut accounts = Vec::new();
    for _ in 0..count {
        let opened = cards.open_account(customer.id, &wallet, "EUR").await;
        accounts.push(opened.unwrap().id);
    }
    (client, accounts)
}

#[test]
fn each_row_gets_one_card_however_often_the_process_is_killed() {
    let stage = Stage::new(60);
    let rows = stage.write_rows(&stage.accounts);
    let journal = stage.path("cards.journal");
    let arguments = ["--journal", journal.to_str().unwrap(), "--concurrency", "4"];
    // `OFFBLOCKS_TEST_KILLS=100` makes a long run of it.
    #[expect(clippy::disallowed_methods, reason = "a test has no argument parser")]
    let kills = std::env::var("OFFBLOCKS_TEST_KILLS");
    let kills: u64 = kills.map_or(8, |kills| kills.parse().unwrap());
    for number in 0..kills {
        let mut command = stage.issue(&rows, &arguments);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Later and later, so that each kill finds the job somewhere else.
        std::thread::sleep(Duration::from_millis(40 + number * 97 % 400));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let results = stage.path("results.csv");
    let end = ["--results", results.to_str().unwrap(), "--json"];
    let said = stage.run(&rows, &[&arguments[..], &end].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("\"total\":{\"failed\":0,\"issued\":60}"),
        "{}",
        said.out
    );
    let cards = stage.cards();
    let each: BTreeMap<AccountId, u32> = stage.accounts.iter().map(|id| (*id, 1)).collect();
    assert_eq!(cards, each, "one card for each account");
    let results = std::fs::read_to_string(results).unwrap();
    assert_eq!(
        results
            .lines()
            .filter(|line| line.contains(",issued,"))
            .count(),
        60
    );
    let journal = std::fs::read_to_string(journal).unwrap();
    assert!(
        !journal.contains("Harbour"),
        "the journal holds no addresses"
    );
}

#[test]
fn a_dry_run_orders_nothing_and_failures_have_a_code_of_their_own() {
    let stage = Stage::new(2);
    let twice = [stage.accounts[0], stage.accounts[1], stage.accounts[0]];
    let rows = stage.write_rows(&twice);
    let checked = stage.run(&rows, &["--dry-run"]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    assert_eq!(
        checked.out,
        "3 rows were checked, 0 have a problem; nothing was ordered\n"
    );
    assert_eq!(stage.cards().len(), 0);

    let journal = stage.path("cards.journal");
    let results = stage.path("results.csv");
    let arguments = [
        "--journal",
        journal.to_str().unwrap(),
        "--results",
        results.to_str().unwrap(),
    ];
    let said = stage.run(&rows, &arguments);
    assert_eq!(said.code, Some(100), "{}", said.err);
    assert_eq!(said.out, "2 of 3 rows have their card, 1 failed\n");
    let results = std::fs::read_to_string(results).unwrap();
    assert!(
        results.contains("employee 2,") && results.contains(",rejected,,400,"),
        "{results}"
    );

    let checked = stage.run(&rows, &["--dry-run", "--json"]);
    assert_eq!(checked.code, Some(100));
    assert_eq!(
        checked.out.lines().count(),
        3,
        "all accounts have a card by now"
    );
}

#[test]
fn wrong_lines_are_all_named_before_anything_is_ordered() {
    let stage = Stage::new(1);
    let account = stage.accounts[0];
    let rows = stage.write(
        "cards.csv",
        &format!(
            "reference,account,firstLine,city,country,postCode\n\
             one,{account},1 Quay,Bristol,GB,BS1 4RN\n\
             two,not-an-id,1 Quay,Bristol,GB,BS1 4RN\n\
             three,{account},1 Quay,Bristol\n"
        ),
    );
    let journal = stage.path("cards.journal");
    let said = stage.run(&rows, &["--journal", journal.to_str().unwrap()]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("line 3: "), "{}", said.err);
    assert!(said.err.contains("line 4: "), "{}", said.err);
    assert!(
        !said.err.contains("not-an-id"),
        "values stay out of messages: {}",
        said.err
    );
    assert_eq!(stage.cards().len(), 0);
    assert!(!journal.exists());
}
