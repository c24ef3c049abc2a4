"""Every event arrives, in order, each once for who leaves out what it has: whatever service and receiver go through."""

from __future__ import annotations

from pathlib import Path

from tests.api.epcis.outage import tell


def test_nothing_is_lost_between_kills_outages_and_lost_replies(tmp_path: Path) -> None:
    told = tell(f"sqlite:///{tmp_path}/store.db", tmp_path, rounds=2, seed=1)
    assert told.faults == []
    assert told.received == told.stored
    assert len(told.stored) == 48
    assert told.repeated > 0


def test_nothing_is_lost_in_neo4j(neo4j_database, tmp_path: Path) -> None:
    told = tell(neo4j_database.url, tmp_path, rounds=1, seed=2)
    assert told.faults == []
    assert len(told.stored) == 24
