"""The authorisation matrix: every route of the OpenAPI file x every kind of credential x role x organisation.

Nothing here names a route: a new one is asked as soon as it exists.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.api.clients import service
from tests.api.matrix import Ask, Route, about, asks_of, identified, made, names_in, renamed, routes_of
from tests.api.two_chains import ALPHA, BRAVO, UNKNOWN, Chain, fill
from tracegraph.access.caller import Role
from tracegraph.api import Serving
from tracegraph.service.users import ORGANISED, Users

FREE: dict[str, Any] = {"most_requests": 0, "most_anonymous_requests": 0, "most_wrong_credentials": 0}
FREE |= {"destinations": ("127.0.0.1",)}
ROLES = [role for role in Role if role is not Role.PUBLIC]
#: Headers that are others for each request, or for each text of a question.
ALWAYS_OTHERS = {"x-request-id", "date", "content-length", "etag"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
#: What a job says while it is not done.
_UNDONE = re.compile(r'"running": ?true|"state": ?"(?:waiting|running)"')


#: Found once: every application of a process is described alike (test_app.py).
_OFFERED: list[Route] = []


def offered(app: Any) -> list[Route]:
    """Every route."""
    if not _OFFERED:
        _OFFERED.extend(routes_of(app.openapi()))
    return _OFFERED


class World:
    """A running service on the two chains, with users of every role, and what they ask."""

    def __init__(self, serving: Serving, client: TestClient) -> None:
        self.serving = serving
        self.client = client
        self.routes = offered(client.app)
        self.templates = sorted({route.path for route in self.routes})
        self.asks = [ask for route in self.routes for ask in asks_of(route)]

    def key(self, user: str, **more: Any) -> str:
        return self.serving.keys.create(user, **more).secret

    def made_by(self, user: str, chain: Chain) -> dict[str, dict[str, str]]:
        """What a user made about its chain, so that there is something of its own to ask for."""
        client = self.as_user(user)
        return made(client, [about(ask, chain) for ask in self.asks], self.templates)

    def as_user(self, user: str, **more: Any) -> TestClient:
        return TestClient(self.client.app, raise_server_exceptions=False, headers={"X-API-Key": self.key(user, **more)})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store of the two chains, to be copied."""
    folder = tmp_path_factory.mktemp("chains")
    fill(f"sqlite:///{folder}/store.db", folder)
    return folder


@contextmanager
def opened(filled: Path, folder: Path) -> Iterator[World]:
    shutil.copytree(filled, folder)
    with service(folder, **FREE) as (serving, client):
        users = Users(serving.file, serving.clock)
        for role in ROLES:
            users.add(role.value, role.value, [ALPHA.party] if role in ORGANISED else [])
        users.add("bravo", "operator", [BRAVO.party])
        yield World(serving, client)


@pytest.fixture
def world(filled: Path, tmp_path: Path) -> Iterator[World]:
    with opened(filled, tmp_path / "world") as made_world:
        yield made_world


def test_there_are_routes_to_ask(world: World) -> None:
    assert len(world.asks) >= len(world.routes) > 3
    assert {route.operation for route in world.routes} <= set().union(*world.serving.rights.operations.values())


def test_strangers_and_those_with_a_wrong_credential_learn_nothing(world: World) -> None:
    """401 before everything else: whether a path exists, whether a body is well made."""
    expired = world.key("admin", expires_at=world.serving.clock() + 1_000)
    revoked = world.key("admin")
    world.serving.keys.revoke(revoked)
    Users(world.serving.file).add("gone", "admin")
    disabled = world.key("gone")
    Users(world.serving.file).disable("gone")
    time.sleep(0.002)
    other = revoked.rsplit("_", 1)[0] + "_" + disabled.rsplit("_", 1)[1]
    wrong = {
        "expired": expired,
        "revoked": revoked,
        "disabled": disabled,
        "swapped": other,
        "empty": "",
        "x": "x" * 5_000,
    }
    found: dict[str, int] = {}
    for ask in [*world.asks, Ask(Route("get", "/nothing", {"security": [], "x-tracegraph-operation": ""}))]:
        answers = {name: ask.send(world.client, **{"X-API-Key": key}) for name, key in wrong.items()}
        answers |= {"token": ask.send(world.client, Authorization="Bearer a.b.c")}
        answers |= {"basic": ask.send(world.client, Authorization="Basic YTpi")}
        if not ask.route.is_public:
            answers["nobody"] = ask.send(world.client)
        found |= {f"{ask.route.name} {name}": told.status_code for name, told in answers.items()}
    assert {name: status for name, status in found.items() if status != 401} == {}


def test_who_says_nothing_may_ask_what_is_public(world: World) -> None:
    for ask in world.asks:
        if ask.route.is_public:
            assert ask.send(world.client).status_code not in (401, 403, 500), ask.route.name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_its_operations_and_nothing_else(world: World, role: Role) -> None:
    client = world.as_user(role.value)
    things = world.made_by(role.value, ALPHA)
    allowed = world.serving.rights.operations[role]
    found = {}
    for ask in sorted(world.asks, key=lambda ask: ask.route.method == "delete"):
        status = renamed(about(ask, ALPHA), things).send(client).status_code
        expected = status not in (401, 403) and status < 500 if ask.route.operation in allowed else status == 403
        if not expected:
            found[ask.route.name] = status
    assert found == {}


def test_what_is_there_is_found_by_whoever_may_know_it(world: World) -> None:
    """Else the refusals of the other tests would mean nothing."""
    for user in ("admin", "operator"):
        client = world.as_user(user)
        allowed = world.serving.rights.operations[Role(user)]
        asked = [about(ask, ALPHA) for ask in world.asks if identified(ask) and ask.route.operation in allowed]
        missing = {ask.route.name: ask.send(client).text for ask in asked if ask.send(client).status_code == 404}
        assert missing == {}


