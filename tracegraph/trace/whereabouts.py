"""Where a unit is, how much of it is left there, and what became of the rest: now, or on any date.

`on` is valid time: what happened after it is left out. `as_of` is known time: what was learnt after it is left out. The
last holdings are those that are open, the sinks, and those whose goods ended there without going on (consumed,
unaccounted). A holding is confirmed where a chain of confirmed legs leads to it from the unit's first holdings. A
packed unit says where its container is, and the container that this one is in, and so on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.custody import Certainty, Holding, Joint, PlaceKind
from tracegraph.model.instants import instant_text
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import HoldingQuery, Legs, Onwards, Reading
from tracegraph.trace.answer import CARRIED, by_id, container_spots, listed, note_place
from tracegraph.trace.answering import answering
from tracegraph.trace.containers import Spot, Stay
from tracegraph.trace.distances import confirmed_nodes, onward
from tracegraph.trace.envelope import Json, envelope, place_json
from tracegraph.trace.lists import holding_json
from tracegraph.trace.question import Question, StartKind
from tracegraph.trace.reach import fetch_nodes, select_legs
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail
from tracegraph.trace.valid_time import holdings_on


@dataclass(frozen=True, slots=True)
class History:
    """All holdings of the units up to the asked time, and every leg that left one of them up to then or later."""

    holdings: dict[int, Holding]
    legs: Legs
    joints: frozenset[int]
    on: int | None

    def happened(self, number: int) -> bool:
        """Was this leg taken by the asked time?"""
        return self.on is None or self.legs.instant[number] <= self.on


def whereabouts(
    store: Reading, question: Question, language: Language = "en", register: Register | None = None
) -> Answered:
    """Answer a question of kind `where`: `result` lists the last holdings of the units, each packed one with `inside`,
    the whereabouts of its containers, inner ones first. `question.window.on` is the valid time."""
    with answering(store):
        return _whereabouts(question, language, register or Register(Snapshot.of(store, question.as_of)))


def _whereabouts(question: Question, language: Language, register: Register) -> Answered:
    snapshot, on = register.snapshot, question.window.on
    asked = resolve(question, register)
    units = _units(asked, register)
    history = _history(snapshot, units, on)
    following = _following(history)
    last = _last_trail(history, following)
    found = listed(snapshot, last, units)
    inside = _inside(snapshot, last, on)
    remaining = _remaining(history, _then(snapshot, history, on))
    result = found.result()
    result["holdings"] = [
        holding_json(last, number, holding._replace(remaining=remaining[number]), following, on=on)
        | {"inside": [_spot_json(spot) for spot in inside.get(number, ())]}
        for number, holding in last.holdings
    ]
    result["sites"], result["parties"] = _places(last, inside)
    return Answered(envelope(snapshot, asked, result, found.gaps, (), language), last)


def _places(last: Trail, inside: dict[int, list[Spot]]) -> tuple[list[Json], list[Json]]:
    """Where the goods are, and with whom: their containers' places included, places that they have left not."""
    sites: dict[str, bool] = {}
    parties: dict[str, bool] = {}
    for number, holding in last.holdings:
        note_place(holding.place, holding.party, number in last.confirmed, sites, parties)
        for spot in inside.get(number, ()):
            note_place(spot.holding.place, spot.holding.party, spot.confirmed, sites, parties)
    return by_id(sites), by_id(parties)


def _spot_json(spot: Spot) -> Json:
    return {
        "unit": spot.holding.unit,
        "place": place_json(spot.holding.place),
        "party": spot.holding.party,
        "since": instant_text(spot.holding.since),
        "certainty": (Certainty.CONFIRMED if spot.confirmed else Certainty.POSSIBLE).value,
    }


def _units(asked: Question, register: Register) -> set[str]:
    """The asked units, the lots and items of asked products, and the members of all of them."""
    keys: set[str] = set()
    for start in asked.starts:
        if start.kind not in (StartKind.UNIT, StartKind.PRODUCT):
            raise UsageError(f"where is {start.kind}:{start.id} cannot be asked; ask where a unit or a product: is")
        products = register.snapshot.units(products=[start.id]) if start.kind is StartKind.PRODUCT else []
        keys.update([start.id] if start.kind is StartKind.UNIT else [row.key for row in products])
    return keys.union(*(register.members(key) for key in keys))


