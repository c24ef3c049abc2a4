"""What a drill is measured against: limits on time and on the quantity account, as data (targets.json), each with its
source, when that was looked at, and whether anybody compared it with the text that it names (`verified`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.values import value

#: The stamps of a drill, in order: when it began, when it was known what is affected, when that stood in the ledger as
#: a version of the scope, and when all of the amount in question was accounted for.
STAMPS = ("start", "first_answer", "complete_scope", "reconciled")
HOUR = 3_600_000_000


@value
class Target:
    """One limit. A time: `stamp` at most `hours` after the start. A balance: from `least` to `most` per cent of the
    amount in question found; taken without being asked for where that is measured in one of the dimensions `of`."""

    id: str
    name: Mapping[Language, str]
    source: str
    date: str
    verified: bool
    stamp: str = ""
    hours: Decimal = Decimal(0)
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    of: tuple[str, ...] = ()

    @property
    def is_time(self) -> bool:
        """Is it a limit on time?"""
        return bool(self.stamp)


@cache
def targets() -> dict[str, Target]:
    """All targets by id, times first."""
    told = json.loads(files("tracegraph.recall.drills").joinpath("targets.json").read_text(encoding="utf-8"))
    return {id: _target(id, one) for group in ("times", "balances") for id, one in told[group].items()}


def chosen(names: Sequence[str], dimension: str) -> list[Target]:
    """The targets of these names; without names all times, and the balance for goods measured in that dimension.
    Raises UsageError for a name that there is not."""
    known = targets()
    for name in names:
        if name not in known:
            raise UsageError(f"{name!r} is no target of a drill; choose among {', '.join(known)}")
    if names:
        return [known[name] for name in dict.fromkeys(names)]
    return [one for one in known.values() if one.is_time or dimension in one.of]


def _target(id: str, told: Mapping[str, Any]) -> Target:
    hours, least, most = (Decimal(told.get(name, 0)) for name in ("hours", "least", "most"))
    of = tuple(told.get("of", ()))
    said = told["name"], told["source"], told["date"], told["verified"]
    return Target(id, *said, told.get("stamp", ""), hours, least, most, of)
