"""What is no query is refused in one sentence that names the parameter, says what is wrong and what to write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.query.generated import CONTEXT
from tracegraph.errors import QueryInvalid, QueryParameterInvalid
from tracegraph.query import read_body, read_url

REFUSED = {
    "GE_eventDate": ("2026-01-01", "unknown; did you mean GE_eventTime"),
    "entirely else": ("1", "unknown; write one of those of the EPCIS 2.0 query language"),
    "GT_eventTime": ("2026-01-01", "unknown"),
    "EQ_time": ("2026-01-01T00:00:00Z", "unknown"),
    "GE_stringValue": ("open", "unknown"),
    "EQ_percRank_CEL": ("1", "unknown"),
    "EQ_ILMD_lotNumber": ("1", "unknown"),
    "GE_eventTime": ("not-a-date", "is 'not-a-date', which is no time; write 2026"),
    "LT_recordTime": ("2026-01-01T00:00:00 01:00", "of a zone as %2B"),
    "EQ_action": ("SHIPPED", "is 'SHIPPED', which is no action; write one of ADD, DELETE, OBSERVE"),
    "eventType": ("ShippingEvent", "is 'ShippingEvent', which is no event type; write one of AggregationEvent"),
    "EQ_bizStep": ("", "has an empty value"),
    "EQ_disposition": ("in_transit||damaged", "has an empty value"),
    "EQ_readPoint": ("urn:x:\ud800", "holds half of a surrogate pair"),
    "GE_quantity": ("many", "is 'many', which is no number"),
    "EQ_quantity_KGM": ("NaN", "is 'NaN', which is no number"),
    "LE_quantity_kilo": ("1", "ends in no unit of measure"),
    "GE_value_CEL": ("1e9999", "which is no number"),
    "EQ_booleanValue": ("yes", "write true or false"),
    "EQ_source_": ("urn:x", "ends in no type; write the type after the last _, such as EQ_source_location"),
    "EXISTS_errorDeclaration": ("false", "can only ask that something is there"),
    "MATCH_epc": ("urn:epc:idpat:sgtin:4012345.*", "let [*] stand for whole components at the end"),
    "GT_ex:amount": ("many", "is 'many', neither number nor time"),
    "EQ_unknown:amount": ("1", "the prefix 'unknown', which is not declared; declare it"),
    "EQ_nowhere#amount": ("1", "the prefix 'nowhere', which is not declared"),
    "EQ_ex:": ("1", "names no field"),
    "HASATTR_eventTime": ("name", "names 'eventTime', which holds no identifier; write one of readPoint"),
    "EQATTR_bizLocation": ("name", "names no field and attribute"),
    "orderBy": ("size", "write eventTime, recordTime, or an extension field"),
    "orderDirection": ("SIDEWAYS", "write ASC or DESC"),
    "perPage": ("0", "write a whole number from 1 on"),
    "maxEventCount": ("-1", "write a whole number from 1 on"),
    "eventCountLimit": ("5", "is given without an order; add orderBy"),
    "nextPageToken": ("", "has an empty value"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    value, told = REFUSED[name]
    for ask in (
        lambda: read_url([(name, value)], CONTEXT),
        lambda: read_body({name: value.split("|"), "@context": CONTEXT}),
    ):
        with pytest.raises(QueryParameterInvalid, match=told) as refusal:
            ask()
        assert refusal.value.parameter == name
        assert str(refusal.value).startswith(f"the query parameter {name} ")
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"GE_eventTime": ["2026-01-01", "2026-01-02"]}, "has 2 values; give one"),
        ({"EQ_bizStep": []}, "has an empty value"),
        ({"EQ_bizStep": None}, "has an empty value"),
        ({"EQ_bizStep": {"id": "shipping"}}, "holds an object"),
        ({"EQ_bizStep": [["shipping"]]}, "or a list within a list"),
        (
            {"orderBy": "eventTime", "eventCountLimit": 3, "maxEventCount": 3},
            "eventCountLimit and maxEventCount exclude",
        ),
        ({"perPage": 1.5}, "write a whole number"),
        ({"perPage": True}, "write a whole number"),
    ],
)
def test_refused_bodies(body: dict[str, Any], told: str) -> None:
    with pytest.raises(QueryParameterInvalid, match=told):
        read_body(body)


@pytest.mark.parametrize("body", [None, [], "eventType", 3])
def test_a_body_that_is_no_object(body: object) -> None:
    with pytest.raises(QueryInvalid, match=r"the query is no JSON object"):
        read_body(body)


def test_a_long_name_is_not_repeated_whole() -> None:
    with pytest.raises(QueryParameterInvalid) as refusal:
        read_url([("x" * 100_000, "1")])
    assert len(str(refusal.value)) < 500
