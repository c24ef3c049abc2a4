"""GeoJSON, Parquet and GraphML of a whole graph and of a trace, read back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import networkx as nx
import pyarrow.parquet as parquet
import pytest

from tests.access.chain import FRAME, WHEEL, capture, chain, party
from tests.end_to_end.building import born, document, happening, lot, opened, packed, put, shipped
from tests.trace.memory import MemoryStore
from tests.trace.shares.stories import delivered, thousand_kilograms
from tracegraph.contract.scenes import Scene
from tracegraph.errors import InputError, UsageError
from tracegraph.graph import Tracegraph
from tracegraph.model.record import Record
from tracegraph.reports.parquet import COLUMNS

Json = dict[str, Any]
A = lot("a")


@pytest.fixture
def graph() -> Iterator[Tracegraph]:
    with opened() as graph:
        put(graph, thousand_kilograms())
        yield graph


def mapped(graph: Tracegraph, folder: Path, **options: Any) -> Json:
    graph.export("geojson", folder / "map.geojson", **options)
    found: Json = json.loads((folder / "map.geojson").read_bytes())
    return found


def tables(graph: Tracegraph, folder: Path, **options: Any) -> dict[str, Any]:
    graph.export("parquet", folder / "tables.zip", **options)
    with ZipFile(folder / "tables.zip") as archive:
        assert archive.testzip() is None
        return {name.removesuffix(".parquet"): read(archive.read(name)) for name in archive.namelist()}


def read(data: bytes) -> Any:
    return parquet.read_table(io.BytesIO(data))


def features(told: Json, kind: str) -> dict[str, Json]:
    return {one["id"]: one for one in told["features"] if one["properties"]["kind"] == kind}


def test_tables_say_what_the_answer_says(graph: Tracegraph, tmp_path: Path) -> None:
    found = tables(graph, tmp_path)
    answer = graph.trace(lot("L"), lot("R"))
    assert list(found) == list(COLUMNS)
    assert {row["id"] for row in found["units"].to_pylist()} == {lot("L"), lot("R"), lot("M")}
    holdings = {row["id"]: row for row in found["holdings"].to_pylist()}
    assert set(holdings) == {holding["id"] for holding in answer.holdings}
    for told in answer.holdings:
        row = holdings[told["id"]]
        assert (row["quantity"], row["quantity_unit"]) == (told["quantity"]["value"], told["quantity"]["unit"])
        assert row["quantity_number"] == float(told["quantity"]["value"])
        assert row["since"].strftime("%Y-%m-%dT%H:%M:%SZ") == told["since"]
        assert (row["place_kind"], row["place"]) == (told["place"]["kind"], told["place"]["id"])
    legs = found["legs"].to_pylist()
    assert len(legs) == len(answer.to_networkx().edges)
    assert {leg["source"] for leg in legs if leg["source_kind"] == "holding"} <= set(holdings)
    assert {event["id"] for event in found["events"].to_pylist()} >= set(answer.result["events"])
    assert sum(json.loads(event["units"])[0]["quantity"] is not None for event in found["events"].to_pylist()) > 5
    assert {row["id"] for row in found["sites"].to_pylist()} == {site["id"] for site in answer.result["sites"]}
    gaps = graph.all_gaps().gaps
    assert [row["message"] for row in found["gaps"].to_pylist()] == [gap["message"] for gap in gaps]
    assert json.loads(found["gaps"].to_pylist()[0]["ask"]) == gaps[0]["ask"]


def test_each_table_says_whether_it_is_complete(graph: Tracegraph, tmp_path: Path) -> None:
    for table in tables(graph, tmp_path, of=[lot("M")], direction="backward").values():
        about = {name.decode(): value.decode() for name, value in table.schema.metadata.items()}
        assert about["tracegraph.complete"] == "true"
        assert json.loads(about["tracegraph.question"])["direction"] == "backward"
        assert about["tracegraph.level"] == "extended"


def test_an_empty_store_has_empty_tables_of_the_same_columns(tmp_path: Path) -> None:
    with opened() as graph:
        for name, table in tables(graph, tmp_path).items():
            assert (table.num_rows, table.column_names) == (0, list(COLUMNS[name]))
        assert mapped(graph, tmp_path)["features"] == []


def test_a_trace_has_the_parts_of_the_trace_only(graph: Tracegraph, tmp_path: Path) -> None:
    found = tables(graph, tmp_path, of=[lot("M")], direction="forward")
    assert {row["id"] for row in found["units"].to_pylist()} == {lot("M")}
    assert set(features(mapped(graph, tmp_path, of=[lot("M")]), "site")) == {"urn:x-site:C3", "urn:x-site:plant"}
    graph.export("graphml", tmp_path / "part.graphml", of=[lot("M")])
    read_back = nx.read_graphml(tmp_path / "part.graphml", force_multigraph=True)
    assert {node["unit"] for _, node in read_back.nodes(data=True)} == {lot("M")}
    assert read_back.graph["complete"] is True
    with pytest.raises(UsageError, match="leave the starts out"):
        graph.export("epcis", tmp_path / "x", of=[lot("M")])


def located() -> MemoryStore:
    """Two sites of which one is known to lie somewhere, a point, and goods that went from one to the other."""
    scene = (
        Scene().hold("milk@farm", "site:farm", 0).hold("milk@way", "transit:x", 1).hold("milk@dairy", "site:dairy", 2)
    )
    scene.hold("milk@there", "site:geo:48.1,11.5", 4)
    scene.leg("milk@farm", "milk@way", 1).leg("milk@way", "milk@dairy", 2).leg("milk@dairy", "milk@there", 4)
    farm = {"name": "Farm", "country": "DE", "latitude": "47.5", "longitude": "10.25"}
    scene.records = [Record("site", "farm", farm), Record("site", "dairy", {"latitude": "900", "longitude": "x"})]
    store = MemoryStore(1)
    scene.put_into(store)
    return store


def test_sites_and_flows_on_a_map(tmp_path: Path) -> None:
    told = mapped(Tracegraph(located()), tmp_path)
    assert told["type"] == "FeatureCollection"
    assert (told["complete"], told["gaps"]) == (True, [])
    sites = features(told, "site")
    assert sites["farm"]["geometry"] == {"type": "Point", "coordinates": [10.25, 47.5]}
    assert (sites["farm"]["properties"]["name"], sites["farm"]["properties"]["country"]) == ("Farm", "DE")
    assert sites["dairy"]["geometry"] is None
    assert sites["geo:48.1,11.5"]["geometry"]["coordinates"] == [11.5, 48.1]
    flows = features(told, "flow")
    assert set(flows) == {"farm > dairy", "dairy > geo:48.1,11.5"}
    assert flows["farm > dairy"]["geometry"] is None
    assert flows["farm > dairy"]["properties"] == {
        "kind": "flow", "from": "farm", "to": "dairy", "movements": 1, "units": 1, "first": "1970-01-01T00:00:01Z",
        "last": "1970-01-01T00:00:01Z", "certainty": "confirmed", "quantities": [],
    }  # fmt: skip


def test_flows_add_up(tmp_path: Path) -> None:
    events = [
        born(0, A, "farm", 100), *delivered(10, A, "farm", "dairy", 30), *delivered(20, A, "farm", "dairy", 20),
        shipped(30, A, "farm", "shop", 10),
    ]  # fmt: skip
    with opened() as graph:
        put(graph, events)
        flows = features(mapped(graph, tmp_path), "flow")
    to_dairy, to_shop = (flows[f"urn:x-site:farm > urn:x-site:{name}"]["properties"] for name in ("dairy", "shop"))
    assert (to_dairy["movements"], to_dairy["quantities"]) == (2, [{"value": "50", "unit": "KGM"}])
    assert to_dairy["certainty"] == "confirmed"
    assert (to_shop["movements"], to_shop["certainty"]) == (1, "possible")


def test_goods_in_a_container_flow_where_the_container_goes(tmp_path: Path) -> None:
    pallet = "urn:x-item:pallet"
    events = [
        born(0, A, "plant", 10),
        packed(1, pallet, [A], "plant", 10),
        shipped(2, pallet, "plant", "hub", bizTransactionList=document(1)),
        happening(3, "OBSERVE", "receiving", pallet, "hub", bizTransactionList=document(1)),
        shipped(4, pallet, "hub", "shop", bizTransactionList=document(2)),
        happening(5, "OBSERVE", "receiving", pallet, "shop", bizTransactionList=document(2)),
        packed(6, pallet, [A], "shop", 10, action="DELETE"),
    ]
    with opened() as graph:
        put(graph, events)
        flows = features(mapped(graph, tmp_path, of=[A]), "flow")
    assert {name.replace("urn:x-site:", ""): flow["properties"]["certainty"] for name, flow in flows.items()} == {
        "hub > shop": "confirmed", "plant > hub": "confirmed"
    }  # fmt: skip


def test_what_a_party_may_not_know_is_in_no_table_and_on_no_map(tmp_path: Path) -> None:
    with opened() as graph:
        capture(graph, tmp_path / "in", chain())
        theirs = tables(graph, tmp_path, for_party=party("maker-a"))
        told = json.dumps([table.to_pylist() for table in theirs.values()], default=str)
        assert FRAME in told
        assert WHEEL not in told
        graph.export("geojson", tmp_path / "theirs.geojson", for_party=party("maker-a"), level="basic")
        text = (tmp_path / "theirs.geojson").read_text(encoding="utf-8")
        assert '"level":"basic"' in text
        assert f'"for":"{party("maker-a")}"' in text
        assert "KGM" not in text
        assert WHEEL not in text


@pytest.mark.parametrize("form", ["geojson", "parquet"])
def test_the_same_bytes_of_every_store(form: str, tmp_path: Path) -> None:
    scene = Scene().mix("baking", ["flour@mill", "salt@mine"], ["bread@bakery"], 5).leg("bread@bakery", "bread@shop", 7)
    written = []
    for seed in (1, 2, 3):
        store = MemoryStore(seed)
        scene.put_into(store)
        Tracegraph(store).export(form, tmp_path / "out")
        written.append((tmp_path / "out").read_bytes())
    assert written[0] == written[1] == written[2]


def test_a_file_that_cannot_be_written(graph: Tracegraph, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        graph.export("geojson", tmp_path / "nowhere" / "map.geojson")
    with pytest.raises(UsageError, match="choose one of epcis"):
        graph.export("pdf", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
