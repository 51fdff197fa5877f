-- How `secret_hash` was made: 1 is PBKDF2 over the secret, which cannot tell a secret from the
-- same one with zero bytes behind it; 2 is PBKDF2 over the secret's SHA-256 digest.
ALTER TABLE credentials ADD COLUMN secret_scheme INTEGER NOT NULL DEFAULT 1
    CHECK (secret_scheme IN (1, 2));
