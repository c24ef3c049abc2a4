"""How answers are sent: in the caller's language, as the library's own bytes, with an ETag, or not again (304)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from starlette.responses import Response

from tracegraph import __version__
from tracegraph.access.caller import Caller
from tracegraph.answers import Answer
from tracegraph.api.callers import Asking, Graph, Shared
from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.serving import Serving
from tracegraph.api.v1.parameters import Seen, Wanted
from tracegraph.errors import UsageError
from tracegraph.graph import Tracegraph
from tracegraph.messages import LANGUAGES, Language

JSON = "application/json"
#: What an answer depends on besides its address.
VARY = "Accept-Language, Authorization, X-API-Key"
#: How a question may go wrong.
PROBLEMS = (NOT_FOUND, WRONG_REQUEST, CONTRADICTION)


@dataclass(slots=True)
class Replying:
    """One request that is being answered."""

    request: Request
    serving: Serving
    caller: Caller
    graph: Tracegraph
    seen: str | None
    wanted: str | None

    def language(self, asked: str | None) -> Language:
        """The language asked for, else the one that the headers want most."""
        return next((known for known in LANGUAGES if known == asked), preferred_language(self.wanted))

    def graph_in(self, language: str | None) -> Tracegraph:
        """The graph, speaking that language."""
        return self.graph.speaking(self.language(language))

    def send(self, make: Callable[[], Answer], language: str | None, *question: object) -> Response:
        """The answer that `make` gives. `question`: what a body asks besides the address."""
        tag = self.tag(self.language(language), *question)
        if self.has(tag):
            return self.unchanged(tag)
        return self.whole(answer_of(make), tag)

    def send_page(self, make: Callable[[], Answer], language: str | None) -> Response:
        """A page of a list, with a link to the next one."""
        tag = self.tag(self.language(language))
        if self.has(tag):
            return self.unchanged(tag)
        answer = answer_of(make)
        reply = self.whole(answer, tag)
        if answer.result["next"]:
            reply.headers["Link"] = self.link_to(answer.result["next"])
        return reply

    def whole(self, answer: Answer, tag: str) -> Response:
        """An answer. One that a limit cut may depend on how fast the machine was, so it has no tag."""
        headers = {} if answer.frontier else {"ETag": tag, "Cache-Control": "private, no-cache"}
        return Response(answer.to_json(), headers=headers | {"Vary": VARY}, media_type=JSON)

    def unchanged(self, tag: str) -> Response:
        """What the caller has is still right."""
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache", "Vary": VARY})

    def tag(self, *question: object) -> str:
        """What the answer follows from: the question, the end of the ledger, and what the caller may know."""
        caller, request = self.caller, self.request
        parts = [
            __version__,
            self.graph.store.head().hash,
            caller.role,
            sorted(caller.organisations),
            request.url.path,
            sorted(request.query_params.multi_items()),
            *question,
        ]
        return f'"{sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:40]}"'

    def has(self, tag: str) -> bool:
        """Whether the caller has the answer with this tag (RFC 9110, 13.1.2; compared weakly)."""
        known = (self.seen or "").split(",")
        return tag in (entry.strip().removeprefix("W/") for entry in known)

    def link_to(self, cursor: str) -> str:
        """The header `Link` for the page that begins at the cursor (RFC 8288)."""
        others = [(name, text) for name, text in self.request.query_params.multi_items() if name != "cursor"]
        return f'<{self.request.url.path}?{urlencode([*others, ("cursor", cursor)])}>; rel="next"'


def replying(
    request: Request, serving: Shared, caller: Asking, graph: Graph, seen: Seen = None, wanted: Wanted = None
) -> Replying:
    """What a route needs to answer."""
    return Replying(request, serving, caller, graph, seen, wanted)


Reply = Annotated[Replying, Depends(replying)]


def answer_of(make: Callable[[], Answer]) -> Answer:
    """The answer. What is refused although its parts are understood does not go together."""
    try:
        return make()
    except UsageError as error:
        raise Problem(CONTRADICTION, str(error)) from None


def preferred_language(header: str | None) -> Language:
    """The language that `Accept-Language` wants most of those that there are (RFC 9110, 12.5.4); English for none."""
    wanted: list[tuple[float, int, Language]] = []
    for place, part in enumerate((header or "").split(",")):
        name, _, weight = part.strip().partition(";")
        for language in LANGUAGES:
            if name.lower().split("-")[0] == language:
                wanted.append((-_weight(weight), place, language))
    wanted.append((0.0, 0, "en"))
    return min(wanted)[2]


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0


def told(model: type[Any], description: str, example: Any = None) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of an answer and of there being no new one."""
    content: dict[str, Any] = {} if example is None else {JSON: {"example": example}}
    headers = {
        "ETag": {"description": "Names this answer; absent where a limit cut it", "schema": {"type": "string"}},
        "Vary": {"schema": {"type": "string"}},
    }
    return {
        200: {"model": model, "description": description, "content": content, "headers": headers},
        304: {"description": "The answer that If-None-Match names is still right"},
    }
