"""The log of effectiveness checks: who was drawn, who was checked, what came of it, and what is left to do.

Of a consignee that was checked more than once the last check counts. A check of who was not drawn is in the log, and in
no percentage.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tracegraph.model.instants import instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.recall.case.move import Move
from tracegraph.recall.consignees.parties import sameness
from tracegraph.trace.envelope import Json, quantity_json
from tracegraph.trace.metrics.figures import share

if TYPE_CHECKING:
    from tracegraph.recall.case.casefile import CaseFile

#: The result of a check that reached nobody: it is still to be done.
NOT_REACHED = "not_reached"
EFFECTIVE = "effective"


@value
class Check:
    """One check. `checker`: a reference to a person; what was not asked is None; `quantity`: of the product found."""

    move: int
    consignee: str
    method: str
    date: str
    checker: str
    notice_received: bool | None
    understood: bool | None
    followed: bool | None
    found: bool | None
    quantity: Quantity | None
    onward_done: bool | None
    result: str
    escalation: str
    recorded_at: int
    actor: str

    def to_dict(self) -> Json:
        """As answers give it."""
        return {
            "move": self.move,
            "consignee": self.consignee,
            "method": self.method,
            "date": self.date,
            "checker": self.checker or None,
            "notice_received": self.notice_received,
            "understood": self.understood,
            "followed": self.followed,
            "found": self.found,
            "quantity": quantity_json(self.quantity),
            "onward_done": self.onward_done,
            "result": self.result,
            "escalation": self.escalation or None,
            "recorded_at": instant_text(self.recorded_at),
            "actor": self.actor,
        }


@value
class Draw:
    """One draw: what its move keeps (drawing.draw_payload), why and by whom."""

    move: int
    told: Mapping[str, object]
    consignees: tuple[str, ...]
    reason: str
    recorded_at: int
    actor: str

    def to_dict(self) -> Json:
        """As answers give it."""
        who = {"move": self.move, "reason": self.reason or None, "actor": self.actor}
        return {**self.told, **who, "recorded_at": instant_text(self.recorded_at)}


@value
class Effectiveness:
    """What is known of the newest draw (`draw` None: nothing was drawn). `drawn`: how many; `checked`: how many of them
    were reached; `effective`: of how many of these the notice was acted on; `left`: who of the drawn is still to be
    checked; `draws`, `checks`: all of them."""

    draw: Draw | None
    drawn: int
    checked: int
    effective: int
    left: tuple[str, ...]
    draws: tuple[Draw, ...]
    checks: tuple[Check, ...]

    def to_dict(self) -> Json:
        """As answers give it: each percentage as a part of one, with its two numbers."""
        return {
            "draw": None if self.draw is None else self.draw.to_dict(),
            "checked": _share(self.checked, self.drawn),
            "effective": _share(self.effective, self.checked),
            "left": list(self.left),
            "draws": [one.to_dict() for one in self.draws],
            "checks": [one.to_dict() for one in self.checks],
        }


def effectiveness(case: CaseFile) -> Effectiveness:
    """The log of a case; parties that people said to be one are checked once."""
    one = sameness(case.moves).of
    draws, checks = _draws(case), _checks(case)
    newest = draws[-1] if draws else None
    drawn = dict.fromkeys(map(one, newest.consignees)) if newest else {}
    last = {one(check.consignee): check.result for check in checks}
    reached = [name for name in drawn if last.get(name, NOT_REACHED) != NOT_REACHED]
    effective = sum(last[name] == EFFECTIVE for name in reached)
    left = tuple(name for name in drawn if name not in reached)
    return Effectiveness(newest, len(drawn), len(reached), effective, left, draws, checks)


def _draws(case: CaseFile) -> tuple[Draw, ...]:
    return tuple(_draw(move) for move in case.of("draw"))


def _draw(move: Move) -> Draw:
    names = tuple(str(one["consignee"]) for one in move.parts["drawn"])
    return Draw(move.number, move.parts, names, move.reason, move.at, move.actor)


def _checks(case: CaseFile) -> tuple[Check, ...]:
    return tuple(_check(move) for move in case.of("check"))


def _check(move: Move) -> Check:
    said = move.parts
    amount = said.get("quantity")
    return Check(
        move.number,
        said["consignee"],
        said["method"],
        said["date"],
        move.text("checker"),
        said.get("notice_received"),
        said.get("understood"),
        said.get("followed"),
        said.get("found"),
        None if amount is None else Quantity(Decimal(amount), move.text("measure")),
        said.get("onward_done"),
        said["result"],
        move.text("escalation"),
        move.at,
        move.actor,
    )


def _share(part: int, whole: int) -> Json:
    return {"part": str(part), "of": str(whole), "value": share(Fraction(part), Fraction(whole))}
