"""The EPCIS 2.0 query language: which stored events answer a query, as a stream or page by page.

`read_url` and `read_body` make a `Query` of parameters, `find` and `find_page` answer it from any store, `matches` asks
it of one event.
"""

from __future__ import annotations

from tracegraph.query.candidate import Candidate, Master
from tracegraph.query.finding import FoundEvent, Page, find, find_at, find_page
from tracegraph.query.names import FAMILIES, PARAMETERS
from tracegraph.query.query import Query, both, matches
from tracegraph.query.reading import read_body, read_url

__all__ = [
    "FAMILIES",
    "PARAMETERS",
    "Candidate",
    "FoundEvent",
    "Master",
    "Page",
    "Query",
    "both",
    "find",
    "find_at",
    "find_page",
    "matches",
    "read_body",
    "read_url",
]
