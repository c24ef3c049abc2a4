"""Every parameter of the query language against the naive filter, on generated events, alone and together."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.query import naive
from tests.query.cases import CASES
from tests.query.conftest import Filled, microseconds
from tests.query.generated import CONTEXT, MASTER_DATA, RECORDED, SPELLED, Stored, events, vocabulary
from tracegraph.formats.epcis import event_of_payload, payload_of
from tracegraph.formats.epcis.master_data import master_data_of
from tracegraph.identifiers import canonical, location
from tracegraph.query import FAMILIES, PARAMETERS, Candidate, Master, Query, find, matches, read_body, read_url

#: Parameters of which only one value makes sense.
ONE_VALUE = re.compile("(GT|GE|LT|LE)_.*")
#: Parameters by which a store is asked for fewer events than it has, or events are left out before they are read.
NARROWED = re.compile(
    "MATCH_|EQ_eventID|EQ_transformationID|.*_recordTime|.*_eventTime"
    "|eventType|EQ_(action|bizStep|disposition|readPoint|bizLocation)$"
)
#: What says how to answer, not what to look for; see test_paging.
CONTROLS = {"orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken"}
QUESTIONS = [
    (name, values)
    for name, listed in CASES.items()
    for values in ([[one] for one in listed] + ([] if ONE_VALUE.fullmatch(name) or len(listed) < 2 else [listed]))
]


def query(*questions: tuple[str, list[str]]) -> Query:
    return read_url([(name, "|".join(values)) for name, values in questions], CONTEXT)


def expected(filled: Filled, *questions: tuple[str, list[str]]) -> set[str]:
    return {
        one.event["ex:mark"] for one in filled.events if all(naive.answers(one, *question) for question in questions)
    }


def found(filled: Filled, asked: Query) -> set[str]:
    marks = [one.event.extensions["ex:mark"] for one in find(filled.store, asked)]
    assert len(marks) == len(set(marks))
    return set(marks)


def matching(filled: Filled, asked: Query) -> set[str]:
    """The same by asking every event."""
    chosen = [one for one in filled.candidates if matches(asked, one, filled.master)]
    return {one.event.extensions["ex:mark"] for one in chosen}


def noticed(filled: Filled, asked: Query) -> set[str]:
    """What a glance at the JSON lets pass."""
    glances = [one.glance for one in asked.conditions if one.glance is not None]
    passing = [one.value for one in filled.unread if all(glance(one.value, one.context) for glance in glances)]
    return {value["ex:mark"] for value in passing}


def test_every_spelling_in_the_tables_is_one_thing() -> None:
    for spelling, first in SPELLED.items():
        if spelling.startswith(("urn:epc:id", "urn:epc:class", "https://id.gs1.org")):
            assert location(spelling) == location(first), spelling


def test_every_parameter_is_asked() -> None:
    assert set(PARAMETERS) - CONTROLS - set(CASES) == set()
    families = {family for family in FAMILIES if not any(is_of(name, family) for name in CASES)}
    assert families == set()


@pytest.mark.parametrize("name", [name for name in CASES if not re.match(r"HASATTR|EQ_?ATTR|.*(recordTime|ID$)", name)])
def test_a_glance_spares_the_reading_of_some_events(filled: Filled, name: str) -> None:
    """Of all parameters but those that the store looks up, and those on the event's own extensions."""
    scoped = re.match("(INNER_)?[A-Za-z]+_", name.partition("_")[2])
    if ":" in name and not (scoped and scoped[0] != "INNER_"):
        return
    assert len(noticed(filled, query((name, CASES[name][:1])))) < len(filled.events)


def is_of(name: str, family: str) -> bool:
    """Whether a parameter is of a family: what follows must be a type, a unit of measure, or the name of a field."""
    scoped = family.endswith(("EQ_", "GT_", "GE_", "LT_", "LE_", "EXISTS_", "INNER_"))
    rest = name.removeprefix(family)
    return name.startswith(family) and bool(rest) and (not scoped or re.match("[a-z]+:", rest) is not None)


@pytest.mark.parametrize("name", CASES)
def test_some_events_answer_and_others_do_not(filled: Filled, name: str) -> None:
    """Every value of a parameter alone, and all together; some value separates the events."""
    separates = False
    for values in (values for asked, values in QUESTIONS if asked == name):
        wanted = expected(filled, (name, values))
        asked = query((name, values))
        assert matching(filled, asked) == wanted, values
        assert wanted <= noticed(filled, asked), values
        assert wanted == noticed(filled, asked) or not all(one.decided for one in asked.conditions), values
        separates |= 0 < len(wanted) < len(filled.events)
    assert separates


@pytest.mark.parametrize("name", [name for name in CASES if NARROWED.match(name)])
def test_what_the_store_looks_up_is_all_there_is(filled: Filled, name: str) -> None:
    for values in (values for asked, values in QUESTIONS if asked == name):
        assert found(filled, query((name, values))) == expected(filled, (name, values)), values


questions = st.sampled_from(QUESTIONS)


@given(st.lists(questions, min_size=2, max_size=3, unique_by=lambda question: question[0]))
def test_all_parameters_must_be_met(filled: Filled, asked: list[tuple[str, list[str]]]) -> None:
    assert found(filled, query(*asked)) == expected(filled, *asked)


@pytest.mark.parametrize("name", [name for name, values in CASES.items() if len(values) > 1])
def test_any_value_suffices(filled: Filled, name: str) -> None:
    if ONE_VALUE.fullmatch(name):
        with pytest.raises(ValueError, match="give one"):
            query((name, CASES[name]))
        return
    single = [matching(filled, query((name, [one]))) for one in CASES[name]]
    assert matching(filled, query((name, CASES[name]))) == set().union(*single)
    repeated = read_url([(name, one) for one in CASES[name]], CONTEXT)
    assert repeated == query((name, CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_a_body_says_the_same_as_a_url(name: str) -> None:
    for values in (values for asked, values in QUESTIONS if asked == name):
        assert read_body({name: values, "@context": CONTEXT}) == query((name, values))
        if len(values) == 1:
            typed = json_value(values[0])
            assert read_body({"@context": ["https://ref.example/context", CONTEXT], name: typed}) == query(
                (name, values)
            )


def json_value(text: str) -> object:
    """A number, a boolean or null where the text says one."""
    plain = {"true": True, "false": False, "": None}
    return plain[text] if text in plain else Decimal(text) if re.fullmatch(r"(0|[1-9]\d*)(\.\d+)?", text) else text


@given(st.integers(min_value=100, max_value=10**6), questions, questions)
def test_one_event_alone(seed: int, first: tuple[str, list[str]], second: tuple[str, list[str]]) -> None:
    """The same without a store, on other events."""
    master = Master(
        lambda: [master_data_of(one[0], vocabulary(*one)["vocabularyElementList"][0]) for one in MASTER_DATA]
    )
    for written in events(seed, 4):
        parsed = event_of_payload(payload_of(exact(written), (CONTEXT,)))
        candidate = Candidate(parsed, 1, microseconds(RECORDED[1]))
        for question in (first, second):
            wanted = naive.answers(Stored(written, RECORDED[1]), *question)
            assert matches(query(question), candidate, master) == wanted, (question, written)


def exact(value: object) -> object:
    """JSON as the program reads it: numbers as Decimal."""
    return json.loads(json.dumps(value), parse_float=Decimal, parse_int=Decimal)


def test_identifiers_that_are_no_gs1_keys_match_to_the_letter() -> None:
    assert canonical("urn:gdst:example.org:product:lot:class:co.1.2") != canonical(
        "urn:gdst:example.org:product:lot:class:co.1.3"
    )
