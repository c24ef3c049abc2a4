"""A drill as its case tells it: what was asked, when each stamp was reached, what was found, and what passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.instants import instant_text, parse_instant
from tracegraph.model.quantity import decimal_text
from tracegraph.model.values import value
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.move import Move
from tracegraph.recall.drills.judging import found_of, judged
from tracegraph.recall.drills.targets import STAMPS, chosen, targets
from tracegraph.trace.envelope import Json

RECONCILE = "reconcile"


@value
class Drill:
    """A case of type drill. `stamps`: instants by name, those that were reached; `account`: the quantity account as it
    was when it was reconciled (None: it was not yet), and what was said with it in `parts`."""

    case: CaseFile
    stamps: Mapping[str, int]
    parts: Mapping[str, Any]

    @property
    def unit(self) -> str:
        """The lot in question."""
        return str(self.asked.get("unit", ""))

    @property
    def asked(self) -> Mapping[str, Any]:
        """The lot, how it was picked, and the targets that were named."""
        asked: Mapping[str, Any] = self.case.opened.parts.get("drill", {})
        return asked

    @property
    def products(self) -> tuple[str, ...]:
        """The products that it is about."""
        return tuple(self.case.facts.get("products") or ())

    @property
    def sites(self) -> tuple[str, ...]:
        """Where the lot itself was."""
        return tuple(self.parts.get("sites", ()))

    @property
    def account(self) -> Json | None:
        """The quantity account, without the list of holdings."""
        return self.parts.get("account")

    @property
    def done(self) -> int | None:
        """When it was reconciled; None: it is not over."""
        return self.stamps.get("reconciled")

    @property
    def targets(self) -> list[Json]:
        """Each target and its outcome: what was judged then, or, of a drill under way, how it stands."""
        told: list[Json] | None = self.parts.get("targets")
        return told if told is not None else judge(self.asked.get("targets", ()), self.stamps, None)

    @property
    def passed(self) -> bool | None:
        """Whether every target was reached; None: one is open still."""
        outcomes = {one["outcome"] for one in self.targets}
        return False if "fail" in outcomes else None if "open" in outcomes else True

    def to_dict(self, language: Language = "en") -> Json:
        """As answers have it."""
        return {
            "case": self.case.id,
            "state": self.case.state,
            "unit": self.unit,
            "products": list(self.products),
            "sites": list(self.sites),
            "picked": self.asked.get("picked"),
            "stamps": {name: instant_text(self.stamps[name]) for name in STAMPS if name in self.stamps},
            "seconds": {name: _seconds(self.stamps, name) for name in STAMPS[1:] if name in self.stamps},
            "directions": self.parts.get("directions"),
            "classes": [dict(one) for move in self.case.of("scope")[-1:] for one in move.parts["classes"]],
            "amount": None if self.account is None else _amount(self.account),
            "account": self.account,
            "targets": [one | {"name": targets()[one["target"]].name[language]} for one in self.targets],
            "passed": self.passed,
            "corrective": [_corrective(move) for move in self.case.of("cause", "remedy")],
        }


def drill_of(case: CaseFile) -> Drill:
    """The drill that a case is. Raises UsageError for a case of another type."""
    if not case.is_drill:
        raise UsageError(f"case {case.id} is a {case.type}, no drill; see tracegraph recall show {case.id}")
    moves = case.of(RECONCILE)
    last = moves[-1] if moves else None
    return Drill(case, _stamps(case, last), {} if last is None else last.parts)


def judge(names: Sequence[str], stamps: Mapping[str, int], account: Json | None) -> list[Json]:
    """The named targets, or those that go without saying, judged."""
    from tracegraph.model.measures import dimension

    of = "" if account is None else dimension(account["unit"])
    return judged(chosen(names, of), stamps, None if account is None else found_of(account))


def _stamps(case: CaseFile, last: Move | None) -> dict[str, int]:
    """As a stopwatch told them when the account was made, else by when moves were recorded: where people answer, the
    first version of the scope is the first answer, and the last one is the complete scope."""
    if last is not None and "stamps" in last.parts:
        return {name: parse_instant(text, name) for name, text in last.parts["stamps"].items()}
    scopes = [move.at for move in case.of("scope") if last is None or move.number < last.number]
    found = {"start": case.opened.at}
    if scopes:
        found |= {"first_answer": scopes[0], "complete_scope": scopes[-1]}
    return found if last is None else found | {"reconciled": last.at}


def _seconds(stamps: Mapping[str, int], name: str) -> str:
    return decimal_text(Decimal(stamps[name] - stamps["start"]) / 1_000_000)


def _amount(account: Json) -> Json:
    """What an auditor's cover page has: amount in question, amount found, and the sum of the buckets."""
    found = found_of(account)
    return {
        "unit": found.unit,
        "in_question": decimal_text(found.in_question),
        "found": decimal_text(found.found),
        "percent": None if found.percent is None else decimal_text(found.percent),
        "sum": decimal_text(sum((Decimal(one["value"]) for one in account["buckets"]), Decimal(0))),
    }


def _corrective(move: Move) -> Json:
    return {"number": move.number, "action": move.action, "at": instant_text(move.at), **move.parts}
