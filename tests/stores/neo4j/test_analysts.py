"""The queries of docs/neo4j.md: they read only, find something in the demo, and agree with what tracegraph answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from neo4j import READ_ACCESS

from tests.wheel import ROOT
from tracegraph import Tracegraph
from tracegraph.examples.food_outbreak import PARTNERS, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.neo4j_server.database import Database
    from tracegraph.answers import Answer

PAGE = ROOT / "docs" / "neo4j.md"


def queries() -> dict[str, str]:
    """The queries by the question that stands before each."""
    found = re.findall(r"^\*\*\d+\. (.+?)\*\*.*?```cypher\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return dict(found)


def parameters() -> dict[str, Any]:
    """What the page sets."""
    found = re.findall(r"^:param (\w+) => (.+)$", PAGE.read_text(encoding="utf-8"), re.M)
    return {name: json.loads(value.replace("'", '"')) for name, value in found}


def test_ten_questions_of_the_demo(neo4j_database: Database, tmp_path: Path) -> None:
    write(tmp_path)
    given = parameters()
    with Tracegraph.open(neo4j_database.url) as graph:
        *files, last = sorted((tmp_path / PARTNERS).iterdir())
        graph.capture(*files, rejects=None)
        graph.capture(last, rejects=None)  # takes back what was believed
        forward = graph.trace(given["unit"], direction="forward")
        behind = [units_of(graph.trace(case, direction="backward")) for case in given["cases"]]
    answers = {question: ask(neo4j_database, query, given) for question, query in queries().items()}
    assert len(answers) == 10
    assert [question for question, rows in answers.items() if not rows] == []
    assert {row["unit"] for row in answers["Which units may hold something of this one?"]} == units_of(forward)
    assert {row["unit"] for row in answers["Where did it all come from?"]} < behind[0]
    common = answers["What do these cases have in common?"]
    assert all(row["cases"] == sum(row["unit"] in units for units in behind) for row in common)
    assert {row["unit"] for row in common if row["cases"] == len(behind)} == set.intersection(*behind)


def test_reach_is_pruned(neo4j_database: Database) -> None:
    """Else a few mixed lots take for ever."""
    for question in ("Which units may", "Where did it all", "What do these cases"):
        (query,) = [text for title, text in queries().items() if title.startswith(question)]
        with neo4j_database.driver.session(database=neo4j_database.name) as session:
            plan = session.run(f"EXPLAIN {query}", parameters()).consume().plan
        assert "VarLengthExpand(Pruning,BFS" in str(plan), question


def units_of(answer: Answer) -> set[str]:
    return {unit["id"] for unit in answer.units}


def ask(database: Database, query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a query that may only read."""
    with database.driver.session(database=database.name, default_access_mode=READ_ACCESS) as session:
        return session.run(query, given).data()
