"""Parties that are one: proposed, merged by a person, split again, and named in replies."""

from __future__ import annotations

from tests.recall.consignees.told import Told, captured
from tracegraph.recall.case import Move
from tracegraph.recall.consignees import consignees, proposals, sameness
from tracegraph.recall.consignees.parties import plain_name

TABLE = """
    site P run by O
    site Q run by X
    site R run by Y
    e1 d1 08:00 make lot A 100 kg at P
    e2 d1 10:00 ship lot A 60 kg P -> Q doc desadv:1
    e3 d1 11:00 receive lot A 60 kg P -> Q doc desadv:1
    e4 d1 12:00 ship lot A 40 kg P -> R doc desadv:2
    e5 d1 13:00 receive lot A 40 kg P -> R doc desadv:2
"""
X, Y = "urn:x-party:X", "urn:x-party:Y"


def story() -> Told:
    return Told(captured(TABLE), ["A"])


def rows(case: Told) -> list[tuple[str, tuple[str, ...], int]]:
    return [(one.id, one.parties, len(one.deliveries)) for one in consignees(case.snapshot, case.case).rows]


def moves(*told: tuple[str, ...]) -> list[Move]:
    """`("merge", party, same as)` and `("split", party)`."""
    parts = [dict(zip(("party", "same_as"), names, strict=False)) for _, *names in told]
    return [
        Move("R7", number, action, "", 0, 0, "", "", "", "", said)
        for number, ((action, *_), said) in enumerate(zip(told, parts, strict=True))
    ]


def test_a_merge_makes_one_consignee_and_a_split_two_again() -> None:
    case = story()
    before = rows(case)
    assert before == [(X, (X,), 1), (Y, (Y,), 1)]
    assert rows(case.do("merge", party=X, same_as=Y)) == [(Y, (X, Y), 2)]
    assert rows(case.do("split", party=X)) == before


def test_a_split_undoes_the_last_merge_only() -> None:
    same = sameness(moves(("merge", "a", "b"), ("merge", "c", "d"), ("merge", "a", "c")))
    assert same.group("b") == {"a", "b", "c", "d"}
    again = sameness(moves(("merge", "a", "b"), ("merge", "c", "d"), ("merge", "a", "c"), ("split", "a")))
    assert [sorted(again.group(name)) for name in "ac"] == [["a", "b"], ["c", "d"]]
    assert sameness(moves(("merge", "a", "b"), ("split", "b"))).of("a") == "a"


def test_merges_in_a_circle_still_name_one() -> None:
    same = sameness(moves(("merge", "a", "b"), ("merge", "b", "a")))
    assert same.of("a") == same.of("b") == "a"


def test_the_sender_of_a_merged_party_is_who_it_was_merged_into() -> None:
    table = (
        TABLE
        + "\n e6 d2 12:00 ship lot A 9 kg Q -> Z doc desadv:3\n e7 d2 13:00 receive lot A 9 kg Q -> Z doc desadv:3"
    )
    case = Told(captured(table), ["A"]).do("merge", party=X, same_as=Y)
    found = consignees(case.snapshot, case.case).delivered()
    assert [(one.consignee, one.quantity and one.quantity.digits, one.sender) for one in found] == [
        (Y, "60", ""),
        (Y, "40", ""),
        ("urn:x-site:Z", "9", Y),
    ]


def test_what_goes_from_a_party_to_one_that_it_is_is_no_delivery() -> None:
    table = (
        TABLE
        + "\n e6 d2 12:00 ship lot A 9 kg Q -> R doc desadv:3\n e7 d2 13:00 receive lot A 9 kg Q -> R doc desadv:3"
    )
    case = Told(captured(table), ["A"])
    assert rows(case) == [(X, (X,), 1), (Y, (Y,), 2)]
    assert rows(case.do("merge", party=X, same_as=Y)) == [(Y, (X, Y), 2)]
    assert rows(case.do("merge", party=Y, same_as="urn:x-party:O")) == []


def test_an_owner_who_had_nothing_on_record_is_said() -> None:
    case = Told(captured(TABLE), ["A"], owner="urn:x-party:Z")
    found = consignees(case.snapshot, case.case)
    assert (found.unseen, {one.tier for one in found.rows}) == (("urn:x-party:Z",), {None})
    assert consignees(case.snapshot, story().case).unseen == ()


def test_alike_names_and_equal_numbers_are_proposed_until_somebody_decides() -> None:
    described = {
        "a": {"name": "Green Sprouts GmbH"},
        "b": {"name": "Green  Sprouts"},
        "c": {"name": "Other House", "vatnumber": "DE 123"},
        "d": {"name": "Third House", "vatnumber": "DE123"},
        "https://id.gs1.org/414/4012345000009": {"name": "Depot"},
        "https://id.gs1.org/417/4012345000009": {"name": "Forwarder"},
    }
    found = proposals(described, described, sameness([]), {})
    assert [(one.party, one.same_as, one.because, one.likeness) for one in found] == [
        ("b", "a", "similar_name", 100),
        ("d", "c", "same_identifier", None),
        ("https://id.gs1.org/417/4012345000009", "https://id.gs1.org/414/4012345000009", "same_identifier", None),
    ]
    decided = sameness(moves(("merge", "b", "a"), ("merge", "d", "c"), ("split", "d")))
    left = proposals(described, described, decided, {})
    assert [one.because for one in left] == ["same_identifier"]
    assert left[0].detail == "gln 4012345000009"


def test_a_site_that_stands_for_itself_is_proposed_to_whoever_had_goods_there() -> None:
    (one,) = proposals(["p", "s"], {}, sameness([]), {"p": ["s", "t"], "s": ["s"]})
    assert (one.party, one.same_as, one.because) == ("s", "p", "same_site")


def test_names_are_compared_without_legal_forms() -> None:
    assert plain_name("Müller & Söhne, Co. Ltd.") == "müller söhne"
    assert plain_name("AG") == "ag"


def test_who_is_named_in_a_reply_becomes_a_consignee_of_the_next_tier() -> None:
    case = story()
    case.do(
        "reply", consignee=X, unit="urn:x-lot:A", distributed="5", sub_consignees="Corner Shop;  corner shop\nKiosk"
    )
    case.do("reply", consignee="told:corner shop", unit="urn:x-lot:A", sub_consignees="urn:x-party:Y; urn:x-party:O")
    found = consignees(case.snapshot, case.case).rows
    assert [(one.id, one.name, one.tier, one.role, one.grade) for one in found] == [
        (X, "", 1, "recipient", "documented"),
        (Y, "", 1, "recipient", "documented"),
        ("told:corner shop", "Corner Shop", 2, "recipient", "stated"),
        ("told:kiosk", "Kiosk", 2, "recipient", "stated"),
    ]
    assert [(one.teller, one.number) for one in found[1].passed] == [("told:corner shop", "urn:x-lot:A")]
