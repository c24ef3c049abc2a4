"""Single deliveries, told in a few lines: what is said of each, and what is said of goods that nobody received."""

from __future__ import annotations

from tests.recall.consignees.told import Told, captured
from tracegraph.recall.consignees import Consignees, Delivery, consignees, distribution

CHAIN = """
    site P run by O
    site Q run by X
    site R run by Y
    site S run by Y
"""


def told(table: str, *lots: str, owner: str | None = "urn:x-party:O") -> Consignees:
    case = Told(captured(CHAIN + table), lots or ("A",), owner)
    return consignees(case.snapshot, case.case)


def only(found: Consignees) -> Delivery:
    (row,) = found.rows
    (one,) = row.deliveries
    return one


def test_a_delivery_says_when_by_what_and_how_much() -> None:
    one = only(
        told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 date ship lot A 60 kg P -> Q doc desadv:77
        e3 d2 18:00 receive lot A 59 kg P -> Q doc desadv:77
    """)
    )
    assert one.to_dict() == {
        "id": one.id,
        "numbers": ["urn:x-lot:A"],
        "product": None,
        "site": "urn:x-site:Q",
        "sent_by": ["urn:x-party:O"],
        "certainty": "confirmed",
        "event": "e3",
        "shipments": ["e2"],
        "shipped": {"at": "2026-01-01T00:00:00Z", "precision": "day"},
        "arrived": {"at": "2026-01-02T18:00:00Z", "precision": "time", "meaning": "received"},
        "documents": [{"type": "desadv", "id": "77"}],
        "quantity": {"value": "59", "unit": "KGM"},
        "quantity_shipped": {"value": "60", "unit": "KGM"},
        "quantity_received": {"value": "59", "unit": "KGM"},
        "container": None,
        "unit": "urn:x-lot:A",
        "tier": 1,
        "senders": ["urn:x-party:O"],
    }


def test_what_nobody_received_may_have_come_to_where_it_was_sent() -> None:
    one = only(
        told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg P -> Q doc desadv:77
    """)
    )
    assert (one.confirmed, one.arrived, one.event, one.shipments) == (False, None, None, ("e2",))
    assert one.quantity is not None
    assert one.quantity.digits == "60"


def test_a_shipment_to_nobody_is_astray() -> None:
    found = told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg at P
        e3 d1 11:00 pack lot A 40 kg into tote T at P
        e4 d1 12:00 ship tote T at P doc desadv:9
    """)
    assert not found.rows
    assert [(one.event, one.senders, one.quantity and one.quantity.digits) for one in found.astray] == [
        ("e2", ("urn:x-party:O",), "60"),
        ("e4", ("urn:x-party:O",), "40"),
    ]


def test_goods_that_turn_up_unreceived_are_seen_first() -> None:
    one = only(
        told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d3 09:00 use lot A 10 kg => lot B 10 kg at Q
    """)
    )
    assert one.arrived == {"at": "2026-01-03T09:00:00Z", "precision": "time", "meaning": "first_seen"}
    assert (one.confirmed, one.quantity, one.sent_by, one.senders) == (True, None, (), ("urn:x-party:O",))


