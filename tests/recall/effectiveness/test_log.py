"""Draws and checks of a case: what is kept, what counts, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.recall.cases import case_of
from tracegraph import Tracegraph
from tracegraph.errors import InvalidField, UsageError
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.quantity import Quantity
from tracegraph.recall.case import CaseFile
from tracegraph.recall.effectiveness import Candidate, draw_payload, drawn_again, effectiveness
from tracegraph.stores.port import Store

Json = dict[str, Any]
T = "2026-03-01T10:00:00Z"
CANDIDATES = [Candidate(f"urn:x-party:{one}", 1 + one % 2, Quantity(Decimal(one))) for one in range(20)]


def opened(*moves: Any, **facts: str) -> CaseFile:
    return case_of((T, "open"), *moves, **facts)


def draw(*consignees: int) -> tuple[str, str, Json]:
    return T, "draw", {"drawn": [{"consignee": f"urn:x-party:{one}"} for one in consignees], "seed": "1"}


def check(consignee: int, result: str, **said: Any) -> tuple[str, str, Json]:
    told = {"consignee": f"urn:x-party:{consignee}", "method": "phone", "date": "2026-03-02", "result": result}
    return T, "check", told | said


def figures(case: CaseFile) -> tuple[int, int, int, list[str]]:
    found = effectiveness(case)
    return found.drawn, found.checked, found.effective, [name.rpartition(":")[2] for name in found.left]


def test_a_draw_keeps_what_draws_it_again() -> None:
    payload = draw_payload(opened(level="c"), {"seed": "7"}, CANDIDATES)
    assert (payload["level"], payload["share"], payload["population"], payload["size"]) == ("c", "10", 20, 2)
    assert (payload["configured_from"], payload["verified"]) == ("21 CFR 7.42(b)(3)", False)
    assert len(payload["drawn"]) == 2
    assert drawn_again(payload, CANDIDATES[::-1])
    assert not drawn_again(payload, CANDIDATES[1:])
    assert not drawn_again(payload, [])
    assert not drawn_again(payload | {"seed": "8"}, CANDIDATES)


def test_a_seed_is_made_once_and_kept() -> None:
    first, second = (draw_payload(opened(level="a"), {}, CANDIDATES) for _ in range(2))
    assert first["seed"] != second["seed"]
    assert drawn_again(first, CANDIDATES)


@pytest.mark.parametrize(
    ("facts", "fields", "share"),
    [
        ({"level": "c"}, {}, "10"),
        ({"level": "c"}, {"level": "D"}, "2"),
        ({"level": "b", "percentage": "30"}, {}, "30"),
        ({"level": "b", "percentage": "30"}, {"percentage": "40.0"}, "40"),
        ({"level": "b", "percentage": "30"}, {"level": "a"}, "100"),
    ],
)
def test_the_level_of_the_draw_goes_before_that_of_the_case(facts: Json, fields: Json, share: str) -> None:
    assert draw_payload(opened(**facts), fields, CANDIDATES)["share"] == share


@pytest.mark.parametrize(("facts", "fields"), [({}, {}), ({"level": "b"}, {}), ({"level": "c"}, {"level": "z"})])
def test_a_level_that_is_missing_is_asked_for(facts: Json, fields: Json) -> None:
    with pytest.raises(InvalidField, match="draw: "):
        draw_payload(opened(**facts), fields, CANDIDATES)


def test_another_draw_needs_a_reason_but_not_the_same_request_again() -> None:
    case = opened(draw(1), level="c")
    with pytest.raises(UsageError, match="say why"):
        draw_payload(case, {}, CANDIDATES, " ")
    assert draw_payload(case, {}, CANDIDATES, "a consignee closed down")["size"] == 2
    (move,) = case.of("draw")
    move.key = "k"  # type: ignore[misc]
    assert draw_payload(case, {}, CANDIDATES, "", "k")["size"] == 2


def test_of_several_checks_the_last_counts() -> None:
    case = opened(
        draw(1, 2, 3, 4),
        check(1, "not_effective"),
        check(1, "effective"),
        check(2, "effective"),
        check(2, "not_effective", escalation="visit"),
        check(3, "not_reached"),
        check(9, "effective"),
    )
    assert figures(case) == (4, 2, 1, ["3", "4"])
    told = effectiveness(case).to_dict()
    assert told["checked"] == {"part": "2", "of": "4", "value": "0.5"}
    assert told["effective"] == {"part": "1", "of": "2", "value": "0.5"}
    assert len(told["checks"]) == 6
    assert told["checks"][3]["escalation"] == "visit"


def test_nothing_drawn_nothing_checked_is_no_percentage() -> None:
    told = effectiveness(opened()).to_dict()
    assert (told["draw"], told["left"]) == (None, [])
    assert told["checked"] == told["effective"] == {"part": "0", "of": "0", "value": None}
    assert figures(opened(draw(), check(1, "effective"))) == (0, 0, 0, [])


def test_a_new_draw_takes_the_place_of_the_old_and_checks_stay() -> None:
    case = opened(draw(1, 2), check(1, "effective"), draw(1, 3))
    assert figures(case) == (2, 1, 1, ["3"])
    assert [one.move for one in effectiveness(case).draws] == [2, 4]


def test_parties_that_are_one_are_checked_once() -> None:
    moves = draw(1, 2), check(2, "effective")
    merge = T, "merge", {"party": "urn:x-party:2", "same_as": "urn:x-party:1"}
    split = T, "split", {"party": "urn:x-party:2"}
    assert figures(opened(*moves)) == (2, 1, 1, ["1"])
    assert figures(opened(*moves, merge)) == (1, 1, 1, [])
    assert figures(opened(*moves, merge, split)) == (2, 1, 1, ["1"])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Tracegraph.open(f"sqlite:///{tmp_path}/store.db") as graph:
        yield graph.store


def test_as_moves_of_a_case_in_a_store(store: Store) -> None:
    """Fields of the log (7.53 and the form of a check), as they come back from the ledger."""
    now, anna = 1_770_000_000_000_000, Actor("anna", "admin")
    case = act(store, "C1", "open", {"title": "Sprouts", "type": "drill", "level": "c"}, now, anna).case
    act(store, "C1", "scope", {}, now, anna, "lots", {"number": 1})
    act(store, "C1", "approve", {"version": "1"}, now, Actor("bert", "admin"))
    act(store, "C1", "notices", {}, now, anna)
    payload = draw_payload(case, {}, CANDIDATES)
    after = act(store, "C1", "draw", {}, now, anna, "", payload).case
    consignee = effectiveness(after).left[0]
    said = {
        "consignee": consignee,
        "method": "visit",
        "date": "2026-02-03",
        "checker": "person:1f",
        "notice_received": "yes",
        "understood": "yes",
        "followed": "no",
        "found": "yes",
        "quantity": "12.50",
        "measure": "KGM",
        "onward_done": "no",
        "result": "not_effective",
        "escalation": "regional office",
    }
    after = act(store, "C1", "check", said, now, anna).case
    found = effectiveness(after)
    assert (found.drawn, found.checked, found.effective, len(found.left)) == (2, 1, 0, 1)
    assert found.draw is not None
    assert drawn_again(found.draw.to_dict(), CANDIDATES)
    (told,) = found.to_dict()["checks"]
    assert told["quantity"] == {"value": "12.5", "unit": "KGM"}
    assert (told["followed"], told["found"], told["checker"], told["actor"]) == (False, True, "person:1f", "anna")
