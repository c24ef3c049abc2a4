"""Each seed rule on small worlds of events, unions and differences of them, and assumptions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.recall.scope.plant import SITE, Plant, classes, entry, lot
from tracegraph.errors import UnknownIdentifier, UsageError

#: Flour A goes from the mill M to the plant P and becomes bread B, of which some goes to the shop S.
BREAD = """
    site M run by mill
    site P run by baker
    site S run by grocer
    m1 d1 08:00 make lot A 100 kg at M
    m2 d1 10:00 ship lot A 100 kg M -> P doc desadv:1
    m3 d2 08:00 receive lot A 100 kg M -> P doc desadv:1
    m4 d3 08:00 use lot A 100 kg => lot B 90 kg at P
    m5 d3 12:00 ship lot B 50 kg P -> S doc desadv:2
    m6 d4 08:00 receive lot B 50 kg P -> S doc desadv:2
    """
TOTE = """
    t1 d1 08:00 make lot A 10 kg at P
    t2 d1 09:00 make lot B 10 kg at P
    t3 d1 10:00 make lot C 10 kg at P
    t4 d2 08:00 pack lot A 10 kg into tote T at P
    t5 d2 12:00 unpack lot A 10 kg from tote T at P
    t6 d3 08:00 pack lot B 10 kg into tote T at P
    t7 d3 12:00 unpack lot B 10 kg from tote T at P
    t8 d5 08:00 pack lot C 10 kg into tote T at P
    """


def lot_seed(name: str, **others: Any) -> dict[str, Any]:
    return {"rule": "lot", "unit": lot(name), **others}


def test_a_lot_is_implicated_and_what_it_became_affected(plant: Plant) -> None:
    answer = plant.tell(BREAD).ask(lot_seed("A"))
    assert classes(answer) == {"A": "implicated", "B": "affected"}
    assert entry(answer, "B")["rules"] == []
    assert {path["unit"] for path in answer["result"]["paths"]} == {lot("B")}
    assert [one["units"] for one in answer["result"]["scope"]["classes"]] == [1, 1, 0, 0, 0]
    amounts = {one["class"]: one["quantities"] for one in answer["result"]["scope"]["classes"]}
    assert amounts["implicated"] == [{"value": "100", "unit": "KGM"}]
    assert amounts["affected"] == [{"value": "90", "unit": "KGM"}]


def test_any_number_of_a_relabelled_lot_is_the_same_seed(plant: Plant) -> None:
    plant.tell(BREAD).record("alias", unit=lot("A"), alias="urn:x-lot:6832")
    assert plant.ask(lot_seed("6832")) == plant.ask(lot_seed("A"))


def test_what_was_not_followed_is_not_in_scope(plant: Plant) -> None:
    assert plant.tell(BREAD).classes(lot_seed("A"), follow=False) == {"A": "implicated"}


def test_grades_follow_the_papers(plant: Plant) -> None:
    """The baking has no paper, so that bread is stated at best; asked for more, it is only possible."""
    plant.tell(BREAD).record(
        "evidence", evidence="T1", unit=lot("A"), at="2026-01-02", result="positive", grade="verified"
    )
    answer = plant.ask({"rule": "evidence", "evidence": "T1"})
    assert (entry(answer, "A")["grade"], entry(answer, "B")["grade"]) == ("verified", "stated")
    assert plant.classes(lot_seed("A"), minimum_grade="documented") == {"A": "implicated", "B": "possible"}


def test_a_site_and_a_window(plant: Plant) -> None:
    plant.tell(BREAD)
    at_mill = {"rule": "site", "site": "urn:x-site:M", "from": "2026-01-01", "to": "2026-01-01"}
    assert plant.classes(at_mill, follow=False) == {"A": "affected"}
    early = {"rule": "site", "site": "urn:x-site:M", "to": "2026-01-01T07:00:00Z"}
    assert plant.classes(early) == {"A": "possible", "B": "possible"}  # its run may have begun
    assert plant.classes(early, assumptions={"run_hours": 0}) == {}
    assert plant.classes({"rule": "site", "site": "urn:x-site:M", "from": "2026-01-02"}) == {}


def test_an_organisation_by_role(plant: Plant) -> None:
    plant.tell(BREAD)
    baker = {"rule": "organisation", "party": "urn:x-party:baker"}
    assert plant.classes(baker, follow=False) == {"A": "affected", "B": "affected"}
    assert plant.classes(baker | {"role": "maker"}, follow=False) == {"B": "affected"}
    assert plant.classes(baker | {"role": "owner"}, follow=False) == {}
    mill = {"rule": "organisation", "party": "urn:x-party:mill", "role": "maker"}
    assert set(plant.classes(mill, follow=False)) == {"A"}
    assert plant.classes(mill | {"from": "2026-01-02"}) == {}


def test_a_product_by_supplier_and_date(plant: Plant) -> None:
    flour, other = ("https://id.gs1.org/01/09521000123458/10/" + name for name in ("F1", "F2"))
    plant.tell(
        f"""
        site M run by mill
        site N run by miller
        name F1 = {flour}
        name F2 = {other}
        e1 d1 08:00 make lot F1 10 kg at M
        e2 d5 08:00 make lot F2 10 kg at N
        """
    )
    seed = {"rule": "product", "product": "09521000123458"}

    def hit(**parts: str) -> set[str]:
        return {one["unit"] for one in plant.ask(seed | parts)["result"]["scope"]["entries"]}

    assert hit() == {flour, other}
    assert hit(supplier="urn:x-party:mill") == {flour}
    assert hit(**{"from": "2026-01-05"}) == {other}
    assert hit(supplier="urn:x-party:mill", **{"from": "2026-01-05"}) == set()


def test_shared_equipment_until_it_is_cleaned(plant: Plant) -> None:
    plant.tell(TOTE)
    seed = {"rule": "equipment", "equipment": "urn:x-tote:T", "unit": lot("A")}
    assert plant.classes(seed) == {"B": "possible", "C": "possible"}
    plant.record("cleaning", equipment="urn:x-tote:T", from_="2026-01-04T08:00:00Z")
    assert plant.classes(seed) == {"B": "possible", "C": "possible"}
    plant.record("cleaning", equipment="urn:x-tote:T", from_="2026-01-04T08:00:00Z", verified="yes")
    assert plant.classes(seed) == {"B": "possible"}


def test_a_container_with_contents_and_residue(plant: Plant) -> None:
    plant.tell(TOTE)
    seed = {"rule": "lot", "unit": "urn:x-tote:T", "at": "2026-01-02T10:00:00Z"}
    assert plant.classes(seed) == {"T": "implicated", "A": "affected"}
    assert plant.classes(seed | {"contents": False}) == {"T": "implicated"}
    residue = plant.classes(seed | {"residue": True})
    assert residue == {"T": "implicated", "A": "affected", "B": "possible", "C": "possible"}


def test_unions_and_differences(plant: Plant) -> None:
    plant.tell(TOTE)
    all_three = {"rule": "union", "of": [lot_seed("A"), lot_seed("B"), lot_seed("C", **{"class": "possible"})]}
    assert plant.classes(all_three) == {"A": "implicated", "B": "implicated", "C": "possible"}
    answer = plant.ask({"rule": "minus", "of": [all_three, lot_seed("B")]})
    assert set(classes(answer)) == {"A", "C"}
    assert entry(answer, "C")["rules"][0]["seed"] == 2


def test_cross_contamination_at_a_site(plant: Plant) -> None:
    """Lots at the plant from the first one in scope on, to the window's end; what is merely exposed exposes nothing."""
    plant.tell(TOTE)
    shared = [{"site": SITE, "from": "2026-01-01T09:30:00Z", "to": "2026-01-01T10:30:00Z"}]
    assert plant.classes(lot_seed("B"), assumptions={"cross_contamination": shared}) == {
        "A": "exposed",
        "B": "implicated",
        "C": "exposed",
    }
    firm = [{**shared[0], "class": "possible"}]
    assert plant.classes(lot_seed("B"), assumptions={"cross_contamination": firm})["C"] == "possible"
    earlier = [{"site": SITE, "to": "2026-01-01T08:30:00Z"}]
    assert plant.classes(lot_seed("B"), assumptions={"cross_contamination": earlier}) == {"B": "implicated"}


