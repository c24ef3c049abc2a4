"""The year as files: a folder for each partner with its events (EPCIS 2.0) and tables (CSV), always the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tracegraph.examples.aluminium.events import NAMES, Event, events, site
from tracegraph.examples.aluminium.records import Row, records, with_faults
from tracegraph.examples.aluminium.year import ALUMINA, FAULTS, INGOT, PROFILE, YEAR, months

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
#: The folder, below the one asked for, that holds the partners' files and nothing else.
PARTNERS = "partners"
#: What is wrong in the records, as data.
TRUTH = "truth.json"
MASTER_DATA = "urn:epcglobal:cbv:mda#"


def write(folder: Path, faulty: bool = True) -> None:
    """Write `partners/` and `truth.json` below `folder` (made where missing)."""
    for name, content in contents(faulty).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def contents(faulty: bool = True) -> dict[str, bytes]:
    """The files by their path below the folder."""
    year = months(faulty)
    books: dict[str, list[Event]] = defaultdict(list)
    for month in year:
        for who, event in events(month):
            books[who].append(event)
    tables: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for told in records(year, faulty):
        who, kind, row = with_faults(told) if faulty else told
        tables[who, kind].append(row)
    found = {f"{PARTNERS}/{_folder(who)}/events.json": _document(who, told) for who, told in books.items()}
    found |= {f"{PARTNERS}/{_folder(who)}/{kind}.csv": _table(rows) for (who, kind), rows in tables.items()}
    wrong = [{"rule": one.rule, "subject": one.subject, "story": one.story} for one in FAULTS] if faulty else []
    found[TRUTH] = json.dumps(wrong, indent=1).encode() + b"\n"
    return found


def _folder(party: str) -> str:
    return party.removeprefix("https://").removesuffix(".example").replace("-", "_")


def _table(rows: list[Row]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def _document(party: str, told: list[Event]) -> bytes:
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": f"{YEAR + 1}-01-31T12:00:00Z",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": _names(party)}},
    }
    opening = json.dumps(head)[:-1]
    lines = ",\n".join(json.dumps(event) for event in told)
    return f'{opening}, "epcisBody": {{"eventList": [\n{lines}\n]}}}}\n'.encode()


def _names(party: str) -> list[dict[str, Any]]:
    """Its own name, its site's, and those of the products."""
    own = _element(party, name=NAMES[party])
    place = _element(site(party), name=f"{NAMES[party]}, site", owning_party=party)
    goods = [_element(key, descriptionShort=key.rpartition("/")[2]) for key in (ALUMINA, INGOT, PROFILE)]
    return [
        {"type": "urn:epcglobal:epcis:vtype:Party", "vocabularyElementList": [own]},
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [place]},
        {"type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": goods},
    ]


def _element(key: str, **attributes: str) -> dict[str, Any]:
    told = [{"id": f"{MASTER_DATA}{name}", "attribute": text} for name, text in attributes.items()]
    return {"id": key, "attributes": told}
