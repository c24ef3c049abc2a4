-- Requests that a caller gave a key, and how they were answered, so that a repeated one is not done twice.
CREATE TABLE IF NOT EXISTS idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BLOB NOT NULL,        -- SHA-256 of the request
    begun_at INTEGER NOT NULL,   -- microseconds since 1970-01-01T00:00Z
    status INTEGER,              -- NULL: it is running
    headers TEXT,                -- JSON array of pairs
    body BLOB,
    PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_by_time ON idempotency (begun_at);
