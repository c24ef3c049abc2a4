"""What attached files make documented, and what is only said to be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recall.case.told_paths import payload_of
from tracegraph import Tracegraph
from tracegraph.errors import InvalidField
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import case_file
from tracegraph.recall.case.evidence import Attached, attached_files, documented, subjects
from tracegraph.stores.port import Store

NOW = parse_instant("2026-03-01T08:00:00Z", "now")
ME = Actor("me", "investigator")
HASH = f"sha256:{'ab' * 32}"
OTHER = f"sha256:{'cd' * 32}"
EVENT = f"ni:///sha-256;{'0' * 63}1?ver=CBV2.0"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        act(graph.store, "C1", "open", {"title": "Sprouts"}, NOW, ME)
        yield graph.store


def attach(store: Store, about: str = "", name: str = HASH) -> tuple[Attached, ...]:
    fields = {"hash": name, "name": "note.pdf", "media": "application/pdf", "size": "12", "about": about}
    return attached_files(act(store, "C1", "attach", fields, NOW, ME).case.moves)


def test_what_a_file_is_about_is_canonical_and_may_be_an_event() -> None:
    told = f"(01)09521234543213(10)ABC;A ;\n{EVENT}; R1/0002;"
    assert subjects(told) == ["https://id.gs1.org/01/09521234543213/10/ABC", "A", EVENT, "R1/0002"]
    assert subjects(f"{EVENT};{EVENT}") == [EVENT, EVENT]


def test_the_ledger_says_what_was_attached(store: Store) -> None:
    (one,) = attach(store, "A;B")
    assert (one.hash, one.name, one.media, one.size) == (HASH, "note.pdf", "application/pdf", 12)
    assert (one.about, one.move.number, one.move.actor) == (frozenset({"A", "B"}), 2, "me")


def test_no_hash_is_refused(store: Store) -> None:
    with pytest.raises(InvalidField, match="hash is none of a file"):
        attach(store, name="sha256:ab")
    assert len(case_file(store, "C1").moves) == 1


def test_a_move_is_documented_by_a_file_of_its_case_only(store: Store) -> None:
    with pytest.raises(InvalidField, match="is not attached to this case"):
        act(store, "C1", "cause", {"cause": "seal", "document": OTHER}, NOW, ME)
    act(store, "C1", "cause", {"cause": "seal", "document": "report 17"}, NOW, ME)
    attach(store)
    act(store, "C1", "cause", {"cause": "seal", "document": HASH}, NOW, ME)
    assert [move.text("document") for move in case_file(store, "C1").of("cause")] == ["report 17", HASH]


def files_about(*subjects: str) -> tuple[Attached, ...]:
    return (Attached(HASH, "n", "m", 1, frozenset(subjects), None),)  # type: ignore[arg-type]


WAYS = {"A": None, "B": ("A", "e1"), "C": ("B", "e2#x"), "D": ("elsewhere", "e3"), "X": ("Y", "e4"), "Y": ("X", "e5")}


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ((), ""),
        (("A",), "A"),
        (("e1",), ""),
        (("A", "e1"), "AB"),
        (("A", "B"), "AB"),
        (("A", "e1", "e2"), "ABC"),
        (("A", "e1", "e2#x"), "ABC"),
        (("A", "e1", "e2#y"), "AB"),
        (("A", "e2"), "A"),
        (("e3",), "D"),
        (("e4", "e5", "X", "Y"), ""),
    ],
)
def test_every_hop_back_to_the_start_needs_a_paper(about: tuple[str, ...], expected: str) -> None:
    """A ring that no start leads to is documented by nothing."""
    assert documented(WAYS, files_about(*about)) == set(expected)


def test_a_long_way_is_followed() -> None:
    ways = {"0": None} | {str(number): (str(number - 1), f"e{number}") for number in range(1, 5_000)}
    every = files_about("0", *(f"e{number}" for number in range(1, 5_000)))
    assert len(documented(ways, every)) == 5_000


def test_a_scope_entry_is_documented_only_where_a_file_is_attached() -> None:
    def entry(unit: str, grade: str) -> dict:
        return {"unit": unit, "class": "affected", "grade": grade, "distance": 0, "rules": []}

    answer = {
        "question": {},
        "as_of": {"known": None, "ledger": {"head": "", "count": 1}},
        "complete": True,
        "gaps": [],
        "result": {
            "scope": {
                "classes": [],
                "entries": [entry("A", "documented"), entry("B", "verified"), entry("C", "stated")],
            },
            "holdings": [],
            "paths": [],
        },
    }
    assert grades(payload_of(answer, 1, "me")) == ["stated", "verified", "stated"]
    about = files_about("A", "C")
    assert grades(payload_of(answer, 1, "me", attached=about)) == ["documented", "verified", "stated"]


def grades(payload: dict) -> list[str]:
    return [one["grade"] for one in payload["entries"]]
