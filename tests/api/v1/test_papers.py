"""Documents from records over HTTP: the same bytes as Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.v1.demo import client_of, served
from tests.reports.documents.test_documents import PARTY, RECORDS
from tracegraph import Tracegraph
from tracegraph.reports.documents.writing import MEDIA

ANNUAL: dict[str, Any] = {"party": PARTY, "year": 2025}
KINDS: dict[str, dict[str, Any]] = {"asi-annual": ANNUAL, "asi-coc": {"number": "D-1"}}


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with the records of the worked example."""
    url = f"sqlite:///{tmp_path}/papers.db"
    with Tracegraph.open(url) as graph:
        for told in RECORDS:
            graph.record(told["kind"], {name: text for name, text in told.items() if name != "kind"}, reason="test")
    return url


@pytest.fixture
def papers(store: str, tmp_path: Path) -> Iterator[TestClient]:
    with served(store, tmp_path) as serving, client_of(serving, "admin") as client:
        yield client


def test_documents_are_those_of_python(papers: TestClient, store: str, tmp_path: Path) -> None:
    with Tracegraph.open(store) as graph:
        for form, media in MEDIA.items():
            for kind, named in KINDS.items():
                reply = papers.get(f"/api/v1/reports/{kind}", params=named | {"form": form, "lang": "zh"})
                graph.speaking("zh").document(kind, tmp_path / "one", form=form, **named)
                assert reply.status_code == 200
                assert reply.headers["content-type"] == media
                assert reply.content == (tmp_path / "one").read_bytes()


def test_what_there_is_not_and_what_became_true_later(papers: TestClient) -> None:
    assert papers.get("/api/v1/reports/asi-coc", params={"number": "D-9"}).status_code == 404
    nobody: dict[str, Any] = {"party": "https://nobody.example", "year": 2025}
    assert papers.get("/api/v1/reports/asi-annual", params=nobody).status_code == 404
    assert papers.get("/api/v1/reports/asi-annual", params={"party": PARTY}).status_code in (400, 422)
    assert ">480<" in papers.get("/api/v1/reports/asi-annual", params=ANNUAL).text
    early = papers.get("/api/v1/reports/asi-annual", params={**ANNUAL, "valid": "2025-10-31"})
    assert ">480<" not in early.text
    assert papers.get("/api/v1/reports/trace", params={"start": "x"}).status_code == 404
