"""Questions about holdings, joints and gaps."""

from __future__ import annotations

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.samples import ACTOR, event, holding, put
from tracegraph.model.custody import Gap, Joint, Place, PlaceKind, Timeline
from tracegraph.stores.port import HoldingQuery, Store, UnitRow

_SITE = Place(PlaceKind.SITE, "site")


def ids(store: Store, at: int | None = None, **conditions: object) -> list[str]:
    """Ids of the holdings that meet the conditions."""
    return [row.holding.id for row in store.holdings(HoldingQuery(**conditions), at)]  # type: ignore[arg-type]


class QueryContract(StoreHarness):
    """Holdings by every condition, joints, and gaps in order."""

    def five_holdings(self) -> Store:
        """Units a (product p) and b (product q); ids count against the order of insertion."""
        store = self.store()
        box = Place(PlaceKind.CONTAINER, "box")
        holdings = (
            holding("5", "a", "north", since=0, until=10, event="e1", party="anna"),
            holding("4", "a", "south", since=10, until=None, event="e2"),
            holding("3", "b", "north", since=5, until=5, event="e1", party="ben"),
            holding("2", "b", place=box, since=10, until=20, event="e3", party="anna"),
            holding("1", "b", place=Place(PlaceKind.PARTY, "north"), since=-9, until=-1, event="e4"),
        )
        owned = [Timeline(unit, "lot", tuple(h for h in holdings if h.unit == unit)) for unit in "ab"]
        position = put(store, *owned)
        with store.write() as writing:
            writing.replace(position, {}, [UnitRow("a", "lot", "p"), UnitRow("b", "lot", "q")])
        return store

    def test_holdings_by_each_condition(self) -> None:
        """Each condition alone, sorted by holding id."""
        store = self.five_holdings()
        assert ids(store) == ["1", "2", "3", "4", "5"]
        assert ids(store, units=["a"]) == ["4", "5"]
        assert ids(store, products=["q", "r"]) == ["1", "2", "3"]
        assert ids(store, parties=["anna"]) == ["2", "5"]
        assert ids(store, events=["e1", "e2"]) == ["3", "4", "5"]
        assert ids(store, ids=["4", "1", "9"]) == ["1", "4"]
        nodes = [row.node for row in store.holdings(HoldingQuery(ids=["2", "3"]))]
        assert ids(store, nodes=nodes) == ["2", "3"]

    def test_place_kinds_are_kept_apart(self) -> None:
        """`sites` and `containers` compare the place's kind too: a party of the same name is no site."""
        store = self.five_holdings()
        assert ids(store, sites=["north"]) == ["3", "5"]
        assert ids(store, containers=["box"]) == ["2"]
        assert (ids(store, containers=["north"]), ids(store, sites=["box"])) == ([], [])

    def test_conditions_are_joined_by_and(self) -> None:
        """All conditions must hold; an empty collection holds for nothing."""
        store = self.five_holdings()
        assert ids(store, units=["b"], sites=["north"]) == ["3"]
        assert ids(store, products=["p"], events=["e1"], since=0, until=1) == ["5"]
        assert ids(store, units=["a"], parties=["ben"]) == []
        for condition in ("nodes", "ids", "units", "products", "sites", "parties", "containers", "events"):
            assert store.holdings(HoldingQuery(**{condition: ()})) == [], condition  # type: ignore[arg-type]

    def test_window_overlaps_the_stay(self) -> None:
        """[since, until) of the window and of the stay must overlap; a stay of no length counts at its instant."""
        store = self.five_holdings()
        assert ids(store, since=0) == ["2", "3", "4", "5"]
        assert ids(store, until=0) == ["1"]
        assert ids(store, since=10) == ["2", "4"]
        assert ids(store, until=10) == ["1", "3", "5"]
        assert ids(store, since=5, until=6) == ["3", "5"]
        assert ids(store, since=6, until=10) == ["5"]
        assert ids(store, since=-1, until=0) == []
        assert ids(store, since=10**17) == ["4"]

    def test_conditions_as_known_before(self) -> None:
        """Holdings and products are both taken as they were known."""
        store = self.five_holdings()
        with store.write() as writing:
            position = writing.append([event("later")], 2, ACTOR)[0]
            writing.replace(position, {"b": None}, [UnitRow("a", "lot", "q")])
        assert ids(store, products=["q"]) == ["4", "5"]
        assert ids(store, at=position - 1, products=["q"]) == ["1", "2", "3"]
        assert ids(store, at=position - 1, sites=["north"]) == ["3", "5"]
        assert ids(store, sites=["north"]) == ["5"]

    def test_joints(self) -> None:
        """Transformations by node and by any event that takes part; holdings are no joints."""
        store = self.store()
        joints = (Joint("j2", "t", ("e1", "e2"), _SITE, 5), Joint("j1", "t", ("e2", "e3"), _SITE, 6))
        put(store, Timeline("transformation:t", "transformation", (holding("h", "u"),), joints))
        found = store.joints_of(["e2"])
        assert [row.joint for row in found] == [joints[1], joints[0]]
        assert [row.joint.id for row in store.joints_of(["e3", "e9"])] == ["j1"]
        assert store.joints([row.node for row in found]) == found
        (node,) = (row.node for row in store.holdings(HoldingQuery()))
        assert (store.joints([node]), store.joints([]), store.joints_of([])) == ([], [], [])

    def test_events_of_a_joint_as_known_before(self) -> None:
        """An event takes part from the moment at which it is known to, and no longer than that."""
        store = self.store()
        for events in (("e1",), ("e1", "e2"), ("e2",)):
            put(store, Timeline("t", "transformation", (), (Joint("j", "t", events, _SITE, 5),)))
        found = {
            (name, at): [row.joint.events for row in store.joints_of([name], at)]
            for name in ("e1", "e2")
            for at in (1, 2, 3, None)
        }
        both = [("e1", "e2")]
        assert [found["e1", at] for at in (1, 2, 3, None)] == [[("e1",)], both, [], []]
        assert [found["e2", at] for at in (1, 2, 3, None)] == [[], both, [("e2",)], [("e2",)]]

    def test_gaps_in_order(self) -> None:
        """Sorted by kind, unit, event, place and detail."""
        gaps = tuple(
            Gap(kind, unit, place, named, None, (), detail)
            for detail in ("y", "x")
            for place in ("q", "p")
            for named in ("e2", "e1")
            for unit in ("b", "a")
            for kind in ("never_received", "implied_move")
        )
        store = self.store()
        put(store, Timeline("a", "lot", gaps=gaps))
        expected = sorted(gaps, key=lambda gap: (gap.kind, gap.unit, gap.event, gap.place, gap.detail))
        assert store.gaps() == expected
        assert store.gaps(units=["a", "b"]) == expected

    def test_gaps_of_holdings_and_units(self) -> None:
        """A gap with a holding belongs to the holding, one without to its unit."""
        own = Gap("k", "a", "p", "e1", "h1")
        other = Gap("k", "a", "p", "e2", "h2")
        whole = Gap("k", "a", "p", "e3")
        foreign = Gap("k", "b", "p", "e4")
        store = self.store()
        parts = (holding("h1", "a"), holding("h2", "a"))
        put(store, Timeline("a", "lot", parts, gaps=(own, other, whole)), Timeline("b", "lot", gaps=(foreign,)))
        assert store.gaps() == [own, other, whole, foreign]
        assert store.gaps(holdings=["h1", "h9"]) == [own]
        assert store.gaps(units=["a"]) == [whole]
        assert store.gaps(holdings=["h2"], units=["b"]) == [other, foreign]
        assert store.gaps(holdings=[], units=[]) == []
