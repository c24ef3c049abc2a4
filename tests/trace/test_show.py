"""What `show` tells of a unit, an event, a site, a party and a product: complete results, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.trace.memory import MemoryStore
from tracegraph.contract.scenes import SECOND, Scene
from tracegraph.contract.tracing import ids
from tracegraph.model.facts import Document, EventFacts, NamedUnit, Role
from tracegraph.model.quantity import Quantity
from tracegraph.model.record import Record
from tracegraph.trace.origin import origin
from tracegraph.trace.question import ask
from tracegraph.trace.register import Register
from tracegraph.trace.show import show
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import trace
from tracegraph.trace.whereabouts import whereabouts


def told(*scenes: Scene) -> MemoryStore:
    """A store that knows the scenes, one after the other, ten seconds apart."""
    store = MemoryStore(5)
    for number, scene in enumerate(scenes):
        scene.put_into(store, recorded_at=10 * number + 1)
    return store


def shown(store: MemoryStore, start: str, **options: Any) -> dict[str, Any]:
    answer = show(store, ask(start, kind="show", **options)).envelope
    assert answer["question"]["kind"] == "show"
    return answer


def hop(source: str, target: str, second: int, rule: str = "document", certainty: str = "confirmed") -> dict[str, str]:
    return {
        "from": source,
        "to": target,
        "event": f"{source}>{target}",
        "rule": rule,
        "certainty": certainty,
        "instant": f"1970-01-01T00:00:{second:02}Z",
    }


def bakery() -> Scene:
    """Flour comes from the mill, bread is baked of it and of salt, and one loaf may have gone to a stall."""
    scene = Scene().hold("flour@mill", "site:mill", 0, 10, "miller").hold("flour@road", "transit:cart", 10, 20)
    scene.hold("flour@bakery", "site:bakery", 20, 30, "baker").hold("salt@bakery", "site:bakery", 5, None, "baker")
    scene.leg("flour@mill", "flour@road", 10).leg("flour@road", "flour@bakery", 20)
    scene.hold("bread/1@bakery", "site:bakery", 30, None, "baker", event="event baking")
    scene.mix("baking", ["flour@bakery", "salt@bakery"], ["bread/1@bakery"], 30)
    scene.hold("bread/1@stall", "site:stall", 40, None, "hawker").leg(
        "bread/1@bakery", "bread/1@stall", 40, possible=True
    )
    return scene


def packing() -> EventFacts:
    return EventFacts(
        content_hash="packing",
        event_id="urn:1",
        retracts=False,
        type="AggregationEvent",
        instant=10 * SECOND,
        offset="+02:00",
        action="ADD",
        step="packing",
        disposition="in_progress",
        read_point="dock",
        biz_location="bakery",
        transformation="batch",
        documents=(Document("desadv", "7"),),
        named=(
            NamedUnit("tote", Role.PARENT),
            NamedUnit("bread/1", Role.CHILD, True, Quantity(Decimal("1.50"), "KGM")),
        ),
    )


PACKING = {
    "id": "packing",
    "event_id": "urn:1",
    "retracts": False,
    "type": "AggregationEvent",
    "time": "1970-01-01T00:00:10Z",
    "offset": "+02:00",
    "action": "ADD",
    "step": "packing",
    "disposition": "in_progress",
    "read_point": "dock",
    "biz_location": "bakery",
    "transformation": "batch",
    "documents": [{"type": "desadv", "id": "7"}],
    "units": [
        {"id": "tote", "role": "parent", "quantity": None},
        {"id": "bread/1", "role": "child", "quantity": {"value": "1.5", "unit": "KGM"}},
    ],
}


def test_a_unit() -> None:
    scene = bakery().alias("bread/1", "loaf 1").alias("bread/1", "brot 1").member("bread/1", "day 1")
    scene.member("slice", "bread/1").alias("day 1", "monday").hold("slice@stall", "site:stall", 41)
    scene.hold("seed@1", "container:bread/1", 2).hold("seed@2", "container:bread/1", 4).hold("ant@1", "container:tote")
    scene.facts += [packing(), replace(packing(), event_id="urn:0"), replace(packing(), event_id="", instant=0)]
    scene.happen("other", "urn:9", 1, ["salt"]).happen("named by number", "urn:8", 11, ["loaf 1"])
    answer = shown(told(scene), "bread/1")
    assert answer["question"]["start"] == [{"unit": "bread/1"}]
    assert ids(answer) == ["bread/1@bakery", "bread/1@stall"]
    told_of = answer["result"]["shown"]
    events = told_of.pop("events")
    assert told_of == {
        "aliases": ["brot 1", "loaf 1"],
        "lots": ["day 1"],
        "members": ["slice"],
        "contents": ["seed"],
    }
    assert [(event["time"][-3:-1], event["id"], event["event_id"]) for event in events] == [
        ("00", "packing", ""),
        ("10", "packing", "urn:0"),
        ("10", "packing", "urn:1"),
        ("11", "named by number", "urn:8"),
    ]
    assert events[2] == PACKING


def test_a_lot_is_named_by_its_own_number_even_where_the_item_knows_another() -> None:
    scene = Scene().hold("item@1").hold("lot@1").alias("lot", "batch").member("item", "batch")
    assert shown(told(scene), "item")["result"]["shown"]["lots"] == ["lot"]


def test_a_unit_only_known_as_a_lot_of_members_has_nothing_of_its_own() -> None:
    answer = shown(told(Scene().hold("item@1").member("item", "lot")), "lot")
    assert ids(answer) == []
    assert answer["result"]["units"] == [
        {"id": "lot", "kind": "lot", "product": None, "distance": 0, "certainty": "confirmed"}
    ]
    assert answer["result"]["shown"] == {"aliases": [], "lots": [], "members": ["item"], "contents": [], "events": []}
    assert answer["result"]["hops"] == []


def test_a_unit_stands_in_time_order_with_its_own_hops() -> None:
    scene = bakery().hold("flour@a", "site:mill", 20).leg("flour@mill", "flour@a", 20, cost=0, rule="carried")
    answer = shown(told(scene), "flour")
    assert ids(answer) == ["flour@mill", "flour@road", "flour@a", "flour@bakery"]
    assert answer["result"]["hops"] == [
        hop("flour@mill", "flour@road", 10),
        hop("flour@mill", "flour@a", 20, "carried"),
        hop("flour@road", "flour@bakery", 20),
    ]
    assert {row["id"]: row["state"] for row in answer["result"]["holdings"]} == {
        "flour@mill": "on_hand",
        "flour@road": "in_transit",
        "flour@a": "on_hand",
        "flour@bakery": "consumed",
    }
    assert {row["distance"] for row in answer["result"]["holdings"]} == {0}
    assert {row["certainty"] for row in answer["result"]["holdings"]} == {"confirmed"}, "nothing leads to the first"
    assert all("direction" not in row for row in answer["result"]["holdings"])
    assert answer["result"]["events"] == [
        "flour@mill>flour@road",
        "flour@road>flour@bakery",
        "opened flour@a",
        "opened flour@bakery",
        "opened flour@mill",
        "opened flour@road",
    ]


def test_a_holding_is_confirmed_where_something_confirmed_leads_to_it_or_nothing_does() -> None:
    scene = bakery().hold("bread/1@fair", "site:fair", 50).leg("bread/1@bakery", "bread/1@fair", 50, possible=True)
    scene.leg("bread/1@stall", "bread/1@fair", 45).leg("bread/1@bakery", "bread/1@fair", 52, possible=True, rule="x")
    answer = shown(told(scene), "bread/1")
    assert [(row["id"], row["certainty"]) for row in answer["result"]["holdings"]] == [
        ("bread/1@bakery", "confirmed"),
        ("bread/1@stall", "possible"),
        ("bread/1@fair", "confirmed"),
    ]
    assert [(found["to"], found["certainty"]) for found in answer["result"]["hops"]] == [
        ("bread/1@stall", "possible"),
        ("bread/1@fair", "confirmed"),
        ("bread/1@fair", "possible"),
        ("bread/1@fair", "possible"),
    ]


def test_an_event_shows_what_it_opened_made_and_from_where_it_came() -> None:
    scene = bakery().happen("event baking", "urn:2", 30)
    answer = shown(told(scene), "event:urn:2")
    assert ids(answer) == ["bread/1@bakery"]
    sites = [{"id": "bakery", "certainty": "confirmed"}, {"id": "factory", "certainty": "confirmed"}]
    assert answer["result"]["sites"] == sites, "the place of the bread and that of the transformation"
    assert [(found["from"], found["to"]) for found in answer["result"]["hops"]] == [("baking", "bread/1@bakery")]
    assert answer["result"]["events"] == ["baking>bread/1@bakery", "event baking"]


def test_an_event_that_moved_goods_shows_where_they_were_before() -> None:
    scene = Scene().hold("a@1", since=0).hold("a@2", "site:shop", 10, event="move").hold("b@2", since=1)
    scene.leg("a@1", "a@2", 10).leg("b@2", "a@2", 9)
    scene.legs[0] = replace(scene.legs[0], event="move")
    answer = shown(told(scene.happen("move", "urn:3", 10)), "event:move")
    assert ids(answer) == ["a@1", "a@2"]
    assert [(found["from"], found["to"]) for found in answer["result"]["hops"]] == [("a@1", "a@2")]
    assert {row["id"] for row in answer["result"]["units"]} == {"a"}


def test_an_event_that_shares_its_content_is_shown_by_its_own_name() -> None:
    scene = Scene().hold("a@1", event="h#urn:1").hold("a@2", event="h#urn:2", since=1)
    store = told(scene.happen("h", "urn:1").happen("h", "urn:2").happen("x", "urn:1"))
    one = shown(store, "event:h#urn:2")
    assert ids(one) == ["a@2"]
    assert [(event["id"], event["event_id"], event["position"]) for event in one["result"]["shown"]["events"]] == [
        ("h", "urn:2", 2)
    ]
    both = shown(store, "event:h")
    assert ids(both) == ["a@1", "a@2"]
    assert [event["position"] for event in both["result"]["shown"]["events"]] == [1, 2]


def test_an_event_is_shown_with_everything_recorded() -> None:
    scene = Scene().hold("bread/1@1")
    scene.facts.append(packing())
    answer = shown(told(scene), "event:packing")
    assert answer["result"]["shown"] == {"events": [PACKING | {"position": 1}]}


def test_a_site_a_party_and_a_product_with_their_master_data() -> None:
    scene = bakery()
    for kind, key in (("site", "bakery"), ("site", "mill"), ("party", "baker"), ("product", "bread")):
        scene.records.append(Record(kind, key, {"name": f"The {key}"}))
    scene.records.append(
        Record("product", "cake", {"attributes": {"b": Decimal("1.50"), "a": [Decimal("2E+1"), None]}})
    )
    store = told(scene.hold("cake/3@bakery", "site:bakery", 31, None, "baker"))
    site = shown(store, "site:bakery")
    assert ids(site) == ["salt@bakery", "flour@bakery", "bread/1@bakery", "cake/3@bakery"]
    assert [record["name"] for record in site["result"]["shown"]["records"]] == ["The bakery"]
    party = shown(store, "party:baker")
    assert ids(party) == ids(site)
    assert [(record["kind"], record["id"]) for record in party["result"]["shown"]["records"]] == [("party", "baker")]
    product = shown(store, "product:bread")
    assert ids(product) == ["bread/1@bakery", "bread/1@stall"]
    assert [record["name"] for record in product["result"]["shown"]["records"]] == ["The bread"]
    assert shown(store, "product:cake")["result"]["shown"] == {
        "records": [
            {
                "attributes": {"a": ["20", None], "b": "1.5"},
                "children": [],
                "country": None,
                "id": "cake",
                "kind": "product",
                "latitude": None,
                "longitude": None,
                "name": None,
                "parent": None,
                "party": None,
            }
        ]
    }


def test_keys_of_a_record_are_sorted() -> None:
    records = shown(told(bakery().record("site", "bakery", party="baker")), "site:bakery")["result"]["shown"]["records"]
    assert list(records[0]) == sorted(records[0])


def test_children_of_a_site() -> None:
    scene = bakery()
    scene.records.append(Record("site", "bakery", {"children": ["oven", "yard"], "party": "baker"}))
    record = shown(told(scene), "site:bakery")["result"]["shown"]["records"][0]
    assert (record["children"], record["party"]) == (["oven", "yard"], "baker")


def test_gaps_known_time_and_language() -> None:
    later = (
        bakery().gap("never_received", "flour@road").hold("flour@new", since=60).leg("flour@bakery", "flour@new", 60)
    )
    store = told(bakery(), later)
    now, then = shown(store, "flour"), shown(store, "flour", as_of="1970-01-01T00:00:05Z")
    assert "flour@new" in ids(now)
    assert "flour@new" not in ids(then)
    assert (now["complete"], then["complete"]) == (False, True)
    assert [gap["kind"] for gap in now["gaps"]] == ["never_received"]
    chinese = show(store, ask("flour", kind="show"), "zh").envelope
    assert chinese["gaps"][0]["message"] != now["gaps"][0]["message"]
    assert {**chinese, "gaps": []} == {**now, "gaps": []}


def test_a_given_register_is_used() -> None:
    store = told(bakery(), bakery().hold("flour@new", since=60))
    before = Register(Snapshot.of(store, 5 * SECOND))
    answer = show(store, ask("flour", kind="show"), register=before).envelope
    assert "flour@new" not in ids(answer)
    assert answer["as_of"]["ledger"]["count"] == 1


def test_every_answer_comes_with_the_graph_of_what_it_lists() -> None:
    store = told(bakery())
    answers = [
        show(store, ask("flour", kind="show")),
        trace(store, ask("flour")),
        origin(store, ask("flour", kind="origin")),
        whereabouts(store, ask("flour", kind="where")),
    ]
    for answer in answers:
        listed = {row["id"] for row in answer.envelope["result"]["holdings"]}
        assert {holding.id for _, holding in answer.trail.holdings} == listed
        assert listed
