"""Goldens of the custody graph, worked out by hand from its normative text: goldens/*.txt, one table per sentence.

Each is compiled in the order of its lines, backwards and shuffled; the answers must be the same and as expected.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.timeline.expectations import Difference, Golden, differences, read_goldens
from tracegraph.model.custody import Timeline
from tracegraph.model.facts import EventFacts
from tracegraph.timeline import compile_world

FOLDER = Path(__file__).parent / "goldens"
GOLDENS = [
    golden for path in sorted(FOLDER.glob("*.txt")) for golden in read_goldens(path.stem, path.read_text("utf-8"))
]


def explain(golden: Golden, found: Sequence[Difference]) -> str:
    """What a reader needs to judge the failure: the sentence, the table, and expected against actual."""
    lines = [f"{golden.file}: {golden.title}", *golden.sections["shows"], "", *golden.sections["events"]]
    for difference in found:
        lines += ["", f"{difference.section}: (- the golden, + the compiled world)"]
        lines += [line for line in difflib.ndiff(difference.expected, difference.actual) if not line.startswith("?")]
    return "\n".join(lines)


def orders(events: Sequence[EventFacts]) -> Mapping[str, list[EventFacts]]:
    """The events backwards and in one shuffled order."""
    shuffled = list(events)
    random.Random(len(events)).shuffle(shuffled)
    return {"backwards": list(reversed(events)), "shuffled": shuffled}


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: f"{golden.file}: {golden.title}")
def test_golden(golden: Golden) -> None:
    world = golden.world()
    compiled = compile_world(world.events, world.master)
    found = differences(golden, compiled, world)
    if found:
        pytest.fail(explain(golden, found), pytrace=False)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: f"{golden.file}: {golden.title}")
def test_arrival_order_does_not_matter(golden: Golden) -> None:
    world = golden.world()
    compiled = contents(compile_world(world.events, world.master))
    for order, events in orders(world.events).items():
        assert contents(compile_world(events, world.master)) == compiled, f"{golden.title}: {order}"


def contents(compiled: Mapping[str, Timeline]) -> dict[str, tuple[object, ...]]:
    """What was compiled, without the order in which a timeline happens to list it."""
    return {
        owner: (
            timeline.kind,
            frozenset(timeline.holdings),
            frozenset(timeline.joints),
            frozenset(timeline.legs),
            frozenset(timeline.gaps),
        )
        for owner, timeline in compiled.items()
    }


@pytest.mark.parametrize("section", ["01", "02", "03", "04", "05", "06", "07", "08", "09", "11"])
def test_every_section_has_goldens(section: str) -> None:
    assert any(golden.file.startswith(section) for golden in GOLDENS)


def test_titles_are_unique() -> None:
    titles = [(golden.file, golden.title) for golden in GOLDENS]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: f"{golden.file}: {golden.title}")
def test_every_name_that_is_expected_is_in_the_events(golden: Golden) -> None:
    """A mistyped holding in an expectation of *nothing reached* would otherwise pass unseen."""
    known = set(golden.world().names.shown.values())
    for line in golden.sections.get("reach", ()):
        start = line.split(" forward ")[0].split(" backward ")[0]
        assert start.split("@")[0] in known, line
