"""MATCH parameters: events that name certain items, lots or containers, exactly or by a pattern.

Source: EPCIS 2.0 section 8.2.7.1. Items (`...EPC`) and classes (`...EPCClass`) are asked for by different parameters:
a lot is found by MATCH_anyEPCClass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.facts import NO_UNIT
from tracegraph.identifiers import canonical, parse
from tracegraph.model.event import Event, Identifier, QuantityElement
from tracegraph.query.glances import unit_glance
from tracegraph.query.parameters import Parameter
from tracegraph.query.patterns import NoPattern, pattern_of
from tracegraph.query.query import Condition, Narrowing


def _items(*lists: Iterable[Identifier] | None) -> Iterator[str]:
    return (identifier.key for listed in lists for identifier in listed or ())


def _classes(*lists: Iterable[QuantityElement] | None) -> Iterator[str]:
    return (element.epc_class.key for listed in lists for element in listed or () if element.epc_class is not None)


def _parent(event: Event) -> Iterator[str]:
    return _items([event.parent_id] if event.parent_id is not None else None)


def _any_item(event: Event) -> Iterator[str]:
    yield from _parent(event)
    yield from _items(event.epc_list, event.child_epcs, event.input_epc_list, event.output_epc_list)


def _any_class(event: Event) -> Iterator[str]:
    return _classes(
        event.quantity_list, event.child_quantity_list, event.input_quantity_list, event.output_quantity_list
    )


#: Where each parameter looks.
MATCHED: dict[str, Callable[[Event], Iterator[str]]] = {
    "MATCH_epc": lambda event: _items(event.epc_list, event.child_epcs),
    "MATCH_parentID": _parent,
    "MATCH_inputEPC": lambda event: _items(event.input_epc_list),
    "MATCH_outputEPC": lambda event: _items(event.output_epc_list),
    "MATCH_anyEPC": _any_item,
    "MATCH_epcClass": lambda event: _classes(event.quantity_list, event.child_quantity_list),
    "MATCH_inputEPCClass": lambda event: _classes(event.input_quantity_list),
    "MATCH_outputEPCClass": lambda event: _classes(event.output_quantity_list),
    "MATCH_anyEPCClass": _any_class,
}


#: The same members in the JSON of an event.
_MEMBERS: dict[str, tuple[str, ...]] = {
    "MATCH_epc": ("epcList", "childEPCs"),
    "MATCH_parentID": ("parentID",),
    "MATCH_inputEPC": ("inputEPCList",),
    "MATCH_outputEPC": ("outputEPCList",),
    "MATCH_anyEPC": ("parentID", "epcList", "childEPCs", "inputEPCList", "outputEPCList"),
    "MATCH_epcClass": ("quantityList", "childQuantityList"),
    "MATCH_inputEPCClass": ("inputQuantityList",),
    "MATCH_outputEPCClass": ("outputQuantityList",),
    "MATCH_anyEPCClass": ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
}


def condition_of(parameter: Parameter, context: Context) -> Condition | None:
    """The condition of a MATCH parameter, None for any other. Raises QueryParameterInvalid for what is no pattern."""
    values = MATCHED.get(parameter.name)
    if values is None:
        return None
    patterns = {text: _pattern(parameter, text) for text in parameter.texts()}
    keys = frozenset(canonical(text) for text, pattern in patterns.items() if pattern is None)
    expressions = sorted({pattern for pattern in patterns.values() if pattern is not None})
    wanted = re.compile("|".join(expressions)) if expressions else None

    def is_wanted(key: str) -> bool:
        return key in keys or (wanted is not None and wanted.fullmatch(key) is not None)

    return Condition.of(
        parameter.name,
        [*keys, *(f"pattern {expression}" for expression in expressions)],
        lambda candidate, master: any(map(is_wanted, values(candidate.event))),
        None if expressions else _narrowing(keys),
        unit_glance(_MEMBERS[parameter.name], is_wanted),
    )


def _pattern(parameter: Parameter, text: str) -> str | None:
    try:
        return pattern_of(text)
    except NoPattern as problem:
        parameter.refuse(
            str(problem), "let * stand for whole components at the end, as in urn:epc:idpat:sgtin:4012345.*.*"
        )


def _narrowing(keys: frozenset[str]) -> Narrowing | None:
    """A store finds events by the units that they name; places, which can be the parent of an association, are none."""
    if any(key.startswith("geo:") or parse(key).scheme in NO_UNIT for key in keys):
        return None
    return Narrowing(units=keys)
