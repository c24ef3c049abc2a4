"""Sources of cases over a store: the vector of recall.md 2.4 as events, the demo outbreak, and what answers promise."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.building import Event, born, compared, lot, opened, put, site
from tests.trace.shares.stories import delivered, mixed
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.answers import Answer
from tracegraph.errors import InputError, InvalidField, Refused, UnknownIdentifier, UsageError
from tracegraph.examples.food_outbreak import coverage, write
from tracegraph.examples.food_outbreak.facts import DemoFacts

Row = dict[str, Any]


def vector() -> list[Event]:
    """Three sources, two distributors that mix what they get, four retailers (recall.md 2.4)."""
    bought = {("S1", "D1"): 60, ("S1", "D2"): 40, ("S2", "D1"): 100, ("S3", "D2"): 100}
    sold = {("D1", "R1"): 80, ("D1", "R2"): 60, ("D1", "R3"): 20, ("D2", "R3"): 70, ("D2", "R4"): 70}
    events = [born(0, lot(source), source, 100) for source in ("S1", "S2", "S3")]
    for minute, ((source, distributor), kilos) in enumerate(bought.items()):
        events += delivered(10 + 2 * minute, lot(source), source, distributor, kilos)
    for minute, distributor in enumerate(("D1", "D2")):
        inputs = {lot(source): float(kilos) for (source, to), kilos in bought.items() if to == distributor}
        events.append(mixed(40 + minute, inputs, {lot(distributor): sum(inputs.values())}, distributor))
    for minute, ((distributor, retailer), kilos) in enumerate(sold.items()):
        events += delivered(50 + 2 * minute, lot(distributor), distributor, retailer, kilos)
    return events


def at(*retailers: str, role: str = "case") -> list[dict[str, str]]:
    return [
        {"case": f"{role}-{number}-{name}", "place": site(name), "role": role} for number, name in enumerate(retailers)
    ]


def asked(cases: Sequence[Mapping[str, str]], events: Sequence[Event] | None = None, **options: Any) -> Answer:
    with opened() as graph:
        put(graph, list(vector() if events is None else events))
        return graph.sources(cases, **options)


def rows(answer: Answer, kind: str = "unit") -> dict[str, Row]:
    return {row["id"].rpartition(":")[2]: row for row in answer.result["sources"]["rows"] if row["kind"] == kind}


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        (("R1", "R3"), ("0.569", "0.431", "0")),
        (("R1", "R1", "R3", "R3", "R3"), ("0.793", "0.207", "0")),
        (("R3", "R3", "R4"), ("0.108", "0", "0.892")),
        (("R1", "R4"), ("1", "0", "0")),
    ],
)
def test_recall_2_4_vector_from_events(cases: tuple[str, ...], told: tuple[str, ...]) -> None:
    """The distributors' own mixes are candidates too; among the three sources the posteriors are those of the text."""
    found = rows(asked(at(*cases)))
    parts = [
        float(found[source]["likelihood"]["posterior"]) if source in found else 0.0 for source in ("S1", "S2", "S3")
    ]
    assert [f"{round(part / sum(parts), 3):g}" for part in parts] == list(told)


def test_recall_2_4_vector_the_methods_disagree_from_events() -> None:
    """A delivery is two legs and mixing one more, each of which all goods take: a step of length 1 each."""
    found = rows(asked(at("R1", "R3")))
    further = 4
    means = [float(found[source]["effective_distance"]["mean"]) - further for source in ("S1", "S2")]
    assert [round(mean, 3) for mean in means] == [3.407, 3.386]
    assert float(found["S1"]["likelihood"]["posterior"]) > float(found["S2"]["likelihood"]["posterior"])
    assert found["S3"]["effective_distance"]["mean"] is None


def test_recall_2_4_vector_forgives_where_somebody_looked_at_all_retailers() -> None:
    found = rows(asked([*at("R1", "R4"), *at("R2", "R3", role="control")]))
    parts = [float(found[source]["forgiving"]["posterior"]) for source in ("S1", "S2", "S3")]
    assert [round(part / sum(parts), 3) for part in parts] == [0.832, 0.084, 0.084]


