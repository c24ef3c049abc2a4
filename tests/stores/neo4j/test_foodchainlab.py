"""A FoodChain-Lab file is written from a Neo4j server as from the embedded store, to the byte."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from tests.formats.foodchainlab.building import document, encoded
from tests.neo4j_server.database import Database
from tracegraph import Tracegraph


def test_the_same_file_from_both_stores(tmp_path: Path, neo4j_database: Database) -> None:
    file = tmp_path / "bread.json"
    marks = {"nodes": [{"id": "S5", "weight": 1}], "deliveries": [{"id": "D3", "killContamination": True}]}
    file.write_bytes(encoded(document(tracing=marks, settings={"metaNodes": []})))
    written = []
    for number, url in enumerate((f"sqlite:///{tmp_path}/store.db", neo4j_database.url)):
        with closing(Tracegraph.open(url)) as graph:
            assert graph.capture(file, rejects=None).rejected == 0
            graph.export("foodchainlab", tmp_path / f"{number}.json")
            graph.export("foodchainlab", tmp_path / f"part{number}.json", answer=graph.trace("D3"))
        written.append([(tmp_path / f"{name}{number}.json").read_bytes() for name in ("", "part")])
    assert written[0] == written[1]
