"""Every question over HTTP gives the bytes that Python gives, and what the document says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.api.v1.documents import schema_of
from tracegraph import Tracegraph
from tracegraph.answers import Answer
from tracegraph.api.v1.parameters import (
    EXAMPLE_EVENT,
    EXAMPLE_PARTY,
    EXAMPLE_PRODUCT,
    EXAMPLE_SITE,
    EXAMPLE_UNIT,
)

#: What the server adds to questions that can be endless.
LIMITS: dict[str, Any] = {"max_nodes": 50_000, "max_seconds": 30.0}
URN = "urn:epc:class:lgtin:9520101.000001.48088"

Ask = Callable[[Tracegraph], Answer]

QUESTIONS: list[tuple[str, str, Ask]] = [
    ("list_units", "units", lambda graph: graph.search()),
    ("list_units", "units?q=4808&limit=3&kind=lot", lambda graph: graph.search("4808", kind="lot", limit=3)),
    (
        "list_units",
        f"units?product={quote(EXAMPLE_PRODUCT)}&as_of=2026-02-01",
        lambda graph: graph.search(product=EXAMPLE_PRODUCT, as_of="2026-02-01"),
    ),
    ("show_unit", f"units/{quote(EXAMPLE_UNIT, safe='')}", lambda graph: graph.show(EXAMPLE_UNIT)),
    ("show_unit", f"units/{quote(EXAMPLE_UNIT)}", lambda graph: graph.show(EXAMPLE_UNIT)),
    ("show_unit", "units/48088", lambda graph: graph.show("48088")),
    ("show_unit", f"units/{URN}", lambda graph: graph.show(URN)),
    ("show_event", f"events/{quote(EXAMPLE_EVENT, safe='')}", lambda graph: graph.show(f"event:{EXAMPLE_EVENT}")),
    ("list_sites", "sites?q=Hamburg", lambda graph: graph.search("Hamburg", "sites")),
    ("show_site", f"sites/{quote(EXAMPLE_SITE, safe='')}", lambda graph: graph.show(f"site:{EXAMPLE_SITE}")),
    ("list_parties", "parties?limit=7", lambda graph: graph.search(among="parties", limit=7)),
    ("show_party", f"parties/{quote(EXAMPLE_PARTY, safe='')}", lambda graph: graph.show(f"party:{EXAMPLE_PARTY}")),
    ("list_products", "products", lambda graph: graph.search(among="products")),
    (
        "show_product",
        f"products/{quote(EXAMPLE_PRODUCT, safe='')}",
        lambda graph: graph.show(f"product:{EXAMPLE_PRODUCT}"),
    ),
    ("get_trace", "traces?start=48088", lambda graph: graph.trace("48088", **LIMITS)),
    (
        "get_trace",
        f"traces?start=site:{quote(EXAMPLE_SITE)}&start=48088&direction=both&certainty=confirmed&max_hops=2&lang=zh"
        "&from=2011-01-01&to=2011-05-31&contents=false&as_of=2026-03-01",
        lambda graph: graph.speaking("zh").trace(
            f"site:{EXAMPLE_SITE}",
            "48088",
            direction="both",
            certainty="confirmed",
            max_hops=2,
            since="2011-01-01",
            until="2011-05-31",
            contents=False,
            as_of="2026-03-01",
            **LIMITS,
        ),
    ),
    ("get_paths", "paths?start=48088", lambda graph: graph.trace("48088", paths=1, **LIMITS)),
    (
        "get_origin",
        "origins?start=https%3A%2F%2Fcases.example%2Fde-01%2Fsalad&on=2011-06-01",
        lambda graph: graph.origin("https://cases.example/de-01/salad", on="2011-06-01", **LIMITS),
    ),
    (
        "get_origin",
        "origins?start=https%3A%2F%2Fcases.example%2Fde-01%2Fsalad&infer=lifo",
        lambda graph: graph.origin("https://cases.example/de-01/salad", infer="lifo", **LIMITS),
    ),
    ("get_whereabouts", "whereabouts?start=48088&on=2011-05-01", lambda graph: graph.where("48088", on="2011-05-01")),
    (
        "get_trace",
        "traces?start=48088&shares=true&max_nodes=40",
        lambda graph: graph.trace("48088", shares=True, max_nodes=40),
    ),
    (
        "get_trace",
        "traces?start=https%3A%2F%2Fcases.example%2Fde-01%2Fsalad&direction=backward&shares=true",
        lambda graph: graph.trace(
            "https://cases.example/de-01/salad", direction="backward", shares=True, max_nodes=50_000
        ),
    ),
    (
        "get_trace",
        "traces?start=48088&infer=window:9&max_nodes=40",
        lambda graph: graph.trace("48088", infer="window:9", max_nodes=40, max_seconds=30.0),
    ),
    ("get_scope", "scopes?start=48088", lambda graph: graph.scope("48088")),
    (
        "get_scope",
        f"scopes?start=site:{quote(EXAMPLE_SITE)}&start=product:{quote(EXAMPLE_PRODUCT)}&from=2011-01-01&to=2011-05-31"
        "&follow=false&minimum_grade=documented&paths=0&as_of=2026-03-01&lang=zh",
        lambda graph: graph.speaking("zh").scope(
            f"site:{EXAMPLE_SITE}",
            f"product:{EXAMPLE_PRODUCT}",
            since="2011-01-01",
            until="2011-05-31",
            follow=False,
            minimum_grade="documented",
            paths=0,
            as_of="2026-03-01",
        ),
    ),
    ("get_balance", "balances?start=48088", lambda graph: graph.balance("48088")),
    (
        "get_balance",
        "balances?start=48088&start=8266&on=2011-05-01&measure=TNE",
        lambda graph: graph.balance("48088", "8266", on="2011-05-01", measure="TNE"),
    ),
    ("list_gaps", "gaps", lambda graph: graph.all_gaps(limit=100)),
    ("get_metric", "metrics/concentration", lambda graph: graph.metrics("concentration")),
    (
        "get_metric",
        "metrics/reach?start=48088&by=party&period=quarter&certainty=confirmed&measure=TNE&limit=3&lang=zh",
        lambda graph: graph.speaking("zh").metrics(
            "reach", "48088", by="party", period="quarter", certainty="confirmed", measure="TNE", limit=3
        ),
    ),
    ("get_metric", "metrics/completeness?start=48088", lambda graph: graph.metrics("completeness", "48088")),
    (
        "list_gaps",
        "gaps?kind=ambiguous_receipt&limit=4&partner=https://middlemen.example/1/company",
        lambda graph: graph.all_gaps(kind="ambiguous_receipt", limit=4, partner="https://middlemen.example/1/company"),
    ),
]


@pytest.mark.parametrize(("operation", "address", "ask"), QUESTIONS, ids=[address for _, address, _ in QUESTIONS])
def test_the_same_bytes(operation: str, address: str, ask: Ask, client: TestClient, graph: Tracegraph) -> None:
    reply = client.get(f"/api/v1/{address}")
    assert reply.status_code == 200, reply.text
    assert reply.content == ask(graph).to_json()
    Draft202012Validator(schema_of(client, operation)).validate(reply.json())


def test_a_body_asks_the_same(client: TestClient, graph: Tracegraph) -> None:
    with_shares = client.post("/api/v1/traces", json={"start": ["48088"], "shares": True})
    assert with_shares.content == graph.trace("48088", shares=True, max_nodes=50_000).to_json()
    body: dict[str, Any] = {"start": ["48088"], "max_steps": 2, "paths": 2, "at": EXAMPLE_SITE, "on": "2011-05-20"}
    reply = client.post("/api/v1/traces", json=body)
    starts = body.pop("start")
    assert reply.content == graph.trace(*starts, **body, **LIMITS).to_json()
    Draft202012Validator(schema_of(client, "post_trace")).validate(reply.json())


def test_a_scope_as_a_body(client: TestClient, graph: Tracegraph) -> None:
    """Seeds of every rule, sets of them, and assumptions."""
    seeds: list[dict[str, Any]] = [
        {"rule": "lot", "unit": "48088", "class": "affected"},
        {"rule": "site", "site": EXAMPLE_SITE, "from": "2011-05-01"},
        {"rule": "clean_break", "site": EXAMPLE_SITE, "line": "L1", "evidence": ["2011-05-01"]},
        {"rule": "product", "product": EXAMPLE_PRODUCT},
        {"rule": "organisation", "party": EXAMPLE_PARTY, "role": "maker"},
        {"rule": "equipment", "equipment": "48088", "from": "2011-05-01"},
        {"rule": "evidence"},
    ]
    assumptions: dict[str, Any] = {
        "cross_contamination": [{"site": EXAMPLE_SITE, "to": "2011-05-31"}],
        "kills": [{"site": EXAMPLE_SITE, "from": "2011-06-01"}],
    }
    question = {
        "scope": {"rule": "minus", "of": [{"rule": "union", "of": seeds}, {"rule": "lot", "unit": "8266"}]},
        "assumptions": assumptions,
        "paths": 0,
    }
    reply = client.post("/api/v1/scopes", json=question)
    assert reply.status_code == 200, reply.text
    assert reply.content == graph.scope(question).to_json()
    Draft202012Validator(schema_of(client, "post_scope")).validate(reply.json())
    wrong = {"scope": {"rule": "site", "site": EXAMPLE_SITE, "from": "2011-05-02", "to": "2011-05-01"}}
    assert client.post("/api/v1/scopes", json=wrong).status_code == 409
    assert client.post("/api/v1/scopes", json={"scope": {"rule": "lott"}}).status_code == 400
    assert client.post("/api/v1/scopes", json={"scope": {"rule": "lot", "unit": "nothing"}}).status_code == 404


def test_accept_language_chooses_the_language(client: TestClient, graph: Tracegraph) -> None:
    for header, language in (("zh-CN, en;q=0.5", "zh"), ("en;q=0.1, zh;q=0", "en"), ("fr", "en"), ("zh;q=x", "en")):
        reply = client.get("/api/v1/gaps", params={"limit": 3}, headers={"Accept-Language": header})
        assert reply.content == graph.speaking(language).all_gaps(limit=3).to_json()
        assert "Accept-Language" in reply.headers["Vary"]


@pytest.mark.parametrize(
    "address",
    [
        "traces",
        "traces?start=48088&max_hop=3",
        "traces?start=48088&max_hops=-1",
        "traces?start=48088&from=2011",
        "traces?start=48088&direction=up",
        "traces?start=48088&on=2011-01-01&from=2011-01-01",
        "units?cursor=nonsense",
        "units?cursor=WzEsMl0",
        "units?limit=0",
        "gaps?kind=nothing_like_it",
        "units/%20",
        "whereabouts?start=site:48088x",
        "metrics/depth?direction=forward",
        "metrics/beauty",
        "metrics/reach?by=customer",
        "balances?start=48088&measure=kilograms",
        "balances?start=site:https://cases.example/de-01",
        "traces?start=48088&shares=true&direction=both",
        "traces?start=48088&shares=true&max_seconds=1",
        "traces?start=48088&infer=guess",
    ],
)
def test_what_is_wrong_is_said(address: str, client: TestClient) -> None:
    reply = client.get(f"/api/v1/{address}")
    told = reply.json()
    assert reply.status_code in (400, 404, 409), told
    assert told["detail"]
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["units/x", "events/x", "sites/x", "parties/x", "products/x", "traces?start=x"])
def test_unknown_things(address: str, client: TestClient) -> None:
    reply = client.get(f"/api/v1/{address}")
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:tracegraph:problem:not-found")
