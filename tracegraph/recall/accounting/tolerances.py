"""How far the mass balance of a product may be off, as data (tolerances.json), each with where it is from and whether
that was verified. A tolerance of one's own needs a reason, as an auditor will ask for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.measures import dimension
from tracegraph.model.values import value
from tracegraph.trace.envelope import Json, decimal_text


@value
class Tolerance:
    """`most`: by how much what went out may differ from what came in, as a part of it (`0.01`); `source`: where it is
    from; `verified`: somebody read it there; `reason`: why it is another one here."""

    name: str
    most: Decimal
    source: str
    verified: bool
    label: Mapping[str, str]
    reason: str = ""

    def meets(self, out: Decimal, into: Decimal) -> bool | None:
        """Whether a mass balance is within it; None where nothing came in."""
        return abs(into - out) <= self.most * abs(into) if into else None

    def to_dict(self, language: Language) -> Json:
        """As it stands beside a mass balance."""
        return {
            "tolerance": self.name,
            "label": self.label[language],
            "most": decimal_text(self.most),
            "source": self.source,
            "verified": self.verified,
            "reason": self.reason or None,
        }


@cache
def tolerances() -> Mapping[str, Tolerance]:
    """Those that come with the program, by name."""
    text = files("tracegraph.recall.accounting").joinpath("tolerances.json").read_text(encoding="utf-8")
    listed: dict[str, dict[str, Any]] = json.loads(text)
    return {
        name: Tolerance(name, Decimal(one["tolerance"]), one["source"], one["verified"], one["label"])
        for name, one in listed.items()
    }


def tolerance(name: str = "", most: str = "", reason: str = "", measure: str = "") -> Tolerance:
    """The tolerance of that name, for goods in a unit of measure where none is named: pieces are `packaged`, everything
    else `weighed`. `most`: another number, with its reason. UsageError for an unknown name, no number, or no reason."""
    chosen = name or ("packaged" if dimension(measure) == "count" else "weighed")
    if chosen not in tolerances():
        raise UsageError(f"{chosen!r} is no tolerance; choose one of {', '.join(tolerances())}")
    known = tolerances()[chosen]
    if not most:
        return known
    if not reason.strip():
        raise UsageError(f"the tolerance {most} needs a reason; say why the balance of this product may be off so far")
    return Tolerance(chosen, _number(most), "", False, known.label, reason.strip())


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 1:
        raise UsageError(f"{text!r} is no tolerance; write a part of one from 0 to 1, such as 0.005 for half a percent")
    return number
