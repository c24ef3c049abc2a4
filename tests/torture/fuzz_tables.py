"""Hostile spreadsheets, FoodChain-Lab files and records, captured one after the other into one store that stays whole.

The seeds are those of the tests of these formats, as CSV, as workbooks and as JSON; a workbook is changed by its bytes
and by those of the files packed in it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from functools import lru_cache
from pathlib import Path
from random import Random

from tests.formats.foodchainlab import building, test_workbook
from tests.formats.fsma204 import sheets
from tests.formats.tables.books import semicolons, workbook
from tests.formats.test_record_documents import ACCOUNT, CLAIM
from tests.torture.fuzz import each_input
from tests.torture.mutators import NASTY, mutated_bytes, mutated_json, mutated_text
from tests.torture.stories import answers_of, opened_at, state_of, steady_clock
from tracegraph.errors import InputError

#: Files of one round.
TABLES = 50

#: How a workbook, a zip file, begins.
PACKED = b"PK\x03\x04"

_ROWS = {
    "Deliveries": """
delivery;product;lot;quantity;measure;from;to;shipped;received;note
D1;Seed;L1;12,5;kg;Farm;Mill;2026-04-01;2026-04-02;
D2;Seed;L2;80 kg;;Farm;Mill;2026-04-03;;=1+1
D3;Flour;F1;1.250;kg;Mill;Bakery;05/06/2026;April 2026;'x
""",
    "Transformations": """
transformation;site;date;input product;input lot;input quantity;product;lot;quantity
T1;Mill;2026-04-05;Seed;L1;12;Flour;F1;10
T1;Mill;2026-04-05;Seed;L2;80;Flour;F1;10
T2;Bakery;45306;Flour;F1;;Bread;B1;
""",
    "Sites": """
site;name;organisation;country;latitude;longitude
Mill;The mill;O1;DE;52,5;13,4
0614141000005;Bakery;;甲;;
""",
    "Evidence": """
Number of the finding;Unit;Site;Line;Time;Result;Evidence grade;Document;Reason
E1;urn:x-lot:a;Mill;;2026-04-07;positive;;;swab
E2;;Mill;1;2026-04-08T10:00:00Z;negative;;;swab
""",
}


@lru_cache
def spreadsheets() -> list[bytes]:
    """One of each format, all of which can be read."""
    tables = {name: list(csv.reader(rows.split("\n")[1:-1], delimiter=";")) for name, rows in _ROWS.items()}
    return [
        *(semicolons(rows) for rows in tables.values()),
        *(workbook({name: rows}) for name, rows in tables.items()),
        workbook(tables),
        sheets.sheet(*sheets.STORY),
        workbook({"Events": [sheets.HEADER, *sheets.STORY]}),
        json.dumps(building.document()).encode(),
        test_workbook.workbook(),
        json.dumps({"records": [CLAIM, ACCOUNT], "reason": "audit"}).encode(),
    ]


def hostile_spreadsheet(chance: Random) -> bytes:
    """One of them, changed."""
    data, others = chance.choice(spreadsheets()), spreadsheets()
    if data.startswith(PACKED):
        return chance.choice([_repacked, _repacked, mutated_bytes])(chance, data, others)
    if data.startswith(b"{"):
        return mutated_json(chance, data, others)
    return chance.choice([_other_cells, mutated_bytes])(chance, data, others)


def _repacked(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Other bytes in one or two of the files of a workbook, one of them missing, there twice or under another name."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = [(name, packed.read(name)) for name in packed.namelist()]
    for _ in range(chance.choice([1, 1, 2])):
        place = chance.randrange(len(files))
        name, content = files[place]
        match chance.randrange(8):
            case 0:
                del files[place]
            case 1:
                files.append((chance.choice(files)[0], content))
            case _:
                files[place] = name, mutated_bytes(chance, content, [content for _, content in files])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as packed:
        for name, content in dict(files).items():
            packed.writestr(name, content)
    return file.getvalue()


def _other_cells(chance: Random, data: bytes, others: list[bytes]) -> bytes:
    """Other values in one to four cells, and a column or row more or less."""
    rows = [line.split(";") for line in data.decode().splitlines()]
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(rows)
        place = chance.randrange(len(row))
        row[place] = str(chance.choice(NASTY)) if chance.random() < 0.5 else mutated_text(chance, row[place])
    match chance.randrange(6):
        case 0:
            rows.append(chance.choice(rows))
        case 1:
            rows = [row[1:] or row for row in rows]
        case 2:
            rows[0] = chance.sample(rows[0], len(rows[0]))
    text = "\r\n".join(map(";".join, rows))
    return text.encode(chance.choice(["utf-8", "utf-8", "utf-16", "gb18030", "cp1252"]), "replace")


def fuzzed_tables(chance: Random, folder: Path) -> Counter[str]:
    """Each is imported, or refused without a trace; the store verifies, answers, and is the same when opened again."""
    with steady_clock(), opened_at(folder) as graph:
        path = folder / "input"

        def captured(data: bytes) -> str:
            path.write_bytes(data)
            before, strict = graph.store.head(), chance.random() < 0.2
            form = chance.choice(["auto", "auto", "auto", "tables", "fsma204", "foodchainlab"])
            try:
                report = graph.capture(path, rejects=None, strict=strict, form=form)
            except InputError:
                assert graph.store.head() == before
                return "refused"
            grown = graph.store.head().count - before.count
            assert bool(grown) == bool(report.accepted + report.master_data + report.records), (grown, report)
            return "imported in part" if report.rejected else "imported"

        outcomes = each_input(TABLES, lambda: hostile_spreadsheet(chance), captured)
        assert list(graph.verify()) == []
        kept = state_of(graph.store)
        answers_of(graph)
    with opened_at(folder, create=False) as graph:
        assert state_of(graph.store) == kept
    return outcomes
