"""Whatever the bytes, XML gives pieces: never another exception, and nothing of what is rejected is lost."""

from __future__ import annotations

import gzip
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.epcis.building import kinds, pieces
from tests.formats.epcis_xml.building import document, event
from tests.formats.epcis_xml.test_binding import HEADER, MEMBERS
from tests.formats.epcis_xml.test_reference import documents
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected

SEED = document(event(1, MEMBERS[10][0]), event(2, "<ex:a b='c'>ä</ex:a>"), header=HEADER)
PATCHES = st.sampled_from(
    [b"", b'"', b"<", b">", b"</", b"/>", b"&", b"&lt;", b"&x;", b"\xff", b"\0", b"\n", b"<!--", b"-->", b"<![CDATA[",
     b"<?", b"<ex:a>", b"<epcList>", b"<extension>", b"<ObjectEvent>", b"</ObjectEvent>", b"<QuantityEvent/>",
     b"<!DOCTYPE a>", b" xmlns:ex=''", b" xmlns=''", b"\xef\xbb\xbf", b"<VocabularyElement/>"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 20), PATCHES), min_size=1, max_size=3)


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """The bytes with some replaced, each change at a part of the whole."""
    for place, length, patch in changes:
        start = int(place * len(data))
        data = data[:start] + patch + data[start + length :]
    return data


def check(data: bytes, strict: bool = False) -> None:
    for piece in pieces(data, strict):
        assert isinstance(piece, (AcceptedEvent, AcceptedMasterData, Rejected))
        if isinstance(piece, Rejected):
            assert data[piece.position.offset :].startswith(piece.data.read())
            assert piece.reason.startswith("standard input")
            assert piece.reason.endswith(".")
            assert "\n" not in piece.reason
        elif isinstance(piece, AcceptedEvent):
            piece.entry_payload.decode()


def test_the_seed_is_faultless() -> None:
    assert kinds(pieces(SEED, strict=True)) == "MMEE"


@given(CHANGES, st.booleans())
def test_changed_documents_give_pieces(changes: list[tuple[float, int, bytes]], strict: bool) -> None:
    check(changed(SEED, changes), strict)


@given(st.data())
def test_changed_reference_documents_give_pieces(reference: Path, data: st.DataObject) -> None:
    path, _ = data.draw(st.sampled_from(sorted(documents(reference).values())))
    check(changed(path.read_bytes(), data.draw(CHANGES)))


@given(st.binary(max_size=200))
def test_any_bytes_give_pieces(data: bytes) -> None:
    for prefix in (b"<", b"<?xml", SEED[:300], SEED[: SEED.index(b"<action>")]):
        check(prefix + data)


@given(st.integers(0, 1_200))
def test_cut_gzip_gives_pieces(cut: int) -> None:
    for piece in pieces(gzip.compress(SEED)[:cut]):
        assert isinstance(piece, (AcceptedEvent, AcceptedMasterData, Rejected))
