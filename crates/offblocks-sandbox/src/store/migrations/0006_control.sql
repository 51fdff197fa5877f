-- What the control plane keeps: the clock, and when steps happen. The values are JSON.
CREATE TABLE control (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- A step without a time waits until it is run by a call of the control plane.
CREATE TABLE steps (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at    INTEGER,
    step      TEXT NOT NULL,
    entity_id TEXT NOT NULL
) STRICT;
INSERT INTO steps (due_at, step, entity_id)
    SELECT due_at, step, entity_id FROM scheduled_steps ORDER BY seq;
DROP TABLE scheduled_steps;
ALTER TABLE steps RENAME TO scheduled_steps;
CREATE INDEX scheduled_steps_by_due ON scheduled_steps (due_at, seq);
CREATE INDEX scheduled_steps_by_entity ON scheduled_steps (entity_id);
