"""Is this unit blocked: in a store, through lots, containers, other numbers and clearings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recall.scope.plant import DAY, Plant, lot
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.intake.clearing import clear
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import instant_of
from tracegraph.recall.case import case_file
from tracegraph.recall.clearings import tasks
from tracegraph.recall.holds import all_holds, holds
from tracegraph.stores import open_store
from tracegraph.trace.snapshot import Snapshot

ANNA, BERT = Actor("anna", "admin"), Actor("bert", "admin")
#: When cases begin; events are of January 2026.
BEGIN = 1_900_000_000_000_000
LATER = BEGIN + 1000 * DAY

GOODS = """
    e1 d1 08:00 make lot A 100 kg at P alias A2
    e2 d1 08:00 make item i at P member of lot A
    e3 d1 08:00 make item j at P
    e4 d1 09:00 make tote T at P
    e5 d1 09:00 make tote U at P
    e6 d1 10:00 pack item i into tote T at P
    e7 d1 11:00 pack tote T into tote U at P
    e8 d1 12:00 make lot B 50 kg at P
"""


@pytest.fixture
def goods(plant: Plant) -> Plant:
    plant.clock = instant_of_day(1)
    return plant.tell(GOODS)


class Cases:
    """Moves of cases, an hour apart."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.store, self.clock = plant, plant.store, BEGIN

    def do(self, case: str, action: str, actor: Actor = ANNA, payload: Any = None, **fields: str) -> None:
        self.clock += DAY
        act(self.store, case, action, fields, self.clock, actor, "a reason", payload)

    def open(self, case: str = "C1", kind: str = "recall") -> Cases:
        self.do(case, "open", title="Sprouts", type=kind)
        return self

    def approve(self, case: str, number: int, **classes: str) -> None:
        entries = [{"unit": lot(name), "class": kind} for name, kind in classes.items()]
        self.do(case, "scope", payload={"number": number, "entries": entries})
        self.do(case, "approve", BERT, version=str(number))

    def clear(self, case: str, unit: str, onward: str = "no") -> None:
        self.clock += DAY
        clear(self.store, case, {"unit": unit, "onward": onward}, self.clock, ANNA, "a test and a visit")

    def through(self, *units: str, now: int = LATER) -> dict[str, set[str]]:
        """How each unit is blocked, by its short name: `part ` before what blocks a part only."""
        found = holds(self.store, units, now)
        return {
            one.asked.rpartition(":")[2]: {"part " * block.part + block.through for block in one.blocks}
            for one in found
        }


@pytest.fixture
def cases(goods: Plant) -> Cases:
    return Cases(goods)


EVERYTHING = (lot("A"), lot("A2"), "urn:x-item:i", "urn:x-item:j", "urn:x-tote:T", "urn:x-tote:U", lot("B"))


def test_nothing_is_blocked_without_a_case(cases: Cases) -> None:
    assert cases.through(*EVERYTHING) == {name: set() for name in ("A", "A2", "i", "j", "T", "U", "B")}
    cases.open()
    assert not any(cases.through(*EVERYTHING).values())


def test_a_lot_blocks_its_members_and_what_they_are_in(cases: Cases) -> None:
    cases.open().do("C1", "hold", units=lot("A2"))
    assert cases.through(*EVERYTHING) == {
        "A": {"itself"},
        "A2": {"itself"},
        "i": {"lot"},
        "j": set(),
        "T": {"part content"},
        "U": {"part content"},
        "B": set(),
    }


def test_an_item_blocks_a_part_of_its_lot_and_of_its_containers(cases: Cases) -> None:
    cases.open().do("C1", "hold", units="urn:x-item:i")
    assert cases.through(*EVERYTHING) == {
        "A": {"part member"},
        "A2": {"part member"},
        "i": {"itself"},
        "j": set(),
        "T": {"part content"},
        "U": {"part content"},
        "B": set(),
    }


def test_a_container_blocks_what_was_in_it_meanwhile(cases: Cases) -> None:
    """The item is taken out later, as the events say, than the hold; another one is put in after that."""
    cases.clock = instant_of_day(3)
    cases.open().do("C1", "hold", units="urn:x-tote:U")
    cases.plant.tell(
        """
        f1 d9 08:00 unpack item i from tote T at P
        f2 d9 09:00 pack item j into tote T at P
        f3 d9 10:00 pack lot B 20 kg into tote U at P
        """
    )
    assert cases.through(*EVERYTHING) == {
        "A": set(),
        "A2": set(),
        "i": {"container"},
        "j": {"container"},
        "T": {"container"},
        "U": {"itself"},
        "B": {"part container"},
    }
    (found,) = holds(cases.store, ["urn:x-item:j"], LATER)
    assert found.blocks[0].since == instant_of_day(9) + 9 * DAY // 24


