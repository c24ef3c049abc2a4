"""The demo's files, written once, and what is true in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tracegraph.examples.food_outbreak import PARTNERS, DemoFacts, write

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Written:
    folder: Path
    facts: DemoFacts

    @property
    def partners(self) -> Path:
        return self.folder / PARTNERS


@pytest.fixture(scope="session")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("food-outbreak")
    return Written(folder, write(folder))
