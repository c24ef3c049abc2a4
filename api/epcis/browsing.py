"""Browsing: which event types, steps, dispositions, places and units there are, and the events of each.

Source: GS1 EPCIS 2.0 section 12 (REST bindings, top-level resources).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Query, Request
from starlette.responses import Response

from tracegraph.api.callers import Graph, Shared
from tracegraph.api.epcis import examples
from tracegraph.api.epcis.answers import answer, collection
from tracegraph.api.epcis.asking import PROBLEMS, answered, next_page, pairs_of
from tracegraph.api.epcis.events import EVENTS, NextPage, PerPage
from tracegraph.api.epcis.headers import Headers
from tracegraph.api.epcis.offering import PREFIX, options, routes, told
from tracegraph.api.epcis.schemas import ref, url_parameters
from tracegraph.api.problems import INVALID_QUERY, NOT_ACCEPTABLE, NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.serving import Serving
from tracegraph.formats.epcis.context import STANDARD
from tracegraph.formats.epcis.parse import term_of
from tracegraph.formats.epcis.vocabulary import BIZ_STEPS, DISPOSITIONS, TYPES, Vocabulary
from tracegraph.graph import Tracegraph
from tracegraph.identifiers import canonical, location
from tracegraph.query import both, read_url
from tracegraph.service.seen import Kind
from tracegraph.stores.port import Reading

browsing = routes()


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of thing to look at. `values` lists some from behind a value on, `knows` says whether there is one (both
    by canonical form), `condition` gives the parameter that asks for its events."""

    name: str
    one: str
    example: str
    canonical: Callable[[str], str]
    values: Callable[[Serving, Reading, str, int], list[str]]
    knows: Callable[[Serving, Reading, str], bool]
    condition: Callable[[str], tuple[str, str]]


def _seen(kind: Kind, one: str, example: str, canonical_form: Callable[[str], str], parameter: str) -> Resource:
    return Resource(
        kind.value,
        one,
        example,
        canonical_form,
        lambda serving, reading, after, most: serving.seen.values(reading, kind, after, most),
        lambda serving, reading, value: serving.seen.knows(reading, kind, value),
        lambda value: (parameter, value),
    )


def _word(words: Vocabulary) -> Callable[[str], str]:
    return lambda text: term_of(text, words, STANDARD)[0].value


def _units(serving: Serving, reading: Reading, after: str, most: int) -> list[str]:
    keys = [unit.key for unit in reading.units()]
    start = bisect_right(keys, after)
    return keys[start : start + most]


def _knows_unit(serving: Serving, reading: Reading, key: str) -> bool:
    return bool(reading.units([key])) or bool(reading.events(units=[key]))


def _unit_condition(key: str) -> tuple[str, str]:
    """Instances stand in lists of EPCs, lots and products in lists of quantities."""
    return ("MATCH_anyEPC" if _is_instance(key) else "MATCH_anyEPCClass"), key


def _is_instance(key: str) -> bool:
    from tracegraph.identifiers import parse

    return parse(key).level == "instance"


RESOURCES = (
    _seen(Kind.EVENT_TYPE, "eventType", "ObjectEvent", _word(TYPES), "eventType"),
    Resource("epcs", "epc", examples.LOT, canonical, _units, _knows_unit, _unit_condition),
    _seen(Kind.BIZ_STEP, "bizStep", "commissioning", _word(BIZ_STEPS), "EQ_bizStep"),
    _seen(Kind.BIZ_LOCATION, "bizLocation", examples.SITE, location, "EQ_bizLocation"),
    _seen(Kind.READ_POINT, "readPoint", examples.SITE, location, "EQ_readPoint"),
    _seen(Kind.DISPOSITION, "disposition", "in_transit", _word(DISPOSITIONS), "EQ_disposition"),
)
