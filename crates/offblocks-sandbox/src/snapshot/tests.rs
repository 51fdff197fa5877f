//! The format by itself.

use proptest::prelude::*;

use super::{Item, Lines, SnapshotError, Writer};
use crate::store::sql::Value;
use crate::store::tables;

const SCHEMA: u32 = 4;

fn written(rows: &[Vec<Value>]) -> Vec<u8> {
    let table = tables::table("idempotency").unwrap();
    let mut writer = Writer::begin(Vec::new(), SCHEMA).unwrap();
    writer.table(table).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.end().unwrap().0
}

fn read(bytes: &[u8]) -> Result<Vec<Vec<Value>>, SnapshotError> {
    let mut lines = Lines::begin(bytes, SCHEMA)?;
    let mut rows = Vec::new();
    while let Some(item) = lines.next()? {
        if let Item::Row(row) = item {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn row(text: &str, number: i64, bytes: &[u8]) -> Vec<Value> {
    vec![
        Value::from(text),
        Value::from(text),
        Value::Text(None),
        Value::from(number),
        Value::Text(None),
        Value::from(bytes),
        Value::Integer(None),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        rows in prop::collection::vec(("\\PC*", 100..1000_i64, any::<Vec<u8>>()), 0..20)
    ) {
        let rows: Vec<_> = rows.iter().map(|(text, number, bytes)| row(text, *number, bytes)).collect();
        prop_assert_eq!(read(&written(&rows)).unwrap(), rows);
    }

    #[test]
    fn one_that_is_cut_off_or_changed_is_rejected_with_its_place(
        at in any::<prop::sample::Index>(), change in 1_u8..
    ) {
        let rows: Vec<_> = (0..5).map(|number| row("text", 200 + number, b"bytes")).collect();
        let whole = written(&rows);
        let cut = at.index(whole.len());
        let error = read(&whole[..cut]).unwrap_err().to_string();
        prop_assert!(error.starts_with("line "), "{}", error);
        let mut changed = whole;
        changed[cut] ^= change;
        if let Err(error) = read(&changed) {
            prop_assert!(error.to_string().starts_with("line "), "{}", error);
        } else {
            // Only the case of the digest's digits may change nothing.
            prop_assert!(false, "byte {} was changed by {}", cut, change);
        }
    }
}

#[test]
fn each_defect_has_its_place_and_its_reason() {
    let good = String::from_utf8(written(&[row("text", 200, b"bytes")])).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let with = |number: usize, line: &str| {
        let mut lines = lines.clone();
        lines[number - 1] = line;
        format!("{}\n", lines.join("\n"))
    };
    for (text, expected) in [
        (
            String::new(),
            "line 1: this is not a snapshot of a sandbox (it is empty)",
        ),
        ("{\"a\": 1}\n".to_owned(), "line 1: this is not a snapshot"),
        (
            "SQLite format 3\0".to_owned(),
            "line 1: this is not a snapshot",
        ),
        (
            with(1, "{\"offblocksSandboxSnapshot\":2,\"schema\":4}"),
            "line 1: a newer version wrote",
        ),
        (
            with(1, "{\"offblocksSandboxSnapshot\":1,\"schema\":5}"),
            "its schema is 5",
        ),
        (
            with(2, "{\"table\":\"loans\",\"columns\":[]}"),
            "line 2: a newer version wrote this snapshot (it has the table loans)",
        ),
        (
            with(2, "{\"table\":\"cards\",\"columns\":[\"pan:text\"]}"),
            "the column cards.pan:text",
        ),
        (with(3, "[1, 2"), "line 3, column"),
        (
            with(3, "[1]"),
            "line 3, column 1: the snapshot is damaged: a row of idempotency has 1 cells instead of 7",
        ),
        (
            with(3, "[1,\"\",null,1,null,\"\",1]"),
            "cell 1 of the row (scope) is not a string",
        ),
        (
            with(3, "[\"\",\"\",null,200,null,\"%\",1]"),
            "cell 6 of the row (body) is not base64",
        ),
        (
            with(3, "[null,\"\",null,200,null,\"\",1]"),
            "cell 1 of the row (scope) is not a value",
        ),
        (
            with(3, "[\"\",\"\",null,1,null,\"\",1]"),
            "line 3, column 1: the snapshot is damaged: cell 4 of the row (status) is not a status of \
             a response",
        ),
        (
            with(1, "{\"offblocksSandboxSnapshot\":1,\"schema\":0}"),
            "line 1, column 1: the snapshot is damaged: its schema is 0",
        ),
        (
            with(2, "{\"table\":\"cards\",\"columns\":[]}"),
            "line 2, column 1: the snapshot is damaged: the table has no columns",
        ),
        (with(2, "[1]"), "a row stands before the first table"),
        (
            format!("{good}{{}}\n"),
            "line 5, column 1: the snapshot is damaged: something stands after its end",
        ),
        (
            lines[..3].join("\n") + "\n",
            "line 4, column 1: the snapshot is damaged: it ends too early",
        ),
        (
            with(4, "{\"end\":{\"rows\":2,\"sha256\":\"\"}}"),
            "line 4, column 1: the snapshot is damaged: 1 rows stand above instead of 2",
        ),
        (
            with(4, "{\"end\":{\"rows\":1,\"sha256\":\"\"}}"),
            "its digest is another",
        ),
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
}