def test_moves_between_own_sites_and_returns_are_no_deliveries() -> None:
    found = told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg P -> R doc desadv:1
        e3 d1 11:00 receive lot A 60 kg P -> R doc desadv:1
        e4 d1 12:00 ship lot A 20 kg R -> S doc desadv:2
        e5 d1 13:00 receive lot A 20 kg R -> S doc desadv:2
        e6 d1 14:00 ship lot A 10 kg S -> P doc desadv:3
        e7 d1 15:00 receive lot A 10 kg S -> P doc desadv:3
    """)
    assert only(found).documents[0].id == "1"
    assert [site.id for site in found.rows[0].sites] == ["urn:x-site:R", "urn:x-site:S"]
    assert (found.rows[0].role, found.rows[0].tier) == ("recipient", 1)


def test_a_relabelled_lot_is_told_under_the_number_that_the_receiver_knows() -> None:
    found = told("""
        e1 d1 08:00 make lot A 100 kg at P alias B
        e2 d1 10:00 ship lot B 60 kg P -> Q doc desadv:1
        e3 d1 11:00 receive lot B 60 kg P -> Q doc desadv:1
    """)
    assert only(found).numbers == ("urn:x-lot:B",)
    assert only(found).unit == "urn:x-lot:A"


def test_without_an_owner_who_had_the_goods_first_is_it() -> None:
    table = """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg P -> Q doc desadv:1
        e3 d1 11:00 receive lot A 60 kg P -> Q doc desadv:1
        e4 d1 12:00 use lot A 60 kg => lot B 60 kg at Q
        e5 d1 13:00 ship lot B 60 kg Q -> R doc desadv:2
        e6 d1 14:00 receive lot B 60 kg Q -> R doc desadv:2
    """
    found = told(table, owner=None)
    assert found.owners == ("urn:x-party:O",)
    assert [(row.id, row.tier, row.role) for row in found.rows] == [
        ("urn:x-party:X", 1, "processor"),
        ("urn:x-party:Y", 2, "recipient"),
    ]
    assert told(table, "B", owner=None).owners == ("urn:x-party:X",)


def test_who_made_goods_in_scope_and_got_none_is_listed_as_their_maker() -> None:
    found = told("e1 d1 08:00 make lot A 100 kg at Q")
    (row,) = found.rows
    assert (row.role, row.tier, row.deliveries, [one.event for one in row.made]) == ("maker", None, (), ["e1"])


def test_units_that_are_only_possibly_in_scope_make_possible_deliveries() -> None:
    snapshot = captured(
        CHAIN
        + """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg P -> Q doc desadv:1
        e3 d1 11:00 receive lot A 60 kg P -> Q doc desadv:1
    """
    )
    for sure in (True, False):
        (one,) = distribution(snapshot, {"urn:x-lot:A": sure}, ["urn:x-party:O"]).deliveries
        assert one.confirmed is sure
    assert distribution(snapshot, {}, []).deliveries == ()


def test_a_site_is_whose_events_name_the_only_party_there() -> None:
    table = """
        e1 d1 08:00 make lot A 100 kg at M
        e2 d1 10:00 ship lot A 60 kg party O -> X at M doc desadv:1
        e3 d1 11:00 receive lot A 60 kg party O -> X at N doc desadv:1
        e4 d1 12:00 see lot A at N
        e5 d1 13:00 use lot A 60 kg => lot B 60 kg at N
    """
    case = Told(captured(table), ["A"])
    (row,) = consignees(case.snapshot, case.case).rows
    assert (row.id, row.tier, [one.unit for one in row.made]) == ("urn:x-party:X", 1, ["urn:x-lot:B"])
    assert [one.sent_by for one in row.deliveries] == [("urn:x-party:O",)]


def test_a_site_with_two_parties_stays_itself() -> None:
    table = """
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 10:00 ship lot A 60 kg party O -> X at P doc desadv:1
        e3 d1 11:00 receive lot A 60 kg party O -> X at N doc desadv:1
        e4 d1 12:00 ship lot A 40 kg party O -> Y at P doc desadv:2
        e5 d1 13:00 receive lot A 40 kg party O -> Y at N doc desadv:2
        e6 d1 14:00 use lot A 60 kg => lot B 60 kg at N
    """
    found = told(table)
    assert [row.id for row in found.rows] == ["urn:x-party:X", "urn:x-party:Y", "urn:x-site:N"]
    assert [(one.party, one.same_as) for one in found.proposals] == [
        ("urn:x-site:N", "urn:x-party:X"),
        ("urn:x-site:N", "urn:x-party:Y"),
    ]


def test_goods_in_a_box_on_a_pallet_come_with_the_pallet() -> None:
    one = only(
        told("""
        e1 d1 08:00 make lot A 100 kg at P
        e2 d1 09:00 pack lot A 30 kg into tote T at P
        e3 d1 10:00 pack tote T into tote U at P
        e4 d1 11:00 ship tote U P -> Q doc desadv:9
        e5 d1 12:00 receive tote U P -> Q doc desadv:9
        e6 d1 13:00 unpack tote T from tote U at Q
        e7 d1 14:00 unpack lot A 30 kg from tote T at Q
    """)
    )
    assert (one.container, one.event, one.shipments, one.sent_by) == ("urn:x-tote:T", "e5", ("e4",), ("urn:x-party:O",))
    assert (one.confirmed, one.tier, one.quantity and one.quantity.digits) == (True, 1, "30")


def test_a_round_trip_leaves_some_at_each_stop() -> None:
    found = told("""
        e1 d1 08:00 make lot A 30 kg at P
        e2 d1 09:00 pack lot A 30 kg into tote T at P
        e3 d1 10:00 ship tote T P -> Q doc desadv:1
        e4 d1 11:00 receive tote T P -> Q doc desadv:1
        e5 d1 12:00 unpack lot A 10 kg from tote T at Q
        e6 d1 13:00 ship tote T Q -> R doc desadv:2
        e7 d1 14:00 receive tote T Q -> R doc desadv:2
    """)
    assert [
        (row.id, one.confirmed, one.quantity and one.quantity.digits) for row in found.rows for one in row.deliveries
    ] == [("urn:x-party:X", True, "30"), ("urn:x-party:Y", True, "20")]
