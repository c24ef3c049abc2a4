"""What each role may do, as data that can be changed (rights.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from tracegraph.access.caller import Caller, Role


@dataclass(frozen=True, slots=True)
class Rights:
    """`operations`: the operations that each role may ask for."""

    operations: Mapping[Role, frozenset[str]]

    def allows(self, caller: Caller, operation: str) -> bool:
        """Whether the caller's role has the operation, and its scopes do not leave it out."""
        return operation in self.operations[caller.role] and (not caller.scopes or operation in caller.scopes)


def load_rights(path: Path | None = None) -> Rights:
    """The rights in a file, or those that tracegraph comes with."""
    text = (path or files("tracegraph.access").joinpath("rights.json")).read_text(encoding="utf-8")
    operations = json.loads(text)["operations"]
    return Rights({role: frozenset(operations.get(role.value, ())) for role in Role})
