"""Whatever the bytes, the reader gives pieces: never another exception, and nothing is lost."""

from __future__ import annotations

import gzip
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.epcis.building import document, encoded, event, kinds, pieces
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected
from tracegraph.formats.epcis.stream import Damaged, TooLarge, Window
from tracegraph.formats.source import Kept

SEED = encoded(
    document(
        [
            event(
                quantityList=[{"epcClass": "urn:x:lot", "quantity": 12.5, "uom": "KGM"}],
                bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:7"}],
                **{"ex:a": {"ex:b": [1, True, None, "ä\n\U0001f41f"]}},
            ),
            event(type="AggregationEvent", parentID="urn:x:p", childEPCs=["urn:x:c"], epcList=None, action="ADD"),
        ],
        epcisHeader={"epcisMasterData": {"vocabularyList": [
            {"type": "urn:epcglobal:epcis:vtype:Party", "vocabularyElementList": [{"id": "urn:x:1", "attributes": []}]}
        ]}},
    )
)  # fmt: skip

PATCHES = st.sampled_from(
    [b"", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\xff", b"\n", b"null", b"1e999", b"NaN", b'"type":5']
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """The seed with some bytes replaced."""
    data = SEED
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        data = data[:start] + draw(PATCHES) + data[end:]
    return data


def test_the_seed_is_faultless() -> None:
    assert kinds(pieces(SEED)) == "MEE"
    assert kinds(pieces(SEED, strict=True)) == "MEE"


@given(mutated(), st.booleans())
def test_mutated_documents_give_pieces(data: bytes, strict: bool) -> None:
    for piece in pieces(data, strict):
        assert isinstance(piece, (AcceptedEvent, AcceptedMasterData, Rejected))
        if isinstance(piece, Rejected):
            kept = piece.data.read()
            assert data[piece.position.offset :].startswith(kept)
            assert piece.reason.startswith("standard input")
        elif isinstance(piece, AcceptedEvent):
            piece.entry_payload.decode()


@given(st.binary(max_size=200))
def test_any_bytes_give_pieces(data: bytes) -> None:
    for prefix in (b"", b"{", b"[", b'{"epcisBody":{"eventList":['):
        for piece in pieces(prefix + data):
            assert isinstance(piece, (AcceptedEvent, AcceptedMasterData, Rejected))


@given(st.integers(0, 400))
def test_cut_gzip_gives_pieces(cut: int) -> None:
    packed = gzip.compress(SEED)
    for piece in pieces(packed[:cut]):
        assert isinstance(piece, (AcceptedEvent, AcceptedMasterData, Rejected))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


class Drops:
    """A stream that gives few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = data
        self._size = size

    def read(self, size: int = -1, /) -> bytes:
        taken, self._data = self._data[: self._size], self._data[self._size :]
        return taken


@given(JSON, JSON, st.integers(1, 5))
def test_skipping_a_value_equals_reading_it(value: object, following: object, size: int) -> None:
    first, second = encoded(value), encoded(following)
    data = b" " + first + b"\n" + second
    reader, skipper, kept = Window(Drops(data, size)), Window(Drops(data, size)), Kept()
    assert encoded(reader.value()[0]) == first
    skipper.skip(kept)
    assert kept.read() == first
    assert (reader.offset, reader.line) == (skipper.offset, skipper.line) == (1 + len(first), 1)
    reader.peek()
    ahead = reader.ahead()
    for window in (reader, skipper, ahead):
        assert encoded(window.value()[0]) == second
        assert window.peek() == ""
        assert (window.offset, window.line) == (len(data), 2)


@given(st.binary(max_size=60), st.integers(1, 5))
def test_a_window_loses_no_byte(data: bytes, size: int) -> None:
    window, kept = Window(Drops(data, size)), Kept()
    with suppress(Damaged, TooLarge):
        window.value()
    start = window.offset
    window.rest(kept)
    assert kept.read() == data[start:]
