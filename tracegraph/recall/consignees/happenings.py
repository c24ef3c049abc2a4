"""What the events of deliveries say: when, by which documents, how much of a unit, and under which of its numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from tracegraph.model.custody import Place
from tracegraph.model.facts import Document, EventFacts, NamedUnit
from tracegraph.model.instants import instant_text
from tracegraph.model.measures import convert, dimension
from tracegraph.model.quantity import Quantity
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import CBV_EFFECTS, Effect
from tracegraph.trace.envelope import Json
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot


class Happenings:
    """Events by their public ids, and the numbers of units."""

    def __init__(self, snapshot: Snapshot, events: Collection[str], units: Collection[str]) -> None:
        self._found = _by_public_id(snapshot, events)
        self._places = Places.of(master_data(snapshot))
        self._numbers: dict[str, set[str]] = defaultdict(set)
        for unit, alias in snapshot.aliases(list(units)) if units else ():
            self._numbers[unit].add(alias)

    def numbers(self, event: str, unit: str) -> tuple[str, ...]:
        """Under which of its numbers an event names a unit, sorted; empty where it names it not at all."""
        return tuple(sorted({named.unit for named in self._naming(event, unit)}))

    def amount(self, event: str, unit: str) -> Quantity | None:
        """How much of a unit an event is about; None where it does not say, or in measures that cannot be added."""
        return total([named.quantity for named in self._naming(event, unit)])

    def _naming(self, event: str, unit: str) -> list[NamedUnit]:
        facts = self._found.get(event)
        known = {unit, *self._numbers.get(unit, ())}
        return [named for named in facts.named if named.unit in known] if facts else []

    def documents(self, event: str) -> tuple[Document, ...]:
        """The business documents of an event."""
        facts = self._found.get(event)
        return facts.documents if facts else ()

    def effect(self, event: str) -> Effect | None:
        """What the step of an event does to goods."""
        facts = self._found.get(event)
        return CBV_EFFECTS.get(facts.step) if facts else None

    def sender(self, event: str) -> str | None:
        """The organisation, else the site, that an event itself names as where goods come from."""
        facts = self._found.get(event)
        if facts is None or facts.source_party:
            return facts.source_party if facts else None
        site = self.site(facts.source_place)
        return self._places.party(site) or site

    def site(self, location: str | None) -> str | None:
        """The site that a location belongs to."""
        return self._places.site(location)

    def names(self, event: str, place: Place) -> bool:
        """Whether an event names a place, itself or by a spot within it."""
        facts = self._found.get(event)
        if facts is None:
            return False
        spots = (facts.read_point, facts.biz_location, facts.source_place, facts.destination_place)
        sites = {self._places.site(spot, facts.biz_location) for spot in spots if spot}
        return place.id in {*sites, *spots, facts.source_party, facts.destination_party}

    def run_by(self) -> dict[str, set[str]]:
        """The organisations that events name at each site: as who sends from it, or receives at it."""
        found: dict[str, set[str]] = defaultdict(set)
        for facts in self._found.values():
            effect = CBV_EFFECTS.get(facts.step)
            party = facts.source_party if effect is Effect.SHIP else facts.destination_party
            site = self._places.site(facts.read_point, facts.biz_location)
            if effect in (Effect.SHIP, Effect.RECEIVE) and party and site:
                found[site].add(party)
        return found

    def moment(self, event: str, instant: int) -> Json:
        """A time and how exactly it is known: `time`, `day`, or only the `month`, the `year`, or `unknown`."""
        facts = self._found.get(event)
        precision = "time" if facts is None else facts.assumed or ("day" if facts.day else "time")
        return {"at": instant_text(instant), "precision": precision}


def _by_public_id(snapshot: Snapshot, events: Collection[str]) -> Mapping[str, EventFacts]:
    """The facts of events; a public id has the eventID behind `#` where several events share their content."""
    wanted = set(events) - {""}
    stored = snapshot.events(hashes=sorted({name.partition("#")[0] for name in wanted})) if wanted else []
    found: dict[str, EventFacts] = {}
    for one in stored:
        facts = one.facts
        for name in (f"{facts.content_hash}#{facts.event_id}", facts.content_hash):
            if name in wanted and not facts.retracts:
                found.setdefault(name, facts)
    return found


def total(amounts: Iterable[Quantity | None]) -> Quantity | None:
    """The sum of amounts in the measure of the first; None where there are none, or one is not known or of another
    dimension."""
    told = list(amounts)
    known = [one for one in told if one is not None and one.value is not None and one.value.is_finite()]
    if not known or len(known) < len(told) or len({dimension(one.unit) for one in known}) > 1:
        return None
    whole = sum((convert(one, known[0].unit).value or Decimal(0) for one in known), Decimal(0))
    return Quantity(whole, known[0].unit)


def rest(whole: Quantity | None, taken: Sequence[Quantity | None]) -> Quantity | None:
    """What is left of an amount; None where one of them is not known, or more was taken than there was."""
    if whole is None or whole.value is None or not taken:
        return whole
    gone = total([Quantity(Decimal(0), whole.unit), *taken])
    if gone is None or gone.value is None or gone.value > whole.value:
        return None
    return Quantity(whole.value - gone.value, whole.unit)
