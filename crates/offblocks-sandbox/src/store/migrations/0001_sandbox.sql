-- One database holds one programme. Instants are microseconds since 1970 in UTC, identifiers are
-- hyphenated lowercase UUIDs, amounts are decimal text. `seq` keeps the order of creation.

CREATE TABLE programme (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    token_secret BLOB    NOT NULL,
    -- Tokens carry the epoch they were issued in; raising it revokes all of them at once.
    token_epoch  INTEGER NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE credentials (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    api_key     TEXT NOT NULL,
    -- A salted hash: the secret itself is never stored.
    secret_salt BLOB NOT NULL,
    secret_hash BLOB NOT NULL
) STRICT;

CREATE TABLE signing_keys (
    id         TEXT PRIMARY KEY,
    spki_pem   TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE customers (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    external_id TEXT NOT NULL UNIQUE,
    chain_id    TEXT NOT NULL,
    -- The chain id in lowercase: the same address in another spelling is the same customer.
    chain_key   TEXT NOT NULL UNIQUE,
    status      TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    seq            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    customer_id    TEXT NOT NULL REFERENCES customers (id),
    chain_id       TEXT,
    status         TEXT NOT NULL,
    -- What deactivated it: `own` (a call on it) or `customer`. Only while inactive.
    inactive_cause TEXT,
    type           TEXT NOT NULL,
    currency       TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_by_customer ON accounts (customer_id);

CREATE TABLE cards (
    seq             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    account_id      TEXT NOT NULL REFERENCES accounts (id),
    type            TEXT NOT NULL,
    name            TEXT,
    network         TEXT,
    -- The first six and the last four digits. The full number exists nowhere.
    masked_pan      TEXT,
    expiration_date TEXT,
    billing_address TEXT NOT NULL,
    status          TEXT NOT NULL,
    -- What deactivated it: `own` (a call on it), `account` or `customer`. Only while inactive.
    inactive_cause  TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX cards_by_account ON cards (account_id);

CREATE TABLE authorisations (
    seq               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    account_id        TEXT NOT NULL REFERENCES accounts (id),
    card_id           TEXT NOT NULL REFERENCES cards (id),
    status            TEXT NOT NULL,
    amount            TEXT NOT NULL,
    currency          TEXT NOT NULL,
    merchant_amount   TEXT NOT NULL,
    merchant_currency TEXT NOT NULL,
    exchange_rate     TEXT NOT NULL,
    merchant          TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;

CREATE TABLE transactions (
    seq               INTEGER PRIMARY KEY,
    id                TEXT NOT NULL UNIQUE,
    account_id        TEXT NOT NULL REFERENCES accounts (id),
    card_id           TEXT NOT NULL REFERENCES cards (id),
    authorisation_id  TEXT NOT NULL REFERENCES authorisations (id),
    status            TEXT NOT NULL,
    direction         TEXT NOT NULL,
    amount            TEXT NOT NULL,
    currency          TEXT NOT NULL,
    merchant_amount   TEXT NOT NULL,
    merchant_currency TEXT NOT NULL,
    exchange_rate     TEXT NOT NULL,
    merchant          TEXT NOT NULL,
    token_amount      TEXT NOT NULL,
    token             TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX transactions_by_account ON transactions (account_id);
CREATE INDEX transactions_by_card ON transactions (card_id);

CREATE TABLE fees (
    seq            INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    type           TEXT NOT NULL,
    token_amount   TEXT NOT NULL
) STRICT;
CREATE INDEX fees_by_transaction ON fees (transaction_id);

CREATE TABLE chain_transactions (
    seq            INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    chain_id       TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX chain_transactions_by_transaction ON chain_transactions (transaction_id);

-- One current challenge for each customer and account; a new one replaces it.
CREATE TABLE challenges (
    owner_id   TEXT PRIMARY KEY,
    message    TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    signed     INTEGER NOT NULL CHECK (signed IN (0, 1))
) STRICT;

CREATE TABLE idempotency (
    -- Whose key it is.
    scope        TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    -- What the call asked for, and how it was answered.
    fingerprint  TEXT    NOT NULL,
    status       INTEGER NOT NULL,
    content_type TEXT,
    body         BLOB    NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

-- What happens by itself once its time has come, in the order (due_at, seq).
CREATE TABLE scheduled_steps (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at    INTEGER NOT NULL,
    step      TEXT NOT NULL,
    entity_id TEXT NOT NULL
) STRICT;
CREATE INDEX scheduled_steps_by_due ON scheduled_steps (due_at, seq);
