-- Persons that the ledger names by reference only. `id` is random; the reference is made of it and of the salt in `about`.
CREATE TABLE IF NOT EXISTS person (
    reference TEXT PRIMARY KEY,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    after_hours TEXT NOT NULL,
    notes TEXT NOT NULL,
    purpose TEXT NOT NULL,
    keep_until TEXT NOT NULL,    -- a day: 2027-01-31
    changed_at INTEGER NOT NULL  -- microseconds since 1970-01-01T00:00Z
) STRICT, WITHOUT ROWID;

-- That there were data of a person, and why they are gone. Nothing of what they said.
CREATE TABLE IF NOT EXISTS person_erased (
    reference TEXT PRIMARY KEY,
    erased_at INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('asked', 'retention'))
) STRICT, WITHOUT ROWID;
