"""The bundle of a case: all documents, hashes that hold, the same bytes again, nobody named where that is asked for."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.reports.anonymising.test_anonymising import left
from tests.reports.documents.recall.story import CONTACT, NOW, PACK, PEOPLE, recalled, told
from tracegraph import Tracegraph
from tracegraph.errors import InputError, StoreError, UnknownIdentifier, UsageError
from tracegraph.intake.recalling import Actor, act
from tracegraph.reports.documents.bundle import BundleChoice, bundle_faults, bundled_kinds, write_bundle
from tracegraph.trace.snapshot import Snapshot

CASE = "R2026-0001"
QUICK = BundleChoice(("en", "zh"), ("json",))
FILE = b"scanned delivery note"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    folder = tmp_path_factory.mktemp("story")
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        told(graph, folder)
        recalled(graph)
        yield graph


def bundled(graph: Tracegraph, choice: BundleChoice = QUICK) -> bytes:
    file = io.BytesIO()
    write_bundle(Snapshot.of(graph.store), CASE, file, choice)
    return file.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist()[0] == "manifest.json"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_every_document_with_its_hash(graph: Tracegraph) -> None:
    files = parts(bundled(graph))
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["path"]: one["sha256"] for one in manifest["files"]} == {
        name: sha256(data).hexdigest() for name, data in files.items()
    }
    assert manifest["left_out"] == []
    made = {(one["kind"], one["language"]) for one in manifest["files"]}
    assert made == {(kind, language) for kind in bundled_kinds() for language in ("en", "zh")}
    assert manifest["ledger"]["head"] == Snapshot.of(graph.store).head
    assert (manifest["case"], manifest["state"], manifest["anonymous"]) == (CASE, "terminated", False)
    requests = {one["party"] for one in manifest["files"] if one["kind"] == "recall-request"}
    assert PACK in requests
    assert {one["form"] for one in manifest["files"] if one["kind"] == "recall-request"} == {"json", "xlsx"}


def test_the_same_case_gives_the_same_bytes(graph: Tracegraph) -> None:
    choice = replace(QUICK, forms=("html", "xlsx", "csv"))
    assert bundled(graph, choice) == bundled(graph, choice)


def test_a_pdf_goes_in_as_it_is_made(graph: Tracegraph) -> None:
    choice = BundleChoice(kinds=("recall-enforcement",))
    assert parts(bundled(graph, choice))["en/recall-enforcement.pdf"][:4] == b"%PDF"


def test_an_anonymous_one_names_nobody(graph: Tracegraph) -> None:
    file = io.BytesIO()
    choice = replace(QUICK, forms=("html", "json", "xlsx"), anonymous=True, people=PEOPLE, attached=lambda _: FILE)
    key = write_bundle(Snapshot.of(graph.store), CASE, file, choice)
    files = parts(file.getvalue())
    for name, data in files.items():
        assert left(data, name.rpartition(".")[2]) == [], name
        assert left(name.encode(), "name") == []
    assert "North field" in {one.name for one in key}
    assert CONTACT.name in {one.name for one in key}
    named = parts(bundled(graph, BundleChoice(("en",), ("html",), ("recall-notice",), people=PEOPLE)))
    assert CONTACT.name.encode() in named["en/recall-notice-001.html"], "else it shows nothing that the name is gone"
    called = {one.identifier: one.called for one in key}[PACK]
    asked = [one["party"] for one in json.loads(files["manifest.json"])["files"] if one["kind"] == "recall-request"]
    assert called in asked


def test_attached_files_go_with_it(graph: Tracegraph, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("attached")
    digest = f"sha256:{sha256(FILE).hexdigest()}"
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as other:
        told(other, folder)
        anna = Actor("anna", "investigator")
        act(other.store, CASE, "open", {"title": "Leaf"}, NOW, anna, "cluster")
        act(other.store, CASE, "attach", {"hash": digest, "name": "note.pdf", "size": str(len(FILE))}, NOW, anna)
        files = parts(bundled(other, replace(QUICK, attached={digest: FILE}.__getitem__)))
        assert files[f"attached/{sha256(FILE).hexdigest()}"] == FILE

        def gone(_: str) -> bytes:
            raise StoreError("the file is gone; attach it again")

        manifest = json.loads(parts(bundled(other, replace(QUICK, attached=gone)))["manifest.json"])
    lacking = {one["kind"]: one["reason"] for one in manifest["left_out"]}
    assert lacking["attached"] == "the file is gone; attach it again"
    assert "no lots in scope yet" in lacking["recall-fsma204"]


def test_a_file_that_is_another_is_told(graph: Tracegraph) -> None:
    data = bundled(graph, replace(QUICK, kinds=("recall-enforcement", "recall-eu931")))
    assert list(bundle_faults(data)) == []
    files = parts(data)
    name, *others = [one for one in files if one != "manifest.json"]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for one in ("manifest.json", name):
            archive.writestr(one, files[one] + (b" " if one == name else b""))
        archive.writestr("more.txt", b"")
    told_faults = list(bundle_faults(changed.getvalue()))
    assert f"{name} is not the file that the manifest names" in told_faults
    assert "more.txt is not in the manifest" in told_faults
    assert f"{others[0]} is missing" in told_faults
    with pytest.raises(InputError, match="no bundle"):
        list(bundle_faults(b"nothing"))


@pytest.mark.parametrize(
    ("mark", "offset", "put"),
    [
        pytest.param(b"PK\x01\x02", 8, b"\x01", id="enciphered"),
        pytest.param(b"PK\x01\x02", 10, b"\x63", id="packed in an unknown way"),
        pytest.param(b"PK\x03\x04", 60, b"\xff" * 90, id="other bytes than were packed"),
    ],
)
def test_an_archive_that_cannot_be_unpacked_is_refused(graph: Tracegraph, mark: bytes, offset: int, put: bytes) -> None:
    data = bundled(graph, replace(QUICK, kinds=("recall-enforcement",)))
    place = data.index(mark) + offset
    with pytest.raises(InputError, match="no bundle"):
        list(bundle_faults(data[:place] + put + data[place + len(put) :]))


def test_what_there_is_not_is_refused(graph: Tracegraph) -> None:
    with pytest.raises(UnknownIdentifier, match="no recall case 'R9'"):
        write_bundle(Snapshot.of(graph.store), "R9", io.BytesIO())
    with pytest.raises(UsageError, match="not docx"):
        BundleChoice(forms=("docx",))
    with pytest.raises(UsageError, match="no 'asi-coc'"):
        BundleChoice(kinds=("asi-coc",))
