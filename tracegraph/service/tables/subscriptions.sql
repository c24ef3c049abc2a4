-- Who is told of new events. Times are instants (microseconds), positions those of the ledger, `owner` and `schedule` JSON.
-- `position`: everything up to it was handed to deliveries. `run_upto`: where the scheduled run that is going on ends.
-- `key`: random, makes the names of deliveries. `secret`: the token that signs, as the subscriber gave it.
CREATE TABLE IF NOT EXISTS subscription (
    id TEXT PRIMARY KEY,
    query_name TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    owner TEXT NOT NULL,
    destination TEXT NOT NULL,
    secret TEXT,
    key BLOB NOT NULL,
    schedule TEXT,
    report_if_empty INTEGER NOT NULL,
    initial_record_time INTEGER,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'stopped')),
    reason TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    next_run INTEGER,
    run_upto INTEGER,
    run_told INTEGER NOT NULL DEFAULT 0,
    most_events INTEGER NOT NULL,
    delivered_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS subscription_by_query ON subscription (query_name);
CREATE INDEX IF NOT EXISTS subscription_by_owner ON subscription (owner_name);

-- What is on its way to a subscriber, and what could not be delivered: of the part with `after` < position <= `upto` the
-- events at `positions` (JSON), as they were known at `known`. The events themselves stay in the store.
CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY,
    subscription TEXT NOT NULL REFERENCES subscription ON DELETE CASCADE,
    after INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    known INTEGER NOT NULL,
    positions TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    patient_since INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    last_try INTEGER,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_by_subscription ON delivery (subscription, state, after);
