"""Consignees that others named in their replies: to whom they passed goods on. Stated, until a record shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tracegraph.identifiers import party
from tracegraph.model.values import value
from tracegraph.recall.case.move import Move
from tracegraph.trace.envelope import Json

REPLY = "reply"
FIELD = "sub_consignees"
#: Before the name of a consignee of which no identifier is known.
TOLD = "told:"
_BETWEEN = re.compile(r"[;\n；]")
_BLANK = re.compile(r"\s+")


@value
class Passed:
    """Goods that a consignee says it passed on. `to`: the key of a party, or `told:` and a name; `name`: that name as
    written; `teller`: who says so; `number`: of the unit, as the reply names it; `move`: of the reply."""

    to: str
    name: str
    teller: str
    number: str
    move: int

    def to_dict(self) -> Json:
        """For the list of consignees."""
        return {"numbers": [self.number], "sent_by": [self.teller], "grade": "stated", "reply": self.move}

    def to_receiver(self) -> Json:
        """For the one who is said to have got them."""
        return {"numbers": [self.number], "sent_by": [self.teller]}


def passed_on(moves: Iterable[Move], known: Callable[[str], bool]) -> list[Passed]:
    """What replies say of sub-consignees, in order, each once; several are separated by semicolons or lines. `known`:
    whether a key names a party that the records know."""
    found: dict[tuple[str, str, str], Passed] = {}
    for move in moves:
        names = _BETWEEN.split(move.text(FIELD)) if move.action == REPLY else []
        for name in (_BLANK.sub(" ", one).strip() for one in names):
            if name:
                key = _key(name, known)
                passed = Passed(
                    key, name if key.startswith(TOLD) else "", move.text("consignee"), move.text("unit"), move.number
                )
                found.setdefault((passed.to, passed.teller, passed.number), passed)
    return list(found.values())


def _key(name: str, known: Callable[[str], bool]) -> str:
    """An identifier stays one; a name is told apart by its letters, without regard to capitals."""
    key = party(name)
    is_identifier = known(key) or "://" in key or key.startswith("urn:")
    return key if is_identifier else TOLD + name.casefold()
