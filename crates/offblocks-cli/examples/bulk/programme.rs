//! A programme to issue cards for: a customer with as many accounts as there are rows, in a database that
//! is made once and copied for each measurement.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use offblocks_cards::{Cards, LocalWallet};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_types::AccountId;

use crate::server::Server;

pub const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

/// How many accounts are opened at once.
const AT_ONCE: usize = 16;

/// A programme without a card.
pub struct Programme {
    folder: tempfile::TempDir,
    program: PathBuf,
    pub key: SigningKey,
    pub accounts: Vec<AccountId>,
}

impl Programme {
    pub fn new(program: &Path, accounts: usize) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let key = folder.path().join("key.pem");
        let made = Command::new(program)
            .args(["keys", "generate"])
            .arg(&key)
            .output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into_owned().into());
        }
        let key = SigningKey::from_pem(&std::fs::read_to_string(key)?)?;
        let mut programme = Self {
            folder,
            program: program.to_owned(),
            key,
            accounts: Vec::new(),
        };
        let server = programme.serve("made")?;
        let runtime = tokio::runtime::Runtime::new()?;
        programme.accounts = runtime.block_on(open(&server, &programme.key, accounts))?;
        drop(server);
        programme.write_rows()?;
        Ok(programme)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A server on a copy of the database of its own.
    pub fn copy(&self, name: &str) -> Result<Server, Box<dyn Error>> {
        for ending in ["", "-wal"] {
            let from = self.path(&format!("made.db{ending}"));
            if from.exists() {
                std::fs::copy(from, self.path(&format!("{name}.db{ending}")))?;
            }
        }
        self.serve(name)
    }

    fn serve(&self, name: &str) -> Result<Server, Box<dyn Error>> {
        let folder = self.path(name);
        std::fs::create_dir_all(&folder)?;
        let database = self.path(&format!("{name}.db"));
        let database = format!("sqlite:{}", database.display());
        let more = ["--database", &database, "--follow-up-delay", "0"];
        Server::start(&self.program, &folder, &more)
    }

    fn write_rows(&self) -> Result<(), Box<dyn Error>> {
        let mut text = "reference,account,firstLine,city,country,postCode\n".to_owned();
        for (number, account) in self.accounts.iter().enumerate() {
            writeln!(text, "{number},{account},18 Harbour Row,Bristol,GB,BS1 4RN")?;
        }
        let mut file = std::fs::File::create(self.path("cards.csv"))?;
        Ok(std::io::Write::write_all(&mut file, text.as_bytes())?)
    }

    /// The command that issues the cards, so many at once, without its journal.
    pub fn issue(&self, server: &Server, at_once: usize) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["cards", "issue", "--json", "--key-id", KEY_ID, "--from"])
            .arg(self.path("cards.csv"))
            .arg("--signing-key")
            .arg(self.path("key.pem"))
            .arg("--base-url")
            .arg(format!("http://{}/v1", server.address))
            .args(["--concurrency", &at_once.to_string()]);
        command
    }
}

/// A client of a server.
pub async fn client(server: &Server, key: &SigningKey) -> Result<Client, Box<dyn Error>> {
    let id = KeyId::new(KEY_ID)?;
    let client = Client::builder()
        .base_url(format!("http://{}/v1", server.address))
        .credentials(DEFAULT_API_KEY, DEFAULT_API_SECRET)
        .signing_key(key.clone(), id.clone())
        .build()?;
    client.register_signing_key(key, &id).await?;
    Ok(client)
}

async fn open(
    server: &Server,
    key: &SigningKey,
    accounts: usize,
) -> Result<Vec<AccountId>, Box<dyn Error>> {
    let cards = Cards::new(client(server, key).await?);
    let wallet = LocalWallet::new(&[7; 32], "eip155:300")?;
    let onboarding = cards.onboard(&wallet, "customer-1");
    let customer = onboarding.simulate_verification().await?.id;
    let opened = (0..accounts).map(|_| async {
        let account = cards.open_account(customer, &wallet, "EUR").await?;
        Ok::<_, Box<dyn Error>>(account.id)
    });
    stream::iter(opened)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}
