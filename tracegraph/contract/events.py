"""Facts of events: kept exactly, found by every selector."""

from __future__ import annotations

from tracegraph.contract.harness import StoreHarness
from tracegraph.contract.samples import ACTOR, AWKWARD, event, facts, rich_facts
from tracegraph.model.facts import Alias, Membership, NamedUnit, Role
from tracegraph.stores.port import NewEntry, Store, StoredEvent


def positions(found: list[StoredEvent]) -> list[int]:
    """Where the events stand in the ledger."""
    return [stored.position for stored in found]


class EventContract(StoreHarness):
    """Looking up stored events."""

    def four_events(self) -> Store:
        """1 names a and b, 2 names b, 3 is a record, 4 retracts 2, 5 repeats 1 under another id."""
        store = self.store()
        with store.write() as writing:
            first = event("h1", "a", "b", event_id="e1", transformation="t1", biz_location="site", read_point="dock")
            second = event("h2", "b", "b", event_id="e2", source_party="seller", destination_owner="buyer")
            fourth = event("h2", "b", event_id="e2", retracts=True, destination_place="site")
            fifth = event("h1", "a", transformation="t2", source_owner="seller")
            writing.append([first, second], 1, ACTOR)
            writing.append([fourth, fifth], 2, ACTOR)
        return store

    def test_facts_are_kept_exactly(self) -> None:
        """Every field comes back as it was, down to the digits of the quantities."""
        store = self.store()
        with store.write() as writing:
            writing.append([NewEntry(b"{}", facts=rich_facts())], 1, ACTOR)
        found = self.store().events()
        assert found == [StoredEvent(1, rich_facts())]
        quantities = [str(named.quantity.value) for named in found[0].facts.named if named.quantity]
        assert quantities == ["1.00", "1E+3", "None"]
        assert positions(store.events(units=[AWKWARD])) == [1]
        assert positions(store.events(hashes=["hash:" + AWKWARD])) == [1]

    def test_by_each_selector(self) -> None:
        """Units, content hashes, eventIDs and transformationIDs; retractions are found like any other event."""
        store = self.four_events()
        assert positions(store.events()) == [1, 2, 3, 4]
        assert positions(store.events(units=["a"])) == [1, 4]
        assert positions(store.events(units=["b"])) == [1, 2, 3]
        assert positions(store.events(hashes=["h1"])) == [1, 4]
        assert positions(store.events(event_ids=["e2"])) == [2, 3]
        assert positions(store.events(transformations=["t1", "t2"])) == [1, 4]

    def test_selectors_add_up(self) -> None:
        """Several selectors are joined by or; each event comes once, in ledger order."""
        store = self.four_events()
        assert positions(store.events(units=["a"], event_ids=["e2"])) == [1, 2, 3, 4]
        assert positions(store.events(units=["a"], hashes=["h1"], transformations=["t1"])) == [1, 4]
        assert positions(store.events(units=["a", "b", "a"])) == [1, 2, 3, 4]

    def test_nothing_asked_and_nothing_found(self) -> None:
        """An empty collection finds nothing; unknown values find nothing; an empty eventID is no eventID."""
        store = self.four_events()
        assert store.events(units=[]) == []
        assert store.events(units=["nobody"], hashes=["h9"], event_ids=["e9"], transformations=["t9"]) == []
        assert store.events(event_ids=[""]) == []
        assert store.events(units=["h1"], hashes=["a"]) == []

    def test_events_about_aliases_and_members(self) -> None:
        """An event also names what it says something about: both numbers of an alias, and the member of a lot."""
        store = self.store()
        with store.write() as writing:
            aliases, memberships = (Alias("a", "other"),), (Membership("item", "lot"),)
            writing.append([event("h1", "u", aliases=aliases), event("h2", memberships=memberships)], 1, ACTOR)
        found = {unit: positions(store.events(units=[unit])) for unit in ("u", "a", "other", "item", "lot")}
        assert found == {"u": [1], "a": [1], "other": [1], "item": [2], "lot": []}

    def test_upto(self) -> None:
        """Only what was recorded up to a position."""
        store = self.four_events()
        assert positions(store.events(units=["a", "b"], upto=2)) == [1, 2]
        assert positions(store.events(upto=3)) == [1, 2, 3]
        assert store.events(upto=0) == []

    def test_units_at_places(self) -> None:
        """Units of events that mention a location or party in any field."""
        store = self.four_events()
        assert store.units_at(["dock"]) == {"a", "b"}
        assert store.units_at(["site"]) == {"a", "b"}
        assert store.units_at(["seller"]) == {"a", "b"}
        assert store.units_at(["buyer"]) == {"b"}
        assert store.units_at(["nowhere"]) == set()
        assert store.units_at([]) == set()

    def test_every_place_field_counts(self) -> None:
        """Each of the eight location and party fields is found."""
        store = self.store()
        with store.write() as writing:
            writing.append([NewEntry(b"{}", facts=rich_facts())], 1, ACTOR)
        places = ["point", "location", "source place", "destination place"]
        parties = ["source party", "destination party", "source owner", "destination owner"]
        assert [field for field in places + parties if AWKWARD not in store.units_at([field])] == []

    def test_event_with_very_many_units(self) -> None:
        """An event may name very many units, and as many may be asked for at once."""
        units = [f"unit {number}" for number in range(self.many)]
        named = tuple(NamedUnit(unit, Role.CHILD) for unit in units)
        store = self.store()
        with store.write() as writing:
            writing.append([NewEntry(b"{}", facts=facts("h", biz_location="site", named=named))], 1, ACTOR)
        assert positions(store.events(units=units)) == [1]
        assert len(store.events(units=[units[-1]])[0].facts.named) == self.many
        assert len(store.units_at(["site"])) == self.many

    def test_unit_in_very_many_events(self) -> None:
        """A unit may be named by very many events, and as many hashes may be asked for at once."""
        store = self.store()
        hashes = [f"h{number}" for number in range(self.many)]
        with store.write() as writing:
            writing.append([event(content_hash, "tote") for content_hash in hashes], 1, ACTOR)
        assert positions(store.events(units=["tote"])) == list(range(1, self.many + 1))
        assert positions(store.events(hashes=hashes)) == list(range(1, self.many + 1))
        assert positions(store.events(units=["tote"], upto=7)) == list(range(1, 8))
