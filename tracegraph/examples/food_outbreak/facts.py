"""What is true in the story, for tests and for the demo: found from the truth, without tracegraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tracegraph.examples.food_outbreak import actors, france, seed_trade
from tracegraph.examples.food_outbreak.names import Site
from tracegraph.examples.food_outbreak.story import Omission, Story

#: What people call lot 48088, beside its GS1 keys.
SHORT_NUMBERS = (seed_trade.EXPORTERS_OWN_NUMBER, seed_trade.EXPORTERS_CODE, seed_trade.IMPORTERS_CODE)


@dataclass(frozen=True, slots=True)
class Case:
    """A cluster: the site, its title, and how to start a trace there."""

    site: str
    title: str
    start: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What derives from a lot: units (canonical keys), sites, and the sites' countries."""

    units: frozenset[str]
    sites: frozenset[str]
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """What the files say and what is true.

    `files`: the names written; `events`: how many events they hold, among them `copies` that repeat another one;
    `cases`: the 42 clusters, the first five traced in full by the investigators, the French one last;
    `upstream`: per case site everything (canonical keys) that went into what it had;
    `coverage`: per unit the number of case sites that it is upstream of;
    `lot`, `packets`, `second_lot`: what derives from 48088, from the English packets, and from 8266;
    `same_lot`: the numbers of 48088; `innocent`: sites that look involved and hold nothing of 48088;
    `omissions`: what the books leave out on purpose; `countries`: country of each site.
    """

    files: tuple[str, ...]
    events: int
    copies: int
    cases: tuple[Case, ...]
    upstream: Mapping[str, frozenset[str]]
    coverage: Mapping[str, int]
    lot: Reach
    packets: Reach
    second_lot: Reach
    same_lot: tuple[str, ...]
    innocent: tuple[str, ...]
    omissions: tuple[Omission, ...]
    countries: Mapping[str, str]


def facts_of(story: Story, case_sites: list[Site], files: tuple[str, ...]) -> DemoFacts:
    """Everything that follows from the story."""
    upstream = {site.key: frozenset(goods for goods, _ in story.truth.backward_from(site.key)) for site in case_sites}
    return DemoFacts(
        files=files,
        events=sum(len(events) for events in story.books.values()),
        copies=story.copies,
        cases=tuple(Case(site.key, site.title, f"site:{site.key}") for site in case_sites),
        upstream=upstream,
        coverage=dict(sorted(Counter(goods for units in upstream.values() for goods in units).items())),
        lot=reach(story, seed_trade.LOT_48088.goods),
        packets=reach(story, france.PACKETS.goods),
        second_lot=reach(story, seed_trade.LOT_8266.goods),
        same_lot=(seed_trade.LOT_48088.key, seed_trade.LOT_6832.key, *SHORT_NUMBERS),
        innocent=tuple(site.key for site in actors.INNOCENT),
        omissions=tuple(story.omissions),
        countries={key: site.town.country for key, site in sorted(story.sites.items())},
    )


def reach(story: Story, goods: str) -> Reach:
    """What derives from these goods, and where it has been."""
    presences = story.truth.forward(goods)
    sites = frozenset(site for _, site in presences)
    countries = frozenset(story.sites[site].town.country for site in sites)
    return Reach(frozenset(unit for unit, _ in presences), sites, countries)
