"""A store to tell things in few words, and to ask for scopes: events in the notation of the timeline's tests (day 1 is
2026-01-01, `lot A` is `urn:x-lot:A`, `P` is `urn:x-site:P`), records as rows of text."""

from __future__ import annotations

from typing import Any

from tests.timeline.notation import read_world
from tracegraph.model.record import Record
from tracegraph.recall.scope import read_question, scope
from tracegraph.recompile import record_of, store_batch
from tracegraph.recompile.entering import enter
from tracegraph.stores.port import NewEntry, Store
from tracegraph.trace.envelope import to_json

Json = dict[str, Any]
SITE = "urn:x-site:P"
DAY = 86_400_000_000


def lot(name: str) -> str:
    return f"urn:x-lot:{name}"


class Plant:
    """`clock`: the instant of the next ledger entry, a day later each time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = 1_800_000_000_000_000

    def tell(self, table: str) -> Plant:
        """Capture a table of events and master data."""
        world = read_world(table)
        entries = [NewEntry(one.content_hash.encode(), facts=one) for one in world.events]
        entries += [NewEntry(one.id.encode(), record=record_of(one)) for one in world.master]
        store_batch(self.store, entries, self._now(), "clerk")
        return self

    def record(self, kind: str, **row: str) -> Record:
        """Enter a record; `from` is written `from_`."""
        return self._enter(kind, row, withdraw=False)

    def withdraw(self, kind: str, **row: str) -> Record:
        """End a record."""
        return self._enter(kind, row, withdraw=True)

    def _enter(self, kind: str, row: dict[str, str], withdraw: bool) -> Record:
        cells = {name.rstrip("_"): text for name, text in row.items()}
        return enter(self.store, kind, cells, "log", self._now(), "anna", "", withdraw).record

    def ask(self, told: Any, **others: Any) -> Json:
        """The whole answer; `others` are the parts of the question beside the seeds."""
        question = read_question({"scope": told, **others})
        return scope(self.store, question).envelope

    def classes(self, told: Any, **others: Any) -> dict[str, str]:
        """The class of each lot, by short name."""
        return classes(self.ask(told, **others))

    def bytes(self, told: Any, **others: Any) -> bytes:
        return to_json(self.ask(told, **others))

    def _now(self) -> int:
        self.clock += DAY
        return self.clock


def classes(answer: Json) -> dict[str, str]:
    return {one["unit"].rpartition(":")[2]: one["class"] for one in answer["result"]["scope"]["entries"]}


def entry(answer: Json, name: str) -> Json:
    """What a scope says of one lot."""
    (found,) = [one for one in answer["result"]["scope"]["entries"] if one["unit"] == lot(name)]
    return dict(found)
