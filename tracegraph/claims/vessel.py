"""The register of a vessel, batch or shipment: what part of its content is specified at any time, heel included.

Source: ISO 22095:2020, 5.4.1. A heel says what the vessel holds; an addition adds, a draw and a dispatch take out at
the composition of that moment. Entries are taken in the order of their times; sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal, dimension, in_base, measure
from tracegraph.model.quantity import Quantity

#: In which order entries of the same time are taken.
ORDER = ("heel", "add", "measure", "draw", "dispatch")
FILLING = frozenset({"heel", "add"})
TAKING = frozenset({"draw", "dispatch"})
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Content:
    """What a vessel holds: all of it and the specified part, in `unit`, with the entries that made it so."""

    total: Fraction = Fraction(0)
    specified: Fraction = Fraction(0)
    unit: str = ""
    entries: tuple[Row, ...] = ()

    @property
    def percent(self) -> Fraction | None:
        """The specified part in percent; None of an empty vessel."""
        return 100 * self.specified / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why the content of a vessel cannot be said: the entry, and which of the reasons it is (`no_quantity`, `no_share`,
    `no_factor`, `other_unit`, `overdrawn`, `empty`)."""

    entry: Row
    reason: str


def entries(world: World, vessel: str) -> list[Row]:
    """The entries of a vessel in their order."""
    return sorted(
        world.by("blend", "vessel", vessel),
        key=lambda row: (row.first("time") or 0, ORDER.index(row.text("action")), row.id),
    )


def departures(world: World, claim: Row) -> tuple[Row, ...]:
    """The entries by which what is claimed left a vessel, by time."""
    taken = (row for row in world.by("blend", "claim", claim.id) if row.text("action") in TAKING)
    return tuple(sorted(taken, key=lambda row: (row.first("time") or 0, row.id)))


def fillings_before(world: World, departure: Row) -> list[Row]:
    """The entries that filled a vessel before a departure from it, from its last heel on."""
    found: list[Row] = []
    for one in entries(world, departure.text("vessel")):
        if one.id == departure.id:
            break
        found = [] if one.text("action") == "heel" else found
        found += [one] if one.text("action") in FILLING else []
    return found


def content_before(world: World, entry: Row, charset: str) -> Content | Unclear:
    """What the vessel of an entry held just before it, of a characteristic set (empty: of whichever)."""
    content = Content()
    for one in entries(world, entry.text("vessel")):
        if one.id == entry.id:
            break
        taken = _after(world, content, one, charset)
        if isinstance(taken, Unclear):
            return taken
        content = taken
    return Unclear(entry, "empty") if content.percent is None else content


def _after(world: World, content: Content, entry: Row, charset: str) -> Content | Unclear:
    action = entry.text("action")
    if action not in FILLING | TAKING:
        return content
    if action == "heel":
        content = Content()
    amount = _amount(world, entry, content)
    if isinstance(amount, Unclear):
        return amount
    percent = Fraction(0) if action in TAKING else _percent(entry, charset)
    if percent is None:
        return Unclear(entry, "no_share")
    unit, ratio = amount
    kept = replace(content, unit=content.unit or unit, entries=(*content.entries, entry))
    if action in TAKING:
        return _taken(kept, ratio, entry)
    return replace(kept, total=kept.total + ratio, specified=kept.specified + ratio * percent / 100)


def _taken(content: Content, amount: Fraction, entry: Row) -> Content | Unclear:
    if amount > content.total:
        return Unclear(entry, "overdrawn")
    left = content.specified * (content.total - amount) / content.total if content.total else Fraction(0)
    return replace(content, total=content.total - amount, specified=left)


def _amount(world: World, entry: Row, content: Content) -> tuple[str, Fraction] | Unclear:
    """So much of the vessel's product, in the unit of its first entry: by the entry's factor where it has one."""
    quantity, unit = entry.number("quantity"), entry.text("unit")
    if quantity is None:
        return Unclear(entry, "no_quantity")
    if entry.given("factor"):
        factor = world.row("factor", entry.text("factor"))
        value = factor.number("value") if factor is not None else None
        if factor is None or value is None or factor.text("input_unit") not in ("", unit):
            return Unclear(entry, "no_factor")
        quantity, unit = quantity * value, factor.text("output_unit") or unit
    known, amount = measure(content.unit if content.entries else unit), in_base(Quantity(quantity, unit))
    if dimension(unit) != known.dimension or amount is None:
        return Unclear(entry, "other_unit")
    return known.code, amount / known.factor


def _percent(entry: Row, charset: str) -> Fraction | None:
    """The specified part of what came in: as stated, all of it where only its characteristic set is named, and nothing
    of it where that is another one."""
    if charset and entry.given("charset") and entry.text("charset") != charset:
        return Fraction(0)
    percent = entry.number("percent")
    if percent is None:
        return Fraction(100) if entry.given("charset") else None
    return Fraction(percent)


def claimed_percent(claim: Row) -> Decimal | Fraction | None:
    """The percentage that a claim states: itself, or the quantity claimed in the quantity of the delivery."""
    percent, quantity, total = claim.number("percent"), claim.number("quantity"), claim.number("total")
    if percent is not None or quantity is None or not total:
        return percent
    return 100 * Fraction(quantity) / Fraction(total)


def containers(world: World, claim: Row) -> list[Row]:
    """The newest measurement of each container of what is claimed, by container: those that name the claim, or its
    vessels and no claim."""
    vessels = {row.text("vessel") for row in departures(world, claim)}
    newest: dict[str, Row] = {}
    for row in _measured(world, claim, vessels):
        newest[row.text("container")] = row
    return [newest[name] for name in sorted(newest)]


def _measured(world: World, claim: Row, vessels: Iterable[str]) -> Iterator[Row]:
    rows = [*world.by("blend", "claim", claim.id)]
    rows += [row for vessel in vessels for row in world.by("blend", "vessel", vessel) if not row.given("claim")]
    for row in sorted(rows, key=lambda row: (row.first("time") or 0, row.id)):
        if row.text("action") == "measure" and row.given("container"):
            yield row


def shown_percent(ratio: Fraction) -> Decimal:
    """A percentage as reports show it: two digits, never more than it is. What is judged is the exact number."""
    return decimal(ratio).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def number(ratio: Fraction) -> Decimal:
    """An amount as reports show it: nine digits after the point where it has no end. The exact number is judged."""
    exact = decimal(ratio)
    return exact if Fraction(exact) == ratio else exact.quantize(Decimal("1e-9"))
