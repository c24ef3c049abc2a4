"""`--as USER` on the command line: the key is checked, and the answer is that user's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from tests.api.two_chains import ALPHA, BRAVO, fill
from tests.commands.conftest import FARM, Run, document, event
from tracegraph.access.rights import load_rights
from tracegraph.api.app import ROUTES
from tracegraph.api.routes import OPERATION
from tracegraph.cli import commands as made_commands
from tracegraph.commands.acting import OPERATIONS

#: The route that asks the same as a command.
AS_OVER_HTTP = {
    "accounts": "/api/v1/accounts",
    "balance": "/api/v1/balances",
    "capture": "/epcis/capture",
    "cases": "/api/v1/cases",
    "certificates": "/api/v1/certificates",
    "checkpoint": "/api/v1/ledger/checkpoints",
    "claims": "/api/v1/claims",
    "events": "/epcis/events/{eventID:path}",
    "export": "/api/v1/exports/{form}",
    "gaps": "/api/v1/gaps",
    "metrics": "/api/v1/metrics/{metric}",
    "origin": "/api/v1/origins",
    "packs": "/api/v1/packs",
    "profile": "/api/v1/profiles/{profile}",
    "prove": "/api/v1/ledger/proofs/{id:path}",
    "scope": "/api/v1/scopes",
    "search": "/api/v1/units",
    "show": "/api/v1/units/{id:path}",
    "sources": "/api/v1/sources",
    "subscriptions": "/api/v1/subscriptions",
    "trace": "/api/v1/traces",
    "verify": "/api/v1/ledger/verifications",
    "where": "/api/v1/whereabouts",
}
STORE = "sqlite:///tracegraph.db"


@pytest.fixture
def chains(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Two chains, with a user for each and an administrator; the key of the next command is set by `holding`."""
    monkeypatch.delenv("TRACEGRAPH_API_KEY", raising=False)
    fill(STORE, tmp_path)
    run("users", "add", "alpha", "--role", "operator", "--organisation", ALPHA.party)
    run("users", "add", "bravo", "--role", "operator", "--organisation", BRAVO.party)
    run("users", "add", "office", "--role", "admin")
    return run


def holding(run: Run, monkeypatch: pytest.MonkeyPatch, user: str, *options: str) -> None:
    monkeypatch.setenv("TRACEGRAPH_API_KEY", run("keys", "create", user, *options).text.strip())


