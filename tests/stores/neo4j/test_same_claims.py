"""The year of aluminium and the vectors of the packs on a server: verdicts, findings, registers and documents are, to
the byte, what they are on the embedded store, for who sees everything and for who sees a part."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import compared
from tests.neo4j_server.database import Database
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.answers import Answer
from tracegraph.capture import Capture
from tracegraph.claims import vectors
from tracegraph.claims.pack import Pack, pack_of
from tracegraph.claims.running import run
from tracegraph.examples.aluminium import PARTNERS, write
from tracegraph.messages import LANGUAGES
from tracegraph.model.instants import instant_text
from tracegraph.proving import document, world_for
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.documents.writing import paper_of
from tracegraph.schemes import SHIPPED
from tracegraph.stores import open_store
from tracegraph.stores.port import Store
from tracegraph.trace.snapshot import Snapshot

SMELTER = "https://smelter.example"
CERTIFIER = Caller("office", Role.CERTIFIER, frozenset({SMELTER}))
#: When half of the files came, and the rest.
BEGIN, LATE = 1_800_000_000_000_000, 1_800_003_600_000_000
LATER = "2026-02-28"
DOCUMENTS = (Wanted("asi-annual", SMELTER, 2025), Wanted("asi-coc", number="CD-IN-11"))


def filled(graph: Tracegraph, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> Tracegraph:
    """With the files captured in their order, the second half of them later."""
    middle = len(files) // 2
    for at, some in ((BEGIN, files[:middle]), (LATE, files[middle:])):
        monkeypatch.setattr("tracegraph.graph.now", lambda at=at: at)
        assert graph.capture(*some, rejects=None, whole=True).rejected == 0
    return graph


def answers(graph: Tracegraph) -> Iterator[tuple[str, Answer]]:
    """Every question about claims."""
    for valid, as_of in ((LATER, None), (None, instant_text(BEGIN))):
        yield f"claims {as_of}", graph.check_claims(valid=valid, as_of=as_of)
        yield f"certificates {as_of}", graph.certificates(on="2025-07-15", as_of=as_of)
    yield "accounts", graph.accounts(on=LATER)
    yield "credits", graph.credits()
    yield "claim", graph.claim("K-SM-11", packs=["asi_coc"], valid=LATER)
    yield "certificate", graph.certificate("C-SM", on=LATER)
    yield "certificates that cover", graph.certificates(site=f"{SMELTER}/site", model="mb", valid=True, on=LATER)
    yield "statement", graph.account("SM-COC", on="2025-05-31", since="2025-03-01")


def papers(graph: Tracegraph) -> Iterator[tuple[str, Any]]:
    known = Snapshot.of(graph.store)
    for wanted, language in zip(DOCUMENTS, LANGUAGES, strict=True):
        yield f"{wanted} {language}", paper_of(known, wanted, language)


def told(graph: Tracegraph) -> dict[str, bytes]:
    """Whole answers, and the models of documents."""
    said = {name: answer.to_json() for name, answer in answers(graph)}
    return said | {name: repr(paper).encode() for name, paper in papers(graph)}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Those of all partners, in an order in which much comes before what it rests on."""
    write(tmp_path)
    found = sorted((tmp_path / PARTNERS).rglob("*.*"))
    random.Random(7).shuffle(found)
    return found


def test_the_year_of_aluminium(
    neo4j_database: Database, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as opened:
        embedded, ordered = (
            opened.enter_context(Tracegraph.open(f"sqlite:///{tmp_path}/{name}.db")) for name in ("shuffled", "ordered")
        )
        filled(embedded, files, monkeypatch)
        filled(ordered, sorted(files), monkeypatch)
        Tracegraph.copy(embedded.store.url, neo4j_database.url)
        served = opened.enter_context(Tracegraph.open(neo4j_database.url))
        for caller in (None, CERTIFIER):
            here, there = (told(graph if caller is None else graph.as_caller(caller)) for graph in (embedded, served))
            assert list(here) == list(there)
            assert [name for name in here if here[name] != there[name]] == []
        assert b"SM-COC" in here["claims None"] != here[f"claims {instant_text(BEGIN)}"]
        assert timeless(ordered) == timeless(served)


def timeless(graph: Tracegraph) -> dict[str, dict[str, bytes]]:
    """What does not depend on when the records came."""
    return {
        "claims": compared(graph.check_claims(valid=LATER)),
        "accounts": compared(graph.accounts(on=LATER)),
        "credits": compared(graph.credits()),
        "statement": compared(graph.account("SM-COC", on=LATER)),
    }


def vectors_with_events() -> Iterator[tuple[Pack, str, dict[str, Any]]]:
    """The first of each file."""
    seen: set[str] = set()
    for pack in map(pack_of, SHIPPED.values()):
        for name, vector in pack.vectors():
            file = name.partition(":")[0]
            if vector.get("events") and file not in seen:
                seen.add(file)
                yield pack, name, vector


def test_vectors_with_events(neo4j_database: Database) -> None:
    """Events captured the other way round."""
    differ, seen = [], 0
    for pack, name, vector in vectors_with_events():
        rules = frozenset(one["rule"] for one in vector["expect"])
        with closing(open_store(neo4j_database.url)) as served, world_for(vector) as embedded:
            capture(served, vector["events"][::-1])
            world = vectors.world_of(vector, Snapshot.of(served))
            said = [[one.to_dict() for one in run(each, [pack], rules)] for each in (world, embedded)]
            differ += [name] if said[0] != said[1] or vectors.failures(pack, vector, world) else []
        neo4j_database.empty()
        seen += 1
    assert differ == []
    assert seen > 3


def capture(store: Store, events: list[dict[str, Any]]) -> None:
    Capture(store, clock=lambda: 0, second_process=False).run([BytesIO(document(events))], strict=True)