def test_what_had_left_a_container_before_is_free(cases: Cases) -> None:
    cases.plant.tell("f1 d2 08:00 unpack item i from tote T at P")
    cases.clock = instant_of_day(3)
    cases.open().do("C1", "hold", units="urn:x-tote:T")
    assert cases.through("urn:x-item:i", "urn:x-tote:U") == {"i": set(), "U": {"part content"}}


def instant_of_day(day: int) -> int:
    from datetime import UTC, datetime

    return instant_of(datetime(2026, 1, day, tzinfo=UTC))


def test_which_case_since_when_and_why(cases: Cases) -> None:
    cases.open("C1").open("C2", "hold")
    cases.do("C2", "hold", units=f"{lot('A')}; {lot('B')}", until="2040-01-01")
    cases.approve("C1", 1, A="affected")
    (row,) = (one.to_dict() for one in holds(cases.store, [lot("A2")], LATER))
    assert (row["unit"], row["known"], row["blocked"], row["part"]) == (lot("A"), True, True, False)
    assert [(one["case"], one["move"], one["action"], one["class"], one["type"]) for one in row["holds"]] == [
        ("C2", 2, "hold", None, "hold"),
        ("C1", 3, "approve", "affected", "recall"),
    ]
    assert row["since"] == row["holds"][0]["since"] == "2030-03-20T17:46:40Z"
    assert [one["disposition"] for one in row["holds"]] == ["non_sellable_other", "recalled"]
    assert (row["holds"][0]["reason"], row["holds"][0]["actor"]) == ("a reason", "anna")
    listed = [(one.unit, one.case) for one in all_holds(Snapshot.of(cases.store), LATER)]
    assert listed == [(lot("A"), "C1"), (lot("A"), "C2"), (lot("B"), "C2")]


def test_known_time(cases: Cases) -> None:
    cases.open()
    before = cases.clock
    cases.do("C1", "hold", units=lot("A"))
    assert holds(cases.store, [lot("A")], LATER, as_of=before)[0].blocks == ()
    assert holds(cases.store, [lot("A")], LATER, as_of=cases.clock)[0].blocks != ()


def test_what_is_not_known_is_said(cases: Cases) -> None:
    cases.open().do("C1", "hold", units=lot("never-seen"))
    found = [one.to_dict() for one in holds(cases.store, [lot("Z"), lot("never-seen")], LATER)]
    assert [(row["known"], row["blocked"]) for row in found] == [(False, False), (False, True)]


def test_a_clearing_lifts_the_scope_while_it_stands(cases: Cases) -> None:
    cases.open()
    cases.approve("C1", 1, A="affected", B="affected")
    cases.clear("C1", lot("A2"))
    assert cases.through(lot("A"), "urn:x-item:i", lot("B")) == {"A": set(), "i": set(), "B": {"itself"}}
    assert tasks(case_file(cases.store, "C1"), Snapshot.of(cases.store)) == []
    cases.plant.clock = cases.clock
    cases.plant.record("evidence", evidence="X1", unit=lot("A"), at="2030-01-01", result="positive")
    assert cases.through(lot("A"), "urn:x-item:i") == {"A": {"itself"}, "i": {"lot"}}
    (task,) = tasks(case_file(cases.store, "C1"), Snapshot.of(cases.store))
    assert task.to_dict() == {
        "task": "clearing_lapsed",
        "case": "C1",
        "unit": lot("A"),
        "move": 4,
        "because": "evidence X1",
    }
    cases.clear("C1", lot("A"))
    assert cases.through(lot("A")) == {"A": set()}
    assert tasks(case_file(cases.store, "C1"), Snapshot.of(cases.store)) == []
    cases.plant.clock = cases.clock
    cases.plant.withdraw("override", unit=lot("A"))
    assert cases.through(lot("A")) == {"A": {"itself"}}
    (task,) = tasks(case_file(cases.store, "C1"), Snapshot.of(cases.store))
    assert (task.kind, task.move) == ("clearing_taken_back", 5)


def test_a_version_that_took_a_unit_as_cleared_blocks_it_once_that_lapsed(cases: Cases) -> None:
    cases.open().do("C1", "assess", title="Sprouts")
    cases.clear("C1", lot("A"))
    cases.approve("C1", 1, A="cleared")
    assert cases.through(lot("A")) == {"A": set()}
    cases.plant.clock = cases.clock
    cases.plant.tell("f1 d5 08:00 ship lot A 10 kg P -> Q")
    assert cases.through(lot("A")) == {"A": {"itself"}}


def test_a_clearing_lifts_no_hold_that_people_set(cases: Cases) -> None:
    cases.open().do("C1", "assess", title="Sprouts")
    cases.do("C1", "hold", units=lot("A"))
    cases.clear("C1", lot("A"))
    assert cases.through(lot("A")) == {"A": {"itself"}}
    cases.do("C1", "release", units=lot("A"))
    assert cases.through(lot("A")) == {"A": set()}


