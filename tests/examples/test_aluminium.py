"""The year of aluminium: what is wrong in it is found, and without its faults nothing is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tracegraph import Tracegraph
from tracegraph.answers import Answer
from tracegraph.examples.aluminium import FAULTS, MARK, write
from tracegraph.examples.aluminium.files import TRUTH, contents

LATER = "2026-02-28"
#: What follows from a fault besides the finding that is named after it: a claim that calls itself segregated does not
#: say so in its wording, and its goods were melted from certified and other alumina.
FOLLOWS = {("ISO22095-5.2-CLAIM-TEXT", "K-EX-09"), ("ISO22095-5.3.2-PURITY", "K-EX-09")}


def checked(folder: Path, faulty: bool) -> Answer:
    write(folder, faulty)
    with Tracegraph.open(f"sqlite:///{folder}/year.db") as graph:
        report = graph.capture(folder / "partners", rejects=None)
        assert report.rejected == 0, report.reasons
        return graph.check_claims(valid=LATER)


def violations(answer: Answer) -> set[tuple[str, str]]:
    return {(one["rule"], one["subject"]["id"]) for one in answer.result["findings"] if one["outcome"] == "FAIL"}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return checked(tmp_path_factory.mktemp("faulty"), faulty=True)


def test_every_fault_is_found_and_nothing_else(faulty: Answer) -> None:
    assert violations(faulty) == {(one.rule, one.subject) for one in FAULTS} | FOLLOWS


def test_without_the_faults_no_rule_is_violated(tmp_path: Path) -> None:
    assert violations(checked(tmp_path, faulty=False)) == set()


def test_claims_that_a_fault_touches_are_not_supported(faulty: Answer) -> None:
    told = {(one["claim"], one["pack"]): one["verdict"] for one in faulty.result["claims"]}
    assert told["K-EX-09", "iso22095"] == "not_supported"
    assert told["K-EX-10", "asi_coc"] == "not_supported"
    assert told["K-SM-11", "asi_coc"] == "not_supported"
    assert told["K-SM-04", "iso22095"] == "not_supported", "its account was overdrawn"


def test_the_files_are_always_the_same() -> None:
    assert contents() == contents()
    assert json.loads(contents()[TRUTH])[0].keys() == {"rule", "subject", "story"}
    assert contents(faulty=False)[TRUTH] == b"[]\n"


def test_the_metal_comes_from_both_refineries(tmp_path: Path) -> None:
    write(tmp_path)
    with Tracegraph.open(f"sqlite:///{tmp_path}/year.db") as graph:
        graph.capture(tmp_path / "partners", rejects=None)
        answer = graph.origin(MARK)
    assert answer.complete
    sites = {place["id"] for place in answer.result["sites"]}
    assert {"https://refinery.example/site", "https://other-refinery.example/site"} <= sites
