"""What a notice leaves out because somebody else's trade may be behind it."""

from __future__ import annotations

import json

from tests.recall.consignees.told import Told, captured
from tracegraph.recall.consignees import Consignees, consignees
from tracegraph.recall.notices import notices_of

SITES = """
    site P run by O
    site Q run by X
    site R run by Y
    e1 d1 08:00 make lot A 100 kg at P
"""
X, Y = "urn:x-party:X", "urn:x-party:Y"


def told(table: str) -> tuple[Consignees, dict[str, str]]:
    """The consignees, and the notice to each as text."""
    case = Told(captured(SITES + table), ["A"])
    found = consignees(case.snapshot, case.case)
    return found, {one.consignee.id: json.dumps(one.to_dict()) for one in notices_of(case.case, found)}


def test_shipments_that_may_be_anothers_are_not_told() -> None:
    """Two equal loads left, two arrived, and no paper says which is which."""
    found, notices = told("""
        e2 d1 09:00 ship lot A 10 kg at P
        e3 d1 10:00 ship lot A 10 kg at P
        e4 d1 11:00 receive lot A 10 kg at Q
        e5 d1 12:00 receive lot A 10 kg at R
    """)
    assert [[one.shipments for one in row.deliveries] for row in found.rows] == [[()], [()]]
    assert [[one.senders for one in row.deliveries] for row in found.rows] == [[("urn:x-party:O",)]] * 2
    for name, own, other in ((X, '"e4"', '"e5"'), (Y, '"e5"', '"e4"')):
        assert own in notices[name]
        assert not [event for event in ('"e2"', '"e3"', other) if event in notices[name]]


def test_a_sender_who_only_may_have_sent_it_is_not_named() -> None:
    """Two had the lot, and the shipment does not say from where it left."""
    found, notices = told("""
        e2 d1 09:00 ship lot A 50 kg P -> Q doc desadv:1
        e3 d1 10:00 receive lot A 50 kg P -> Q doc desadv:1
        e4 d2 09:00 ship lot A 5 kg -> R doc desadv:2
        e5 d2 10:00 receive lot A 5 kg -> R doc desadv:2
    """)
    row = found.of(Y)
    assert row is not None
    assert [(one.senders, one.sent_by, one.shipments) for one in row.deliveries] == [
        (("urn:x-party:O", X), (), ("e4",)),
    ]
    assert X not in notices[Y]


def test_a_load_that_may_have_been_diverted_is_told_to_whom_it_was_sent_and_its_receipt_to_who_wrote_that() -> None:
    found, notices = told("""
        e2 d1 09:00 ship lot A 50 kg P -> Q doc desadv:1
        e3 d1 10:00 receive lot A 50 kg P -> R doc desadv:1
    """)
    assert [(row.id, one.shipments, one.event) for row in found.rows for one in row.deliveries] == [
        (X, ("e2",), None),
        (Y, (), "e3"),
    ]
    assert X not in notices[Y]
    assert Y not in notices[X]
