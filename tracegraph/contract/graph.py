"""Replacing timelines: exact round trip, versions by ledger position, and no more change than needed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.samples import ACTOR, event, graph_timeline, holding, put, rich_timeline
from tracegraph.errors import UsageError
from tracegraph.model.custody import Timeline
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import HoldingQuery, Store, UnitRow


def append(store: Store, count: int) -> None:
    """Make room in the ledger: so many events."""
    with store.write() as writing:
        writing.append([event(f"h{number}") for number in range(count)], 1, ACTOR)


def change(store: Store, position: int, *timelines: Timeline, gone: tuple[str, ...] = ()) -> int:
    """Replace timelines at a position; returns the number of rows closed or opened."""
    changes: dict[str, Timeline | None] = {timeline.owner: timeline for timeline in timelines}
    with store.write() as writing:
        return writing.replace(position, {**changes, **dict.fromkeys(gone)})


class GraphContract(StoreHarness):
    """What `replace` stores and `timelines` and `units` give back."""

    def test_timeline_is_kept_exactly(self) -> None:
        """Every field of every part comes back as it was, Decimals to the digit."""
        store = self.store()
        put(store, rich_timeline("a"), rich_timeline("b"))
        found = self.store().timelines(["b", "a", "c"])
        assert {owner: repr(timeline) for owner, timeline in found.items()} == {
            owner: repr(rich_timeline(owner)) for owner in ("a", "b")
        }
        assert list(store.verify()) == []

    def test_empty_timeline_is_a_timeline(self) -> None:
        """A timeline without parts is there; an owner whose timeline was taken away is not."""
        store = self.store()
        put(store, Timeline("a", "lot"))
        assert store.timelines(["a"]) == {"a": Timeline("a", "lot")}
        assert change(store, 1, gone=("a", "never there")) == 1
        assert store.timelines(["a", "never there"]) == {}

    def test_parts_come_in_canonical_order(self) -> None:
        """Whatever the order and however often a part is given, the same timeline comes back."""
        given = rich_timeline("a")
        shuffled = replace(
            given, holdings=given.holdings[::-1], legs=given.legs[::-1] + given.legs, gaps=given.gaps[::-1] + given.gaps
        )
        shuffled = replace(shuffled, aliases=given.aliases[::-1], lots=given.lots * 2)
        store = self.store()
        put(store, shuffled)
        assert store.timelines(["a"])["a"] == given
        assert change(store, 1, given) == 0

    def test_equal_rows_stay_untouched(self) -> None:
        """Replacing a timeline by an equal one changes nothing; one changed attribute is one row closed, one opened."""
        store = self.store()
        append(store, 3)
        assert change(store, 1, rich_timeline("a")) == 1 + 3 + 1 + 3 + 2 + 2 + 1
        assert change(store, 2, rich_timeline("a")) == 0
        first, *others = rich_timeline("a").holdings
        assert change(store, 2, replace(rich_timeline("a"), holdings=(first._replace(until=1), *others))) == 2
        assert change(store, 3, rich_timeline("a"), gone=("b",)) == 2

    def test_digits_are_part_of_a_quantity(self) -> None:
        """1.0 and 1.00 are different records, so the newest digits are the ones that come back."""
        store = self.store()
        append(store, 2)
        amounts = [Quantity(Decimal("1.0")), Quantity(Decimal("1.00"))]
        for position, amount in enumerate(amounts, start=1):
            change(store, position, Timeline("a", "lot", (holding("n", "a", quantity=amount),)))
        (row,) = store.holdings(HoldingQuery())
        assert repr(row.holding.quantity) == repr(amounts[1])

    def test_as_known_before(self) -> None:
        """After today's change, yesterday's timelines, units, holdings, joints, legs and gaps are as they were."""
        store = self.store()
        append(store, 5)
        old, new = rich_timeline("a"), graph_timeline("a", [("a 1", "a 9", True)])
        with store.write() as writing:
            writing.replace(2, {"a": old}, [UnitRow("a", "lot", "p1")])
        with store.write() as writing:
            writing.replace(4, {"a": new}, [UnitRow("a", "item", "p2")])
        expected = {1: None, 2: old, 3: old, 4: new, 5: new, None: new}
        for at, timeline in expected.items():
            assert store.timelines(["a"], at) == ({"a": timeline} if timeline else {}), at
            held = [row.holding for row in store.holdings(HoldingQuery(), at)]
            assert held == list(timeline.holdings if timeline else ()), at
            assert store.gaps(at=at) == list(timeline.gaps if timeline else ()), at
        assert [store.units(at=at) for at in (1, 3, 4)] == [
            [],
            [UnitRow("a", "lot", "p1")],
            [UnitRow("a", "item", "p2")],
        ]
        nodes = [row.node for row in store.holdings(HoldingQuery(), 3)]
        assert (len(store.legs(nodes, "forward", at=3).source), len(store.legs(nodes, "forward").source)) == (2, 1)
        joints = store.joints_of(["e1"], at=3)
        assert [row.joint for row in joints] == list(old.joints)
        assert (store.joints_of(["e1"]), store.joints([joints[0].node])) == ([], [])
        assert store.joints([joints[0].node], at=3) == joints

    def test_opened_and_closed_at_once_vanishes(self) -> None:
        """What is superseded at its own position was never known: no position shows it."""
        store = self.store()
        append(store, 2)
        change(store, 1, rich_timeline("a"))
        change(store, 2, graph_timeline("a", [("x", "y", True)]))
        assert change(store, 2, Timeline("a", "lot")) > 0
        assert store.timelines(["a"], 1) == {"a": rich_timeline("a")}
        assert store.timelines(["a"], 2) == {"a": Timeline("a", "lot")}
        assert store.holdings(HoldingQuery(ids=["x", "y"]), at=2) == []

    def test_a_holding_may_change_its_owner(self) -> None:
        """Who contributes a holding may change within one change; its unit cannot, as its id is made of it."""
        store = self.store()
        append(store, 2)
        held = tuple(holding(id, "u") for id in "xyz")
        change(store, 1, Timeline("a", "lot", held[:2]), Timeline("b", "lot", held[2:]))
        before = {row.holding.id: row.node for row in store.holdings(HoldingQuery())}
        merged = Timeline("b", "lot", held)
        change(store, 2, merged, gone=("a",))
        assert store.timelines(["a", "b"]) == {"b": merged}
        assert store.timelines(["a"], at=1) == {"a": Timeline("a", "lot", held[:2])}
        assert {row.holding.id: row.node for row in store.holdings(HoldingQuery())} == before
        assert list(store.verify()) == []

    def test_node_numbers_never_change(self) -> None:
        """A node keeps its number when its attributes change, when it is gone, and when it comes back."""
        store = self.store()
        append(store, 4)
        change(store, 1, graph_timeline("a", [("x", "y", True)]))
        (before,) = (row.node for row in store.holdings(HoldingQuery(ids=["x"])))
        change(store, 2, Timeline("a", "lot", (holding("x", "a", "elsewhere"),)))
        change(store, 3, gone=("a",))
        change(store, 4, graph_timeline("a", [("w", "x", True)]))
        assert [row.node for row in store.holdings(HoldingQuery(ids=["x"]))] == [before]
        assert [row.node for row in store.holdings(HoldingQuery(nodes=[before]), at=2)] == [before]

    def test_positions_only_grow(self) -> None:
        """A position that the ledger does not have, and one before the newest change, are refused."""
        store = self.store()
        append(store, 3)
        change(store, 3, rich_timeline("a"))
        for position in (0, 4):
            with refused(UsageError):
                change(store, position, Timeline("b", "lot"))
        with refused(UsageError):
            change(store, 2, Timeline("a", "lot"))
        assert store.timelines(["a"]) == {"a": rich_timeline("a")}

    def test_units(self) -> None:
        """Units by key and by product; updated ones once; sorted by key."""
        store = self.store()
        append(store, 2)
        rows = [UnitRow("c", "lot", "p"), UnitRow("a", "item", "p"), UnitRow("b", "lot")]
        with store.write() as writing:
            assert writing.replace(1, {}, rows) == 3
            assert writing.replace(1, {}, rows) == 0
            assert writing.replace(2, {}, [UnitRow("b", "lot", "q")]) == 2
        newest = [UnitRow("a", "item", "p"), UnitRow("b", "lot", "q"), UnitRow("c", "lot", "p")]
        assert store.units() == newest
        assert store.units(keys=["c", "a", "x"]) == [newest[0], newest[2]]
        assert store.units(products=["p"]) == [newest[0], newest[2]]
        assert store.units(products=["q"], at=1) == []
        assert store.units(keys=["b"], at=1) == [UnitRow("b", "lot")]
        assert store.units(keys=["a"], products=["q"]) == newest[:2]
        assert (store.units(keys=[]), store.units(products=[])) == ([], [])

    def test_aliases(self) -> None:
        """All other numbers of every unit that one of the numbers means, as known at a position."""
        store = self.store()
        append(store, 2)
        change(store, 1, Timeline("a", "lot", aliases=("a2", "a1")), Timeline("b", "lot", aliases=("b1",)))
        change(store, 2, Timeline("a", "lot", aliases=("a2", "a3")))
        assert (
            store.aliases(["a"])
            == store.aliases(["a2"])
            == store.aliases(["a3", "a", "x"])
            == [("a", "a2"), ("a", "a3")]
        )
        assert store.aliases(["a3", "b"]) == [("a", "a2"), ("a", "a3"), ("b", "b1")]
        assert store.aliases(["a1"], at=1) == [("a", "a1"), ("a", "a2")]
        assert (store.aliases(["a1"]), store.aliases([]), store.aliases(["a"], at=0)) == ([], [], [])
        assert store.timelines(["a"])["a"].aliases == ("a2", "a3")

    def test_members(self) -> None:
        """The units that are members of lots, as known at a position."""
        store = self.store()
        append(store, 2)
        change(store, 1, Timeline("i2", "item", lots=("lot",)), Timeline("i1", "item", lots=("lot", "other")))
        change(store, 2, Timeline("i1", "item", lots=("other",)))
        assert store.members(["lot", "other", "x"]) == [("lot", "i2"), ("other", "i1")]
        assert store.members(["lot"], at=1) == [("lot", "i1"), ("lot", "i2")]
        assert (store.members([]), store.members(["i1"])) == ([], [])

    def test_any_sequence_of_changes(self) -> None:
        """After random changes, every position shows what was said last up to it, as a plain dictionary does."""
        random = Random(20_26)
        store = self.store()
        append(store, 12)
        history: dict[int, dict[str, Timeline]] = {0: {}}
        for position in range(1, 13):
            state = dict(history[position - 1])
            for owner in random.sample("abcd", random.randint(0, 3)):
                timeline = self._random_timeline(random, owner)
                state.pop(owner, None)
                if timeline:
                    state[owner] = timeline
                change(store, position, *filter(None, [timeline]), gone=() if timeline else (owner,))
            history[position] = state
        for position, state in history.items():
            assert store.timelines("abcd", position) == state, position
        assert list(store.verify()) == []

    def _random_timeline(self, random: Random, owner: str) -> Timeline | None:
        """A timeline with a few of six nodes, or none."""
        if random.random() < 0.2:
            return None
        nodes = [f"{owner}{number}" for number in range(6)]
        edges = [(random.choice(nodes), random.choice(nodes), random.random() < 0.5) for _ in range(4)]
        distinct = {(source, target): confirmed for source, target, confirmed in edges}
        return graph_timeline(owner, [(*ends, confirmed) for ends, confirmed in distinct.items()])
