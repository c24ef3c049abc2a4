"""Every state x action x role: allowed exactly as the table says, and where it is not, told what is.

Each state is reached by real moves, each attempt is a real one, and what is refused leaves nothing in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import product

import pytest

from tests.recall.case.small import NOW, Case, seeded
from tracegraph import Tracegraph
from tracegraph.access.caller import Role
from tracegraph.errors import CaseChanged, IllegalMove, UnknownIdentifier
from tracegraph.intake.recalling import Actor, act
from tracegraph.recall.case import CaseFile
from tracegraph.recall.case.states import NOT_OPENED, rules, states

#: How each state is reached by people who may do each step.
WAYS = {
    NOT_OPENED: (),
    "open": ("open",),
    "assessing": ("open", "assess"),
    "scoped": ("open", "assess", "scope"),
    "approved": ("open", "assess", "scope", "approve"),
    "notifying": ("open", "assess", "scope", "approve", "notices"),
    "monitoring": ("open", "assess", "scope", "approve", "notices", "sent"),
    "completed": ("open", "assess", "scope", "approve", "notices", "sent", "complete"),
    "terminated": ("open", "assess", "scope", "approve", "notices", "sent", "complete", "terminate"),
    "cancelled": ("open", "cancel"),
}
TYPES = ("recall", "drill")
#: Of a drill nothing is sent, so that its notices are followed by its completion.
WAYS_OF_DRILLS = {
    "completed": (*WAYS["notifying"], "complete"),
    "terminated": (*WAYS["notifying"], "complete", "terminate"),
}
FIRST, SECOND = Actor("first", "admin"), Actor("second", "admin")
#: Steps of the second person: never by who did what they follow.
BY_SECOND = {"approve", "terminate"}
ROLES = [role.value for role in Role]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracegraph]:
    folder = tmp_path_factory.mktemp("moves")
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as opened:
        seeded(opened, folder)
        yield opened


def reached(graph: Tracegraph, kind: str, state: str) -> Case:
    """A new case of a type in that state; `monitoring` is no state of a drill."""
    case = Case(graph, kind)
    way = WAYS_OF_DRILLS.get(state, WAYS[state]) if kind == "drill" else WAYS[state]
    for action in way:
        case.does(action, SECOND if action in BY_SECOND else FIRST)
    assert case.state == state
    return case


def combinations() -> list[tuple[str, str]]:
    every = product(TYPES, [NOT_OPENED, *states()])
    return [one for one in every if one != ("drill", "monitoring")]


def test_every_state_is_reached() -> None:
    assert set(WAYS) == {NOT_OPENED, *states()}


@pytest.mark.parametrize(("kind", "state"), combinations())
def test_allowed_exactly_as_the_table_says(graph: Tracegraph, kind: str, state: str) -> None:
    case = reached(graph, kind, state)
    for action, role in product(rules(), ROLES):
        file, before = case.file, graph.store.head().count
        wanted = expected(file, kind, action, role)
        refused = attempt(case, action, Actor("third", role))
        assert (refused is None) is (wanted is not None), (action, role, refused)
        assert (graph.store.head().count == before) is (wanted is None), (action, role)
        if isinstance(refused, IllegalMove):
            assert (refused.state, refused.action) == (state, action)
            assert refused.allowed == possible(file, kind, action, role)
            assert f"{action} is not possible" in str(refused)
            assert ", ".join(refused.allowed) in str(refused)
        if wanted is not None:
            assert case.state == wanted, (action, role)
        if wanted is not None and (wanted != state or action in ("scope", "sent")):
            case = reached(graph, kind, state)  # the next attempt begins where this one did


def attempt(case: Case, action: str, actor: Actor) -> IllegalMove | UnknownIdentifier | None:
    """Why it was refused; None: it was done."""
    try:
        case.does(action, actor)
    except (IllegalMove, UnknownIdentifier) as refused:
        return refused
    return None


def expected(file: CaseFile, kind: str, action: str, role: str) -> str | None:
    """The state that the table leads to; None: it does not."""
    if not file.moves and action != "open":
        return None
    rule = rules()[action]
    after = rule.state_after(file.state, kind, done_in(file))
    return after if role in rule.by else None


def possible(file: CaseFile, kind: str, action: str, role: str) -> tuple[str, ...]:
    """What the error names: where the role lacks the action, what that role may do, else what anybody may."""
    if not file.moves:
        return ("open",)
    done = done_in(file)
    here = {name: rule for name, rule in rules().items() if rule.state_after(file.state, kind, done)}
    return tuple(sorted(name for name, rule in here.items() if action not in here or role in rule.by))


def done_in(file: CaseFile) -> set[str]:
    return {move.action for move in file.moves}


def test_who_may_what_in_the_table_is_told_to_who_asks(graph: Tracegraph) -> None:
    case = reached(graph, "recall", "scoped")
    with pytest.raises(IllegalMove) as refused:
        case.does("scope", Actor("officer", "regulator"))
    assert set(refused.value.allowed) == {"approve", "attach", "hold", "note", "reject", "release"}
    with pytest.raises(IllegalMove) as refused:
        case.does("scope", Actor("reader", "analyst"))
    assert refused.value.allowed == ()
    assert "possible now: nothing" in str(refused.value)


class TestFourEyes:
    def test_who_made_a_scope_does_not_approve_it(self, graph: Tracegraph) -> None:
        case = reached(graph, "recall", "scoped")
        for role in ("investigator", "regulator", "admin"):
            with pytest.raises(IllegalMove, match="for another person than first"):
                case.does("approve", Actor("first", role))
        assert case.does("approve", SECOND).new

    @pytest.mark.parametrize("name", [" first", "First", "FIRST ", "ｆｉｒｓｔ"])
    def test_another_way_of_writing_a_name_is_no_other_person(self, graph: Tracegraph, name: str) -> None:
        with pytest.raises(IllegalMove, match="for another person"):
            reached(graph, "recall", "scoped").does("approve", Actor(name))

    def test_nobody_approves(self, graph: Tracegraph) -> None:
        with pytest.raises(IllegalMove, match="needs to know who does it"):
            reached(graph, "recall", "scoped").does("approve", Actor(" "))

    def test_what_nobody_made_is_not_approved(self, graph: Tracegraph) -> None:
        """It may have been made by the very person."""
        case = reached(graph, "recall", "assessing")
        case.does("scope", Actor(""))
        with pytest.raises(IllegalMove, match="nobody is named there"):
            case.does("approve", SECOND)

    def test_an_older_version_is_not_approved_by_who_made_it(self, graph: Tracegraph) -> None:
        """The second made the newest one, so that the first would be another person than its author."""
        case = reached(graph, "recall", "scoped")
        case.does("scope", SECOND)
        with pytest.raises(IllegalMove, match="for the last version of the scope, 2, and not for 1"):
            case.does("approve", FIRST, version="1")
        with pytest.raises(IllegalMove, match="for another person than second"):
            case.does("approve", SECOND, version="2")
        assert case.does("approve", FIRST, version="2").new

    def test_a_version_that_is_not_there_is_not_approved(self, graph: Tracegraph) -> None:
        case = reached(graph, "recall", "scoped")
        for version in ("2", "0", "1.0", "one"):
            with pytest.raises(IllegalMove, match="for the last version"):
                case.does("approve", SECOND, version=version)

    def test_who_completed_a_case_does_not_end_it(self, graph: Tracegraph) -> None:
        case = reached(graph, "recall", "completed")
        with pytest.raises(IllegalMove, match="for another person than first, who did complete"):
            case.does("terminate", FIRST)
        assert case.does("terminate", SECOND).new


def test_the_later_of_two_is_told_whatever_they_do(graph: Tracegraph) -> None:
    for action in ("assess", "scope", "hold", "cause", "note", "attach"):
        case = reached(graph, "recall", "assessing")
        case.does(action, FIRST, seen=2)
        with pytest.raises(CaseChanged, match=f"changed meanwhile \\({action} by first\\)"):
            case.does(action, SECOND, seen=2)
        case.does("note", SECOND, seen=3)
        assert [move.actor for move in case.file.moves[2:]] == ["first", "second"]


def test_what_came_in_between_looking_and_writing_is_told(graph: Tracegraph) -> None:
    """Both looked at the case before either wrote, and neither said how much of it she had seen."""
    case = reached(graph, "recall", "assessing")
    looked_at = case.file
    case.does("note", FIRST, text="first")
    before = graph.store.head().count
    with pytest.raises(CaseChanged, match="note by first"):
        act(graph.store, case.id, "note", {"text": "second"}, NOW, SECOND, before=looked_at)
    assert graph.store.head().count == before


def test_two_who_write_at_once_lose_nothing(graph: Tracegraph) -> None:
    """Each goes on until all that she has to say is recorded; whatever was refused she says again."""
    case = reached(graph, "recall", "assessing")

    def notes(name: str) -> None:
        with Tracegraph.open(graph.store.url) as own:
            left = [f"{name} {number}" for number in range(8)]
            while left:
                with suppress(CaseChanged):
                    own.recall_act(case.id, "note", {"text": left[0]}, actor=name)
                    del left[0]

    with ThreadPoolExecutor(2) as both:
        list(both.map(notes, ("kim", "lee")))
    found = case.file.of("note")
    assert [move.number for move in case.file.moves] == list(range(1, 2 + 16 + 1))
    for name in ("kim", "lee"):
        mine = [move for move in found if move.actor == name]
        assert [move.text("text") for move in mine] == [f"{name} {number}" for number in range(8)]


def test_a_key_that_is_used_again_does_nothing_again(graph: Tracegraph) -> None:
    for state, action in (("scoped", "approve"), ("assessing", "scope"), ("completed", "terminate"), ("open", "clear")):
        case = reached(graph, "recall", "assessing" if action == "clear" else state)
        first = case.does(action, SECOND, key="k")
        before = graph.store.head().count
        again = case.does(action, SECOND, key="k")
        assert (first.new, again.new, again.move) == (True, False, first.move)
        assert graph.store.head().count == before
