"""The answer to the byte, whereabouts, origin and show on one small story."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import Scene
from tracegraph.contract.tracing import asked, ids, resumed
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.identifiers import supplier_lot
from tracegraph.model.custody import Holding, Place, PlaceKind
from tracegraph.model.quantity import Quantity
from tracegraph.trace import reach as reaching
from tracegraph.trace.envelope import decimal_text, to_json
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Limits, ask
from tracegraph.trace.show import show
from tracegraph.trace.states import state
from tracegraph.trace.tracing import earlier_answer, trace
from tracegraph.trace.whereabouts import whereabouts


def kilos(value: str) -> Quantity:
    return Quantity(Decimal(value), "KGM")


def story() -> Scene:
    """Cocoa is packed into a sack, the sack into a container that sails; of the rest some is ground and sampled."""
    scene = Scene().hold("cocoa@farm", "site:farm", 0, None, "farmer", quantity=kilos("100.0"), remaining=kilos("40"))
    scene.hold("cocoa@sack", "container:sack", 10, None, quantity=kilos("60")).leg("cocoa@farm", "cocoa@sack", 10)
    scene.hold("sack@farm", "site:farm", 0, 20, "farmer").hold("sack@ship", "container:ship", 20)
    scene.leg("sack@farm", "sack@ship", 20)
    scene.hold("ship@port", "site:port", 0, 30, "line").hold("ship@sea", "transit:sails", 30, 50)
    scene.hold("ship@harbour", "site:harbour", 50, None, "line")
    scene.leg("ship@port", "ship@sea", 30).leg("ship@sea", "ship@harbour", 50, possible=True)
    scene.mix("grinding", ["cocoa@farm"], ["powder@farm"], 15)
    scene.hold("powder@lab", "sink:sampling", 16).leg("powder@farm", "powder@lab", 16)
    return scene


def told(scene: Scene) -> MemoryStore:
    store = MemoryStore(3)
    scene.put_into(store)
    return store


def where(store: MemoryStore, *units: str, **options: Any) -> dict[str, Any]:
    return whereabouts(store, ask(*units, kind="where", **options)).envelope


def test_the_envelope_to_the_byte() -> None:
    scene = Scene().hold("a@1", "site:s", 0, None, "p", event="e", quantity=kilos("1.50")).gap("no_lot_number", "a@1")
    answer = asked(told(scene), "a")
    head = answer["as_of"]["ledger"]["head"]
    assert to_json(answer).decode() == (
        '{"tracegraph":"0.1.0","question":{"kind":"trace","direction":"forward","start":[{"unit":"a"}],'
        '"certainty":"possible","assumptions":{},"limits":{"max_hops":null,"max_steps":null,"max_nodes":null,'
        '"max_seconds":null},"contents":true,"paths":0,"as_of":null},'
        '"as_of":{"known":"1970-01-01T00:00:01Z","ledger":{"count":1,"head":"' + head + '"}},'
        '"complete":false,"frontier":[],"gaps":[{"kind":"no_lot_number","unit":"a","place":"",'
        '"event":"event of no_lot_number","ask":[],"message":"a was recorded without a lot number, so it could be any '
        'lot of this product.","holding":"a@1","detail":""}],"result":{"units":[{"id":"a","kind":"lot","product":null,'
        '"distance":0,"certainty":"confirmed"}],"holdings":[{"id":"a@1","unit":"a","place":{"kind":"site","id":"s"},'
        '"party":"p","owner":null,"since":"1970-01-01T00:00:00Z","until":null,"quantity":{"value":"1.5","unit":"KGM"},'
        '"remaining":null,"state":"on_hand","certainty":"confirmed","distance":0,"event":"e","sublocation":null,'
        '"destination":null}],"events":["e"],"sites":[{"id":"s","certainty":"confirmed"}],'
        '"parties":[{"id":"p","certainty":"confirmed"}],"paths":[]}}'
    )


def test_sites_and_parties_of_containers_belong_to_what_is_in_them() -> None:
    answer = asked(told(story()), "cocoa")
    assert [(row["id"], row["certainty"]) for row in answer["result"]["sites"]] == [
        ("factory", "confirmed"),
        ("farm", "confirmed"),
        ("harbour", "possible"),
        ("port", "confirmed"),
    ]
    assert [row["id"] for row in answer["result"]["parties"]] == ["farmer", "line"]


def test_what_was_taken_out_is_only_possibly_where_the_container_went_next() -> None:
    scene = Scene().hold("tote@1", "site:a", 0, 10).hold("tote@2", "site:b", 10).leg("tote@1", "tote@2", 10)
    scene.hold("pie@tote", "container:tote", 1).leg("pie@tote", "pie@a", 5, possible=True)
    sites = asked(told(scene), "pie")["result"]["sites"]
    assert {row["id"]: row["certainty"] for row in sites} == {"a": "confirmed", "b": "possible", "factory": "confirmed"}


def test_carried_goods_were_moved_by_no_event() -> None:
    scene = Scene().hold("a@1", event="first").hold("a@2", event="second").leg("a@1", "a@2", cost=0, rule="carried")
    assert asked(told(scene), "a")["result"]["events"] == ["first", "second"]


def test_whereabouts_now_nested() -> None:
    answer = where(told(story()), "cocoa")
    rows = {row["id"]: row for row in answer["result"]["holdings"]}
    assert set(rows) == {"cocoa@farm", "cocoa@sack"}
    assert rows["cocoa@farm"]["remaining"] == {"value": "40", "unit": "KGM"}
    assert rows["cocoa@farm"]["state"] == "on_hand"
    inside = rows["cocoa@sack"]["inside"]
    assert [(spot["unit"], spot["place"], spot["certainty"]) for spot in inside] == [
        ("sack", {"kind": "container", "id": "ship"}, "confirmed"),
        ("ship", {"kind": "site", "id": "harbour"}, "possible"),
    ]
    assert ids(answer, "sites") == ["farm", "harbour"]


def test_whereabouts_on_a_day_ignore_what_came_later() -> None:
    answer = where(told(story()), "cocoa", on="1970-01-01T00:00:12Z")
    rows = {row["id"]: row for row in answer["result"]["holdings"]}
    assert rows["cocoa@farm"]["remaining"] is None
    assert [spot["place"]["id"] for spot in rows["cocoa@sack"]["inside"]] == ["farm"]
    early = where(told(story()), "cocoa", on="1970-01-01T00:00:05Z")["result"]["holdings"]
    assert [(row["id"], row["remaining"]["value"]) for row in early] == [("cocoa@farm", "100")]
    assert where(told(story()), "cocoa", on="1969-12-31T00:00:00Z")["result"]["holdings"] == []


def test_whereabouts_of_what_is_gone() -> None:
    scene = story().hold("beans@1", "site:mill", 0, 9).mix("milling", ["beans@1"], ["flour@1"], 9)
    scene.hold("lost@1", "site:mill", 0, 9).hold("gone@1", "site:mill", 0, 9).hold("gone@2", "sink:retail_selling", 9)
    scene.leg("gone@1", "gone@2", 9)
    store = told(scene)
    found = {row["unit"]: row["state"] for row in where(store, "powder", "beans", "lost", "gone")["result"]["holdings"]}
    assert found == {"powder": "consumed", "beans": "consumed", "lost": "unaccounted", "gone": "sold"}
    on_the_way = where(store, "beans", on="1970-01-01T00:00:08Z")["result"]["holdings"]
    assert [(row["state"], row["until"]) for row in on_the_way] == [("on_hand", None)]


def test_a_whereabout_reached_only_by_possible_legs_is_possible() -> None:
    answer = where(told(story()), "ship")
    assert [(row["id"], row["certainty"]) for row in answer["result"]["holdings"]] == [("ship@harbour", "possible")]


def test_where_is_asked_of_units_only() -> None:
    with pytest.raises(UsageError, match="where a unit"):
        where(told(story()), "site:farm")


def test_origin_names_sources_their_gaps_and_every_hop() -> None:
    store = told(story().gap("unknown_origin", "cocoa@farm"))
    answer = origin(store, ask("powder", kind="origin", direction="backward")).envelope
    assert [(row["unit"], row["place"]["id"], row["gaps"]) for row in answer["result"]["sources"]] == [
        ("cocoa", "farm", ["unknown_origin"])
    ]
    assert [(hop["from"], hop["to"]) for hop in answer["result"]["hops"]] == [
        ("cocoa@farm", "grinding"),
        ("grinding", "powder@farm"),
        ("powder@farm", "powder@lab"),
    ]
    assert answer["complete"] is False


def test_goods_that_go_round_in_a_circle_have_an_earliest_source() -> None:
    scene = Scene().hold("a@1", since=5).hold("a@2", since=3).leg("a@1", "a@2").leg("a@2", "a@1").leg("a@1", "b@1")
    answer = origin(told(scene), ask("b", kind="origin", direction="backward")).envelope
    assert [row["holding"] for row in answer["result"]["sources"]] == ["a@2"]


def test_show_tells_the_timeline() -> None:
    scene = story().alias("cocoa", "kakao").member("cocoa", "harvest").happen("packed", "urn:1", 10, ["kakao"])
    answer = show(told(scene), ask("kakao", kind="show")).envelope
    assert ids(answer) == ["cocoa@farm", "cocoa@sack"]
    shown = answer["result"]["shown"]
    assert (shown["aliases"], shown["lots"], shown["contents"]) == (["kakao"], ["harvest"], [])
    assert [event["event_id"] for event in shown["events"]] == ["urn:1"]
    event = show(told(scene), ask("event:urn:1", kind="show")).envelope["result"]["shown"]["events"]
    assert [(row["id"], row["time"]) for row in event] == [("packed", "1970-01-01T00:00:10Z")]
    assert ids(show(told(scene), ask("site:port", kind="show")).envelope) == ["ship@port"]


def test_a_suppliers_lot_number() -> None:
    one, other = supplier_lot("urn:x:anna", "77"), supplier_lot("urn:x:bert", "77")
    store = told(Scene().hold("jam@1").alias("jam", one).alias("jam", supplier_lot("urn:x:anna", "5")))
    assert asked(store, "77")["question"]["start"] == [{"unit": "jam", "asked": "77"}]
    assert ids(asked(store, one), "units") == ["jam"]
    both = told(Scene().hold("jam@1").hold("pie@1").alias("jam", one).alias("pie", other))
    with pytest.raises(UsageError, match="jam, pie"):
        asked(both, "77")


def test_unknown_names_the_nearest() -> None:
    store = told(story())
    for start, nearest in (("cacao", "cocoa"), ("site:harbor", "harbour"), ("party:farmr", "farmer")):
        with pytest.raises(UnknownIdentifier) as error:
            asked(store, start)
        assert error.value.nearest[0] == nearest
        assert nearest in str(error.value)
    with pytest.raises(UnknownIdentifier, match="capture its events first"):
        asked(MemoryStore(), "x")


def test_sub_locations_belong_to_their_site() -> None:
    site = "https://id.gs1.org/414/9521234567899"
    store = told(Scene().hold("a@1", f"site:{site}"))
    assert asked(store, f"site:{site}/254/door7")["question"]["start"] == [{"site": site}]
    assert asked(store, "site:9521234567899")["question"]["start"] == [{"site": site}]


def test_time_runs_out_and_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    for number in range(9):
        scene.leg(f"u{number}@1", f"u{number + 1}@1", number)
    store = told(scene)
    clock = iter(range(1000))
    monkeypatch.setattr(reaching, "monotonic", lambda: next(clock))
    cut = asked(store, "u0", limits=Limits(max_seconds=3))
    assert [entry["holding"] for entry in cut["frontier"]] == ["u3@1"]
    assert cut["complete"] is False
    further = resumed(store, cut, Limits(max_seconds=3))
    assert len(further["result"]["units"]) > len(cut["result"]["units"])
    assert resumed(store, further)["result"] == asked(store, "u0")["result"]


def test_an_answer_of_another_ledger_cannot_be_resumed() -> None:
    answer = asked(told(story()), "cocoa", limits=Limits(max_hops=0))
    with pytest.raises(UsageError, match="another ledger"):
        resumed(told(Scene().hold("cocoa@farm").record("note", "other")), answer)
    broken: dict[str, Any]
    for broken in ({}, {"question": {}}, json.loads('{"question":{"kind":"where","direction":"forward"}}')):
        with pytest.raises(UsageError, match="no answer to a trace"):
            earlier_answer(broken)


def test_resuming_stays_with_what_was_known_then() -> None:
    store = told(story())
    cut = asked(store, "cocoa", limits=Limits(max_hops=0))
    story().hold("powder@new", since=99).leg("powder@farm", "powder@new", 99).put_into(store, 50)
    whole = resumed(store, cut)
    assert "powder@new" not in ids(whole)
    assert "powder@new" in ids(asked(store, "cocoa"))


def test_what_left_before_a_container_is_asked_for_is_not_its_content() -> None:
    scene = (
        Scene()
        .hold("tote@1", "site:a", 0)
        .hold("pie@tote", "container:tote", 1)
        .leg("jam@1", "pie@tote", possible=True)
    )
    certainties = {row["id"]: row["certainty"] for row in asked(told(scene), "tote")["result"]["holdings"]}
    assert certainties == {"tote@1": "confirmed", "pie@tote": "possible"}


@pytest.mark.parametrize(
    ("place", "until", "moved", "consumed", "expected"),
    [
        ("site:a", None, False, False, "on_hand"),
        ("party:a", None, True, True, "on_hand"),
        ("transit:e", None, False, False, "in_transit"),
        ("container:c", None, False, False, "packed"),
        ("unknown:", None, True, False, "unaccounted"),
        ("site:a", 9, True, True, "on_hand"),
        ("site:a", 9, False, True, "consumed"),
        ("site:a", 9, False, False, "unaccounted"),
        ("unknown:", 9, False, True, "unaccounted"),
        ("sink:retail_selling", None, False, False, "sold"),
        ("sink:dispensing", None, False, False, "sold"),
        ("sink:sampling", None, False, False, "consumed"),
        ("sink:destroying", None, False, False, "destroyed"),
        ("sink:", None, False, False, "destroyed"),
    ],
)
def test_states(place: str, until: int | None, moved: bool, consumed: bool, expected: str) -> None:
    kind, _, name = place.partition(":")
    holding = Holding("h", "u", Place(PlaceKind(kind), name), 0, until, "e", "object")
    assert state(holding, moved, consumed) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.10", "0.1"),
        ("-0.0", "0"),
        ("0.000", "0"),
        ("1.000", "1"),
        ("-2.50", "-2.5"),
    ],
)
def test_decimals(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


def test_half_a_letter_stays_json() -> None:
    assert json.loads(to_json({"unit": "\ud800"})) == {"unit": "\ud800"}


def test_paths_in_both_directions_name_theirs() -> None:
    answer = trace(told(story()), ask("powder", direction="both", paths=1)).envelope
    assert [(path["unit"], path["direction"], len(path["hops"])) for path in answer["result"]["paths"]] == [
        ("cocoa", "backward", 2)
    ]
