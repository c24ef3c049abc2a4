"""What headers ask for and what they tell."""

from __future__ import annotations

import pytest

from tests.api.epcis.conftest import Client
from tracegraph.api.epcis.headers import accepted
from tracegraph.api.problems import Problem


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("application/xml, application/ld+json;q=0.5", "application/ld+json"),
        ("application/ld+json;q=0.5, application/json", "application/json"),
        ("text/html, application/*;q=0.1", "application/json"),
    ],
)
def test_the_form_of_the_answer(accept: str | None, media: str) -> None:
    assert accepted(accept) == media


@pytest.mark.parametrize("accept", ["application/xml", "text/*", "application/json;q=0", "application/json;q=x"])
def test_other_forms_are_not_offered(accept: str) -> None:
    with pytest.raises(Problem):
        accepted(accept)


def test_the_answer_says_in_which_form_it_is(client: Client) -> None:
    answer = client.http.get("/epcis/events", headers={"Accept": "application/ld+json"})
    assert answer.headers["Content-Type"] == "application/ld+json"
    client.refused("GET", "/epcis/events", 406, "NotAcceptableException", headers={"Accept": "application/xml"})


def test_every_answer_tells_the_versions(client: Client) -> None:
    for path in ("/epcis", "/epcis/events", "/epcis/nothing", "/epcis/events?x=1"):
        headers = client.http.get(path).headers
        assert (headers["GS1-EPCIS-Version"], headers["GS1-CBV-Version"]) == ("2.0.0", "2.0.0")
        assert headers["GS1-Vendor-Version"].startswith("tracegraph ")
    assert "GS1-EPCIS-Version" not in client.http.get("/health").headers


@pytest.mark.parametrize(
    "headers",
    [{"GS1-EPCIS-Version": "2.0"}, {"GS1-EPCIS-Min": "1.2", "GS1-EPCIS-Max": "2.1.0"}, {"GS1-CBV-Version": "2.0.0"}],
)
def test_versions_that_are_spoken(client: Client, headers: dict[str, str]) -> None:
    assert client.http.get("/epcis/events", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"GS1-EPCIS-Version": "1.2"}, {"GS1-EPCIS-Min": "2.1"}, {"GS1-EPCIS-Max": "1.9"}, {"GS1-CBV-Min": "3"}],
)
def test_versions_that_are_not(client: Client, headers: dict[str, str]) -> None:
    client.refused("GET", "/epcis/events", 406, "NotAcceptableException", headers=headers)


@pytest.mark.parametrize("headers", [{"GS1-EPCIS-Version": "two"}, {"GS1-EPC-Format": "Always"}])
def test_headers_that_are_not_understood(client: Client, headers: dict[str, str]) -> None:
    client.refused("GET", "/epcis/events", 400, "ValidationException", headers=headers)


def test_every_path_offers_its_capabilities(client: Client) -> None:
    told = client.http.get("/openapi.json").json()["paths"]
    paths = [path for path in told if path.startswith("/epcis") and "{subscriptionID}" not in path]
    assert len(paths) > 20
    client.http.post("/epcis/queries", json={"name": "queryName", "query": {}})
    for path in paths:
        answer = client.http.options(path.replace("{", "").replace("}", ""))
        assert answer.status_code == 204, path
        methods = {method.upper() for method in told[path]}
        assert set(answer.headers["Allow"].split(", ")) == methods, path
        assert answer.headers["GS1-EPCIS-Capture-File-Size-Limit"] == "67108864"
        assert answer.headers["GS1-EPCIS-Min"] == answer.headers["GS1-EPCIS-Max"] == "2.0.0"


def test_a_query_that_is_not_there_offers_nothing(client: Client) -> None:
    client.refused("OPTIONS", "/epcis/queries/unknown", 404, "NoSuchNameException")


def test_what_is_offered_is_listed(client: Client) -> None:
    for name in client.http.get("/epcis").json()["member"]:
        assert client.http.get(f"/epcis/{name}").status_code == 200
