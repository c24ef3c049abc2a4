"""Is the store what it was: the chain, then what was derived from it, then the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracegraph.stores.facts_codec import decode_facts
from tracegraph.stores.ledger import verify_chain
from tracegraph.stores.neo4j.asking import Asking
from tracegraph.stores.neo4j.connections import Connections
from tracegraph.stores.neo4j.ledger_rows import read_head, read_page
from tracegraph.stores.port import LedgerEntry
from tracegraph.stores.record_codec import decode_data
from tracegraph.stores.unreadable import UNREADABLE


def find_faults(connections: Connections) -> Iterator[str]:
    """A sentence per fault, first bad row first. All of it is about the position that is the last one at the beginning:
    what is written during the check is not looked at."""
    published = connections.read(lambda asking: asking.known(None))
    count = connections.read(lambda asking: read_head(asking, published).count)
    yield from verify_chain(_entries(connections, count))
    yield from _derived_faults(connections, count)
    yield from _graph_faults(connections, count, published)


def _entries(connections: Connections, count: int) -> Iterator[LedgerEntry]:
    """The entries in order, page by page."""
    after = 0
    while after < count:
        page = connections.read(lambda asking, after=after: read_page(asking, after, count))  # type: ignore[misc]
        if not page:
            return
        yield from page
        after = page[-1].position


def _derived_faults(connections: Connections, count: int) -> Iterator[str]:
    """Entries without facts or record data, and facts that cannot be read or are not found by what they say."""
    after = 0
    while after < count:

        def page(asking: Asking, after: int = after) -> list[list[object]]:
            return list(asking.column("derived", after=after, upto=count, most=1_000))

        rows = connections.read(page)
        if not rows:
            return
        for row in rows:
            yield from _row_faults(*row)  # type: ignore[arg-type]
        after = int(rows[-1][0])  # type: ignore[call-overload]


def _row_faults(
    position: int,
    kind: str,
    facts: str | None,
    data: str | None,
    hash: str | None,
    event_id: str | None,
    transformation: str | None,
    named: int,
) -> Iterator[str]:
    if kind == "event" and facts is None:
        yield f"ledger entry at position {position} is an event without facts"
    if kind == "record" and data is None:
        yield f"ledger entry at position {position} is a record without its data"
    try:
        if data is not None:
            decode_data(data)
        said = None if facts is None else decode_facts(facts)
    except UNREADABLE as error:
        yield f"the facts or data at position {position} cannot be read ({error})"
        return
    if said is None:
        return
    found_by = (said.content_hash, said.event_id or None, said.transformation, len(said.numbers()))
    if found_by != (hash, event_id, transformation, named):
        yield f"the facts of the event at position {position} do not agree with how it is found"


def _graph_faults(connections: Connections, count: int, published: int) -> Iterator[str]:
    """Legs that hang in the air, nodes that are there twice, and what is known from positions that do not exist."""
    yield from _each(
        "leg {} leads from or to {}, which is no holding and no transformation",
        connections.read(lambda asking: asking.column("legs_in_the_air", at=count)),
    )
    yield from _each(
        "holding or transformation {1} is at more than one place at the same time",
        connections.read(lambda asking: asking.column("nodes_at_two_places", at=count)),
    )
    yield from _each(
        "{} relationships of type {} are known from positions after {}, where the ledger ends: entries are missing",
        connections.read(lambda asking: asking.column("known_too_late", at=count, published=published)),
    )


def _each(sentence: str, rows: Iterable[list[object]]) -> Iterator[str]:
    for row in rows:
        yield sentence.format(*row)
