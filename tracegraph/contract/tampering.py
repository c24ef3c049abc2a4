"""Optional, for stores whose data can be changed behind their back: `verify` must name the first bad row."""

from __future__ import annotations

from abc import abstractmethod

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.samples import ACTOR, event, record, rich_timeline
from tracegraph.stores.checkpoint import create_key, make_checkpoint, verify_checkpoint
from tracegraph.stores.port import UnitRow


class TamperingContract(StoreHarness):
    """Each test fills a store, closes it, changes it directly, and opens it again."""

    @abstractmethod
    def change_payload(self, position: int, payload: bytes) -> None:
        """Write another payload into the ledger entry, and nothing else."""

    @abstractmethod
    def change_actor(self, position: int, actor: str) -> None:
        """Write another actor into the ledger entry, and nothing else."""

    @abstractmethod
    def remove_entries(self, first: int, last: int) -> None:
        """Remove the ledger entries from `first` to `last` with their facts and records, as a careful forger does."""

    @abstractmethod
    def remove_facts(self, position: int) -> None:
        """Remove the facts of the event at the position, but not its ledger entry."""

    @abstractmethod
    def remove_node(self, id: str) -> None:
        """Remove a holding and leave the legs that lead to it."""

    def filled(self) -> None:
        """Ten events, two records, one timeline at position 3."""
        store = self.open_store()
        with store.write() as writing:
            writing.append([event(f"h{number}", "u", biz_location="site") for number in range(10)], 1, ACTOR)
            writing.append([record("site", "s", data={"name": "S"}), record("site", "t")], 2, ACTOR)
            writing.replace(3, {"u": rich_timeline("u")}, [UnitRow("u", "lot", "p")])
        assert list(store.verify()) == []
        store.close()

    def faults(self) -> list[str]:
        """What verify says now."""
        return list(self.store().verify())

    def test_changed_payload_is_named(self) -> None:
        """One changed payload is one fault, and it is the first one named."""
        self.filled()
        self.change_payload(7, b"forged")
        self.change_payload(9, b"forged")
        faults = self.faults()
        assert len(faults) == 2
        assert "position 7 " in faults[0]
        assert "position 9 " in faults[1]

    def test_changed_actor_is_named(self) -> None:
        """Everything about an entry is covered, not the payload alone."""
        self.filled()
        self.change_actor(12, "somebody else")
        (fault,) = self.faults()
        assert "position 12 " in fault

    def test_removed_entry_is_named(self) -> None:
        """A hole is named by the first position that is missing."""
        self.filled()
        self.remove_entries(5, 6)
        assert "position 5 is missing" in self.faults()[0]

    def test_removed_facts_are_named(self) -> None:
        """An event without its facts would be left out of every trace."""
        self.filled()
        self.remove_facts(4)
        assert "position 4 " in self.faults()[0]

    def test_removed_node_is_named(self) -> None:
        """A leg to nowhere is named with the node that it misses."""
        self.filled()
        self.remove_node("u 3")
        assert any("u 3" in fault for fault in self.faults())

    def test_cut_tail_needs_the_checkpoint(self) -> None:
        """The chain alone cannot tell that its end is gone; a checkpoint tells how many entries are."""
        self.filled()
        key = create_key()
        store = self.store()
        checkpoint = make_checkpoint(store, key, 5)
        assert list(verify_checkpoint(store, checkpoint, key.name)) == []
        store.close()
        self.remove_entries(8, 12)
        cut = self.store()
        assert list(cut.verify()) == []
        (fault,) = verify_checkpoint(cut, checkpoint, key.name)
        assert fault.startswith("5 ledger entries are missing")

    def test_rewritten_end_needs_the_checkpoint(self) -> None:
        """Entries that were cut and written anew give a valid chain, but not the one of the checkpoint."""
        self.filled()
        key = create_key()
        store = self.store()
        checkpoint = make_checkpoint(store, key, 5)
        store.close()
        self.remove_entries(11, 12)
        rewritten = self.store()
        with rewritten.write() as writing:
            writing.append([record("site", "s"), record("site", "u"), record("site", "v")], 2, ACTOR)
        assert list(rewritten.verify()) == []
        (fault,) = verify_checkpoint(rewritten, checkpoint, key.name)
        assert "position 12 differs" in fault
