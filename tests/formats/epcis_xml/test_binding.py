"""From XML to GS1's JSON binding, element by element: nothing is dropped, and numbers keep their digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.formats.epcis.building import document as json_document
from tests.formats.epcis.building import encoded, pieces
from tests.formats.epcis.building import event as json_event
from tests.formats.epcis.test_rebuild import sorted_members
from tests.formats.epcis_xml.building import TIME, accepted, as_json, document, event, master_data
from tracegraph.formats.epcis import AcceptedEvent, event_as_json

MEMBERS: list[tuple[str, dict[str, Any]]] = [
    ("<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>", {"bizStep": "shipping"}),
    ("<bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>", {"bizStep": "shipping"}),
    ("<bizStep>cbv:BizStep-shipping</bizStep>", {"bizStep": "shipping"}),
    (
        "<bizStep>urn:epcglobal:cbv:bizstep:transforming</bizStep>",
        {"bizStep": "urn:epcglobal:cbv:bizstep:transforming"},
    ),
    ("<bizStep>ex:washing</bizStep>", {"bizStep": "ex:washing"}),
    ("<disposition> urn:epcglobal:cbv:disp:in_transit\n</disposition>", {"disposition": "in_transit"}),
    ("<certificationInfo>https://e.com/1</certificationInfo>", {"certificationInfo": "https://e.com/1"}),
    (
        "<certificationInfo>https://e.com/1</certificationInfo><certificationInfo>https://e.com/2</certificationInfo>",
        {"certificationInfo": ["https://e.com/1", "https://e.com/2"]},
    ),
    ("<readPoint><id>urn:x:p</id></readPoint>", {"readPoint": {"id": "urn:x:p"}}),
    (
        "<readPoint><id>urn:x:p</id><extension><ex:door>3</ex:door></extension></readPoint>",
        {"readPoint": {"id": "urn:x:p", "ex:door": "3"}},
    ),
    (
        '<bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:x:7</bizTransaction>'
        "<bizTransaction>urn:x:8</bizTransaction></bizTransactionList>",
        {"bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:7"}, {"bizTransaction": "urn:x:8"}]},
    ),
    (
        '<sourceList><source type="urn:epcglobal:cbv:sdt:owning_party">urn:x:s</source></sourceList>'
        '<destinationList><destination type="ex:own">urn:x:d</destination></destinationList>',
        {
            "sourceList": [{"type": "owning_party", "source": "urn:x:s"}],
            "destinationList": [{"type": "ex:own", "destination": "urn:x:d"}],
        },
    ),
    (
        "<quantityList><quantityElement><epcClass>urn:x:c</epcClass><quantity>12.50</quantity><uom>KGM</uom>"
        "</quantityElement><quantityElement><epcClass>urn:x:c</epcClass></quantityElement></quantityList>",
        {
            "quantityList": [
                {"epcClass": "urn:x:c", "quantity": Decimal("12.50"), "uom": "KGM"},
                {"epcClass": "urn:x:c"},
            ]
        },
    ),
    (
        "<persistentDisposition><set>urn:epcglobal:cbv:disp:recalled</set></persistentDisposition>",
        {"persistentDisposition": {"set": ["recalled"]}},
    ),
    (
        "<baseExtension><eventID>urn:uuid:1</eventID><errorDeclaration>"
        "<declarationTime>2026-02-01T00:00:00Z</declarationTime><reason>urn:epcglobal:cbv:er:incorrect_data</reason>"
        "<correctiveEventIDs><correctiveEventID>urn:uuid:2</correctiveEventID></correctiveEventIDs>"
        "<extension><ex:a>1</ex:a></extension></errorDeclaration></baseExtension>",
        {
            "eventID": "urn:uuid:1",
            "errorDeclaration": {
                "declarationTime": "2026-02-01T00:00:00Z",
                "reason": "incorrect_data",
                "correctiveEventIDs": ["urn:uuid:2"],
                "ex:a": "1",
            },
        },
    ),
    (
        '<extension><extension><sensorElementList><sensorElement><sensorMetadata time="2026-01-01T00:00:00Z"/>'
        '<sensorReport type="gs1:Temperature" value="26.0" uom="CEL" booleanValue="true" ex:note="a"/><ex:b/>'
        "</sensorElement></sensorElementList></extension></extension>",
        {
            "sensorElementList": [
                {
                    "sensorMetadata": {"time": "2026-01-01T00:00:00Z"},
                    "sensorReport": [
                        {
                            "type": "Temperature",
                            "value": Decimal("26.0"),
                            "uom": "CEL",
                            "booleanValue": True,
                            "ex:note": "a",
                        }
                    ],
                    "ex:b": "",
                }
            ]
        },
    ),
    (
        "<extension><ilmd><extension><ex:a>1</ex:a></extension><ex:a>2</ex:a></ilmd></extension>",
        {"ilmd": {"ex:a": ["1", "2"]}},
    ),
    ("<extension><ilmd/></extension>", {"ilmd": {}}),
    ("<ex:a>1</ex:a><ex:a><ex:b>2</ex:b><c>3</c></ex:a>", {"ex:a": ["1", {"ex:b": "2", "c": "3"}]}),
    ('<ex:a unit="KGM" ex:u="x">3.5</ex:a>', {"ex:a": {"unit": "KGM", "ex:u": "x", "rdf:value": "3.5"}}),
    (
        '<ex:a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:integer">10</ex:a>',
        {"ex:a": "10"},
    ),
    ("<ex:a>a &lt; &#228;<![CDATA[<b>]]> c</ex:a>", {"ex:a": "a < ä<b> c"}),
    ("<ex:a>one<!-- two -->three</ex:a>", {"ex:a": "onethree"}),
    ("<madeUp>x</madeUp>", {"madeUp": "x"}),
    ("<action>ADD</action>", {"action": ["OBSERVE", "ADD"]}),
    ("<bizStep><ex:a>1</ex:a></bizStep>", {"bizStep": {"ex:a": "1"}}),
    ("<sourceList>text</sourceList>", {"sourceList": "text"}),
    ("<sourceList><ex:a/></sourceList>", {"sourceList": {"ex:a": ""}}),
    ("<extension>text</extension>", {"extension": "text"}),
]


@pytest.mark.parametrize(("xml", "expected"), MEMBERS, ids=[xml[:60] for xml, _ in MEMBERS])
def test_each_element_becomes_its_member(xml: str, expected: dict[str, Any]) -> None:
    base = json_event(epcList=["urn:x:1"])
    found = as_json(xml)
    assert found == {**base, **expected}
    assert encoded(sorted_members(found)) == encoded(sorted_members({**base, **expected}))


NUMBERS = [
    ("200", "200"), ("200.0", "200.0"), ("007", "7"), ("+5", "5"), (".5", "0.5"), ("5.", "5"), ("1E2", "1E+2"),
    ("-0.10", "-0.10"), (" 12\n", "12"), ("123456789012345678901234567890.123", "123456789012345678901234567890.123"),
]  # fmt: skip
NO_NUMBERS = ["NaN", "INF", "1_000", "١٢", "1,5", "", "0x10", "1e99999999999999999999"]


def quantity(text: str) -> Any:
    return as_json(
        f"<quantityList><quantityElement><epcClass>urn:x:c</epcClass><quantity>{text}</quantity></quantityElement>"
        "</quantityList>"
    )["quantityList"][0]["quantity"]


@pytest.mark.parametrize(("text", "digits"), NUMBERS)
def test_numbers_keep_their_digits(text: str, digits: str) -> None:
    number = quantity(text)
    assert isinstance(number, Decimal)
    assert str(number) == digits


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_stays_a_text(text: str) -> None:
    assert quantity(text) == text


def test_events_stand_in_wrappers_of_old_versions() -> None:
    inner = (
        "<inputEPCList><epc>urn:x:i</epc></inputEPCList><outputQuantityList><quantityElement><epcClass>urn:x:o</epcClass>"
        "</quantityElement></outputQuantityList><transformationID>urn:x:t</transformationID>"
    )
    event_list = (
        f"<extension><TransformationEvent>{TIME}{inner}</TransformationEvent><extension><AssociationEvent>{TIME}"
        "<parentID>urn:x:p</parentID><childEPCs><epc>urn:x:c</epc></childEPCs><action>ADD</action></AssociationEvent>"
        "</extension></extension>"
    )
    first, second, third = pieces(document(event_list, event(), version=1))
    assert isinstance(first, AcceptedEvent)
    assert isinstance(second, AcceptedEvent)
    assert isinstance(third, AcceptedEvent)
    assert event_as_json(first.event) == {
        "type": "TransformationEvent",
        "eventTime": "2026-01-31T12:00:00+01:00",
        "eventTimeZoneOffset": "+01:00",
        "inputEPCList": ["urn:x:i"],
        "outputQuantityList": [{"epcClass": "urn:x:o"}],
        "transformationID": "urn:x:t",
    }
    assert event_as_json(second.event)["childEPCs"] == ["urn:x:c"]
    assert [one.position.pointer for one in (first, second, third)] == [f"/epcisBody/eventList/{n}" for n in range(3)]
    assert not first.event.findings + second.event.findings + third.event.findings


EXTENSIONS = [
    ('<a:x xmlns:a="https://e.com/a/">1</a:x>', {"a": "https://e.com/a/"}, {"a:x": "1"}),
    ('<x xmlns="https://e.com/a/">1</x>', {"ext": "https://e.com/a/"}, {"ext:x": "1"}),
    (
        '<a:x xmlns:a="https://e.com/a/">1</a:x><a:x xmlns:a="https://e.com/b/">2</a:x>',
        {"a": "https://e.com/a/", "a2": "https://e.com/b/"},
        {"a:x": "1", "a2:x": "2"},
    ),
    (
        '<a:x xmlns:a="https://e.com/a/">1</a:x><b:x xmlns:b="https://e.com/a/">2</b:x>',
        {"a": "https://e.com/a/"},
        {"a:x": ["1", "2"]},
    ),
    ('<cbvmda:lot xmlns:cbvmda="urn:epcglobal:cbv:mda">1</cbvmda:lot>', None, {"cbvmda:lot": "1"}),
    ('<m:lot xmlns:m="urn:epcglobal:cbv:mda:">1</m:lot>', None, {"cbvmda:lot": "1"}),
    ('<g:x xmlns:g="https://ref.gs1.org/voc/">1</g:x>', None, {"gs1:x": "1"}),
    ('<cbv:x xmlns:cbv="https://e.com/">1</cbv:x>', {"cbv2": "https://e.com/"}, {"cbv2:x": "1"}),
    ('<urn:x xmlns:urn="https://e.com/">1</urn:x>', {"urn2": "https://e.com/"}, {"urn2:x": "1"}),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "declared", "members"), EXTENSIONS)
def test_namespaces_become_the_context(xml: str, declared: dict[str, str] | None, members: dict[str, Any]) -> None:
    found = accepted(document(event(more=xml))).event
    epcis = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
    assert found.document_context == ([epcis, declared] if declared else [epcis],)
    assert found.extensions == members
    assert found.findings == ()


def test_a_type_of_another_namespace_is_a_uri() -> None:
    found = accepted(document(event(kind="ex:Sale"))).event
    assert found.type.value == "https://example.com/ns/Sale"


def test_the_hash_is_that_of_the_same_content_in_json() -> None:
    xml = accepted(document(event(more='<ex:a unit="x">1</ex:a><bizStep>ex:wash</bizStep><ex:b/>')))
    value = json_document(
        [json_event(epcList=["urn:x:1"], bizStep="ex:wash", **{"ex:a": {"unit": "x", "rdf:value": "1"}, "ex:b": ""})]
    )
    value["@context"][1] = {"ex": "https://example.com/ns/"}
    (piece,) = pieces(encoded(value))
    assert isinstance(piece, AcceptedEvent)
    assert xml.facts.content_hash == piece.facts.content_hash


HEADER = (
    "<EPCISHeader><sbdh:Header xmlns:sbdh='urn:sbdh'><sbdh:Sender><EventList><ObjectEvent/></EventList></sbdh:Sender>"
    "</sbdh:Header><extension><EPCISMasterData><VocabularyList>"
    '<Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>'
    '<VocabularyElement id="urn:epc:id:sgln:0037000.00729.0">'
    '<attribute id="urn:epcglobal:cbv:mda#name"> A plant </attribute>'
    '<attribute id="urn:epcglobal:cbv:mda#address"><ex:street>S</ex:street></attribute>'
    "<children><id>urn:epc:id:sgln:0037000.00729.1</id></children></VocabularyElement>"
    "</VocabularyElementList></Vocabulary>"
    '<Vocabulary type="urn:epcglobal:epcis:vtype:Party"><VocabularyElementList><VocabularyElement id="urn:x:party"/>'
    "</VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>"
)


def test_master_data_become_the_records_that_json_gives() -> None:
    first, second = master_data(document(header=HEADER))
    assert first.master_data.kind == "site"
    assert first.master_data.id == "https://id.gs1.org/414/0037000007296"
    assert first.master_data.children == ("https://id.gs1.org/414/0037000007296/254/1",)
    assert first.master_data.name == "A plant"
    assert first.master_data.attributes["urn:epcglobal:cbv:mda#address"] == {"ex:street": "S"}
    assert first.position.pointer == "/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0"
    assert (second.master_data.kind, second.master_data.id) == ("party", "urn:x:party")
    assert second.position.pointer == "/epcisHeader/epcisMasterData/vocabularyList/1/vocabularyElementList/0"


def test_master_data_without_id_are_rejected() -> None:
    data = document(event(), header=HEADER.replace(' id="urn:x:party"', ""))
    reasons = [getattr(piece, "reason", "") for piece in pieces(data)]
    assert [bool(reason) for reason in reasons] == [False, True, False]
    assert "this element of master data has no id" in reasons[1]
