"""What an answer asks of the nodes that it lists, compared with the same put together from simpler questions."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.samples import AWKWARD, holding, put, rich_timeline
from tracegraph.contract.scenes import Scene
from tracegraph.model.custody import Gap, Timeline
from tracegraph.stores import plain
from tracegraph.stores.port import Described, HoldingQuery, Onwards, Store, UnitRow


def told_again(random: Random) -> Scene:
    """One of many versions of the same story: holdings, legs, joints and gaps that come and go."""
    scene = Scene()
    for number in random.sample(range(9), 6):
        scene.hold(f"u{number % 4}@{number}", f"site:s{number % 3}", number, random.choice([None, 20]))
    scene.join("j1").join("j2", 3)
    names = [*scene.holdings, *scene.joints]
    for number in range(12):
        source, target = random.sample(names, 2)
        scene.leg(source, target, random.randrange(30), possible=random.random() < 0.5, rule=f"rule {number}")
    for number, name in enumerate(random.sample(list(scene.holdings), 3)):
        scene.gap(f"kind {number}", name)
    for unit in random.sample([name.partition("@")[0] for name in scene.holdings], 2):
        scene.gap("of the unit", unit=unit)
    return scene


class DescribingContract(StoreHarness):
    """`describe`, `onwards`, `links`, `gaps_at` and `one_state`."""

    def versions(self, count: int) -> Iterator[tuple[Store, list[int]]]:
        """A store after each of so many versions of a story, with all nodes that were ever there and two that never
        were."""
        store, random, before, nodes = self.store(), Random(5), set[str](), {99_998, 99_999}
        for number in range(count):
            scene = told_again(random)
            scene.put_into(store, number + 1, removed=before - scene.timelines().keys())
            before = set(scene.timelines())
            nodes |= {row.node for row in store.holdings(HoldingQuery())}
            nodes |= {row.node for row in store.joints_of([f"event {name}" for name in scene.joints])}
            yield store, sorted(nodes)

    def test_what_stands_at_nodes(self) -> None:
        """At every position, for nodes in any order, those that are not there left out."""
        for store, nodes in self.versions(8):
            chosen = Random(len(nodes)).sample(nodes, len(nodes) // 2)
            for at in (None, *range(store.head().count + 1)):
                assert store.describe(nodes, at) == plain.describe(store, nodes, at)
                assert store.describe(chosen, at) == plain.describe(store, chosen, at)
        assert store.describe([]) == Described()

    def test_what_leads_on(self) -> None:
        """Legs of either certainty, into holdings and into transformations, and the first of each node."""
        for store, nodes in self.versions(8):
            for at in (None, *range(store.head().count + 1)):
                assert store.onwards(nodes, at) == plain.onwards(store, nodes, at)
                assert store.onwards(nodes[::3], at) == plain.onwards(store, nodes[::3], at)
                assert set(store.links(nodes[::2], at)) == set(plain.links(store, nodes[::2], at))
        assert (store.onwards([]), store.links([])) == (Onwards(), [])

    def test_what_units_held_in_a_span(self) -> None:
        """Spans open at either side, of one instant, that only touch a stay, and of units that never were."""
        random = Random(7)
        for store, _ in self.versions(8):
            for at in (None, *range(store.head().count + 1)):
                ends = [random.choice([None, *range(-1, 22)]) for _ in range(8)]
                spans = dict(zip(["u0", "u1", "u2", "u3"], zip(ends[::2], ends[1::2], strict=True), strict=True))
                spans["never"] = (None, None)
                assert store.held_during(spans, at) == plain.held_during(store, spans, at)
        assert store.held_during(dict.fromkeys(("u0", "u1", "u2", "u3"), (None, None))) != []
        assert store.held_during({}) == []

    def test_gaps_at_nodes(self) -> None:
        """Those of the holdings, those of their units as a whole, and those of units named besides; each once."""
        for store, nodes in self.versions(8):
            for at in (None, *range(store.head().count + 1)):
                for units in ((), ("u1",), ("u3", "never")):
                    gaps = plain.gaps_at(store, nodes[::2], units, at)
                    assert store.gaps_at(nodes[::2], units, at) == gaps
                    with store.one_state():  # what an answer has described, it need not look up again
                        store.describe(nodes[::3], at)
                        assert [store.gaps_at(nodes[::2], units, at) for _ in range(3)] == [gaps] * 3
        assert store.gaps_at([]) == []
        assert {gap.unit for gap in store.gaps_at([], ["u0", "u1", "u2", "u3"])} != set()

    def test_no_field_is_lost(self) -> None:
        """Every field of holdings, joints, unit rows and gaps, with awkward texts in them."""
        store, told = self.store(), rich_timeline("a")
        position = put(store, told)
        with store.write() as change:
            change.replace(position, {}, [UnitRow(AWKWARD, "item", AWKWARD)])
        nodes = [row.node for row in store.holdings(HoldingQuery())]
        nodes += [row.node for row in store.joints_of(["e1"])]
        found = store.describe(nodes)
        assert sorted(found.holdings.values(), key=lambda one: one.id) == list(told.holdings)
        assert repr(list(found.holdings.values())).count("Decimal('-0.00')") == 2
        assert list(found.joints.values()) == list(told.joints)
        assert found.units == {AWKWARD: UnitRow(AWKWARD, "item", AWKWARD)}
        assert store.gaps_at(nodes) == list(told.gaps)

    def test_units_without_a_row_and_gaps_of_units(self) -> None:
        """A unit that has no row has none here; a gap of a unit belongs to all its holdings, and is listed once."""
        store = self.store()
        held = (holding("1", "a"), holding("2", "a", until=None))
        put(store, Timeline("a", "lot", held, gaps=(Gap("conflicting_kind", "a", "", "event"),)))
        nodes = [row.node for row in store.holdings(HoldingQuery())]
        assert store.describe(nodes).units == {}
        assert [gap.kind for gap in store.gaps_at(nodes)] == ["conflicting_kind"]
        assert store.gaps_at(nodes, at=0) == []

    def test_one_state(self) -> None:
        """Questions within the context agree with those outside, also within each other and after an error."""
        store = self.store()
        put(store, Timeline("a", "lot", (holding("1", "a"),)))
        with store.one_state(), store.one_state():
            assert store.head().count == 1
            assert [row.holding.id for row in store.holdings(HoldingQuery())] == ["1"]
        try:
            with store.one_state():
                raise RuntimeError("an answer that failed")
        except RuntimeError:
            put(store, Timeline("b", "lot", (holding("2", "b"),)))
        with store.one_state():
            assert store.head().count == 2
        assert [row.holding.id for row in store.holdings(HoldingQuery())] == ["1", "2"]
