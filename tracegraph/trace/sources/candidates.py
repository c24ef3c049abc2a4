"""What may be the common source: units, sites, parties and products, each with its stays upstream of the cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tracegraph.model.custody import Holding, Place, PlaceKind
from tracegraph.trace.answer import container_spots
from tracegraph.trace.shares.amounts import Amount, as_float
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.sources.upstream import Upstream

Kind = Literal["unit", "site", "party", "product"]
KINDS: tuple[Kind, ...] = ("unit", "site", "party", "product")

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`explained`, `confirmed`: the cases (and controls) that it leads to. `places`: its stays and transformations, in
    the order of nodes; `entries`: those where goods came into it, with the part of its goods that did there;
    `distance`: least number of events between it and a case; `since`: its earliest instant."""

    kind: Kind
    id: str
    explained: int
    confirmed: int
    places: tuple[int, ...]
    entries: tuple[tuple[int, float], ...]
    distance: int
    since: int


def candidates(
    snapshot: Snapshot, above: Upstream, weights: Mapping[int, Amount], kinds: Sequence[Kind] = KINDS
) -> list[Candidate]:
    """All candidates of the kinds, by kind and id."""
    places = _places_by_candidate(snapshot, above)
    before = _before(above)
    return [
        _candidate(kind, name, sorted(places[kind, name]), above, before, weights)
        for kind, name in sorted(places, key=lambda one: (KINDS.index(one[0]), one[1]))
        if kind in kinds
    ]


def _places_by_candidate(snapshot: Snapshot, above: Upstream) -> dict[tuple[Kind, str], set[int]]:
    found: dict[tuple[Kind, str], set[int]] = defaultdict(set)
    holdings = [(number, node) for number in above.numbers if isinstance(node := above.part.nodes[number], Holding)]
    packed = container_spots(snapshot, holdings)
    products = {key: row.product for key, row in above.part.units.items()}
    for number, holding in holdings:
        place = above.place[number]
        found["unit", holding.unit].add(place)
        product = products.get(holding.unit)
        if product:
            found["product", product].add(place)
        spots = [(spot.holding.place, spot.holding.party) for spot in packed.get(number, ())]
        for where, party in [(holding.place, holding.party), *spots]:
            _note(found, where, party, place)
    for place, number in enumerate(above.numbers):
        node = above.part.nodes[number]
        if not isinstance(node, Holding) and node.place.kind is PlaceKind.SITE:
            found["site", node.place.id].add(place)
    return found


def _note(found: dict[tuple[Kind, str], set[int]], where: Place, party: str | None, place: int) -> None:
    if where.kind is PlaceKind.SITE:
        found["site", where.id].add(place)
    elif where.kind is PlaceKind.PARTY:
        found["party", where.id].add(place)
    if party:
        found["party", party].add(place)


def _before(above: Upstream) -> list[list[int]]:
    before: list[list[int]] = [[] for _ in above.following]
    for place, ways in enumerate(above.following):
        for further in ways:
            before[further].append(place)
    return before


def _candidate(
    kind: Kind,
    name: str,
    places: Sequence[int],
    above: Upstream,
    before: Sequence[Sequence[int]],
    weights: Mapping[int, Amount],
) -> Candidate:
    explained = _union(above.explained, places)
    confirmed = _union(above.confirmed, places)
    own = set(places)
    entries = [place for place in places if own.isdisjoint(before[place])]
    begun = set(entries)
    circling = explained & ~_union(above.explained, entries)
    entries = [place for place in places if place in begun or above.explained[place] & circling]
    nodes = [above.node(place) for place in places]
    since = min(node.since if isinstance(node, Holding) else node.instant for node in nodes)
    distance = min(above.part.distance[above.numbers[place]] for place in places)
    return Candidate(kind, name, explained, confirmed, tuple(places), _weighted(entries, weights), distance, since)


def _union(sets: Sequence[int], places: Sequence[int]) -> int:
    found = 0
    for place in places:
        found |= sets[place]
    return found


def _weighted(entries: Sequence[int], weights: Mapping[int, Amount]) -> tuple[tuple[int, float], ...]:
    """The parts of the goods that came in at each entry: by amount, or equal where not all amounts can be added."""
    amounts = [weights[place] for place in entries]
    whole = sum((amount.value or ZERO for amount in amounts), ZERO)
    if whole > 0 and len({amount.dimension for amount in amounts}) == 1 and all(a.value is not None for a in amounts):
        return tuple((place, as_float((a.value or ZERO) / whole)) for place, a in zip(entries, amounts, strict=True))
    return tuple((place, 1.0 / len(entries)) for place in entries)
