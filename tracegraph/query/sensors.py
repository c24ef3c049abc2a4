"""Parameters on sensor data: what was measured, by what, when, and the values, in the unit that is asked for.

Source: EPCIS 2.0 section 8.2.7.1 (EXISTS_sensorElementList to LE_percRank). A parameter that exists in metadata and in
reports looks in both, unless SENSORMETADATA_ or SENSORREPORT_ stands before the name. A value is converted to the unit
of measure in the name (UN/ECE Rec 20), where the two are of one dimension; without a unit there it is compared as
recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.fields import Kind, Member, shape_of
from tracegraph.identifiers import canonical
from tracegraph.model.event import Identifier, Moment, SensorReport, Term
from tracegraph.model.measures import convert, convert_difference, dimension
from tracegraph.model.quantity import Quantity
from tracegraph.query.candidate import Candidate
from tracegraph.query.comparing import RANGES, any_within, time_bound
from tracegraph.query.event_fields import exists, number_condition, term_value
from tracegraph.query.glances import member_glance
from tracegraph.query.parameters import Parameter
from tracegraph.query.query import Condition

_METADATA = shape_of("sensorElementList", "sensorMetadata").members
_REPORT = shape_of("sensorElementList", "sensorReport").members
_NUMBERS = frozenset(name for name, member in _REPORT.items() if member.kind is Kind.NUMBER)
_NAME = re.compile(r"(EQ|GT|GE|LT|LE)_(?:(SENSORMETADATA|SENSORREPORT)_)?([A-Za-z]+)(?:_([A-Z0-9]{2,4}))?", re.ASCII)
#: A standard deviation is a difference: of temperatures it has no zero that could be elsewhere.
_SPREAD = "sDev"
_EXISTS = ("EXISTS_sensorElementList", "EXISTS_sensorElement")


def condition_of(parameter: Parameter, context: Context) -> Condition | None:
    """The condition of a parameter on sensor data, None for any other. Raises QueryParameterInvalid."""
    condition = _condition(parameter, context)
    return None if condition is None else replace(condition, glance=member_glance("sensorElementList"))


def _condition(parameter: Parameter, context: Context) -> Condition | None:
    if parameter.name in _EXISTS:
        return exists(parameter, _EXISTS[0], lambda candidate: bool(candidate.event.sensor_element_list))
    match = _NAME.fullmatch(parameter.name)
    if match is None:
        return None
    comparison, scope, field, unit = match.groups()
    member = _member(scope, field)
    if member is None or (unit is not None and (field not in _NUMBERS or field == "percRank")):
        return None
    values = partial(_values, scope=scope, field=field, unit=unit)
    if member.kind is Kind.NUMBER:
        return number_condition(parameter, comparison, values)
    if member.kind is Kind.TIME and comparison in RANGES and comparison != "GT":
        return _time_condition(parameter, comparison, values)
    return _text_condition(parameter, context, member, values) if comparison == "EQ" else None


def _member(scope: str | None, field: str) -> Member | None:
    places = {"SENSORMETADATA": [_METADATA], "SENSORREPORT": [_REPORT]}.get(scope or "", [_METADATA, _REPORT])
    return next((members[field] for members in places if field in members), None)


def _values(candidate: Candidate, scope: str | None, field: str, unit: str | None) -> Iterator[Any]:
    """What the field holds in every sensor element."""
    for element in candidate.event.sensor_element_list or ():
        if scope != "SENSORREPORT" and field in _METADATA and element.sensor_metadata is not None:
            yield from _held(element.sensor_metadata, _METADATA[field])
        if scope != "SENSORMETADATA" and field in _REPORT:
            for report in element.sensor_report or ():
                held = _held(report, _REPORT[field])
                yield from held if unit is None else _converted(report, field, held, unit)


def _converted(report: SensorReport, field: str, values: Iterable[Decimal], unit: str) -> Iterator[Decimal]:
    """The values in another unit of measure; none where they are not of its dimension, or in no unit at all."""
    recorded = (report.uom or "").strip()
    if not recorded or dimension(recorded) != dimension(unit):
        return
    change = convert_difference if field == _SPREAD else convert
    for value in values:
        amount = change(Quantity(value, recorded), unit).value
        if amount is not None:
            yield amount


def _held(holder: Any, member: Member) -> Iterator[Any]:
    """One field in canonical form, where there is any."""
    value = getattr(holder, member.attribute)
    match value:
        case None:
            return
        case Term():
            yield value.value.strip()
        case Identifier():
            yield value.key
        case Moment():
            if value.instant is not None:
                yield value.instant
        case bool():
            yield "true" if value else "false"
        case str():
            yield _text(value, member)
        case _:
            yield value


def _text(text: str, member: Member) -> str:
    """Hexadecimal digits mean the same in both cases."""
    return text.strip().lower() if member.attribute == "hex_binary_value" else text.strip()


Values = Callable[[Candidate], Iterator[Any]]


def _time_condition(parameter: Parameter, comparison: str, values: Values) -> Condition:
    bound = time_bound(parameter, comparison)
    return Condition.of(
        parameter.name,
        [str(bound)],
        lambda candidate, master: any_within(values(candidate), comparison, bound),
    )


def _text_condition(parameter: Parameter, context: Context, member: Member, values: Values) -> Condition | None:
    if member.kind is Kind.TIME:
        return None
    wanted = frozenset(_wanted(parameter, text, context, member) for text in parameter.texts())
    return Condition.of(parameter.name, wanted, lambda candidate, master: not wanted.isdisjoint(values(candidate)))


def _wanted(parameter: Parameter, text: str, context: Context, member: Member) -> str:
    """A value of a query in the form that `_held` gives."""
    if member.words is not None:
        return term_value(text, member.words, context)
    if member.kind is Kind.UNIT:
        return canonical(text)
    if member.kind is Kind.BOOLEAN and text not in ("true", "false"):
        parameter.refuse(f"is {text[:60]!r}", "write true or false")
    return _text(text, member)
