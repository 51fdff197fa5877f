//! A sandbox, and commands that call it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use offblocks_sandbox::testing::LocalWallet;
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_types::Base64;

use crate::golden;
use crate::offblocks::{Said, Sandbox, command, finish, run};

pub const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
/// The API key and secret that the walk puts in place of the first ones.
pub const SECOND_KEY: &str = "b0b2f9a4-6f3b-4d0d-8d5f-0a3a3a1d2f11";
pub const SECOND_SECRET: &str = "2f1ae0d3b94c5f60718293a4b5c6d7e8f9012345";

/// A sandbox whose runs repeat, a registered key, and all that was printed.
pub struct Session {
    pub sandbox: Sandbox,
    folder: tempfile::TempDir,
    /// What words in capitals stand for.
    words: RefCell<BTreeMap<String, String>>,
    variables: RefCell<BTreeMap<&'static str, String>>,
    /// The commands and what they printed.
    transcript: RefCell<String>,
    called: RefCell<BTreeSet<(String, String)>>,
    /// Whether lines that choose no format are run for a program.
    json: bool,
}

impl Session {
    /// A session that has registered its key.
    pub fn new() -> Self {
        let session = Self::unregistered();
        let key = run(&["keys", "generate", &session.file("key.pem")]);
        session.set("PUBLIC", key.out.trim());
        session.run(&format!(
            "auth update-signing-key --signing-key-id {KEY_ID} --body-signing-key PUBLIC"
        ));
        session
    }

    /// A session that has registered its key and prints JSON.
    pub fn in_json() -> Self {
        Self {
            json: true,
            ..Self::new()
        }
    }

    pub fn unregistered() -> Self {
        let sandbox = Sandbox::start(&["--seed", "7"]);
        let folder = tempfile::tempdir().unwrap();
        let session = Self {
            words: RefCell::default(),
            variables: RefCell::default(),
            transcript: RefCell::default(),
            called: RefCell::default(),
            json: false,
            folder,
            sandbox,
        };
        session.variable("OFFBLOCKS_BASE_URL", &session.sandbox.base_url);
        session.variable("OFFBLOCKS_SIGNING_KEY_FILE", &session.file("key.pem"));
        session.variable("OFFBLOCKS_SIGNING_KEY_ID", KEY_ID);
        for (word, text) in [
            ("APIKEY", DEFAULT_API_KEY.to_string()),
            ("SECRETFILE", session.file("secret")),
            ("SECONDFILE", session.file("second")),
            ("OWNER", LocalWallet::numbered(1).owner().to_string()),
            ("OTHER", LocalWallet::numbered(2).owner().to_string()),
        ] {
            session.set(word, &text);
        }
        session.write("secret", DEFAULT_API_SECRET);
        session.write("second", SECOND_SECRET);
        session
    }

    /// A file of the session's folder.
    pub fn file(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        path.to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        golden::write(self.file(name), text);
    }

    pub fn variable(&self, name: &'static str, value: &str) {
        self.variables.borrow_mut().insert(name, value.to_owned());
    }

