"""One writer, many readers: nobody sees half a change, and nobody waits for ever."""

from __future__ import annotations

from threading import Event, Thread

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.samples import ACTOR, event, graph_timeline, holding, put
from tracegraph.errors import StoreLocked
from tracegraph.model.custody import Timeline
from tracegraph.stores.ledger import verify_chain
from tracegraph.stores.port import HoldingQuery, Store


class ConcurrencyContract(StoreHarness):
    """Several handles on one store, as several processes would have."""

    def test_reader_sees_the_state_before_a_change(self) -> None:
        """While a change is going on, others read what was; when it ends, they read what is."""
        store, reader = self.store(), self.store()
        put(store, graph_timeline("a", [("x", "y", True)]))
        with store.write() as writing:
            position = writing.append([event("h", "u")], 1, ACTOR)[0]
            writing.replace(position, {"a": None})
            assert (reader.head().count, reader.events(units=["u"])) == (1, [])
            assert list(reader.timelines(["a"])) == ["a"]
        assert (reader.head().count, len(reader.events(units=["u"]))) == (2, 1)
        assert reader.timelines(["a"]) == {}
        assert list(reader.timelines(["a"], at=1)) == ["a"]

    def test_second_writer_is_told(self) -> None:
        """A writer that waited long enough gets StoreLocked, and can try again later."""
        first, second = self.store(), self.store(patience=0.05)
        with first.write() as writing:
            writing.append([event("h1")], 1, ACTOR)
            with refused(StoreLocked), second.write():
                raise AssertionError("two writers at once")
        with second.write() as writing:
            assert writing.append([event("h2")], 1, ACTOR) == range(2, 3)
        assert list(first.verify()) == []

    def test_second_writer_waits(self) -> None:
        """A patient writer follows the first one."""
        first, second = self.store(), self.store()
        started = Event()
        positions: list[range] = []

        def write_second() -> None:
            started.set()
            with second.write() as writing:
                positions.append(writing.append([event("second")], 1, ACTOR))

        thread = Thread(target=write_second)
        with first.write() as writing:
            thread.start()
            started.wait()
            positions.append(writing.append([event("first")], 1, ACTOR))
        thread.join()
        assert positions == [range(1, 2), range(2, 3)]
        assert list(first.verify()) == []

    def test_racing_writers_do_not_interleave(self) -> None:
        """Entries of one append stand together, whoever else writes; every position is used once."""
        handles = [self.store(patience=60) for _ in range(3)]
        ranges: list[range] = []

        def write(store: Store, name: str) -> None:
            for turn in range(8):
                with store.write() as writing:
                    ranges.append(writing.append([event(f"{name} {turn}")] * 5, 1, name))

        threads = [Thread(target=write, args=(store, f"writer {number}")) for number, store in enumerate(handles)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(position for used in ranges for position in used) == list(range(1, 121))
        entries = list(handles[0].entries())
        assert list(verify_chain(entries)) == []
        assert all(len({entries[position - 1].actor for position in used}) == 1 for used in ranges)

    def test_follower_never_skips_a_position(self) -> None:
        """Who reads on from the last position it saw sees every position once, in order, while others write."""
        writer, follower = self.store(), self.store()
        done = Event()

        def write() -> None:
            for turn in range(40):
                with writer.write() as writing:
                    writing.append([event(f"h{turn} {number}") for number in range(1 + turn % 7)], turn, ACTOR)
            done.set()

        thread = Thread(target=write)
        thread.start()
        seen: list[int] = []
        while True:
            last_round = done.is_set()
            seen += [entry.position for entry in follower.entries(after=seen[-1] if seen else 0)]
            if last_round:
                break
        thread.join()
        assert seen == list(range(1, writer.head().count + 1))

    def test_verify_while_others_write(self) -> None:
        """What is written during the check is no fault, whether the check sees it or not."""
        writer, checked = self.store(), self.store()
        put(writer, graph_timeline("a", [("x", "y", True)]))
        done = Event()

        def write() -> None:
            for turn in range(30):
                put(writer, graph_timeline("a", [("x", f"y{turn}", True), (f"y{turn}", "z", False)]))
            done.set()

        thread = Thread(target=write)
        thread.start()
        faults: list[str] = []
        while not done.is_set():
            faults += checked.verify()
        thread.join()
        assert faults == []

    def test_each_answer_is_of_one_state(self) -> None:
        """A change that moves a unit between two places never shows it at both, nor at none."""
        writer, reader = self.store(), self.store()
        put(writer, Timeline("a", "lot", (holding("n", "a", "north"),)))
        done = Event()

        def move() -> None:
            for turn in range(30):
                put(writer, Timeline("a", "lot", (holding("n", "a", "south" if turn % 2 == 0 else "north"),)))
            done.set()

        thread = Thread(target=move)
        thread.start()
        counts = {1}
        while not done.is_set():
            counts.add(len(reader.holdings(HoldingQuery(ids=["n"]))))
            counts.add(len(reader.timelines(["a"])["a"].holdings))
        thread.join()
        assert counts == {1}
