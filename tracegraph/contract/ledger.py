"""The ledger: appended whole, in one chain, never losing a position."""

from __future__ import annotations

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.samples import ACTOR, AWKWARD, event, graph_timeline, put, record
from tracegraph.errors import UsageError
from tracegraph.stores.ledger import EMPTY_HASH, EMPTY_HEAD, verify_chain
from tracegraph.stores.port import EntryKind, HoldingQuery, NewEntry


class LedgerContract(StoreHarness):
    """Appending, reading in order, atomicity."""

    def test_empty_store(self) -> None:
        """A new store has the empty head, and answers every question with nothing."""
        store = self.store()
        assert store.head() == EMPTY_HEAD
        assert list(store.entries()) == []
        assert store.position_at(10**15) == 0
        assert (store.events(), store.records(), store.units(), store.gaps()) == ([], [], [], [])
        assert store.holdings(HoldingQuery()) == []
        assert list(store.verify()) == []

    def test_identity_is_kept(self) -> None:
        """Every handle on the store tells the same identity."""
        first, second = self.store(), self.store()
        assert first.identity
        assert first.identity == second.identity

    def test_identity_is_adopted_by_an_empty_store_alone(self) -> None:
        """A store that is to become a copy takes the identity of the other one; one with entries keeps its own."""
        store = self.store()
        store.adopt("of another store")
        assert (store.identity, self.store().identity) == ("of another store", "of another store")
        with store.write() as writing:
            writing.append([event("h")], 1, ACTOR)
        with refused(UsageError):
            store.adopt("of a third store")
        assert (store.identity, self.store().identity) == ("of another store", "of another store")

    def test_append_and_read_back(self) -> None:
        """Entries come back in order, byte for byte, chained, with kind, time and actor."""
        store = self.store()
        payloads = [b'{"a": 1.0}', b"\x00\xff not text", b""]
        with store.write() as writing:
            entries = [NewEntry(payload, facts=event("h").facts) for payload in payloads]
            assert writing.append([*entries, record("site", "s")], 5, AWKWARD) == range(1, 5)
        found = list(self.store().entries())
        assert [entry.position for entry in found] == [1, 2, 3, 4]
        assert [entry.payload for entry in found[:3]] == payloads
        assert [entry.kind for entry in found] == [EntryKind.EVENT] * 3 + [EntryKind.RECORD]
        assert {(entry.recorded_at, entry.actor) for entry in found} == {(5, AWKWARD)}
        assert list(verify_chain(found)) == []
        head = store.head()
        assert (head.count, head.hash, head.recorded_at) == (4, found[-1].hash, 5)

    def test_the_hash_at_a_position(self) -> None:
        """Of each entry; where there is none, that of the empty chain."""
        store = self.store()
        with store.write() as writing:
            writing.append([event("h1", "a"), event("h2", "b")], 5, ACTOR)
        hashes = [entry.hash for entry in store.entries()]
        assert [store.hash_at(position) for position in range(4)] == [EMPTY_HASH, *hashes, EMPTY_HASH]

    def test_hashes_are_the_same_in_every_store(self) -> None:
        """The chain is defined by its content alone: a known ledger has a known head."""
        store = self.store()
        with store.write() as writing:
            writing.append([event("h1", "u"), record("site", "s")], 1_700_000_000_000_000, ACTOR)
        assert store.head().hash == "sha256:b27b9b358533bcf8209bd29c27c645abd754e8a13d53f63ef710b3146a8ab2ed"

    def test_append_nothing(self) -> None:
        """An empty append is an empty range after the head."""
        store = self.store()
        with store.write() as writing:
            writing.append([event("h")], 1, ACTOR)
            assert writing.append([], 2, ACTOR) == range(2, 2)
        assert store.head().count == 1

    def test_entries_by_range(self) -> None:
        """`after` is left out, `upto` is included, beyond the end is nothing; long ledgers come whole."""
        store = self.store()
        with store.write() as writing:
            writing.append([event(f"h{number}") for number in range(1_234)], 1, ACTOR)
        assert [entry.position for entry in store.entries(after=3, upto=6)] == [4, 5, 6]
        assert [entry.position for entry in store.entries(after=1_000)] == list(range(1_001, 1_235))
        assert [entry.position for entry in store.entries(upto=2)] == [1, 2]
        assert list(store.entries(after=1_234)) == []
        assert len(list(store.entries(upto=10**9))) == 1_234

    def test_time_never_goes_back(self) -> None:
        """Where the clock jumped back, the last entry's time is taken; position_at depends on it."""
        store = self.store()
        for moment in (100, 50, 200):
            with store.write() as writing:
                writing.append([event(f"h{moment}")], moment, ACTOR)
        assert [entry.recorded_at for entry in store.entries()] == [100, 100, 200]
        assert [store.position_at(known) for known in (99, 100, 199, 200, 10**15)] == [0, 2, 2, 3, 3]

    def test_failed_change_leaves_nothing(self) -> None:
        """An error inside the change undoes all of it, and the next change begins as if it had not been."""
        store = self.store()
        before = put(store, graph_timeline("a", [("n1", "n2", True)]))
        try:
            with store.write() as writing:
                writing.append([event("lost", "u"), record("site", "lost")], 7, ACTOR)
                writing.replace(before + 1, {"a": None, "b": graph_timeline("b", [("n3", "n4", True)])})
                raise InterruptedError
        except InterruptedError:
            pass
        assert store.head().count == before
        assert (store.events(units=["u"]), store.records()) == ([], [])
        assert list(store.timelines(["a", "b"])) == ["a"]
        assert put(store) == before + 1
        assert list(store.verify()) == []

    def test_refused_append_leaves_nothing(self) -> None:
        """An entry with neither facts nor record, or with both, is refused with the whole change."""
        both = NewEntry(b"x", facts=event("h").facts, record=record("site", "s").record)
        for wrong in (NewEntry(b"x"), both):
            store = self.store()
            with refused(UsageError), store.write() as writing:
                writing.append([event("h"), wrong], 1, ACTOR)
            assert store.head() == EMPTY_HEAD

    def test_change_sees_itself(self) -> None:
        """Inside a change, its own entries are readable at once; the head moves with them."""
        store = self.store()
        with store.write() as writing:
            writing.append([event("h", "u")], 1, ACTOR)
            writing.append([record("site", "s")], 1, ACTOR)
            assert writing.head().count == 2
            assert [found.position for found in writing.events(units=["u"])] == [1]
            assert [found.record.id for found in writing.records()] == ["s"]
            assert [entry.position for entry in writing.entries()] == [1, 2]
            assert writing.position_at(1) == 2

    def test_change_is_over_after_its_end(self) -> None:
        """A change cannot be used once it ended, nor a store once it is closed."""
        store = self.open_store()
        with store.write() as writing:
            writing.append([event("h")], 1, ACTOR)
        with refused(UsageError):
            writing.append([event("h2")], 1, ACTOR)
        store.close()
        with refused(UsageError):
            store.head()
        with refused(UsageError), store.write():
            pass
        assert self.store().head().count == 1
