"""Sensor values are compared in the unit of measure that is asked for, whatever they were recorded in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.query.generated import CONTEXT
from tests.query.test_parameters import exact
from tracegraph.formats.epcis import event_of_payload, payload_of
from tracegraph.query import Candidate, Master, matches, read_url


def answers(report: dict[str, Any], name: str, value: str) -> bool:
    """Whether an event with one sensor report answers one parameter."""
    event = {
        "type": "ObjectEvent", "eventTime": "2026-03-01T00:00:00Z", "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE", "epcList": ["urn:epc:id:sgtin:4012345.011111.1"],
        "sensorElementList": [{"sensorReport": [{"type": "Temperature", **report}]}],
    }  # fmt: skip
    candidate = Candidate(event_of_payload(payload_of(exact(event), (CONTEXT,))), 1, 0)
    return matches(read_url([(name, value)], CONTEXT), candidate, Master(list))


@pytest.mark.parametrize(
    ("report", "name", "matching", "other"),
    [
        ({"value": 41, "uom": "FAH"}, "EQ_value_CEL", "5", "41"),
        ({"value": 278.15, "uom": "KEL"}, "GE_value_CEL", "5", "5.001"),
        ({"minValue": -40, "uom": "CEL"}, "LE_minValue_FAH", "-40", "-40.1"),
        ({"maxValue": 36, "uom": "KMH"}, "GT_maxValue_MTS", "9.99", "10"),
        ({"meanValue": 12, "uom": "A93"}, "EQ_meanValue_GL", "0.012", "12"),
        ({"sDev": 9, "uom": "FAH"}, "EQ_sDev_CEL", "5", "-12.7777"),
        ({"value": 1, "uom": "ZZ9"}, "EQ_value_ZZ9", "1", "2"),
        ({"value": 41, "uom": "FAH"}, "EQ_value", "41", "5"),
    ],
)
def test_values_are_converted(report: dict[str, Any], name: str, matching: str, other: str) -> None:
    assert answers(report, name, matching)
    assert not answers(report, name, other)


@pytest.mark.parametrize("report", [{"value": 5}, {"value": 5, "uom": "KGM"}, {"value": 5, "uom": "ZZ9"}])
def test_what_is_in_no_unit_or_of_another_dimension_is_never_meant(report: dict[str, Any]) -> None:
    assert not any(answers(report, f"{comparison}_value_CEL", "5") for comparison in ("EQ", "GE", "LE"))