    /// The variables that say which API is called.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let variables = self.variables.borrow();
        variables
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect()
    }

    /// From now on this word of a line stands for this text.
    pub fn set(&self, word: &str, text: &str) {
        let mut words = self.words.borrow_mut();
        words.insert(word.to_owned(), text.trim().to_owned());
    }

    /// Runs a line, whatever comes of it.
    pub fn try_run(&self, line: &str) -> Said {
        let chosen = ["--query", "--output", "--json"];
        let chosen = chosen.iter().any(|option| line.contains(option));
        let line = &match self.json && !chosen {
            true => format!("{line} --json"),
            false => line.to_owned(),
        };
        let said = finish(self.command(line).output().unwrap());
        let both = format!("$ offblocks {line}\n{}{}\n", said.out, said.err);
        self.transcript.borrow_mut().push_str(&both);
        let mut words = line.split_whitespace();
        if let (Some(noun), Some(verb)) = (words.next(), words.next()) {
            let pair = (noun.to_owned(), verb.to_owned());
            self.called.borrow_mut().insert(pair);
        }
        said
    }

    /// The command of a line, in which spaces within a word are written as tildes.
    pub fn command(&self, line: &str) -> std::process::Command {
        let words = self.words.borrow();
        let word = |word: &str| match words.get(word) {
            Some(text) => text.clone(),
            None => word.replace('~', " "),
        };
        let all: Vec<String> = line.split_whitespace().map(word).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut command = command(&all);
        command.envs(self.variables.borrow().iter());
        command
    }

    /// Runs a line that works, and returns what it prints.
    pub fn run(&self, line: &str) -> String {
        let said = self.try_run(line);
        assert_eq!(said.code, Some(0), "{line}: {}{}", said.out, said.err);
        said.out
    }

    /// Runs a line that prints an id, and lets a word stand for it.
    pub fn make(&self, word: &str, line: &str) {
        if self.json {
            let made: serde_json::Value = serde_json::from_str(&self.run(line)).unwrap();
            self.set(word, made["id"].as_str().unwrap());
            return;
        }
        let id = self.run(&format!("{line} --query id"));
        self.set(word, &id);
    }

    /// What a word stands for.
    pub fn word(&self, word: &str) -> String {
        self.words.borrow()[word].clone()
    }

    /// Runs a line until it prints this; what happens by itself takes a moment.
    pub fn until(&self, line: &str, expected: &str) {
        for _ in 0..200 {
            let before = self.transcript.borrow().len();
            if self.run(line).trim() == expected {
                return;
            }
            self.transcript.borrow_mut().truncate(before);
            std::thread::yield_now();
        }
        panic!("{line} never printed {expected}");
    }

    /// Signs a challenge with the customer's wallet, and hands the signature in.
    pub fn sign(&self, noun: &str, id: &str) {
        let challenge = self.run(&format!("{noun} get-challenge {id} --query challenge"));
        let challenge: Base64 = challenge.trim().parse().unwrap();
        let proof =
            serde_json::to_string(&LocalWallet::numbered(1).prove(&challenge).unwrap()).unwrap();
        self.write("proof.json", &proof);
        self.set("PROOF", &self.file("proof.json"));
        self.run(&format!("{noun} sign-challenge {id} --body PROOF"));
    }

    /// Onboards a customer and opens an account: CUSTOMER and ACCOUNT stand for them.
    pub fn account(&self) {
        self.make(
            "CUSTOMER",
            "customers create --chain-id OWNER --external-id customer-1",
        );
        self.sign("customers", "CUSTOMER");
        self.until("customers get CUSTOMER --query status", "verifying");
        self.run("simulator verify-customer CUSTOMER");
        self.until("customers get CUSTOMER --query status", "active");
        let account = "customers create-account CUSTOMER --type card_account --currencies EUR";
        self.make("ACCOUNT", account);
        self.sign("accounts", "ACCOUNT");
        self.until("accounts get ACCOUNT --query status", "active");
    }

    /// All that was run and printed so far.
    pub fn transcript(&self) -> String {
        self.transcript.borrow().clone()
    }

    /// The ids of the operations that were called.
    pub fn called(&self) -> BTreeSet<String> {
        let called = self.called.borrow();
        let ids = called.iter().map(|(noun, verb)| {
            let help = run(&[noun, verb, "--help"]).out;
            let sent = help.split_once("\nSends ").map(|(_, rest)| rest);
            let id = sent.and_then(|rest| Some(rest.split_once('(')?.1.split_once(')')?.0));
            id.unwrap_or_default().to_owned()
        });
        ids.collect()
    }

    pub fn stop(self) {
        self.sandbox.signal("TERM");
        assert_eq!(self.sandbox.wait().code, Some(0));
    }
}
