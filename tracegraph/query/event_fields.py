"""Parameters on what EPCIS itself defines of an event: what, when, where, why, how much, and declared errors.

Source: EPCIS 2.0 section 8.2.7.1. Each parameter is a condition of its own: `GE_quantity` and `LT_quantity` may be met
by two different quantities of one event.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from tracegraph.formats.epcis.context import Context, is_uri
from tracegraph.formats.epcis.parse import term_of
from tracegraph.formats.epcis.vocabulary import (
    ACTIONS,
    BIZ_STEPS,
    BIZ_TRANSACTIONS,
    DISPOSITIONS,
    ERROR_REASONS,
    EVENT_TYPES,
    SOURCES_AND_DESTINATIONS,
    TYPES,
    Vocabulary,
)
from tracegraph.identifiers import canonical, location, party
from tracegraph.model.event import (
    BizTransaction,
    Destination,
    Event,
    Identifier,
    Location,
    QuantityElement,
    Source,
    Term,
)
from tracegraph.query.candidate import Candidate
from tracegraph.query.comparing import RANGES, any_within, number_bound, numbers_wanted, time_bound
from tracegraph.query.glances import member_glance, place_glance, text_glance, time_glance, word_glance
from tracegraph.query.parameters import Parameter
from tracegraph.query.query import Condition, Glance, Narrowing
from tracegraph.trace.envelope import decimal_text

#: What a field holds, as texts or keys in canonical form.
Values = Callable[[Event], Iterable[str]]

_UNIT_OF_MEASURE = re.compile(r"[A-Z0-9]{2,4}", re.ASCII)
_QUANTITY = re.compile(r"(EQ|GT|GE|LT|LE)_quantity(?:_(.*))?", re.DOTALL)
_TYPED = re.compile(r"EQ_(bizTransaction|source|destination)(?:_(.*))?", re.DOTALL)


#: In which members of the JSON a field lies, where nothing better tells at a glance.
_HOLDERS: dict[str, tuple[str, ...]] = {
    "persistentDisposition": ("persistentDisposition",),
    "readPoint": ("readPoint",),
    "bizLocation": ("bizLocation",),
    "bizTransaction": ("bizTransactionList",),
    "source": ("sourceList",),
    "destination": ("destinationList",),
    "quantity": ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
    **dict.fromkeys(
        ("errorDeclaration", "errorDeclarationTime", "errorReason", "correctiveEventID"), ("errorDeclaration",)
    ),
}


def condition_of(parameter: Parameter, context: Context) -> Condition | None:
    """The condition of a parameter of this family, None where it is of another. Raises QueryParameterInvalid."""
    condition = _condition(parameter, context)
    if condition is None or condition.glance is not None:
        return condition
    members = _HOLDERS.get([*condition.parameter.split("_"), ""][1])
    return condition if members is None else replace(condition, glance=member_glance(*members))


def _condition(parameter: Parameter, context: Context) -> Condition | None:
    name = parameter.name
    if name in _WORDS:
        return _words_condition(parameter, context)
    if name in _KEYS:
        return _keys_condition(parameter)
    if name in _PLACES_WITHIN:
        return _within_condition(parameter)
    if name in _TIMES:
        return _time_condition(parameter)
    if name == "EXISTS_errorDeclaration":
        return exists(parameter, name, lambda candidate: candidate.event.error_declaration is not None)
    quantity, typed = _QUANTITY.fullmatch(name), _TYPED.fullmatch(name)
    if quantity is not None:
        return _quantity_condition(parameter, quantity[1], quantity[2])
    if typed is not None:
        return _typed_condition(parameter, context, typed[1], typed[2])
    return None


def exists(parameter: Parameter, told: str, is_there: Callable[[Candidate], bool]) -> Condition:
    """That something is there. The standard ignores the value; `false` is refused, because it would not be obeyed."""
    if any(value.strip().lower() == "false" for value in parameter.values):
        parameter.refuse("is false, but can only ask that something is there", "leave it out, or write 1")
    return Condition.of(told, (), lambda candidate, master: is_there(candidate))


def any_of(
    name: str,
    values: Values,
    wanted: Iterable[str],
    narrowing: Narrowing | None = None,
    glance: Glance | None = None,
) -> Condition:
    """That a field holds one of the wanted values; a glance, where there is one, decides."""
    among = frozenset(wanted)
    return Condition.of(
        name,
        among,
        lambda candidate, master: not among.isdisjoint(values(candidate.event)),
        narrowing,
        glance,
        decided=glance is not None,
    )


# words of vocabularies


def term_value(text: str, words: Vocabulary, context: Context) -> str:
    """A word of a vocabulary in canonical form, from any of its forms."""
    return term_of(text.strip(), words, context)[0].value


def _terms(terms: Iterable[Term | None] | None) -> Iterator[str]:
    return (term.value.strip() for term in terms or () if term is not None)


def _set(event: Event) -> Iterator[str]:
    return _terms(event.persistent_disposition.set if event.persistent_disposition else None)


def _unset(event: Event) -> Iterator[str]:
    return _terms(event.persistent_disposition.unset if event.persistent_disposition else None)


def _reason(event: Event) -> Iterator[str]:
    return _terms([event.error_declaration.reason] if event.error_declaration else None)


_WORDS: dict[str, tuple[Values, Vocabulary]] = {
    "eventType": (lambda event: _terms([event.type]), TYPES),
    "EQ_bizStep": (lambda event: _terms([event.biz_step]), BIZ_STEPS),
    "EQ_disposition": (lambda event: _terms([event.disposition]), DISPOSITIONS),
    "EQ_persistentDisposition_set": (_set, DISPOSITIONS),
    "EQ_persistentDisposition_unset": (_unset, DISPOSITIONS),
    "EQ_errorReason": (_reason, ERROR_REASONS),
}


#: Where a glance looks for a word.
_WORD_MEMBERS = {"eventType": "type", "EQ_bizStep": "bizStep", "EQ_disposition": "disposition"}


def _words_condition(parameter: Parameter, context: Context) -> Condition:
    values, words = _WORDS[parameter.name]
    wanted = frozenset(term_value(text, words, context) for text in parameter.texts())
    if words is TYPES:
        for value in wanted:
            if value not in EVENT_TYPES and not is_uri(value):
                parameter.refuse(f"is {value[:60]!r}, which is no event type", f"write one of {_listed(EVENT_TYPES)}")
    member = _WORD_MEMBERS.get(parameter.name)
    glance = None if member is None else word_glance(member, words, wanted)
    return any_of(parameter.name, values, wanted, glance=glance)


# identifiers and other texts


def _action(event: Event) -> Iterable[str]:
    return () if event.action is None else (event.action.strip(),)


def _corrective_ids(event: Event) -> Iterable[str]:
    return (event.error_declaration.corrective_event_ids or ()) if event.error_declaration else ()


def _place(place: Location | None) -> Iterable[str]:
    return (place.id.key,) if place is not None and place.id is not None else ()


def _read_point(event: Event) -> Iterable[str]:
    return _place(event.read_point)


def _biz_location(event: Event) -> Iterable[str]:
    return _place(event.biz_location)


_KEYS: dict[str, tuple[Values, Callable[[str], str]]] = {
    "EQ_action": (_action, str),
    "EQ_readPoint": (_read_point, location),
    "EQ_bizLocation": (_biz_location, location),
    "EQ_transformationID": (
        lambda event: () if event.transformation_id is None else (event.transformation_id.key,),
        canonical,
    ),
    "EQ_eventID": (lambda event: () if event.event_id is None else (event.event_id,), str),
    "EQ_correctiveEventID": (_corrective_ids, str),
}


def _keys_condition(parameter: Parameter) -> Condition:
    values, key_of = _KEYS[parameter.name]
    wanted = frozenset(key_of(text) for text in parameter.texts())
    unknown = wanted - ACTIONS if parameter.name == "EQ_action" else ()
    for value in unknown:
        parameter.refuse(f"is {value[:60]!r}, which is no action", f"write one of {_listed(ACTIONS)}")
    return any_of(
        parameter.name, values, wanted, _found_by(parameter.name, wanted), _key_glance(parameter.name, wanted)
    )


def _found_by(name: str, wanted: frozenset[str]) -> Narrowing | None:
    """What a store is asked for."""
    if name == "EQ_eventID":
        return Narrowing(event_ids=wanted)
    return Narrowing(transformations=wanted) if name == "EQ_transformationID" else None


def _key_glance(name: str, wanted: frozenset[str]) -> Glance | None:
    match name:
        case "EQ_action":
            return text_glance("action", wanted)
        case "EQ_readPoint" | "EQ_bizLocation":
            return place_glance(name.removeprefix("EQ_"), wanted)
    return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


_PLACES_WITHIN: dict[str, Values] = {"WD_readPoint": _read_point, "WD_bizLocation": _biz_location}


def _within_condition(parameter: Parameter) -> Condition:
    values = _PLACES_WITHIN[parameter.name]
    wanted = frozenset(location(text) for text in parameter.texts())
    return Condition.of(
        parameter.name,
        wanted,
        lambda candidate, master: not master.within(wanted).isdisjoint(values(candidate.event)),
    )


# times

_EVENT_TIME, _RECORD_TIME, _DECLARED = "eventTime", "recordTime", "errorDeclarationTime"
_FIELDS = {
    _EVENT_TIME: _EVENT_TIME,
    _RECORD_TIME: _RECORD_TIME,
    _DECLARED: _DECLARED,
    "errorDeclaration_Time": _DECLARED,
}

#: By name: comparison and field. LE_ is no parameter of the standard, but known to clients.
_TIMES = {
    f"{comparison}_{name}": (comparison, field) for comparison in ("GE", "LT", "LE") for name, field in _FIELDS.items()
}


def _instants(candidate: Candidate, field: str) -> Iterator[int]:
    if field == _RECORD_TIME:
        yield candidate.recorded_at
        return
    event = candidate.event
    declaration = event.error_declaration
    moment = event.event_time if field == _EVENT_TIME else declaration.declaration_time if declaration else None
    if moment is not None and moment.instant is not None:
        yield moment.instant


def _time_condition(parameter: Parameter) -> Condition:
    comparison, field = _TIMES[parameter.name]
    bound = time_bound(parameter, comparison)
    narrowing = None
    if field == _RECORD_TIME:
        narrowing = {
            "GE": Narrowing(since=bound),
            "LT": Narrowing(before=bound),
            "LE": Narrowing(before=bound + 1),
        }[comparison]
    return Condition.of(
        f"{comparison}_{field}",
        [str(bound)],
        lambda candidate, master: any_within(_instants(candidate, field), comparison, bound),
        narrowing,
        time_glance(comparison, bound) if field == _EVENT_TIME else None,
        decided=field == _EVENT_TIME,
    )


# quantities


def _quantities(event: Event) -> Iterator[QuantityElement]:
    for listed in (
        event.quantity_list,
        event.child_quantity_list,
        event.input_quantity_list,
        event.output_quantity_list,
    ):
        yield from listed or ()


def _amounts(event: Event, unit: str | None) -> Iterator[object]:
    """The amounts in one unit of measure, or whatever the unit (None); unknown ones are none."""
    for element in _quantities(event):
        if element.quantity is not None and (unit is None or (element.uom or "").strip() == unit):
            yield element.quantity


def _quantity_condition(parameter: Parameter, comparison: str, unit: str | None) -> Condition:
    if unit is not None and not _UNIT_OF_MEASURE.fullmatch(unit):
        parameter.refuse(
            "ends in no unit of measure", "write a code of UN/ECE Recommendation 20, as in GE_quantity_KGM"
        )
    return number_condition(parameter, comparison, lambda candidate: _amounts(candidate.event, unit))


def number_condition(
    parameter: Parameter, comparison: str, amounts: Callable[[Candidate], Iterable[object]]
) -> Condition:
    """That one of the amounts is one of the wanted ones (EQ), or lies on the right side of a bound."""
    if comparison in RANGES:
        bound = number_bound(parameter)
        return Condition.of(
            parameter.name,
            [decimal_text(bound)],
            lambda candidate, master: any_within(amounts(candidate), comparison, bound),
        )
    wanted = frozenset(numbers_wanted(parameter))
    return Condition.of(
        parameter.name,
        map(decimal_text, wanted),
        lambda candidate, master: any(amount in wanted for amount in amounts(candidate)),
    )


# business transactions, sources, destinations


_Entry = BizTransaction | Source | Destination


def _entries(event: Event, kind: str) -> Iterable[_Entry]:
    listed: dict[str, Iterable[_Entry] | None] = {
        "bizTransaction": event.biz_transaction_list,
        "source": event.source_list,
        "destination": event.destination_list,
    }
    return listed[kind] or ()


def _identifier(entry: _Entry) -> Identifier | None:
    if isinstance(entry, Source):
        return entry.source
    return entry.destination if isinstance(entry, Destination) else entry.biz_transaction


def _typed_keys(event: Event, kind: str, type_: str | None) -> Iterator[str]:
    for entry in _entries(event, kind):
        identifier = _identifier(entry)
        is_wanted = type_ is None or (entry.type is not None and entry.type.value.strip() == type_)
        if identifier is not None and is_wanted:
            yield identifier.key


def _typed_condition(parameter: Parameter, context: Context, kind: str, suffix: str | None) -> Condition:
    """Of one type, or (a courtesy) of any."""
    words = BIZ_TRANSACTIONS if kind == "bizTransaction" else SOURCES_AND_DESTINATIONS
    if suffix is not None and not suffix.strip():
        parameter.refuse(
            "ends in no type", f"write the type after the last _, such as {parameter.name}{_an_example(words)}"
        )
    type_ = None if suffix is None else term_value(suffix, words, context)
    keys = [key for text in parameter.texts() for key in _keys_of(text, kind, type_)]
    name = f"EQ_{kind}" if type_ is None else f"EQ_{kind}_{type_}"
    return any_of(name, partial(_typed_keys, kind=kind, type_=type_), keys)


def _an_example(words: Vocabulary) -> str:
    return min(words.words)


def _keys_of(text: str, kind: str, type_: str | None) -> Iterator[str]:
    """What the identifier would be as a document, a place or a party; as any of these where no type is given."""
    if kind == "bizTransaction":
        yield canonical(text)
        return
    if type_ in (None, "location"):
        yield location(text)
    if type_ != "location":
        yield party(text)
