"""From version 1 to 2: fewer and smaller indexes, nodes with their unit and event, events found by a short key.

Numbers of nodes, names and legs stay what they are, and so do all answers.
"""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

_STATEMENTS = (
    "DROP INDEX ledger_recorded_at",
    "DROP INDEX mention_position",
    "DROP INDEX event_place_position",
    # events
    """
    CREATE TABLE event_2 (
        position INTEGER PRIMARY KEY REFERENCES ledger (position),
        content_key INTEGER NOT NULL,
        event_id INTEGER REFERENCES name (number),
        transformation INTEGER REFERENCES name (number),
        facts TEXT NOT NULL
    ) STRICT
    """,
    """
    INSERT INTO event_2 SELECT event.position, content_key(name.text), event.event_id, event.transformation, event.facts
    FROM event CROSS JOIN name ON name.number = event.content_hash ORDER BY event.position
    """,
    "DROP TABLE event",
    "ALTER TABLE event_2 RENAME TO event",
    "CREATE INDEX event_content_key ON event (content_key)",
    "CREATE INDEX event_event_id ON event (event_id) WHERE event_id IS NOT NULL",
    "CREATE INDEX event_transformation ON event (transformation) WHERE transformation IS NOT NULL",
    # nodes
    """
    CREATE TABLE node_2 (
        number INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        unit INTEGER REFERENCES name (number),
        event INTEGER REFERENCES name (number)
    ) STRICT
    """,
    """
    INSERT INTO node_2 SELECT
        node.number,
        node.text,
        coalesce(
            (SELECT holding.unit FROM holding WHERE holding.node = node.number LIMIT 1),
            (SELECT joint.owner FROM joint WHERE joint.node = node.number LIMIT 1)
        ),
        (SELECT holding.event FROM holding WHERE holding.node = node.number LIMIT 1)
    FROM node ORDER BY node.number
    """,
    "DROP TABLE node",
    "ALTER TABLE node_2 RENAME TO node",
    "CREATE INDEX node_unit ON node (unit, substr(text, 1, 10))",
    "CREATE INDEX node_event ON node (event) WHERE event IS NOT NULL",
    "CREATE INDEX node_joint ON node (substr(text, 1, 10)) WHERE event IS NULL",
    # legs
    """
    CREATE TABLE leg_2 (
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
    ) STRICT
    """,
    """
    INSERT INTO leg_2 SELECT leg.rowid, leg.owner, leg.source, leg.target, leg.event, leg.rule, leg.confirmed, leg.cost,
        leg.instant, iif(leg.owner IS begun.unit OR leg.owner IS reached.unit, NULL, 1), leg.known_from, leg.known_to
    FROM leg CROSS JOIN node AS begun ON begun.number = leg.source CROSS JOIN node AS reached
    ON reached.number = leg.target ORDER BY leg.rowid
    """,
    "DROP TABLE leg",
    "ALTER TABLE leg_2 RENAME TO leg",
    "CREATE INDEX leg_forward ON leg (source, target)",
    "CREATE INDEX leg_backward ON leg (target, source)",
    "CREATE INDEX leg_loose ON leg (owner) WHERE loose IS NOT NULL",
    "CREATE INDEX leg_closed ON leg (known_to) WHERE known_to < 9223372036854775807",
    # other parts of timelines
    "DROP INDEX unit_unit",
    "CREATE INDEX unit_unit ON unit (unit)",
    "DROP INDEX unit_product",
    "CREATE INDEX unit_product ON unit (product) WHERE product IS NOT NULL",
    "DROP INDEX timeline_owner",
    "CREATE INDEX timeline_owner ON timeline (owner)",
    "DROP INDEX holding_owner",
    "CREATE INDEX holding_owner ON holding (owner) WHERE owner <> unit",
    "DROP INDEX holding_unit",
    "DROP INDEX holding_event",
    "DROP INDEX holding_place",
    """
    CREATE INDEX holding_place ON holding (place, known_to) WHERE place_kind = 'site' OR place_kind = 'container'
    """,
    "DROP INDEX joint_owner",
    "CREATE INDEX joint_owner ON joint (owner)",
    "DROP INDEX alias_owner",
    "CREATE INDEX alias_owner ON alias (owner)",
    "DROP INDEX alias_alias",
    "CREATE INDEX alias_alias ON alias (alias)",
    "DROP INDEX membership_owner",
    "CREATE INDEX membership_owner ON membership (owner)",
    "DROP INDEX membership_lot",
    "CREATE INDEX membership_lot ON membership (lot)",
    "DROP INDEX gap_owner",
    "DROP INDEX gap_unit",
    "CREATE INDEX gap_unit ON gap (unit, event, known_to)",
    "CREATE INDEX gap_owner ON gap (owner) WHERE owner <> unit",
    "PRAGMA user_version = 2",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make a store of version 1 one of version 2: all of it, or nothing where the connection or the process ends."""
    connection.create_function("content_key", 1, _content_key, deterministic=True)
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _STATEMENTS:
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _content_key(content_hash: str) -> int:
    """48 bits made of a content hash."""
    return int.from_bytes(blake2b(content_hash.encode(), digest_size=6).digest())
