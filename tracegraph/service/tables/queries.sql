-- Queries that have a name. They belong to the user that made them; `body` and `context` are JSON.
CREATE TABLE IF NOT EXISTS named_query (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    context TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT;
