"""The simulator itself: its worlds are well-formed, its truth is consistent, its runs meet every row."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulator.chapters import CARELESS, RECORDED
from tests.simulator.clerk import Event
from tests.simulator.identifiers import with_check_digit
from tests.simulator.judge import Program, judge
from tests.simulator.physical import Goods, Portion
from tests.simulator.rows import Coverage
from tests.simulator.world import World, make_world, tell

ACTIONS = {"ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent"}
OBJECTS = {"epcList", "quantityList", "childEPCs", "childQuantityList", "parentID"}
SIDES = {"inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList"}


def world_of(number: int, kind: str) -> World:
    return make_world(seed=7, number=number, kind=kind)


def faults(event: Event) -> list[str]:
    """What the EPCIS 2.0 schema would not accept."""
    found = [f"no {name}" for name in ("eventTime", "eventTimeZoneOffset", "type") if name not in event]
    found += [f"empty {name}" for name, value in event.items() if value in (None, [], "", {})]
    kind, action = event["type"], event.get("action")
    if (kind in ACTIONS) != (action in ("ADD", "OBSERVE", "DELETE")):
        found.append("action")
    if kind == "TransformationEvent":
        sides = {name[:5] for name in SIDES & event.keys()}
        found += ["one side only"] if not sides or (len(sides) == 1 and "transformationID" not in event) else []
    elif not OBJECTS & event.keys():
        found.append("no objects")
    if kind in ("AggregationEvent", "AssociationEvent") and action != "DELETE":
        found += (
            ["no children"] if not {"childEPCs", "childQuantityList"} & event.keys() or "parentID" not in event else []
        )
    if kind == "TransactionEvent" and "bizTransactionList" not in event:
        found.append("no transaction")
    if "ilmd" in event and kind != "TransformationEvent" and action != "ADD":
        found.append("ilmd")
    quantities = [element for name, value in event.items() if name.endswith("uantityList") for element in value]
    found += ["uom without quantity" for element in quantities if "uom" in element and "quantity" not in element]
    return found + ["quantity" for element in quantities if element.get("quantity", 1) <= 0]


@pytest.mark.parametrize("kind", ["recorded", "lossy"])
def test_every_event_is_well_formed(kind: str) -> None:
    for number in range(12):
        events = world_of(number, kind).document["epcisBody"]["eventList"]
        assert not [(faults(event), event) for event in events if faults(event)]


@pytest.mark.parametrize("kind", ["recorded", "lossy"])
def test_truth_is_symmetric(kind: str) -> None:
    """What went into what is the same relation from both ends; carriers and members make a start wider."""
    for number in range(12):
        world = world_of(number, kind)
        plain = world.units.keys() - world.wider
        for key in plain:
            for other in set(world.units[key].forward) & plain:
                assert key in world.units[other].backward
            for other in set(world.units[key].backward) & plain:
                assert key in world.units[other].forward


def test_the_same_seed_gives_the_same_world() -> None:
    first, again, other = (json.dumps(make_world(seed, 3, "lossy").as_json()) for seed in (5, 5, 6))
    assert first == again != other


def test_sixty_worlds_meet_every_row() -> None:
    met = Coverage()
    for number in range(30):
        for kind in ("recorded", "lossy"):
            met.add(world_of(number, kind).rows)
    assert not met.never()


def test_every_chapter_makes_a_world_of_more_than_one_unit() -> None:
    for chapter in RECORDED + CARELESS:
        for number in range(4):
            world = tell([chapter], f"{chapter.__name__} {number}", "lossy")
            assert any(len(unit.forward) > 1 for unit in world.units.values()), chapter.__name__


def test_each_mistake_is_declared_in_the_document() -> None:
    declaring = [chapter for chapter in RECORDED if "take_back" in chapter.__name__ or "taken_back" in chapter.__name__]
    assert len(declaring) == 4
    for chapter in declaring:
        events = tell([chapter], chapter.__name__, "recorded").document["epcisBody"]["eventList"]
        assert len([event for event in events if "errorDeclaration" in event]) == 1


def test_nothing_of_the_product_is_imported() -> None:
    for path in Path(__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "tracegraph"], path


def test_an_emptied_pool_forgets_and_a_shared_one_mixes() -> None:
    goods, here = Goods(), ("site", "a")
    for unit in ("first", "second", "third"):
        goods.make(unit, here, Decimal(1))
    goods.make("lot", here, Decimal(4), [goods.take("first", here)])
    goods.make("mixed", here, Decimal(1), [goods.take("lot", here)])
    goods.make("lot", here, Decimal(4), [goods.take("second", here)])
    goods.make("clean", here, Decimal(1), [goods.take("lot", here, Decimal(1))])
    goods.make("lot", here, Decimal(4), [goods.take("third", here)])
    goods.make("both", here, Decimal(1), [goods.take("lot", here, Decimal(1))])
    assert goods.forward("first") == {"first", "lot", "mixed"}
    assert goods.backward("clean") == {"clean", "lot", "second"}
    assert goods.backward("both") == {"both", "lot", "second", "third"}


def test_a_carrier_knows_its_loads_and_not_what_stayed_outside() -> None:
    goods, here = Goods(), ("site", "a")
    for unit in ("lot", "tote", "pallet"):
        goods.make(unit, here, Decimal(3))
    goods.put(goods.take("lot", here, Decimal(1)), ("inside", "tote"))
    goods.make("outside", here, Decimal(1), [goods.take("lot", here)])
    goods.put(goods.take("tote", here), ("inside", "pallet"))
    goods.make("inside", here, Decimal(1), [goods.take("lot", ("inside", "tote"))])
    for carrier in ("tote", "pallet"):
        assert {"lot", "inside"} <= goods.forward(carrier)
        assert "outside" not in goods.forward(carrier)
        assert "lot" in goods.backward(carrier)


def test_nobody_takes_what_is_not_there() -> None:
    goods, here = Goods(), ("site", "a")
    goods.put(Portion("lot", Decimal(2), frozenset({"lot"})), here)
    with pytest.raises(ValueError, match="only 2 there"):
        goods.take("lot", here, Decimal(3))


def test_check_digits() -> None:
    assert with_check_digit("0401234512345") == "04012345123456"


STAND_IN = """
import json, sys
world, mode = json.load(open(sys.argv[1])), sys.argv[2]
if "trace" in sys.argv:
    direction, certainty = sys.argv[sys.argv.index("trace") + 1], sys.argv[sys.argv.index("--certainty") + 1]
    starts = {name: key for key, unit in world["units"].items() for name in unit["ask"]}
    for line in sys.stdin.read().splitlines():
        found = world["truth"][starts[line]][direction]
        found = {"truth": found, "all": list(world["truth"]), "start": [starts[line]]}[mode]
        print(json.dumps({"result": {"units": [{"id": unit, "certainty": "confirmed"} for unit in found]}}))
