"""Requests made from the OpenAPI file: each route with the examples of its parameters, about whatever is asked for.

Identifiers in the examples, wherever they stand, are replaced by those of a chain (tests.api.two_chains). Names of what
a caller made itself (jobs, queries, subscriptions) come from the Location headers of what it made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from starlette.testclient import TestClient

from tests.api.two_chains import Chain

METHODS = ("get", "post", "put", "patch", "delete", "options", "head")

#: What an identifier of an example is about, by its form; what stands before it (`site:`) stays.
_FORMS = (
    ("unit", re.compile(r"(?:https://[^/]+/01/\d{14}/(?:10|21)/.+|urn:epc:(?:class:lgtin|id:sgtin):.+)\Z")),
    ("product", re.compile(r"(?:https://[^/]+/01/\d{14}|urn:epc:idpat:sgtin:.+\.\*)\Z")),
    ("site", re.compile(r"(?:https://[^/]+/414/\d{13}.*|urn:epc:id:sgln:.+|https://cases\.example/.+)\Z")),
    ("party", re.compile(r"(?:https://[^/]+/417/\d{13}|urn:epc:id:pgln:.+)\Z")),
    ("event", re.compile(r"(?:urn:uuid:.+|ni:///.+)\Z")),
)
_START = re.compile(r"(site|party|product|event|unit):(?=\S+:)")

Json = Any

#: Where subscribers want their events; nobody listens.
RECEIVER = "http://127.0.0.1:9/events"
#: Parameters of the two interfaces that name the same thing.
SAME = {"subscriptionID": "subscription"}


@dataclass(frozen=True)
class Route:
    """One method of one path of the OpenAPI file."""

    method: str
    path: str
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def operation(self) -> str:
        found: str = self.told["x-tracegraph-operation"]
        return found

    @property
    def is_public(self) -> bool:
        return {} in self.told["security"]

    @property
    def writes(self) -> bool:
        return self.operation in ("capture", "investigate", "subscribe", "administer") or self.method == "delete"


@dataclass(frozen=True)
class Ask:
    """One request. `places`: for each identifier in it, what kind it is and how to put another one there."""

    route: Route
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    media: str = ""

    def send(self, client: TestClient, **headers: str) -> Any:
        """The response."""
        address = self.route.path
        for name, value in self.path.items():
            address = re.sub(rf"{{{re.escape(name)}(:path)?}}", quote(value, safe="").replace("\\", "\\\\"), address)
        content, form = None, {}
        if self.body is not None:
            content = self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()
            form = {"Content-Type": self.media}
        return client.request(
            self.route.method.upper(),
            address,
            params={name: value for name, value in self.query.items() if value is not None},
            content=content,
            headers={**self.headers, **form, **headers},
            follow_redirects=False,
        )

    def mapped(self, change: Callable[[str], str]) -> Ask:
        """With every text in it changed."""
        return replace(
            self,
            path={name: change(value) for name, value in self.path.items()},
            query={name: walked(value, change) for name, value in self.query.items()},
            body=walked(self.body, change),
        )


def routes_of(document: Mapping[str, Any]) -> list[Route]:
    """Every route that the OpenAPI file names."""
    found = []
    for path, methods in document["paths"].items():
        found += [Route(method, path, _whole(told, document)) for method, told in methods.items() if method in METHODS]
    return found


def _whole(told: Json, document: Mapping[str, Any], depth: int = 0) -> Json:
    """Without references, down to where they could repeat."""
    if isinstance(told, Mapping):
        if "$ref" in told and depth < 8:
            found: Json = document
            for name in told["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return _whole(found, document, depth + 1)
        return {name: _whole(value, document, depth) for name, value in told.items()}
    return [_whole(value, document, depth) for value in told] if isinstance(told, list) else told


def asks_of(route: Route) -> list[Ask]:
    """The route with what it must have, and once more for each further parameter that takes an identifier."""
    plain = Ask(route)
    optional = []
    for parameter in route.told.get("parameters", ()):
        value = example_of(parameter)
        if parameter["in"] == "path":
            assert value is not None, f"{route.name}: the parameter {parameter['name']} has no example"
            plain = replace(plain, path={**plain.path, parameter["name"]: str(value)})
        elif parameter.get("required") and parameter["in"] == "query":
            assert value is not None, f"{route.name}: the parameter {parameter['name']} has no example"
            plain = replace(plain, query={**plain.query, parameter["name"]: value})
        elif parameter.get("required") and parameter["in"] == "header":
            plain = replace(plain, headers={**plain.headers, parameter["name"]: str(value)})
        elif parameter["in"] == "query" and any(kind_of(text) for text in texts(value)):
            optional.append((parameter["name"], value))
    asks = _of_every_form(_with_body(plain))
    return [*asks, *(replace(asks[0], query={**plain.query, name: value}) for name, value in optional)]


def _of_every_form(plain: Ask) -> list[Ask]:
    """Once for each word that may stand in the path, where the words are listed."""
    asks = [plain]
    for parameter in plain.route.told.get("parameters", ()):
        if parameter["in"] == "path" and (words := parameter["schema"].get("enum")):
            asks = [replace(ask, path={**ask.path, parameter["name"]: word}) for ask in asks for word in words]
    return asks


def _with_body(ask: Ask) -> Ask:
    content = ask.route.told.get("requestBody", {}).get("content", {})
    for media in sorted(content, key=lambda media: not media.startswith("application/json")):
        body = example_of(content[media])
        if body is not None:
            return replace(ask, body=body, media=media)
    assert not content, f"{ask.route.name}: its body has no example"
    return ask


def example_of(told: Mapping[str, Any]) -> Json:
    """What a parameter or a form of a body gives as its example."""
    schema = told.get("schema", {})
    if "example" in told:
        return told["example"]
    if isinstance(told.get("examples"), Mapping):
        return next(iter(told["examples"].values()))["value"]
    for place in (schema, *schema.get("anyOf", ()), schema.get("items", {})):
        if place.get("examples"):
            return place["examples"][0]
        if "example" in place:
            return place["example"]
    return next(iter(schema.get("enum", ())), None)


def kind_of(text: str) -> str | None:
    """What an identifier is about: unit, product, site, party, event; None: it is no identifier."""
    bare = _START.sub("", text)
    return next((kind for kind, form in _FORMS if form.match(bare)), None)


def about(ask: Ask, chain: Chain) -> Ask:
    """The same about the things of a chain."""
    named = {"gtin": chain.product, "lot": chain.unit, "serial": chain.item}
    digits = {name: key.rsplit("/", 1)[1] for name, key in named.items()}
    changed = ask.mapped(lambda text: other(text, chain))
    return replace(changed, path={name: digits.get(name, value) for name, value in changed.path.items()})


def other(text: str, chain: Chain) -> str:
    """The identifier of the chain of the same kind; other text as it is."""
    kind = kind_of(text)
    start = _START.match(text)
    return text if kind is None else (start[0] if start else "") + chain.of(kind)


def identified(ask: Ask) -> set[str]:
    """The kinds of identifiers that a request names."""
    found = {
        kind for text in texts([list(ask.path.values()), list(ask.query.values()), ask.body]) if (kind := kind_of(text))
    }
    return found | ({"unit"} if "gtin" in ask.path else set())


def texts(value: Json) -> Iterator[str]:
    """Every text in JSON values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def walked(value: Json, change: Callable[[str], str]) -> Json:
    """JSON values with every text changed; `@context` stays, and deliveries go where the test allows it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {
            name: inner if name == "@context" else RECEIVER if name == "dest" else walked(inner, change)
            for name, inner in value.items()
        }
    return [walked(inner, change) for inner in value] if isinstance(value, list) else value


def made(client: TestClient, asks: list[Ask], templates: list[str]) -> dict[str, dict[str, str]]:
    """What a caller made: for each path that leads to such a thing, the values of its parameters. What can be answered
    by a job is (RFC 7240, respond-async)."""
    found: dict[str, dict[str, str]] = {}
    for ask in asks:
        if ask.route.method != "post":
            continue
        location = renamed(ask, found).send(client, Prefer="respond-async").headers.get("Location", "")
        for template in templates:
            match = _pattern(template).fullmatch(location.removeprefix("http://testserver"))
            names = match.groupdict() if match else {}
            if names and not any(kind_of(unquote(name)) for name in names.values()):
                found[template] = names
                found |= _elsewhere(names, templates)
    return found


def _elsewhere(names: Mapping[str, str], templates: list[str]) -> dict[str, dict[str, str]]:
    """Where the other interface has the same thing."""
    return {
        template: {SAME[name]: value}
        for name, value in names.items()
        for template in templates
        if name in SAME and template.endswith(f"/{{{SAME[name]}}}")
    }


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)(?::path)?}", template)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )


def renamed(ask: Ask, things: Mapping[str, Mapping[str, str]]) -> Ask:
    """With the names of what a caller made, where the path leads to such a thing or below it."""
    return replace(ask, path={**ask.path, **names_in(ask, things)})


def names_in(ask: Ask, things: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The parameters of the path that name what a caller made."""
    found: dict[str, str] = {}
    for template, names in things.items():
        if ask.route.path == template or ask.route.path.startswith(f"{template}/"):
            found |= names
    return found
