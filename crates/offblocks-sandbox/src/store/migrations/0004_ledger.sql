-- What each account holds in its token. An amount always moves from one book to another, so all
-- books of an account add up to zero.

CREATE TABLE ledger_books (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- `outside`, `available`, `held`, `merchant`, `network_fee`, `service_fee` or `partner_fee`.
    book       TEXT NOT NULL,
    amount     TEXT NOT NULL,
    PRIMARY KEY (account_id, book)
) STRICT;

CREATE TABLE ledger_postings (
    seq              INTEGER PRIMARY KEY,
    account_id       TEXT    NOT NULL REFERENCES accounts (id),
    from_book        TEXT    NOT NULL,
    to_book          TEXT    NOT NULL,
    amount           TEXT    NOT NULL,
    -- What it was moved for: an authorisation or a transaction; neither where an account is funded
    -- or emptied.
    entity_id        TEXT,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_postings_by_account ON ledger_postings (account_id, seq);

-- What an authorisation holds until it is captured or released, and the fees in it.
CREATE TABLE ledger_holds (
    authorisation_id TEXT PRIMARY KEY REFERENCES authorisations (id),
    amount           TEXT NOT NULL,
    fees             TEXT NOT NULL
) STRICT;

CREATE INDEX transactions_by_authorisation ON transactions (authorisation_id);