def test_coverage_explained_and_unexplained() -> None:
    answer = asked(at("R1", "R4"))
    found = rows(answer)
    assert found["S1"]["coverage"] == {"score": "1", "confirmed": "1", "combined": "1", "decided": "1"}
    assert found["S2"]["coverage"]["score"] == "0.5"
    assert (found["S2"]["explained"], found["S2"]["unexplained"]) == (["case-0-R1"], ["case-1-R4"])
    assert [row["rank"] for row in found.values()] == sorted(row["rank"] for row in found.values())
    assert found["S1"]["rank"] == 1
    assert {row["kind"] for row in answer.result["sources"]["rows"]} == {"unit", "site"}


def test_no_single_source_but_two() -> None:
    events = [born(0, lot(name), name, 5) for name in ("A", "B")]
    events += [*delivered(1, lot("A"), "A", "R1", 3), *delivered(5, lot("B"), "B", "R2", 3)]
    covers = {cover["kind"]: cover for cover in asked(at("R1", "R2"), events).result["sources"]["covers"]}
    assert (covers["unit"]["size"], covers["unit"]["exact"], covers["unit"]["all"]) == (2, True, True)
    assert covers["unit"]["sets"] == [[[lot("A")], [lot("B")]]]
    assert covers["unit"]["unexplained"] == []


def test_controls_count_against_a_candidate_and_make_it_less_surprising() -> None:
    with_all = rows(asked([*at("R1", "R3"), *at("R2", "R4", role="control")]))
    assert with_all["S1"]["coverage"]["combined"] == "0"
    assert with_all["S1"]["controls"] == ["control-0-R2", "control-1-R4"]
    assert with_all["S1"]["enrichment"]["probability"] == "1"
    assert float(with_all["S2"]["enrichment"]["probability"]) < 1
    assert all(row["enrichment"] is None for row in rows(asked(at("R1"))).values())


def test_a_rank_that_rests_on_one_case_says_on_which() -> None:
    found = rows(asked(at("R1", "R1", "R4")))
    assert found["S1"]["leave_one_out"] == {"best": 1, "worst": 1, "cases": []}
    assert found["S3"]["leave_one_out"]["worst"] > found["S3"]["leave_one_out"]["best"]


def test_weights_count() -> None:
    heavy, light = {**at("R1")[0], "weight": "3"}, at("R4")[0]
    assert rows(asked([heavy, light]))["S2"]["coverage"]["score"] == "0.75"


def test_a_case_of_a_unit_is_traced_from_it() -> None:
    found = rows(asked([{"case": "C1", "unit": lot("D1")}, {"case": "C2", "unit": lot("D2"), "place": site("R4")}]))
    assert found["S1"]["explained"] == ["C1", "C2"]


def test_exposure_is_a_window() -> None:
    """Before anything had arrived nobody was exposed to it."""
    early = {**at("R1")[0], "exposed_from": "2026-02-01", "exposed_to": "2026-02-02"}
    answer = asked([early, at("R4")[0]])
    told = {case["case"]: case["traced"] for case in answer.result["sources"]["cases"]}
    assert told == {"case-0-R1": False, "case-0-R4": True}
    assert rows(answer)["S3"]["coverage"]["score"] == "1"


def test_a_place_that_no_record_names_is_said_and_explains_nothing() -> None:
    answer = asked(at("R1", "nowhere"))
    unknown = answer.result["sources"]["cases"][1]
    assert (unknown["case"], unknown["traced"]) == ("case-1-nowhere", False)
    assert "is unknown" in unknown["problem"]
    assert not answer.complete
    assert rows(answer)["S2"]["coverage"]["score"] == "1"
    assert asked(at("R1")).complete


def test_paths_lead_from_the_candidate_to_each_case() -> None:
    answer = asked(at("R1", "R3", "R4"), paths=2)
    holdings = {holding["id"]: holding for holding in answer.holdings}
    explained = [row for row in answer.result["sources"]["rows"] if row["paths"]]
    assert {(row["kind"], row["rank"]) for row in explained} >= {("unit", 1), ("site", 1)}
    for row in explained:
        assert [path["case"] for path in row["paths"]] == row["explained"]
        for path in row["paths"]:
            hops = path["hops"]
            assert all(one["to"] == other["from"] for one, other in itertools.pairwise(hops))
            begin = holdings[hops[0]["from"]] if hops else None
            if row["kind"] == "unit" and begin is not None:
                assert begin["unit"] == row["id"]
            if hops:
                assert holdings[hops[-1]["to"]]["place"]["id"] == site(path["case"].rpartition("-")[2])