def test_cross_contamination_in_a_container(plant: Plant) -> None:
    shared = {"cross_contamination": [{"container": "urn:x-tote:T", "to": "2026-01-04"}]}
    assert plant.tell(TOTE).classes(lot_seed("A"), assumptions=shared) == {"A": "implicated", "B": "exposed"}


@pytest.mark.parametrize("kill", [{"site": SITE, "from": "2026-01-03"}, {"event": "m4"}])
def test_a_kill_step_stops_the_trail(plant: Plant, kill: dict[str, str]) -> None:
    answer = plant.tell(BREAD).ask(lot_seed("A"), assumptions={"kills": [kill]})
    assert classes(answer) == {"A": "implicated"}
    (stopped,) = answer["result"]["scope"]["stopped"]
    assert (stopped["place"]["id"], stopped["events"]) == (SITE, ["m4"])
    assert plant.classes(lot_seed("A"), assumptions={"kills": [{"site": SITE, "to": "2026-01-02"}]})["B"] == "affected"


def test_a_line_named_by_its_location(plant: Plant) -> None:
    plant.tell(
        """
        e1 d1 08:00 make lot A 10 kg at P seen at P1
        e2 d1 09:00 make lot B 10 kg at P seen at P2
        """
    )
    plant.record("line", site=SITE, line="L1", location="urn:x-site:P1")
    plant.record("line", site=SITE, line="L2", location="urn:x-site:P2")
    seed = {"rule": "site", "site": SITE, "line": "L1", "from": "2026-01-01", "to": "2026-01-01"}
    assert plant.classes(seed) == {"A": "affected"}


