"""What anybody may know of a unit whose identifier stands on the goods: that it is known, its product, and where and
when it began. Everything else is withheld, and the answer says so.

The one place where something is shown to who sees nothing (rights.json); all other callers get an answer of their view.
"""

from __future__ import annotations

from typing import Any

from tracegraph import __version__
from tracegraph.errors import UnknownIdentifier
from tracegraph.identifiers import canonical
from tracegraph.messages import Language
from tracegraph.model.custody import Gap, Holding, PlaceKind
from tracegraph.model.instants import instant_text
from tracegraph.stores.port import HoldingQuery, Reading, UnitRow
from tracegraph.trace.envelope import gaps_json
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: Holdings of these roles are where a recorded event made the goods.
_BIRTHS = ("birth", "output")

Json = dict[str, Any]


def public_facts(store: Reading, text: str, language: Language = "en") -> Json:
    """The unit, its product, its birth (null where no record shows it), and the gap that the rest is withheld.

    `text`: the unit's identifier in any form, or another number of it. Nothing is told of who asks for what else there
    is: an unknown one raises UnknownIdentifier without the nearest known ones.
    """
    with store.one_state():
        snapshot = Snapshot.of(store)
        unit = _known(text, Register(snapshot))
        names = _names(snapshot, unit)
        name = names.get(unit.key) or names.get(unit.product or "")
        born = _birth(snapshot, unit.key)
        country = None if born is None else _country(snapshot, born)
    return {
        "tracegraph": __version__,
        "unit": {"id": unit.key, "kind": unit.kind, "product": unit.product, "name": name},
        "birth": None if born is None else {"date": instant_text(born.since)[:10], "country": country},
        "complete": False,
        "gaps": gaps_json([Gap("withheld", unit.key, "", "")], language),
    }


def _known(text: str, register: Register) -> UnitRow:
    key = canonical(text)
    found = register.snapshot.units(keys=[register.representative(key)])
    if not found:
        raise UnknownIdentifier(f"no unit {key!r} is known here, or you may not know it; check the identifier", key)
    return found[0]


def _names(snapshot: Snapshot, unit: UnitRow) -> dict[str, str]:
    wanted = [key for key in (unit.key, unit.product) if key]
    stored = snapshot.records("product", wanted)
    return {entry.record.id: str(entry.record.data["name"]) for entry in stored if entry.record.data.get("name")}


def _birth(snapshot: Snapshot, unit: str) -> Holding | None:
    """The first holding of those that a recorded event began."""
    births = [row.holding for row in snapshot.holdings(HoldingQuery(units=[unit])) if row.holding.role in _BIRTHS]
    return min(births, key=lambda holding: (holding.since, holding.id), default=None)


def _country(snapshot: Snapshot, born: Holding) -> str | None:
    """The country of the site, or of the site that it is a part of."""
    site: str | None = born.place.id if born.place.kind is PlaceKind.SITE else None
    seen: set[str] = set()
    while site is not None and site not in seen:
        seen.add(site)
        records = snapshot.records("site", [site])
        data = records[0].record.data if records else {}
        if data.get("country"):
            return str(data["country"])
        site = data.get("parent")
    return None
