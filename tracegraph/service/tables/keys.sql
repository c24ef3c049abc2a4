-- API keys: what is stored of one cannot be used as one.
CREATE TABLE IF NOT EXISTS api_keys (
    prefix TEXT PRIMARY KEY,     -- the public part of the key, by which it is found
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    salt BLOB NOT NULL,
    digest BLOB NOT NULL,        -- SHA-256 of salt and secret
    scopes TEXT NOT NULL,        -- JSON array of operations, sorted; empty: all that the role may
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL, -- microseconds since 1970-01-01T00:00Z, like all instants here
    expires_at INTEGER,
    revoked_at INTEGER,
    used_on INTEGER              -- the day of the last use, its first microsecond
) STRICT, WITHOUT ROWID;
