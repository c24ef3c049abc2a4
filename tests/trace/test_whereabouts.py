"""Where units are: valid time to the instant, what remains, containers, certainty."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.timeline.notation import read_world
from tests.trace.memory import MemoryStore
from tests.trace.test_show import told
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import certain, ids
from tracegraph.errors import UsageError
from tracegraph.model.quantity import Quantity
from tracegraph.stores.port import NewEntry, UnitRow
from tracegraph.timeline import compile_world
from tracegraph.trace.question import ask
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.whereabouts import whereabouts


def kilos(value: str) -> Quantity:
    return Quantity(Decimal(value), "KGM")


def second(number: int) -> str:
    return f"1970-01-01T00:{number // 60:02}:{number % 60:02}Z"


def where(scene: Scene, *starts: str, on: int | None = None, **options: Any) -> dict[str, Any]:
    question = ask(*starts, kind="where", on=None if on is None else second(on), **options)
    return whereabouts(told(scene), question).envelope


def orchard() -> Scene:
    """Ten kilos of apples; at 10 four go into a crate on a truck, at 20 the rest is carried on as more comes in.

    The truck is at the orchard, then on the road from 15 and at the market from 30.
    """
    scene = Scene().hold("apple@o", "site:orchard", 0, 20, "grower", quantity=kilos("10"), remaining=kilos("6"))
    scene.hold("apple@crate", "container:crate", 10, None, quantity=kilos("4")).leg("apple@o", "apple@crate", 10)
    scene.hold("apple@o2", "site:orchard", 20, None, "grower", quantity=kilos("7"), remaining=kilos("7"))
    scene.leg("apple@o", "apple@o2", 20, cost=0, rule="carried")
    scene.hold("crate@truck", "container:truck", 5).hold("truck@o", "site:orchard", 0, 15, "grower")
    scene.hold("truck@road", "transit:drive", 15, 30, "carrier").leg("truck@o", "truck@road", 15)
    return scene.hold("truck@market", "site:market", 30, None, "grocer").leg("truck@road", "truck@market", 30)


def states(answer: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        row["id"]: (row["state"], row["remaining"] and row["remaining"]["value"])
        for row in answer["result"]["holdings"]
    }


def test_now() -> None:
    answer = where(orchard(), "apple")
    assert states(answer) == {"apple@crate": ("packed", None), "apple@o2": ("on_hand", "7")}
    inside = {row["id"]: row["inside"] for row in answer["result"]["holdings"]}
    assert inside == {
        "apple@o2": [],
        "apple@crate": [
            {
                "unit": "crate",
                "place": {"kind": "container", "id": "truck"},
                "party": None,
                "since": second(5),
                "certainty": "confirmed",
            },
            {
                "unit": "truck",
                "place": {"kind": "site", "id": "market"},
                "party": "grocer",
                "since": second(30),
                "certainty": "confirmed",
            },
        ],
    }
    assert answer["result"]["sites"] == [
        {"id": "market", "certainty": "confirmed"},
        {"id": "orchard", "certainty": "confirmed"},
    ]
    assert ids(answer, "parties") == ["grocer", "grower"]
    assert ids(answer, "units") == ["apple"]
    assert answer["question"]["kind"] == "where"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (0, {"apple@o": ("on_hand", "10")}),
        (9, {"apple@o": ("on_hand", "10")}),
        (10, {"apple@o": ("on_hand", "6"), "apple@crate": ("packed", None)}),
        (19, {"apple@o": ("on_hand", "6"), "apple@crate": ("packed", None)}),
        (20, {"apple@o2": ("on_hand", "7"), "apple@crate": ("packed", None)}),
    ],
)
def test_on_an_instant(on: int, expected: dict[str, tuple[str, str | None]]) -> None:
    found = states(where(orchard(), "apple", on=on))
    if on in (10, 19):
        # What is left at the end of a stay that ends later is not what was left then: more may come and go until then.
        expected = expected | {"apple@o": ("on_hand", None)}
    assert found == expected


@pytest.mark.parametrize(
    ("on", "place", "party"),
    [(14, "orchard", "grower"), (15, "drive", "carrier"), (29, "drive", "carrier"), (30, "market", "grocer")],
)
def test_a_packed_unit_is_where_its_containers_were_at_that_instant(on: int, place: str, party: str) -> None:
    rows = {row["id"]: row for row in where(orchard(), "apple", on=on)["result"]["holdings"]}
    assert [(spot["place"]["id"], spot["party"]) for spot in rows["apple@crate"]["inside"]] == [
        ("truck", None),
        (place, party),
    ]


def test_what_was_taken_out_later_is_still_there() -> None:
    scene = Scene().hold("a@1", "site:s", 0, None, quantity=kilos("5"), remaining=kilos("1")).leg("a@1", "a@2", 10)
    assert states(where(scene, "a", on=9)) == {"a@1": ("on_hand", "5")}
    assert states(where(scene, "a", on=10)) == {"a@1": ("on_hand", "1"), "a@2": ("on_hand", None)}
    scene.leg("a@1", "a@3", 20)
    between = where(scene, "a", on=15)["result"]["holdings"][0]
    assert (between["id"], between["remaining"]) == ("a@1", None), "no event says how much"
    unknown = Scene().hold("a@1", "site:s", 0).leg("a@1", "a@2", 10).leg("a@1", "a@3", 20)
    assert where(unknown, "a", on=15)["result"]["holdings"][0]["remaining"] is None


def test_a_stay_that_has_not_ended_yet_is_open() -> None:
    scene = Scene().hold("a@1", "site:s", 0, 10).hold("a@2", "site:t", 10).leg("a@1", "a@2", 10)
    row = where(scene, "a", on=9)["result"]["holdings"][0]
    assert (row["id"], row["until"], row["state"]) == ("a@1", None, "on_hand")
    assert ids(where(scene, "a", on=10)) == ["a@2"]
    assert ids(where(scene, "a")) == ["a@2"]


def test_a_stay_that_ended_without_going_on() -> None:
    scene = Scene().hold("a@1", "site:s", 0, 10).hold("b@1", "site:s", 0, 10).mix("m", ["b@1"], ["c@1"], 10)
    found = {row["id"]: (row["state"], row["until"]) for row in where(scene, "a", "b")["result"]["holdings"]}
    assert found == {"a@1": ("unaccounted", second(10)), "b@1": ("consumed", second(10))}
    assert {row["state"] for row in where(scene, "a", "b", on=9)["result"]["holdings"]} == {"on_hand"}


def test_a_sink_is_last_even_where_the_goods_came_back_from_it() -> None:
    scene = Scene().hold("a@shop", "sink:retail_selling", 5, 8).hold("a@back", "site:shop", 8)
    scene.leg("a@shop", "a@back", 8, possible=True)
    assert states(where(scene, "a")) == {"a@shop": ("sold", None), "a@back": ("on_hand", None)}
    assert certain(where(scene, "a")) == {"a@shop"}


def test_a_circle_is_confirmed_from_its_earliest_holding_on() -> None:
    scene = Scene().hold("a@2", since=3).hold("a@1", since=5).hold("a@3", since=7)
    scene.leg("a@1", "a@2", 3, possible=True).leg("a@2", "a@1", 5).leg("a@1", "a@3", 7, possible=True)
    scene.leg("a@3", "a@1", 8)
    assert certain(where(scene, "a")) == {"a@1", "a@2"}
    tied = Scene().hold("b@2", since=3).hold("b@1", since=3)
    tied.leg("b@1", "b@2", 3, possible=True).leg("b@2", "b@1", 3, possible=True)
    assert certain(where(tied, "b")) == {"b@1"}


def test_a_leg_back_to_itself_does_not_make_a_stay_possible() -> None:
    scene = Scene().hold("a@1").leg("a@1", "a@1", 1, possible=True)
    assert certain(where(scene, "a")) == {"a@1"}


def test_legs_of_later_do_not_confirm() -> None:
    scene = Scene().hold("a@1", since=0).hold("a@2", since=1).leg("a@1", "a@2", 1, possible=True).leg("a@1", "a@2", 9)
    assert certain(where(scene, "a", on=8)) == {"a@1"}
    assert certain(where(scene, "a", on=9)) == {"a@1", "a@2"}


def test_of_a_possible_stay_the_places_of_its_container_are_possible_too() -> None:
    scene = Scene().hold("a@1", "site:s", 0, None, "seller").hold("a@box", "container:box", 1)
    scene.leg("a@1", "a@box", 1, possible=True).hold("box@1", "site:t", 0, None, "trader")
    answer = where(scene, "a")
    assert certain(answer, "sites") == {"s"}
    assert certain(answer, "parties") == {"seller"}
    assert ids(answer, "sites") == ["s", "t"]
    assert ids(answer, "parties") == ["seller", "trader"]


def test_a_stay_in_a_container_that_ended_is_where_the_container_was_then() -> None:
    scene = Scene().hold("a@box", "container:box", 1, 20).hold("box@1", "site:s", 0, 10).hold("box@2", "site:t", 10, 20)
    scene.hold("box@3", "site:u", 20).leg("box@1", "box@2", 10).leg("box@2", "box@3", 20)
    for on in (None, 25):
        row = where(scene, "a", on=on)["result"]["holdings"][0]
        assert [(spot["place"]["id"], spot["certainty"]) for spot in row["inside"]] == [("t", "confirmed")]


def test_lots_members_and_products() -> None:
    scene = Scene().hold("pie/1@s").hold("pie/2@s").hold("slice@s").member("slice", "pie/2").hold("jam/1@s")
    assert ids(where(scene, "product:pie"), "units") == ["pie/1", "pie/2", "slice"]
    assert ids(where(scene, "pie/2", "jam/1")) == ["jam/1@s", "pie/2@s", "slice@s"]
    for start in ("site:factory", "event:opened pie/1@s"):
        with pytest.raises(UsageError, match="cannot be asked; ask where a unit or a product: is"):
            where(scene.happen("opened pie/1@s"), start)


def test_known_time_language_and_register() -> None:
    later = orchard().gap("never_received", "apple@o2")
    later.holdings["apple@o2"] = later.holdings["apple@o2"]._replace(until=40 * SECOND)
    later.hold("apple@press", "site:press", 40).leg("apple@o2", "apple@press", 40)
    store = told(orchard(), later)
    question = ask("apple", kind="where")
    now = whereabouts(store, question).envelope
    then = whereabouts(store, ask("apple", kind="where", as_of=second(5))).envelope
    assert set(ids(now)) == {"apple@crate", "apple@press"}
    assert set(ids(then)) == {"apple@crate", "apple@o2"}
    given = whereabouts(store, question, register=Register(Snapshot.of(store, 5 * SECOND))).envelope
    assert given["result"] == then["result"]
    moved = told(orchard().gap("never_received", "apple@o2"))
    english, chinese = (whereabouts(moved, question, language).envelope["gaps"] for language in ("en", "zh"))
    assert english[0]["message"] != chinese[0]["message"]


TABLE = """
e1  d1 08:00  make     lot A 10 kg  at P
e2  d1 09:00  destroy  lot A 2 kg   at P
e3  d1 10:00  ship     lot A 3 kg   P -> Q  doc desadv:1
e4  d1 11:00  destroy  lot A 1 kg   at P
"""


def recorded(table: str) -> MemoryStore:
    """A store with these events and the graph that they give."""
    world, store = read_world(table), MemoryStore(7)
    position = store.append([NewEntry(facts.content_hash.encode(), facts=facts) for facts in world.events], 0, "test")[
        -1
    ]
    compiled = compile_world(world.events, world.master)
    store.replace(
        position, compiled, [UnitRow(unit, "lot", None) for unit in compiled if "transformation:" not in unit]
    )
    return store


@pytest.mark.parametrize(
    ("clock", "left"),
    [
        ("07:59:59", None),
        ("08:00:00", "10"),
        ("08:59:59", "10"),
        ("09:00:00", "8"),
        ("09:59:59", "8"),
        ("10:30:00", "5"),
        ("11:00:00", "4"),
        ("12:00:00", "4"),
    ],
)
def test_what_was_left_at_an_instant_between_two_outflows(clock: str, left: str | None) -> None:
    store = recorded(TABLE)
    unit = next(iter(store.known_units))
    answer = whereabouts(store, ask(unit, kind="where", on=f"2026-01-01T{clock}Z")).envelope
    certainly = [row for row in answer["result"]["holdings"] if row["certainty"] == "confirmed"]
    at_site = [row for row in certainly if row["place"]["kind"] == "site"]
    assert [row["remaining"] for row in at_site] == ([] if left is None else [{"value": left, "unit": "KGM"}])
    moving = [row["id"] for row in answer["result"]["holdings"] if row["place"]["kind"] == "transit"]
    assert len(moving) == (clock >= "10:00:00")


def test_what_begins_a_moment_later_is_not_there_yet() -> None:
    scene = Scene().hold("a@1", "site:s", 0).hold("a@2", "site:t", 5)
    scene.holdings["a@2"] = scene.holdings["a@2"]._replace(since=5 * SECOND + 1)
    assert ids(where(scene, "a", on=5)) == ["a@1"]
