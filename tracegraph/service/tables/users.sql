-- Who may ask. A name, never a person; role and organisations say what it may do and know.
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    organisations TEXT NOT NULL, -- JSON array of canonical party keys, sorted
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL  -- microseconds since 1970-01-01T00:00Z
) STRICT, WITHOUT ROWID;
