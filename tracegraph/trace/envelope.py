"""The answer envelope: the outer keys that every answer has, and the values in it as canonical JSON.

Source: docs/interfaces, "Answer envelope". Keys in that order; decimals as strings; times in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from json import JSONEncoder
from typing import Any, Protocol

from tracegraph import __version__
from tracegraph.messages import Language, gap_message
from tracegraph.model.custody import INCOMPLETE_GAPS, Gap, Place
from tracegraph.model.instants import optional_text
from tracegraph.model.quantity import Quantity
from tracegraph.model.quantity import decimal_text as decimal_text
from tracegraph.trace.limits import FrontierEntry
from tracegraph.trace.snapshot import Snapshot

Json = dict[str, Any]

#: The lists that every answer has.
LISTS = ("units", "holdings", "events", "sites", "parties", "paths")


class Asked(Protocol):
    """Any question: as it stands in the answer, and in which direction it goes."""

    def to_dict(self) -> Json:
        """The question, keys in order."""

    @property
    def direction(self) -> str:
        """`forward`, `backward` or `both`."""


#: Writes canonical JSON: no spaces, letters as they are.
ENCODER = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def envelope(
    snapshot: Snapshot,
    question: Asked,
    result: Json,
    gaps: Sequence[Gap],
    frontier: Sequence[FrontierEntry] = (),
    language: Language = "en",
) -> Json:
    """The whole answer."""
    return frame(snapshot, question, gaps, frontier, language) | {"result": result}


def no_lists() -> Json:
    """The lists of an answer that is about something else, each empty."""
    return {name: [] for name in LISTS}


def frame(
    snapshot: Snapshot,
    question: Asked,
    gaps: Sequence[Gap],
    frontier: Sequence[FrontierEntry] = (),
    language: Language = "en",
    cut: bool = False,
) -> Json:
    """The answer without its result. Incomplete: a limit was hit (one that leaves no frontier: `cut`), or one of the
    gaps may hide goods."""
    hidden = any(gap.kind in INCOMPLETE_GAPS for gap in gaps)
    return {
        "tracegraph": __version__,
        "question": question.to_dict(),
        "as_of": as_of_json(snapshot),
        "complete": not (frontier or cut or hidden),
        "frontier": [frontier_json(entry, question.direction == "both") for entry in frontier],
        "gaps": gaps_json(gaps, language),
    }


def as_of_json(snapshot: Snapshot) -> Json:
    """What an answer is based on."""
    return {
        "known": optional_text(snapshot.known),
        "ledger": snapshot.ledger,
    }


def frontier_json(entry: FrontierEntry, both: bool) -> Json:
    """One holding to go on from; the direction is said where both were asked for."""
    told: Json = {
        "holding": entry.holding,
        "distance": entry.distance,
        "steps": entry.steps,
        "certainty": entry.certainty.value,
    }
    return told | {"direction": entry.direction} if both else told


def gaps_json(gaps: Iterable[Gap], language: Language = "en") -> list[Json]:
    """Gaps sorted by (kind, unit, event) and then by everything else, each once."""
    return [
        {
            "kind": gap.kind,
            "unit": gap.unit,
            "place": gap.place,
            "event": gap.event,
            "ask": list(gap.ask),
            "message": gap_message(gap, language),
            "holding": gap.holding,
            "detail": gap.detail,
        }
        for gap in sorted(set(gaps), key=gap_order)
    ]


def gap_order(gap: Gap) -> tuple[str, str, str, str, str, str, tuple[str, ...]]:
    """What gaps are sorted by."""
    return (gap.kind, gap.unit, gap.event, gap.place, gap.holding or "", gap.detail, gap.ask)


def place_json(place: Place) -> dict[str, str]:
    """Kind and id."""
    return {"kind": place.kind.value, "id": place.id}


def quantity_json(quantity: Quantity | None) -> dict[str, str | None] | None:
    """Value and unit; value None where the number is not known."""
    if quantity is None:
        return None
    return {"value": None if quantity.value is None else decimal_text(quantity.value), "unit": quantity.unit}


def to_json(envelope: Json) -> bytes:
    """The canonical bytes: keys in the envelope's order, no spaces, UTF-8."""
    return in_bytes(ENCODER.encode(envelope))


def in_bytes(text: str) -> bytes:
    """JSON text as UTF-8. Half of a surrogate pair, which JSON input can carry, has no such form; its escape is JSON
    again."""
    return text.encode("utf-8", "backslashreplace")
