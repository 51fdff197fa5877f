//! The rows of a job, read in parts, and a digest that shows whether rows differ.

use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};

use super::row::CardRow;

/// Up to `most` further rows.
pub(crate) async fn part<S>(rows: &mut S, most: usize) -> Vec<CardRow>
where
    S: Stream<Item = CardRow> + Unpin,
{
    rows.take(most).collect().await
}

/// A digest of rows: their documents, each with its length before it.
pub(crate) fn digest(rows: &[CardRow]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        let document =
            serde_json::to_vec(row).expect("a row holds no map with keys that are not strings");
        hash.update((document.len() as u64).to_be_bytes());
        hash.update(document);
    }
    let digest = hash.finalize();
    let mut text = String::with_capacity(32);
    for byte in &digest[..16] {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
