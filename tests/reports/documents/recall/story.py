"""A small outbreak, as tables and events: a farm, a packing house that mixes two lots, two shops, a case at each.

One lot came to the packing house from nobody knows where; the deliveries are dated in three different ways.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.recall.case.told_paths import payload_of
from tracegraph import Tracegraph
from tracegraph.capture import Capture
from tracegraph.formats.recognise import Reading
from tracegraph.formats.source import SourceFile
from tracegraph.intake.cases import record_cases
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.model.person import Person
from tracegraph.recall.case import CaseFile, case_file
from tracegraph.recall.scope import read_question, scope

FARM, PACK, SHOPS = "https://farm.example", "https://pack.example", "https://shops.example"
FIELD, HALL, ONE, TWO = f"{FARM}/field", f"{PACK}/hall", f"{SHOPS}/one", f"{SHOPS}/two"
LEAF = "https://id.gs1.org/01/09506000134352"
A1, B7, C3 = "urn:example:lot:A1001", f"{LEAF}/10/B7007", "urn:example:lot:C3003"
NOW = parse_instant("2026-03-20T08:00:00Z", "now")
DAY = 86_400_000_000

TABLES = {
    "organisations": f"""organisation,name,street,city,postal_code,country
{FARM},Greenfield Growers,Lane 1,Alford,A1 1AA,GB
{PACK},Packwell,Dock Road 5,Hull,H1 1HH,GB
{SHOPS},Corner Shops,High Street 9,Leeds,L1 1LL,GB
""",
    "sites": f"""site,name,organisation,city,country,latitude,longitude
{FIELD},North field,{FARM},Alford,GB,53.26,0.18
{HALL},Packing hall,{PACK},Hull,GB,,
{ONE},Corner shop 1,{SHOPS},Leeds,GB,,
{TWO},Corner shop 2,{SHOPS},York,IE,,
""",
    "products": f"""product,name
{LEAF},Baby leaf
""",
    "deliveries": f"""delivery,product,identifier,quantity,measure,from,to,shipped,received,date
D-1,{LEAF},{A1},60,KGM,{FIELD},{HALL},2026-03-01T08:00:00Z,2026-03-02,
D-2,{LEAF},{B7},40,KGM,{HALL},{ONE},,,2026-03-05
,{LEAF},{B7},50,KGM,{HALL},{TWO},,2026-03-06,
""",
    "transformations": f"""\
transformation,site,date,input_identifier,input_quantity,input_measure,identifier,quantity,measure
T-1,{HALL},2026-03-03,{A1},60,KGM,{B7},90,KGM
T-1,{HALL},2026-03-03,{C3},30,KGM,,,
""",
    "evidence": f"""evidence,unit,at,result,grade,document,reason
E-5,{B7},2026-03-08,positive,documented,LAB-5,laboratory
""",
}
RECEIPT = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-02T09:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "OBSERVE",
    "bizStep": "receiving",
    "readPoint": {"id": HALL},
    "bizLocation": {"id": HALL},
    "quantityList": [{"epcClass": C3, "quantity": 30, "uom": "KGM"}],
}
CASES = [
    {"case": "K-1", "place": ONE, "exposed_from": "2026-03-06", "exposed_to": "2026-03-08", "onset_from": "2026-03-09"},
    {"case": "K-2", "unit": B7, "place": TWO, "exposed_from": "2026-03-07", "onset_from": "2026-03-10"},
]
FACTS = {
    "title": "Baby leaf, spring",
    "product": "Baby leaf 100 g",
    "hazard": "Listeria",
    "class": "1",
    "owner": PACK,
    "market": "retail shops",
    "voluntary": "yes",
    "contact": "person:" + "0a" * 16,
}
#: Whom the contact means.
CONTACT = Person(FACTS["contact"], name="Ulrike Musterfrau", phone="+49 40 12345", email="u@musterfrau.example")
PEOPLE = {CONTACT.reference: CONTACT}


def told(graph: Tracegraph, folder: Path) -> None:
    """Capture everything, and record the cases."""
    (folder / "receipt.json").write_text(json.dumps([RECEIPT]), encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    files = [folder / "receipt.json", *(folder / f"{name}.csv" for name in TABLES)]
    capture = Capture(graph.store, lambda: NOW, form=Reading("auto"))
    assert capture.run([SourceFile(path.name, path) for path in files]).rejected == 0
    record_cases(graph.store, CASES, NOW, "nurse", "clinic")


def recalled(graph: Tracegraph, number: str = "R2026-0001") -> CaseFile:
    """A recall of lot B7, from its opening to its end."""
    store, anna, ben = graph.store, Actor("anna", "investigator"), Actor("ben", "investigator")
    act(store, number, "open", FACTS, NOW + DAY, anna, "cluster")
    answer = scope(store, read_question({"scope": {"rule": "lot", "unit": B7}, "paths": 1})).envelope
    act(store, number, "scope", {}, NOW + DAY, anna, "lot B7", payload_of(answer, 1, "anna"))
    act(store, number, "approve", {"version": "1"}, NOW + 2 * DAY, ben, "checked")
    act(store, number, "notices", {}, NOW + 2 * DAY, anna)
    sent = {"notice": "N-1", "version": "1", "channel": "file", "sent": "2026-03-23T08:00:00Z"}
    act(store, number, "sent", sent, NOW + 3 * DAY, anna)
    act(store, number, "complete", {}, NOW + 20 * DAY, anna, "done")
    act(store, number, "terminate", {}, NOW + 30 * DAY, ben, "authority agrees")
    return case_file(store, number)
