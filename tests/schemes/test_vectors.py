"""The vectors of every shipped pack hold, and every rule of the catalogue has the three of them or a stated reason."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest

from tests.schemes.said import kept, said
from tracegraph.claims.pack import Pack, pack_of
from tracegraph.claims.running import run
from tracegraph.proving import failures, world_for
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
    pytest.param(pack, name, vector, id=f"{pack.id} {name}")
    for pack in map(pack_of, SHIPPED.values())
    for name, vector in pack.vectors()
]


@pytest.mark.parametrize(("pack", "name", "vector"), VECTORS)
def test_vector(pack: Pack, name: str, vector: dict[str, Any]) -> None:
    assert failures(pack, vector) == []


@pytest.mark.parametrize(("pack", "name", "vector"), VECTORS)
def test_all_that_is_said_of_a_vector_is_what_was_said_before(pack: Pack, name: str, vector: dict[str, Any]) -> None:
    assert said(pack, vector) == kept(pack, name), "where this is meant: python -m tests.schemes.said"


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


def test_the_order_of_records_changes_nothing_and_all_is_said_in_both_languages() -> None:
    for pack in packs(tuple(SHIPPED)):
        for _, vector in pack.vectors():
            turned = dict(vector)
            for part in {"records", "events"} & vector.keys():
                turned[part] = vector[part][::-1]
            said = found(pack, vector)
            assert said == found(pack, turned)
            assert all(set(one["text"]) == {"en", "zh"} and all(one["text"].values()) for one in said)


def found(pack: Pack, vector: dict[str, Any]) -> list[dict[str, Any]]:
    """All that a pack says of a vector."""
    with world_for(vector) as world:
        return [finding.to_dict() for finding in run(world, [pack])]
