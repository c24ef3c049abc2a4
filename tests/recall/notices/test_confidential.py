"""A notice tells nobody of others: over all notices of random chains, recorded carefully and carelessly."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recall.consignees.book import PARTY, SITES, Book, written
from tests.recall.consignees.told import Told, captured
from tests.timeline.random_events import make_table
from tracegraph.model.custody import PlaceKind
from tracegraph.recall.consignees import consignees, distribution
from tracegraph.recall.consignees.listing import listed
from tracegraph.recall.consignees.parties import NOBODY_ELSE
from tracegraph.recall.notices import Notice, notices_of
from tracegraph.stores.port import HoldingQuery


def texts(told: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, inner in told.items():
            yield name
            yield from texts(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from texts(inner)


def notices(table: str, starts: list[str], owner: str | None = "urn:x-party:O") -> list[Notice]:
    case = Told(captured(table), starts, owner)
    return notices_of(case.case, consignees(case.snapshot, case.case))


def of_book(book: Book) -> list[Notice]:
    return notices(book.table, [lot for lot, event in book.made_at.items() if " make " in book.lines[int(event[1:])]])


def own(book: Book, party: str) -> set[str]:
    """All short names that a party may read: the owner's, its own, and those of its own deliveries."""
    mine = [one for one in book.came if one.receiver == party]
    made = {lot for lot, maker in book.lots.items() if maker == party}
    names = {"O", party, *SITES[party], *made, *(book.made_at[lot] for lot in made)}
    for one in mine:
        names |= {one.sender, one.unit, one.document, *one.events, one.tote or party}
    return names


def named(book: Book) -> set[str]:
    """All short names of everything in a book."""
    events = {line.split()[0] for line in book.lines}
    documents = {word.partition(":")[2] for line in book.lines for word in line.split() if word.startswith("desadv:")}
    totes = {f"T{number}" for number in range(book.numbers + 1)}
    return {*PARTY, *SITES, *book.lots, *events, *documents, *totes}


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.booleans())
def test_a_notice_names_nothing_of_others(seed: int, lost: bool) -> None:
    book = written(seed, lost=lost)
    found = of_book(book)
    everything = named(book)
    for notice in found:
        party = notice.consignee.id.rpartition(":")[2]
        said = {text.rpartition(":")[2] for text in texts(json.loads(json.dumps(notice.to_dict())))}
        assert said & everything <= own(book, party)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.booleans())
def test_every_delivery_is_in_exactly_one_notice(seed: int, lost: bool) -> None:
    book = written(seed, lost=lost)
    found = of_book(book)
    told = Counter(
        (notice.consignee.id.rpartition(":")[2], document["id"])
        for notice in found
        for one in notice.to_dict()["deliveries"]
        for document in one["documents"]
    )
    assert told == Counter((one.receiver, one.document) for one in book.came)
    assert len({notice.id for notice in found}) == len({notice.consignee.id for notice in found}) == len(found)


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_careless_records_betray_nobody(seed: int) -> None:
    """Whatever was recorded wrongly: every delivery is in one notice, an arrival is told to several only where it names
    the places of all, and a shipment only where each of them recorded that it came, but for the one it was sent to."""
    chance = random.Random(seed)
    table = make_table(chance.choice, largest=14, references=False, master=False)
    events = table.world().events
    units = {one.unit for facts in events for one in facts.named if "lot" in one.unit}
    starts = [unit.rpartition(":")[2] for unit in sorted(units)[:1]]
    rows = [
        (notice.consignee.id, one)
        for notice in (notices(str(table), starts, "urn:x-site:P") if starts else [])
        for one in notice.to_dict()["deliveries"]
    ]
    assert len({one["id"] for _, one in rows}) == len(rows)
    naming = {(facts.content_hash, place) for facts in events for place in (facts.read_point, facts.biz_location)}
    places = [(one["site"] or who, one) for who, one in rows]  # who runs a site, some events say and some do not
    assert not _shared((one["event"], at) for at, one in places if one["event"] and (one["event"], at) not in naming)
    assert not _shared((event, at) for at, one in places if one["event"] is None for event in one["shipments"])


def _shared(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """What is told to more than one."""
    told: dict[str, set[str]] = {}
    for name, who in pairs:
        told.setdefault(name, set()).add(who)
    return [name for name, who in told.items() if len(who) > 1]


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_careless_records_forget_nobody(seed: int) -> None:
    """Wherever goods in scope were, or may have been, is a site of somebody who is told, or of the owner."""
    table = str(make_table(random.Random(seed).choice, largest=14, references=False, master=False))
    snapshot = captured(table.replace("party X -> Y", "Q -> R"))  # whose a site is, is another matter
    units = [row.key for row in snapshot.units()]
    found = distribution(snapshot, dict.fromkeys(units, True), ["urn:x-site:P"])
    told = {(one.unit, one.receiver) for one in found.deliveries} | {(one.unit, one.holder) for one in found.made}
    held = [row.holding for row in snapshot.holdings(HoldingQuery(units=units))]
    there = {(one.unit, one.place.id) for one in held if one.place.kind is PlaceKind.SITE}
    assert {pair for pair in there - told if pair[1] != "urn:x-site:P"} == set()
    assert {who for _, who in told} == {row.id for row in listed(found, {}, NOBODY_ELSE).rows}
