"""Anonymous exports: nothing is left of who or what it was, in any form; the same thing is called the same."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports.documents.recall.story import A1, B7, C3, CASES, FIELD, LEAF, ONE, recalled, told
from tests.reports.documents.recall.test_investigation import WANTED
from tracegraph import Tracegraph
from tracegraph.messages import LANGUAGES, Language
from tracegraph.model.person import Person
from tracegraph.reports.anonymising import Hiding, Secrets, hiding_answer, secrets_of
from tracegraph.reports.documents.bundle import BundleChoice, bundle_faults
from tracegraph.reports.documents.content import content
from tracegraph.reports.documents.writing import hiding_of, paper_of, write_document
from tracegraph.trace.question import ask
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import trace

#: All that must not be left: names, addresses, identifiers and parts of them, numbers of papers, persons, own words.
ORIGINALS = (
    "Greenfield|Packwell|Corner shop|North field|Packing hall|Baby leaf|Lane 1|Dock Road|High Street|Alford|Hull|Leeds|"
    "York|A1 1AA|H1 1HH|53.26|farm.example|pack.example|shops.example|09506000134352|9506000134352|A1001|B7007|C3003|"
    "D-1|D-2|LAB-5|E-5|K-1|K-2|anna|urn:example|spring|Ulrike|Musterfrau|12345|person:"
).lower()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    folder = tmp_path_factory.mktemp("story")
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        told(graph, folder)
        recalled(graph)
        yield graph


def left(data: bytes, form: str) -> list[str]:
    """The originals in the bytes, in those of the parts of an archive, and in the text of a PDF."""
    texts = [data.decode("utf-8", "replace")]
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    if form == "pdf":
        pages = pypdfium2.PdfDocument(data)
        texts = [data.decode("latin-1"), *(page.get_textpage().get_text_range() for page in pages)]
        texts += pages.get_metadata_dict().values()
    return [one for one in ORIGINALS.split("|") for text in texts if one in text.lower()]


@pytest.mark.parametrize("name", WANTED)
def test_nothing_is_left_of_anybody_in_any_form(graph: Tracegraph, name: str) -> None:
    snapshot, wanted = Snapshot.of(graph.store), WANTED[name]
    plain, hiding = io.BytesIO(), hiding_of(snapshot, wanted, "en")
    write_document(snapshot, wanted, "html", "en", plain)
    assert left(plain.getvalue(), "html"), "the document itself must name somebody, or this shows nothing"
    for form in ("html", "json", "csv", "xlsx", *(["pdf"] if name == "traceback" else [])):
        file = io.BytesIO()
        write_document(snapshot, wanted, form, "en", file, hiding=hiding)
        assert left(file.getvalue(), form) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_thing_is_called_the_same_and_only_the_key_tells_it(graph: Tracegraph, language: Language) -> None:
    snapshot, wanted = Snapshot.of(graph.store), WANTED["traceback"]
    hiding = hiding_of(snapshot, wanted, language)
    paper = hiding.paper(paper_of(snapshot, wanted, language))
    key = {one.called: one for one in hiding.key()}
    assert len(key) == len(hiding.key())
    by_identifier = {one.identifier: one for one in hiding.key()}
    assert by_identifier[FIELD].name == "North field"
    links = next(part for part in paper.parts if part.name == "links").grids[0]
    called = by_identifier[FIELD].called
    assert links.rows[0][1] == called
    flow = next(part for part in paper.parts if part.name == "flow").pictures[0].drawing
    assert flow.boxes[0].told[0] == called
    assert not any(one in str(flow).lower() for one in ORIGINALS.split("|"))
    again = hiding_of(snapshot, wanted, language)
    assert content(again.paper(paper_of(snapshot, wanted, language))) == content(paper)


def test_an_answer_is_anonymous_and_keeps_its_figures(graph: Tracegraph) -> None:
    answer = trace(graph.store, ask(B7, direction="both", paths=1)).envelope
    hiding = hiding_answer(Snapshot.of(graph.store), answer, "en")
    hidden = hiding.json(answer)
    assert left(json.dumps(hidden, ensure_ascii=False).encode(), "json") == []
    assert hidden["complete"] == answer["complete"]
    before, after = answer["result"]["holdings"], hidden["result"]["holdings"]
    assert [one["quantity"] for one in after] == [one["quantity"] for one in before]
    assert [one["since"] for one in after] == [one["since"] for one in before]
    assert len({one["id"] for one in after}) == len({one["id"] for one in before})
    listed = zip(answer["result"]["units"], hidden["result"]["units"], strict=True)
    units = {one["id"]: other["id"] for one, other in listed}
    assert [units[one["unit"]] for one in before] == [one["unit"] for one in after]


def secrets() -> Secrets:
    found = Secrets()
    found.add("lot", B7, "B7007", "40", "2026-03-05")
    found.add("site", ONE, "Corner shop 1", "老街店")
    found.add("product", LEAF, "Leaf")
    return found


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("B7007 and b7007", "Lot 1 and Lot 1"),
        ("40 KGM of 40 on 2026-03-05", "40 KGM of Lot 1 on 2026-03-05"),
        ("2026-03-05", "Lot 1"),
        ("B70071 xB7007", "B70071 xB7007"),
        (f"{ONE}; {ONE}/back", "Site 1; Identifier 1"),
        (f"Corner shop 1 ({ONE})", "Site 1"),
        ("在老街店购买", "在Site 1购买"),
        ("urn:epc:class:lgtin:9506000.013435.B7007 9506000134352", "Lot 1 Product 1"),
        ("urn:some:where geo:1.5,2", "Identifier 1 Identifier 2,2"),
        ("sha256:" + "ab" * 32 + " " + "cd" * 16, "sha256:" + "ab" * 32 + " Identifier 1"),
        ("Leaflet, leaf", "Leaflet, Product 1"),
    ],
)
def test_what_is_replaced_and_what_is_not(text: str, hidden: str) -> None:
    found = secrets()
    found.add("product", LEAF, "9506000134352")
    assert Hiding(found, "en").text(text) == hidden


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(["B7007", "Corner shop 1", ONE, B7, "老街店", LEAF]), min_size=1),
    st.text(" ,;()。、", min_size=1),
)
def test_no_form_survives_any_neighbours(names: list[str], between: str) -> None:
    told = Hiding(secrets(), "en").text(between.join(names)).lower()
    assert not any(form in told for form in ("b7007", "corner shop", "example", "id.gs1.org", "老街店"))


def test_persons_are_hidden_by_all_that_is_known_of_them(graph: Tracegraph) -> None:
    reference = "person:" + "0a" * 16
    person = Person(reference, name="Mia Muster", phone="+49 40 123", email="mia@shop.example", role="owner")
    hiding = Hiding(secrets_of(Snapshot.of(graph.store), people={reference: person}), "en")
    told = hiding.text(f"Mia Muster, owner, +49 40 123, mia@shop.example, {reference}")
    assert told == "Person 1, owner, Person 1, Person 1, Person 1"
    assert [one.name for one in hiding.key()] == ["Mia Muster"]


def test_goods_are_known_by_any_number(graph: Tracegraph) -> None:
    found = secrets_of(Snapshot.of(graph.store), [A1, C3, "no such thing"])
    assert {found.forms[form] for form in ("a1001", A1.lower())} == {("lot", A1)}
    assert found.forms[CASES[0]["case"].lower()] == ("case", "K-1")
    assert B7.lower() not in found.forms, "goods that nobody names are no secret of this export"


def test_from_python(graph: Tracegraph, tmp_path: Path) -> None:
    key = graph.document("recall-origin", tmp_path / "origin.html", number=B7, anonymous=True)
    assert left((tmp_path / "origin.html").read_bytes(), "html") == []
    assert {one.identifier for one in key} >= {A1, B7, C3, FIELD}
    assert graph.document("recall-origin", tmp_path / "named.html", number=B7) == []
    hidden, key = graph.anonymous(graph.trace(B7, direction="backward"))
    assert left(json.dumps(hidden).encode(), "json") == []
    assert graph.bundle("R2026-0001", tmp_path / "case.zip", BundleChoice(forms=("json",), anonymous=True))
    assert list(bundle_faults((tmp_path / "case.zip").read_bytes())) == []
