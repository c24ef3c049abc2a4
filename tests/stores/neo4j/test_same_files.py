"""Spreadsheets, FoodChain-Lab and FSMA 204 files captured straight into a store on a server: what it answers and
exports is, to the byte, what the embedded store does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import encoded, epcis
from tests.formats.foodchainlab.building import document
from tests.formats.foodchainlab.building import encoded as as_bytes
from tests.formats.fsma204.sheets import STORY, sheet
from tests.stores.neo4j.both import Both
from tests.trace.infer.test_infer import PRODUCT, A, hub
from tests.trace.shares.stories import thousand_kilograms
from tracegraph import Tracegraph
from tracegraph.formats.tables.reader import TableOptions, ways_of
from tracegraph.reports.tables import csv_tables
from tracegraph.trace.foodchainlab.kept import kept_network
from tracegraph.trace.foodchainlab.scoring import kept_scores
from tracegraph.trace.metrics import Metric
from tracegraph.trace.snapshot import Snapshot

WAYS = TableOptions(ways=ways_of("dmy", "comma"), confirmed=True)
DELIVERIES = """Delivery;Product;Lot;Lot assigned by;Quantity;Unit;From;To;Shipped;Received
1;Seed;48088;Exporter;75,0;kg;Importer;Grower;01.03.2024;02.03.2024
2;Seed;8266;Exporter;1.050;kg;Importer;Grower;März 2024;
3;Sprouts;P-1;Grower;40;kg;Grower;Canteen;03.04.2024;03.04.2024
4;Sprouts;P-2;Grower;?;kg;Grower;=Shop;35.04.2024;
"""
LOG = """Transformation,Site,Date,Input lot,Ingredient producer,Used,Input unit,Lot,Lot source,Quantity,Unit
R1,Grower,2024-03-31,48088,Exporter,30,kg,P-1,Grower,120,kg
R2,Grower,2024-03-31,8266,Exporter,20,kg,P-2,Grower,80,kg
"""
CASES = [
    {"case": "C1", "place": "Canteen", "exposed_from": "2024-04-01", "exposed_to": "2024-04-30"},
    {"case": "C2", "unit": "P-1"},
    {"case": "C3", "role": "control", "place": "=Shop"},
]
MARKS = {"nodes": [{"id": "S5", "weight": 1}], "deliveries": [{"id": "D3", "killContamination": True}]}
#: After the files, before what was recorded by hand.
BEFORE_RECORDS = "2027-01-15T08:04:30Z"
FORMS = ("epcis", "csv", "graphml", "geojson", "parquet", "foodchainlab", "xlsx", "fsma204", "eu931")


@pytest.fixture
def filled(tmp_path: Path, both: Both, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Both captured the same files at the same times."""
    files: dict[str, tuple[bytes, dict[str, Any]]] = {
        "hub.json": (encoded(epcis([*hub(), *thousand_kilograms()])), {}),
        "deliveries.csv": (DELIVERIES.encode("windows-1252"), {"tables": WAYS}),
        "log.csv": (LOG.encode(), {"tables": WAYS}),
        "cte.csv": (sheet(*STORY), {"form": "fsma204"}),
        "bread.json": (as_bytes(document(tracing=MARKS)), {}),
    }
    reports = []
    for graph in (both.served, both.embedded):
        clock = count(1_800_000_000_000_000, 60_000_000)
        for module in ("graph", "investigation"):
            monkeypatch.setattr(f"tracegraph.{module}.now", lambda clock=clock: next(clock))
        told = []
        for name, (data, options) in files.items():
            (tmp_path / name).write_bytes(data)
            told.append(graph.capture(tmp_path / name, rejects=None, **options))
        graph.record_cases(CASES, "as reported")
        graph.record("override", {"unit": "P-2"}, "retested")
        graph.record("evidence", {"evidence": "E1", "unit": "48088", "at": "2024-04-20", "result": "positive"}, "lab")
        run = {"run": "R1", "units": "P-1", "site": "Grower", "line": "L1", "from": "2024-03-31", "to": "2024-03-31"}
        graph.record("run", run, "shift book")
        graph.record("alias", {"unit": "P-1", "alias": "urn:x-lot:relabelled"}, "label photographed")
        reports.append(told)
    assert reports[0] == reports[1]
    assert [report.rejected for report in reports[0]] == [0, 1, 0, 0, 0]
    assert all(report.accepted for report in reports[0])
    return both


