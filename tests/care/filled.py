"""A store with a past, and all that it says at every known time: what care must not change."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.building import (
    born,
    epcis,
    every_answer,
    item,
    lot,
    made,
    packed,
    put,
    received,
    retraction,
    shipped,
    site,
)
from tracegraph import Tracegraph
from tracegraph.model.record import Record
from tracegraph.recompile import store_batch
from tracegraph.stores.port import NewEntry

UNITS = [lot("a"), lot("b"), lot("c"), item("tote"), item("one")]


def story() -> list[dict]:
    return [
        born(0, lot("a"), "farm", 100),
        shipped(10, lot("a"), "farm", "plant", 100),
        received(20, lot("a"), "plant", "farm", 100),
        born(25, lot("b"), "plant", 10),
        made(30, [lot("a"), lot("b")], [lot("c")], "plant", 10, 20),
        packed(40, item("tote"), [lot("c")], "plant", 20),
        shipped(50, item("tote"), "plant", "shop"),
        packed(60, item("tote"), [lot("c")], "shop", 20, action="DELETE"),
        born(70, item("one"), "shop"),
    ]


def master_data() -> list[dict]:
    """A site that lies in another, and a lot that has another number."""
    attributes = {"urn:epcglobal:cbv:mda#name": "Field", "urn:epcglobal:cbv:mda#site": site("region")}
    return [
        {
            "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
            "vocabularyElementList": [element(site("farm"), attributes)],
        },
        {
            "type": "urn:epcglobal:epcis:vtype:EPCClass",
            "vocabularyElementList": [element(lot("a"), {"tracegraph:alias": lot("a as the plant calls it")})],
        },
    ]


def element(id: str, attributes: dict[str, str]) -> dict:
    return {"id": id, "attributes": [{"id": name, "attribute": value} for name, value in attributes.items()]}


def filled(folder: Path) -> str:
    """The URL of a store that was filled at several known times, late events and corrections among them."""
    url = f"sqlite:///{folder}/store.db"
    first, *others = story()
    with Tracegraph.open(url) as graph:
        put(graph, others[3:])
        put(graph, others[:3], [retraction(others[0])])
        master = folder / "master.json"
        header = {"epcisMasterData": {"vocabularyList": master_data()}}
        for _ in range(2):  # the second time nothing is new
            master.write_text(json.dumps(epcis([], epcisHeader=header)))
            graph.capture(master, rejects=None)
        put(graph, [first])
        record = Record("alias", lot("c"), {"unit": lot("c"), "alias": lot("c relabelled")}, reason="a letter")
        text = {"kind": record.kind, "id": record.id, "data": record.data, "reason": record.reason}
        store_batch(graph.store, [NewEntry(json.dumps(text).encode(), record=record)], 2**50, "anna")
    return url


def answers(url: str) -> list[object]:
    """What traces say now and at every earlier time."""
    with Tracegraph.open(url, create=False) as graph:
        times = sorted({entry.recorded_at for entry in graph.store.entries()})
        return [every_answer(graph, UNITS, as_of=instant(time)) for time in times] + [list(graph.gaps())]


def instant(time: int) -> str:
    from tracegraph.model.instants import instant_text

    return instant_text(time)
