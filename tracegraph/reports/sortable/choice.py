"""Which rows of a sheet are wanted: of lots, of a product, of a span of time, of a partner."""

from __future__ import annotations

from collections.abc import Iterable

from tracegraph.errors import UsageError
from tracegraph.formats.fsma204.telling import Told
from tracegraph.identifiers import canonical, location, party
from tracegraph.model.custody import PlaceKind
from tracegraph.model.facts import EventFacts
from tracegraph.model.instants import parse_instant
from tracegraph.reports.sheet_forms import SheetChoice
from tracegraph.stores.port import HoldingQuery
from tracegraph.timeline.places import Places
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import known_unit
from tracegraph.trace.snapshot import Snapshot


class Chosen:
    """A choice over one snapshot. Raises UnknownIdentifier for a lot that nobody recorded, UsageError for a time that
    is none or one that ends before it begins."""

    def __init__(self, choice: SheetChoice, snapshot: Snapshot, register: Register, places: Places) -> None:
        self._choice = choice
        self._places = places
        self._since = None if choice.since is None else parse_instant(choice.since, "from", "start")
        self._until = None if choice.until is None else parse_instant(choice.until, "to", "end")
        if self._since is not None and self._until is not None and self._until < self._since:
            raise UsageError(f"to ({choice.until}) is before from ({choice.since}); change one of them")
        self._lots = {number for text in choice.lots for number in _numbers(text, register)}
        self._around = self._lots | _containers(self._lots, snapshot)

    def takes_event(self, facts: EventFacts) -> bool:
        """Whether any row of an event may be wanted."""
        return (
            (self._since is None or facts.instant >= self._since)
            and (self._until is None or facts.instant <= self._until)
            and (not self._lots or not self._around.isdisjoint(facts.numbers()))
            and (self._choice.partner is None or not self._asked_partner().isdisjoint(self._partners(facts)))
        )

    def rows(self, told: list[Told]) -> list[Told]:
        """The wanted rows of an event; where something was made of others, all of them if any is."""
        wanted = [row for row in told if self._takes(row)]
        return told if wanted and any(row.input_lot for row in told) else wanted

    def _takes(self, row: Told) -> bool:
        return (not self._lots or not self._lots.isdisjoint((row.lot, row.input_lot))) and self._is_of_product(row)

    def _is_of_product(self, row: Told) -> bool:
        wanted = self._choice.product
        if wanted is None:
            return True
        gtin = canonical(wanted).rpartition("/")[2]
        if gtin in (row.cells.get("product"), row.cells.get("input_product")):
            return True
        said = " ".join(str(row.cells.get(name) or "") for name in _DESCRIBING)
        return wanted.casefold() in said.casefold()

    def _asked_partner(self) -> set[str]:
        assert self._choice.partner is not None
        return {party(self._choice.partner), location(self._choice.partner)}

    def _partners(self, facts: EventFacts) -> set[str]:
        """Everybody who takes part in an event."""
        named = {facts.biz_location, facts.read_point, facts.source_place, facts.destination_place}
        sites = {self._places.site(place) for place in named}
        parties = {self._places.party(site) for site in sites}
        stated = {facts.source_party, facts.destination_party, facts.source_owner, facts.destination_owner}
        return {one for one in named | sites | parties | stated if one is not None}


_DESCRIBING = ("product_description", "commodity", "variety", "input_product_description")


def _numbers(text: str, register: Register) -> set[str]:
    """Every number of a lot."""
    unit = known_unit(text, register).id
    return {unit, canonical(text), *register.aliases(unit), *register.members(unit)}


def _containers(lots: Iterable[str], snapshot: Snapshot) -> set[str]:
    """What the lots were ever packed in, and that in turn."""
    found: set[str] = set()
    inside = set(lots)
    while inside:
        rows = snapshot.holdings(HoldingQuery(units=inside))
        around = {row.holding.place.id for row in rows if row.holding.place.kind is PlaceKind.CONTAINER}
        inside = around - found
        found |= around
    return found
