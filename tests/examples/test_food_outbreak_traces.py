"""What tracegraph answers about the outbreak, against what is true in it.

Confirmed lies within the truth, the truth within possible, innocents are in neither, and the conclusion of 2011 stands:
one lot of seed is upstream of all 42 case sites.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tracegraph import Tracegraph
from tracegraph.examples.food_outbreak import coverage
from tracegraph.examples.food_outbreak.actors import DISTRIBUTOR, GROWER, IMPORTER, ROTTERDAM_PORT
from tracegraph.examples.food_outbreak.france import GARNISH, PACKETS
from tracegraph.examples.food_outbreak.seed_trade import (
    EXPORTERS_OWN_NUMBER,
    HARVEST_2009,
    LOT_6832,
    LOT_8266,
    LOT_48088,
    LOT_WITHOUT_NUMBER,
)

if TYPE_CHECKING:
    from tests.examples.conftest import Written
    from tracegraph.examples.food_outbreak import DemoFacts

Answer = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    graph: Tracegraph
    facts: DemoFacts
    backward: dict[str, Answer]

    def trace(self, start: str, direction: str = "forward", **more: Any) -> Answer:
        answer: Answer = self.graph.trace(start, direction=direction, **more).to_dict()
        return answer


@pytest.fixture(scope="module")
def asked(outbreak: Written, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    graph = Tracegraph.open(f"sqlite:///{tmp_path_factory.mktemp('store')}/outbreak.db")
    graph.capture(outbreak.partners)
    backward = {case.site: graph.trace(case.start, direction="backward").to_dict() for case in outbreak.facts.cases}
    return Asked(graph, outbreak.facts, backward)


def ids(answer: Answer, what: str, certainty: str | None = None) -> set[str]:
    return {row["id"] for row in answer["result"][what] if certainty is None or row["certainty"] == certainty}


def kinds(answer: Answer) -> Counter[str]:
    return Counter(gap["kind"] for gap in answer["gaps"])


def test_backward_from_every_case_confirmed_within_truth_within_possible(asked: Asked) -> None:
    for case in asked.facts.cases:
        answer, truth = asked.backward[case.site], asked.facts.upstream[case.site]
        assert truth <= ids(answer, "units"), case.title
        assert ids(answer, "units", "confirmed") <= truth, case.title


def test_one_lot_is_upstream_of_all_case_sites(asked: Asked) -> None:
    ranking = coverage(asked.backward.values())
    assert ranking[:2] == [(HARVEST_2009.key, 42), (LOT_48088.key, 42)]
    assert dict(ranking) == asked.facts.coverage
    assert dict(ranking)[LOT_8266.key] == 41


def test_the_french_case_excludes_the_other_lot_and_the_grower(asked: Asked) -> None:
    answer = asked.backward[asked.facts.cases[-1].site]
    assert LOT_8266.key not in ids(answer, "units")
    assert {GROWER.key, DISTRIBUTOR.key}.isdisjoint(ids(answer, "sites"))
    assert LOT_48088.key in ids(answer, "units", "confirmed")


def test_most_case_sites_lead_to_the_lot_by_confirmed_records(asked: Asked) -> None:
    confirmed = dict(coverage(asked.backward.values(), "confirmed"))[LOT_48088.key]
    assert 21 <= confirmed <= 42


def test_forward_from_the_lot_confirmed_within_truth_within_possible(asked: Asked) -> None:
    answer, truth = asked.trace(LOT_48088.key), asked.facts.lot
    assert truth.units <= ids(answer, "units")
    assert ids(answer, "units", "confirmed") <= truth.units
    assert truth.sites <= ids(answer, "sites")
    assert ids(answer, "sites", "confirmed") <= truth.sites


def test_forward_reaches_every_case_and_at_least_12_european_countries(asked: Asked) -> None:
    sites = ids(asked.trace(LOT_48088.key), "sites")
    assert {case.site for case in asked.facts.cases} <= sites
    countries = {asked.facts.countries[site] for site in sites}
    assert len(countries - {"EG"}) >= 12


def test_innocent_sites_are_not_reached_even_as_possible(asked: Asked) -> None:
    assert ids(asked.trace(LOT_48088.key), "sites").isdisjoint(asked.facts.innocent)
    assert ids(asked.trace(LOT_8266.key), "sites").isdisjoint(asked.facts.innocent)


@pytest.mark.parametrize(
    "number", [LOT_6832.key, LOT_6832.name.urn, LOT_48088.name.urn, EXPORTERS_OWN_NUMBER, "6832", "48088"]
)
def test_every_number_of_the_lot_gives_the_same_answer(asked: Asked, number: str) -> None:
    assert asked.trace(number)["result"] == asked.trace(LOT_48088.key)["result"]
    assert asked.trace(number)["gaps"] == asked.trace(LOT_48088.key)["gaps"]


def test_the_new_number_is_no_unit_of_its_own(asked: Asked) -> None:
    assert LOT_6832.key not in ids(asked.trace(LOT_48088.key), "units")


def test_the_english_leg(asked: Asked) -> None:
    answer, truth = asked.trace(PACKETS.key), asked.facts.packets
    assert ids(answer, "units") == ids(answer, "units", "confirmed") == truth.units == {PACKETS.key, GARNISH.key}
    assert ids(answer, "sites") == truth.sites
    assert kinds(answer)["never_received"] == 3


def test_the_second_lot_confirmed_within_truth_within_possible(asked: Asked) -> None:
    answer, truth = asked.trace(LOT_8266.key), asked.facts.second_lot
    assert truth.units <= ids(answer, "units")
    assert ids(answer, "units", "confirmed") <= truth.units
    assert truth.sites <= ids(answer, "sites")
    assert ids(answer, "sites", "confirmed") <= truth.sites


def test_conflicting_kilos_are_a_gap_and_nothing_is_repaired(asked: Asked) -> None:
    overdrawn = [gap for gap in asked.trace(LOT_48088.key)["gaps"] if gap["kind"] == "overdrawn_holding"]
    assert (LOT_48088.key, IMPORTER.key) in {(gap["unit"], gap["place"]) for gap in overdrawn}


def test_an_answer_with_gaps_is_incomplete_and_says_whom_to_ask(asked: Asked) -> None:
    answer = asked.trace(LOT_48088.key)
    assert answer["complete"] is False
    assert kinds(answer)["never_received"] >= 10
    assert all(gap["ask"] for gap in answer["gaps"] if gap["kind"] == "never_received")


def test_gaps_are_of_many_kinds(asked: Asked) -> None:
    found = kinds(asked.trace(LOT_48088.key)) + kinds(asked.trace(LOT_WITHOUT_NUMBER.key))
    for answer in asked.backward.values():
        found += kinds(answer)
    expected = {"never_received", "partly_received", "implied_move", "overdrawn_holding", "no_lot_number"}
    assert expected | {"unknown_origin", "never_unpacked"} <= found.keys()


def test_the_sealed_container_is_seen_at_the_ports(asked: Asked) -> None:
    answer = asked.trace(LOT_48088.key, "backward")
    assert ROTTERDAM_PORT.key in ids(asked.trace(LOT_48088.key), "sites", "confirmed")
    assert ids(answer, "units") == {LOT_48088.key, HARVEST_2009.key}


def test_the_same_answers_whatever_the_order_of_the_files(outbreak: Written, asked: Asked, tmp_path: Any) -> None:
    graph = Tracegraph.open(f"sqlite:///{tmp_path}/backwards.db")
    for path in sorted(outbreak.partners.iterdir(), reverse=True):
        graph.capture(path)
    for start in (LOT_48088.key, LOT_8266.key):
        again = graph.trace(start, direction="forward").to_dict()
        assert (again["result"], again["gaps"]) == (asked.trace(start)["result"], asked.trace(start)["gaps"])
