"""What a drill asks about a lot: everything that is affected, everything it was made of, and where all of it is.

The same questions as `scope`, `trace` and `balance`, from one following of the goods, without what only lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.messages import Language
from tracegraph.model.custody import Holding, PlaceKind
from tracegraph.recall.case.version import scope_payload
from tracegraph.recall.case.ways import ways_to_units
from tracegraph.recall.scope import ask_scope
from tracegraph.recall.scope.answering import Scoped, scope_alone
from tracegraph.trace.answering import answering, collector_paused
from tracegraph.trace.balance import account_alone
from tracegraph.trace.envelope import Json
from tracegraph.trace.question import ask
from tracegraph.trace.register import Register
from tracegraph.trace.tracing import trace


@dataclass(frozen=True, slots=True)
class Affected:
    """`answer`: to the scope question, whose `result` has only `scope`; `scoped`: what it is made of."""

    answer: Json
    scoped: Scoped

    @property
    def entries(self) -> list[Json]:
        """The units in scope."""
        entries: list[Json] = self.answer["result"]["scope"]["entries"]
        return entries

    def version(self, author: str) -> Json:
        """As the first version of the scope of a case."""
        with collector_paused():
            return scope_payload(self.answer, ways_to_units(self.scoped.found.part), 1, author)

    def sites_of(self, unit: str) -> list[str]:
        """Where the lot itself was."""
        held = (node for node in self.scoped.found.part.nodes.values() if isinstance(node, Holding))
        return sorted({one.place.id for one in held if one.unit == unit and one.place.kind is PlaceKind.SITE})


def affected(register: Register, unit: str, language: Language = "en") -> Affected:
    """What is affected where the unit is bad."""
    with answering(register.snapshot.store):
        return Affected(*scope_alone(ask_scope({"rule": "lot", "unit": unit}, paths=0), language, register))


def account(register: Register, unit: str, found: Affected) -> Json:
    """Where all goods of the unit are: the sums of the account of trace.balance. What is said of each holding is worked
    out anew from the ledger position when somebody wants it."""
    part = found.scoped.found.part if found.scoped.found.whole else None
    with answering(register.snapshot.store):
        return account_alone(ask(unit, kind="balance"), register, part)


def directions(register: Register, unit: str, found: Affected) -> Json:
    """How many units are affected, and how many the unit was made of, with how complete each answer is."""
    back = trace(register.snapshot.store, ask(unit, direction="backward"), register=register)
    units = len(back.envelope["result"]["units"]) if back.listed is None else len(back.listed.units.keys)
    return {
        "forward": _direction(found.answer, len(found.entries)),
        "backward": _direction(back.frame, units),
    }


def _direction(frame: Json, units: int) -> Json:
    return {"units": units, "complete": frame["complete"], "gaps": len(frame["gaps"])}