@pytest.mark.parametrize("operation", ["resolve", "read", "trace", "query", "capture", "subscribe", "export"])
def test_a_narrower_key_does_no_more_than_its_scopes(world: World, operation: str) -> None:
    client = world.as_user("admin", scopes=[operation])
    things = world.made_by("admin", ALPHA)
    found = {}
    for ask in sorted(world.asks, key=lambda ask: ask.route.method == "delete"):
        status = renamed(about(ask, ALPHA), things).send(client).status_code
        asked_too = ask.route.path.endswith("/result")  # whose question takes an operation of its own
        if (status == 403) is not (ask.route.operation != operation or asked_too) or status in (401, 500):
            found[ask.route.name] = status
    assert found == {}


@pytest.mark.parametrize("role", sorted(ORGANISED))
def test_what_is_another_organisations_is_not_there(world: World, role: Role, filled: Path, tmp_path: Path) -> None:
    """An identifier that one may not know, in path, query or body, is answered to the byte as one that nobody has."""
    found = {}
    for number, ask in enumerate(ask for ask in world.asks if identified(ask)):
        with _fresh(world, ask.route, filled, tmp_path / str(number)) as asked_of:
            client = asked_of.as_user(role.value)
            foreign, unknown = (_in_the_end(about(ask, chain), client, chain) for chain in (BRAVO, UNKNOWN))
            if foreign != unknown or foreign[0][0] >= 500:
                found[_named(ask)] = foreign, unknown
    assert found == {}


@contextmanager
def _fresh(world: World, route: Route, filled: Path, folder: Path) -> Iterator[World]:
    """For a route that changes something a world of its own."""
    if not route.writes:
        yield world
        return
    with opened(filled, folder) as another:
        yield another


@pytest.mark.parametrize("role", sorted(ORGANISED))
def test_what_another_caller_made_is_not_there(world: World, role: Role) -> None:
    """Jobs, named queries, subscriptions: by their names, which are nobody's or another one's."""
    client = world.as_user(role.value)
    theirs = world.made_by("bravo", BRAVO)
    allowed = world.serving.rights.operations[role]
    found = {}
    for ask in (ask for ask in world.asks if ask.route.operation in allowed):
        names = names_in(ask, theirs)
        if not names:
            continue
        foreign = renamed(ask, theirs)
        nobodys = replace(foreign, path={**foreign.path, **{name: _rotated(value) for name, value in names.items()}})
        shown = [_shown(one, client, set(names)) for one in (foreign, nobodys)]
        if shown[0] != shown[1] or (ask.route.method != "options" and shown[0][0] != 404):
            found[_named(ask)] = shown
    assert found == {}


@pytest.mark.parametrize("user", sorted(ORGANISED))
def test_no_answer_names_anything_of_the_other_organisation(world: World, user: Role) -> None:
    """Whatever is asked about what is one's own, or about nothing."""
    world.made_by("bravo", BRAVO)
    client = world.as_user(user.value)
    things = world.made_by(user.value, ALPHA)
    found = {}
    for ask in sorted(world.asks, key=lambda ask: ask.route.method == "delete"):
        for asked in (renamed(about(ask, ALPHA), things), about(ask, UNKNOWN)):
            answer = asked.send(client)
            text = f"{answer.headers} {answer.content.decode('utf-8', 'replace')}"
            if any(mark in text for mark in BRAVO.marks):
                found[_named(ask)] = text[:2_000]
    assert found == {}


def test_the_marks_are_in_what_an_administrator_is_told(world: World) -> None:
    """Else the test above would find nothing."""
    client = world.as_user("admin")
    shown = [about(ask, BRAVO).send(client).text for ask in world.asks if ask.route.method == "get"]
    assert not [ask for ask in world.asks if identified(ask)] or any(BRAVO.word in text for text in shown)


def _in_the_end(ask: Ask, client: TestClient, chain: Chain) -> list[tuple[int, list[tuple[str, str]], str]]:
    """The answer, and where it is a job, what became of it."""
    answer = ask.send(client)
    found = [told(answer, chain)]
    if answer.status_code == 202:
        while _UNDONE.search((job := client.get(answer.headers["Location"])).text):
            time.sleep(0.01)
        found.append(told(job, chain, answer.headers["Location"]))
    return found


def told(answer: Any, chain: Chain | None = None, place: str = "") -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body of an answer, without the identifiers that were asked for, times, and random names."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in ALWAYS_OTHERS)
    content = answer.content.decode("utf-8", "replace")
    body = _TIME.sub("TIME", re.sub(r'"request": ?"[^"]*"', "", content))
    if chain is None:
        return answer.status_code, headers, body
    asked = [chain.of(kind) for kind in ("unit", "item", "product", "site", "party", "event")]
    asked += [text.rsplit("/", 1)[1] for text in (answer.headers.get("Location", ""), place) if text]
    return answer.status_code, [(name, _clean(value, asked)) for name, value in headers], _clean(body, asked)


def _clean(text: str, asked: list[str]) -> str:
    for one in asked:
        for form in (one, quote(one), quote(one, safe="")):
            text = text.replace(form, "ASKED")
    return text


def _shown(ask: Ask, client: TestClient, names: set[str]) -> tuple[int, str]:
    """What is answered, without the names that were asked for."""
    status, _, body = told(ask.send(client))
    return status, _clean(body, [ask.path[name] for name in names])


def _rotated(name: str) -> str:
    """Another name of the same form."""
    return name[1:] + name[0] if name[1:] + name[0] != name else f"{name}0"


def _named(ask: Ask) -> str:
    return f"{ask.route.name} {dict(ask.query)}"
