"""A real store under random acts, against an oracle: transform, split, merge, pack, unpack, ship, correct, late,
retract."""

from __future__ import annotations

from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.end_to_end.building import (
    CERTAINTIES,
    DIRECTIONS,
    Event,
    born,
    every_answer,
    lot,
    opened,
    put,
    retraction,
    traced,
)
from tests.torture.custody_world import TOTES, World
from tests.torture.oracle import inverted

#: Chances by seed: hypothesis' own ones prefer the first of everything, and then little happens.
chances = some.integers(0, 2**32).map(Random)


#: Any seed, no time limit, nothing kept; a failing story is told as it was, because making it smaller takes minutes.
SEARCH = settings(
    stateful_step_count=20,
    derandomize=False,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class CustodyMachine(RuleBasedStateMachine):
    """Careful clerk: confirmed = possible = truth, once everything that happened has been told."""

    careless = False

    @initialize(chance=chances)
    def begin(self, chance: Random) -> None:
        self.world = World(careless=self.careless)
        self.context = opened()
        self.graph = self.context.__enter__()
        self.told: list[Event] = []  # as captured, in that order
        self.live: list[Event] = []  # what stays
        self.pending: list[list[Event]] = []  # late events; corrections; retractions
        self.checked = True
        self._tell(self.world.tote(chance.choice))
        self._tell(self.world.birth(chance.choice))

    def teardown(self) -> None:
        if hasattr(self, "graph"):
            while self.pending:
                self._capture(self.pending.pop())
            self.what_truly_happened()
            self._late_equals_in_order()
            self.context.__exit__(None, None, None)

    # what happens

    @rule(count=some.integers(1, 5), chance=chances)
    def acts(self, count: int, chance: Random) -> None:
        acts = [self.world.act(chance.choice) for _ in range(count)]
        told = [one for one in acts if one]
        self.live += told
        self._capture(told)

    @rule(chance=chances)
    def act_told_late(self, chance: Random) -> None:
        told = self.world.act(chance.choice)
        if told:
            self.live.append(told)
            self.pending.append([told])

    @rule(chance=chances)
    def act_told_wrong_and_corrected(self, chance: Random) -> None:
        """The clerk names another site; later takes it back and tells how it was."""
        told = self.world.act(chance.choice)
        if told:
            wrong = told | {"readPoint": {"id": "urn:x-site:wrong"}, "eventID": f"{told['eventID']}.wrong"}
            self._capture([wrong])
            self.live.append(told)
            self.pending.append([retraction(wrong), told])

    @rule(minute=some.integers(0, 30), chance=chances)
    def something_that_never_happened(self, minute: int, chance: Random) -> None:
        """Recorded of a lot that is there, and taken back later."""
        unit = chance.choice(self.world.units())
        wrong = born(minute, unit if unit.startswith("urn:x-lot") else lot("ghost"), "y", 7)
        wrong |= {"eventID": f"urn:x-event:never{len(self.told)}"}
        self._capture([wrong])
        self.pending.append([retraction(wrong)])

    @precondition(lambda self: bool(self.pending))
    @rule(chance=chances)
    def pending_comes(self, chance: Random) -> None:
        self._capture(self.pending.pop(chance.randrange(len(self.pending))))

    # what must hold

    @precondition(lambda self: not self.pending and not self.checked)
    @rule()
    def what_truly_happened(self) -> None:
        truth = self.world.oracle.truth()
        answers = {
            (direction, certainty): self._traces(direction, certainty)
            for direction in DIRECTIONS
            for certainty in CERTAINTIES
        }
        for certainty in CERTAINTIES:
            assert inverted(answers["forward", certainty]) == answers["backward", certainty]
        for unit, expected in truth.items():
            confirmed, possible = (answers["forward", certainty].get(unit, {unit}) for certainty in CERTAINTIES)
            assert confirmed <= expected <= possible, (unit, confirmed, expected, possible)
            if not self.careless:
                assert confirmed == possible, (unit, confirmed, possible)
        self.checked = True

    @rule(minute=some.integers(0, 30))
    def an_unrelated_event(self, minute: int) -> None:
        """It changes no byte of any other answer."""
        before = every_answer(self.graph, self.world.units()[:6])
        self._tell(born(minute, lot(f"unrelated{len(self.told)}"), "elsewhere", 3))
        assert every_answer(self.graph, self.world.units()[:6]) == before

    def _late_equals_in_order(self) -> None:
        """The same as if everything had come in time, once, and nothing wrong had been told."""
        units = self.world.units()
        with opened() as fresh:
            put(fresh, sorted(self.live, key=lambda told: str(told["eventTime"])))
            assert every_answer(self.graph, units) == every_answer(fresh, units)

    def _tell(self, told: Event | None) -> None:
        if told:
            self.live.append(told)
            self._capture([told])

    def _capture(self, told: list[Event]) -> None:
        self.told += told
        if told:
            put(self.graph, told)
        self.checked = False

    def _traces(self, direction: str, certainty: str) -> dict[str, set[str]]:
        """Each unit with what a trace reaches, totes aside."""
        known = {unit.key for unit in self.graph.store.units()}
        units = [unit for unit in self.world.units() if unit in known]
        return {unit: traced(self.graph, unit, direction, certainty, contents=False) - {*TOTES} for unit in units}


class CarelessMachine(CustodyMachine):
    """Careless clerk: confirmed within truth, truth within possible."""

    careless = True


#: Stories of one round.
STORIES_TOLD = 5


def careful_acts(chance: Random, folder: Path) -> str:
    """Some stories of a careful clerk."""
    return _stories(CustodyMachine, chance)


def careless_acts(chance: Random, folder: Path) -> str:
    """Some stories of a careless clerk."""
    return _stories(CarelessMachine, chance)


def _stories(machine: type[CustodyMachine], chance: Random) -> str:
    seeded = seed(chance.randrange(2**32))(machine)
    run_state_machine_as_test(seeded, settings=settings(SEARCH, max_examples=STORIES_TOLD))
    return "rounds as the oracle says"
