"""From what a person writes to canonical keys that the store knows, or an error that names the nearest known ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.identifiers import canonical, location, party
from tracegraph.model.custody import PlaceKind
from tracegraph.model.master_data import MasterData
from tracegraph.model.record import Record
from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.assumptions.asked import Assumptions
from tracegraph.trace.question import Question, Start, StartKind
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: The kinds of records that are master data.
MASTER_KINDS = ("other", "party", "product", "site")

#: How many known identifiers an error names, and how alike (0 to 100) they must be.
NEAREST = 5
LEAST_LIKENESS = 50.0


def resolve(question: Question, register: Register) -> Question:
    """The question with canonical, known starts. Raises UnknownIdentifier, or UsageError for an ambiguous number."""
    starts = [resolve_start(start, register) for start in question.starts]
    at = question.window.at
    asked = question.resolved(starts, None if at is None else known_site(at, register.snapshot))
    return (
        replace(asked, assumptions=_assumed(asked.assumptions, register)) if asked.assumptions.change_reach else asked
    )


def _assumed(assumptions: Assumptions, register: Register) -> Assumptions:
    from tracegraph.trace.assumptions.resolving import resolved_assumptions  # few questions have any
    from tracegraph.trace.lines.recorded import Recorded

    return resolved_assumptions(assumptions, Recorded(register))


def resolve_start(start: Start, register: Register) -> Start:
    """One start with its canonical key."""
    snapshot = register.snapshot
    match start.kind:
        case StartKind.UNIT:
            return known_unit(start.id, register)
        case StartKind.SITE:
            return Start(start.kind, known_site(start.id, snapshot))
        case StartKind.PARTY:
            return Start(start.kind, known_party(start.id, snapshot))
        case StartKind.PRODUCT:
            return Start(start.kind, known_product(start.id, snapshot))
        case StartKind.EVENT:
            return Start(start.kind, known_event(start.id, snapshot))
        case StartKind.LINE:
            return _line(start, register)


def _line(start: Start, register: Register) -> Start:
    from tracegraph.trace.lines.naming import line_of  # few questions are about lines
    from tracegraph.trace.lines.recorded import Recorded

    return Start(start.kind, " ".join(line_of(start.id, Recorded(register))))


def known_unit(text: str, register: Register) -> Start:
    """A unit by any identifier that it is known by: canonical key, alias, or a supplier's own lot number."""
    key = canonical(text)
    unit = register.representative(key)
    if register.snapshot.units(keys=[unit]):
        return Start(StartKind.UNIT, unit, key if unit != key else None)
    if register.members(unit):
        return Start(StartKind.UNIT, unit)
    named = register.by_code(text.strip())
    if len(named) > 1:
        raise UsageError(f"lot number {text.strip()!r} is used for {len(named)} units; ask for one of {_listed(named)}")
    if named:
        return Start(StartKind.UNIT, named[0], text.strip())
    raise _unknown("unit", key, (row.key for row in register.snapshot.units()))


def known_site(text: str, snapshot: Snapshot) -> str:
    """The site, or the site that a sub-location belongs to."""
    site = found_site(text, snapshot)
    if site is None:
        raise _unknown("site", location(text), place_names("site", snapshot))
    return site


def found_site(text: str, snapshot: Snapshot) -> str | None:
    """The same, or None where events and master data know no such site."""
    from tracegraph.timeline.places import Places  # with it comes the whole compiler, which few questions need

    key = location(text)
    if snapshot.holdings(HoldingQuery(sites=[key])):
        return key
    site = Places.of(master_data(snapshot)).site(key) or key
    known = snapshot.holdings(HoldingQuery(sites=[site])) or _mentioned(key, snapshot)
    return site if known else None


def known_party(text: str, snapshot: Snapshot) -> str:
    """The party that holds goods, is mentioned by an event, or has master data."""
    key = party(text)
    if snapshot.holdings(HoldingQuery(parties=[key])) or _mentioned(key, snapshot):
        return key
    raise _unknown("party", key, place_names("party", snapshot))


