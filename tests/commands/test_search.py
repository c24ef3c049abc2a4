"""`search`, `prove`, and `gaps` by kind and partner."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import FARM, LOT_KEY, PLANT, Run


def test_a_lot_by_its_number(captured: Run) -> None:
    result = captured("search", "L1")
    assert result.status == 0
    assert LOT_KEY in result.text
    told = captured("search", "L1", "--format", "json").json
    assert [unit["id"] for unit in told["result"]["units"]] == [LOT_KEY]


def test_lists_and_pages(captured: Run) -> None:
    first = captured("search", "--among", "sites", "--limit", "1", "--format", "json").json
    assert [site["id"] for site in first["result"]["sites"]] == [FARM]
    second = captured("search", "--among", "sites", "--limit", "1", "--after", first["result"]["next"])
    assert PLANT in second.text
    assert "--after" in second.text
    assert captured("search", "--among", "sites", "--after", "x").status == 3


def test_nothing_found_is_an_answer(captured: Run) -> None:
    assert captured("search", "unheard-of").text.startswith("0 units")
    assert captured("--lang", "zh", "search", "L1").text.startswith("1 个单元")


def test_csv(captured: Run) -> None:
    lines = captured("search", "--among", "sites", "--format", "csv").text.splitlines()
    assert lines[5].startswith("id,name,country")
    assert lines[6].startswith(FARM)


def test_gaps_of_one_kind(captured: Run) -> None:
    every = captured("gaps", "--format", "json").json["gaps"]
    kinds = sorted({gap["kind"] for gap in every})
    chosen = captured("gaps", "--kind", kinds[0], "--format", "json").json
    assert [gap for gap in every if gap["kind"] == kinds[0]] == chosen["gaps"]
    assert chosen["question"]["gap"] == kinds[0]
    assert captured("gaps", "--kind", "hole").status == 2


def test_a_proof(captured: Run) -> None:
    name = captured("checkpoint", "keys", "create").text.strip()
    captured("checkpoint", "--output", "c.json")
    event = captured("show", LOT_KEY, "--format", "json").json["result"]["shown"]["events"][0]["id"]
    assert captured("prove", event, "--output", "p.json").status == 0
    held = captured("prove", "--check", "p.json", "--checkpoint", "c.json", "--trust", name)
    assert held.text.startswith(f"The proof holds: {event} is entry 1 of the 5 entries")
    assert "--checkpoint" in captured("prove", "--check", "p.json").text
    assert captured("prove", event).json == json.loads(Path("p.json").read_bytes())
    Path("p.json").write_text(Path("p.json").read_text().replace('"actor":""', '"actor":"x"', 1))
    failed = captured("prove", "--check", "p.json")
    assert (failed.status, failed.sentence) == (1, "The proof does not hold; do not rely on it.")


def test_wrong_proofs(captured: Run) -> None:
    assert captured("prove").status == 2
    assert captured("prove", "unheard-of").status == 3
    assert captured("prove", "--check", "nothing.json").status == 2
    Path("list.json").write_text("[]")
    assert captured("prove", "--check", "list.json").status == 2
    Path("object.json").write_text("{}")
    assert captured("prove", "--check", "object.json").status == 2
