"""Sheets and profiles over HTTP: the same bytes as Python, chosen in the same way, jobs for large stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tests.api.v1.test_jobs import ended
from tracegraph import Tracegraph
from tracegraph.api.v1.parameters import EXAMPLE_PARTY, EXAMPLE_UNIT

CHOICES: list[dict[str, Any]] = [
    {"lots": [EXAMPLE_UNIT]},
    {"lots": [EXAMPLE_UNIT], "since": "2010-01-01", "until": "2011-02-01"},
    {"partner": EXAMPLE_PARTY, "product": "nothing of that name"},
]
NAMES = {"lots": "lot", "since": "from", "until": "to"}


@pytest.mark.parametrize("form", ["fsma204", "eu931"])
@pytest.mark.parametrize("choice", CHOICES)
def test_sheets_are_those_of_python(
    form: str, choice: dict[str, Any], client: TestClient, graph: Tracegraph, tmp_path: Path
) -> None:
    params = {NAMES.get(name, name): value for name, value in choice.items()}
    reply = client.get(f"/api/v1/sheets/{form}", params=params)
    graph.export(form, tmp_path / "sheet.csv", **choice)
    assert reply.status_code == 200
    assert reply.content == (tmp_path / "sheet.csv").read_bytes()
    assert reply.headers["content-type"].startswith("text/csv")


def test_a_workbook(client: TestClient, graph: Tracegraph, tmp_path: Path) -> None:
    reply = client.get("/api/v1/sheets/eu931", params={"lot": EXAMPLE_UNIT, "workbook": True, "lang": "zh"})
    graph.speaking("zh").export("eu931", tmp_path / "sheet.xlsx", lots=[EXAMPLE_UNIT])
    assert reply.content == (tmp_path / "sheet.xlsx").read_bytes()
    assert reply.headers["content-disposition"].endswith('tracegraph.xlsx"')


def test_what_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/sheets/fsma204", params={"lot": "urn:example:nothing"}).status_code == 404
    params = {"from": "2011-06-01", "to": "2011-05-01"}
    assert client.get("/api/v1/sheets/fsma204", params=params).status_code == 409
    assert client.get("/api/v1/sheets/tables").status_code in (400, 404, 422)


def test_a_large_store_by_a_job(demo: str, graph: Tracegraph, tmp_path: Path) -> None:
    with served(demo, tmp_path, most_nodes=20) as serving, client_of(serving, "admin") as client:
        reply = client.get("/api/v1/sheets/fsma204", params={"lot": EXAMPLE_UNIT})
        assert reply.status_code == 202
        result = client.get(ended(client, reply.headers["Location"])["result"])
    graph.export("fsma204", tmp_path / "sheet.csv", lots=[EXAMPLE_UNIT])
    assert result.content == (tmp_path / "sheet.csv").read_bytes()


def test_what_records_lack_page_by_page(client: TestClient, graph: Tracegraph) -> None:
    params: dict[str, Any] = {"partner": EXAMPLE_PARTY, "limit": 10}
    reply = client.get("/api/v1/profiles/fsma204", params=params)
    answer = graph.check_profile("fsma204", EXAMPLE_PARTY, limit=10)
    assert reply.content == answer.to_json()
    following = client.get(reply.links["next"]["url"])
    assert following.json()["result"]["findings"][0] != reply.json()["result"]["findings"][0]
