-- The embedded store, version 2. Texts that repeat (unit keys, places, event ids, rules) are numbered once in `name`;
-- nodes (holdings and joints) have numbers of their own, small and dense, that never change.
-- An index costs every insert: there is one only where a question needs it, and none whose keys come in random order
-- where another way is found. docs/adr/005-lean-rows.md says what was measured.
-- Rows with known_from and known_to are versions by ledger position; known_to = 9223372036854775807 means current.
-- REFERENCES are not enforced while writing; verify checks them all.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The ledger: append-only, hash-chained. Everything below can be made again from it.
CREATE TABLE ledger (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'record')),
    recorded_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    payload BLOB NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE name (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- The unit and the event that a holding's id is made of, and for a joint its owner (event NULL). Nodes are looked up by
-- unit, because ids are hashes: an index on them alone would touch a page of its own for every node.
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    unit INTEGER REFERENCES name (number),
    event INTEGER REFERENCES name (number)
) STRICT;
CREATE INDEX node_unit ON node (unit, substr(text, 1, 10));
CREATE INDEX node_event ON node (event) WHERE event IS NOT NULL;
CREATE INDEX node_joint ON node (substr(text, 1, 10)) WHERE event IS NULL;

-- Facts of events, and the ways to find them. content_key: 48 bits made of the content hash; the facts decide.
CREATE TABLE event (
    position INTEGER PRIMARY KEY REFERENCES ledger (position),
    content_key INTEGER NOT NULL,
    event_id INTEGER REFERENCES name (number),
    transformation INTEGER REFERENCES name (number),
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX event_content_key ON event (content_key);
CREATE INDEX event_event_id ON event (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX event_transformation ON event (transformation) WHERE transformation IS NOT NULL;

CREATE TABLE mention (
    unit INTEGER NOT NULL REFERENCES name (number),
    position INTEGER NOT NULL REFERENCES event (position),
    PRIMARY KEY (unit, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_place (
    place INTEGER NOT NULL REFERENCES name (number),
    position INTEGER NOT NULL REFERENCES event (position),
    PRIMARY KEY (place, position)
) STRICT, WITHOUT ROWID;

-- Versioned statements; valid time in instants, known time is the ledger's.
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES ledger (position),
    data TEXT NOT NULL,
    valid_from INTEGER,
    valid_to INTEGER,
    withdrawn INTEGER NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (kind, id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_position ON record (position);

-- The custody graph.
CREATE TABLE unit (
    unit INTEGER NOT NULL REFERENCES name (number),
    kind TEXT NOT NULL,
    product INTEGER REFERENCES name (number),
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX unit_unit ON unit (unit);
CREATE INDEX unit_product ON unit (product) WHERE product IS NOT NULL;

CREATE TABLE timeline (
    owner INTEGER NOT NULL REFERENCES name (number),
    kind TEXT NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX timeline_owner ON timeline (owner);

CREATE TABLE holding (
    owner INTEGER NOT NULL REFERENCES name (number),
    node INTEGER NOT NULL REFERENCES node (number),
    unit INTEGER NOT NULL REFERENCES name (number),
    place_kind TEXT NOT NULL,
    place INTEGER NOT NULL REFERENCES name (number),
    since INTEGER NOT NULL,
    until INTEGER,
    event INTEGER NOT NULL REFERENCES name (number),
    role TEXT NOT NULL,
    party INTEGER REFERENCES name (number),
    goods_owner INTEGER REFERENCES name (number),
    quantity_value TEXT,
    quantity_measure TEXT,
    remaining_value TEXT,
    remaining_measure TEXT,
    sublocation INTEGER REFERENCES name (number),
    destination INTEGER REFERENCES name (number),
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX holding_node ON holding (node, known_to);
CREATE INDEX holding_place ON holding (place, known_to) WHERE place_kind = 'site' OR place_kind = 'container';
CREATE INDEX holding_party ON holding (party, known_to) WHERE party IS NOT NULL;
CREATE INDEX holding_owner ON holding (owner) WHERE owner <> unit;

CREATE TABLE joint (
    owner INTEGER NOT NULL REFERENCES name (number),
    node INTEGER NOT NULL REFERENCES node (number),
    transformation INTEGER NOT NULL REFERENCES name (number),
    events TEXT NOT NULL,
    place_kind TEXT NOT NULL,
    place INTEGER NOT NULL REFERENCES name (number),
    instant INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX joint_owner ON joint (owner);
CREATE INDEX joint_node ON joint (node, known_to);

-- Every event that ever took part in a joint; the joint's version says which of them do at a position.
CREATE TABLE joint_event (
    event INTEGER NOT NULL REFERENCES name (number),
    node INTEGER NOT NULL REFERENCES node (number),
    PRIMARY KEY (event, node)
) STRICT, WITHOUT ROWID;

-- Numbers of legs grow with known_from. loose: neither end is a node of the owner (else NULL), so that only these need
-- to be found by owner.
CREATE TABLE leg (
    number INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL REFERENCES name (number),
    source INTEGER NOT NULL REFERENCES node (number),
    target INTEGER NOT NULL REFERENCES node (number),
    event INTEGER NOT NULL REFERENCES name (number),
    rule INTEGER NOT NULL REFERENCES name (number),
    confirmed INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    loose INTEGER,
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX leg_forward ON leg (source, target);
CREATE INDEX leg_backward ON leg (target, source);
CREATE INDEX leg_loose ON leg (owner) WHERE loose IS NOT NULL;
CREATE INDEX leg_closed ON leg (known_to) WHERE known_to < 9223372036854775807;

CREATE TABLE alias (
    owner INTEGER NOT NULL REFERENCES name (number),
    alias INTEGER NOT NULL REFERENCES name (number),
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX alias_owner ON alias (owner);
CREATE INDEX alias_alias ON alias (alias);

CREATE TABLE membership (
    owner INTEGER NOT NULL REFERENCES name (number),
    lot INTEGER NOT NULL REFERENCES name (number),
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX membership_owner ON membership (owner);
CREATE INDEX membership_lot ON membership (lot);

CREATE TABLE gap (
    owner INTEGER NOT NULL REFERENCES name (number),
    kind TEXT NOT NULL,
    unit INTEGER NOT NULL REFERENCES name (number),
    place INTEGER NOT NULL REFERENCES name (number),
    event INTEGER NOT NULL REFERENCES name (number),
    node INTEGER REFERENCES node (number),
    ask TEXT NOT NULL,
    detail TEXT NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER NOT NULL
) STRICT;
CREATE INDEX gap_unit ON gap (unit, event, known_to);
CREATE INDEX gap_node ON gap (node, known_to) WHERE node IS NOT NULL;
CREATE INDEX gap_owner ON gap (owner) WHERE owner <> unit;
