"""In these tests the index is asked whatever there is to ask."""

from __future__ import annotations

import pytest

from tracegraph.stores.sqlite import reaching


@pytest.fixture(autouse=True)
def _even_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "FEW", 0)
