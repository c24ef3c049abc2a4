"""Graphs that break careless searches: all must end, and cost no more than their size."""

from __future__ import annotations

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.reach import DIRECTIONS, Edge, found_reach, numbers
from tracegraph.contract.samples import graph_timeline, put
from tracegraph.stores.port import HoldingQuery, Store


class ShapeContract(StoreHarness):
    """Adversarial shapes of the custody graph."""

    def store_of(self, edges: list[Edge]) -> Store:
        """A store with one timeline of these legs."""
        store = self.store()
        put(store, graph_timeline("owner", edges))
        return store

    def test_self_loop_and_cycle(self) -> None:
        """A loop of one, and a cycle entered from outside, end and give each leg once."""
        edges = [("a", "a", True), ("a", "b", True), ("b", "c", False), ("c", "a", True), ("z", "b", True)]
        store = self.store_of(edges)
        assert found_reach(store, ["a"], "forward") == sorted(edges)[:4]
        assert found_reach(store, ["a"], "backward") == sorted(edges)
        assert found_reach(store, ["b"], "forward", confirmed_only=True) == []

    def test_sixty_stacked_diamonds(self) -> None:
        """2 to the 60th paths, 240 legs."""
        edges = []
        for layer in range(60):
            for side in "lr":
                edges.append((f"top {layer:02}", f"{side} {layer:02}", True))
                edges.append((f"{side} {layer:02}", f"top {layer + 1:02}", True))
        store = self.store_of(edges)
        assert found_reach(store, ["top 00"], "forward") == sorted(edges)
        assert found_reach(store, ["top 60"], "backward") == sorted(edges)

    def test_fully_mixed_layers(self) -> None:
        """14 layers of 4, each mixed with all of the next: 208 legs."""
        edges = [
            (f"{layer:02} {one}", f"{layer + 1:02} {other}", True)
            for layer in range(13)
            for one in range(4)
            for other in range(4)
        ]
        store = self.store_of(edges)
        assert found_reach(store, ["00 0"], "forward") == [
            edge for edge in edges if edge[0] == "00 0" or edge[0] > "01"
        ]

    def test_chain_of_10000(self) -> None:
        """A deep chain needs no deep recursion."""
        edges = [(f"{number:05}", f"{number + 1:05}", True) for number in range(10_000)]
        store = self.store_of(edges)
        assert len(store.reach(numbers(store, ["00000"]), "forward").source) == 10_000
        assert len(store.reach(numbers(store, ["10000"]), "backward").source) == 10_000
        assert len(store.reach(numbers(store, ["05000"]), "backward", confirmed_only=True).source) == 5_000

    def test_one_to_very_many(self) -> None:
        """One lot in very many packs: reached whole, asked one pack at a time, replaced without change."""
        edges = [("lot", f"pack {number:05}", True) for number in range(self.many)]
        timeline = graph_timeline("owner", edges)
        store = self.store()
        position = put(store, timeline)
        start = numbers(store, ["lot"])
        assert len(store.reach(start, "forward").target) == self.many
        assert store.reach(numbers(store, [f"pack {self.many - 7:05}"]), "backward").source == start
        with store.write() as writing:
            assert writing.replace(position, {"owner": timeline}) == 0
        packs = [target for _, target, _ in edges]
        found = store.holdings(HoldingQuery(ids=packs))
        assert len(found) == self.many
        for direction in DIRECTIONS:
            legs = store.legs([row.node for row in found], direction)
            assert len(legs.source) == (self.many if direction == "backward" else 0)
