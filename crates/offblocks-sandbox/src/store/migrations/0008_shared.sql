-- What several processes share, and a restart keeps: calls that fail on purpose, and programmes.

-- How often each fault was met is counted here. What it does is JSON.
CREATE TABLE faults (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    fault   TEXT    NOT NULL,
    matched INTEGER NOT NULL,
    applied INTEGER NOT NULL
) STRICT;

-- The programmes of a PostgreSQL database, each with a schema of its own. Those of SQLite have
-- files of their own, and are not listed here.
CREATE TABLE programmes (
    name        TEXT PRIMARY KEY,
    schema_name TEXT NOT NULL UNIQUE,
    -- `making`, `ready` or `dropping`.
    state       TEXT NOT NULL
) STRICT;
