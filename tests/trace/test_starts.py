"""Where traces begin: windows, contents, events, and which identifiers are understood."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.trace.test_show import told
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import asked, certain, ids
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.model.record import Record


def second(number: int) -> str:
    return f"1970-01-01T00:{number // 60:02}:{number % 60:02}Z"


def listed(scene: Scene, *starts: str, **options: Any) -> set[str]:
    return set(ids(asked(told(scene), *starts, **options)))


def starting(scene: Scene, *starts: str, **options: Any) -> set[str]:
    answer = asked(told(scene), *starts, **options)
    return {row["id"] for row in answer["result"]["holdings"] if row["distance"] == 0}


def loading() -> Scene:
    """A tote stands at the plant until 50, then in the shop; things lie in it for some of the time."""
    scene = Scene().hold("tote@1", "site:plant", 0, 50, "maker").hold("tote@2", "site:shop", 50, 100, "grocer")
    scene.leg("tote@1", "tote@2", 50).hold("soon@tote", "container:tote", 1, 20).hold(
        "mid@tote", "container:tote", 30, 40
    )
    return scene.hold("over@tote", "container:tote", 40, 60).hold("late@tote", "container:tote", 70, 80)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({}, {"tote@1", "tote@2", "soon@tote", "mid@tote", "over@tote"}),
        ({"since": second(20)}, {"tote@1", "tote@2", "mid@tote", "over@tote"}),
        ({"until": "1970-01-01T00:00:29.999999Z"}, {"tote@1", "tote@2", "soon@tote"}),
        ({"until": second(30)}, {"tote@1", "tote@2", "soon@tote", "mid@tote"}),
        ({"since": second(25), "until": second(28)}, {"tote@1", "tote@2"}),
        ({"on": second(39)}, {"tote@1", "tote@2", "mid@tote"}),
        ({"on": second(40)}, {"tote@1", "tote@2", "over@tote"}),
        ({"since": second(50)}, set()),
    ],
)
def test_a_place_starts_at_what_its_containers_held_in_the_window(window: dict[str, str], expected: set[str]) -> None:
    assert listed(loading(), "site:plant", **window) == expected
    assert listed(loading(), "party:maker", **window) == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({}, {"over@tote"}),
        ({"until": "1970-01-01T00:00:49.999999Z"}, set()),
        ({"until": second(50)}, {"over@tote"}),
        ({"since": second(59)}, {"over@tote"}),
        ({"since": second(60)}, set()),
    ],
)
def test_a_packed_unit_is_at_a_site_while_its_container_is(window: dict[str, str], expected: set[str]) -> None:
    scene = loading().hold("other@tote", "container:crate", 0)
    assert starting(scene, "over", "soon", at="shop", **window) == expected


def test_a_unit_at_a_site_in_a_nested_container() -> None:
    scene = loading().hold("jam@over", "container:over", 45, 55).hold("nut@over", "container:over", 41, 49)
    assert starting(scene, "jam", "nut", at="shop") == {"jam@over"}
    assert starting(scene, "jam", "nut", at="plant") == {"jam@over", "nut@over"}


def test_what_left_a_stay_before_the_window_is_not_followed() -> None:
    scene = Scene().hold("oil@tank", "site:plant", 0, 100, "maker").leg("oil@tank", "soon@1", 49)
    scene.leg("oil@tank", "then@1", 50).hold("oil@new", "site:plant", 50).leg("oil@new", "new@1", 50)
    for options in ({"at": "plant"}, {}):
        starts = ["oil"] if options else ["site:plant"]
        assert listed(scene, *starts, since=second(50), **options) == {"oil@tank", "then@1", "oil@new", "new@1"}
        assert "soon@1" in listed(scene, *starts, since=second(49), **options)
    assert "soon@1" not in listed(scene, "party:maker", since=second(50))
    assert listed(scene, "soon", direction="backward", since=second(49)) == {"soon@1", "oil@tank"}


def test_what_left_a_content_before_it_came_into_the_container_is_not_followed() -> None:
    scene = Scene().hold("tote@1", "site:s", 0).hold("box@tote", "container:tote", 10, 50)
    scene.hold("jam@box", "container:box", 5, 40).leg("jam@box", "spilt@1", 9).leg("jam@box", "jam@shelf", 40)
    assert listed(scene, "tote") == {"tote@1", "box@tote", "jam@box", "jam@shelf"}
    assert listed(scene, "box") == {"box@tote", "jam@box", "jam@shelf", "spilt@1"}, (
        "all stays of the box were asked for"
    )
    assert listed(scene, "jam") == {"jam@box", "jam@shelf", "spilt@1"}


def test_contents_are_confirmed_where_they_were_certainly_put_in() -> None:
    scene = Scene().hold("tote@1").hold("sure@tote", "container:tote", 1).hold("open@tote", "container:tote", 1)
    scene.hold("both@tote", "container:tote", 1).hold("born@tote", "container:tote", 1)
    scene.leg("sure@1", "sure@tote", 1).leg("open@1", "open@tote", 1, possible=True)
    scene.leg("both@1", "both@tote", 1).leg("both@2", "both@tote", 2, possible=True)
    answer = asked(told(scene), "tote")
    assert certain(answer) == {"tote@1", "sure@tote", "both@tote", "born@tote"}
    assert certain(answer, "units") == {"tote", "sure", "both", "born"}, "what may not have been in it is possible"
    assert [row["distance"] for row in answer["result"]["units"]] == [0] * 5


def test_contents_of_what_only_possibly_was_in_the_container_are_possible() -> None:
    scene = Scene().hold("tote@1").hold("sure@tote", "container:tote", 1).hold("open@tote", "container:tote", 1)
    scene.leg("open@1", "open@tote", 1, possible=True).hold("jam@open", "container:open", 2)
    scene.hold("pie@sure", "container:sure", 2)
    assert certain(asked(told(scene), "tote")) == {"tote@1", "sure@tote", "pie@sure"}


def test_several_starts_and_all_their_units() -> None:
    scene = (
        Scene().hold("a@1", "site:s", 0, 10, "p").hold("b@1", "site:t", 0, 10, "p").hold("b@2", "site:t", 20, None, "p")
    )
    for starts in (["site:s", "site:t"], ["a", "b"], ["site:t", "a"], ["a", "site:t"]):
        units = {row["id"]: row["distance"] for row in asked(told(scene), *starts)["result"]["units"]}
        assert units == {"a": 0, "b": 0}
    assert listed(scene, "party:p", until=second(15)) == {"a@1", "b@1"}
    assert listed(scene, "a", "b", at="t", until=second(15)) == {"b@1"}
    assert ids(asked(told(Scene().hold("i@1").member("i", "lot")), "lot", "i"), "units") == ["i", "lot"]


def conjectured() -> Scene:
    scene = Scene().hold("a@1", "site:farm", 0, 5).hold("a@road", "transit:x", 5).leg("a@1", "a@road", 5)
    scene.hold("a@shop", "site:shop", 9, None, "grocer").leg("a@road", "a@shop", 9, possible=True)
    scene.holdings["a@shop"] = scene.holdings["a@shop"]._replace(role="arrive")
    return scene.leg("a@shop", "b@1", 12)


def test_a_stay_that_no_record_shows() -> None:
    unit = asked(told(conjectured()), "a")
    assert certain(unit) == {"a@1", "a@road", "b@1"}, "a record shows what certainly left it"
    for start in ("site:shop", "party:grocer"):
        assert listed(conjectured(), start) == {"a@shop", "b@1"}, "as possible"
        assert certain(asked(told(conjectured()), start)) == set()
        assert certain(asked(told(conjectured()), start), "units") == set(), "nothing shows that it was there"
    assert certain(asked(told(conjectured()), "a", at="shop")) == set()


def test_of_several_units_each_says_what_no_record_shows() -> None:
    scene = conjectured().hold("z@1", "site:farm", 0)
    assert certain(asked(told(scene), "a", "z")) == {"a@1", "a@road", "b@1", "z@1"}
    assert certain(asked(told(scene.alias("a", "zz")), "z", "zz")) == {"a@1", "a@road", "b@1", "z@1"}
    scene.holdings["z@1"] = scene.holdings["z@1"]._replace(role="arrive")
    assert certain(asked(told(scene), "a", "z")) == {"a@1", "a@road", "b@1"}


def looked() -> Scene:
    scene = Scene().hold("a@kitchen", "site:kitchen", 0, None, "cook").hold("a@cellar", "site:cellar", 0, 40)
    scene.hold("a@before", "site:kitchen", 0, 35).hold("a@after", "site:kitchen", 36).hold(
        "b@cellar", "site:cellar", 35
    )
    scene.hold("c@1").alias("b", "bee")
    scene.happen("there", "", 35, ["a"], "kitchen").happen("elsewhere", "", 35, ["a"], "attic")
    scene.happen("two", "urn:1", 35, ["a"], "kitchen").happen("two", "urn:2", 35, ["bee"], "kitchen")
    return scene.happen("nothing", "urn:3", 35)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("there", {"a@kitchen"}),
        ("elsewhere", {"a@kitchen", "a@cellar"}),
        ("two", {"a@kitchen", "b@cellar"}),
        ("two#urn:2", {"a@kitchen", "b@cellar"}),
        ("nothing", set()),
    ],
)
def test_an_event_that_moved_nothing_starts_at_what_it_saw(event: str, expected: set[str]) -> None:
    assert starting(looked(), f"event:{event}") == expected


def test_an_event_seen_at_a_read_point() -> None:
    scene = looked()
    scene.facts[0] = replace(scene.facts[0], biz_location=None, read_point="cellar")
    assert starting(scene, "event:there") == {"a@cellar"}


def test_an_event_in_a_window() -> None:
    scene = Scene().hold("a@1", since=5, until=10, event="e").hold("a@2", since=20, event="e").mix("m", [], ["b@1"], 7)
    scene.happen("e").happen("event m")
    assert starting(scene, "event:e") == {"a@1", "a@2"}
    assert starting(scene, "event:e", until=second(15)) == {"a@1"}
    assert starting(scene, "event:e", since=second(15)) == {"a@2"}
    assert starting(scene, "event:event m") == {"b@1"}


def test_an_event_that_opened_contents() -> None:
    scene = Scene().hold("tote@1", since=5, event="e").hold("jam@tote", "container:tote", 6).happen("e")
    assert starting(scene, "event:e") == {"tote@1", "jam@tote"}
    assert starting(scene, "event:e", contents=False) == {"tote@1"}


def test_events_by_every_name() -> None:
    scene = Scene().hold("a@1", event="h#urn:1").hold("b@1", event="h#urn:2#3").hold("c@1", event="k")
    scene.happen("h", "urn:1").happen("h", "urn:2#3").happen("k", "urn:4").happen("l", "urn:5").happen("m", "urn:5")
    scene.happen("n", "urn:6").happen("o", "urn:6")
    scene.facts[-1] = replace(scene.facts[-1], retracts=True)
    assert listed(scene, "event:h") == {"a@1", "b@1"}
    assert listed(scene, "event:h#urn:2#3") == {"b@1"}
    assert listed(scene, "event: urn:4 ") == {"c@1"}
    assert asked(told(scene), "event:urn:4")["question"]["start"] == [{"event": "k"}]
    assert asked(told(scene), "event:urn:6")["question"]["start"] == [{"event": "n"}]
    assert asked(told(scene), "event:h#urn:1")["question"]["start"] == [{"event": "h#urn:1"}]
    with pytest.raises(UsageError, match=r"event 'urn:5' stands for 2 events; ask for one of l, m$"):
        listed(scene, "event:urn:5")
    with pytest.raises(UnknownIdentifier, match=r"^event 'urn:44' is unknown; the nearest known are urn:4, ") as error:
        listed(scene, "event:urn:44")
    assert error.value.nearest[0] == "urn:4"
    assert len(error.value.nearest) == 5


def test_unknown_of_every_kind() -> None:
    scene = Scene().hold("brie/1@1", "site:dairy", party="maker").hold("x@1", "container:dairies")
    store = told(scene)
    for start, words in (
        ("brie/2", "unit 'brie/2' is unknown; the nearest known are brie/1"),
        ("site:dairi", "site 'dairi' is unknown; the nearest known are dairy"),
        ("party:mker", "party 'mker' is unknown; the nearest known are maker"),
        ("product:brio", "product 'brio' is unknown; the nearest known are brie"),
        ("event:never", "event 'never' is unknown; capture its events first, or check the spelling"),
        ("site:zzzz", "site 'zzzz' is unknown; capture its events first, or check the spelling"),
    ):
        with pytest.raises(UnknownIdentifier) as error:
            asked(store, start)
        assert str(error.value) == words


def test_the_most_alike_are_named_first_and_five_at_most() -> None:
    scene = Scene()
    for name in ("cheese7", "cheese6", "cheese5", "cheese4", "cheese3", "cheese2", "chease", "c", "zzzzzzz"):
        scene.hold(f"{name}@1")
    with pytest.raises(UnknownIdentifier) as error:
        asked(told(scene), "cheese")
    assert error.value.nearest == ("cheese2", "cheese3", "cheese4", "cheese5", "cheese6")


def test_places_known_from_master_data_or_from_events_only() -> None:
    scene = Scene().hold("a@1", "site:plant", party="maker").record("site", "planned").record("party", "newcomer")
    scene.happen("seen", "", 5, ["a"], "gate").record("note", "pinned")
    store = told(scene)
    for start in ("site:planned", "party:newcomer", "site:gate", "party:gate"):
        answer = asked(store, start)
        kind, _, name = start.partition(":")
        assert answer["question"]["start"] == [{kind: name}]
        assert ids(answer) == []
    for start in ("site:pinned", "party:pinned"):
        with pytest.raises(UnknownIdentifier):
            asked(store, start)
    near = told(scene.record("site", "plenty").record("party", "making").hold("b@1", "party:mates"))
    with pytest.raises(UnknownIdentifier) as sites:
        asked(near, "site:plenta")
    assert sites.value.nearest == ("plenty", "plant")
    with pytest.raises(UnknownIdentifier) as parties:
        asked(near, "party:makin")
    assert parties.value.nearest == ("making", "maker")


def test_withdrawn_master_data_are_unknown() -> None:
    before, after = Scene().hold("a@1").record("site", "planned"), Scene().hold("a@1")
    after.records.append(Record("site", "planned", withdrawn=True))
    store = told(before, after)
    with pytest.raises(UnknownIdentifier):
        asked(store, "site:planned")
    assert asked(store, "site:planned", as_of=second(5))["result"]["holdings"] == []


def test_sub_locations_by_master_data() -> None:
    scene = Scene().hold("a@1", "site:plant").hold("b@1", "site:shop").record("site", "door", parent="plant")
    scene.records.append(Record("site", "shop", {"children": ["shelf"]}))
    store = told(scene)
    assert asked(store, "site:door")["question"]["start"] == [{"site": "plant"}]
    assert asked(store, "site:shelf")["question"]["start"] == [{"site": "shop"}]
    assert ids(asked(store, "a", "b", at="door")) == ["a@1"]
    assert asked(store, "a", at="door")["question"]["start"] == [{"unit": "a", "at": "plant"}]


def test_a_product_that_is_a_unit_itself() -> None:
    scene = Scene().hold("brie@1").hold("brie/7@1").hold("item@1").member("item", "brie/7").hold("gouda@1")
    assert starting(scene, "product:brie") == {"brie@1", "brie/7@1", "item@1"}
    assert starting(scene, "product:gouda") == {"gouda@1"}


def test_starts_are_named_once_in_order() -> None:
    scene = Scene().hold("b@1").hold("a@1").alias("a", "z").alias("a", "y")
    answer = asked(told(scene), "b", "z", "a", "site:factory", "y", "b")
    assert answer["question"]["start"] == [
        {"site": "factory"},
        {"unit": "a"},
        {"unit": "a", "asked": "y"},
        {"unit": "a", "asked": "z"},
        {"unit": "b"},
    ]


def test_members_and_other_numbers() -> None:
    scene = Scene().hold("lot@1").hold("one@1").hold("two@1").alias("lot", "batch").alias("lot", "charge")
    scene.member("one", "lot").member("two", "charge").member("lot", "batch")
    for number in ("lot", "batch", "charge"):
        assert ids(asked(told(scene), number), "units") == ["lot", "one", "two"]


def test_what_was_held_in_several_stays_counts_from_the_first_on() -> None:
    """The box was in a crate in the tote, then in the tote itself; some of the jam in it was taken out in between."""
    scene = Scene().hold("tote@1", "site:plant", 0, 100).hold("crate@tote", "container:tote", 0, 20)
    scene.hold("box@crate", "container:crate", 0, 20).hold("box@tote", "container:tote", 40, 60)
    scene.hold("jam@box", "container:box", 0, 100).leg("jam@box", "jam@shelf", 30)
    assert "jam@shelf" in listed(scene, "tote")
    assert "jam@shelf" not in listed(scene, "tote", since=second(35))
