"""Many replies from one file: once, in one change, what is none told by its cell."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.recall.accounting.stories import C1, C2, scope
from tests.trace.shares.stories import L
from tracegraph import Tracegraph
from tracegraph.errors import CaseChanged, IllegalMove, InputError, InvalidField, RejectedInput
from tracegraph.formats.tables.rows import Ways
from tracegraph.formats.tables.writing import write_xlsx
from tracegraph.intake.recalling import Actor, act
from tracegraph.intake.replying import RepliesImported, import_replies
from tracegraph.model.instants import parse_instant
from tracegraph.recall.accounting.reading import reply_table, reply_template
from tracegraph.recall.accounting.replies import replies, standing
from tracegraph.recall.case import case_file
from tracegraph.stores.port import Store

NOW = parse_instant("2026-03-10T08:00:00Z", "now")
WHO = Actor("somebody", "investigator")

TABLE = f"""Replies to the notice of March;;;;
;;;;
收货方;单元;On hand at receipt (kg);sold;Date;signer
{C1};{L};40;12,5;2026-03-05;
{C2};{L};250;;2026-03-06;
{C2};;250;;2026-03-06;
{C2};{L};many;;2026-03-06;
{C2};{L};-3;;2026-03-06;
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        act(graph.store, "R1", "open", {"title": "Sprouts"}, NOW, WHO)
        act(graph.store, "R1", "scope", {}, NOW, WHO, "first", payload=scope([L])[1])
        yield graph.store


def imported(store: Store, text: str = TABLE, name: str = "replies.csv", **options: object) -> RepliesImported:
    return import_replies(store, "R1", text.encode(), name, NOW, WHO, **options)  # type: ignore[arg-type]


def test_rows_become_replies_and_the_others_are_told_by_their_cells(store: Store) -> None:
    done = imported(store, reason="by post")
    assert ([move.number for move in done.moves], done.known) == ([3, 4], 0)
    assert {bad.cell: bad.reason.split(";")[0] for bad in done.rejected} == {
        "B6": "cell B6 ('') is empty where unit is needed",
        "C7": "cell C7 ('many') is no number",
        "C8": "cell C8 ('-3') makes no reply: on_hand -3 is too small",
    }
    assert done.rejected[1].cells["收货方"] == C2
    found = standing(replies(case_file(store, "R1").moves))
    assert {key: (one.reply.said, one.reply.measure) for key, one in found.items()} == {
        (C1, L): ({"on_hand": "40", "sold": "12.5"}, "KGM"),
        (C2, L): ({"on_hand": "250"}, "KGM"),
    }
    first = done.moves[0]
    assert (first.text("source"), first.reason) == ("replies.csv", "by post")


def test_names_never_come_into_the_ledger(store: Store) -> None:
    reference = f"person:{'0' * 32}"
    text = f"consignee;unit;signer;source\n{C1};{L};A Name;\n{C2};{L};{reference};\n{C2};{L};;mail a@example.org\n"
    done = imported(store, text)
    assert [move.text("signer") for move in done.moves] == [reference]
    assert [(bad.cell, "person:..." in bad.reason) for bad in done.rejected] == [("C2", True), ("D4", True)]

    def unknown(name: str) -> str:
        raise InvalidField("is nobody who is known")

    assert [bad.cell for bad in imported(store, text, persons=unknown).rejected] == ["C2", "D4"]
    named = imported(store, text, persons=lambda name: f"person:{len(name):032}")
    assert [move.text("signer") for move in named.moves] == [f"person:{6:032}"]


def test_an_import_again_records_nothing(store: Store) -> None:
    imported(store)
    before = store.head().count
    again = imported(store, name="again.csv")
    assert (again.moves, again.known, store.head().count) == ((), 2, before)
    twice = imported(store, TABLE + f"{C2};{L};249;;2026-03-07;\n" * 2)
    assert ([move.parts["on_hand"] for move in twice.moves], twice.known) == (["249"], 3)


def test_a_workbook_and_json_say_the_same(store: Store) -> None:
    file = io.BytesIO()
    write_xlsx(
        file, {"Replies": [["consignee", "unit", "on_hand", "measure", "held"], [C1, L, Decimal(40), "kg", "yes"]]}
    )
    done = import_replies(store, "R1", file.getvalue(), "replies.xlsx", NOW, WHO)
    assert len(done.moves) == 1
    told = [{"consignee": C1, "unit": L, "on_hand": 40, "measure": "kg", "held": True, "sold": None}]
    assert imported(store, json.dumps({"replies": told}), "replies.json").known == 1


def test_json_that_is_no_reply_is_told_by_its_pointer(store: Store) -> None:
    told = [{"consignee": C1, "unit": L, "on_hand": "some"}, 5, {"consignee": C1, "unit": L, "on_hnd": 1}]
    done = imported(store, json.dumps([*told, {"consignee": C1, "unit": L, "on_hand": 0.5}]))
    assert [bad.cell for bad in done.rejected] == ["/0/on_hand", "/1", "/2/on_hnd"]
    assert [move.parts["on_hand"] for move in done.moves] == ["0.5"]
    for text in ("{}", "[1,", '{"replies": 5}'):
        with pytest.raises(InputError, match="replies"):
            imported(store, text)


def test_with_strict_nothing_is_recorded(store: Store) -> None:
    before = store.head().count
    with pytest.raises(RejectedInput, match=r"cell B6 .*3 rows in all\); nothing was recorded"):
        imported(store, strict=True)
    assert store.head().count == before


def test_a_table_without_the_columns_or_with_two_units_of_measure(store: Store) -> None:
    with pytest.raises(InputError, match="no row with the columns consignee and unit"):
        imported(store, "a,b\n1,2\n")
    with pytest.raises(InputError, match="several units of measure"):
        imported(store, "consignee,unit,on_hand (kg),sold (g)\nx,y,1,2\n")


def test_what_can_be_read_in_two_ways_is_asked(store: Store) -> None:
    text = f"consignee;unit;on_hand\n{C1};{L};1.250\n"
    assert "--decimal" in imported(store, text).rejected[0].reason
    assert imported(store, text, ways=Ways("", "comma")).moves[0].parts["on_hand"] == "1250"


def test_an_import_is_a_legal_move_of_who_has_seen_the_case(store: Store) -> None:
    with pytest.raises(CaseChanged, match="changed meanwhile"):
        imported(store, seen=1)
    with pytest.raises(IllegalMove, match="not the role analyst"):
        import_replies(store, "R1", TABLE.encode(), "replies.csv", NOW, Actor("somebody", "analyst"))
    act(store, "R1", "cancel", {}, NOW, WHO)
    with pytest.raises(IllegalMove, match="reply is not possible"):
        imported(store)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_that_was_filled_in_is_read(store: Store, language: str) -> None:
    head = reply_template("csv", language).decode("utf-8-sig").strip()
    names = list(reply_table().columns)
    cells = {"consignee": C1, "unit": L, "on_hand": "40", "held": "是", "reason": "by phone"}
    done = imported(store, f"{head}\n{','.join(cells.get(name, '') for name in names)}\n")
    assert [(move.parts["on_hand"], move.parts["held"], move.reason) for move in done.moves] == [
        ("40", True, "by phone")
    ]
    assert reply_template("xlsx", language).startswith(b"PK")
