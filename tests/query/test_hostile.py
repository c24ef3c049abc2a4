"""Whatever stands in a query or an event: an answer, or one sentence that names the parameter; never anything else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.query.cases import CASES
from tests.query.conftest import Filled
from tests.query.generated import CONTEXT
from tracegraph.errors import QueryInvalid, QueryParameterInvalid, TracegraphError
from tracegraph.formats.epcis import event_of_payload, payload_of
from tracegraph.query import (
    FAMILIES,
    PARAMETERS,
    Candidate,
    Master,
    Query,
    find,
    find_page,
    matches,
    read_body,
    read_url,
)

NASTY = [
    *("", "*", "|", "urn:epc:idpat:sgtin:*", "urn:epc:id:sgtin:1.2.3", "https://id.gs1.org/01/*", "geo:1,2", "1e999"),
    *("-0", "NaN", "2026-02-30", "9999999-01-01", "2026-01-01T00:00:00+99:00", "\ud800", "\x00", "ex:", "#", "::"),
    "a" * 5000,
]
texts = st.text(max_size=20) | st.sampled_from(NASTY)
names = (
    st.sampled_from([*PARAMETERS, *CASES])
    | st.builds(str.__add__, st.sampled_from(FAMILIES), texts)
    | st.builds("{}ex:{}".format, st.sampled_from(FAMILIES), texts)
    | texts
)
values: st.SearchStrategy[Any] = st.recursive(
    texts | st.none() | st.booleans() | st.integers() | st.floats() | st.just(Decimal("1e400")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=6,
)


def understood(read: Any) -> Query | None:
    """The query, or None where it is refused as it should be."""
    try:
        query: Query = read()
    except (QueryParameterInvalid, QueryInvalid) as refusal:
        told = str(refusal)
    else:
        return query
    assert len(told) < 1000
    return None


@given(st.lists(st.tuples(names, texts), max_size=4))
@example([("EQ_eventID", "\ud800")])
@example([("MATCH_anyEPC", "\ud800|\x00"), ("EQ_transformationID", "\ud800")])
def test_urls(filled: Filled, pairs: list[tuple[str, str]]) -> None:
    query = understood(lambda: read_url(pairs, CONTEXT))
    if query is not None:
        answer(filled, query)


@given(st.dictionaries(names, values, max_size=3), values)
def test_bodies(filled: Filled, body: dict[str, Any], context: Any) -> None:
    query = understood(lambda: read_body({"@context": context, **body}, CONTEXT))
    if query is not None:
        answer(filled, query)


def answer(filled: Filled, query: Query) -> None:
    """Ask the store; a page token that is none is refused as it should be."""
    assert len(list(find(filled.store, query))) <= len(filled.events)
    understood(lambda: find_page(filled.store, query))


members = st.sampled_from(
    [
        *("epcList", "quantityList", "parentID", "bizStep", "readPoint", "sourceList", "bizTransactionList", "ilmd"),
        *("sensorElementList", "errorDeclaration", "persistentDisposition", "eventID", "transformationID", "ex:note"),
        *("ex:amount", "ex:outer", "@context", "action", "eventTimeZoneOffset"),
    ]
)
json_values: st.SearchStrategy[Any] = st.recursive(
    texts | st.none() | st.booleans() | st.integers().map(Decimal) | st.just(Decimal("1e400")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "epcClass", "quantity", "source", "sensorReport", "value", "ex:note", "@value"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
ALL = [read_url([(name, values[0])], CONTEXT) for name, values in CASES.items()]


@given(st.dictionaries(members, json_values, max_size=5))
def test_events(members: dict[str, Any]) -> None:
    """Events as strangers may write them are asked every question; a glance leaves out none that would answer."""
    written = {"type": "ObjectEvent", "eventTime": "2026-01-31T12:00:00Z", **members}
    try:
        payload = payload_of(written, (CONTEXT,))
        event = event_of_payload(payload)
    except (TracegraphError, UnicodeEncodeError):
        return
    candidate = Candidate(event, 1, 0)
    for query in ALL:
        found = matches(query, candidate, Master())
        glances = [one.glance for one in query.conditions if one.glance is not None]
        noticed = all(glance(written, candidate.context) for glance in glances)
        assert noticed or not found
        assert not noticed or found or not all(one.decided for one in query.conditions)
