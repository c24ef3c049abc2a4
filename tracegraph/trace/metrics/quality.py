"""Data quality per partner: which of its records lack something, which it owes, and how late they came.

A record is an event that the partner recorded (who runs the place of it, else the place, else who sent or got the
goods), or one that it owes: a gap that it is to be asked about and that no event of its own shows. The score is the
part of them with which nothing is wrong. Every finding names the event.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from tracegraph.identifiers import parse
from tracegraph.model.custody import Gap, Holding
from tracegraph.model.facts import EventFacts
from tracegraph.model.master_data import MasterData
from tracegraph.stores.port import HoldingQuery
from tracegraph.stores.stored_facts import master_data
from tracegraph.timeline.live_events import live_events
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import CBV_EFFECTS, Effect
from tracegraph.trace.envelope import Json, gap_order
from tracegraph.trace.metrics.chain import holder
from tracegraph.trace.metrics.doubtful import at_one_address, without_time
from tracegraph.trace.metrics.figures import Table, hours_of, ratio
from tracegraph.trace.snapshot import Snapshot

MOVING = (Effect.SHIP, Effect.RECEIVE)
#: Roles of holdings that goods came into being in.
BIRTHS = frozenset({"birth", "output"})


class Finding(NamedTuple):
    """What is wrong with a record. `event`: the event that shows it, empty where master data do."""

    partner: str
    kind: str
    event: str
    unit: str
    place: str


class Recorded(NamedTuple):
    """An event that counts: its public id, who recorded it, and how late (microseconds; None: not known)."""

    event: str
    partner: str
    lag: int | None
    facts: EventFacts


@dataclass(slots=True)
class Account:
    """What there is of one partner: its events, what it owes (by the events that show it), and its doubtful master
    data."""

    own: set[str] = field(default_factory=set)
    owed: set[tuple[str, str, str]] = field(default_factory=set)
    faulty: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    lags: list[int] = field(default_factory=list)


def quality(snapshot: Snapshot, gaps: Sequence[Gap], nodes: Collection[str] | None = None) -> Table:
    """A row for each partner, the worst first; `findings` in the figures are the offending records. `nodes`: only the
    events with these ids (None: all)."""
    elements = list(master_data(snapshot.store, snapshot.position))
    places = Places.of(elements)
    recorded = [one for one in _recorded(snapshot, places) if nodes is None or one.event in nodes]
    findings = [finding for one in recorded for finding in faults(one, places)]
    holdings = [row.holding for row in snapshot.holdings(HoldingQuery())]
    findings += [one for one in _made_twice(holdings) if nodes is None or one.event in nodes]
    findings += _doubts(recorded, holdings, elements if nodes is None else (), places)
    accounts = _accounts(recorded, findings)
    findings += _owed(gaps, accounts, {one.event for one in recorded})
    rows = [_row(partner, accounts[partner]) for partner in sorted(accounts)]
    rows.sort(key=lambda row: (Fraction(row["score"]), row["id"]))
    told = [finding._asdict() for finding in sorted(set(findings))]
    return Table(rows, {"findings": told, "events": len(recorded)})


def _recorded(snapshot: Snapshot, places: Places) -> Iterator[Recorded]:
    """The events that count, by id."""
    stored = snapshot.events()
    at = {entry.position: entry.recorded_at for entry in snapshot.store.entries(upto=snapshot.position)}
    came: dict[tuple[str, str], int] = {}
    for one in stored:
        key = (one.facts.content_hash, one.facts.event_id)
        if not one.facts.retracts and one.position in at and key not in came:
            came[key] = at[one.position]
    for live in live_events(one.facts for one in stored).events:
        facts = live.facts
        known = came.get((facts.content_hash, facts.event_id))
        yield Recorded(live.id, recorder(facts, places), None if known is None else known - facts.instant, facts)


def recorder(facts: EventFacts, places: Places) -> str:
    """Who recorded an event, as far as it says; empty where it does not."""
    site = places.site(facts.read_point, facts.biz_location) or facts.biz_location
    if site is not None:
        return places.party(site) or site
    sent = CBV_EFFECTS.get(facts.step) is not Effect.RECEIVE
    near = (facts.source_party, facts.source_place) if sent else (facts.destination_party, facts.destination_place)
    return next((name for name in near if name), "")


def faults(one: Recorded, places: Places) -> Iterator[Finding]:
    """What an event lacks, or cannot be right in it."""
    facts = one.facts
    site = places.site(facts.read_point, facts.biz_location) or facts.biz_location or ""
    for kind in _missing(facts, site, places):
        yield Finding(one.partner, kind, one.event, "", site)
    if one.lag is not None and one.lag < 0:
        yield Finding(one.partner, "in_the_future", one.event, "", site)
    for named in facts.named:
        if named.as_class and (named.quantity is None or named.quantity.value is None):
            yield Finding(one.partner, "no_quantity", one.event, named.unit, site)
        if parse(named.unit).problems:
            yield Finding(one.partner, "bad_identifier", one.event, named.unit, site)


def _missing(facts: EventFacts, site: str, places: Places) -> Iterator[str]:
    """Key data elements that an event of its kind has, and this one has not."""
    effect = CBV_EFFECTS.get(facts.step)
    if not site:
        yield "no_place"
    elif places.told and places.party(site) is None:
        yield "unknown_party"
    if not facts.step:
        yield "no_step"
    if effect in MOVING and not facts.documents:
        yield "no_document"
    if effect is Effect.SHIP and not (facts.destination_place or facts.destination_party):
        yield "no_destination"
    if effect is Effect.RECEIVE and not (facts.source_place or facts.source_party):
        yield "no_source"


def _doubts(
    recorded: Sequence[Recorded], holdings: Collection[Holding], elements: Sequence[MasterData], places: Places
) -> Iterator[Finding]:
    """What no single event shows, as findings of whoever recorded the event, or whose the place is."""
    timed = {one.event: one.partner for one in recorded if not one.facts.day}
    for doubt in (*without_time(holdings, timed), *at_one_address(elements)):
        yield Finding(timed.get(doubt.event) or places.party(doubt.place) or doubt.place, *doubt)


def _made_twice(holdings: Iterable[Holding]) -> Iterator[Finding]:
    """Births of units that several organisations made: a lot number is one maker's, for one product."""
    born: dict[str, list[Holding]] = defaultdict(list)
    for one in holdings:
        if one.role in BIRTHS:
            born[one.unit].append(one)
    for unit in sorted(born):
        if len({holder(one) for one in born[unit]}) > 1:
            yield from (Finding(holder(one), "two_makers", one.event, unit, one.place.id) for one in born[unit])


