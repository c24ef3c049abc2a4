"""Opening files, folders and streams."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tracegraph.errors import InputError
from tracegraph.formats.source import Kept, Unpacked, read_fully, source_files


class Dripping(io.RawIOBase):
    """A stream that gives one byte at a time, as a slow pipe does."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(1 if size else 0)


def everything(stream: Unpacked) -> bytes:
    return b"".join(iter(lambda: stream.read(7), b""))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("data", [b"", b"a", b" \n a", b" " * 5_000 + b"a", b"x" * 10_000, b" " * 3_000_000])
def test_peeking_takes_nothing(pack: Callable[[bytes], bytes], data: bytes) -> None:
    stream = Unpacked(io.BytesIO(pack(data)))
    beginning = stream.peek()
    assert data.startswith(beginning)
    assert len(beginning) >= min(len(data), 1024)
    assert beginning.strip() or not data.strip() or len(beginning) >= 2**20
    assert stream.peek() == beginning
    rest = b"".join(iter(lambda: stream.read(4096), b""))
    assert rest == data
    assert stream.damage == ""


def test_a_folder_gives_its_files_sorted_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.json", "a.txt", ".hidden", "sub/c.json", "sub/.git/d.json", "a/z.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    names = [str(Path(file.name).relative_to(tmp_path)) for file in source_files(tmp_path)]
    assert names == ["a.txt", "b.json", "a/z.json", "sub/c.json"]


def test_a_link_in_a_folder_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (file,) = source_files(tmp_path)
    assert file.unreadable == "is not a regular file"


def test_a_path_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"missing\.json cannot be opened: No such file or directory; check the path\."
    ):
        list(source_files(tmp_path / "missing.json"))


@pytest.mark.parametrize("data", [b"", b"x", b"plain text" * 100])
def test_plain_and_packed_bytes_read_the_same(data: bytes) -> None:
    for stream in (io.BytesIO(data), io.BytesIO(gzip.compress(data)), Dripping(gzip.compress(data)), Dripping(data)):
        unpacked = Unpacked(stream)
        assert everything(unpacked) == data
        assert unpacked.damage == ""


def test_members_of_gzip_join_and_padding_is_ignored() -> None:
    unpacked = Unpacked(io.BytesIO(gzip.compress(b"one") + gzip.compress(b" two") + b"\0" * 10))
    assert everything(unpacked) == b"one two"
    assert unpacked.damage == ""


def test_cut_off_gzip_gives_what_stands_before_the_cut() -> None:
    data = bytes(range(256)) * 1000
    packed = gzip.compress(data)
    unpacked = Unpacked(io.BytesIO(packed[: len(packed) // 2]))
    found = everything(unpacked)
    assert found
    assert data.startswith(found)
    assert unpacked.damage == "the gzip data are cut off"


@pytest.mark.parametrize("part", [0.01, 0.5, 0.99999])
def test_damaged_gzip_gives_all_before_the_damage_and_keeps_the_rest(part: float) -> None:
    data = b"".join(hashlib.sha256(bytes([number % 251, number % 7])).digest() * 2 for number in range(5_000))
    packed = bytearray(gzip.compress(data))
    place = int(len(packed) * part)
    packed[place:] = bytes(byte ^ 0xFF for byte in packed[place:])
    at_once, slowly = Unpacked(io.BytesIO(bytes(packed))), Unpacked(Dripping(bytes(packed)))
    found = b"".join(iter(lambda: at_once.read(1 << 20), b""))
    assert found == everything(slowly)
    assert len(found) > len(data) * part - 5_000
    assert "the gzip data are damaged" in at_once.damage
    rest = at_once.packed_rest().read()
    assert rest == slowly.packed_rest().read()
    assert packed.endswith(rest)
    assert 0 < len(rest) <= len(packed) - place


def test_what_is_no_gzip_beyond_its_first_bytes_is_kept_whole() -> None:
    unpacked = Unpacked(Dripping(b"\x1f\x8bnonsense"))
    assert everything(unpacked) == b""
    assert unpacked.packed_rest().read() == b"\x1f\x8bnonsense"


def test_damaged_gzip_says_so() -> None:
    packed = bytearray(gzip.compress(zlib.crc32(b"x").to_bytes(4, "big") * 1000))
    packed[-6] ^= 0xFF
    unpacked = Unpacked(io.BytesIO(bytes(packed)))
    everything(unpacked)
    assert "damaged" in unpacked.damage


def test_kept_bytes_come_back_again_and_again() -> None:
    kept = Kept(b"first ")
    kept.write(b"x" * 3_000_000)
    kept.write(b" last")
    expected = b"first " + b"x" * 3_000_000 + b" last"
    assert kept.size == len(expected)
    assert kept.read() == expected == kept.read()
    assert max(len(chunk) for chunk in kept.chunks()) <= 1024 * 1024


def test_a_kept_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"abc")
    kept = Kept(path=path)
    assert (kept.size, kept.read()) == (3, b"abc")


def test_read_fully_asks_until_it_has_all() -> None:
    assert read_fully(Dripping(b"abcdef"), 4) == b"abcd"
    assert read_fully(Dripping(b"ab"), 4) == b"ab"
