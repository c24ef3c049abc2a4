"""Loaded for tests/, README.md and docs/ alike; what it turns on is described in the two modules."""

from __future__ import annotations

import pytest

pytest_plugins = ("tests.completeness", "tests.pages")

# The contract suite ships in the package; its assertions are explained like those of the tests.
pytest.register_assert_rewrite("tracegraph.contract")
