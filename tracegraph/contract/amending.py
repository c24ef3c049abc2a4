"""Amending timelines by what changes: the same effect as replacing them, and refusals where the store disagrees."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tracegraph.contract.harness import StoreHarness, refused
from tracegraph.contract.samples import (
    ACTOR,
    event,
    graph_timeline,
    holding,
    random_timeline,
    rich_timeline,
)
from tracegraph.errors import StoreDamaged, UsageError
from tracegraph.model.custody import Timeline
from tracegraph.stores.amendments import amendment
from tracegraph.stores.port import Amendment, HoldingQuery, Store, UnitRow

#: What each owner contributes.
State = dict[str, Timeline]


def append(store: Store, count: int) -> None:
    """Make room in the ledger: so many events."""
    with store.write() as writing:
        writing.append([event(f"h{number}") for number in range(count)], 1, ACTOR)


def amend(store: Store, position: int, before: State, after: State) -> int:
    """Go from one state to another; returns the number of rows closed or opened."""
    owners = sorted(before.keys() | after.keys())
    amendments = {owner: amendment(before.get(owner), after.get(owner)) for owner in owners}
    with store.write() as writing:
        return writing.amend(position, amendments)


class AmendContract(StoreHarness):
    """What `amend` does to what `replace` or an earlier `amend` stored."""

    def test_any_sequence_of_amendments(self) -> None:
        """After random amendments, every position shows what `replace` would have left there."""
        for seed in range(5):
            self._one_sequence(Random(seed), 10)

    def _one_sequence(self, random: Random, count: int) -> None:
        """Amendments at growing positions, several of them at one now and then, on top of what is there."""
        store = self.store()
        append(store, count)
        last = store.head().count
        state = store.timelines("abcd")
        history: dict[int, State] = {}
        for position in range(last - count + 1, last + 1):
            for _ in range(random.randint(1, 2)):
                after = {owner: self._next(random, owner, state) for owner in "abcd"}
                known = {owner: timeline for owner, timeline in after.items() if timeline}
                amend(store, position, state, known)
                state = known
            history[position] = state
        for position, expected in history.items():
            self._check(store, position, expected)
        assert list(store.verify()) == []

    def _next(self, random: Random, owner: str, state: State) -> Timeline | None:
        """The same as before, something else, or nothing."""
        if random.random() < 0.3:
            return state.get(owner)
        return None if random.random() < 0.2 else random_timeline(random, owner)

    def _check(self, store: Store, position: int, expected: State) -> None:
        """Every way to ask shows the expected state."""
        assert store.timelines("abcd", position) == expected, position
        holdings = [one for timeline in expected.values() for one in timeline.holdings]
        found = store.holdings(HoldingQuery(), position)
        assert [repr(row.holding) for row in found] == [repr(one) for one in sorted(holdings, key=lambda one: one.id)]
        joints = {one.id: one for timeline in expected.values() for one in timeline.joints}
        assert {row.joint.id: row.joint for row in store.joints_of(["e1"], position)} == joints
        nodes = [row.node for row in found] + [row.node for row in store.joints_of(["e1"], position)]
        legs = [one for timeline in expected.values() for one in timeline.legs]
        for direction in ("forward", "backward"):
            assert len(store.legs(nodes, direction, at=position).source) == len(legs), position
        assert len(store.gaps(at=position)) == sum(len(timeline.gaps) for timeline in expected.values())
        owners = sorted(owner for owner, timeline in expected.items() if timeline.lots)
        assert store.members(["lot"], position) == [("lot", owner) for owner in owners]

    def test_only_what_changes_is_named(self) -> None:
        """A holding ends and another begins: the rest of the timeline is not told, and stays."""
        store = self.store()
        append(store, 2)
        before = graph_timeline("a", [("x", "y", True), ("y", "z", True)])
        amend(store, 1, {}, {"a": before})
        numbers = {row.holding.id: row.node for row in store.holdings(HoldingQuery())}
        last = before.holdings[-1]
        ended, begun = last._replace(until=30), holding("zz", "a", "next", since=30, until=None)
        leg = replace(before.legs[-1], source="z", target="zz")
        with store.write() as writing:
            told = Amendment(Timeline("a", "lot", (last,)), Timeline("a", "lot", (ended, begun), legs=(leg,)))
            assert writing.amend(2, {"a": told}, [UnitRow("a", "lot")]) == 2 + 1 + 1 + 1
        after = replace(before, holdings=(*before.holdings[:-1], ended, begun), legs=(*before.legs, leg))
        assert store.timelines(["a"]) == {"a": after}
        assert store.timelines(["a"], 1) == {"a": before}
        assert store.units() == [UnitRow("a", "lot")]
        assert numbers.items() < {row.holding.id: row.node for row in store.holdings(HoldingQuery())}.items()

    def test_first_and_last(self) -> None:
        """Nothing, a whole timeline, nothing again; an empty timeline is one; a kind may change alone."""
        store = self.store()
        append(store, 3)
        whole = {"a": rich_timeline("a"), "b": Timeline("b", "lot")}
        assert amend(store, 1, {}, whole) == 13 + 1
        assert amend(store, 2, whole, whole) == 0
        other = {"a": replace(whole["a"], kind="item"), "b": whole["b"]}
        assert amend(store, 2, whole, other) == 2
        assert store.timelines("ab") == other
        assert amend(store, 3, other, {}) == 14
        assert (store.timelines("ab"), store.timelines("ab", 2), store.timelines("ab", 1)) == ({}, other, whole)

    def test_opened_and_closed_at_once_vanishes(self) -> None:
        """What is amended at its own position was never known."""
        store = self.store()
        append(store, 2)
        old, new = graph_timeline("a", [("x", "y", True)]), graph_timeline("a", [("x", "z", True)])
        amend(store, 1, {}, {"a": old})
        amend(store, 2, {"a": old}, {"a": new})
        assert amend(store, 2, {"a": new}, {"a": old}) == 4
        assert store.timelines(["a"], 2) == store.timelines(["a"], 1) == {"a": old}
        assert store.holdings(HoldingQuery(ids=["z"]), at=2) == []

    def test_what_is_not_there_cannot_go(self) -> None:
        """A part that should go and is not there, or is different, is refused, and nothing of the change is kept."""
        store = self.store()
        append(store, 2)
        rich = rich_timeline("a")
        amend(store, 1, {}, {"a": rich})
        for wrong in (
            replace(rich, holdings=(rich.holdings[0]._replace(until=77),)),
            replace(rich, legs=(replace(rich.legs[0], cost=5),)),
            replace(rich, joints=(replace(rich.joints[0], instant=1),)),
            replace(rich, gaps=(replace(rich.gaps[0], detail="other"),)),
            replace(rich, aliases=("never",)),
            replace(rich, kind="item"),
            replace(rich, owner="b"),
        ):
            with refused(StoreDamaged), store.write() as writing:
                writing.amend(2, {wrong.owner: Amendment(wrong, None)})
        assert store.timelines(["a"]) == {"a": rich}
        assert list(store.verify()) == []

    def test_positions_only_grow(self) -> None:
        """A position that the ledger does not have, and one before the newest change, are refused."""
        store = self.store()
        append(store, 3)
        whole = {"a": rich_timeline("a")}
        amend(store, 3, {}, whole)
        for position in (0, 4):
            with refused(UsageError):
                amend(store, position, {}, {"b": Timeline("b", "lot")})
        with refused(UsageError):
            amend(store, 2, whole, {})
        assert store.timelines(["a"]) == whole
