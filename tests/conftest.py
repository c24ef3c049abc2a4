"""Fixtures for all tests, and how hypothesis runs: the same examples every time, no time limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

REFERENCE = "TRACEGRAPH_REFERENCE"

settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# pytest --hypothesis-profile=search: new examples at every run, many of them.
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
# make mutation: a property that fails is enough, the smallest example of it is not looked for.
settings.register_profile(
    "mutation", settings.get_profile("repeatable"), max_examples=20, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of reference data from public projects; a test that asks for it is not run where it is not set."""
    folder = os.environ.get(REFERENCE)
    if not folder:
        pytest.skip(f"{REFERENCE} is not set; set it to the folder of reference data")
    path = Path(folder).resolve()
    if not path.is_dir():
        pytest.fail(f"{REFERENCE} is {folder}, which is not a folder; set it to the folder of reference data")
    return path
