"""Random trade in which lot numbers get lost, with goods that really left as the assumption says: whatever site a lot
truly came to is among those that the assumption finds."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.end_to_end.building import Event, opened, put
from tests.trace.infer.test_infer import PRODUCT, born, moved

SITES = ("farm", "hub", "plant", "shop", "kiosk")
LOTS = [f"{PRODUCT}/10/{name}" for name in "ABC"]


@dataclass
class Layer:
    """Goods at a site in the order in which they came: of which lot they are, what their label says, kilograms."""

    truth: str
    label: str
    kilos: int


@dataclass
class Trade:
    """Shelves by site, the events that a clerk wrote, and where each lot truly was."""

    shelves: dict[str, list[Layer]] = field(default_factory=lambda: defaultdict(list))
    events: list[Event] = field(default_factory=list)
    truth: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def put(self, site: str, layers: list[Layer]) -> None:
        self.shelves[site] += layers
        for layer in layers:
            self.truth[layer.truth].add(site)

    def take(self, site: str, label: str, kilos: int, mode: str) -> list[Layer]:
        """From the shelf: goods with that label, or, without one, whatever is first or last."""
        taken = []
        shelf = self.shelves[site]
        for layer in list(shelf) if mode == "fifo" else reversed(list(shelf)):
            amount = min(kilos, layer.kilos) if label in (PRODUCT, layer.label) else 0
            if amount:
                taken.append(Layer(layer.truth, label, amount))
                layer.kilos -= amount
                kilos -= amount
        self.shelves[site] = [layer for layer in shelf if layer.kilos]
        return taken


def traded(seed: int, mode: str) -> Trade:
    """Each lot is born at the farm or the hub; then parts of what is somewhere move on, half of them unnumbered."""
    chance, trade = random.Random(seed), Trade()
    for number, lot in enumerate(LOTS):
        site, kilos = chance.choice(SITES[:2]), chance.randint(2, 9)
        trade.events.append(born(number, lot, site, kilos))
        trade.put(site, [Layer(lot, lot, kilos)])
    for step in range(chance.randint(2, 7)):
        site = chance.choice([site for site in SITES if trade.shelves[site]])
        to = chance.choice([other for other in SITES if other != site])
        label = chance.choice([PRODUCT, chance.choice(trade.shelves[site]).label])
        there = sum(layer.kilos for layer in trade.shelves[site] if label in (PRODUCT, layer.label))
        kilos = chance.randint(1, there)
        trade.events += moved(10 * step + 10, label, site, to, kilos)
        trade.put(to, trade.take(site, label, kilos, mode))
    return trade


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(["fifo", "lifo"]), st.booleans())
def test_wherever_a_lot_was_is_found(seed: int, mode: str, in_a_window: bool) -> None:
    trade = traded(seed, mode)
    with opened() as graph:
        put(graph, trade.events)
        for lot in LOTS:
            answer = graph.trace(lot, infer="window" if in_a_window else mode)
            found = {one["id"].removeprefix("urn:x-site:") for one in answer.sites}
            assert trade.truth[lot] <= found
