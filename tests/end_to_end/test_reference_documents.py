"""The reference documents of two public projects, all captured into one store."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import opened, traced
from tests.formats.epcis.building import decoded
from tests.formats.epcis.test_findings import files
from tests.formats.epcis.test_rebuild import events_in, sorted_members
from tests.formats.epcis_xml.test_reference import compared, pairs
from tests.formats.epcis_xml.test_reference import events as epcis_events
from tracegraph import Tracegraph

FIRST = "urn:gdst:wholechain.com:product:lot:class:"
SECOND = "urn:gdst:example.org:product:lot:class:"
UNREADABLE = "gdst/EPCISQueryDocument_malformed.jsonld"


def inputs(reference: Path) -> Iterator[Any]:
    for path in readable(reference):
        yield from events_in(decoded(path.read_text("utf-8-sig")))


def readable(reference: Path) -> list[Path]:
    """The files but the one that is no JSON."""
    return [path for name, path in files(reference).items() if name != UNREADABLE]


def same(events: list[Any]) -> list[str]:
    """Texts that are equal where events are equal up to the order of members; contexts aside."""
    return [repr(sorted_members({name: value for name, value in one.items() if name != "@context"})) for one in events]


def test_all_documents_in_one_store(reference: Path) -> None:
    with opened() as graph:
        report = graph.capture(*readable(reference), rejects=None)
        expected = list(inputs(reference))
        assert (report.rejected, report.reasons) == (0, [])
        assert report.accepted + report.duplicates == len(expected) > 200
        assert len(graph.store.events()) == report.accepted > 150
        assert graph.store.head().count == report.accepted + report.master_data
        assert list(graph.verify()) == []
        again = graph.capture(*readable(reference), rejects=None)
        assert (again.accepted, again.duplicates) == (0, len(expected))
        for unit in graph.store.units():
            assert unit.key in traced(graph, unit.key)


def test_what_is_damaged_is_kept_and_the_rest_is_stored(reference: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.ndjson"
    with opened() as graph:
        report = graph.capture(reference / "epcis" / UNREADABLE, rejects=rejects)
        assert report.rejected == 1
        assert rejects.stat().st_size > 0
        assert list(graph.verify()) == []


def exported(store: Path) -> bytes:
    """What `tracegraph export epcis` writes."""
    command = [sys.executable, "-m", "tracegraph.cli", "--store", f"sqlite:///{store}", "export", "epcis"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def identities(graph: Tracegraph) -> list[tuple[str, str]]:
    return [(stored.facts.content_hash, stored.facts.event_id) for stored in graph.store.events()]


def test_the_export_equals_the_input(reference: Path, tmp_path: Path) -> None:
    """Every event that was accepted, once, as it was; and captured again, the export gives the same events."""
    export = tmp_path / "export.json"
    with opened(tmp_path) as graph:
        report = graph.capture(*readable(reference), rejects=None)
        events = identities(graph)
        graph.export("epcis", tmp_path / "by hand.json")
    export.write_bytes(exported(tmp_path / "store.db"))
    assert (tmp_path / "by hand.json").read_bytes() == export.read_bytes()
    found = same(decoded(export.read_bytes())["epcisBody"]["eventList"])
    expected = same(list(inputs(reference)))
    kept = set(found)
    assert len(found) == report.accepted
    assert kept <= set(expected)
    assert sum(one not in kept for one in expected) <= report.duplicates
    assert list(dict.fromkeys(one for one in expected if one in kept)) == list(dict.fromkeys(found))
    with opened() as other:
        assert other.capture(export, rejects=None).accepted == report.accepted
        assert identities(other) == events


def test_xml_in_is_the_json_of_the_same_name_out(reference: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.json"
    documents = pairs(reference).values()
    with opened(tmp_path) as graph:
        report = graph.capture(*(xml for xml, _ in documents), rejects=None)
        assert (report.rejected, report.accepted > 40) == (0, True)
        graph.export("epcis", export)
        found = identities(graph)
    expected = {repr(compared(event)) for _, json in documents for event in epcis_events(json)}
    assert {repr(compared(event)) for event in epcis_events(export)} == expected
    with opened() as other:
        assert other.capture(export, rejects=None).accepted == report.accepted
        assert identities(other) == found


@pytest.fixture
def whole_chain(reference: Path) -> Iterator[Tracegraph]:
    with opened() as graph:
        report = graph.capture(reference / "epcis" / "gdst" / "all_wholechain_events.jsonld", rejects=None)
        assert (report.accepted, report.duplicates, report.rejected, report.master_data) == (31, 0, 0, 11)
        yield graph


def lots(prefix: str, *names: str) -> set[str]:
    return {prefix + name for name in names}


def test_the_fillet_comes_from_two_catches(whole_chain: Tracegraph) -> None:
    """By hand: fillet <- headed tuna <- commingled tuna <- two fishing events. The salmon that shared the
    pallet with the headed tuna is no source. Transshipment and landing are steps that move nothing by
    themselves, so that what was before them is possible only."""
    fillet = FIRST + "processingcompany.tunafilet.34e5e863"
    certain = {fillet, *lots(FIRST, "fishcompany.hgtuna.8a25a035")}
    catches = lots(FIRST, "fishcompany.tuna.23423", "fishcompany.tuna.23423445")
    assert traced(whole_chain, fillet, "backward") == {*certain, *lots(FIRST, "fishcompany.tuna.1024f44f"), *catches}
    assert traced(whole_chain, fillet, "backward", "confirmed") == certain
    answer = whole_chain.trace(fillet, direction="backward")
    assert not answer.complete
    assert "implied_move" in {gap["kind"] for gap in answer.gaps}
    for catch in catches:
        assert fillet in traced(whole_chain, catch)


def test_the_last_product_comes_from_farm_and_catch(whole_chain: Tracegraph) -> None:
    """By hand: product <- commingled lot <- farmed tuna <- feed and hatchlings, and <- the catch of a fisherman. Feed
    and hatchlings came to the farm by moves that nothing records: possible."""
    product = SECOND + "processor.2.v1-0122-2022"
    certain = {
        product,
        *lots(
            SECOND,
            "processor.10.commingle-01232022",
            "fishfarm.1.farmed-tuna-01192022",
            "fisherman01.tuna.v1-0122-2022",
        ),
    }
    sources = lots(SECOND, "feedmill.1.ff11252021", "hatchery.1.tf12012021")
    assert traced(whole_chain, product, "backward") == {*certain, *sources}
    assert traced(whole_chain, product, "backward", "confirmed") == certain
    for source in sources | lots(SECOND, "fisherman01.tuna.v1-0122-2022"):
        assert product in traced(whole_chain, source)
        assert not whole_chain.trace(source).complete


def test_the_salmon_shared_a_pallet_and_nothing_else(whole_chain: Tracegraph) -> None:
    salmon, fry = FIRST + "fishcompany.sal-whole.eiwo493", FIRST + "fishcompany.sal-fry.weio348"
    assert traced(whole_chain, fry) == {fry, salmon}
    assert traced(whole_chain, salmon, "backward") == {fry, salmon}
