"""Gate 5, what the adversarial graphs of tests/end_to_end and tests/timeline do not show: likeness of names, reissued
serials, paths of different times."""

from __future__ import annotations

from tests.end_to_end.building import CERTAINTIES, born, event, item, lot, made, opened, put, site, traced

RAW, OTHER, MIXED, FIRST, SECOND = (lot(name) for name in ("raw", "other", "mixed", "first", "second"))
SERIAL = item("serial 7")


def test_gate_5_the_same_lot_number_at_two_firms() -> None:
    """Two makers give lot 17, as GS1 lots and as lots of their own counting: four lots, never mixed."""
    numbers = [
        "urn:epc:class:lgtin:4012345.012345.17",
        "urn:epc:class:lgtin:9521234.012345.17",
        "https://dairy.example/lots/17",
        "https://mill.example/lots/17",
    ]
    told = []
    for place, number in enumerate(numbers):
        told += [
            born(2 * place, number, "x") | {"epcList": None, "quantityList": [{"epcClass": number, "quantity": 5}]},
            made(2 * place + 1, [number], [lot(f"of {place}")], "x", 5, 5),
        ]
    with opened() as graph:
        put(graph, [{name: value for name, value in one.items() if value is not None} for one in told])
        for certainty in CERTAINTIES:
            for place in range(len(numbers)):
                forward = traced(graph, numbers[place], "forward", certainty)
                assert len(forward) == 2
                assert lot(f"of {place}") in forward
                assert traced(graph, lot(f"of {place}"), "backward", certainty) == forward


def test_gate_5_a_serial_that_is_given_again() -> None:
    """The first life of the serial went into one product, the second into another; neither is in the other."""
    told = []
    for minute, (source, product) in enumerate([(RAW, FIRST), (OTHER, SECOND)]):
        told += [
            born(10 * minute, source, "x", 10),
            event(
                "TransformationEvent",
                10 * minute + 1,
                bizStep="commissioning",
                inputQuantityList=[{"epcClass": source, "quantity": 10, "uom": "KGM"}],
                outputEPCList=[SERIAL],
                readPoint={"id": site("x")},
            ),
            event(
                "TransformationEvent",
                10 * minute + 2,
                bizStep="commissioning",
                inputEPCList=[SERIAL],
                outputQuantityList=[{"epcClass": product, "quantity": 10, "uom": "KGM"}],
                readPoint={"id": site("x")},
            ),
        ]
    with opened() as graph:
        put(graph, told)
        for certainty in CERTAINTIES:
            assert traced(graph, RAW, "forward", certainty) == {RAW, SERIAL, FIRST}
            assert traced(graph, OTHER, "forward", certainty) == {OTHER, SERIAL, SECOND}
            assert traced(graph, FIRST, "backward", certainty) == {FIRST, SERIAL, RAW}
            assert traced(graph, SERIAL, "forward", certainty) == {SERIAL, FIRST, SECOND}


def test_gate_5_two_paths_of_different_times() -> None:
    """Raw goods get into a mixture early by one way and late by another; what was taken between holds the early ones
    only, and what another source brought late is not in it."""
    early, late = lot("early"), lot("late")
    with opened() as graph:
        put(
            graph,
            [
                born(0, RAW, "x", 20),
                born(0, OTHER, "x", 10),
                made(1, [RAW], [early], "x", 10, 10),
                made(2, [early], [MIXED], "x", 10, 10),
                made(3, [MIXED], [FIRST], "x", 4, 4),
                made(4, [RAW, OTHER], [late], "x", 10, 10),
                made(5, [late], [MIXED], "x", 10, 10),
                made(6, [MIXED], [SECOND], "x", 4, 4),
            ],
        )
        for certainty in CERTAINTIES:
            assert traced(graph, RAW, "forward", certainty) == {RAW, early, late, MIXED, FIRST, SECOND}
            assert traced(graph, OTHER, "forward", certainty) == {OTHER, late, MIXED, SECOND}
            assert traced(graph, late, "forward", certainty) == {late, MIXED, SECOND}
            assert traced(graph, FIRST, "backward", certainty) == {FIRST, MIXED, early, RAW}