def _history(snapshot: Snapshot, units: Collection[str], on: int | None) -> History:
    query = HoldingQuery(units=units, until=None if on is None else on + 1)
    holdings = {row.node: row.holding for row in snapshot.holdings(query)}
    legs = snapshot.legs(sorted(holdings), "forward")
    strange = fetch_nodes(snapshot, set(legs.target) - holdings.keys())
    joints = frozenset(number for number, node in strange.items() if isinstance(node, Joint))
    return History(holdings, legs, joints, on)


def _following(history: History) -> Onwards:
    """What had followed on each holding by the asked time."""
    found, legs = Onwards(), history.legs
    for number, (source, target) in enumerate(zip(legs.source, legs.target, strict=True)):
        if history.happened(number):
            found.note(source, legs.instant[number], target in history.joints)
    return found


def _last_trail(history: History, following: Onwards) -> Trail:
    """The last holdings as a trail, with the certainty that the unit's own legs give them."""
    own = history.holdings
    among = select_legs(history.legs, lambda number: history.legs.target[number] in own and history.happened(number))
    entered = {target for source, target in zip(among.source, among.target, strict=True) if source != target}
    roots = [number for number in own if number not in entered]
    if own and not roots:
        roots = [min(own, key=lambda number: (own[number].since, own[number].id))]
    certain = confirmed_nodes(roots, onward(among, "forward"), among.confirmed)
    last = {number: holding for number, holding in own.items() if is_last(number, holding, following, history.on)}
    return Trail(dict(last), dict.fromkeys(last, 0), certain & last.keys(), {}, frozenset(last), Legs())


def is_last(number: int, holding: Holding, following: Onwards, on: int | None = None) -> bool:
    """Whether the goods of a holding, or some of them, ended up there."""
    still_open = holding.until is None or (on is not None and holding.until > on)
    return still_open or holding.place.kind is PlaceKind.SINK or number not in following.moved


def _then(snapshot: Snapshot, history: History, on: int | None) -> dict[str, Quantity | None]:
    """What was left by the asked time, by holding id."""
    if on is None:
        return {}
    units = {holding.unit for holding in history.holdings.values()}
    return {key: holding.remaining for key, holding in holdings_on(snapshot, units, on).items()}


def _remaining(history: History, then: Mapping[str, Quantity | None]) -> dict[int, Quantity | None]:
    """What remained in each holding at the asked time: what is left at its end where nothing was taken out later, what
    flowed in where nothing was taken out before, else what the events up to then leave."""
    before: set[int] = set()
    after: set[int] = set()
    legs = history.legs
    for number, (source, rule) in enumerate(zip(legs.source, legs.rule, strict=True)):
        if rule != CARRIED:
            (before if history.happened(number) else after).add(source)
    found: dict[int, Quantity | None] = {}
    for number, holding in history.holdings.items():
        if number not in after and not _carried_later(history, holding):
            found[number] = holding.remaining
        elif number not in before:
            found[number] = holding.quantity
        else:
            found[number] = then.get(holding.id)
    return found


def _carried_later(history: History, holding: Holding) -> bool:
    return history.on is not None and holding.until is not None and holding.until > history.on


def _inside(snapshot: Snapshot, last: Trail, on: int | None) -> dict[int, list[Spot]]:
    """For each packed holding where its containers are at the asked time, inner ones first."""

    def stay_of(holding: Holding) -> Stay:
        return Stay(holding.place.id, holding.since, holding.until if on is None else _earlier(holding.until, on + 1))

    places = container_spots(snapshot, last.holdings, stay_of)
    found: dict[int, list[Spot]] = {}
    for number, holding in last.holdings:
        if holding.place.kind is PlaceKind.CONTAINER:
            stay = stay_of(holding)
            final = [spot for spot in places[number] if _at_the_end(spot.holding, stay.until)]
            found[number] = [spot._replace(confirmed=spot.confirmed and number in last.confirmed) for spot in final]
    return found


def _at_the_end(holding: Holding, end: int | None) -> bool:
    """Whether a container's holding was open when the stay in it ended (None: has not ended)."""
    return holding.until is None or (end is not None and holding.until >= end)


def _earlier(moment: int | None, other: int) -> int:
    return other if moment is None else min(moment, other)