def known_product(text: str, snapshot: Snapshot) -> str:
    """The product of which units are known, or that has master data."""
    key = canonical(text)
    if snapshot.units(products=[key]) or snapshot.units(keys=[key]) or snapshot.records("product", [key]):
        return key
    raise _unknown("product", key, (row.product for row in snapshot.units() if row.product))


def known_event(text: str, snapshot: Snapshot) -> str:
    """The public id of the only event that has this public id, content hash or eventID."""
    name = text.strip()
    content_hash, _, _ = name.partition("#")
    stored = [entry.facts for entry in snapshot.events(hashes=[name, content_hash])]
    stored = stored or [entry.facts for entry in snapshot.events(event_ids=[name])]
    found = {facts.content_hash for facts in stored if not facts.retracts}
    if not found:
        raise _unknown("event", name, (facts.facts.event_id for facts in snapshot.events() if facts.facts.event_id))
    if len(found) > 1:
        raise UsageError(f"event {name!r} stands for {len(found)} events; ask for one of {_listed(sorted(found))}")
    return name if name.startswith(content := found.pop()) else content


def event_names(event: str, snapshot: Snapshot) -> list[str]:
    """Every public id under which an event may stand in the graph: `#eventID` is added where several are live."""
    if "#" in event:
        return [event]
    stored = [entry.facts for entry in snapshot.events(hashes=[event])]
    return sorted({event, *(f"{event}#{facts.event_id}" for facts in stored if facts.event_id)})


def master_data(snapshot: Snapshot) -> list[MasterData]:
    """All master data as known, sorted by kind and id."""
    return [_element(entry.record) for kind in MASTER_KINDS for entry in snapshot.records(kind)]


def _element(record: Record) -> MasterData:
    data = record.data | {"children": tuple(record.data.get("children", ()))}
    return MasterData(kind=record.kind, id=record.id, **data)


def _mentioned(key: str, snapshot: Snapshot) -> bool:
    return bool(snapshot.store.units_at([key])) or any(snapshot.records(kind, [key]) for kind in MASTER_KINDS)


def place_names(kind: str, snapshot: Snapshot) -> Iterable[str]:
    """Known sites or parties: those with master data, and those that hold goods."""
    yield from (data.id for data in master_data(snapshot) if data.kind == kind)
    for row in snapshot.holdings(HoldingQuery()):
        holding = row.holding
        if kind == "party" and holding.party:
            yield holding.party
        elif kind == "site" and holding.place.kind is PlaceKind.SITE:
            yield holding.place.id


def _unknown(kind: str, key: str, names: Iterable[str]) -> UnknownIdentifier:
    nearest = nearest_names(key, names)
    advice = (
        f"the nearest known are {_listed(nearest)}" if nearest else "capture its events first, or check the spelling"
    )
    return UnknownIdentifier(f"{kind} {key!r} is unknown; {advice}", key, tuple(nearest))


def nearest_names(text: str, names: Iterable[str]) -> list[str]:
    """The known names most like the text, best first: as a whole, or by their last part (a lot or serial number alone,
    or with a slip in it)."""
    choices = sorted(set(names))
    score = likenesses(text, choices, LEAST_LIKENESS, NEAREST)
    for number, likeness in likenesses(
        last_part(text), [last_part(name) for name in choices], LEAST_LIKENESS, NEAREST
    ).items():
        score[number] = max(likeness, score.get(number, 0.0))
    best = sorted(score, key=lambda number: (-score[number], choices[number]))
    return [choices[number] for number in best[:NEAREST]]


def likenesses(text: str, choices: Sequence[str], least: float, most: int | None = None) -> dict[int, float]:
    """How alike (0 to 100) the text and each choice are spelt, by the number of the choice: those at least so alike, at
    most so many of the best."""
    from rapidfuzz import fuzz, process

    found = process.extract(text, choices, scorer=fuzz.ratio, limit=most, score_cutoff=least)
    return {number: likeness for _, likeness, number in found}


def last_part(name: str) -> str:
    """The part of an identifier behind its last separator: mostly a lot or serial number."""
    return name.rstrip("/").replace(":", "/").replace(".", "/").rpartition("/")[2]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
