"""The origin statement: all places that goods may have come from, how much from each, and on what that rests.

An origin is where the records cannot follow the goods further back. The set is over-approximated on purpose: where one
origin of a mixture is unknown, the statement says of the whole that it is not complete (recall practice 3.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from typing import Literal

from tracegraph.errors import UsageError
from tracegraph.messages import Language, words
from tracegraph.model.custody import Gap, Holding, Place, PlaceKind
from tracegraph.model.measures import EXACT, decimal
from tracegraph.model.quantity import decimal_text
from tracegraph.reports.documents.paper import PLACES, Cell, Entry, Grid, Paper, Part, on_paper
from tracegraph.reports.documents.recall.grids import (
    GAP_COLUMNS,
    complete_text,
    directory,
    fact,
    gap_row,
    grid,
    made,
    part_of,
)
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.documents.recall.shipments import Statements, step_text
from tracegraph.reports.svg import place_name
from tracegraph.trace.envelope import Json
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Question, ask
from tracegraph.trace.register import Register
from tracegraph.trace.shares.rounding import DIGITS
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered, trace
from tracegraph.trace.trail import source_nodes

ORIGIN_COLUMNS = (
    *("origin", "operator", "country", "position", "lots_there", "since", "certainty"),
    *("least", "attributed", "most", "measure", "way", "ways", "open"),
)
#: How far a share, or the sum of some, may be from what it stands for.
_SHARES_ARE_OF = Fraction(1, 10 ** (DIGITS - 1))
HOP_COLUMNS = ("time", "what", "place", "lot", "papers", "certainty")
EVIDENCE_COLUMNS = ("evidence", "about", "time", "result", "grade", "papers")


def origin_statement(snapshot: Snapshot, starts: Sequence[str], language: Language) -> Paper:
    """The statement about units (by any identifier). Raises UnknownIdentifier for one that nobody recorded, UsageError
    where none is given."""
    if not starts:
        raise UsageError("an origin statement is about goods; name one lot or item, or several")
    return _Statement(snapshot, starts, language).paper()


@dataclass(slots=True)
class _Origin:
    """One place where goods began: the nearest node, the sources there, and what part of the goods is from them."""

    place: Place
    beginning: int
    sources: list[Json] = field(default_factory=list)
    least: Fraction = Fraction(0)
    attributed: Fraction | None = Fraction(0)
    most: Fraction = Fraction(0)

    def add(self, source: Json, share: Json | None) -> None:
        """One more source; without a share all that is known of it is that it may be any part."""
        self.sources.append(source)
        told = share or {"min_even_loss": "0", "attributed": None, "max_even_loss": "1"}
        self.least += Fraction(told["min_even_loss"])
        self.most = min(Fraction(1), self.most + Fraction(told["max_even_loss"]))
        known = self.attributed is not None and told["attributed"] is not None
        self.attributed = (
            self.attributed + Fraction(told["attributed"]) if known and self.attributed is not None else None
        )


class _Statement:
    """One statement being made."""

    def __init__(self, snapshot: Snapshot, starts: Sequence[str], language: Language) -> None:
        register = Register(snapshot)
        self.snapshot = snapshot
        self.language: Language = language
        self.starts = tuple(starts)
        self.known = Known(snapshot)
        self.answered: Answered = origin(snapshot.store, _question(starts, "origin"), language, register)
        self.told: Json = self.answered.envelope
        shared = trace(snapshot.store, _question(starts, "trace"), language=language, register=register)
        self.shared: Json = shared.envelope["result"]
        self.units = [one["id"] for one in self.told["result"]["units"] if one["distance"] == 0]

    def paper(self) -> Paper:
        """All of it."""
        language = self.language
        return Paper(
            words("doc_origin_statement", language),
            ", ".join(self.known.lot(unit) for unit in self.units),
            language,
            tuple(self._parts()),
            () if self.told["complete"] else (words("doc_unknown_origin", language),),
            (words("doc_origin_note", language), words("paper_honest", language)),
            made(self.snapshot, [fact("asked", "; ".join(self.starts), language)]),
            wide=True,
        )

    def _parts(self) -> Iterator[Part]:
        language = self.language
        yield Part("", self._goods(), name="goods")
        yield part_of(grid("origins", ORIGIN_COLUMNS, map(self._origin, self._origins()), language), language)
        yield part_of(grid("evidence_list", EVIDENCE_COLUMNS, self._evidence(), language), language)
        yield part_of(grid("hops", HOP_COLUMNS, self._hops(), language), language)
        yield part_of(grid("gaps", GAP_COLUMNS, map(self._gap, self.told["gaps"]), language), language)
        yield Part(words("doc_directory", language), grids=self._directory(), name="directory")

    def _goods(self) -> tuple[Entry, ...]:
        """What the statement is about."""
        language, known = self.language, self.known
        products = dict.fromkeys(known.named(known.product_of(unit)) for unit in self.units)
        amounts = (f"{decimal_text(on_paper(amount))} {measure}".strip() for measure, amount in self.amounts.items())
        return (
            fact("lot", ", ".join(known.lot(unit) for unit in self.units), language),
            fact("identifier", ", ".join(self.units), language),
            fact("product", ", ".join(filter(None, products)) or None, language),
            fact("quantity", ", ".join(amounts) or None, language),
            fact("completeness", complete_text(self.told["complete"], language), language),
        )

    @cached_property
    def amounts(self) -> dict[str, Fraction]:
        """How much of the goods there was, by unit of measure: what no other holding of the same unit led to. Nothing
        where an amount is not known."""
        trail = self.answered.trail
        own = {number: node for number, node in trail.holdings if node.unit in self.units}
        legs = zip(trail.legs.source, trail.legs.target, strict=True)
        later = {target for source, target in legs if source in own and target in own and source != target}
        found: dict[str, Fraction] = defaultdict(Fraction)
        for number, node in own.items():
            if number not in later:
                if node.quantity is None or node.quantity.value is None:
                    return {}
                found[node.quantity.unit] += Fraction(node.quantity.value)
        return dict(found)

    # origins

    def _origins(self) -> list[_Origin]:
        """The places where the goods began, those nearest first."""
        shares = {one["id"]: one["share"] for one in self.shared["holdings"]}
        found: dict[tuple[str, str], _Origin] = {}
        trail = self.answered.trail
        nodes = sorted(source_nodes(trail), key=lambda one: (trail.distance[one], trail.nodes[one].id))
        for node, source in zip(nodes, self.told["result"]["sources"], strict=True):
            place = Place(PlaceKind(source["place"]["kind"]), source["place"]["id"])
            here = found.setdefault((place.kind.value, place.id), _Origin(place, node))
            here.add(source, shares.get(source["holding"]))
        return list(found.values())

    def _origin(self, one: _Origin) -> tuple[Cell, ...]:
        site = one.place.id if one.place.kind is PlaceKind.SITE else None
        operator = next((source["party"] for source in one.sources if source["party"]), self.known.operator(site))
        certain = any(source["certainty"] == "confirmed" for source in one.sources)
        units = [source["unit"] for source in one.sources if source["unit"]]
        return (
            place_name(one.place.kind, self.known.short(one.place.id) or "", self.language),
            self.known.short(operator),
            self.known.country(site) or self.known.country(operator),
            self.known.position(site),
            ", ".join(dict.fromkeys(map(self.known.lot, units))) or None,
            min(source["since"] for source in one.sources)[:10],
            words("confirmed" if certain else "possible", self.language),
            *self._bounds(one),
            self._way(one.beginning),
            Decimal(len(one.sources)),
            Decimal(sum(len(source["gaps"]) for source in one.sources)),
        )

    def _bounds(self, one: _Origin) -> tuple[Cell, ...]:
        """The least, the attributed and the greatest amount, and their unit of measure; per cent of the goods where
        their amount is not one number."""
        alone = len(self.amounts) == 1
        measure, whole = next(iter(self.amounts.items())) if alone else ("%", Fraction(100))
        return (
            _rounded(one.least * whole, ROUND_FLOOR, whole),
            words("doc_not_known", self.language)
            if one.attributed is None
            else _rounded(one.attributed * whole, ROUND_HALF_EVEN, whole),
            _rounded(one.most * whole, ROUND_CEILING, whole),
            measure or words("doc_pieces", self.language),
        )

    def _way(self, beginning: int) -> str | None:
        """The places on a shortest way from a node to the goods; None where they never left."""
        trail = self.answered.trail
        before, level = {beginning: beginning}, [beginning]
        while level and not trail.starts & before.keys():
            further = [head for node in level for head in self._onward[node] if head not in before]
            before |= {head: node for node in level for head in self._onward[node] if head not in before}
            level = list(dict.fromkeys(further))
        node = min(trail.starts & before.keys(), key=lambda one: trail.nodes[one].id, default=beginning)
        nodes = [node]
        while before[node] != node:
            node = before[node]
            nodes.append(node)
        places = [trail.nodes[one].place for one in reversed(nodes)]
        sites = [self.known.short(place.id) or "" for place in places if place.kind is PlaceKind.SITE]
        return " → ".join(name for name, _ in groupby(sites)) or None

    @cached_property
    def _onward(self) -> dict[int, list[int]]:
        """The nodes to which goods went from each."""
        found: dict[int, list[int]] = defaultdict(list)
        legs = self.answered.trail.legs
        for leg in self.answered.trail.leg_order:
            found[legs.source[leg]].append(legs.target[leg])
        return found

    # what it rests on

    def _hops(self) -> list[tuple[Cell, ...]]:
        """Every recorded step on the way, by time."""
        trail = self.answered.trail
        said = Statements(self.snapshot, trail.legs.event)
        rows: dict[tuple[str, ...], bool] = {}
        for leg in trail.leg_order:
            event, target = trail.legs.event[leg], trail.nodes[trail.legs.target[leg]]
            if event:
                source = trail.nodes[trail.legs.source[leg]]
                held = next((node for node in (target, source) if isinstance(node, Holding)), None)
                unit = self.known.lot(held.unit) if held else ""
                time = said.dated(event, trail.legs.instant[leg], "date").text
                place = self.known.short(said.place(event)) or ""
                row = (time, step_text(said.step(event), self.language), place, unit, ", ".join(said.documents(event)))
                rows[row] = rows.get(row, False) or trail.legs.confirmed[leg]
        certainty = {sure: words("confirmed" if sure else "possible", self.language) for sure in (True, False)}
        return [(*(cell or None for cell in row), certainty[sure]) for row, sure in rows.items()]

    def _evidence(self) -> Iterator[tuple[Cell, ...]]:
        """Findings on record about units and places on the way."""
        nodes = self.answered.trail.nodes.values()
        about = {node.unit for node in nodes if isinstance(node, Holding)} | {node.place.id for node in nodes}
        for stored in self.snapshot.records("evidence"):
            data = stored.record.data
            named = [data[name] for name in ("unit", "site") if data.get(name) in about]
            if named:
                told = ", ".join(self.known.short(one) or one for one in named)
                yield stored.record.id, told, data["at"], data["result"], data["grade"], data.get("document")

    def _gap(self, told: Json) -> tuple[Cell, ...]:
        gap = Gap(
            told["kind"], told["unit"], told["place"], told["event"], ask=tuple(told["ask"]), detail=told["detail"]
        )
        return gap_row(gap, self.known, self.language)

    def _directory(self) -> tuple[Grid, ...]:
        """The identifiers behind the short names."""
        nodes = self.answered.trail.nodes.values()
        sites = {node.place.id for node in nodes if node.place.kind is PlaceKind.SITE}
        return directory(sites, {node.unit for node in nodes if isinstance(node, Holding)}, self.known, self.language)


def _question(starts: Sequence[str], kind: Literal["origin", "trace"]) -> Question:
    return ask(*starts, kind=kind, direction="backward", shares=kind == "trace")


def _rounded(amount: Fraction, rounding: str, whole: Fraction) -> Decimal:
    """With at most six decimals; bounds away from what they bound, unless they are so many to all digits that shares
    have."""
    place = Decimal(1).scaleb(-PLACES)
    near = decimal(amount).quantize(place, ROUND_HALF_EVEN, EXACT)
    if abs(Fraction(near) - amount) > whole * _SHARES_ARE_OF:
        near = decimal(amount).quantize(place, rounding, EXACT)
    return near.normalize(EXACT)
