"""Generated events that between them use every field that a query can ask about, and master data for their places.

Every identifier and every word stands in a table with all its spellings; events take any of them. The tables were
written by hand from the standards, so that nothing of the program under test decides what is equal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

Json = dict[str, Any]

EXAMPLE = "https://example.com/ns/"
OTHER = "https://other.example/terms#"
#: Two prefixes of one namespace, and one of another.
CONTEXT = {"ex": EXAMPLE, "same": EXAMPLE, "oth": OTHER}
MASTER = "urn:epcglobal:cbv:mda#"

ITEMS = {
    f"urn:epc:id:sgtin:{company}.{reference}.{serial}": [
        f"https://id.gs1.org/01/{gtin}/21/{serial}",
        f"https://shop.example/01/{gtin}/10/ABC/21/{serial}?linkType=all",
    ]
    for company, reference, gtin in (
        ("4012345", "011111", "04012345111118"),
        ("4012345", "022222", "04012345222227"),
        ("9521000", "012345", "09521000123458"),
    )
    for serial in ("1", "22", "A-3")
}
CONTAINERS = {
    "urn:epc:id:sscc:4012345.1234567890": ["https://id.gs1.org/00/140123452345678902"],
    "urn:epc:id:grai:9521000.01234.7": [
        "https://id.gs1.org/8003/095210000123497",
        "https://b.example/8003/095210000123497",
    ],
    "urn:uuid:0b7c1d52-0000-4000-8000-000000000001": [],
}
LOTS = {
    f"urn:epc:class:lgtin:4012345.011111.{lot}": [f"https://id.gs1.org/01/04012345111118/10/{lot}"]
    for lot in ("L1", "L2", "L3")
} | {
    "urn:epc:class:lgtin:9521000.012345.L1": [
        "https://lots.example/01/09521000123458/10/L1",
        "https://any.example/01/09521000123458/10/L1",
    ],
    "urn:epc:idpat:sgtin:4012345.011111.*": ["https://id.gs1.org/01/04012345111118"],
    "urn:gdst:example.org:product:lot:class:co.1.2": [],
}
PLACES = {
    "urn:epc:id:sgln:4012345.00001.0": [
        "https://id.gs1.org/414/4012345000016",
        "https://any.example/414/4012345000016",
    ],
    "urn:epc:id:sgln:4012345.00001.dock": ["https://id.gs1.org/414/4012345000016/254/dock"],
    "urn:epc:id:sgln:4012345.00002.0": ["https://p.example/414/4012345000023", "https://id.gs1.org/414/4012345000023"],
    "https://plant.example/hall": [],
    "https://plant.example/hall/cell": [],
}
PARTIES = {
    "urn:epc:id:pgln:4012345.00001": ["https://id.gs1.org/417/4012345000016"],
    "urn:epc:id:pgln:9521000.00002": ["https://id.gs1.org/417/9521000000025"],
    "https://party.example/one": [],
}
DOCUMENTS = {
    "urn:epc:id:gdti:4012345.00001.77": ["https://id.gs1.org/253/401234500001677"],
    "urn:epcglobal:cbv:bt:4012345000016:123": [],
}
TRANSFORMATIONS = {"urn:epc:id:gdti:4012345.00002.1": ["https://id.gs1.org/253/40123450000231"], "urn:x-run:17": []}


def forms(uri: str, urn: str, curie: str, *words: str) -> dict[str, list[str]]:
    """Words of one vocabulary with their other spellings."""
    return {word: [uri + word, urn + word, curie + word] for word in words}


CBV = "https://ref.gs1.org/cbv/"
TYPES = forms("https://ref.gs1.org/epcis/", "epcis:", "epcis:", "ObjectEvent", "AggregationEvent", "TransactionEvent")
STEPS = forms(f"{CBV}BizStep-", "urn:epcglobal:cbv:bizstep:", "cbv:BizStep-", "shipping", "receiving", "packing") | {
    "https://private.example/step": []
}
DISPOSITIONS = forms(f"{CBV}Disp-", "urn:epcglobal:cbv:disp:", "cbv:Disp-", "in_transit", "expired", "damaged")
DOCUMENT_TYPES = forms(f"{CBV}BTT-", "urn:epcglobal:cbv:btt:", "cbv:BTT-", "po", "inv")
ENDS = forms(f"{CBV}SDT-", "urn:epcglobal:cbv:sdt:", "cbv:SDT-", "location", "owning_party", "possessing_party")
REASONS = forms(f"{CBV}ER-", "urn:epcglobal:cbv:er:", "cbv:ER-", "did_not_occur", "incorrect_data")
MEASURED = forms("https://gs1.org/voc/", "gs1:", "https://gs1.org/voc/", "Temperature", "Humidity")
ALARMS = forms("https://gs1.org/voc/", "gs1:", "gs1:", "ALARM_CONDITION", "ERROR_CONDITION")
COMPONENTS = forms(f"{CBV}Comp-", "urn:epcglobal:cbv:comp:", "cbv:Comp-", "x", "y")
THINGS = {
    "urn:epc:id:giai:4000001.111": ["https://id.gs1.org/8004/4000001111", "https://other.example/8004/4000001111"],
    "https://things.example/1": [],
    "https://things.example/2": [],
}

#: Every spelling to the first one.
SPELLED = {
    spelling: first
    for table in (
        *(ITEMS, CONTAINERS, LOTS, PLACES, PARTIES, DOCUMENTS, TRANSFORMATIONS, STEPS, DISPOSITIONS, DOCUMENT_TYPES),
        *(TYPES, ENDS, REASONS, MEASURED, ALARMS, COMPONENTS, THINGS),
    )
    for first, others in table.items()
    for spelling in (first, *others)
} | {"4012345000023": "urn:epc:id:sgln:4012345.00002.0", "9521000000025": "urn:epc:id:pgln:9521000.00002"}

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
#: When each part of the events is captured.
RECORDED = [BEGIN + timedelta(days=days) for days in (10, 20, 30)]

#: Kind, identifier, children, attributes.
MASTER_DATA: list[tuple[str, str, list[str], Json]] = [
    (
        "urn:epcglobal:epcis:vtype:BusinessLocation",
        "urn:epc:id:sgln:4012345.00001.0",
        ["urn:epc:id:sgln:4012345.00001.dock"],
        {f"{MASTER}countryCode": "DE", f"{MASTER}name": "Yard"},
    ),
    (
        "urn:epcglobal:epcis:vtype:BusinessLocation",
        "https://plant.example/hall",
        [],
        {f"{MASTER}countryCode": "FR", f"{MASTER}site": "urn:epc:id:sgln:4012345.00001.0"},
    ),
    (
        "urn:epcglobal:epcis:vtype:ReadPoint",
        "https://plant.example/hall/cell",
        [],
        {f"{MASTER}site": "https://plant.example/hall"},
    ),
    ("urn:epcglobal:epcis:vtype:EPCClass", "urn:epc:class:lgtin:4012345.011111.L1", [], {f"{MASTER}weight": 5}),
    ("urn:epcglobal:epcis:vtype:Party", "urn:epc:id:pgln:4012345.00001", [], {"cbvmda:countryCode": "DE"}),
]


@dataclass(frozen=True)
class Stored:
    """An event as it was written, and when it was recorded."""

    event: Json
    recorded: datetime


def spelling(random: Random, table: dict[str, list[str]]) -> str:
    """Any spelling of any entry."""
    first = random.choice(sorted(table))
    return random.choice([first, *table[first]])


def some(random: Random, table: dict[str, list[str]], most: int = 3) -> list[str]:
    """Some spellings, at least one."""
    return [spelling(random, table) for _ in range(random.randint(1, most))]


def moment(random: Random, days: int = 30) -> str:
    """A time within so many days, in one of several zones."""
    zone = timezone(timedelta(hours=random.choice([-5, 0, 1, 8])))
    time = BEGIN + timedelta(hours=random.randrange(days * 24), milliseconds=random.choice([0, 250]))
    text = time.astimezone(zone).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z") if random.random() < 0.5 else text


def classes(random: Random) -> list[Json]:
    """A quantity list: known and unknown amounts, counted and measured."""
    listed = []
    for lot in some(random, LOTS, 2):
        element: Json = {"epcClass": lot}
        if random.random() < 0.85:
            element["quantity"] = random.choice([1, 5, 12.5, 20, 500])
            if random.random() < 0.6:
                element["uom"] = random.choice(["KGM", "LTR"])
        listed.append(element)
    return listed


def extended(random: Random) -> Json:
    """Extension fields of all types, some with fields inside."""
    found: Json = {}
    prefix = random.choice(["ex", "same", "oth"])
    if random.random() < 0.5:
        found[f"{prefix}:amount"] = random.choice([1, 7.5, 20, "20", "7.5", "many"])
    if random.random() < 0.4:
        found[f"{prefix}:when"] = moment(random)
    if random.random() < 0.4:
        found[f"{prefix}:note"] = random.choice(["007", "7", "green", ["green", "blue"], True])
    if random.random() < 0.3:
        found["ex:site"] = spelling(random, PLACES)
    if random.random() < 0.4:
        inside = {
            "ex:amount": random.choice([3, 30]),
            "ex:note": random.choice(["deep", "blue"]),
            "ex:when": moment(random),
        }
        found["ex:outer"] = random.choice(
            [inside, [inside, {"oth:list": [inside]}], {"ex:middle": {"ex:inner": inside}}]
        )
    return found


def held(random: Random, **members: Any) -> Json:
    """Some of the members."""
    return {name: make() for name, make in members.items() if random.random() < 0.5}


def report(random: Random) -> Json:
    """One sensor report."""
    number = lambda: random.choice([-4, 0.5, 20, 26.2])  # noqa: E731
    return {
        "type": spelling(random, MEASURED),
        **held(
            random,
            uom=lambda: random.choice(["CEL", "KEL"]),
            **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number),
            exception=lambda: spelling(random, ALARMS),
            component=lambda: spelling(random, COMPONENTS),
            stringValue=lambda: random.choice(["open", "shut"]),
            booleanValue=lambda: random.choice([True, False]),
            hexBinaryValue=lambda: random.choice(["f0F0", "F0f0", "00"]),
            uriValue=lambda: spelling(random, THINGS),
            time=lambda: moment(random),
            **dict.fromkeys(
                ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "microorganism", "chemicalSubstance"),
                lambda: spelling(random, THINGS),
            ),
            coordinateReferenceSystem=lambda: spelling(random, THINGS),
        ),
        **extended(random),
    }


def sensor_element(random: Random) -> Json:
    """Metadata, reports and extensions."""
    things = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
    times = ("time", "startTime", "endTime")
    metadata = held(
        random,
        **dict.fromkeys(things, lambda: spelling(random, THINGS)),
        **dict.fromkeys(times, lambda: moment(random)),
    )
    return {
        "sensorMetadata": metadata | extended(random),
        "sensorReport": [report(random) for _ in range(random.randint(1, 2))],
        **extended(random),
    }


def declaration(random: Random) -> Json:
    """An error declaration."""
    return {
        "declarationTime": moment(random),
        **held(
            random,
            reason=lambda: spelling(random, REASONS),
            correctiveEventIDs=lambda: [f"urn:x-event:{random.randrange(8)}"],
        ),
        **extended(random),
    }


def ends(random: Random, name: str) -> list[Json]:
    """Sources or destinations."""
    listed = []
    for _ in range(random.randint(1, 3)):
        kind = spelling(random, ENDS)
        listed.append({"type": kind, name: spelling(random, PLACES if SPELLED[kind] == "location" else PARTIES)})
    return listed


def transactions(random: Random) -> list[Json]:
    """Business transactions, some without a type."""
    return [
        {"bizTransaction": spelling(random, DOCUMENTS), **held(random, type=lambda: spelling(random, DOCUMENT_TYPES))}
        for _ in range(random.randint(1, 2))
    ]


def place(random: Random) -> Json:
    """A read point or business location."""
    return {"id": spelling(random, PLACES), **extended(random)}


WHAT: dict[str, tuple[str, ...]] = {
    "ObjectEvent": ("epcList", "quantityList", "ilmd"),
    "AggregationEvent": ("parentID", "childEPCs", "childQuantityList"),
    "AssociationEvent": ("parentID", "childEPCs", "childQuantityList"),
    "TransactionEvent": ("parentID", "epcList", "quantityList"),
    "TransformationEvent": ("inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "ilmd"),
}


def what(random: Random, kind: str) -> Json:
    """What the event is about."""
    found: Json = {}
    for name in WHAT[kind]:
        if name == "parentID":
            found[name] = spelling(
                random, PLACES if kind == "AssociationEvent" and random.random() < 0.4 else CONTAINERS
            )
        elif name.endswith(("uantityList",)):
            found[name] = classes(random)
        elif name == "ilmd":
            found[name] = extended(random)
        else:
            found[name] = some(random, ITEMS)
    return {name: value for name, value in found.items() if random.random() < 0.7}


def an_event(random: Random, number: int) -> Json:
    """One event with any of the fields that its type may have."""
    kind = random.choice(sorted(WHAT))
    event: Json = {"type": kind, "eventTime": moment(random), "eventTimeZoneOffset": "+01:00", **what(random, kind)}
    if random.random() < 0.9:
        event["eventID"] = f"urn:x-event:{number}"
    if kind == "TransformationEvent":
        event["transformationID"] = spelling(random, TRANSFORMATIONS)
    else:
        event["action"] = random.choice(["ADD", "OBSERVE", "DELETE"])
    event |= held(
        random,
        bizStep=lambda: spelling(random, STEPS),
        disposition=lambda: spelling(random, DISPOSITIONS),
        readPoint=lambda: place(random),
        bizLocation=lambda: place(random),
        bizTransactionList=lambda: transactions(random),
        sourceList=lambda: ends(random, "source"),
        destinationList=lambda: ends(random, "destination"),
        sensorElementList=lambda: [sensor_element(random) for _ in range(random.randint(1, 2))],
        persistentDisposition=lambda: {
            name: some(random, DISPOSITIONS, 2) for name in random.choice([("set",), ("unset",), ("set", "unset")])
        },
    )
    if random.random() < 0.25:
        event["errorDeclaration"] = declaration(random)
    return event | extended(random)


def events(seed: int, count: int) -> list[Json]:
    """So many events, always the same for a seed. Each has a mark of its own by which a test knows it again."""
    random = Random(seed)
    return [an_event(random, number) | {"ex:mark": f"event {number}"} for number in range(count)]


def document(listed: list[Json], header: bool = False) -> bytes:
    """An EPCIS document of events, and the master data where wanted."""
    told: Json = {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T00:00:00Z",
        "epcisBody": {"eventList": listed},
    }
    if header:
        told["epcisHeader"] = {"epcisMasterData": {"vocabularyList": [vocabulary(*one) for one in MASTER_DATA]}}
    return json.dumps(told).encode()


def vocabulary(kind: str, identifier: str, children: list[str], attributes: Json) -> Json:
    """One vocabulary element as the header holds it."""
    element: Json = {
        "id": identifier,
        "attributes": [{"id": name, "attribute": value} for name, value in attributes.items()],
    }
    if children:
        element["children"] = children
    return {"type": kind, "vocabularyElementList": [element]}
