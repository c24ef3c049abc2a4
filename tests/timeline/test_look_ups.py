"""Places, other numbers, live events and steps: custody-graph sections 2 to 5 as look-ups."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from tracegraph.model.custody import Place, PlaceKind, UnitKind
from tracegraph.model.facts import Alias, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.master_data import MasterData
from tracegraph.timeline.acts import ActMaker
from tracegraph.timeline.aliases import Aliases
from tracegraph.timeline.live_events import live_events
from tracegraph.timeline.nodes import node_id
from tracegraph.timeline.places import Places
from tracegraph.timeline.steps import DAY, HOUR, Effect, Settings, Steps
from tracegraph.timeline.transformations import JointOf

SITE, OTHER = "https://id.gs1.org/414/9521234567899", "https://id.gs1.org/414/9521234567882"
DOOR = f"{SITE}/254/door"


def world() -> Places:
    return Places.of(
        [
            MasterData("site", "campus", party="owner", children=("plant", "yard")),
            MasterData("site", "plant", children=("line", DOOR), party="maker"),
            MasterData("site", "shelf", parent="shop"),
            MasterData("site", "box", parent="shelf"),
            MasterData("site", "odd", parent="odd", children=("odd",)),
            MasterData("site", "round", parent="about"),
            MasterData("site", "about", parent="round"),
            MasterData("party", "maker", party="group"),
        ]
    )


@pytest.mark.parametrize(
    ("location", "biz_location", "site"),
    [
        ("plant", None, "plant"),
        ("line", None, "plant"),
        ("yard", None, "campus"),
        ("box", None, "shop"),
        ("unheard", "plant", "unheard"),
        (None, "line", "plant"),
        (None, None, None),
        (None, "", None),
        ("odd", None, "odd"),
        (DOOR, None, "plant"),
        (DOOR, "shop", "plant"),
        (f"{SITE}/254/gate", None, SITE),
        (f"{SITE}/254/gate", OTHER, OTHER),
        (f"{SITE}/254/gate", f"{SITE}/254/gate", SITE),
        ("geo:1,2", "plant", "plant"),
        ("geo:1,2", "line", "plant"),
        (SITE, OTHER, SITE),
    ],
)
def test_the_site_of_a_location(location: str | None, biz_location: str | None, site: str | None) -> None:
    assert world().site(location, biz_location) == site


def test_a_described_door_belongs_to_its_site() -> None:
    places = Places.of([MasterData("site", DOOR), MasterData("site", "plant", children=(DOOR,))])
    assert places.site(DOOR) == "plant"
    assert places.site("round") == "round"
    assert world().site("round") in ("round", "about")


def test_ancestors_and_who_runs_a_site() -> None:
    places = world()
    assert (places.ancestors("line"), places.ancestors("shop")) == (["plant", "campus"], [])
    assert places.ancestors("round") == ["about", "round"]
    runs = [places.party(name) for name in ("plant", "line", "yard", "campus", "shop", None)]
    assert runs == ["maker", "maker", "owner", "owner", None, None]


def test_of_two_parents_the_smaller_id_decides() -> None:
    one, two = MasterData("site", "a", children=("x",)), MasterData("site", "b", children=("x",))
    assert Places.of([one, two]).site("x") == "a"
    assert Places.of([two, one]).site("x") == "a"
    assert Places.of([two, MasterData("site", "x", parent="c"), one]).parents["x"] == "c"


def place(text: str) -> Place | None:
    kind, _, name = text.partition(":")
    return Place(PlaceKind(kind), name) if text else None


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("site:plant", "site:plant", True),
        ("site:plant", "site:campus", True),
        ("site:campus", "site:line", True),
        ("site:plant", "site:yard", False),
        ("site:plant", "site:shop", False),
        ("site:plant", "party:maker", True),
        ("party:maker", "site:line", True),
        ("site:plant", "party:owner", False),
        ("site:shop", "party:maker", None),
        ("party:maker", "party:maker", True),
        ("party:maker", "party:owner", False),
        ("site:plant", "unknown:", None),
        ("unknown:", "site:plant", None),
        ("site:plant", "", None),
        ("", "site:plant", None),
        ("transit:e", "site:plant", None),
        ("transit:e", "transit:e", None),
        ("container:plant", "party:maker", None),
    ],
)
def test_agreeing_places(one: str, other: str, agree: bool | None) -> None:
    assert world().agree(place(one), place(other)) is agree


def test_numbers_of_one_unit() -> None:
    statements = [Alias("a", "b"), Alias("b", "c"), Alias("x", "y"), Alias("z", "y"), Alias("k", "k"), Alias("q", "p")]
    for order in permutations(statements):
        aliases = Aliases.of(order)
        assert {name: aliases.unit(name) for name in "abcxyzkpqn"} == {
            "a": "a",
            "b": "a",
            "c": "a",
            "x": "x",
            "y": "x",
            "z": "x",
            "k": "k",
            "p": "q",
            "q": "q",
            "n": "n",
        }
        assert aliases.numbers("a") == {"a", "b", "c"}
        assert aliases.numbers("q") == {"p", "q"}
        assert aliases.numbers("n") == {"n"}
    circle = Aliases.of([Alias("c", "b"), Alias("b", "c")])
    assert (circle.unit("c"), circle.unit("b")) == ("b", "b")


def event(content: str, event_id: str = "", retracts: bool = False, instant: int = 0) -> EventFacts:
    return EventFacts(content, event_id, retracts, "ObjectEvent", instant)


@pytest.mark.parametrize(
    ("stored", "alive", "lost"),
    [
        ([event("h", "1"), event("h", "1")], ["h"], 0),
        ([event("h", "1"), event("h")], ["h"], 0),
        ([event("h", "1"), event("h", "2")], ["h#1", "h#2"], 0),
        ([event("h", "1"), event("h", "2"), event("h")], ["h#1", "h#2"], 0),
        ([event("g", "1"), event("h", "1")], ["g", "h"], 0),
        ([event("h", "1"), event("h", "1", True)], [], 0),
        ([event("h", "1"), event("h", "2"), event("h", "2", True)], ["h"], 0),
        ([event("h", "1"), event("x", "1", True)], [], 0),
        ([event("g", "1"), event("h", "1"), event("x", "1", True)], ["g", "h"], 1),
        ([event("g", "1"), event("h", "1"), event("h", "1", True)], ["g"], 0),
        ([event("h", "1"), event("h", "", True)], [], 0),
        ([event("h"), event("h", "9", True)], [], 0),
        ([event("h", "1"), event("h", "9", True)], ["h"], 1),
        ([event("h", "2"), event("h", "1"), event("h", "", True)], ["h"], 0),
        ([event("h", "1"), event("h"), event("h", "", True)], [], 0),
        ([event("h"), event("x", "", True)], ["h"], 1),
        ([event("h", "9", True)], [], 1),
        ([event("h", "", True), event("h")], [], 0),
    ],
)
def test_live_events(stored: list[EventFacts], alive: list[str], lost: int) -> None:
    for order in permutations(stored):
        found = live_events(order)
        assert [one.id for one in found.events] == alive
        assert len(found.lost) == lost


def test_which_of_two_equal_events_stays() -> None:
    stored = [event("h", "2"), event("h", "1"), event("h", "", True)]
    assert [one.facts.event_id for one in live_events(stored).events] == ["2"]
    odd = [event("h", "1", instant=5), event("h", "1", instant=7)]
    assert {live_events(order).events[0].facts.instant for order in permutations(odd)} == {5}


def test_notes() -> None:
    found = live_events([event("g", "1"), event("h", "1"), event("h", "2"), event("k")]).events
    assert {one.id: one.notes for one in found} == {
        "g": (("conflicting_event_id", "1"),),
        "h#1": (("repeated_content", "1"), ("conflicting_event_id", "1")),
        "h#2": (("repeated_content", "2"),),
        "k": (),
    }


def test_what_an_event_says_of_a_unit() -> None:
    parent, child = NamedUnit("tote", Role.PARENT), NamedUnit("jam", Role.CHILD)
    facts = replace(
        event("h"), named=(child, parent, NamedUnit("jam", Role.OBJECT)), memberships=(Membership("jam", "lot"),)
    )
    (one,) = live_events([facts]).events
    assert one.names(["jam", "tote", "none"]) == [child, NamedUnit("jam", Role.OBJECT), parent]
    assert (one.parent, one.has_children, one.lots_of) == ("tote", True, {"jam": {"lot"}})
    (bare,) = live_events([event("k")]).events
    assert (bare.parent, bare.has_children, bare.lots_of, bare.names(["jam"])) == ("", False, {}, [])


def test_steps() -> None:
    effects = {
        Effect.SHIP: {"shipping", "departing", "consigning"},
        Effect.RECEIVE: {"receiving", "arriving", "accepting"},
        Effect.VOID: {"void_shipping"},
        Effect.END: {"destroying", "decommissioning", "killing", "retail_selling", "dispensing"},
        Effect.SAMPLE: {"sampling"},
        None: {"staging_outbound", "loading", "inspecting", "packing", "unpacking", "", "commissioning"},
    }
    for effect, steps in effects.items():
        assert {Steps().effect(step) for step in steps} == {effect}
    assert Steps({"sending": Effect.SHIP}).effect("sending") is Effect.SHIP
    settings = Settings()
    assert (settings.clock_tolerance, settings.transformation_span) == (24 * HOUR, 30 * DAY)
    assert (HOUR, DAY) == (3_600_000_000, 86_400_000_000)


def test_ids_of_nodes_keep_their_parts_apart() -> None:
    assert node_id("a", "b") != node_id("ab", "") != node_id("", "ab") != node_id("a\x1eb")
    assert node_id("a", "b") == node_id("a", "b")
    assert len(node_id("a")) == 32


def test_an_event_is_made_into_acts_by_everybody_for_himself() -> None:
    """What an event remembers holds for who made it: for others numbers and places mean something else."""
    facts = replace(
        event("h"), named=(NamedUnit("jam", Role.OBJECT), NamedUnit("jelly", Role.OBJECT)), read_point="dock"
    )
    (one,) = live_events([facts]).events
    within = Places(parents={"dock": "site"}, sublocations={"dock"})
    joined = Aliases.of([Alias("jam", "jelly")])
    makers = [
        ActMaker(Steps(), places, aliases, lambda _: JointOf("", ""))
        for places, aliases in ((Places(), Aliases()), (within, Aliases()), (Places(), joined))
    ]
    made = [maker.acts(one, frozenset(["jam"]), UnitKind.LOT)[0] for maker in (*makers, *makers)]
    assert made[:3] == made[3:]
    assert [act.place and act.place.id for act in made[:3]] == ["dock", "site", "dock"]
    assert [set(act.named) for act in made[:3]] == [{"jam", "jelly"}, {"jam", "jelly"}, {"jam"}]
