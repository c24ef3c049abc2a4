"""A pytest plugin: files that take long are begun first, so that at the end no process waits for another one's.

A file is run whole by one of the processes (--dist=loadfile), in the order of this list, then of the number of tests.
The list needs no upkeep for a second more or less: `make unit PYTEST=--durations=40` shows what takes long.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

#: Longest first.
LONG = (
    "tests/api/test_conformance.py",
    "tests/stores/neo4j/test_contract.py",
    "tests/api/test_conformance_on_neo4j.py",
    "tests/api/test_matrix.py",
    "tests/torture/test_kill.py",
    "tests/benchmarks/test_run.py",
    "tests/access/test_worlds.py",
    "tests/query/test_neo4j.py",
    "tests/api/epcis/test_outage.py",
    "tests/simulator/test_simulator.py",
    "tests/service/test_subscriptions.py",
    "docs/cli.md",
    "tests/stores/test_sqlite_contract.py",
    "tests/end_to_end/test_properties.py",
    "tests/stores/neo4j/test_analysts.py",
    "tests/end_to_end/test_adversarial.py",
    "docs/care.md",
    "tests/end_to_end/test_worlds.py",
    "tests/stores/neo4j/test_import.py",
    "tests/trace/test_answering.py",
    "tests/deployment/test_compose.py",
    "tests/torture/test_fuzz.py",
    "tests/torture/test_troubles.py",
    "docs/demo.md",
    "tests/test_completeness.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files first, then files of many tests; the tests of a file stay as they are. One process alone has nobody to
    wait for, and keeps its order."""
    if not hasattr(config, "workerinput"):
        return
    places = {config.rootpath / name: number for number, name in enumerate(LONG)}
    counts = Counter(item.path for item in items)

    def rank(path: Path) -> tuple[int, int]:
        return places.get(path, len(places)), -counts[path]

    order = {path: number for number, path in enumerate(sorted(counts, key=rank))}
    items.sort(key=lambda item: order[item.path])
