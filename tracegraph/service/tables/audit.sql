-- Who asked what. Written in batches beside the requests; old entries are deleted after the time that the settings say.
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,         -- microseconds since 1970-01-01T00:00Z
    request TEXT NOT NULL,
    caller TEXT NOT NULL,        -- empty: somebody whose credential was refused
    role TEXT NOT NULL,
    organisations TEXT NOT NULL, -- JSON array of canonical party keys, sorted
    operation TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    asked TEXT NOT NULL,         -- JSON array of canonical identifiers and `name=value`
    status INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at);
CREATE INDEX IF NOT EXISTS audit_by_caller ON audit (caller, number);
