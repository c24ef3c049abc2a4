"""A location may carry the number of its organisation: nobody else may take it, though nothing stands there yet."""

from __future__ import annotations

from pathlib import Path

from tests.access.permitted import may_capture
from tests.api import two_chains
from tests.api.clients import new_key, service
from tests.api.two_chains import ALPHA, BRAVO
from tracegraph.model.master_data import MasterData


def test_the_number_of_another_organisation_is_no_site_of_ones_own(tmp_path: Path) -> None:
    two_chains.fill(f"sqlite:///{tmp_path}/store.db", tmp_path)
    with service(tmp_path) as (serving, _):
        key = new_key(serving, "alpha", "operator", ALPHA.party)
        caller = serving.keys.caller_of(key)
        assert caller is not None
        for party, is_refused in ((BRAVO.party, True), (ALPHA.party, False), (two_chains.UNKNOWN.party, False)):
            claimed = MasterData("site", party.replace("/417/", "/414/"), party=ALPHA.party)
            assert (may_capture(caller, claimed, serving.graph.store) is not None) is is_refused
