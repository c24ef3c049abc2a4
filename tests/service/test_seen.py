"""What events name is the same as in their facts."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.test_reference_documents import readable
from tracegraph import Tracegraph
from tracegraph.service.file import ServiceFile
from tracegraph.service.seen import Kind, Seen

FACTS = {
    Kind.EVENT_TYPE: "type",
    Kind.BIZ_STEP: "step",
    Kind.DISPOSITION: "disposition",
    Kind.READ_POINT: "read_point",
    Kind.BIZ_LOCATION: "biz_location",
}


def test_lists_agree_with_the_facts_of_the_reference_documents(reference: Path, tmp_path: Path) -> None:
    file = ServiceFile(tmp_path / "kept.service")
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        seen = Seen(file, graph.store)
        for path in readable(reference):
            graph.capture(path, rejects=None)
        for kind, name in FACTS.items():
            found = {getattr(stored.facts, name) for stored in graph.store.events()} - {"", None}
            assert seen.values(graph.store, kind) == sorted(found)
            assert len(found) > 4
            for value in found:
                assert seen.knows(graph.store, kind, value)
    file.close()