def test_a_name_needs_its_key(chains: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chains("where", ALPHA.unit).status == 0
    assert chains("--as", "alpha", "where", ALPHA.unit).status == 6
    holding(chains, monkeypatch, "bravo")
    refused = chains("--as", "alpha", "where", ALPHA.unit)
    assert (refused.status, "TRACEGRAPH_API_KEY" in refused.sentence) == (6, True)
    holding(chains, monkeypatch, "alpha")
    assert chains("--as", "alpha", "where", ALPHA.unit).status == 0
    chains("users", "disable", "alpha")
    assert chains("--as", "alpha", "where", ALPHA.unit).status == 6


def test_what_is_anothers_is_not_there(chains: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(chains, monkeypatch, "alpha")
    for command in ("show", "where", "origin"):
        assert chains("--as", "alpha", command, BRAVO.unit).status == 3
        assert chains("--as", "alpha", command, ALPHA.unit).status == 0
    for words in (
        ("gaps",),
        ("gaps", "--format", "json"),
        ("export", "epcis"),
        ("search", "9"),
        ("trace", "both", ALPHA.unit),
    ):
        shown = chains("--as", "alpha", *words)
        assert shown.status == 0, words
        assert not [mark for mark in BRAVO.marks if mark in shown.text + shown.err], words


@pytest.mark.parametrize(
    "words", [("users", "list"), ("keys", "create", "alpha"), ("verify",), ("backup", "x.db"), ("audit",), ("doctor",)]
)
def test_a_role_may_do_its_operations_only(
    chains: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    holding(chains, monkeypatch, "alpha")
    refused = chains("--as", "alpha", *words)
    assert (refused.status, "lacks the operation " in refused.sentence) == (6, True)
    holding(chains, monkeypatch, "office")
    assert chains("--as", "office", *words).status == 0


@pytest.mark.parametrize(
    "words", [("accounts", "close", "A-1", "--on", "2026-01-31"), ("export", "neo4j-import", "--output", "files")]
)
def test_what_a_command_does_besides_takes_an_operation_of_its_own(
    chains: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Who sees everything may list accounts and export, but neither close a period nor have the whole past."""
    chains("users", "add", "reader", "--role", "analyst")
    holding(chains, monkeypatch, "reader")
    refused = chains("--as", "reader", *words)
    assert (refused.status, "lacks the operation administer" in refused.sentence) == (6, True)
    holding(chains, monkeypatch, "office")
    assert chains("--as", "office", *words).status != 6


def test_a_narrow_key_does_no_more_than_its_scopes(chains: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(chains, monkeypatch, "office", "--scope", "read")
    assert chains("--as", "office", "show", ALPHA.unit).status == 0
    assert chains("--as", "office", "where", ALPHA.unit).status == 6


def test_an_operator_captures_at_its_own_places(chains: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(chains, monkeypatch, "alpha")
    own = event("observing", "2026-01-04T08:00:00Z", ALPHA.shop, (ALPHA.unit, "1"))
    foreign = event("observing", "2026-01-04T08:00:00Z", BRAVO.shop, (BRAVO.unit, "1"))
    result = chains("--as", "alpha", "capture", "-", stdin=document(own, foreign))
    assert "1 accepted, 0 duplicate, 1 rejected" in result.text + result.err
    (rejected,) = [json.loads(line) for line in Path("tracegraph-rejects.ndjson").read_text().splitlines()]
    assert "own places" in rejected["reason"]


def test_without_users_a_name_is_only_a_name(run: Run) -> None:
    harvest = event(
        "commissioning", "2026-01-01T08:00:00Z", FARM, ("urn:epc:class:lgtin:9521000.012345.L1", "1"), action="ADD"
    )
    assert run("--as", "me", "capture", "-", stdin=document(harvest)).status == 0


def test_every_operation_is_one_of_the_rights() -> None:
    operations = set().union(*load_rights().operations.values())
    assert set(OPERATIONS.values()) <= operations


def test_every_command_says_what_it_does() -> None:
    """One that is forgotten would be an administrator's, whatever HTTP and Python allow."""
    commands = made_commands().commands
    assert sorted(OPERATIONS) == sorted(commands)


@pytest.mark.parametrize("command", sorted(AS_OVER_HTTP))
def test_a_question_takes_what_it_takes_over_http(command: str) -> None:
    routes = [route for part in ROUTES for route in part.router.routes if isinstance(route, APIRoute)]
    asked = {
        (route.openapi_extra or {})[OPERATION]
        for route in routes
        if route.path == AS_OVER_HTTP[command] and "OPTIONS" not in (route.methods or ())
    }
    assert asked == {OPERATIONS[command]}


def test_an_operator_asks_for_figures_of_its_own(chains: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    holding(chains, monkeypatch, "alpha")
    for words in (
        ("metrics", "concentration", "--by", "supplier", "--format", "json"),
        ("metrics", "reach", "--format", "json"),
        ("balance", ALPHA.unit, "--format", "json"),
        ("profile", "check", "--format", "json"),
        ("profile", "list"),
        ("claims", "check", "--format", "json"),
        ("packs", "list"),
        ("certificates", "list", "--format", "json"),
        ("accounts", "list", "--format", "json"),
    ):
        shown = chains("--as", "alpha", *words)
        assert shown.status in (0, 1), (words, shown.err)
        assert not [mark for mark in BRAVO.marks if mark in shown.text + shown.err], words
    assert chains("--as", "alpha", "balance", BRAVO.unit).status == 3
