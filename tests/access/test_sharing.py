"""Exports for a party, and a graph as a caller may use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from tests.access import files
from tests.access.answers import everything, seen_by
from tests.access.chain import FRAME, INGOT, ORE, WHEEL, caller, capture, chain, header, party
from tests.end_to_end.building import born, epcis, lot, opened, site
from tracegraph import Tracegraph
from tracegraph.access.caller import NOBODY, Caller, Role
from tracegraph.access.rights import Level, load_rights
from tracegraph.access.sharing import refusal, shared
from tracegraph.errors import Refused, UnknownIdentifier, UsageError

FORMS = ("csv", "graphml", "epcis")


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with opened() as graph:
        capture(graph, tmp_path / "in", chain())
        yield graph


def written(graph: Tracegraph, folder: Path, form: str, **options: Any) -> str:
    graph.export(form, folder / "export", **options)
    return (folder / "export").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_for_a_party_is_its_view(graph: Tracegraph, tmp_path: Path, form: str) -> None:
    for_it = written(graph, tmp_path, form, for_party=party("maker-a"))
    asked = written(graph.as_caller(caller("maker-a")), tmp_path, form)
    assert for_it == asked
    assert FRAME in for_it
    assert WHEEL not in for_it
    assert "price-N2" in for_it or form != "epcis"


@pytest.mark.parametrize("form", FORMS)
def test_every_export_says_its_level_and_for_whom(graph: Tracegraph, tmp_path: Path, form: str) -> None:
    before = {"csv": "\n{},", "graphml": '<data key="graph_{}">', "epcis": '"https://tracegraph.dev/ns#{}":"'}[form]

    def said(name: str, value: str) -> str:
        return before.format(name) + value

    whole = written(graph, tmp_path, form)
    assert said("level", "extended") in whole
    assert said("for", "") not in whole
    for level in ("basic", "extended"):
        for_it = written(graph, tmp_path, form, for_party=party("maker-a"), level=level)
        assert said("level", level) in for_it
        assert said("for", party("maker-a")) in for_it


def test_a_basic_export_has_no_extended_field(graph: Tracegraph, tmp_path: Path) -> None:
    for form in FORMS:
        told = written(graph, tmp_path, form, for_party=party("maker-a"), level="basic")
        assert not [word for word in ("price-N", "urn:x-despatch", "KGM", "street of") if word in told]
        assert FRAME in told


@pytest.mark.parametrize("level", ["basic", "extended"])
def test_no_form_says_what_the_party_may_not_know(graph: Tracegraph, tmp_path: Path, level: str) -> None:
    files.record_findings(graph)
    for form in files.FORMS:
        told = files.exported_text(graph, form, tmp_path, for_party=party("maker-a"), level=level)
        assert [(form, word) for word in files.HIDDEN if word in told] == []
        assert level == "extended" or [(form, word) for word in files.EXTENDED if word in told] == []
        assert [(form, word) for word in (FRAME, level, party("maker-a")) if word not in told] == []


def test_each_form_says_it_to_who_may_know_it(graph: Tracegraph, tmp_path: Path) -> None:
    """So that its absence in the others means something."""
    files.record_findings(graph)
    for form in files.FORMS:
        whole = files.exported_text(graph, form, tmp_path)
        assert [word for word in files.HIDDEN[:3] if word in whole], form
        assert "frame-swab" in whole or form != "xlsx"


def test_what_others_do_shows_in_no_form(graph: Tracegraph, tmp_path: Path) -> None:
    """Not even how much they have recorded."""
    before = {form: files.for_maker_a(graph, form, tmp_path) for form in files.FORMS}
    capture(graph, tmp_path / "more", [born(900, lot("other"), "stranger", 5)])
    files.record_about_wheel(graph)
    assert [form for form in before if files.for_maker_a(graph, form, tmp_path) != before[form]] == []


def test_an_exported_document_can_be_captured_again(graph: Tracegraph, tmp_path: Path) -> None:
    for level in ("basic", "extended"):
        graph.export("epcis", tmp_path / "export.json", for_party=party("shop"), level=level)
        assert json.loads((tmp_path / "export.json").read_bytes())["type"] == "EPCISDocument"
        with opened() as other:
            report = other.capture(tmp_path / "export.json", rejects=None)
            assert (report.rejected, report.accepted) == (0, len(chain()))
            assert {unit["id"] for unit in other.trace(WHEEL, direction="backward").units} >= {ORE, INGOT}


def test_what_is_refused(graph: Tracegraph, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdentifier, match="nobody"):
        graph.export("csv", tmp_path / "x", for_party="urn:x-party:nobody")
    with pytest.raises(UsageError, match="choose one of basic, extended"):
        graph.export("csv", tmp_path / "x", for_party=party("shop"), level="high")
    with pytest.raises(UsageError, match="made for a party"):
        graph.export("csv", tmp_path / "x", level="basic")
    with pytest.raises(UsageError, match="for no party"):
        graph.export("neo4j-import", tmp_path / "folder", for_party=party("shop"))
    mine = graph.as_caller(caller("maker-a"))
    with pytest.raises(UnknownIdentifier):
        mine.export("csv", tmp_path / "x", for_party=party("maker-b"))
    with pytest.raises(Refused, match="lacks the operation administer"):
        mine.export("neo4j-import", tmp_path / "folder")
    assert not (tmp_path / "x").exists()


def test_a_party_is_given_no_more_than_the_giver_knows(graph: Tracegraph, tmp_path: Path) -> None:
    told = written(graph.as_caller(caller("maker-a")), tmp_path, "epcis", for_party=party("shop"))
    assert FRAME in told
    assert WHEEL not in told


def test_who_is_below_a_level() -> None:
    basic = load_rights().at_most(Level.BASIC)
    us = Caller("clerk", Role.OPERATOR, frozenset({party("mine")}))
    assert refusal(Level.EXTENDED, None) is None
    assert refusal(Level.EXTENDED, us, party("shop")) is None
    assert refusal(Level.EXTENDED, Caller("one", Role.REGULATOR)) is None
    assert refusal(Level.BASIC, us, party("shop"), basic) is None
    assert "basic information only" in (refusal(Level.EXTENDED, us, None, basic) or "")
    assert party("shop") in (refusal(Level.EXTENDED, None, party("shop"), basic) or "")
    assert "the public may see nothing" in (refusal(Level.BASIC, NOBODY) or "")
    assert "nothing" in (refusal(Level.BASIC, Caller("new", Role.OPERATOR)) or "")


def test_a_level_above_what_the_rights_give(graph: Tracegraph) -> None:
    with pytest.raises(Refused, match="basic information only"):
        shared(graph.store, party("shop"), "extended", rights=load_rights().at_most(Level.BASIC))
    _, sharing = shared(graph.store, party("shop"), rights=load_rights().at_most(Level.BASIC))
    assert sharing.level == "basic"


# as a caller


def test_asking_as_a_caller_is_asking_the_view(graph: Tracegraph) -> None:
    who = caller("maker-a")
    theirs = everything(graph.as_caller(who), [ORE, FRAME], exports=False)
    assert theirs == everything(seen_by(graph, who), [ORE, FRAME], exports=False)


ASKING: dict[str, Callable[[Tracegraph], object]] = {
    "trace": lambda graph: graph.trace(INGOT),
    "origin": lambda graph: graph.origin(INGOT),
    "where": lambda graph: graph.where(INGOT),
    "show": lambda graph: graph.show(INGOT),
    "search": lambda graph: graph.search("ingot"),
    "gaps": lambda graph: graph.gaps(),
    "verify": lambda graph: list(graph.verify()),
    "prove": lambda graph: graph.prove(graph.trace(INGOT).to_dict()["result"]["events"][0]),
    "compact": lambda graph: graph.compact(),
}
#: Who may do what, of those that may not do everything.
MAY = {
    Role.PUBLIC: "",
    Role.OPERATOR: "trace origin where show search gaps",
    Role.AUDITOR: "trace origin where show search gaps",
    Role.REGULATOR: "trace origin where show search gaps verify prove",
    Role.ADMIN: "trace origin where show search gaps verify prove compact",
}


#: What nobody's rights decide: whose graph it is, its language, and what is for everybody.
FREE = {"as_caller", "close", "public_facts", "speaking"}


def test_every_method_asks_for_the_right_to_it(graph: Tracegraph, tmp_path: Path) -> None:
    """A new method of Tracegraph has to say its operation, or stand in FREE."""
    nobody = graph.as_caller(NOBODY)
    arguments: dict[str, tuple[Any, ...]] = {
        **dict.fromkeys(("trace", "origin", "where", "show", "search", "prove"), (INGOT,)),
        "capture": (tmp_path / "in",),
        "backup": (tmp_path / "backup.db",),
        "export": ("csv", tmp_path / "export"),
        "checkpoint": (None, 0),
        "compare": (None, None),
        "metrics": ("reach",),
        "record": ("line", {}, "seen"),
    }
    methods = {name for name, found in vars(Tracegraph).items() if isinstance(found, FunctionType) and name[0] != "_"}
    for name in sorted(methods - FREE):
        with pytest.raises(Refused):
            getattr(nobody, name)(*arguments.get(name, ()))


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_its_operations(graph: Tracegraph, role: Role) -> None:
    theirs = graph.as_caller(Caller("one", role, frozenset({party("maker-a")})))
    done = set()
    for name, ask in ASKING.items():
        with suppress(Refused):
            ask(theirs)
            done.add(name)
    assert done == set(MAY[role].split())


def test_closing_it_leaves_the_store_open(graph: Tracegraph) -> None:
    with graph.as_caller(caller("maker-a")):
        pass
    assert graph.trace(INGOT).units


def test_capturing_as_a_caller(graph: Tracegraph, tmp_path: Path) -> None:
    """What is not theirs is rejected, the rest of the file is stored under their name."""
    mine = graph.as_caller(caller("maker-a"))
    own, new = born(500, lot("own"), "maker-a", 5), born(501, lot("new"), "maker-a2", 5)
    described = header()
    document = {"epcisHeader": described, **epcis([own, new, born(502, lot("theirs"), "mine", 5)])}
    element = {"id": site("maker-a2"), "attributes": [{"id": "cbvmda:possessing_party", "attribute": party("maker-a")}]}
    vocabulary = described["epcisMasterData"]["vocabularyList"][0]["vocabularyElementList"]
    vocabulary[:] = [element, vocabulary[0]]
    (tmp_path / "events.json").write_text(json.dumps(document), encoding="utf-8")
    report = mine.capture(tmp_path / "events.json", rejects=tmp_path / "rejects.ndjson")
    assert (report.accepted, report.rejected) == (2, 2)
    assert "happened at urn:x-site:mine" in (tmp_path / "rejects.ndjson").read_text(encoding="utf-8")
    assert list(graph.store.entries())[-1].actor == "maker-a"
    assert mine.trace(lot("new")).units
    with pytest.raises(Refused, match="lacks the operation capture"):
        graph.as_caller(caller("maker-a", role=Role.AUDITOR)).capture(tmp_path / "events.json")
