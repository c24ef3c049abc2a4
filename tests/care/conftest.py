"""What the tests of care share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.care.filled import filled


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store that was filled at several known times."""
    return filled(tmp_path)