def _accounts(recorded: Iterable[Recorded], findings: Iterable[Finding]) -> dict[str, Account]:
    accounts: dict[str, Account] = defaultdict(Account)
    for one in recorded:
        account = accounts[one.partner]
        account.own.add(one.event)
        if one.lag is not None:
            account.lags.append(one.lag)
    for finding in findings:
        account = accounts[finding.partner]
        account.kinds[finding.kind] += 1
        if finding.event:
            account.faulty.add(finding.event)
        else:
            account.owed.add((finding.kind, finding.unit, finding.place))
    return accounts


def _owed(gaps: Iterable[Gap], accounts: dict[str, Account], events: Collection[str]) -> list[Finding]:
    """The gaps as findings of each partner that is to be asked."""
    found = []
    for gap in sorted(set(gaps), key=gap_order):
        for partner in gap.ask:
            account = accounts[partner]
            if gap.event in account.own:
                account.faulty.add(gap.event)
            else:
                account.owed.add((gap.kind, gap.event, gap.unit))
            account.kinds[gap.kind] += 1
            found.append(Finding(partner, gap.kind, gap.event, gap.unit, gap.place))
    return found


def _row(partner: str, account: Account) -> Json:
    records = len(account.own) + len(account.owed)
    faulty = len(account.faulty) + len(account.owed)
    lags = sorted(account.lags)
    return {
        "id": partner,
        "score": ratio(1 - Fraction(faulty, records)),
        "records": records,
        "faulty": faulty,
        "owed": len(account.owed),
        "lag_median_hours": hours_of(lags, 50),
        "lag_95_hours": hours_of(lags, 95),
        "kinds": {kind: account.kinds[kind] for kind in sorted(account.kinds)},
    }
