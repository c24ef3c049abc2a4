"""Loaded for tests/, README.md and docs/ alike; what it turns on is described in these modules."""

from __future__ import annotations

import pytest

pytest_plugins = (
    "tests.completeness",
    "tests.in_memory",
    "tests.neo4j_server.fixtures",
    "tests.ordering",
    "tests.pages",
)

# The contract suite ships in the package; its assertions are explained like those of the tests.
pytest.register_assert_rewrite("tracegraph.contract")
