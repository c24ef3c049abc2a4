"""Attached files: whole, once, by their hash, and missed when they are gone."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from tracegraph import Tracegraph
from tracegraph.errors import IllegalMove, InputError, InvalidField, StoreFull, UnknownIdentifier, UsageError
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case import case_file
from tracegraph.service.attachments import Attachments, attach, attachment_faults, media_type, of_case
from tracegraph.service.file import beside
from tracegraph.stores.port import Store

NOW = parse_instant("2026-03-01T08:00:00Z", "now")
ME = Actor("me", "investigator")
PAPER = b"%PDF-1.7 delivery note"


@pytest.fixture
def files(tmp_path: Path) -> Attachments:
    return Attachments(tmp_path / "store.db.files")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        act(graph.store, "C1", "open", {"title": "Sprouts"}, NOW, ME)
        yield graph.store


def attached(store: Store, files: Attachments, data: bytes = PAPER, name: str = "note.pdf", **more: str) -> Acted:
    return attach(store, files, "C1", io.BytesIO(data), name, NOW, ME, **more)  # type: ignore[arg-type]


def test_a_file_lies_under_its_hash_once(files: Attachments) -> None:
    one, again = files.put(io.BytesIO(PAPER)), files.put(io.BytesIO(PAPER))
    digest = hashlib.sha256(PAPER).hexdigest()
    assert (one.hash, one.size, one.new, again.new) == (f"sha256:{digest}", len(PAPER), True, False)
    assert files.path(one.hash) == files.folder / digest[:2] / digest[2:]
    assert files.path(one.hash).read_bytes() == PAPER
    assert [path for path in files.folder.rglob("*") if path.is_file()] == [files.path(one.hash)]


def test_an_empty_file_is_a_file(files: Attachments) -> None:
    assert files.path(files.put(io.BytesIO(b"")).hash).read_bytes() == b""


def test_what_is_no_hash_is_no_path(files: Attachments) -> None:
    for name in ("sha256:../../etc/passwd", "", "sha256:" + "A" * 64, "a" * 64, f"sha256:{'a' * 64}\n"):
        with pytest.raises(UsageError, match="no hash"):
            files.path(name)
    with pytest.raises(UnknownIdentifier, match="is not in the folder"):
        files.path(f"sha256:{'a' * 64}")


def test_half_a_file_is_never_there(files: Attachments) -> None:
    """Whoever is killed before the new name is given leaves a file that the next one removes."""
    with patch.object(Path, "replace", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        files.put(io.BytesIO(PAPER))
    assert [path for path in files.folder.rglob("*") if path.is_file()] == []
    (files.folder / f"incoming.{2**22 + 1}-00ff.unfinished").write_bytes(b"half")
    files.put(io.BytesIO(PAPER))
    assert len([path for path in files.folder.rglob("*") if path.is_file()]) == 1


def test_a_full_disk_is_said(files: Attachments) -> None:
    with patch.object(Path, "replace", side_effect=OSError(28, os.strerror(28))), pytest.raises(StoreFull):
        files.put(io.BytesIO(PAPER))


def test_an_attached_file_is_named_in_the_ledger(store: Store, files: Attachments) -> None:
    case = attached(store, files, about="(01)09521234543213(10)ABC").case
    (one,) = of_case(case)
    assert (one.name, one.media, one.size) == ("note.pdf", "application/pdf", len(PAPER))
    assert one.about == frozenset({"https://id.gs1.org/01/09521234543213/10/ABC"})
    assert files.path(one.hash).read_bytes() == PAPER
    assert files.unnamed(of_case(case)) == []


def test_attaching_again_by_the_same_key_does_nothing(store: Store, files: Attachments) -> None:
    first, again = (attached(store, files, key="k") for _ in range(2))
    assert (first.new, again.new) == (True, False)
    assert len(of_case(case_file(store, "C1"))) == 1


def test_a_refused_move_leaves_a_file_that_nobody_names(store: Store, files: Attachments) -> None:
    with pytest.raises(IllegalMove):
        attach(store, files, "C1", io.BytesIO(PAPER), "note.pdf", NOW, Actor("x", "analyst"))
    assert files.unnamed(of_case(case_file(store, "C1"))) == [f"sha256:{hashlib.sha256(PAPER).hexdigest()}"]


@pytest.mark.parametrize("name", ["", " ", "a/b.pdf", "..\\b.pdf", "x" * 256, "a\nb", "a\0b"])
def test_a_name_is_no_path(store: Store, files: Attachments, name: str) -> None:
    with pytest.raises(InvalidField, match="no name of a file"):
        attached(store, files, name=name)


def test_missing_and_changed_files_are_found(store: Store, files: Attachments) -> None:
    for number in range(4):
        attached(store, files, b"%d" % number, f"{number}.txt")
    lost, changed, cut, whole = of_case(case_file(store, "C1"))
    assert list(attachment_faults(store, files)) == []
    files.path(lost.hash).unlink()
    files.path(changed.hash).write_bytes(b"9")
    files.path(cut.hash).write_bytes(b"")
    faults = list(attachment_faults(store, files))
    assert [fault.split("'")[1] for fault in faults] == ["0.txt", "1.txt", "2.txt"]
    assert "is missing from" in faults[0]
    assert all("was changed in" in fault for fault in faults[1:])
    assert all(
        one.hash in fault and "case C1" in fault for one, fault in zip((lost, changed, cut), faults, strict=True)
    )
    assert files.fault(whole) == ""
    for number in range(3):
        attached(store, files, b"%d" % number, f"{number}.txt")
    assert list(attachment_faults(store, files)) == []  # attached again, they are mended


def test_an_erased_file_is_not_missed(store: Store, files: Attachments) -> None:
    (one,) = of_case(attached(store, files).case)
    assert files.erase(one.hash)
    assert not files.erase(one.hash)
    assert list(attachment_faults(store, files)) == []
    with pytest.raises(UnknownIdentifier, match="was erased"):
        files.path(one.hash)
    assert not any(PAPER in path.read_bytes() for path in files.folder.rglob("*") if path.is_file())
    attached(store, files)
    assert not files.is_erased(one.hash)


def test_a_copy_holds_every_file_and_no_changed_one(files: Attachments, tmp_path: Path) -> None:
    names = [files.put(io.BytesIO(b"%d" % number)).hash for number in range(3)]
    other = Attachments(tmp_path / "copy")
    assert (files.copy_to(other.folder), files.copy_to(other.folder)) == (3, 3)
    assert [other.path(name).read_bytes() for name in names] == [b"0", b"1", b"2"]
    files.path(names[1]).write_bytes(b"9")
    with pytest.raises(InputError, match="was changed"):
        files.copy_to(tmp_path / "another")


def test_backup_restore_and_verify_know_of_them(store: Store, files: Attachments, tmp_path: Path) -> None:
    (one,) = of_case(attached(store, files).case)
    graph = Tracegraph(store)
    graph.backup(tmp_path / "monday.db")
    assert Attachments(tmp_path / "monday.db.files").path(one.hash).read_bytes() == PAPER
    Tracegraph.restore(f"sqlite:///{tmp_path}/again.db", tmp_path / "monday.db")
    with Tracegraph.open(f"sqlite:///{tmp_path}/again.db") as again:
        assert list(again.verify()) == []
        Attachments(tmp_path / "again.db.files").path(one.hash).unlink()
        (fault,) = again.verify()
        assert "is missing from" in fault
    assert list(graph.verify()) == []
    files.path(one.hash).write_bytes(b"another paper")
    with pytest.raises(InputError, match="was changed"):
        graph.backup(tmp_path / "tuesday.db")


def test_a_store_without_files_has_no_folder(tmp_path: Path) -> None:
    with Tracegraph.open(f"sqlite:///{tmp_path}/x.db") as graph:
        graph.backup(tmp_path / "y.db")
        assert list(graph.verify()) == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_the_folder_is_beside_the_store() -> None:
    assert beside("sqlite:////var/x.db", ".files") == Path("/var/x.db.files")
    assert beside("neo4j://host/db", ".files") == Path("tracegraph.files")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.pdf", "application/pdf"),
        ("A.PDF", "application/pdf"),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.csv", "text/csv"),
        ("a.jpeg", "image/jpeg"),
        ("a", "application/octet-stream"),
        ("a.unknown-kind", "application/octet-stream"),
    ],
)
def test_media_types_are_the_same_everywhere(name: str, expected: str) -> None:
    assert media_type(name) == expected
