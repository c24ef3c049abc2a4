"""The whole loop of a recall: nothing is lost, every gram is somewhere, and who is told what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from tests.recall.loop import network as chain
from tests.recall.loop.playing import CASE, FACTS, INITIATOR, Play
from tracegraph import Tracegraph
from tracegraph.errors import IllegalMove, Refused
from tracegraph.recall.case import case_file


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        yield Play(graph, tmp_path)


def whole(account: dict) -> bool:
    """Whether the buckets of the case, and of each consignee, are all there is."""
    sums = [(account["start"], account["buckets"])]
    sums += [(one["shipped"], one["buckets"]) for one in account["consignees"] if one["shipped"] is not None]
    return all(Decimal(total) == sum(Decimal(one["value"]) for one in buckets) for total, buckets in sums)


def test_from_suspicion_to_the_end(play: Play) -> None:
    play.begin()
    assert play.told()["state"] == "approved"
    assert whole(play.account())
    first = play.notify()
    assert len(first) == 7
    assert {one: row["tier"] for one, row in play.consignees().items() if row["tier"] == 1} == {
        chain.EAST: 1,
        chain.PACKER: 1,
    }
    play.replies()
    account = play.account()
    assert whole(account)
    by_consignee = {one["consignee"]: one for one in account["consignees"] if one["unit"] == chain.ONE}
    south = by_consignee[chain.SOUTH]
    assert south["buckets"] == [{"bucket": "distributed", "value": "100"}], "the later reply stands"
    assert (south["contradicts"], len(south["earlier"])) == (True, 1), "the earlier one is kept, and contradicts it"
    assert by_consignee[chain.SHOPS[2]]["buckets"] == [
        {"bucket": "sold", "value": "60"},
        {"bucket": "returned", "value": "40"},
    ]
    play.does("status", text="first")
    play.widen()
    assert play.told()["state"] == "approved"
    changes = play.graph.recall_diff(CASE, 1, 2)
    assert chain.TWO in {one["unit"] for one in changes["added"]}
    assert not changes["removed"]
    second = play.notify(again=True)
    assert {chain.WEST, chain.SHOPS[3]} <= set(play.consignees())
    assert second
    assert whole(play.account())
    play.end()
    told = play.told()
    assert (told["state"], told["done"][-1]["actor"]) == ("terminated", "lee")
    assert whole(play.account())
    assert [one["action"] for one in told["done"]].count("reply") == 5, "late and contradicting ones are kept"
    assert list(play.graph.verify()) == []


def test_only_what_changed_is_told_again(play: Play) -> None:
    play.begin()
    play.notify()
    before = play.notices()
    play.widen()
    play.does("notices")
    prepared = case_file(play.graph.store, CASE).of("notices")[-1].parts["notices"]
    told = {one["consignee"]: one["status"] for one in prepared}
    assert told[chain.WEST] == "INITIAL"
    assert set(told) & set(before) <= {one for one, status in told.items() if status == "UPDATE"}
    assert chain.SHOPS[0] not in told, "nothing changed for it"


def test_what_is_terminated_takes_a_late_reply_and_nothing_else(play: Play) -> None:
    play.whole()
    play.reply(chain.NORTH, chain.BLEND, quantity="200", on_hand="120", distributed="80", date="2026-04-01")
    assert whole(play.account())
    with pytest.raises(IllegalMove, match="possible now: attach, note, release, reply"):
        play.does("notices")


def test_every_document_is_made_of_the_whole_case(play: Play) -> None:
    """In both languages; fields are looked for in tests/reports/documents."""
    play.whole()
    for language in ("en", "zh"):
        graph = play.graph.speaking(language)
        for kind in ("notice", "reply", "consignees", "status", "checks", "report", "enforcement", "fsma204", "eu931"):
            written = BytesIO()
            graph.recall_document(
                CASE, kind, written, "json", consignee=chain.EAST if kind in ("notice", "reply") else ""
            )
            told = json.loads(written.getvalue())
            assert told["content"]["language"] == language
            text = json.dumps(told, ensure_ascii=False)
            assert CASE in text, (kind, language)
            if kind in ("notice", "reply"):
                others = (chain.WEST, chain.SOUTH, chain.PACKER, *chain.SHOPS)
                assert not [one for one in others if one in text]


def test_who_opened_it_never_approves_it(play: Play) -> None:
    play.graph.capture(chain.write(chain.early(), play.folder / "early.json"), rejects=None)
    play.graph.recall_open({"title": "T"}, CASE, actor=INITIATOR)
    play.graph.recall_scope(CASE, chain.ONE, actor=INITIATOR)
    with pytest.raises(IllegalMove, match="second person"):
        play.does("approve", INITIATOR)
    assert play.told()["state"] == "scoped"


def test_what_its_supplier_sent_to_the_owner_never_came_back(play: Play) -> None:
    play.graph.capture(chain.write(chain.early(), play.folder / "early.json"), rejects=None)
    play.graph.recall_open(FACTS | {"owner": chain.PACKER}, CASE, actor=INITIATOR)
    play.graph.recall_scope(CASE, chain.ONE, actor=INITIATOR)
    play.does("approve", "lee")
    assert play.consignees()[chain.MILL]["tier"] is None
    assert play.account()["totals"]["recovered"] == "0"


def test_a_case_ends_where_nobody_has_to_be_told_anything_new(play: Play) -> None:
    play.begin()
    play.notify()
    play.graph.recall_scope(CASE, force=True, reason="looked at again", actor=INITIATOR)
    play.does("approve", "lee")
    with pytest.raises(Refused, match="nothing changed since"):
        play.does("notices")
    play.does("complete")
    assert play.told()["state"] == "completed"
