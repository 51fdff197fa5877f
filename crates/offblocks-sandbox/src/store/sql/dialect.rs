//! What differs between the two databases, where one text of SQL cannot serve both.

use std::borrow::Cow;
use std::time::Duration;

/// Which SQL a database understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Begins a transaction that may write. On both databases only one at a time can.
    ///
    /// # Isolation
    /// SQLite has one writer. In PostgreSQL all writers of a schema, of any process, take one
    /// advisory lock, which the end of the transaction releases. So code that reads first and writes
    /// afterwards needs no locks of its own, and sandboxes cause neither serialization failures nor
    /// deadlocks among themselves. `READ COMMITTED` is intended: each statement sees what was committed
    /// before it, so all work of the earlier writers. A stricter level would take its snapshot before the
    /// lock is granted. With `READ WRITE` a standby rejects the transaction at its beginning.
    pub(in crate::store) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => {
                "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(\
                 hashtextextended('offblocks writer ' || current_schema(), 0))"
            }
        }
    }

    /// Holds a unit of work that shares a transaction, so that it can be rolled back by itself. `again`
    /// says whether a unit before it was held.
    pub(in crate::store) const fn savepoint(self, again: bool) -> &'static str {
        match (self, again) {
            (Self::Postgres, true) => "RELEASE unit; SAVEPOINT unit",
            _ => "SAVEPOINT unit",
        }
    }

    /// Ends a savepoint together with the last statements of its unit of work, so that it costs no step.
    /// PostgreSQL ends it together with the next one instead, and the last one with the transaction.
    pub(in crate::store) const fn release(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("RELEASE unit"),
            Self::Postgres => None,
        }
    }

    /// Where SQLite keeps what a savepoint or a statement needs to be undone, the pages as they were: in
    /// memory, and in a file. A unit of work changes few pages as a rule, and those in a file are written
    /// like the database itself. Another choice takes effect with the next transaction.
    pub(in crate::store) const fn savepoints(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Sqlite => (
                Some("PRAGMA temp_store = memory"),
                Some("PRAGMA temp_store = file"),
            ),
            Self::Postgres => (None, None),
        }
    }

    /// Rolls a unit of work back that was held. In SQLite no savepoint stands between units, so this
    /// fails, and never undoes another unit, where the savepoint could not be made.
    pub(in crate::store) const fn roll_back(self) -> &'static str {
        match self {
            Self::Sqlite => "ROLLBACK TO unit; RELEASE unit",
            Self::Postgres => "ROLLBACK TO unit",
        }
    }

    /// Whether a transaction cannot continue after a statement that failed, unless a savepoint was made
    /// before it.
    pub(in crate::store) const fn is_stopped_by_errors(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// How many units of work share a commit at most, so that the first one does not wait too long.
    /// With PostgreSQL, writers of other processes wait too.
    pub(in crate::store) const fn batch(self) -> usize {
        match self {
            Self::Sqlite => 64,
            Self::Postgres => 16,
        }
    }

    /// After how long no other writer joins a commit, where writers of other processes wait meanwhile.
    pub(in crate::store) const fn turn(self) -> Option<Duration> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Duration::from_millis(50)),
        }
    }

    /// Stands behind a `SELECT` of rows that are to be taken: rows that another session has taken
    /// are left to that one. SQLite has one session that writes.
    pub(in crate::store) const fn take(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Begins to read one state of the database, whatever others write.
    pub(in crate::store) const fn hold(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Lets a table continue after its last number, where rows were written with numbers of their own.
    /// SQLite does so by itself.
    pub(in crate::store) fn renumber(self, table: &str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'seq'), \
                 coalesce(max(seq), 1), max(seq) IS NOT NULL) FROM {table}"
            )),
        }
    }

    /// A migration, written for SQLite, in this dialect. The types of columns differ, and how
    /// rows are numbered.
    pub(in crate::store) fn schema(self, sql: &'static str) -> Cow<'static, str> {
        match self {
            Self::Sqlite => Cow::Borrowed(sql),
            Self::Postgres => Cow::Owned(for_postgres(sql)),
        }
    }
}

/// Text as PostgreSQL can keep it: it has no NUL in texts, which SQLite does.
pub(super) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

fn for_postgres(sql: &str) -> String {
    let mut lines = Vec::new();
    for line in sql.lines() {
        lines.push(match line.trim_start() {
            comment if comment.starts_with("--") => line.to_owned(),
            numbered if numbered.starts_with("seq ") => numbering(line),
            _ => line
                .replace("INTEGER", "BIGINT")
                .replace("BLOB", "BYTEA")
                .replace(") STRICT;", ");"),
        });
    }
    lines.join("\n")
}

/// The column that keeps the order of creation.
fn numbering(line: &str) -> String {
    const IDENTITY: &str = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
    line.replace("INTEGER PRIMARY KEY AUTOINCREMENT", IDENTITY)
        .replace("INTEGER PRIMARY KEY", IDENTITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_written_once() {
        let sqlite = "-- INTEGER stays in a comment.\n\
            CREATE TABLE things (\n    seq   INTEGER PRIMARY KEY AUTOINCREMENT,\n    \
            at    INTEGER NOT NULL,\n    bytes BLOB\n) STRICT;\n\
            ALTER TABLE things ADD COLUMN size INTEGER;";
        let postgres = "-- INTEGER stays in a comment.\n\
            CREATE TABLE things (\n    seq   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n    \
            at    BIGINT NOT NULL,\n    bytes BYTEA\n);\n\
            ALTER TABLE things ADD COLUMN size BIGINT;";
        assert_eq!(Dialect::Postgres.schema(sqlite), postgres);
        assert_eq!(Dialect::Sqlite.schema(sqlite), sqlite);
    }
}
