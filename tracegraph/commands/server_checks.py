"""What the doctor looks at in a Neo4j server."""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.clock import now
from tracegraph.commands.session import Session, reachable
from tracegraph.commands.store_checks import TOLERANCE, Check


def server_checks(session: Session) -> Iterator[Check]:
    """Version and edition, constraints and indexes, and whether its clock agrees with this machine's."""
    from tracegraph.model.instants import instant_text
    from tracegraph.stores.neo4j import open_neo4j

    store = open_neo4j(reachable(session.url), create=False)
    try:
        before = now()
        facts = store.server()
        after = now()
    finally:
        store.close()
    yield Check("server", f"Neo4j {facts.version}, {facts.edition}")
    lacking = [*facts.missing, *facts.unready]
    advice = session.say("constraints_lacking", names=", ".join(lacking)) if lacking else ""
    yield Check("constraints", f"{len(facts.wanted) - len(lacking)} / {len(facts.wanted)}", advice)
    agrees = before - TOLERANCE < facts.clock < after + TOLERANCE
    there, here = instant_text(facts.clock), instant_text(after)
    yield Check("server_clock", there, "" if agrees else session.say("clocks_differ", there=there, here=here))