"""


@pytest.mark.parametrize(("mode", "right"), [("truth", True), ("all", False), ("start", False)])
@pytest.mark.parametrize("kind", ["recorded", "lossy"])
def test_the_judge_tells_truth_from_too_much_and_too_little(kind: str, mode: str, right: bool, tmp_path: Path) -> None:
    world = world_of(1, kind)
    (tmp_path / "stand_in.py").write_text(STAND_IN, encoding="utf-8")
    (tmp_path / "kept.json").write_text(json.dumps(world.as_json()), encoding="utf-8")
    command = (sys.executable, str(tmp_path / "stand_in.py"), str(tmp_path / "kept.json"), mode)
    verdict = judge(world, Program(command, "none"), tmp_path)
    assert (not verdict.wrong) == right
    assert verdict.traces == 4 * len(world.units)


@pytest.mark.parametrize("kind", ["recorded", "lossy"])
@pytest.mark.parametrize("number", [0, 1])
def test_the_command_line_answers_rightly(kind: str, number: int, tmp_path: Path) -> None:
    """Whole worlds, shuffled, in three batches; many more by `python -m tests.simulator` (docs/simulator.md)."""
    command = shutil.which("tracegraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert command, "the package is not installed: `make test` installs it"
    world = world_of(number, kind)
    verdict = judge(world, Program((command,), f"sqlite:///{tmp_path}/world.db"), tmp_path, shuffled=True)
    assert not verdict.wrong
    assert verdict.traces
