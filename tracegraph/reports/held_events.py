"""What is on hold as EPCIS events, for partners whose systems read nothing else.

One ObjectEvent with action OBSERVE for each move of a case that holds goods, at the instant of that move, with the
disposition `recalled` or `non_sellable_other` (CBV 2.0 section 7.2; recall/holds/holds.json says which). It names no
step and no place, so it moves nothing, and says of itself that it is generated, from which case and by which move. Its
eventID is its event hash: the same hold exported twice is one event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.formats.epcis.event_hash import event_hash
from tracegraph.formats.epcis.parse import context_of, parse_event
from tracegraph.identifiers import parse
from tracegraph.model.custody import UnitKind
from tracegraph.model.event import Event, Json
from tracegraph.model.instants import instant_text
from tracegraph.recall.holds import Hold, all_holds
from tracegraph.trace.snapshot import Snapshot

_PREFIX = {"tracegraph": TRACEGRAPH_URI}


def held_events(snapshot: Snapshot) -> Iterator[Event]:
    """What is on hold at the time of the snapshot, by time."""
    groups: dict[tuple[int, str, int, str], list[Hold]] = defaultdict(list)
    for hold in all_holds(snapshot, snapshot.known or 0):
        groups[hold.since, hold.case, hold.move, hold.disposition].append(hold)
    lots = _lots(snapshot, {hold.unit for several in groups.values() for hold in several})
    for key in sorted(groups):
        yield _event(groups[key], lots)


def _event(holds: list[Hold], lots: set[str]) -> Event:
    """The event of the holds that one move set."""
    first, units = holds[0], sorted({hold.unit for hold in holds})
    told: dict[str, Json] = {
        "@context": [_PREFIX],
        "type": "ObjectEvent",
        "eventTime": instant_text(first.since),
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "disposition": first.disposition,
    }
    items = [unit for unit in units if unit not in lots]
    classes: list[Json] = [{"epcClass": unit} for unit in units if unit in lots]
    told |= {"epcList": items} if items or not classes else {}
    told |= {"quantityList": classes} if classes else {}
    told |= {"tracegraph:generated": True, "tracegraph:case": first.case, "tracegraph:move": str(first.move)}
    told["eventID"] = event_hash(told, context_of((), told["@context"]))
    return parse_event(told)


def _lots(snapshot: Snapshot, units: Iterable[str]) -> set[str]:
    """Those that are lots: as the graph knows them, else as their identifiers say."""
    wanted = sorted(units)
    known = {row.key: row.kind for row in snapshot.units(keys=wanted)} if wanted else {}
    return {unit for unit in wanted if known.get(unit, parse(unit).kind) == UnitKind.LOT}
