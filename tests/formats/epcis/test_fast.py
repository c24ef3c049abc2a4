"""The fast path says what the full reading says, or nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.epcis.building import decoded, document, encoded, event, pieces
from tests.formats.epcis.test_findings import files
from tracegraph.formats.epcis import AcceptedEvent, Rejected, read
from tracegraph.formats.epcis.fast import read_fast
from tracegraph.formats.epcis.fast_values import Unusual, time_text
from tracegraph.formats.epcis.fields import EVENT, MEMBERS_OF_TYPE
from tracegraph.formats.epcis.json_text import _TOKENS, compact
from tracegraph.formats.epcis.moments import read_time, utc_text
from tracegraph.formats.epcis.payload import surroundings, understand

CONTEXTS = [
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    {"ex": "https://example.com/ns/", "word": "ex:w"},
]
AROUND = surroundings((CONTEXTS,))

UNITS = st.sampled_from(
    [
        "urn:epc:id:sgtin:4012345.011111.9876",
        "urn:epc:id:sgtin:4012345.011111.9877",
        "urn:epc:id:sgtin:401234.0111111.A.7-",
        "urn:epc:class:lgtin:4012345.012345.998877",
        "urn:epc:class:lgtin:4012345.012345.99%2F7",
        "urn:epc:id:sscc:4012345.1234567890",
        "https://id.gs1.org/01/04012345123456/21/7",
        "https://id.gs1.org/01/04012345123456/10/L1/21/7",
        "http://example.com/00/340123453111111115",
        "urn:epc:id:sgln:4012345.00001.0",
        "urn:epc:id:pgln:4012345.00001",
        "geo:01.50,2",
        "urn:epc:idpat:sgtin:4012345.011111.*",
        "urn:epc:id:gdti:4012345.06012.1234",
        "urn:epc:id:grai:4012345.12345.1",
        "urn:x:1",
        "URN:EPC:id:sscc:4012345.1234567890",
        "https://example.com/lots/ä",
        "urn:epcglobal:cbv:bt:4012345000016:PO-1",
        "urn:epcglobal:cbv:btt:po",
        "urn:tracegraph:lot:a:b",
    ]
)
DOUBTFUL = st.sampled_from(
    [
        "",
        " ",
        "lot 7",
        " urn:x:1 ",
        "urn:epc:id:sgtin:4012345.1",
        "https://id.gs1.org/01/04012345123455/21/7",
        "urn:x: y",
        " shipping ",
        "unheard",
        "cbv:BizStep-unheard",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-02-29T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-01-31T12:00:00+15:00",
        "+0200",
        "kilograms",
        "word",
        "ex:word",
        "0" * 13,
        "4012345000016",
        "urn:epc:id:sscc:40123.1",
        "a" * 300,
        "urn:" + "x" * 300,
        "day",
        "\u2028",
        "urn:x:\ud800",
    ]
)
WORDS = st.sampled_from(
    [
        "shipping",
        "in_transit",
        "po",
        "location",
        "possessing_party",
        "owning_party",
        "Temperature",
        "cbv:BizStep-packing",
        "did_not_occur",
        "urn:epcglobal:cbv:bizstep:receiving",
        "https://ref.gs1.org/cbv/SDT-location",
        "urn:epcglobal:cbv:sdt:location",
        "gs1:Speed",
        "ex:word",
        "https://ref.gs1.org/cbv/Disp-active",
        "urn:epcglobal:cbv:btt:po",
        "https://example.com/my step",
    ]
)
TIMES = st.sampled_from(
    [
        "2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.1234567+02:00",
        "2026-01-31T12:00:00.0004995-05:30",
        "2026-01-31T12:00:00.9999996Z",
        "2026-01-31T24:00:00Z",
        " 2026-01-31 12:00Z",
        "2024-02-29T00:00:00,5+14:00",
        "1970-01-01T00:00:00Z",
        "2100-12-31T23:59:59.9999999Z",
    ]
)
OFFSETS = st.sampled_from(["+02:00", "-05:30", "+14:00"])
NUMBERS = st.decimals(min_value=0, allow_nan=False, allow_infinity=False, places=3) | st.sampled_from(
    [Decimal(text) for text in ("0", "1", "1.50", "1E+2", "0.10", "12345678901234567890", "1e-7", "100")]
)
ODD_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal(text) for text in ("-0", "1e-40", "1e30", "-1")]
)
TEXTS = st.sampled_from(["KGM", "EA", "  ", "ä\n", "e:w"])
ANYTHING = st.none() | st.booleans() | NUMBERS | ODD_NUMBERS | TEXTS | UNITS | DOUBTFUL | WORDS
VALUES = st.recursive(
    ANYTHING,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "ex:a", "word", "rdfs:comment", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual, and now and then anything."""
    return st.integers(0, 63).flatmap(lambda chance: usual if chance else usual | VALUES)


