"""Words and contexts."""

from __future__ import annotations

import pytest

from tests.formats.epcis.building import parsed
from tracegraph.formats.epcis import vocabulary
from tracegraph.formats.epcis.context import Context, is_uri, split_uri


def test_the_standard_vocabularies_are_complete() -> None:
    assert len(vocabulary.BIZ_STEPS.words) == 41
    assert len(vocabulary.DISPOSITIONS.words) == 33
    assert len(vocabulary.BIZ_TRANSACTIONS.words) == 13
    assert vocabulary.SOURCES_AND_DESTINATIONS.words == {"location", "owning_party", "possessing_party"}


FORMS = [
    "{word}", "cbv:{prefix}-{word}", "urn:epcglobal:cbv:{urn}:{word}", "https://ref.gs1.org/cbv/{prefix}-{word}",
    "http://ref.gs1.org/cbv/{prefix}-{word}", "https://ns.gs1.org/cbv/{prefix}-{word}", "c:{prefix}-{word}",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_word_becomes_the_bare_word(form: str) -> None:
    step = form.format(prefix="BizStep", urn="bizstep", word="void_shipping")
    disposition = form.format(prefix="Disp", urn="disp", word="in_transit")
    document = {"type": form.format(prefix="BTT", urn="btt", word="po"), "bizTransaction": "urn:x:1"}
    source = {"type": form.format(prefix="SDT", urn="sdt", word="owning_party"), "source": "urn:x:1"}
    event = parsed(
        bizStep=step, disposition=disposition, bizTransactionList=[document], sourceList=[source],
        **{"@context": {"c": "https://ref.gs1.org/cbv/"}},
    )  # fmt: skip
    assert event.findings == ()
    assert event.biz_step is not None
    assert (event.biz_step.text, event.biz_step.value) == (step, "void_shipping")
    assert event.disposition is not None
    assert event.disposition.value == "in_transit"
    assert [entry.type.value for entry in event.biz_transaction_list or () if entry.type] == ["po"]
    assert [entry.type.value for entry in event.source_list or () if entry.type] == ["owning_party"]


@pytest.mark.parametrize("text", ["urn:example:step:hatching", "https://example.com/steps/hatching", "ex:hatching"])
def test_private_uris_stay_what_they_are(text: str) -> None:
    event = parsed(bizStep=text)
    assert event.biz_step is not None
    assert event.biz_step.value == text
    assert event.findings == ()


def test_a_declared_prefix_is_expanded() -> None:
    event = parsed(bizStep="ex:hatching", **{"@context": [{"ex": "https://example.com/steps/"}]})
    assert event.biz_step is not None
    assert event.biz_step.value == "https://example.com/steps/hatching"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("epcis:ObjectEvent", "ObjectEvent"), ("https://ref.gs1.org/epcis/ObjectEvent", "ObjectEvent")],
)
def test_event_types_in_full(text: str, expected: str) -> None:
    assert parsed(type=text).type.value == expected


def test_inner_declarations_win_over_outer_ones() -> None:
    context = Context([["https://example.com/remote.jsonld", {"a": "urn:outer:", "b": "urn:b:"}], {"a": "urn:inner:"}])
    assert context.name("a:x") == ("urn:inner:", "x")
    assert context.name("b:x") == ("urn:b:", "x")


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("ex:y", ("https://e/", "y")), ("term", ("https://e/t#", "term")), ("https://e/y", ("https://e/", "y")),
        ("nobody:y", ("", "nobody:y")), ("plain", ("", "plain")),
        ("cbvmda:lotNumber", ("urn:epcglobal:cbv:mda:", "lotNumber")),
        ("urn:epcglobal:cbv:mda#lotNumber", ("urn:epcglobal:cbv:mda#", "lotNumber")),
    ],
)  # fmt: skip
def test_names_of_members(member: str, expected: tuple[str, str]) -> None:
    context = Context(
        [{"ex": "https://e/", "term": {"@id": "https://e/t#term"}, "@version": "1.1", "bad": 5, "worse": None}]
    )
    assert context.name(member) == expected


def test_a_default_vocabulary_names_plain_members() -> None:
    assert Context([{"@vocab": "https://e/"}]).name("plain") == ("https://e/", "plain")


@pytest.mark.parametrize("odd", [None, 5, "text", [], [[{}]], {"@vocab": 5}, {"x": {"@id": 5}}, {"x": ""}])
def test_odd_contexts_declare_nothing(odd: object) -> None:
    assert Context([odd]).name("x:y") == ("", "x:y")


@pytest.mark.parametrize("text", ["urn:x:1", "geo:1,2"])
def test_what_is_a_uri(text: str) -> None:
    assert is_uri(text)


@pytest.mark.parametrize("text", ["x", "x:", "a b:c", "urn:a b", "", "1a:b"])
def test_what_is_no_uri(text: str) -> None:
    assert not is_uri(text)


def test_split_uri() -> None:
    assert split_uri("https://e/a#b") == ("https://e/a#", "b")
    assert split_uri("urn:a:b") == ("urn:a:", "b")
