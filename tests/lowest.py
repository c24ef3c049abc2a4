"""Print the oldest version of every dependency that pyproject.toml admits, as constraints for pip.

`make test-lowest` runs the tests on exactly these, so that the lower bounds are true.
"""

from __future__ import annotations

import tomllib

from tests.wheel import ROOT

DEVELOPMENT = {"all", "bench", "test", "dev", "mutation"}


def lowest_versions() -> list[str]:
    """One `name==version` per dependency that users get; the tests' own tools stay free."""
    return [line.replace(">=", "==") for lines in declared() for line in lines]


def declared() -> tuple[list[str], list[str]]:
    """The requirements that are always installed, and those of the extras that users ask for."""
    optional = [line for name in extras() if name not in DEVELOPMENT for line in extras()[name]]
    return _project()["dependencies"], optional


def extras() -> dict[str, list[str]]:
    """The requirements of every extra."""
    return _project()["optional-dependencies"]


def _project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


if __name__ == "__main__":
    print("\n".join(lowest_versions()))