def test_association_is_no_proof_in_both_languages() -> None:
    with opened() as graph:
        put(graph, vector())
        said = [
            graph.speaking(language).sources(at("R1")).result["sources"]["association"] for language in ("en", "zh")
        ]
    assert said[0].startswith("Association, not proof")
    assert said[1].startswith("仅为关联，并非证明")


@pytest.mark.parametrize("seed", range(4))
def test_arrival_order_and_order_of_cases_do_not_show(seed: int) -> None:
    events, cases = vector(), at("R1", "R3", "R4")
    expected = compared(asked(cases))
    random.Random(seed).shuffle(events)
    random.Random(seed).shuffle(cases)
    assert compared(asked(cases, events)) == expected


def test_what_cannot_be_asked() -> None:
    with opened() as graph:
        put(graph, vector())
        for problem, options in (
            ("no case is given", {}),
            ("no case is given", {"cases": at("R1", role="control")}),
            ("a source is no 'farm'", {"cases": at("R1"), "kinds": ["farm"]}),
            ("limit is 0", {"cases": at("R1"), "limit": 0}),
            ("paths is -1", {"cases": at("R1"), "paths": -1}),
            ("given twice and differs", {"cases": [*at("R1"), {**at("R1")[0], "weight": "2"}]}),
        ):
            with pytest.raises(UsageError, match=problem):
                graph.sources(**options)
        with pytest.raises(UnknownIdentifier, match="case 'C1' is unknown"):
            graph.sources(["C1"])
        with pytest.raises(InvalidField, match="place is missing"):
            graph.sources([{"case": "C1"}])
        with pytest.raises(InputError, match="cannot be read"):
            graph.sources(file="missing.csv")


# the demo outbreak


@pytest.fixture(scope="module")
def outbreak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tracegraph, DemoFacts]]:
    folder = tmp_path_factory.mktemp("outbreak")
    facts = write(folder)
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        graph.capture(folder / "partners", rejects=None)
        yield graph, facts


def clusters(facts: DemoFacts) -> list[dict[str, str]]:
    return [{"case": f"C{number:02}", "place": case.site} for number, case in enumerate(facts.cases, 1)]


LOT, OTHER = (f"https://id.gs1.org/01/09520101000019/10/{code}" for code in ("48088", "8266"))


def test_recall_5_1_one_lot_explains_all_and_the_other_all_but_the_french_one(
    outbreak: tuple[Tracegraph, DemoFacts],
) -> None:
    graph, facts = outbreak
    answer = graph.sources(clusters(facts), kinds=["unit"])
    found = {row["id"]: row for row in answer.result["sources"]["rows"]}
    assert (found[LOT]["coverage"]["score"], found[LOT]["rank"]) == ("1", 1)
    assert (found[OTHER]["coverage"]["score"], found[OTHER]["unexplained"]) == ("0.97619047619", ["C42"])
    assert found[LOT]["likelihood"]["rank"] == found[LOT]["forgiving"]["rank"] == 1
    assert found[OTHER]["likelihood"]["log"] is None
    assert 0 < float(found[OTHER]["forgiving"]["posterior"]) < 0.01
    assert found[OTHER]["leave_one_out"]["best"] == 1


def test_coverage_is_counting_the_backward_traces(outbreak: tuple[Tracegraph, DemoFacts]) -> None:
    graph, facts = outbreak
    some = clusters(facts)[::6]
    answers = [graph.trace(f"site:{case['place']}", direction="backward").to_dict() for case in some]
    found = {row["id"]: row for row in graph.sources(some, kinds=["unit"], limit=10_000).result["sources"]["rows"]}
    assert {unit: len(row["explained"]) for unit, row in found.items()} == dict(coverage(answers))
    places = [{site["id"] for site in answer["result"]["sites"]} for answer in answers]
    sites = {row["id"]: row for row in graph.sources(some, kinds=["site"], limit=10_000).result["sources"]["rows"]}
    assert {one: len(row["explained"]) for one, row in sites.items()} == {
        one: sum(one in reached for reached in places) for one in set().union(*places)
    }


