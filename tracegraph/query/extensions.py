"""Parameters on extension fields: anywhere in the event, in ilmd, an error declaration, sensor data, a place.

Source: EPCIS 2.0 section 8.2.7.1 (families EQ_fieldname to EXISTS_INNER_ERROR_DECLARATION_fieldname). A field is named
by prefix and name (`ex:temperature`) or by its namespace (`https://example.com/ns#temperature`); what counts is the
namespace. `INNER_` means any depth below a field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from tracegraph.formats.epcis.context import Context, is_uri, split_uri
from tracegraph.model.event import Event, Json, SensorElement
from tracegraph.query.candidate import Candidate
from tracegraph.query.comparing import RANGES, is_equal, is_within, open_bound, scalars
from tracegraph.query.event_fields import exists
from tracegraph.query.glances import member_glance
from tracegraph.query.parameters import Parameter
from tracegraph.query.query import Condition

_NAME = re.compile(
    r"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?"
    r"(?:(ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|READPOINT|BIZLOCATION|readPoint|bizLocation)_)?"
    r"([^:#]*[:#].*)",
    re.DOTALL,
)


class FieldName(NamedTuple):
    """The name of an extension field: its namespace without what separates it from the local name, and that."""

    namespace: str
    local: str


#: In which member of the JSON a scope lies.
_MEMBERS = {
    "ILMD": "ilmd",
    "ERROR_DECLARATION": "errorDeclaration",
    "SENSORELEMENT": "sensorElementList",
    "SENSORMETADATA": "sensorElementList",
    "SENSORREPORT": "sensorElementList",
    "READPOINT": "readPoint",
    "BIZLOCATION": "bizLocation",
}


def condition_of(parameter: Parameter, context: Context) -> Condition | None:
    """The condition of a parameter on an extension field, None for any other. Raises QueryParameterInvalid."""
    match = _NAME.fullmatch(parameter.name)
    if match is None:
        return None
    comparison, inner, written, qualified = match.groups()
    scope = (written or "").upper()
    condition = _condition(parameter, comparison, inner or "", scope, qualified, context)
    return replace(condition, glance=member_glance(_MEMBERS[scope])) if scope else condition


def _condition(
    parameter: Parameter, comparison: str, inner: str, scope: str, qualified: str, context: Context
) -> Condition:
    name = field_name(parameter, qualified, context)

    def found(candidate: Candidate) -> Iterator[Json]:
        return fields(candidate, name, scope, bool(inner))

    told = f"{comparison}_{inner}{scope and scope + '_'}{name.namespace}#{name.local}"
    if comparison == "EXISTS":
        return exists(parameter, told, lambda candidate: any(True for _ in found(candidate)))
    if comparison in RANGES:
        return _range_condition(parameter, told, comparison, found)
    return _equality(parameter, told, found)


def field_name(parameter: Parameter, qualified: str, context: Context) -> FieldName:
    """The name of a field as a query writes it. Raises QueryParameterInvalid where its prefix is not declared."""
    before, mark, local = qualified.rpartition("#")
    if not mark:
        before, _, local = qualified.partition(":")
    namespace = context.terms.get(before)
    if namespace is None or local.startswith("//"):
        if not (is_uri(before) if mark else "/" in qualified or qualified.count(":") > 1):
            parameter.refuse(
                f"names a field with the prefix {before[:60]!r}, which is not declared",
                "declare it in the query's @context, or write the namespace, # and the name",
            )
        namespace, local = (before, local) if mark else split_uri(qualified)
    if not local:
        parameter.refuse("names no field", "write prefix:name, or the namespace, # and the name")
    return FieldName(_bare(namespace), local)


def _bare(namespace: str) -> str:
    """Namespaces that differ in the separator at their end are the same: XML writes none, JSON-LD needs one."""
    return namespace.rstrip("#/:")


def fields(candidate: Candidate, name: FieldName, scope: str = "", inner: bool = False) -> Iterator[Json]:
    """The values of every field of this name in a scope (`ILMD`, or the event itself), or at any depth within."""
    for members in _SCOPES[scope](candidate.event):
        if inner:
            for value in members.values():
                yield from _nested(value, name, candidate.context)
        else:
            yield from _named(members, name, candidate.context)


def _named(members: Mapping[str, Json], name: FieldName, context: Context) -> Iterator[Json]:
    for member, value in members.items():
        namespace, local = context.name(member)
        if local == name.local and _bare(namespace) == name.namespace:
            yield value


def _nested(value: Json, name: FieldName, context: Context) -> Iterator[Json]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _nested(item, name, context)
    elif isinstance(value, dict):
        yield from _named(value, name, context)
        for item in value.values():
            yield from _nested(item, name, context)


def _sensor_elements(event: Event) -> Iterable[SensorElement]:
    return event.sensor_element_list or ()


def _metadata(event: Event) -> Iterator[Mapping[str, Json]]:
    return (one.sensor_metadata.extensions for one in _sensor_elements(event) if one.sensor_metadata is not None)


def _reports(event: Event) -> Iterator[Mapping[str, Json]]:
    return (report.extensions for one in _sensor_elements(event) for report in one.sensor_report or ())


#: Where a field is looked for, by the word in the parameter's name.
_SCOPES: dict[str, Callable[[Event], Iterable[Mapping[str, Json]]]] = {
    "": lambda event: (event.extensions,),
    "ILMD": lambda event: (event.ilmd,) if event.ilmd is not None else (),
    "ERROR_DECLARATION": lambda event: (event.error_declaration.extensions,) if event.error_declaration else (),
    "SENSORELEMENT": lambda event: (one.extensions for one in _sensor_elements(event)),
    "SENSORMETADATA": _metadata,
    "SENSORREPORT": _reports,
    "READPOINT": lambda event: (event.read_point.extensions,) if event.read_point else (),
    "BIZLOCATION": lambda event: (event.biz_location.extensions,) if event.biz_location else (),
}

Found = Callable[[Candidate], Iterable[Json]]


def _equality(parameter: Parameter, told: str, found: Found) -> Condition:
    """That one of the values is one of the wanted ones."""
    wanted = parameter.texts()
    return Condition.of(
        told,
        wanted,
        lambda candidate, master: any(
            is_equal(scalar, text) for value in found(candidate) for scalar in scalars(value) for text in wanted
        ),
    )


def _range_condition(parameter: Parameter, told: str, comparison: str, found: Found) -> Condition:
    bound = open_bound(parameter)
    return Condition.of(
        told,
        [f"{type(bound).__name__} {bound}"],
        lambda candidate, master: any(
            is_within(scalar, comparison, bound) for value in found(candidate) for scalar in scalars(value)
        ),
    )
