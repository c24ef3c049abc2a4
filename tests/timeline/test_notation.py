"""The notation of the goldens: what a line says is what the facts say, and the comparer can tell two worlds apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.timeline.expectations import differences, read_goldens
from tests.timeline.notation import FIRST_DAY, NotationError, World, read_world
from tracegraph.model.custody import Certainty, Gap, Holding, Joint, Leg, Place, PlaceKind, Timeline
from tracegraph.model.facts import Alias, Document, EventFacts, Membership, NamedUnit, Role
from tracegraph.model.master_data import MasterData
from tracegraph.model.quantity import Quantity

HOUR = 3_600_000_000
START = int(FIRST_DAY.timestamp()) * 1_000_000
SIXTY_KILOS = Quantity(Decimal(60), "KGM")


def only(line: str) -> EventFacts:
    """The facts of a table of one line."""
    (facts,) = read_world(line).events
    return facts


class TestEvents:
    def test_a_shipment(self) -> None:
        facts = only("e2  d1 10:00  ship  lot A 60 kg  P -> Q  doc desadv:77")
        assert facts == EventFacts(
            content_hash="e2",
            event_id="e2",
            retracts=False,
            type="ObjectEvent",
            instant=START + 10 * HOUR,
            offset="+00:00",
            action="OBSERVE",
            step="shipping",
            read_point="urn:x-site:P",
            source_place="urn:x-site:P",
            destination_place="urn:x-site:Q",
            documents=(Document("desadv", "77"),),
            named=(NamedUnit("urn:x-lot:A", Role.OBJECT, True, SIXTY_KILOS),),
        )

    def test_a_receipt_stands_where_the_goods_came_to(self) -> None:
        facts = only("e3  d2 08:30  receive  lot A  P -> Q")
        assert facts.instant == START + 32 * HOUR + HOUR // 2
        assert (facts.read_point, facts.biz_location) == ("urn:x-site:Q", "urn:x-site:Q")
        assert facts.named == (NamedUnit("urn:x-lot:A", Role.OBJECT, True, None),)

    def test_seen_at_is_the_read_point(self) -> None:
        facts = only("e3  d2 08:30  receive  lot A  at Q  seen at D")
        assert (facts.read_point, facts.biz_location) == ("urn:x-site:D", "urn:x-site:Q")
        facts = only("e3  d2 08:30  receive  lot A  seen at D")
        assert (facts.read_point, facts.biz_location) == ("urn:x-site:D", None)

    def test_what_leaves_has_no_biz_location(self) -> None:
        facts = only("e3  d2 08:30  ship  lot A  at P  party X -> Y")
        assert (facts.read_point, facts.biz_location, facts.source_place) == ("urn:x-site:P", None, None)
        assert (facts.source_party, facts.destination_party) == ("urn:x-party:X", "urn:x-party:Y")

    def test_an_event_without_a_place(self) -> None:
        facts = only("e3  d2 08:30  destroy  lot A 1 pieces")
        assert (facts.read_point, facts.biz_location, facts.action, facts.step) == (None, None, "DELETE", "destroying")
        assert facts.named[0].quantity == Quantity(Decimal(1), "")

    def test_one_sided_routes_and_owners(self) -> None:
        facts = only("e3  d2 08:30  ship  lot A  -> Q  owner V ->  party -> Y")
        assert (facts.source_place, facts.destination_place) == (None, "urn:x-site:Q")
        assert (facts.source_owner, facts.destination_owner) == ("urn:x-party:V", None)
        assert (facts.source_party, facts.destination_party) == (None, "urn:x-party:Y")

    def test_a_transformation(self) -> None:
        facts = only("e4  d2 date  use  lot A 60 kg, item i => lot B 5.5 kg  at Q  batch t")
        assert (facts.type, facts.action, facts.transformation, facts.day) == ("TransformationEvent", "", "t", True)
        assert facts.named == (
            NamedUnit("urn:x-lot:A", Role.INPUT, True, SIXTY_KILOS),
            NamedUnit("urn:x-item:i", Role.INPUT, False, None),
            NamedUnit("urn:x-lot:B", Role.OUTPUT, True, Quantity(Decimal("5.5"), "KGM")),
        )

    def test_packing(self) -> None:
        facts = only("e5  d2 08:00  pack  item i  into tote T  at Q")
        assert (facts.type, facts.action, facts.step) == ("AggregationEvent", "ADD", "packing")
        assert facts.named == (NamedUnit("urn:x-tote:T", Role.PARENT), NamedUnit("urn:x-item:i", Role.CHILD))

    def test_emptying_names_no_children(self) -> None:
        facts = only("e5  d2 08:00  unpack  all  from tote T  at Q")
        assert (facts.type, facts.action) == ("AggregationEvent", "DELETE")
        assert facts.named == (NamedUnit("urn:x-tote:T", Role.PARENT),)

    @pytest.mark.parametrize(("word", "action"), [("into", "ADD"), ("from", "DELETE"), ("in", "OBSERVE")])
    def test_shipping_a_container_with_its_contents(self, word: str, action: str) -> None:
        facts = only(f"e5  d2 08:00  ship  item i  {word} tote T  P -> Q")
        assert (facts.type, facts.action, facts.step) == ("AggregationEvent", action, "shipping")

    def test_an_association_is_no_packing(self) -> None:
        facts = only("e5  d2 08:00  attach  item i  to tote T  at P")
        assert (facts.type, facts.action) == ("AssociationEvent", "ADD")

    def test_other_types_actions_and_steps(self) -> None:
        facts = only("e5  d2 08:00  ship  lot A  P -> Q  as TransactionEvent  as ADD  as departing")
        assert (facts.type, facts.action, facts.step) == ("TransactionEvent", "ADD", "departing")

    def test_documents_without_a_type(self) -> None:
        assert only("e5  d2 08:00  ship  lot A  P -> Q  doc :9  doc po:8").documents == (
            Document("", "9"),
            Document("po", "8"),
        )

    def test_aliases_and_members(self) -> None:
        facts = only("e5  d2 08:00  make  lot A  at P  alias A2")
        assert facts.aliases == (Alias("urn:x-lot:A", "urn:x-lot:A2"),)
        facts = only("e5  d2 08:00  make  item i, item k  at P  member of lot L")
        assert facts.memberships == (
            Membership("urn:x-item:i", "urn:x-lot:L"),
            Membership("urn:x-item:k", "urn:x-lot:L"),
        )

    def test_event_ids(self) -> None:
        assert only("e5  d2 08:00  make  lot A  id x").event_id == "x"
        assert only("e5  d2 08:00  make  lot A  id none").event_id == ""


class TestOtherLines:
    def test_a_retraction_is_the_original_with_the_mark(self) -> None:
        declaration, original = read_world("x  retracts e1\ne1  d1 08:00  make  lot A  at P").events
        assert declaration.retracts
        assert not original.retracts
        assert (declaration.content_hash, declaration.event_id) == ("e1", "e1")

    def test_copies_with_other_ids_and_content(self) -> None:
        world = read_world("e1  d1 08:00  make  lot A  at P\nx  copies e1 id none\ny  retracts e1 content c id z")
        assert [(event.content_hash, event.event_id) for event in world.events] == [
            ("e1", "e1"),
            ("e1", ""),
            ("c", "z"),
        ]

    def test_master_data_of_one_site_is_one_element(self) -> None:
        world = read_world("site P contains D\nsite P contains E\nsite P run by X\nsite F lies in P")
        assert world.master == [
            MasterData("site", "urn:x-site:P", children=("urn:x-site:D", "urn:x-site:E"), party="urn:x-party:X"),
            MasterData("site", "urn:x-site:F", parent="urn:x-site:P"),
        ]

    def test_names_for_given_keys(self) -> None:
        world = read_world(
            "e1  d1 08:00  make  lot G  at P\nname G = https://id.gs1.org/01/04012345123456\n# a comment"
        )
        assert world.events[0].named[0].unit == "https://id.gs1.org/01/04012345123456"
        assert world.names.name("https://id.gs1.org/01/04012345123456") == "G"
        assert world.names.name("urn:x-site:P") == "P"
        assert world.names.name("urn:x-site:unheard-of") == "urn:x-site:unheard-of"

    @pytest.mark.parametrize(
        "line",
        [
            "e1  d1 08:00  invent  lot A",
            "e1  day 08:00  make  lot A",
            "e1  d1 noon  make  lot A",
            "e1  d1 08:00  make  lot A 5 bushels",
            "e1  d1 08:00  make  lot",
            "e1  d1 08:00  make  lot A  near P",
            "e1  d1 08:00  make  lot A  doc 77",
            "e1  d1 08:00  pack  lot A  into box T",
            "e1  d1 08:00  make  item i  member lot L",
            "x  retracts e9",
            "site P eats D",
        ],
    )
    def test_what_cannot_be_read(self, line: str) -> None:
        with pytest.raises(NotationError) as caught:
            read_world(line)
        assert line in str(caught.value)


TABLE = """
=== a use
shows: a sentence
events:
  e1  d1 08:00  make  lot A 100 kg                at P
  e2  d2 08:00  use   lot A 60 kg => lot B 60 kg  at P
{}
"""


def kilos(amount: int) -> Quantity:
    return Quantity(Decimal(amount), "KGM")


def compiled(world: World, certainty: Certainty = Certainty.CONFIRMED) -> dict[str, Timeline]:
    """The table above, compiled by hand."""
    lot, product, place = "urn:x-lot:A", "urn:x-lot:B", Place(PlaceKind.SITE, "urn:x-site:P")
    held = Holding("h1", lot, place, world.events[0].instant, None, "e1", "object", None, None, kilos(100), kilos(40))
    made = Holding("h2", product, place, world.events[1].instant, None, "e2", "output")
    joint = Joint("j", "e2", ("e2",), place, world.events[1].instant)
    into = Leg("h1", "j", "e2", certainty, "input", 1, joint.instant)
    out = Leg("j", "h2", "e2", Certainty.CONFIRMED, "output", 0, joint.instant)
    gap = Gap("never_received", lot, "urn:x-site:P", "e1", ask=("urn:x-site:P",))
    return {
        lot: Timeline(lot, "lot", holdings=(held,), legs=(into,), gaps=(gap,)),
        product: Timeline(product, "lot", holdings=(made,), legs=(out,)),
        "transformation:e2": Timeline("transformation:e2", "transformation", joints=(joint,)),
    }


def sections_that_differ(expected: str, certainty: Certainty = Certainty.CONFIRMED) -> list[str]:
    (golden,) = read_goldens("file", TABLE.format(expected))
    world = golden.world()
    return [difference.section for difference in differences(golden, compiled(world, certainty), world)]


RIGHT = [
    "units:\n  A lot\n  B lot",
    "holdings:\n  A@P/e1\n  B@P/e2",
    "holdings:\n  A@P/e1  100 kg  left 40 kg  party nobody\n  B@P/e2  unknown",
    "holdings include:\n  B@P/e2",
    "legs:\n  A@P/e1 -> [e2]  by e2  confirmed\n  [e2] -> B@P/e2    by e2   confirmed",
    "legs include:\n  [e2] -> B@P/e2    by e2   confirmed",
    "gaps:\n  never_received A e1  at P  ask P",
    "gaps:\n  never_received * *",
    "gaps:\n  maybe never_received A e1\n  maybe born_late A e1",
    "gaps include:\n  * A e1",
    "reach:\n  A@P/e1 forward confirmed: units A, B\n  B backward possible: at A@P, B@P",
    "reach:\n  A@P forward possible: transit none",
    "reach:\n  B@P/e2 backward confirmed: holdings B@P/e2, A@P/e1",
    "count:\n  legs at most 2",
]
WRONG = [
    "units:\n  A item\n  B lot",
    "holdings:\n  A@P/e1",
    "holdings:\n  A@P/e1  90 kg\n  B@P/e2",
    "holdings:\n  A@P/e1  100 kg  left 41 kg\n  B@P/e2",
    "holdings include:\n  A@P/e1  90 kg",
    "holdings include:\n  A@Q/e1",
    "legs:\n  [e2] -> B@P/e2    by e2   confirmed",
    "legs:\n  A@P/e1 -> [e2]  by e2  possible\n  [e2] -> B@P/e2    by e2   confirmed",
    "legs include:\n  [e2] -> A@P/e1    by e2   confirmed",
    "gaps:\n  none",
    "gaps:\n  never_received A e1  at Q",
    "gaps:\n  never_received A e1  ask Q",
    "gaps:\n  never_received A e1\n  born_late A e1",
    "gaps include:\n  born_late A e1",
    "reach:\n  A@P/e1 forward confirmed: units A",
    "reach:\n  A@Q forward confirmed: units none",
    "reach:\n  A@P/e1 backward possible: units A, B",
    "count:\n  legs at most 1",
]


class TestExpectations:
    @pytest.mark.parametrize("expected", RIGHT)
    def test_what_is_right(self, expected: str) -> None:
        assert sections_that_differ(expected) == []

    @pytest.mark.parametrize("expected", WRONG)
    def test_what_is_wrong(self, expected: str) -> None:
        assert sections_that_differ(expected) == [expected.partition(":")[0]]

    def test_confirmed_does_not_follow_possible_legs(self) -> None:
        line = "reach:\n  A@P/e1 forward confirmed: units A\n  A@P/e1 forward possible: units A, B"
        assert sections_that_differ(line, Certainty.POSSIBLE) == []

    @pytest.mark.parametrize("body", ["grabs:\n  none", "", "reach:\n  A looks forward"])
    def test_goldens_that_cannot_be_read(self, body: str) -> None:
        with pytest.raises(NotationError):
            sections_that_differ(body)