def test_a_caller_is_told_of_candidates_that_its_own_traces_show_and_of_no_recorded_case(
    outbreak: tuple[Tracegraph, DemoFacts],
) -> None:
    graph, facts = outbreak
    clerk = graph.as_caller(Caller("clerk", Role.OPERATOR, frozenset({"https://middlemen.example/1/company"})))
    some = clusters(facts)[:4]
    found = {row["id"] for row in clerk.sources(some, kinds=["unit"], limit=10_000).result["sources"]["rows"]}
    known = [case["place"] for case in some if traceable(clerk, case["place"])]
    traced = [clerk.trace(f"site:{place}", direction="backward").units for place in known]
    everything = {row["id"] for row in graph.sources(some, kinds=["unit"], limit=10_000).result["sources"]["rows"]}
    assert found == {unit["id"] for units in traced for unit in units}
    assert 0 < len(found) < len(everything)
    for refused in (lambda: clerk.cases(), lambda: clerk.record_cases(some, "line list")):
        with pytest.raises(Refused, match="lacks the operation investigate"):
            refused()
    with pytest.raises(UnknownIdentifier):
        clerk.sources(["C01"])


def traceable(graph: Tracegraph, place: str) -> bool:
    try:
        graph.show(f"site:{place}")
    except UnknownIdentifier:
        return False
    return True


# recorded cases


LIST = "case,place,weight\nC1,{R1},1\nC2,{R4},2\n"


def listed(folder: Path, text: str = LIST) -> Path:
    path = folder / "cases.csv"
    path.write_text(text.format(**{name: site(name) for name in ("R1", "R2", "R3", "R4")}), encoding="utf-8")
    return path


def test_recorded_cases_are_asked_about_by_number_or_all(tmp_path: Path) -> None:
    with opened() as graph:
        put(graph, vector())
        done = graph.import_cases(listed(tmp_path))
        assert (done.recorded, done.known, done.rejected) == (2, 0, ())
        assert [case["case"] for case in graph.cases().result["cases"]] == ["C1", "C2"]
        everything = graph.sources()
        assert (
            compared(everything)
            == compared(graph.sources(["C2", "C1"]))
            == compared(graph.sources(file=tmp_path / "cases.csv"))
        )
        assert rows(everything)["S3"]["coverage"]["score"] == "0.666666666667"
        assert rows(graph.sources(["C2"]))["S3"]["coverage"]["score"] == "1"
        assert list(graph.verify()) == []


def test_importing_again_changes_nothing_and_a_correction_is_a_new_version(tmp_path: Path) -> None:
    with opened() as graph:
        put(graph, vector())
        graph.import_cases(listed(tmp_path))
        before = graph.store.head().recorded_at
        assert graph.import_cases(listed(tmp_path)).known == 2
        corrected = listed(tmp_path, LIST.replace("{R1}", "{R2}"))
        assert graph.import_cases(corrected).recorded == 1
        assert [case["place"] for case in graph.cases().result["cases"]] == [site("R2"), site("R4")]
        assert before is not None
        assert graph.store.head().count == len(vector()) + 3


def test_rows_that_are_no_cases_are_told_by_cell_and_the_others_recorded(tmp_path: Path) -> None:
    text = "Note;;\nPseudonymous case number;Place;Weight\nC1;{R1};1\nMary Smith;{R2};\nC3;;2\nC4;{R4};-1\n;;\n"
    with opened() as graph:
        put(graph, vector())
        done = graph.import_cases(listed(tmp_path, text))
        assert done.recorded == 1
        assert [bad.cell for bad in done.rejected] == ["A4", "B5", "C6"]
        assert "may be a person's name" in done.rejected[0].reason
        with pytest.raises(InputError, match="nothing was stored"):
            graph.import_cases(listed(tmp_path, text.replace("C1", "C9")), strict=True)
        assert [case["case"] for case in graph.cases().result["cases"]] == ["C1"]


def test_a_file_without_the_columns_of_a_case_is_no_list_of_cases(tmp_path: Path) -> None:
    with opened() as graph, pytest.raises(InputError, match="has no row with the columns case and place or unit"):
        graph.import_cases(listed(tmp_path, "patient,place\nC1,{R1}\n"))
