"""One unit, event, site, party or product as the records know it, without following anything.

`result` always has the lists of every answer (units, holdings, events, sites, parties, paths); what is special to the
kind stands under `shown`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.model.facts import EventFacts
from tracegraph.model.instants import instant_text
from tracegraph.stores.port import HoldingQuery, HoldingRow, Legs, Onwards, Reading, StoredEvent
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, decimal_text, envelope, quantity_json
from tracegraph.trace.lists import HoldingList, holding_json
from tracegraph.trace.origin import hops
from tracegraph.trace.question import Question, Start, StartKind
from tracegraph.trace.reach import Node, fetch_nodes
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import event_names, master_data, resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail


def show(store: Reading, question: Question, language: Language = "en", register: Register | None = None) -> Answered:
    """Answer a question of kind `show` about one start."""
    with answering(store):
        return _show(question, language, register or Register(Snapshot.of(store, question.as_of)))


def _show(question: Question, language: Language, register: Register) -> Answered:
    asked = resolve(question, register)
    start = asked.starts[0]
    if start.kind is StartKind.LINE:
        raise UsageError(f"line:{start.id} cannot be shown; trace it, or show its site")
    trail = _trail(register.snapshot, _nodes(start, register.snapshot))
    named = {start.id} if start.kind is StartKind.UNIT else set()
    found = listed(register.snapshot, trail, named)
    result = found.result()
    assert isinstance(found.holdings, HoldingList), "holdings of a trail are listed one by one"
    result["holdings"] = _in_time_order(trail, found.holdings.following)
    result["shown"] = _shown(start, register)
    result["hops"] = hops(trail)
    return Answered(envelope(register.snapshot, asked, result, found.gaps, (), language), trail)


def _in_time_order(trail: Trail, following: Onwards) -> list[Json]:
    ordered = sorted(trail.holdings, key=lambda pair: (pair[1].since, pair[1].unit, pair[1].id))
    return [holding_json(trail, number, holding, following) for number, holding in ordered]


def _nodes(start: Start, snapshot: Snapshot) -> dict[int, Node]:
    """The holdings that the start is about, and the transformation of an event."""
    match start.kind:
        case StartKind.UNIT:
            rows = snapshot.holdings(HoldingQuery(units=[start.id]))
        case StartKind.SITE:
            rows = snapshot.holdings(HoldingQuery(sites=[start.id]))
        case StartKind.PARTY:
            rows = snapshot.holdings(HoldingQuery(parties=[start.id]))
        case StartKind.PRODUCT:
            rows = snapshot.holdings(HoldingQuery(products=[start.id]))
        case _:
            return _opened_by(start.id, snapshot)
    return _by_node(rows)


def _opened_by(event: str, snapshot: Snapshot) -> dict[int, Node]:
    """What the event opened, its transformation, and where the goods came from."""
    names = event_names(event, snapshot)
    found = _by_node(snapshot.holdings(HoldingQuery(events=names)))
    found.update((row.node, row.joint) for row in snapshot.joints_of(names))
    legs = snapshot.legs(sorted(found), "backward")
    before = {s for s, e in zip(legs.source, legs.event, strict=True) if e in names}
    return found | fetch_nodes(snapshot, before - found.keys())


def _by_node(rows: Iterable[HoldingRow]) -> dict[int, Node]:
    return {row.node: row.holding for row in rows}


def _trail(snapshot: Snapshot, nodes: dict[int, Node]) -> Trail:
    """The nodes with the legs among them. Confirmed: something confirmed leads there, or nothing does."""
    legs = snapshot.legs(sorted(nodes), "backward")
    entered: dict[int, bool] = {}
    inside = Legs()
    for number, target in enumerate(legs.target):
        entered[target] = entered.get(target, False) or legs.confirmed[number]
        if legs.source[number] in nodes:
            _copy(legs, number, inside)
    confirmed = {number for number in nodes if entered.get(number, True)}
    return Trail(dict(nodes), dict.fromkeys(nodes, 0), confirmed, {}, frozenset(), inside)


def _copy(legs: Legs, number: int, to: Legs) -> None:
    to.source.append(legs.source[number])
    to.target.append(legs.target[number])
    to.event.append(legs.event[number])
    to.rule.append(legs.rule[number])
    to.confirmed.append(legs.confirmed[number])
    to.cost.append(legs.cost[number])
    to.instant.append(legs.instant[number])


def _shown(start: Start, register: Register) -> Json:
    snapshot = register.snapshot
    match start.kind:
        case StartKind.UNIT:
            return _unit(start.id, register)
        case StartKind.EVENT:
            content_hash, _, event_id = start.id.partition("#")
            stored = [
                entry for entry in snapshot.events(hashes=[content_hash]) if event_id in ("", entry.facts.event_id)
            ]
            return {"events": [_event(entry.facts) | _position(entry, snapshot) for entry in stored]}
        case _:
            return {"records": _records(start, snapshot)}


def _position(entry: StoredEvent, snapshot: Snapshot) -> Json:
    """Where the event stands in the ledger; None where it may not be told how many stand before it."""
    return {"position": entry.position if snapshot.counted else None}


def _unit(unit: str, register: Register) -> Json:
    """The numbers, lots, members and events of a unit, and what it holds or held."""
    snapshot = register.snapshot
    names = [unit, *register.aliases(unit)]
    inside = {row.holding.unit for row in snapshot.holdings(HoldingQuery(containers=[unit]))}
    timeline = snapshot.timeline(unit)
    events = [_event(entry.facts) for entry in snapshot.events(units=names)]
    return {
        "aliases": names[1:],
        "lots": sorted({register.representative(lot) for lot in timeline.lots}) if timeline else [],
        "members": register.members(unit),
        "contents": sorted(inside),
        "events": sorted(events, key=lambda event: (event["time"], event["id"], event["event_id"])),
    }


def _records(start: Start, snapshot: Snapshot) -> list[Json]:
    """The master data of a site, party or product."""
    return [json_value(asdict(data)) for data in master_data(snapshot) if data.id == start.id]


def _event(facts: EventFacts) -> Json:
    """An event's facts; the time in UTC with the offset that was recorded."""
    return {
        "id": facts.content_hash,
        "event_id": facts.event_id,
        "retracts": facts.retracts,
        "type": facts.type,
        "time": instant_text(facts.instant),
        "offset": facts.offset,
        "action": facts.action,
        "step": facts.step,
        "disposition": facts.disposition,
        "read_point": facts.read_point,
        "biz_location": facts.biz_location,
        "transformation": facts.transformation,
        "documents": [{"type": document.type, "id": document.id} for document in facts.documents],
        "units": [
            {"id": named.unit, "role": named.role.value, "quantity": quantity_json(named.quantity)}
            for named in facts.named
        ],
    }


def json_value(value: object) -> Any:
    """A record's data as canonical JSON: decimals as strings, keys sorted."""
    return json.loads(json.dumps(value, sort_keys=True, default=_plain))


def _plain(value: object) -> str:
    from decimal import Decimal

    return decimal_text(value) if isinstance(value, Decimal) else str(value)
