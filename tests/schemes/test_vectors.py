"""The vectors of every shipped pack hold, and every rule of the catalogue has the three of them or a stated reason."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest

from tracegraph.claims.pack import Pack, pack_of
from tracegraph.claims.running import run
from tracegraph.claims.vectors import failures, world_of
from tracegraph.schemes import SHIPPED, packs


def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """By pack and rule, why there is no vector of an outcome; the catalogue is written in parts."""
    whole: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for file in files("tracegraph.schemes").joinpath("rule_ids").iterdir():
        for pack, rules in json.loads(file.read_text(encoding="utf-8")).items():
            assert not whole[pack].keys() & rules.keys()
            whole[pack].update(rules)
    return whole


CATALOGUE = catalogue()
VECTORS = [
    pytest.param(pack, vector, id=f"{pack.id} {name}")
    for pack in map(pack_of, SHIPPED.values())
    for name, vector in pack.vectors()
]


@pytest.mark.parametrize(("pack", "vector"), VECTORS)
def test_vector(pack: Pack, vector: dict[str, Any]) -> None:
    assert failures(pack, vector) == []


@pytest.mark.parametrize("pack", packs(tuple(SHIPPED)), ids=lambda pack: pack.id)
def test_every_rule_of_the_catalogue_is_proved(pack: Pack) -> None:
    proved = {(one["rule"], one["outcome"]) for _, vector in pack.vectors() for one in vector["expect"]}
    rules = {rule.id for rule in pack.rules}
    assert rules == set(CATALOGUE[pack.id])
    lacking = [
        f"{rule} has no {outcome} vector"
        for rule, reasons in CATALOGUE[pack.id].items()
        for outcome in ("PASS", "FAIL", "NE")
        if (rule, outcome) not in proved and not reasons.get(outcome)
    ]
    assert lacking == []


@pytest.mark.parametrize("pack", packs(tuple(SHIPPED)), ids=lambda pack: pack.id)
def test_every_finding_has_words_in_both_languages(pack: Pack) -> None:
    for _, vector in pack.vectors():
        for finding in run(world_of(vector), [pack]):
            assert set(finding.text) == {"en", "zh"}
            assert all(finding.text.values())


def test_the_order_of_records_changes_nothing() -> None:
    for pack in packs(tuple(SHIPPED)):
        for _, vector in pack.vectors():
            turned = {**vector, "records": list(reversed(vector["records"]))}
            one, other = (run(world_of(each), [pack]) for each in (vector, turned))
            assert [finding.to_dict() for finding in one] == [finding.to_dict() for finding in other]
