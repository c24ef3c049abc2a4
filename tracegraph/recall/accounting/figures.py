"""The figures of a status report, and what changed since the last one.

Source: 21 CFR 7.53(b) and 107.240: consignees notified, when and how; responding, and how much was on hand when the
notice came; not responding; returned or corrected; checks; when it will be done. A move `status` keeps them as they
were told, so that the next report says what changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from tracegraph.model.instants import instant_text
from tracegraph.recall.accounting.answering import Accounting
from tracegraph.recall.accounting.ledger import AT_RECEIPT, LedgerRow
from tracegraph.recall.accounting.replies import Renamed
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.move import Move
from tracegraph.trace.envelope import Json, decimal_text

#: Under which name a move `status` keeps its figures.
FIGURES = "figures"
#: What is counted, and what are amounts.
COUNTS = ("consignees", "notified", "responding", "not_responding", "contradicting", "checks")
AMOUNTS = (
    "shipped", "on_hand_at_receipt", "returned", "destroyed", "disposed", "accounted", "unaccounted", "recovered",
)  # fmt: skip


def status_payload(case: CaseFile, found: Accounting, now: int) -> Json:
    """What the program adds to a move `status`: the figures of the instant `now`."""
    return {FIGURES: figures(case, found, now)}


def figures(case: CaseFile, found: Accounting, now: int) -> Json:
    """The figures at the instant `now`, and against those of the last move `status`."""
    told = _figures(case, found, now)
    last = next((move for move in reversed(case.of("status")) if FIGURES in move.parts), None)
    return {**told, "since": None if last is None else _since(last, told)}


def _figures(case: CaseFile, found: Accounting, now: int) -> Json:
    known = set(found.parties.consignees)
    notified = sorted(known.intersection(found.parties.notified))
    responding = sorted(set(notified).intersection(found.responded))
    silent = sorted(set(notified).difference(found.responded))
    results = Counter(move.text("result") for move in case.of("check"))
    return {
        "at": instant_text(now),
        "unit": found.code,
        "consignees": len(known),
        "notified": len(notified),
        "responding": len(responding),
        "not_responding": len(silent),
        "contradicting": len(found.contradicting),
        "checks": sum(results.values()),
        **{name: decimal_text(found.amount(amount)) for name, amount in _amounts(found).items()},
        "results": dict(sorted(results.items())),
        "estimated_completion": _estimate(case),
        "notices": [one for one in notices(case, found.parties.names.party) if one["consignee"] in known],
        "silent": silent,
        "by_consignee": [_by_consignee(found, row) for row in found.rows if row.reply],
    }


def _amounts(found: Accounting) -> dict[str, Fraction]:
    def of(*names: str) -> Fraction:
        return sum((row.of(*names) for row in found.rows), Fraction(0))

    return {
        "shipped": found.shipped(),
        "on_hand_at_receipt": of(*AT_RECEIPT),
        "returned": of("returned"),
        "destroyed": of("destroyed"),
        "disposed": found.case.of("disposed"),
        "accounted": sum((row.accounted for row in found.rows), Fraction(0)),
        "unaccounted": found.case.of("unaccounted"),
        "recovered": found.case.recovered,
    }


def _by_consignee(found: Accounting, row: LedgerRow) -> Json:
    """What 7.53 asks of each consignee who responded."""
    amounts = {
        "shipped": row.shipped,
        "on_hand_at_receipt": row.of(*AT_RECEIPT),
        "returned": row.of("returned"),
        "destroyed": row.of("destroyed", "disposed"),
        "accounted": row.accounted,
    }
    told = {name: decimal_text(found.amount(amount)) for name, amount in amounts.items()}
    return {"consignee": row.consignee, "unit": row.unit, **told}


def notices(case: CaseFile, consignee_of: Renamed) -> list[Json]:
    """Every notice that was sent: to whom, which, when and how, in the order of sending."""
    return [
        {
            "consignee": consignee_of(move.text("consignee")),
            "notice": move.text("notice"),
            "version": move.text("version"),
            "sent": move.text("sent"),
            "method": move.text("channel"),
        }
        for move in case.of("sent")
    ]


def notified(case: CaseFile, consignee_of: Renamed) -> frozenset[str]:
    """The consignees to whom a notice was sent."""
    return frozenset(one["consignee"] for one in notices(case, consignee_of) if one["consignee"])


def _estimate(case: CaseFile) -> str | None:
    """When it will be done, as was said last: in a status report, or of the case as a whole."""
    said = [move.text("estimated_completion") for move in case.of("open", "assess", "status")]
    return next((text for text in reversed(said) if text), None)


def _since(last: Move, now: Mapping[str, object]) -> Json:
    """What each figure was, and by how much it is more now. Amounts in another unit of measure are not compared."""
    before: Mapping[str, object] = last.parts[FIGURES]
    same = before.get("unit") == now["unit"]
    names = [name for name in (*COUNTS, *(AMOUNTS if same else ())) if name in before]
    return {
        "move": last.number,
        "at": before["at"],
        "changed": {
            name: {"before": before[name], "more": _more(before[name], now[name])}
            for name in names
            if before[name] != now[name]
        },
    }


def _more(before: object, now: object) -> int | str:
    if isinstance(before, int) and isinstance(now, int):
        return now - before
    return decimal_text(Decimal(str(now)) - Decimal(str(before)))
