"""Reach: where the goods of each lot, organisation, site or product went, and how much of what there is they are in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from tracegraph.model.custody import Holding, Joint, PlaceKind
from tracegraph.model.metrics import Period
from tracegraph.trace.envelope import Json
from tracegraph.trace.metrics.chain import NOBODY, ZERO, Chain, holder
from tracegraph.trace.metrics.choice import Choice, period_of
from tracegraph.trace.metrics.figures import Table, amount, ratio, share


class Whose(NamedTuple):
    """What a row is of: a unit, organisation, site or product, and a period of time."""

    name: str
    period: str


class Spread(NamedTuple):
    """What was reached, and how much of that ended where."""

    row: Json
    volume: Fraction


def reach_of_each(chain: Chain, choice: Choice, only: Collection[str] = ()) -> Table:
    """A row for each lot (or organisation, site, product) and period, what reaches most first. `only`: the units asked
    for (none: every unit that begins in the chain)."""
    begun = _begun(chain, choice, frozenset(only))
    found = {whose: _spread(chain, begun[whose]) for whose in sorted(begun)}
    volumes = sorted(spread.volume for spread in found.values())
    before = _before(found) if choice.period is not Period.ALL else {}
    rows = [(_told(whose, spread, volumes, before), spread.volume) for whose, spread in found.items()]
    rows.sort(key=lambda pair: (-pair[1], -pair[0]["units"], pair[0]["id"], pair[0]["period"]))
    return Table([row for row, _ in rows])


def _told(whose: Whose, spread: Spread, volumes: Sequence[Fraction], before: Mapping[Whose, Fraction]) -> Json:
    """One row. `percentile`: how many per cent of the rows reach no more; `change`: since the period before."""
    return {
        "id": whose.name,
        "period": whose.period,
        **spread.row,
        "percentile": ratio(Fraction(100 * bisect_right(volumes, spread.volume), len(volumes))),
        "change": amount(spread.volume - before[whose]) if whose in before else None,
    }


def _begun(chain: Chain, choice: Choice, only: frozenset[str]) -> dict[Whose, list[int]]:
    """The nodes from which each row's goods are followed."""
    found: dict[Whose, list[int]] = defaultdict(list)
    for number in chain.units:
        node = chain.nodes[number]
        if isinstance(node, Holding) and (name := _name(chain, choice, number, node, only)):
            found[Whose(name, period_of(node.since, choice.period))].append(number)
    return found


def _name(chain: Chain, choice: Choice, number: int, node: Holding, only: frozenset[str]) -> str:
    """Of which row the goods are that are first seen, or come into its hands, at a node; empty for none."""
    match choice.rows_by:
        case "party":
            return holder(node)
        case "site":
            return node.place.id if node.place.kind is PlaceKind.SITE else NOBODY
    sources = chain.sources.get(number, ())
    begins = not sources or any(isinstance(chain.nodes[source], Joint) for source in sources)
    if not begins or (only and node.unit not in only):
        return NOBODY
    return node.unit if choice.rows_by == "unit" else chain.product(node.unit)


def _spread(chain: Chain, begun: Sequence[int]) -> Spread:
    """What follows from some nodes: all that may, and of that what certainly does."""
    reached = chain.reached(begun)
    certain = chain.reached(begun, confirmed_only=True)
    units, sure = ({chain.units[node] for node in nodes if node in chain.units} for nodes in (reached, certain))
    sites = _of(chain.sites, reached)
    own = {name for node in begun if (name := holder(chain.nodes[node]))}
    volume, sure_volume = (_volume(chain, nodes) for nodes in (reached, certain))
    row = {
        "units": len(units),
        "recipients": len(_of(chain.parties, reached) - own),
        "sites": len(sites),
        "countries": len({chain.countries[site] for site in sites if site in chain.countries}),
        "volume": amount(volume),
        "confirmed": amount(sure_volume),
        "precision": share(sure_volume, volume),
        "expansion": ratio(Fraction(len(units), len(sure))),
    }
    return Spread(row, volume)


def _of(names: Mapping[int, frozenset[str]], nodes: Collection[int]) -> set[str]:
    return set().union(*(names[node] for node in nodes if node in names))


def _volume(chain: Chain, nodes: Collection[int]) -> Fraction:
    ends = chain.ends
    return sum((ends[node] for node in nodes if node in ends), ZERO)


def _before(found: Mapping[Whose, Spread]) -> dict[Whose, Fraction]:
    """The volume of the same in the period before among those that there are."""
    periods = sorted({whose.period for whose in found})
    earlier = dict(zip(periods[1:], periods, strict=False))
    return {
        whose: found[Whose(whose.name, earlier[whose.period])].volume
        for whose in found
        if whose.period in earlier and Whose(whose.name, earlier[whose.period]) in found
    }
