"""From named parameters to a query: each is understood by its family, or refused by name.

Source: EPCIS 2.0 section 8.2.7.1 and its REST binding (perPage, nextPageToken).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches

from tracegraph.errors import QueryParameterInvalid
from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.moments import read_time
from tracegraph.model.event import Json
from tracegraph.query import attributes, event_fields, extensions, sensors, units
from tracegraph.query.candidate import Candidate
from tracegraph.query.comparing import instant, scalars
from tracegraph.query.extensions import FieldName, field_name, fields
from tracegraph.query.names import PARAMETERS
from tracegraph.query.parameters import Parameter, body_parameters, url_parameters
from tracegraph.query.query import PER_PAGE, RECORD_TIME, Condition, Order, Query, SortKey

#: Each understands its own parameters and says None to all others.
_FAMILIES: tuple[Callable[[Parameter, Context], Condition | None], ...] = (
    event_fields.condition_of,
    units.condition_of,
    sensors.condition_of,
    attributes.condition_of,
    extensions.condition_of,
)

_CONTROLS = ("orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken")
_NUMBER_RANK, _TIME_RANK, _TEXT_RANK = range(3)


def read_url(pairs: Iterable[tuple[str, str]], context: Json = None) -> Query:
    """The query that URL parameters say, as decoded names and values. `context`: values of a JSON-LD `@context`, whose
    prefixes the names may use. Raises QueryParameterInvalid for a parameter that is unknown or ill-formed."""
    return _read(url_parameters(pairs), Context(_flat(context)))


def read_body(body: Json, context: Json = None) -> Query:
    """The query that a JSON object says; its own `@context` wins over `context`. Raises QueryInvalid where it is no
    object, QueryParameterInvalid for a parameter that is unknown or ill-formed."""
    parameters = body_parameters(body)
    return _read(parameters, Context([*_flat(context), *_flat(body.get("@context"))]))


def _flat(context: Json) -> Iterator[Json]:
    """What is declared, however lists of it lie within each other."""
    if isinstance(context, (list, tuple)):
        for item in context:
            yield from _flat(item)
    else:
        yield context


def _read(parameters: Iterable[Parameter], context: Context) -> Query:
    controls = {one.name: one for one in parameters if one.name in _CONTROLS}
    conditions = tuple(_condition(one, context) for one in parameters if one.name not in _CONTROLS)
    limit, most = controls.get("eventCountLimit"), controls.get("maxEventCount")
    order_by, per_page, token = controls.get("orderBy"), controls.get("perPage"), controls.get("nextPageToken")
    if limit is not None and order_by is None:
        limit.refuse("is given without an order", "add orderBy, or use maxEventCount")
    if limit is not None and most is not None:
        limit.refuse("and maxEventCount exclude each other", "leave one of them out")
    is_descending = _is_descending(controls.get("orderDirection"))
    return Query(
        conditions,
        None if order_by is None else _order(order_by, is_descending, context),
        _count(limit),
        _count(most),
        _count(per_page) or PER_PAGE,
        None if token is None else token.one(),
    )


def _condition(parameter: Parameter, context: Context) -> Condition:
    for family in _FAMILIES:
        condition = family(parameter, context)
        if condition is not None:
            return condition
    near = get_close_matches(parameter.name[:100], PARAMETERS, n=3)
    advice = f"did you mean {' or '.join(near)}?" if near else "write one of those of the EPCIS 2.0 query language"
    raise QueryParameterInvalid(f"the query parameter {parameter.name[:200]} is unknown; {advice}", parameter.name)


def _count(parameter: Parameter | None) -> int | None:
    if parameter is None:
        return None
    text = parameter.one()
    if not (text.isascii() and text.isdigit() and int(text[:18]) > 0 and len(text) <= 18):
        parameter.refuse(f"is {text[:60]!r}", "write a whole number from 1 on")
    return int(text)


def _is_descending(parameter: Parameter | None) -> bool:
    text = "DESC" if parameter is None else parameter.one()
    if parameter is not None and text not in ("ASC", "DESC"):
        parameter.refuse(f"is {text[:60]!r}", "write ASC or DESC")
    return text == "DESC"


def _order(parameter: Parameter, is_descending: bool, context: Context) -> Order:
    by = parameter.one()
    if by == "eventTime":
        return Order(by, is_descending, _event_time_key)
    if by == RECORD_TIME:
        return Order(by, is_descending, _record_time_key)
    if ":" not in by and "#" not in by:
        parameter.refuse(f"is {by[:60]!r}", "write eventTime, recordTime, or an extension field as prefix:name")
    name = field_name(parameter, by, context)
    return Order(f"{name.namespace}#{name.local}", is_descending, lambda candidate: _field_key(candidate, name))


def _event_time_key(candidate: Candidate) -> SortKey:
    return SortKey(_TIME_RANK, candidate.instant or 0)


def _record_time_key(candidate: Candidate) -> SortKey:
    return SortKey(_TIME_RANK, candidate.recorded_at)


def _field_key(candidate: Candidate, name: FieldName) -> SortKey | None:
    """By the first comparable value of the field."""
    for value in fields(candidate, name):
        for scalar in scalars(value):
            return _scalar_key(scalar)
    return None


def _scalar_key(scalar: Json) -> SortKey:
    if isinstance(scalar, bool):
        return SortKey(_TEXT_RANK, "true" if scalar else "false")
    if not isinstance(scalar, str):
        return SortKey(_NUMBER_RANK, scalar)
    read = read_time(scalar)
    if read is not None and not read.date_only:
        return SortKey(_TIME_RANK, instant(scalar))
    return SortKey(_TEXT_RANK, scalar)
