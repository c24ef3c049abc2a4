-- Messages of recall cases that are to leave, and what became of each. Times are instants (microseconds).
-- `recipient`: a reference of a person, or an address (emptied once sent). `mentions`: references of persons that the texts
-- name, JSON. `digest`: of all that is sent. `recorded_at`: since when the ledger says that it was sent.
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    case_type TEXT NOT NULL CHECK (case_type <> 'drill'),
    notice TEXT NOT NULL,
    version TEXT NOT NULL,
    consignee TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    mentions TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'failed', 'dropped')),
    queued_at INTEGER NOT NULL,
    patient_since INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    receipt TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    recorded_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_by_state ON outbox (state, number);
CREATE INDEX IF NOT EXISTS outbox_by_case ON outbox (case_id, number);

-- What a message says: its text, then its attachments. Deleted once it was sent or dropped.
CREATE TABLE IF NOT EXISTS outbox_part (
    message TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (message, number)
) STRICT, WITHOUT ROWID;