def test_not_recorded_is_not_known(plant: Plant) -> None:
    plant.tell(BREAD)
    for seed in (lot_seed("Z"), {"rule": "site", "site": "nowhere"}, {"rule": "evidence", "evidence": "T9"}):
        with pytest.raises(UnknownIdentifier):
            plant.ask(seed)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"rule": "lott", "unit": "A"}, "scope: rule 'lott'"),
        ({"rule": "lot"}, "needs unit"),
        ({"rule": "lot", "unit": 5}, "give a text"),
        ({"rule": "lot", "unit": "A", "colour": "red"}, "'colour' is not understood"),
        ({"rule": "lot", "unit": "A", "class": "cleared"}, "class is 'cleared'"),
        ({"rule": "lot", "unit": "A", "contents": "yes"}, "give true or false"),
        ({"rule": "site", "site": "P", "from": "2026-01-02", "to": "2026-01-01"}, "swap"),
        ({"rule": "site", "site": "P", "from": "soon"}, "no date or time"),
        ({"rule": "union", "of": []}, "of nothing"),
        ({"rule": "minus", "of": [{"rule": "lot", "unit": "A"}, 7]}, "scope/of/1"),
        ({"rule": "organisation", "party": "p", "role": "friend"}, "holder, owner, maker"),
        ("lot A", "scope"),
    ],
)
def test_what_is_no_question_is_one_sentence(plant: Plant, told: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        plant.ask(told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "others",
    [
        {"assumptions": {"kills": [{}]}},
        {"assumptions": {"kills": "all"}},
        {"assumptions": {"cross_contamination": [{"site": "P", "container": "T"}]}},
        {"assumptions": {"cross_contamination": [{"site": "P", "class": "affected"}]}},
        {"assumptions": {"run_hours": -1}},
        {"minimum_grade": "sworn"},
        {"paths": -1},
        {"follow": 1},
        {"depth": 3},
    ],
)
def test_what_is_no_assumption_is_one_sentence(plant: Plant, others: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        plant.ask(lot_seed("A"), **others)


def test_nesting_has_an_end(plant: Plant) -> None:
    told: dict[str, Any] = lot_seed("A")
    for _ in range(30):
        told = {"rule": "union", "of": [told]}
    with pytest.raises(UsageError, match="deep"):
        plant.ask(told)
