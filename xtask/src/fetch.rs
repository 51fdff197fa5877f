//! The network and git.

use codegen::vendor::{Committed, Fetch, FetchError};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The largest contract that is read.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// How long a server may take for the whole response.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A shallow clone does not hold the earlier versions.
const SHALLOW: &str = "the clone is shallow, so that older versions are missing; run `git fetch \
                       --unshallow`, or check out with `fetch-depth: 0`";

/// Fetches over HTTP, and from a clone by the `git` command.
pub struct Remote {
    /// The clone.
    pub clone: PathBuf,
}

impl Fetch for Remote {
    fn url(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.map_err(fault)?.block_on(get(url))
    }

    fn git(&self, revision: &str, path: &str) -> Result<Committed, FetchError> {
        let commit = format!("{revision}^{{commit}}");
        let commit = self.line(&[
            "rev-parse",
            "--verify",
            "--short",
            "--end-of-options",
            &commit,
        ])?;
        let beside = match path.rsplit_once('/') {
            Some((folder, _)) => format!("{commit}:{folder}/upstream.toml"),
            None => format!("{commit}:upstream.toml"),
        };
        Ok(Committed {
            bytes: self.run(&["show", &format!("{commit}:{path}")])?,
            date: self.line(&["show", "--no-patch", "--format=%cs", &commit])?,
            repository: self
                .line(&["remote", "get-url", "origin"])
                .ok()
                .and_then(public),
            record: self
                .run(&["show", &beside])
                .ok()
                .and_then(|text| String::from_utf8(text).ok()),
            commit,
        })
    }
}

impl Remote {
    /// A file's bytes at a revision.
    pub fn show(&self, revision: &str, path: &str) -> Result<Vec<u8>, FetchError> {
        self.run(&["show", "--end-of-options", &format!("{revision}:{path}")])
    }

    /// The commits that left a version of a file, and what it was called then, oldest first.
    ///
    /// Only first parents are walked, and a merge counts as one change of this branch. Versions of
    /// a side branch are not compared with versions that were here at the same time.
    pub fn history(&self, until: &str, path: &str) -> Result<Vec<(String, String)>, FetchError> {
        if self.line(&["rev-parse", "--is-shallow-repository"])? == "true" {
            return Err(FetchError(SHALLOW.to_owned()));
        }
        let from_root = format!(":(top,literal){path}");
        let mut log = vec!["log", "--follow", "--first-parent", "-m", "--diff-filter=d"];
        log.extend(["--name-only", "--no-relative", "-z", "--format=%h"]);
        log.extend(["--end-of-options", until, "--", &from_root]);
        let listed = String::from_utf8_lossy(&self.run(&log)?).into_owned();
        let words = listed.split(['\0', '\n']).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        let versions = words.chunks_exact(2);
        let versions = versions.map(|pair| (pair[0].to_owned(), pair[1].to_owned()));
        Ok(versions.rev().collect())
    }

    fn line(&self, args: &[&str]) -> Result<String, FetchError> {
        Ok(String::from_utf8_lossy(&self.run(args)?).trim().to_owned())
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, FetchError> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.clone)
            .args(args)
            .output();
        let output = output.map_err(|error| FetchError(format!("git does not start: {error}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("git failed");
        Err(FetchError(said.trim_start_matches("fatal: ").to_owned()))
    }
}

/// An address that others can use and that carries no credentials.
fn public(url: String) -> Option<String> {
    let authority = url.split_once("://")?.1.split('/').next()?;
    (!authority.contains('@')).then_some(url)
}

async fn get(url: &str) -> Result<Vec<u8>, FetchError> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(fault)?;
    let response = client.get(url).send().await.map_err(fault)?;
    if !response.status().is_success() {
        return Err(FetchError(format!(
            "the response of the server is {}",
            response.status()
        )));
    }
    let mut response = response;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(fault)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST_BYTES {
            return Err(FetchError(
                "it is longer than 16 MiB, the limit for a contract".to_owned(),
            ));
        }
    }
    Ok(bytes)
}

/// The whole chain of causes, because the outermost alone explains little.
fn fault(error: impl std::error::Error) -> FetchError {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    FetchError(words)
}
