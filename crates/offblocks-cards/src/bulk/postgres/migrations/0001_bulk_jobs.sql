-- Jobs, their workers, and their rows. Instants that belong to calls are microseconds since the Unix
-- epoch, by the clock of a worker; leases are by the clock of this database alone.
CREATE TABLE jobs (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- Together with the number of a row and its round it gives the idempotency key.
    id TEXT NOT NULL,
    began BIGINT NOT NULL,
    command TEXT NOT NULL DEFAULT 'run' CHECK (command IN ('run', 'pause', 'cancel')),
    -- NULL until all rows are there.
    row_count BIGINT
);

CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    job BIGINT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    joined_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    lease_until TIMESTAMPTZ NOT NULL,
    -- A worker that has left does not come back.
    left_at TIMESTAMPTZ,
    -- Whether it left because its lease ended.
    lost BOOLEAN NOT NULL DEFAULT false
);

CREATE INDEX workers_present ON workers (job, lease_until) WHERE left_at IS NULL;

-- The rows as they were given, in parts, so that other rows are noticed.
CREATE TABLE parts (
    job BIGINT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    first_row BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (job, first_row)
);

CREATE TABLE job_rows (
    job BIGINT NOT NULL REFERENCES jobs ON DELETE CASCADE,
    number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    account TEXT NOT NULL,
    -- The order, as JSON. It holds an address, and is deleted when the row ends.
    order_document TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'claimed', 'ended')),
    -- The row before of the same account, which has to end first.
    follows BIGINT,
    worker TEXT,
    claims INTEGER NOT NULL DEFAULT 0,
    round INTEGER NOT NULL DEFAULT 0,
    -- Since when the key of the round may have been sent.
    sent_since BIGINT,
    card TEXT,
    found BOOLEAN NOT NULL DEFAULT false,
    -- How the row ended, as JSON.
    outcome TEXT,
    PRIMARY KEY (job, number)
);

CREATE INDEX job_rows_open ON job_rows (job, number) WHERE state = 'open';
CREATE INDEX job_rows_claimed ON job_rows (job, worker) WHERE state = 'claimed';
CREATE INDEX job_rows_waiting ON job_rows (job, follows) WHERE state = 'waiting';
CREATE INDEX job_rows_account ON job_rows (job, account, number);
-- A card belongs to one row.
CREATE UNIQUE INDEX job_rows_card ON job_rows (job, card) WHERE card IS NOT NULL;
