"""Gate 4: random acts on a real store, against an oracle. `make torture` tries many more."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.torture.machine import CarelessMachine, CustodyMachine


@pytest.mark.parametrize("machine", [CustodyMachine, CarelessMachine])
def test_gate_4_random_acts_against_an_oracle(machine: type[CustodyMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=8, stateful_step_count=20))
