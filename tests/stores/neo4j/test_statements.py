"""Every statement can be planned, none reads all nodes by accident, and reach visits nodes, not paths."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any, get_args

import pytest

from tests.neo4j_server.database import Database
from tests.wheel import ROOT
from tracegraph.contract.samples import ACTOR, event, record, rich_timeline
from tracegraph.stores.neo4j import open_neo4j
from tracegraph.stores.neo4j.statements import statement, statements_beginning
from tracegraph.stores.port import Direction, UnitRow

STATEMENTS = statements_beginning("")
REACHING = statements_beginning("reach_")
SCHEMA = (*statements_beginning("constrain_"), *statements_beginning("index_"), "await_indexes", "end_waiting")
#: These are about everything there is.
ABOUT_ALL = {
    "all_gaps",
    "all_holdings",
    "all_units",
    "gaps_of_units_held",
    "known_too_late",
    "legs_in_the_air",
    "look",
    "nodes_at_two_places",
    "record_kinds",
}
PRUNED = "VarLengthExpand(Pruning,BFS"


def operators(plan: dict[str, Any]) -> list[str]:
    """The operators of a plan with what they are told, the last one first."""
    said = f"{plan['operatorType']} {plan['args'].get('Details', '')}"
    return [said, *(one for child in plan.get("children", ()) for one in operators(child))]


def planned(database: Database, name: str) -> list[str]:
    """The plan of a statement, with nothing for every parameter."""
    parameters = dict.fromkeys(re.findall(r"\$(\w+)", statement(name)))
    with database.driver.session(database=database.name) as session:
        summary = session.run(f"EXPLAIN {statement(name)}", parameters).consume()
    assert summary.plan is not None
    return operators(dict(summary.plan))


@pytest.fixture(params=["empty", "tiny"])
def made(neo4j_database: Database, request: pytest.FixtureRequest) -> Database:
    """A store that has nothing, or one of everything: plans made then are kept until long after it has grown."""
    with closing(open_neo4j(neo4j_database.url)) as store:
        if request.param == "tiny":
            with store.write() as change:
                told = event("h", "u", event_id="e", transformation="t", biz_location="site")
                position = change.append([told, record("site", "site")], 1, ACTOR)[-1]
                change.replace(position, {"a": rich_timeline("a")}, [UnitRow("a", "lot", "p")])
    with neo4j_database.driver.session(database=neo4j_database.name) as session:
        session.run("CALL db.clearQueryCaches()").consume()
    return neo4j_database


@pytest.mark.parametrize("name", REACHING)
def test_reach_is_pruned(made: Database, name: str) -> None:
    """A search that walks every path would answer alike, and never end where lots are mixed."""
    plan = planned(made, name)
    searches = [operator for operator in plan if operator.startswith("VarLengthExpand")]
    assert [search[: len(PRUNED)] for search in searches] == [PRUNED], plan
    assert not [operator for operator in plan if "Repeat" in operator or "Trail" in operator], plan


def test_there_is_something_to_reach_with() -> None:
    assert REACHING == ("reach_backward", "reach_forward", "reach_units_backward", "reach_units_forward")


def test_a_lost_pruning_is_noticed(made: Database) -> None:
    """Two relationships in the quantifier: the plan that must not come back."""
    text = "MATCH (s:Node {number: 1}) MATCH (s) (()-[:INPUT]->()-[:OUTPUT]->())+ (x) RETURN count(DISTINCT x)"
    with made.driver.session(database=made.name) as session:
        summary = session.run(f"EXPLAIN {text}").consume()
    assert summary.plan is not None
    assert not [operator for operator in operators(dict(summary.plan)) if operator.startswith(PRUNED)]


def test_no_statement_reads_everything(made: Database) -> None:
    """Whatever the server thinks of the sizes of an empty store, it begins where the statement says."""
    careless = {
        name: [operator for operator in planned(made, name) if "Scan" in operator.split()[0]]
        for name in STATEMENTS
        if name not in ABOUT_ALL and name not in SCHEMA
    }
    assert {name: found for name, found in careless.items() if found} == {}


@pytest.mark.parametrize("name", STATEMENTS)
def test_headers(name: str) -> None:
    """A header says what the statement expects and returns, and names every parameter."""
    text = (ROOT / "cypher" / f"{name}.cypher").read_text(encoding="utf-8")
    header = " ".join(line.removeprefix("//") for line in text.splitlines() if line.startswith("//"))
    assert "Expects" in header
    assert set(re.findall(r"\$(\w+)", statement(name))) <= set(re.findall(r"\$(\w+)", header))
    assert "//" not in statement(name)


def test_every_statement_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tracegraph").glob("stores/neo4j/*.py"))
    named = set(re.findall(r'"(\w+)"', sources)) | set(SCHEMA)
    built = {f"{begin}_{end}" for begin, end in _composed(sources)}
    assert set(STATEMENTS) - named - built == set()


def _composed(sources: str) -> list[tuple[str, str]]:
    """Names that are made of two words: what is done, and to what."""
    begins = set(re.findall(r'f"(\w+)_\{', sources))
    ends = {*re.findall(r'"(\w+)"', sources), *get_args(Direction)}
    return [(begin, end) for begin in begins for end in ends]