def objects(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[Any]:
    """An object with these members, mostly."""
    found = st.fixed_dictionaries(required, optional=optional or {})
    odd = st.dictionaries(st.sampled_from(["ex:odd", "odd", "type", "id"]), ANYTHING, max_size=1)
    return st.integers(0, 15).flatmap(
        lambda chance: found if chance else st.builds(lambda a, b: {**a, **b}, found, odd)
    )


def lists(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.lists(of, max_size=4))


ITEMS = lists(mostly(UNITS))
CLASSES = lists(objects({"epcClass": mostly(UNITS)}, {"quantity": mostly(NUMBERS), "uom": mostly(TEXTS)}))
PLACE = objects({"id": mostly(UNITS)})
SENSOR_METADATA = objects({}, {"time": mostly(TIMES), "deviceID": mostly(UNITS), "bizRules": mostly(UNITS)})
SENSOR_REPORT = objects(
    {"type": mostly(WORDS)},
    {
        "value": mostly(NUMBERS),
        "uom": mostly(TEXTS),
        "time": mostly(TIMES),
        "booleanValue": mostly(st.booleans()),
        "component": mostly(WORDS),
        "stringValue": mostly(TEXTS),
        "uriValue": mostly(UNITS),
        "exception": mostly(WORDS),
        "sDev": mostly(NUMBERS),
        "hexBinaryValue": TEXTS,
    },
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            "cbvmda:lotNumber",
            "ex:lotNumber",
            "ex:a",
            "urn:epcglobal:cbv:mda#lotNumber",
            "rdfs:comment",
            "word",
            "@id",
            "https://e.org/x#y",
        ]
    ),
    mostly(TEXTS | NUMBERS | st.lists(TEXTS, max_size=2)),
    max_size=3,
)
MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "@context": mostly(st.sampled_from([CONTEXTS, {"ex": "urn:ex:", "foo": "ex:foo"}, {"cbv": "urn:other:"}, "urn:c"])),
    "eventID": mostly(UNITS),
    "recordTime": mostly(TIMES),
    "action": mostly(st.sampled_from(["ADD", "OBSERVE", "DELETE"])),
    "bizStep": mostly(WORDS),
    "disposition": mostly(WORDS),
    "persistentDisposition": mostly(objects({}, {"set": lists(WORDS), "unset": lists(WORDS)})),
    "certificationInfo": mostly(UNITS | st.lists(UNITS, max_size=2)),
    "readPoint": mostly(PLACE),
    "bizLocation": mostly(PLACE),
    "transformationID": mostly(UNITS),
    "parentID": mostly(UNITS),
    "bizTransactionList": lists(objects({"type": mostly(WORDS), "bizTransaction": mostly(UNITS)})),
    "sourceList": lists(objects({"type": mostly(WORDS), "source": mostly(UNITS)})),
    "destinationList": lists(objects({"type": mostly(WORDS), "destination": mostly(UNITS)})),
    "sensorElementList": lists(
        objects({"sensorReport": lists(SENSOR_REPORT)}, {"sensorMetadata": mostly(SENSOR_METADATA)})
    ),
    "ilmd": mostly(ATTRIBUTES),
    "errorDeclaration": mostly(objects({"declarationTime": TIMES}, {"reason": WORDS})),
    **dict.fromkeys(["epcList", "childEPCs", "inputEPCList", "outputEPCList"], ITEMS),
    **dict.fromkeys(["quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"], CLASSES),
}
USED = {
    "ObjectEvent": ["action", "epcList"],
    "AggregationEvent": ["action", "parentID", "childEPCs"],
    "AssociationEvent": ["action", "parentID", "childEPCs"],
    "TransactionEvent": ["action", "parentID", "epcList", "bizTransactionList"],
    "TransformationEvent": ["inputQuantityList", "outputEPCList"],
}


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Events as they are in life, mostly, and now and then something else in any place."""
    kind = draw(st.sampled_from(sorted(USED)))
    usual = [name for name in sorted(MEMBERS_OF_TYPE[kind]) if name in MEMBERS and name != "errorDeclaration"]
    names = [*USED[kind], *draw(st.lists(st.sampled_from(usual), max_size=5))]
    if draw(st.integers(0, 15)) == 15:
        names.append(draw(st.sampled_from([*MEMBERS, "foo"])))
    if draw(st.integers(0, 7)) == 7:
        names.append("@context")
    value = {"type": kind, "eventTime": draw(mostly(TIMES)), "eventTimeZoneOffset": draw(mostly(OFFSETS))}
    for name in draw(st.permutations(sorted(set(names)))):
        value[name] = draw(MEMBERS.get(name, VALUES))
    for name in draw(
        st.lists(
            st.sampled_from(["ex:a", "ex:timePrecision", "tracegraph:timePrecision", "foo", "word", "rdfs:comment"]),
            max_size=1,
        )
    ):
        value[name] = draw(VALUES)
    return value


def agrees(value: Any) -> bool:
    """Whether the fast path answers, having checked that it then answers as the full reading does."""
    found = read_fast(value, AROUND.words)
    if found is None:
        return False
    understood = understand(value, "", AROUND)
    assert understood.event.findings == ()
    assert understood.event.unread == {}
    assert found == understood.facts
    # repr: equal Decimals may differ in digits
    assert repr(found) == repr(understood.facts)
    return True


@given(events())
@example(event(readPoint={"id": "geo:1,2"}, parentID="urn:x:1"))
@example(event(epcList=["urn:epc:id:sgtin:4012345.011111.9876"] * 2))
def test_the_fast_path_agrees_with_the_full_reading(value: dict[str, Any]) -> None:
    agrees(value)


@given(st.dictionaries(st.sampled_from([*EVENT.members, "@context", "ex:x", "foo"]), VALUES, max_size=6))
def test_whatever_stands_anywhere_the_fast_path_agrees(members: dict[str, Any]) -> None:
    agrees({**event(), **members})


@given(VALUES)
def test_what_is_no_event_is_none_to_the_fast_path(value: Any) -> None:
    assert not agrees(value)


USUAL: dict[str, dict[str, Any]] = {
    "ObjectEvent": {"epcList": ["urn:epc:id:sgtin:4012345.011111.1"], "action": "ADD", "ilmd": {"ex:lotNumber": "L1"}},
    "AggregationEvent": {"parentID": "urn:epc:id:sscc:4012345.1234567890", "childEPCs": ["urn:x:1"], "action": "ADD"},
    "AssociationEvent": {"parentID": "urn:epc:id:sgln:4012345.00001.0", "childEPCs": ["urn:x:1"], "action": "ADD"},
    "TransactionEvent": {
        "epcList": ["urn:x:1"],
        "action": "ADD",
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:7"}],
    },
    "TransformationEvent": {
        "inputQuantityList": [{"epcClass": "urn:x:1", "quantity": Decimal("2.50"), "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": "urn:x:2"}],
        "transformationID": "urn:x:t",
    },
}
EXTRAS: dict[str, Any] = {
    "eventID": "urn:uuid:1",
    "recordTime": "2026-01-31T12:00:00Z",
    "bizStep": "shipping",
    "disposition": "cbv:Disp-active",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
    "bizLocation": {"id": "geo:1,2"},
    "certificationInfo": ["https://example.com/c"],
    "sourceList": [{"type": "location", "source": "urn:x:1"}, {"type": "owning_party", "source": "urn:x:2"}],
    "destinationList": [{"type": "possessing_party", "destination": "urn:epc:id:pgln:4012345.00001"}],
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:7"}],
    "sensorElementList": [
        {"sensorMetadata": {"deviceID": "urn:x:d"}, "sensorReport": [{"type": "Temperature", "value": Decimal("4.0")}]}
    ],
    "ex:a": [{"ex:b": "1"}, Decimal(2)],
    "@context": {"ex": "urn:ex:"},
}


@pytest.mark.parametrize("kind", USUAL)
def test_usual_events_take_the_fast_path(kind: str) -> None:
    bare = {"type": kind, "eventTime": "2026-01-31T12:00:00.5+01:00", "eventTimeZoneOffset": "+01:00", **USUAL[kind]}
    assert agrees(bare)
    for name, value in EXTRAS.items():
        assert agrees({**bare, name: value}), name
    assert agrees({**bare, **EXTRAS})


def test_the_reference_events_agree_and_many_are_usual(reference: Path) -> None:
    fast = total = 0
    for path in files(reference).values():
        for piece in read(path):
            if isinstance(piece, AcceptedEvent):
                entry = decoded(piece.entry_payload)
                around = surroundings(tuple(entry["context"]))
                found = read_fast(entry["event"], around.words)
                total += 1
                if found is not None:
                    fast += 1
                    understood = understand(entry["event"], "", around)
                    assert (found, ()) == (understood.facts, understood.event.findings)
    assert fast > total / 3


@given(st.lists(events(), min_size=1, max_size=4))
def test_the_reader_gives_the_same_with_and_without_the_fast_path(values: list[dict[str, Any]]) -> None:
    data = encoded(document(values))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracegraph.formats.epcis.acceptance.read_fast", lambda value, words: None)
        slowly = pieces(data)
    quickly = pieces(data)
    for quick, slow in zip(quickly, slowly, strict=True):
        assert type(quick) is type(slow)
        if isinstance(quick, AcceptedEvent):
            assert quick == slow
            assert repr(quick.event) == repr(slow.event)
        else:
            assert isinstance(quick, Rejected)
            assert isinstance(slow, Rejected)
            assert (quick.position, quick.reason) == (slow.position, slow.reason)


@given(
    st.from_regex(
        r"(000|19|20|99)\d{1,2}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,4})?(Z|\+01:00)", fullmatch=True
    )
)
@example("0000-01-01T00:00:00Z")
@example("2024-02-29T23:59:59.5Z")
def test_times_in_the_hash_are_the_same(text: str) -> None:
    read = read_time(text)
    if read is None:
        with pytest.raises(Unusual):
            time_text(text)
    else:
        assert time_text(text) == utc_text(read.rounded(3))


BLANKS = st.sampled_from(["", " ", "\n", "\t ", "\r\n"])


@st.composite
def spaced(draw: st.DrawFn) -> str:
    """A JSON text with blanks anywhere between its tokens, and blanks, quotes and escapes within its strings."""
    strings = st.sampled_from(
        ['""', '" : , "', '"a\\"b "', '"\\\\"', '"\\u0020\\n"', '"{ [ä"', "1.50", "[ 1 ,2 ]", "{ }"]
    )
    members = draw(st.lists(st.tuples(BLANKS, BLANKS, strings, BLANKS), max_size=4))
    texts = [f'{a}"k{index}"{b}:{c}{value}{a}' for index, (a, b, value, c) in enumerate(members)]
    return "{" + ",".join(texts) + "\n }"


@given(spaced())
def test_compact_text_has_no_blanks_but_in_strings(text: str) -> None:
    small = compact(text)
    assert decoded(small) == decoded(text)
    assert list(decoded(small)) == list(decoded(text))
    assert small == "".join(_TOKENS.findall(text))
