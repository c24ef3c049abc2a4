"""What a person would write in Neo4j to get the part of the graph behind a start: both ends of each leg as columns.

No more conditions than the answer needs. Reach is held against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.neo4j_server.database import Database

_FORWARD = """
UNWIND $starts AS number
MATCH (start:Node {number: number})
MATCH (start)-[hop:MOVED|CARRIED|INPUT|OUTPUT WHERE hop.known_to = $open]->*(source)
WITH DISTINCT source
MATCH (source)-[leg:MOVED|CARRIED|INPUT|OUTPUT WHERE leg.known_to = $open]->(target)
RETURN collect(source.number) AS source, collect(target.number) AS target
"""
_BACKWARD = """
UNWIND $starts AS number
MATCH (start:Node {number: number})
MATCH (start)<-[hop:MOVED|CARRIED|INPUT|OUTPUT WHERE hop.known_to = $open]-*(target)
WITH DISTINCT target
MATCH (target)<-[leg:MOVED|CARRIED|INPUT|OUTPUT WHERE leg.known_to = $open]-(source)
RETURN collect(source.number) AS source, collect(target.number) AS target
"""
_STATEMENTS = {"forward": _FORWARD, "backward": _BACKWARD}
#: What is known now.
_OPEN = 2**53


class BareStatement:
    """The statement, sent past tracegraph by the same driver."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ends(self, starts: Sequence[int], direction: str) -> tuple[list[int], list[int]]:
        """Sources and targets of the legs on all paths from the starts."""
        with self._database.driver.session(database=self._database.name) as session:
            found = session.run(_STATEMENTS[direction], starts=list(starts), open=_OPEN).single(strict=True)
            return found["source"], found["target"]
