//! `offblocks sandbox fixtures`, `snapshot`, `restore`, `reset` and `work`.

use std::path::Path;

use futures_util::StreamExt as _;
use offblocks_sandbox_api::client::{ByteStream, Client, Error};
use offblocks_sandbox_api::{CreateCards, FixturesMade, Problem, Work, WorkKind};
use serde_json::{Value, json};

use super::printed::{print, print_done, table};
use super::target::Target;
use super::watched::watched;
use crate::OutputStyle;
use crate::failure::{Failure, chain};
use crate::fixture_file::{FixtureFile, listed};
use crate::print::counted;
use crate::snapshot_file::{self, SnapshotFile};

/// The longest last line of a snapshot.
const TAIL: usize = 1024;

pub(super) async fn fixtures(target: Target, file: &Path) -> Result<(), Failure> {
    let client = target.client()?;
    let read = FixtureFile::read(file)?;
    let body = serde_json::from_value(read.document.clone());
    let body = body.map_err(|error| Failure::new("the fixtures cannot be sent", error))?;
    let made = client.create_fixtures(body).send().await;
    let made = made.map_err(|error| match place(&error) {
        Some((pointer, reason)) => read.rejected_at(pointer, reason),
        None => target.failed(&error),
    })?;
    print(target.json, &*made, |FixturesMade { made, .. }| {
        listed(made)
    })
}

/// Where the fixtures are not right, and why, when that is what the sandbox says.
fn place(error: &Error<Problem>) -> Option<(&str, &str)> {
    let Error::ErrorResponse(problem) = error else {
        return None;
    };
    let place = problem.errors.as_ref()?.first()?;
    Some((&place.pointer, &place.detail))
}

pub(super) async fn cards(target: Target, number: i64, style: &OutputStyle) -> Result<(), Failure> {
    let client = target.client()?;
    let call = client.create_cards(CreateCards::new(number)).send();
    let added = watched(&client, WorkKind::Cards, style.paint, call).await;
    let added = added.map_err(|error| target.failed(&error))?;
    print(target.json, &*added, |added| {
        let added = counted(added.cards, "card was", "cards were");
        vec![format!("{added} added")]
    })
}

pub(super) async fn snapshot(
    target: Target,
    file: &Path,
    replaces: bool,
    style: &OutputStyle,
) -> Result<(), Failure> {
    let client = target.client()?;
    let mut out = SnapshotFile::begin(file, replaces)?;
    let call = download(&target, &client, &mut out);
    let rows = watched(&client, WorkKind::Snapshot, style.paint, call).await?;
    out.finish()?;
    print(target.json, &json!({"rows": rows}), |_| {
        vec![format!("{rows} rows were written to {}", file.display())]
    })
}

/// Writes a snapshot as it comes. Returns the number of its rows, which its last line holds.
async fn download(
    target: &Target,
    client: &Client,
    out: &mut SnapshotFile,
) -> Result<u64, Failure> {
    let response = client.get_snapshot().send().await;
    let mut chunks: ByteStream = response
        .map_err(|error| target.failed(&error))?
        .into_inner();
    let mut tail = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            let reason = chain(&error);
            Failure::because(format!("the snapshot is incomplete: {reason}"))
        })?;
        out.write(&chunk)?;
        tail.extend_from_slice(&chunk);
        let surplus = tail.len().saturating_sub(TAIL);
        tail.drain(..surplus);
    }
    rows(&tail)
        .ok_or_else(|| Failure::because("the snapshot is incomplete: its last line is missing"))
}

fn rows(tail: &[u8]) -> Option<u64> {
    let line = tail
        .strip_suffix(b"\n")?
        .rsplit(|byte| *byte == b'\n')
        .next()?;
    let last: Value = serde_json::from_slice(line).ok()?;
    last["end"]["rows"].as_u64()
}

pub(super) async fn restore(
    target: Target,
    file: &Path,
    style: &OutputStyle,
) -> Result<(), Failure> {
    let client = target.client()?;
    let read = tokio::fs::File::from_std(snapshot_file::open(file)?);
    let call = client.restore_snapshot(read).send();
    let restored = watched(&client, WorkKind::Restore, style.paint, call).await;
    let restored = restored.map_err(|error| target.failed(&error))?;
    print(target.json, &*restored, |restored| {
        let rows = restored.rows;
        vec![format!("{rows} rows were restored from {}", file.display())]
    })
}

pub(super) async fn reset(target: Target) -> Result<(), Failure> {
    let reset = target.client()?.delete_data().send().await;
    reset.map_err(|error| target.failed(&error))?;
    print_done(target.json, "everything that callers made was removed")
}

pub(super) async fn work(target: Target) -> Result<(), Failure> {
    let work = target.client()?.get_work().send().await;
    let work = work.map_err(|error| target.failed(&error))?;
    print(target.json, &*work, |work| under_way(work))
}

fn under_way(work: &[Work]) -> Vec<String> {
    if work.is_empty() {
        return vec!["no long call is under way".to_owned()];
    }
    let row = |it: &Work| {
        let of = it.total.map(|total| format!("of {total}"));
        vec![
            it.id.to_string(),
            it.kind.to_string(),
            it.done.to_string(),
            of.unwrap_or_default(),
        ]
    };
    table(&work.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_was_cut_off_has_no_rows() {
        let end = b"[1,2]\n{\"end\":{\"rows\":7,\"sha256\":\"\"}}\n";
        assert_eq!(rows(end), Some(7));
        for cut in 0..end.len() {
            assert_eq!(rows(&end[..cut]), None, "{cut}");
        }
    }
}
