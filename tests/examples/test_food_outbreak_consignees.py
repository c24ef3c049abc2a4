"""A recall of the seed of 2011 on the demo: everybody who truly got any of it is a consignee, and nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.recall.consignees.told import Told
from tracegraph import Tracegraph
from tracegraph.examples.food_outbreak.actors import EXPORTER, IMPORTER
from tracegraph.examples.food_outbreak.seed_trade import LOT_48088
from tracegraph.recall.consignees import consignees
from tracegraph.recall.notices import notices_of
from tracegraph.trace.snapshot import Snapshot

if TYPE_CHECKING:
    from tests.examples.conftest import Written


def test_whoever_got_the_seed_is_told_and_nobody_else(outbreak: Written, tmp_path: Path) -> None:
    with Tracegraph.open(f"sqlite:///{tmp_path}/outbreak.db") as graph:
        graph.capture(outbreak.partners)
        case = Told(Snapshot.of(graph.store), [LOT_48088.key], owner=None)
        found = consignees(case.snapshot, case.case)
        notices = [one.to_dict() for one in notices_of(case.case, found)]
    sites = [site.id for row in found.rows for site in row.sites]
    assert sorted(sites) == sorted(outbreak.facts.lot.sites - {EXPORTER.key})
    importer = next(row for row in found.rows if IMPORTER.key in {site.id for site in row.sites})
    assert importer.tier == 4  # through three ports
    (arrived,) = [one for one in importer.deliveries if one.documents]
    assert (arrived.confirmed, arrived.quantity and arrived.quantity.digits) == (True, "15000")
    told = {notice["recipient"]["id"]: json.dumps(notice) for notice in notices}
    for row in found.rows:
        others = {site.id for other in found.rows if other is not row for site in other.sites}
        assert not [site for site in others if json.dumps(site) in told[row.id]]
