"""Whatever partners write into their records: no table runs as formulas, no page as a script, no answer as anything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api import hostile
from tests.api.clients import new_key, service
from tests.api.matrix import Ask, Route, asks_of, kind_of, routes_of
from tests.commands.conftest import Run, run  # noqa: F401 - a fixture
from tracegraph.formats.tables.writing import FORMULA_STARTS


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/store.db"
    hostile.fill(url, tmp_path)
    return url


@pytest.fixture
def client(store: str, tmp_path: Path) -> Iterator[TestClient]:
    with service(tmp_path) as (serving, opened):
        opened.headers["X-API-Key"] = new_key(serving, "office", "admin")
        yield opened


def formulas(text: str) -> list[str]:
    """The cells of a table that a spreadsheet would run."""
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(FORMULA_STARTS)]


@pytest.mark.parametrize(
    "words", ["export csv", "gaps --format csv", "trace both =cmd() --format csv", "origin =cmd() --format csv"]
)
def test_no_cell_of_the_command_line_runs(run: Run, store: str, words: str) -> None:  # noqa: F811
    shown = run("--store", store, *words.split())
    assert shown.status == 0
    assert "=cmd()" in shown.text
    assert formulas(shown.text) == []


def test_no_cell_of_the_interface_runs(client: TestClient) -> None:
    found = {ask.route.name: formulas(text) for ask, text in answers(client, "text/csv")}
    assert {name: cells for name, cells in found.items() if cells} == {}


class Tags(HTMLParser):
    """The tags of a page, and the names of their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


def test_no_page_of_the_interface_runs_a_script(client: TestClient) -> None:
    for ask, text in answers(client, "text/html"):
        seen = Tags(text).seen
        assert "script" not in seen, ask.route.name
        assert not [name for name in seen if name.startswith("on")], ask.route.name


def test_every_answer_about_it_is_what_it_says_that_it_is(client: TestClient) -> None:
    """JSON where it says JSON, and never a fault."""
    for ask, answer in asked(client):
        assert answer.status_code < 500, (ask.route.name, answer.text)
        if answer.content and answer.headers.get("content-type", "").endswith("json"):
            json.loads(answer.content)


def answers(client: TestClient, form: str) -> Iterator[tuple[Ask, str]]:
    """What the routes that offer this form answer about the hostile things."""
    for ask, answer in asked(client, form):
        if answer.status_code == 200 and answer.headers["content-type"].startswith(form):
            yield ask, answer.text


def asked(client: TestClient, form: str = "*/*") -> Iterator[tuple[Ask, Any]]:
    routes = routes_of(client.app.openapi())  # type: ignore[attr-defined]
    for route in routes:
        if route.method in ("get", "post") and (form == "*/*" or form in offered(route)):
            for ask in asks_of(route):
                for text in ("=cmd()", "<script>alert(1)</script>", f"(01){hostile.GTIN}(10)=cmd()"):
                    named = about(ask, text)
                    yield named, named.send(client, Accept=form)


def about(ask: Ask, unit: str) -> Ask:
    """The same about a unit."""
    return ask.mapped(lambda text: unit if kind_of(text) == "unit" else text)


def offered(route: Route) -> str:
    """The forms that a route answers in."""
    return " ".join(form for told in route.told["responses"].values() for form in told.get("content", {}))