def told(graph: Tracegraph) -> Iterator[tuple[str, bytes]]:
    """Every question of an investigator, whole answers: both stores learnt everything at the same times."""
    for start in ("P-1", "48088", "D3", "L1", A):
        yield f"trace {start}", graph.trace(start, shares=True, paths=2).to_json()
        yield f"origin {start}", graph.origin(start).to_json()
        yield f"balance {start}", graph.balance(start).to_json()
        yield f"show {start}", graph.show(start).to_json()
    for mode in ("fifo", "lifo", "weighted", "window", "window:0"):
        yield f"trace {mode}", graph.trace(A, infer=mode, shares=True).to_json()
        yield f"origin {mode}", graph.origin(PRODUCT, infer=mode).to_json()
    for metric in Metric:
        yield f"metric {metric}", graph.metrics(metric).to_json()
        yield f"metric {metric} of a lot", graph.metrics(metric, "48088").to_json()
    yield "sources", graph.sources(paths=2).to_json()
    yield "sources of two cases", graph.sources(["C1", "C2"], certainty="confirmed").to_json()
    yield "cases", graph.cases().to_json()
    for profile in ("gdst", "fsma204"):
        yield profile, graph.check_profile(profile).to_json()
    yield "FoodChain-Lab's scores", repr(kept_scores(kept_network(Snapshot.of(graph.store)))).encode()
    yield "gaps", graph.all_gaps().to_json()


def scopes(graph: Tracegraph) -> Iterator[tuple[str, bytes]]:
    """Each kind of seed, overrides and assumptions, what changed."""
    (party, *_) = graph.search(among="parties").result["parties"]
    seeds: dict[str, Any] = {
        "lot": "48088",
        "site": "site:Grower",
        "evidence": "evidence:",
        "organisation": f"party:{party['id']}",
        "product": {"rule": "product", "product": PRODUCT},
        "clean break": {"rule": "clean_break", "site": "Grower", "evidence": ["2024-03-31T12:00:00Z"]},
        "union": {"rule": "union", "of": [{"rule": "lot", "unit": "8266"}, {"rule": "lot", "unit": "48088"}]},
    }
    for name, seed in seeds.items():
        yield f"scope by {name}", graph.scope(seed, paths=2).to_json()
    assumed = {"kills": [{"site": "Grower"}]}
    before, after = graph.scope("8266", as_of=BEFORE_RECORDS), graph.scope("8266")
    yield "scope, assumed", graph.scope("48088", assumptions=assumed).to_json()
    together = {"cross_contamination": [{"site": "Grower", "class": "possible"}]}
    for direction in ("forward", "backward", "both"):
        for one in (assumed, together, assumed | together):
            yield f"trace {direction}, {one}", graph.trace("48088", direction=direction, assumptions=one).to_json()
    yield "trace of a line", graph.trace("line:Grower L1", direction="both", paths=1).to_json()
    yield "scopes compared", encoded(graph.compare(before, after))


def written(graph: Tracegraph, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every export, of everything and of what one lot reaches."""
    for form in FORMS:
        graph.export(form, folder / "file")
        yield form, (folder / "file").read_bytes()
    for form in ("csv", "graphml", "geojson", "parquet", "foodchainlab"):
        graph.export(form, folder / "file", of=["48088"])
        yield f"{form} of a lot", (folder / "file").read_bytes()
    for form in ("fsma204", "eu931"):
        graph.export(form, folder / "file.xlsx", lots=["P-1", "L1"])
        yield f"{form}, workbook", (folder / "file.xlsx").read_bytes()
    yield from csv_tables(Snapshot.of(graph.store), "zh", {}).items()


def test_the_same_of_files_captured_into_both(filled: Both, tmp_path: Path) -> None:
    """What differs is named."""
    served, embedded = (
        dict(chain(told(graph), scopes(graph), written(graph, tmp_path))) for graph in (filled.served, filled.embedded)
    )
    assert list(served) == list(embedded)
    assert [name for name in served if served[name] != embedded[name]] == []
    assert [name for name in ("trace fifo", "scope by organisation") if b'"units":[]' in served[name]] == []
    assert b'"cleared"' in served["scope by union"]