def test_a_clearing_is_stored_with_its_move_or_not_at_all(cases: Cases) -> None:
    cases.open()
    store, fields = cases.store, {"unit": lot("A")}
    count = store.head().count
    with pytest.raises(UsageError, match="person"):
        clear(store, "C1", fields, LATER, Actor(""), "a test")
    with pytest.raises(UsageError, match="reason"):
        clear(store, "C1", fields, LATER, ANNA, " ")
    with pytest.raises(UnknownIdentifier):
        clear(store, "C1", {"unit": lot("Z")}, LATER, ANNA, "a test")
    with pytest.raises(Exception, match="clear is not possible"):
        clear(store, "C1", fields, LATER, ANNA, "a test")
    assert store.head().count == count
    cases.do("C1", "assess", title="Sprouts")
    first = clear(store, "C1", {"unit": lot("A2")}, LATER, ANNA, "a test", key="k")
    again = clear(store, "C1", {"unit": lot("A2")}, LATER + DAY, ANNA, "a test", key="k")
    assert (first.new, again.new, again.move) == (True, False, first.move)
    (override,) = store.records("override")
    assert (override.record.id, override.actor, override.record.source) == (lot("A"), "anna", "recall C1")
    assert override.recorded_at == LATER


def test_who_holds_or_releases_says_why(cases: Cases) -> None:
    cases.open()
    for action in ("hold", "release"):
        with pytest.raises(UsageError, match=f"{action} needs a reason"):
            act(cases.store, "C1", action, {"units": lot("A")}, LATER, ANNA, " ")
    assert len(case_file(cases.store, "C1").moves) == 1


# an oracle

ITEMS, TOTES = ("i", "j", "k"), ("T", "U")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pack"), st.sampled_from((*ITEMS, "T")), st.sampled_from(TOTES)),
        st.tuples(st.just("unpack"), st.sampled_from((*ITEMS, "T")), st.just("")),
        st.tuples(st.sampled_from(("hold", "release")), st.sampled_from((*ITEMS, *TOTES, "A")), st.just("")),
    ),
    max_size=12,
)


def key(name: str) -> str:
    return f"urn:x-{'lot' if name == 'A' else 'tote' if name in TOTES else 'item'}:{name}"


class World:
    """What is where on each day, and what is on hold: told to a store, and remembered day by day."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.cases = plant, Cases(plant)
        plant.clock = instant_of_day(1) - DAY
        table = "\n".join(f"m{name} d1 08:00 make item {name} at P member of lot A" for name in ITEMS[:2])
        plant.tell(table + "\nmk d1 08:00 make item k at P\nmT d1 08:00 make tote T at P\nmU d1 08:00 make tote U at P")
        self.cases.clock = instant_of_day(1)
        self.cases.open()
        self.inside: dict[str, str] = {}
        self.held: dict[str, int] = {}
        self.days: list[dict[str, str]] = []

    def step(self, day: int, what: str, name: str, into: str) -> None:
        """Whatever is possible on that day: what people say at its begin, what happens at eight."""
        self.plant.clock = self.cases.clock = instant_of_day(day) - DAY
        word = "tote" if name in TOTES else "item"
        if what == "pack" and name not in self.inside and name != into and self.inside.get(into) != name:
            self.plant.tell(f"e{day} d{day} 08:00 pack {word} {name} into tote {into} at P")
            self.inside[name] = into
        elif what == "unpack" and name in self.inside:
            into = self.inside.pop(name)
            self.plant.tell(f"e{day} d{day} 08:00 unpack {word} {name} from tote {into} at P")
        elif what in ("hold", "release"):
            self.cases.do("C1", what, units=key(name))
            if what == "release":
                self.held.pop(name, None)
            else:
                self.held.setdefault(name, day)
        self.days.append(dict(self.inside))

    def directly(self, name: str) -> bool:
        return name in self.held or (name in ITEMS[:2] and "A" in self.held)

    def blocked(self, name: str) -> bool:
        """By its own hold or its lot's, by a container that it was in on a day of the hold, or by a part."""
        if self.directly(name) or (name == "A" and any(one in self.held for one in ITEMS[:2])):
            return True
        for day, inside in enumerate(self.days, 2):
            if any(self.held.get(outer, 99) <= day for outer in _around(name, inside)):
                return True
        return any(self.directly(one) for one in (*ITEMS, *TOTES) if name in _around(one, self.inside))


def _around(name: str, inside: dict[str, str]) -> Iterator[str]:
    while name in inside:
        name = inside[name]
        yield name


@given(STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_an_oracle_says(tmp_path: Path, steps: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder, closing(open_store(f"sqlite:///{folder}/store.db")) as store:
        world = World(Plant(store))
        for day, (what, name, into) in enumerate(steps, 2):
            world.step(day, what, name, into)
        names = (*ITEMS, *TOTES, "A")
        found = holds(store, [key(name) for name in names], LATER)
        assert {name: bool(one.blocks) for name, one in zip(names, found, strict=True)} == {
            name: world.blocked(name) for name in names
        }
