"""What lots are as people know them: number, product, GTIN, size, best before.

Product and size are told by master data, the day until which goods are best by the event that made the lot (its ILMD).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from tracegraph.recall.consignees.delivery import Delivery, Made
from tracegraph.reports.documents.recall.notice import NoticeLot
from tracegraph.reports.short import short_name
from tracegraph.stores.port import HoldingQuery
from tracegraph.trace.snapshot import Snapshot

_GTIN = re.compile(r"/01/(\d{14})")
#: Attributes of products, by local name in lower case; the first that is given counts.
_NAMES = ("descriptionshort", "name", "tradeitemdescription", "productname", "functionalname")
_SIZES = ("netcontent", "size", "packsize", "netweight")
#: Attributes of a birth, by local name.
_BEST_BEFORE = ("bestBeforeDate", "itemExpirationDate", "expirationDate", "sellByDate")
_SEPARATOR = re.compile(r"[:#/]")

Described = Mapping[str, Mapping[str, object]]


def lot_text(number: str) -> str:
    """A lot or serial number with the identifier that has it behind."""
    short = short_name(number)
    return number if short == number else f"{short} ({number})"


def lots(
    goods: Iterable[Delivery | Made], lot: Callable[[str], str], described: Described, best_before: Mapping[str, str]
) -> list[NoticeLot]:
    """The lots of deliveries, each once, by number. `lot`: what a number is shown as."""
    found: dict[str, NoticeLot] = {}
    for one in goods:
        product = one.product or ""
        said = described.get(product, {})
        gtin = _GTIN.search(product) or _GTIN.search(one.unit)
        name, size = _first(said, _NAMES), _first(said, _SIZES)
        for number in one.numbers:
            until = best_before.get(one.unit)
            called = name or (None if gtin else product) or None
            found[number] = NoticeLot(lot(number), number, called, gtin[1] if gtin else None, size, until)
    return [found[number] for number in sorted(found)]


def _first(said: Mapping[str, object], names: Iterable[str]) -> str | None:
    return next((str(said[name]) for name in names if said.get(name)), None)


def best_before(snapshot: Snapshot, units: Iterable[str]) -> dict[str, str]:
    """Until when goods are best, of the units of which the first event that names them says so."""
    from tracegraph.formats.epcis import unread_event  # it brings the readers of events

    born = _births(snapshot, sorted(set(units)))
    found: dict[str, str] = {}
    for unit, position in born.items():
        for entry in snapshot.store.entries(position - 1, position):
            ilmd = unread_event(entry.payload).value.get("ilmd")
            if isinstance(ilmd, dict) and (until := _until(ilmd)):
                found[unit] = until
    return found


def _until(ilmd: Mapping[str, object]) -> str | None:
    told = {_SEPARATOR.split(name)[-1]: text for name, text in ilmd.items()}
    return _first(told, _BEST_BEFORE)


def _births(snapshot: Snapshot, units: list[str]) -> dict[str, int]:
    """The ledger position of the event by which each unit is first held somewhere."""
    first: dict[str, tuple[int, str]] = {}
    for row in snapshot.holdings(HoldingQuery(units=units)) if units else ():
        held = row.holding
        first[held.unit] = min((held.since, held.event), first.get(held.unit, (held.since, held.event)))
    hashes = sorted({event.partition("#")[0] for _, event in first.values()} - {""})
    positions = {one.facts.content_hash: one.position for one in snapshot.events(hashes=hashes)} if hashes else {}
    found = {unit: positions.get(event.partition("#")[0]) for unit, (_, event) in first.items()}
    return {unit: position for unit, position in found.items() if position is not None}
