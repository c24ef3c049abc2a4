"""Reading XML of every form, and what bad or hostile XML gets: one sentence, all before it, everything kept."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.formats.epcis.building import kinds, pieces
from tests.formats.epcis.test_reader import Generated
from tests.formats.epcis_xml.building import document, event, rejected
from tracegraph.formats.epcis import AcceptedEvent, Rejected, limits, read

QUERY = (
    '<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2"><EPCISBody><q:QueryResults>'
    f"<queryName>Q</queryName><resultsBody><EventList>{event(1)}{event(2)}</EventList></resultsBody></q:QueryResults></EPCISBody>"
    "</q:EPCISQueryDocument>"
)
TWO = document(event(1), event(2))
FORMS = {
    "document": TWO,
    "query document": QUERY.encode(),
    "no declaration": document(event(1), event(2), before=""),
    "byte order mark": b"\xef\xbb\xbf" + TWO,
    "blanks": b" \r\n" + document(event(1), event(2), before=""),
    "comments": document("<!-- <ObjectEvent> -->", event(1), "<!-- a --><?pi b?>", event(2)),
    "one line": TWO.replace(b"\n", b""),
    "gzip": gzip.compress(TWO),
    "all in the namespace": document(event(1), event(2))
    .replace(b"<epcis:EPCISDocument", b'<EPCISDocument xmlns="urn:epcglobal:epcis:xsd:2"')
    .replace(b"</epcis:", b"</"),
    "latin": document(event(1), event(2, "<ex:a>ä</ex:a>"), before="<?xml version='1.0' encoding='ISO-8859-1'?>")
    .decode()
    .encode("latin-1"),
    "end of tag in an attribute": document(event(1), event(2, kind='ObjectEvent ex:a=">>" ex:b="/>"')),
    "entities of XML": document(event(1), event("&#50;")),
}


def named(data: bytes) -> list[str]:
    return [piece.facts.named[0].unit for piece in pieces(data) if isinstance(piece, AcceptedEvent)]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_events(form: str) -> None:
    assert kinds(pieces(FORMS[form])) == "EE"
    assert named(FORMS[form]) == ["urn:x:1", "urn:x:2"]


@pytest.mark.parametrize("form", FORMS)
def test_chunks_do_not_matter(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FORMS[form]
    whole = [(piece.position, getattr(piece, "facts", None)) for piece in pieces(data)]
    for size in (1, 2, 7, 100):
        monkeypatch.setattr("tracegraph.formats.epcis_xml.segments.CHUNK_BYTES", size)
        assert [(piece.position, getattr(piece, "facts", None)) for piece in pieces(data)] == whole


def test_a_bare_event_is_a_document() -> None:
    data = event(7, kind='ObjectEvent schemaVersion="2.0" creationDate="2026-01-01T00:00:00Z"').encode()
    (piece,) = pieces(data)
    assert isinstance(piece, AcceptedEvent)
    assert piece.findings == ()
    assert (piece.position.pointer, piece.position.offset) == ("", 0)


def test_positions() -> None:
    data = document(event("ä"), "<!-- -->", event(2), event(3, kind="ex:Sale"))
    found = pieces(data)
    assert kinds(found) == "EEE"
    for piece, line, start in zip(found, (3, 5, 6), (b"<ObjectEvent>", b"<ObjectEvent>", b"<ex:Sale>"), strict=True):
        assert data[piece.position.offset :].startswith(start)
        assert piece.position.line == line
    assert str(found[1].position).startswith("standard input /epcisBody/eventList/1 (line 5, byte ")


BAD = event(2).replace("<eventTime>2026-01-31T12:00:00+01:00</eventTime>", "")
REJECTED = [
    (BAD, "it has no eventTime; give date"),
    (event(2, kind="QuantityEvent"), "it is a QuantityEvent of EPCIS 1.0, which EPCIS 2.0 no longer has"),
    (
        event(2, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        "another file (XInclude)",
    ),
    ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>', "another file (XInclude)"),
    (event(2, "<ex:a>" * 150 + "</ex:a>" * 150), "it nests deeper than 100 levels"),
    (event(2, f"<ex:a>{'x' * (limits.MAX_STRING + 1)}</ex:a>"), "it holds a string longer than 1 MiB"),
    (event(2, f'<ex:a b="{"x" * (limits.MAX_STRING + 1)}"/>'), "it holds a string longer than 1 MiB"),
    (event(2, f"<ex:a>{'x' * 100_000}</ex:a>" * 170), "it is larger than 16 MiB"),
]


@pytest.mark.parametrize(("bad", "reason"), REJECTED, ids=[reason for _, reason in REJECTED])
def test_one_bad_event_does_not_reject_its_neighbours(bad: str, reason: str) -> None:
    found = pieces(document(event(1), bad, event(3)))
    assert kinds(found) == "ERE"
    assert isinstance(found[1], Rejected)
    assert reason in found[1].reason
    assert found[1].position.pointer.startswith("/epcisBody/eventList/1")
    assert found[1].position.line == 4
    assert found[1].data.read().decode().strip() == bad


TINY = [
    ("empty elements", "<a/>" * 4_000, 4_000),
    ("empty elements of two names", "<a/><b></b>text" * 2_000, 4_000),
    ("elements of the same name inside", "<a>" + "<a></a>" * 30_000 + "</a>", 1),
    ("longer names", "<a>" + "<ab>x</ab>" * 30_000 + "</a>", 1),
    ("tags in attributes", '<a b="' + ">" * 100_000 + '"/>', 1),
    ("many namespaces", "".join(f'<p:a xmlns:p="urn:x:{number}"/>' for number in range(5_000)), 5_000),
    ("namespaces inside", "<a>" + "".join(f'<p:a xmlns:p="urn:x:{n}"/>' for n in range(15_000)) + "</a>", 1),
]


@pytest.mark.parametrize(("name", "events", "count"), TINY, ids=[row[0] for row in TINY])
def test_many_small_things_are_each_kept_once(name: str, events: str, count: int) -> None:
    found = pieces(document(events))
    assert kinds(found) == "R" * count
    kept = b"".join(piece.data.read() for piece in found if isinstance(piece, Rejected))
    assert len(kept) <= len(events)


def test_a_start_tag_without_end_of_namespaces_is_refused() -> None:
    declared = " ".join(f'xmlns:p{number}="urn:x"' for number in range(2_000))
    piece = rejected(document(f"<a {declared}/>"))
    assert "more than 1000 namespaces at once; all from here on is rejected" in piece.reason
    assert piece.data.read().lstrip().startswith(b"<a xmlns:p0")


def test_what_has_more_levels_as_json_is_rejected_as_there() -> None:
    levels = limits.MAX_DEPTH * 2 // 3
    deep = "<ex:a/><ex:a>" * levels + "</ex:a>" * levels
    found = pieces(document(event(1), event(2, deep), event(3)))
    assert kinds(found) == "ERE"
    assert isinstance(found[1], Rejected)
    assert "as JSON it nests deeper than 100 levels" in found[1].reason


def test_an_element_cannot_replace_the_type_of_its_event() -> None:
    assert "it has no type" in rejected(document(event(1, "<type>TransactionEvent</type>"))).reason
    assert "it has no type" in rejected(document(event(1, kind='ObjectEvent type="TransactionEvent"'))).reason


def test_strict_rejects_events_with_findings() -> None:
    found = pieces(document(event(1), event(2, "<bizStep>transforming</bizStep>")), strict=True)
    assert kinds(found) == "ER"
    assert isinstance(found[1], Rejected)
    assert "rejected as strict: /bizStep: 'transforming' is no bizStep" in found[1].reason
    assert found[1].data.read().startswith(b"<ObjectEvent>")


DAMAGED = [
    ("cut off", TWO[:-130], "ER", "it is no valid XML at line 4"),
    ("cut off after an event", document(event(1))[:-23], "ER", "Premature end of data"),
    ("wrong end tag", document(event(1), event(2).replace("</action>", "</Action>")), "ER", "mismatch"),
    ("no entity", document(event(1), event(2, "<ex:a>&b;</ex:a>"), event(3)), "ER", "Entity 'b' not defined"),
    ("no UTF-8", document(event(1), event(2, "<ex:a>HERE</ex:a>"), event(3)).replace(b"HERE", b"\xff\xfe"), "ER", ""),
    ("control character", document(event(1), event("\x01"), event(3)), "ER", ""),
    ("more after the end", document(event(1)) + b"<more/>", "ER", "Extra content"),
    ("two documents", document(event(1)) + document(event(2)), "ER", "XML declaration allowed only at the start"),
    ("too deep", document(event(1), event(2, "<ex:a>" * 3000 + "</ex:a>" * 3000)), "ER", "it nests deeper"),
    ("a text without end", document(event(1), "<ex:a>" + "x" * 12_000_000), "ER", ""),
    ("only a tag", b"<", "R", "it is no valid XML"),
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
    assert "; all from here on is rejected" in last.reason
    assert "\n" not in last.reason
    assert last.data.read() == data[last.position.offset :]


LAUGHS = '<!DOCTYPE a [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12)) + "]>"
WHOLE = [
    (b"<epcis/>", "it is XML but no EPCIS, as its outermost element is 'epcis'; give an EPCISDocument"),
    (b"<!DOCTYPE html><html></html>", "it has a document type (DOCTYPE)"),
    (document(event("&a12;"), before=LAUGHS), "it has a document type (DOCTYPE)"),
    (
        document(event("&x;"), before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "it has a document type (DOCTYPE)",
    ),
    (document(before='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'), "it has a document type (DOCTYPE)"),
    (document(before="<?xml version='1.0' encoding='UTF-7'?>"), "its encoding is 'UTF-7', which is not read"),
    (document(before="<?xml version='1.0' encoding='ebcdic-cp-us'?>"), "its encoding is 'ebcdic-cp-us'"),
    (document(event(1)).decode().encode("utf-16"), "it holds bytes that are no UTF-8"),
    (document(event(1)).decode().encode("utf-16-le"), "its encoding is UTF-16 or UTF-32, which is not read"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), WHOLE, ids=[str(number) for number in range(len(WHOLE))])
def test_what_is_no_epcis_or_hostile_is_kept_whole(data: bytes, reason: str) -> None:
    piece = rejected(data)
    assert reason in piece.reason
    assert piece.reason.endswith(".")
    assert (piece.position.offset, piece.data.read()) == (0, data)


def test_quadratic_text_of_entities_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "' + "x" * 50_000 + '">]>'
    assert "DOCTYPE" in rejected(document(event("&a;" * 50_000), before=bomb)).reason


def test_cut_off_gzip_delivers_what_stands_before_the_cut() -> None:
    data = gzip.compress(document(*(event(f"{number:x}" * 5) for number in range(2_000))))
    found = pieces(data[: len(data) // 2])
    assert kinds(found[:100]) == "E" * 100
    last = found[-1]
    assert isinstance(last, Rejected)
    assert "the gzip data are cut off" in last.reason


def test_requests_and_empty_answers_hold_no_events() -> None:
    assert pieces(document()) == []
    poll = b"<q:EPCISQueryDocument xmlns:q='urn:epcglobal:epcis-query:xsd:2'><EPCISBody><q:Poll><params/></q:Poll>"
    assert pieces(poll + b"</EPCISBody></q:EPCISQueryDocument>") == []


def test_events_outside_of_the_list_are_none() -> None:
    data = document(event(1)).replace(
        b"<EventList>", f"<other><EventList>{event(2)}</EventList></other><EventList>".encode()
    )
    assert named(data) == ["urn:x:1"]


def test_a_folder_of_json_and_xml(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"type":"ObjectEvent","eventTime":"2026-01-01T00:00:00Z"}')
    (tmp_path / "b.xml").write_bytes(TWO)
    (tmp_path / "c.xml.gz").write_bytes(gzip.compress(TWO))
    (tmp_path / "d.txt").write_bytes(TWO)
    (tmp_path / "e.xml").write_bytes(b"")
    found = list(read(tmp_path))
    assert kinds(found) == "EEEEEEER"
    assert found[-1].position.source == str(tmp_path / "e.xml")


def many(count: int) -> Iterator[bytes]:
    start, end = document().split(b"\n</EventList>")
    yield start
    for number in range(count):
        yield event(number, "<!-- aside -->").encode()
    yield b"</EventList>" + end


def test_memory_does_not_grow_with_the_number_of_events() -> None:
    tracemalloc.start()
    try:
        count = sum(1 for _ in read(Generated(many(4_000))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 4_000
    assert peak < 8 * 2**20


def test_memory_does_not_grow_with_what_is_no_event() -> None:
    def parts() -> Iterator[bytes]:
        start, end = document(event(1)).split(b"<EPCISBody>")
        yield start + b"<EPCISHeader>"
        for _ in range(8):
            yield b"<other a='b'>text</other>" * 20_000
        yield b"</EPCISHeader><EPCISBody>" + end

    tracemalloc.start()
    try:
        found = list(read(Generated(parts())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kinds(found) == "E"
    assert peak < 10 * 2**20


def test_json_is_read_without_the_parser_of_xml() -> None:
    program = (
        "import io, sys; from tracegraph.formats.epcis import read; list(read(io.BytesIO(sys.argv[1].encode())));"
        "print('lxml' in sys.modules)"
    )
    for data, expected in (("{}", "False"), ("<a/>", "True")):
        done = subprocess.run([sys.executable, "-c", program, data], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == expected
