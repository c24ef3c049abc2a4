"""Reading files of every form, and what bad input gets: one sentence, everything before it, everything kept."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.formats.epcis.building import accepted, document, encoded, event, kinds, pieces, rejected
from tracegraph.formats.epcis import AcceptedEvent, AcceptedMasterData, Rejected, limits, read

ONE, TWO, THREE = (event(epcList=[f"urn:x:{number}"]) for number in "123")


class Generated:
    """A stream made on the way, so that it need not fit into memory."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._held = b""

    def read(self, size: int = -1, /) -> bytes:
        while len(self._held) < size and (part := next(self._parts, b"")):
            self._held += part
        taken, self._held = self._held[:size], self._held[size:]
        return taken


def named(data: bytes) -> list[str]:
    """The first object of every accepted event."""
    return [piece.facts.named[0].unit for piece in pieces(data) if isinstance(piece, AcceptedEvent)]


def query(events: list[object]) -> dict[str, object]:
    return {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": {"resultsBody": {"eventList": events}}}}


FORMS: dict[str, Callable[[], bytes]] = {
    "document": lambda: encoded(document([ONE, TWO])),
    "type last": lambda: encoded({"epcisBody": {"eventList": [ONE, TWO]}, "type": "EPCISDocument"}),
    "no type": lambda: encoded({"epcisBody": {"eventList": [ONE, TWO]}}),
    "query document": lambda: encoded(query([ONE, TWO])),
    "two documents": lambda: encoded(document([ONE])) + encoded(document([TWO])),
    "documents with one event": lambda: encoded(
        [{"type": "EPCISDocument", "epcisBody": {"event": ONE}}, {"type": "EPCISDocument", "epcisBody": {"event": TWO}}]
    ),
    "array": lambda: encoded([ONE, TWO]),
    "lines": lambda: encoded(ONE) + b"\r\n\n" + encoded(TWO) + b"\n",
    "no line breaks": lambda: encoded(ONE) + encoded(TWO),
    "indented": lambda: json.dumps(document([ONE, TWO]), indent=2).encode(),
    "byte order mark": lambda: "\ufeff".encode() + encoded(document([ONE, TWO])),
    "gzip": lambda: gzip.compress(encoded(document([ONE, TWO]))),
    "gzip of lines": lambda: gzip.compress(encoded(ONE) + b"\n") + gzip.compress(encoded(TWO)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_events(form: str) -> None:
    data = FORMS[form]()
    assert kinds(pieces(data)) == "EE"
    assert named(data) == ["urn:x:1", "urn:x:2"]


@pytest.mark.parametrize("form", FORMS)
def test_chunks_do_not_matter(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMS[form]()
    whole = pieces(data)
    for size in (1, 2, 7, 100):
        monkeypatch.setattr("tracegraph.formats.epcis.stream.CHUNK_BYTES", size)
        again = pieces(data)
        assert [(p.position, p.facts) for p in again if isinstance(p, AcceptedEvent)] == [
            (p.position, p.facts) for p in whole if isinstance(p, AcceptedEvent)
        ]


def test_positions() -> None:
    data = encoded(document([ONE])) + b"\n" + "ä".join(["", encoded(document([TWO], note="ä")).decode()])[1:].encode()
    one, two = (piece for piece in pieces(data) if isinstance(piece, AcceptedEvent))
    for piece, text in ((one, encoded(ONE)), (two, encoded(TWO))):
        assert data[piece.position.offset :].startswith(text)
        assert piece.position.pointer == "/epcisBody/eventList/0"
    assert (one.position.line, two.position.line) == (1, 2)
    assert str(two.position).startswith("standard input /epcisBody/eventList/0 (line 2, byte ")


def test_contexts_after_the_events_count() -> None:
    late = {
        "epcisBody": {"eventList": [event(**{"ex:a": "1"})]},
        "type": "EPCISDocument",
        "x": [[]],
        "@context": {"ex": "http://e/"},
    }
    early = {"@context": {"ex": "http://e/"}, "epcisBody": {"eventList": [event(**{"ex:a": "1"})]}}
    none = {"epcisBody": {"eventList": [event(**{"ex:a": "1"})]}}
    assert accepted(late).facts == accepted(early).facts
    assert accepted(late).event.document_context == ({"ex": "http://e/"},)
    assert accepted(late).facts.content_hash != accepted(none).facts.content_hash


def test_contexts_do_not_leak_into_the_next_document() -> None:
    first = {"@context": {"ex": "http://e/"}, "epcisBody": {"eventList": [ONE]}}
    _, second = pieces(encoded(first) + encoded(event(**{"ex:a": "1"})))
    assert isinstance(second, AcceptedEvent)
    assert second.event.document_context == ()


DAMAGED = [
    ("cut off", encoded(document([ONE, TWO]))[:-40], "ER", "it ends in the middle of a value"),
    ("cut off after an event", encoded(document([ONE]))[:-3], "ER", "it ends where ',' or ']' must follow"),
    ("malformed", encoded([ONE, TWO]).replace(b'"urn:x:2"', b"urn:x:2"), "ER", "expecting value"),
    ("missing comma", encoded([ONE, TWO]).replace(b"},{", b"} {"), "ER", "',' or ']' was expected instead of '{'"),
    ("words after it", encoded(ONE) + b" and more", "ER", "expecting value"),
    ("nothing but a brace", b"{", "R", "the name of a member in double quotes was expected"),
    ("unclosed string", encoded([ONE])[:-1] + b',{"a": "b', "ER", "it ends in the middle of a value"),
]


@pytest.mark.parametrize(("name", "data", "expected", "reason"), DAMAGED, ids=[row[0] for row in DAMAGED])
def test_what_stands_before_damage_is_delivered_and_the_rest_kept(
    name: str, data: bytes, expected: str, reason: str
) -> None:
    found = pieces(data)
    assert kinds(found) == expected
    last = found[-1]
    assert isinstance(last, Rejected)
    assert reason in last.reason
    assert "all from here on is rejected, repair it and capture again." in last.reason
    assert last.data.read() == data[last.position.offset :]


def test_a_damaged_line_is_one_piece_and_the_next_lines_count() -> None:
    lines = [encoded(ONE), encoded(TWO)[:50], b"}{", encoded(THREE), b'"text"', encoded(TWO)]
    found = pieces(b"\n".join(lines))
    assert kinds(found) == "ERRERE"
    assert [piece.position.line for piece in found] == [1, 2, 3, 4, 5, 6]
    assert [piece.data.read().rstrip() for piece in found if isinstance(piece, Rejected)] == [
        lines[1],
        b"}{",
        b'"text"',
    ]


def test_a_damaged_first_line_counts_alone_where_the_name_says_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b'{"type": }\n' + encoded(ONE))
    assert kinds(read(path)) == "RE"


def test_cut_off_gzip_delivers_what_stands_before_the_cut() -> None:
    data = gzip.compress(b"\n".join(encoded(event(epcList=[f"urn:x:{number}"])) for number in range(2000)))
    found = pieces(data[: len(data) // 2])
    assert kinds(found[:100]) == "E" * 100
    last = found[-1]
    assert isinstance(last, Rejected)
    assert "the gzip data are cut off" in last.reason


def test_damaged_gzip_is_kept_packed_from_the_damage_on() -> None:
    names = (hashlib.sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(4_000))
    lines = b"\n".join(encoded(event(epcList=[f"urn:x:{name}"])) for name in names)
    packed = bytearray(gzip.compress(lines))
    packed[len(packed) // 2 :] = bytes(byte ^ 0xFF for byte in packed[len(packed) // 2 :])
    found = pieces(bytes(packed))
    rest = found[-1]
    assert kinds(found).startswith("E" * 1_900)
    assert isinstance(rest, Rejected)
    assert "the gzip data are damaged" in rest.reason
    assert rest.reason.endswith("; the packed bytes from there on are kept as they are; capture an undamaged copy.")
    assert bytes(packed).endswith(rest.data.read())
    assert rest.data.size > 1_000


WHOLE = [
    (b"", "it is empty; give EPCIS JSON or XML."),
    (b" \n ", "it is empty; give EPCIS JSON or XML."),
    (b"lot;weight\n1;2", "it is of no kind that is read here; give EPCIS JSON, NDJSON or XML, plain or gzip."),
    (encoded(ONE).decode().encode("utf-16"), "it holds bytes that are no UTF-8; save it as UTF-8."),
    (b"\x1f\x8bnonsense", "the gzip data are damaged"),
    (b"{}", "it has no type; give the event type, such as ObjectEvent."),
    (b"[5]", "a number stands where an event must be."),
    (b'{"type": "ObjectEvent"}', "it has no eventTime; give date, time and zone as 2026-01-31T12:00:00Z."),
    (encoded(event(eventTime="soon")), "it has 'soon' as eventTime, which is no time; give date"),
    (encoded(event(eventTime=5)), "it has a number as eventTime, which is no time; give date"),
    (encoded(event(type=["ObjectEvent"])), "it has no type"),
    (encoded(event(epcList=["\ud800"])), "it holds bytes that are no UTF-8"),
    (encoded(ONE).replace(b"urn:x:1", b"urn:\\ud800:1"), "it holds bytes that are no UTF-8"),
    (b'{"type":"EPCISDocument","epcisBody":null}', "an object was expected here"),
    (b'{"type":"EPCISDocument","epcisBody":{"eventList":{}}}', "a list was expected here"),
]


@pytest.mark.parametrize(("data", "reason"), WHOLE)
def test_what_is_rejected_names_file_position_and_reason(data: bytes, reason: str) -> None:
    piece = rejected(data)
    assert piece.reason.startswith("standard input")
    assert "byte " in piece.reason
    assert reason in piece.reason
    assert piece.reason.endswith(".")
    assert "\n" not in piece.reason


def test_one_bad_event_does_not_reject_its_neighbours() -> None:
    data = encoded(document([ONE, {"type": "ObjectEvent"}, 5, TWO]))
    found = pieces(data)
    assert kinds(found) == "ERRE"
    assert [piece.position.pointer for piece in found] == [
        "/epcisBody/eventList/0", "/epcisBody/eventList/1/eventTime", "/epcisBody/eventList/2", "/epcisBody/eventList/3"
    ]  # fmt: skip
    assert isinstance(found[1], Rejected)
    assert found[1].data.read() == b'{"type":"ObjectEvent"}'


def test_numbers_that_are_no_json_are_words_with_a_finding() -> None:
    (piece,) = pieces(encoded(event(**{"ex:a": "HERE"})).replace(b'"HERE"', b"NaN"))
    assert isinstance(piece, AcceptedEvent)
    assert piece.event.extensions == {"ex:a": "NaN"}
    assert [finding.code for finding in piece.event.findings] == ["number_not_json"]
    json.loads(piece.entry_payload, parse_constant=pytest.fail)


def nested(levels: int) -> bytes:
    return encoded(event(**{"ex:a": "HERE"})).replace(b'"HERE"', b"[" * levels + b"]" * levels)


def test_depth_is_limited_per_event() -> None:
    assert kinds(pieces(nested(limits.MAX_DEPTH - 1))) == "E"
    for levels in (limits.MAX_DEPTH, 1_000, 100_000):
        data = b"[" + encoded(ONE) + b"," + nested(levels) + b"," + encoded(TWO) + b"]"
        found = pieces(data)
        assert kinds(found) == "ERE"
        assert isinstance(found[1], Rejected)
        assert "nests deeper than 100 levels" in found[1].reason
        assert found[1].data.read() == nested(levels)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_nesting_without_end_is_one_piece(opening: bytes) -> None:
    data = opening * 100_000
    piece = rejected(data)
    assert piece.data.read() == data[piece.position.offset :]
    assert piece.position.offset <= 2


def test_braces_in_strings_are_not_depth() -> None:
    assert kinds(pieces(encoded(event(**{"ex:a": '[{"\\' * 1000})))) == "E"


def test_long_strings_are_rejected() -> None:
    assert kinds(pieces(encoded(event(**{"ex:a": "x" * (limits.MAX_STRING - 2)})))) == "E"
    data = b"[" + encoded(event(**{"ex:a": "x" * limits.MAX_STRING})) + b"," + encoded(ONE) + b"]"
    found = pieces(data)
    assert kinds(found) == "RE"
    assert isinstance(found[0], Rejected)
    assert "holds a string longer than 1 MiB" in found[0].reason


def huge(before: bytes, mebibytes: int, after: bytes) -> Iterator[bytes]:
    yield before
    for _ in range(mebibytes):
        yield b'\\\\\\"' * (256 * 1024)
    yield after


HUGE = [
    (b"[" + encoded(ONE) + b',{"a":"', b'"},' + encoded(TWO) + b"]", "ERE"),
    (b'{"type":"EPCISDocument","x":"', b'","epcisBody":{"eventList":[' + encoded(ONE) + b"]}}", "E"),
    (b'{"type":"EPCISDocument","epcisBody":{"eventList":[' + encoded(ONE) + b',"', b"", "ER"),
    (b'{"', b'":1}', "R"),
]


@pytest.mark.parametrize(("before", "after", "expected"), HUGE)
def test_memory_does_not_grow_with_a_huge_string(before: bytes, after: bytes, expected: str) -> None:
    tracemalloc.start()
    try:
        found = list(read(Generated(huge(before, 120, after))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kinds(found) == expected
    assert peak < 90 * 2**20
    sizes = [piece.data.size for piece in found if isinstance(piece, Rejected)]
    assert all(size >= 120 * 2**20 for size in sizes)


def test_memory_does_not_grow_with_the_number_of_events() -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"type":"EPCISDocument","@context":[],"epcisBody":{"eventList":['
        for number in range(8_000):
            yield (b"," if number else b"") + encoded(event(epcList=["urn:x:1"]))
        yield b"]}}"

    tracemalloc.start()
    try:
        count = sum(1 for _ in read(Generated(parts())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 8_000
    assert peak < 10 * 2**20


def test_a_folder_of_mixed_files(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(encoded(document([ONE])))
    (tmp_path / "b.txt").write_text("notes")
    (tmp_path / "c.jsonld.gz").write_bytes(gzip.compress(encoded(TWO)))
    (tmp_path / "d.json").write_bytes(b"")
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "f.ndjson").write_bytes(encoded(ONE) + b"\n" + encoded(THREE))
    (tmp_path / "g.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".hidden").write_bytes(encoded(ONE))
    found = list(read(tmp_path))
    assert kinds(found) == "ERERREE"
    assert isinstance(found[1], Rejected)
    assert found[1].data.read() == b"notes"
    assert found[1].position.source == str(tmp_path / "b.txt")


def test_strict_rejects_events_with_findings_and_names_the_first() -> None:
    doubtful = event(bizStep="transforming", action="add")
    found = pieces(encoded([ONE, doubtful]), strict=True)
    assert kinds(found) == "ER"
    assert isinstance(found[1], Rejected)
    assert found[1].reason.endswith("'add' is not ADD, OBSERVE or DELETE; kept, without effect (1 more).")
    assert len(found[1].findings) == 2
    assert found[1].data.read() == encoded(doubtful)


def test_a_stream_is_named_and_left_open() -> None:
    stream = io.BytesIO(b"")
    (piece,) = read(stream, name="request body")
    assert isinstance(piece, Rejected)
    assert piece.reason.startswith("request body (line 1, byte 0): it is empty")
    assert not stream.closed


def vocabulary(elements: object, **members: object) -> bytes:
    header = {"epcisMasterData": {"vocabularyList": [{**members, "vocabularyElementList": elements}]}}
    return encoded({"type": "EPCISDocument", "epcisHeader": header, "epcisBody": {"eventList": [ONE]}})


def test_master_data_come_as_pieces_wherever_the_type_stands() -> None:
    elements = [{"id": "urn:epc:id:sgln:4012345.00001.0"}, {}, {"id": "urn:x:2"}]
    first = vocabulary(elements, type="urn:epcglobal:epcis:vtype:BusinessLocation")
    last = first.replace(
        b'"type":"urn:epcglobal:epcis:vtype:BusinessLocation","vocabularyElementList"', b'"vocabularyElementList"'
    )
    last = last.replace(b"]}]}}", b'],"type":"urn:epcglobal:epcis:vtype:BusinessLocation"}]}}')
    for data in (first, last):
        found = pieces(data)
        assert kinds(found) == "MRME"
        assert isinstance(found[0], AcceptedMasterData)
        assert found[0].master_data.kind == "site"
        assert found[0].position.pointer == "/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0"
        assert json.loads(found[0].payload)["element"] == elements[0]
