-- Webhooks: who wants to be told, what there is to tell, and how telling went.

-- The key that deliveries are signed with, made once for each database.
CREATE TABLE webhook_key (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    key_id      TEXT    NOT NULL,
    private_pem TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE webhooks (
    seq          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    callback_url TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE webhook_types (
    seq        INTEGER PRIMARY KEY,
    webhook_id TEXT    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    type       TEXT    NOT NULL,
    UNIQUE (type, webhook_id)
) STRICT;
CREATE INDEX webhook_types_by_webhook ON webhook_types (webhook_id);

-- An event is written in the transaction that changes the entity, where a subscription wants it.
CREATE TABLE webhook_events (
    seq        INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    type       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- One for each event and subscription that wanted it at that time. A subscription may be deleted
-- before its deliveries are.
CREATE TABLE deliveries (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    event_seq  INTEGER NOT NULL REFERENCES webhook_events (seq),
    webhook_id TEXT    NOT NULL,
    -- `waiting`, `delivered` or `discarded`.
    status     TEXT    NOT NULL,
    -- Why it was discarded.
    reason     TEXT,
    attempts   INTEGER NOT NULL,
    -- When the time during which it is retried began.
    since      INTEGER NOT NULL,
    -- When it is tried next, while it waits.
    due_at     INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_by_event ON deliveries (event_seq);
CREATE INDEX deliveries_by_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (webhook_id, due_at, seq) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_settled ON deliveries (status, seq) WHERE due_at IS NULL;

CREATE TABLE delivery_attempts (
    seq          INTEGER PRIMARY KEY,
    delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
    attempted_at INTEGER NOT NULL,
    url          TEXT    NOT NULL,
    -- The request's headers, as a JSON array of pairs. Its body is the event's.
    headers      TEXT    NOT NULL,
    -- The response's status and the beginning of its body, or else why there is none.
    status       INTEGER,
    excerpt      TEXT,
    failure      TEXT,
    -- In microseconds.
    duration     INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_attempts_by_delivery ON delivery_attempts (delivery_seq);
