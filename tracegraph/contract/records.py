"""Records: versions by kind and id, with valid and known time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.samples import ACTOR, AWKWARD, event, record
from tracegraph.errors import UsageError
from tracegraph.model.record import Record, StoredRecord
from tracegraph.stores.port import NewEntry, Store


def versions(found: list[StoredRecord]) -> list[tuple[str, str, Any]]:
    """Kind, id and version of records."""
    return [(stored.record.kind, stored.record.id, stored.record.data.get("version")) for stored in found]


class RecordContract(StoreHarness):
    """Looking up records, now and as known before."""

    def versioned(self) -> Store:
        """site s: versions 1 (position 1), 2 (3), withdrawn (5); party s: 1 (2); site r: 1 and 2 (4, 6)."""
        store = self.store()
        with store.write() as writing:
            writing.append(
                [record("site", "s", data={"version": 1}), record("party", "s", data={"version": 1})], 1, ACTOR
            )
        with store.write() as writing:
            first, second = (record("site", "r", data={"version": number}) for number in (1, 2))
            withdrawn = record("site", "s", withdrawn=True)
            writing.append([record("site", "s", data={"version": 2}), first, withdrawn, second], 2, ACTOR)
        return store

    def test_record_is_kept_exactly(self) -> None:
        """All fields and all JSON values, Decimals to the digit; known time is the entry's."""
        data: dict[str, Any] = {
            AWKWARD: [None, True, 1, -(2**60), Decimal("1.50"), Decimal("1E+2"), "1.50", {"a": []}],
            "mark": {"$decimal": "1"},
            "other": {"$object": {"$decimal": Decimal("NaN")}},
        }
        made = Record("kind", "id " + AWKWARD, data, -5, 10**15, False, "reason", "source")
        store = self.store()
        with store.write() as writing:
            writing.append([event("h"), NewEntry(b"x", record=made)], 77, "someone")
        (found,) = self.store().records()
        assert repr(found) == repr(StoredRecord(made, 2, 77, "someone"))

    def test_newest_version_holds(self) -> None:
        """One version per kind and id, the newest, withdrawn ones included; sorted by kind and id."""
        store = self.versioned()
        assert versions(store.records()) == [("party", "s", 1), ("site", "r", 2), ("site", "s", None)]
        assert [stored.record.withdrawn for stored in store.records()] == [False, False, True]

    def test_as_known_before(self) -> None:
        """At a position, the newest version up to it."""
        store = self.versioned()
        assert versions(store.records(at=0)) == []
        assert versions(store.records(at=2)) == [("party", "s", 1), ("site", "s", 1)]
        assert versions(store.records(at=4)) == [("party", "s", 1), ("site", "r", 1), ("site", "s", 2)]
        assert versions(store.records(at=6)) == versions(store.records())

    def test_by_kind_and_id(self) -> None:
        """Kind and ids narrow the answer, alone and together."""
        store = self.versioned()
        assert versions(store.records(kind="party")) == [("party", "s", 1)]
        assert versions(store.records(ids=["s"])) == [("party", "s", 1), ("site", "s", None)]
        assert versions(store.records("site", ["r", "s", "r", "t"], at=4)) == [("site", "r", 1), ("site", "s", 2)]
        assert store.records(ids=[]) == []
        assert store.records(kind="product") == []

    def test_many_ids(self) -> None:
        """Very many ids may be asked for at once."""
        ids = [f"id {number:05}" for number in range(40_000)]
        store = self.store()
        with store.write() as writing:
            writing.append([record("product", id) for id in ids], 1, ACTOR)
        assert [stored.record.id for stored in store.records("product", ids)] == ids

    def test_float_is_refused(self) -> None:
        """A float is no quantity: it is refused, and nothing of the change is stored."""
        store = self.store()
        with refused(UsageError), store.write() as writing:
            writing.append([event("h"), record("site", "s", data={"amount": [0.1]})], 1, ACTOR)
        assert store.head().count == 0
