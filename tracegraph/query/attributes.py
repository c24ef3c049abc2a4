"""Parameters on master data: HASATTR_field (an attribute is known of what the field names), EQATTR_field_attribute.

Source: EPCIS 2.0 section 8.2.7.1; the JSON query schema spells the second EQ_ATTR_field_attribute. Attribute names are
compared without namespace and case, as master data are read everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from tracegraph.formats.epcis.context import Context
from tracegraph.formats.epcis.vocabulary import BIZ_STEPS, DISPOSITIONS, Vocabulary
from tracegraph.identifiers import canonical
from tracegraph.model.event import Event, Term
from tracegraph.query.candidate import Candidate, Master, attribute_name
from tracegraph.query.comparing import is_equal, scalars
from tracegraph.query.extensions import FieldName, field_name, fields
from tracegraph.query.parameters import Parameter
from tracegraph.query.query import Condition
from tracegraph.query.units import MATCHED

_HAS = re.compile(r"HASATTR_(.+)", re.DOTALL)
_EQUAL = re.compile(r"EQ_?ATTR_(.+)", re.DOTALL)

Keys = Callable[[Candidate], Iterable[str]]


def condition_of(parameter: Parameter, context: Context) -> Condition | None:
    """The condition of a parameter on master data, None for any other. Raises QueryParameterInvalid."""
    has, equal = _HAS.fullmatch(parameter.name), _EQUAL.fullmatch(parameter.name)
    if has is not None:
        field, keys = _field(parameter, has[1], context)
        return _having(f"HASATTR_{field}", {attribute_name(text) for text in parameter.texts()}, keys)
    if equal is not None:
        written, attribute = _split(parameter, equal[1])
        field, keys = _field(parameter, written, context)
        return _equal(f"EQATTR_{field}_{attribute}", attribute, parameter.texts(), keys)
    return None


def _split(parameter: Parameter, text: str) -> tuple[str, str]:
    """Field and attribute: what EPCIS defines has no underscore in its name, of an extension the last one separates."""
    plain, _, after = text.partition("_")
    field, attribute = (plain, after) if plain in _FIELDS else _at_last_mark(text)
    if not field or not attribute_name(attribute):
        parameter.refuse("names no field and attribute", "write them as in EQATTR_bizLocation_countryCode")
    return field, attribute_name(attribute)


def _at_last_mark(text: str) -> tuple[str, str]:
    field, _, attribute = text.rpartition("_")
    return field, attribute


def _field(parameter: Parameter, written: str, context: Context) -> tuple[str, Keys]:
    """The field's name in canonical form, and the keys that an event has in it."""
    values = _FIELDS.get(written)
    if values is not None:
        return written, lambda candidate: values(candidate.event)
    if ":" not in written and "#" not in written:
        advice = f"write one of {', '.join(_FIELDS)}, or an extension field"
        parameter.refuse(f"names {written[:60]!r}, which holds no identifier", advice)
    name = field_name(parameter, written, context)
    return f"{name.namespace}#{name.local}", lambda candidate: _extension_keys(candidate, name)


def _extension_keys(candidate: Candidate, name: FieldName) -> Iterator[str]:
    for value in fields(candidate, name):
        yield from (canonical(scalar) for scalar in scalars(value) if isinstance(scalar, str))


def _having(name: str, attributes: set[str], keys: Keys) -> Condition:
    def test(candidate: Candidate, master: Master) -> bool:
        return any(master.attribute(key, attribute) is not None for key in keys(candidate) for attribute in attributes)

    return Condition.of(name, attributes, test)


def _equal(name: str, attribute: str, wanted: tuple[str, ...], keys: Keys) -> Condition:
    def test(candidate: Candidate, master: Master) -> bool:
        values = (value for key in keys(candidate) for value in scalars(master.attribute(key, attribute)))
        return any(is_equal(value, text) for value in values for text in wanted)

    return Condition.of(name, wanted, test)


def _word(term: Term | None, words: Vocabulary) -> Iterator[str]:
    """A word in the forms in which a vocabulary element may be called."""
    if term is not None:
        value = term.value.strip()
        yield from (value, words.uri + value, words.urn + value)


def _places(event: Event, attribute: str) -> Iterator[str]:
    place = getattr(event, attribute)
    if place is not None and place.id is not None:
        yield place.id.key


def _listed(event: Event, attribute: str, inner: str) -> Iterator[str]:
    for entry in getattr(event, attribute) or ():
        identifier = getattr(entry, inner)
        if identifier is not None:
            yield identifier.key


_FIELDS: dict[str, Callable[[Event], Iterable[str]]] = {
    "readPoint": lambda event: _places(event, "read_point"),
    "bizLocation": lambda event: _places(event, "biz_location"),
    "bizStep": lambda event: _word(event.biz_step, BIZ_STEPS),
    "disposition": lambda event: _word(event.disposition, DISPOSITIONS),
    "source": lambda event: _listed(event, "source_list", "source"),
    "destination": lambda event: _listed(event, "destination_list", "destination"),
    "bizTransaction": lambda event: _listed(event, "biz_transaction_list", "biz_transaction"),
    "parentID": MATCHED["MATCH_parentID"],
    "epcList": lambda event: (one.key for one in event.epc_list or ()),
    "childEPCs": lambda event: (one.key for one in event.child_epcs or ()),
    "inputEPCList": MATCHED["MATCH_inputEPC"],
    "outputEPCList": MATCHED["MATCH_outputEPC"],
    "epcClass": MATCHED["MATCH_anyEPCClass"],
}
