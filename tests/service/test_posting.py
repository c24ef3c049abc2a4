"""From prepared notices to messages: due ones only, each to its own consignee, and none that is out of date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.service.outgoing import FIRST, NOW, Fake, Place, opened, place, scoped
from tracegraph.intake.recalling import act
from tracegraph.messages import LANGUAGES
from tracegraph.recall.notices.records import Known
from tracegraph.service.channels import Part
from tracegraph.service.channels.message import DrillNeverSends
from tracegraph.service.posting import Posted, due_notices, post

SHOPS = [f"https://shop.example/{number}" for number in range(4)]
TERMS = {"purpose": "contact", "keep_until": "2027-01-31"}


@pytest.fixture
def channel() -> Fake:
    return Fake()


@pytest.fixture
def here(tmp_path: Path, channel: Fake) -> Iterator[Place]:
    with place(tmp_path, channel) as made:
        yield made


def prepared(here: Place, *shops: int, version: int = 1, digest: str = "a", case: str = "C1", **more: Any) -> None:
    """Notices of these shops, as a case prepares them."""
    told = [
        {
            "notice": f"{case}/N{shop:04d}",
            "consignee": SHOPS[shop],
            "parties": [SHOPS[shop]],
            "status": "INITIAL",
            "digest": f"sha256:{digest * 64}",
            "lots": [],
            "deliveries": [],
        }
        | more
        for shop in shops
    ]
    payload = {"version": version, "head": "", "position": 1, "notices": told}
    act(here.store, case, "notices", {}, NOW, FIRST, payload=payload)


def papers(known: Known) -> Sequence[Part]:
    return (Part("notice.html", "text/html", f"the goods of {known.consignee}".encode()),)


def posted(here: Place, case: str = "C1", **to: str) -> Posted:
    return post(here.case(case), here.people, papers, "en", {SHOPS[int(shop[1:])]: one for shop, one in to.items()})


def sent_to_all(here: Place) -> list[str]:
    """Post what is due to one address, and send it."""
    here.queue(*posted(here, s0="a@shop.example", s1="b@shop.example", s2="c@shop.example").messages)
    return here.run().sent


def test_each_notice_goes_to_its_own_consignee(here: Place, channel: Fake) -> None:
    prepared(here, 0, 1, 2, 3)
    one = here.people.add(name="One", organisation=SHOPS[0], email="one@shop.example", role="quality", **TERMS)
    two = here.people.add(name="Two", organisation=SHOPS[0], email="two@shop.example", role="recall", **TERMS)
    made = posted(here, s1="office@shop.example", s2=one.reference)
    recipients = {message.consignee: message.recipient for message in made.messages}
    assert recipients == {SHOPS[0]: two.reference, SHOPS[1]: "office@shop.example", SHOPS[2]: one.reference}
    assert [known.consignee for known in made.nobody] == [SHOPS[3]]
    here.queue(*made.messages)
    here.run()
    addresses = {message.consignee: message.address for message in channel.taken}
    assert addresses == {SHOPS[0]: "two@shop.example", SHOPS[1]: "office@shop.example", SHOPS[2]: "one@shop.example"}
    for message in channel.taken:
        text = b" ".join(part.data for part in message.parts).decode()
        assert message.consignee in text
        assert not any(shop in text for shop in SHOPS if shop != message.consignee)


def test_an_organisation_is_known_by_its_number(here: Place) -> None:
    prepared(here, 0, consignee="https://id.gs1.org/417/9521234000006", parties=[])
    one = here.people.add(name="One", organisation="9521234000006", email="one@shop.example", **TERMS)
    assert [message.recipient for message in posted(here).messages] == [one.reference]


def test_what_was_sent_is_not_due_again(here: Place) -> None:
    prepared(here, 0, 1)
    assert sent_to_all(here) == [f"C1/N000{number}/1-INITIAL-{'a' * 16}" for number in range(2)]
    assert due_notices(here.case()) == []
    assert sent_to_all(here) == []
    prepared(here, 1, digest="b", status="UPDATE")
    assert [known.id for known in due_notices(here.case())] == ["C1/N0001"]
    assert sent_to_all(here) == [f"C1/N0001/1-UPDATE-{'b' * 16}"]
    assert here.sent_moves() == ["C1/N0000", "C1/N0001", "C1/N0001"]


def test_a_notice_that_was_prepared_anew_leaves_as_it_is_now_only(here: Place, channel: Fake) -> None:
    prepared(here, 0)
    here.queue(*posted(here, s0="a@shop.example").messages)
    prepared(here, 0, digest="b")
    assert here.run().failed == [f"C1/N0000/1-INITIAL-{'a' * 16}"]
    assert channel.taken == []
    assert sent_to_all(here) == [f"C1/N0000/1-INITIAL-{'b' * 16}"]


def test_a_notice_of_another_version_is_not_due(here: Place) -> None:
    prepared(here, 0)
    scoped(here.store, number=2)
    assert due_notices(here.case()) == []
    prepared(here, 1, version=2)
    assert [known.id for known in due_notices(here.case())] == ["C1/N0001"]


def test_a_consignee_that_is_part_of_another_is_told_once(here: Place, channel: Fake) -> None:
    prepared(here, 0, 1)
    here.queue(*posted(here, s0="a@shop.example", s1="b@shop.example").messages)
    act(here.store, "C1", "merge", {"party": SHOPS[1], "same_as": SHOPS[0]}, NOW, FIRST)
    prepared(here, 0, digest="b", parties=SHOPS[:2])
    assert here.run().failed == [f"C1/N0000/1-INITIAL-{'a' * 16}", f"C1/N0001/1-INITIAL-{'a' * 16}"]
    assert "has notice C1/N0000 now" in here.outbox[f"C1/N0001/1-INITIAL-{'a' * 16}"].error
    assert sent_to_all(here) == [f"C1/N0000/1-INITIAL-{'b' * 16}"]


def test_erasing_the_contact_drops_what_names_it(here: Place) -> None:
    contact = here.people.add(name="Wilhelmina", **TERMS)
    prepared(here, 0)
    act(here.store, "C1", "assess", {"contact": contact.reference}, NOW, FIRST)
    (made,) = posted(here, s0="a@shop.example").messages
    assert made.mentions == {contact.reference}
    here.queue(made)
    here.people.erase(contact.reference)
    assert here.outbox[made.id].state == "dropped"


def test_a_subject_is_one_line_in_both_languages(here: Place) -> None:
    prepared(here, 0)
    act(here.store, "C1", "assess", {"title": "Sprouts\nBcc: all@shop.example"}, NOW, FIRST, as_is=["title"])
    for language in LANGUAGES:
        (made,) = post(here.case(), {}, papers, language, {SHOPS[0]: "a@shop.example"}).messages
        assert "Sprouts Bcc:" in made.subject
        assert "C1/N0000" in made.subject
        assert "{" not in made.subject + made.parts[0].data.decode()


def test_nothing_of_a_drill_is_posted(tmp_path: Path) -> None:
    with place(tmp_path, kind="drill") as here:
        opened(here.store, case="C2")
        prepared(here, 0)
        with pytest.raises(DrillNeverSends):
            posted(here, s0="a@shop.example")
