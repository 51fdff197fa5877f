-- Several processes can deliver from one PostgreSQL database. A delivery that is under way belongs
-- to the process of this number, until its outcome is noted. In SQLite it is always NULL.
ALTER TABLE deliveries ADD COLUMN claimed_by INTEGER;
CREATE INDEX deliveries_claimed ON deliveries (claimed_by) WHERE claimed_by IS NOT NULL;
