"""Status figures (21 CFR 7.53), and what changed since the last report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.end_to_end.building import opened, put
from tests.recall.accounting.stories import C1, C2, C3, PARTIES, case, dispose, reply
from tests.trace.balance.test_balance import counted
from tests.trace.shares.stories import L, M
from tracegraph import Tracegraph
from tracegraph.model.instants import parse_instant
from tracegraph.recall.accounting.answering import Accounting, Parties, accounting
from tracegraph.recall.accounting.disposals import told
from tracegraph.recall.accounting.figures import figures, notified
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

NOW = parse_instant("2026-04-01", "now")
FIRST, LATER = "2026-03-10", "2026-03-11T09:00:00Z"


@pytest.fixture(scope="module")
def graph() -> Iterator[Tracegraph]:
    with opened() as found:
        put(found, counted())
        yield found


def sent(consignee: str, at: str = FIRST, channel: str = "mail") -> tuple[str, dict[str, str]]:
    return "sent", {"notice": f"N {consignee}", "version": "1", "consignee": consignee, "channel": channel, "sent": at}


def check(consignee: str, result: str) -> tuple[str, dict[str, str]]:
    return "check", {"consignee": consignee, "method": "phone", "date": "2026-03-20", "result": result}


SAID = [
    sent(C1),
    sent(C2, LATER, "letter"),
    reply(C1, quantity=295, on_hand=40, sold=195, returned=60),
    check(C1, "effective"),
    check(C2, "not_reached"),
]


def asked(*said: tuple[str, Mapping[str, Any]]) -> CaseFile:
    return case(*said, units=(L, M), estimated_completion="2026-06-01")


def accounted(graph: Tracegraph, of: CaseFile) -> Accounting:
    parties = Parties(PARTIES.deliveries, PARTIES.names, notified(of, PARTIES.names.party))
    return accounting(of, Register(Snapshot.of(graph.store)), parties)


def reported(graph: Tracegraph, of: CaseFile) -> dict[str, Any]:
    return figures(of, accounted(graph, of), NOW)


def test_what_a_status_report_says(graph: Tracegraph) -> None:
    found = reported(graph, asked(*SAID))
    assert {name: found[name] for name in ("consignees", "notified", "responding", "not_responding")} == {
        "consignees": 3,
        "notified": 2,
        "responding": 1,
        "not_responding": 1,
    }
    assert found["silent"] == [C2]
    assert [(one["consignee"], one["sent"], one["method"]) for one in found["notices"]] == [
        (C1, FIRST, "mail"),
        (C2, LATER, "letter"),
    ]
    assert found["by_consignee"] == [
        {
            "consignee": C1,
            "unit": L,
            "shipped": "300",
            "on_hand_at_receipt": "100",
            "returned": "60",
            "destroyed": "0",
            "accounted": "295",
        }
    ]
    assert (found["shipped"], found["on_hand_at_receipt"], found["returned"]) == ("950", "100", "60")
    assert (found["checks"], found["results"]) == (2, {"effective": 1, "not_reached": 1})
    assert (found["estimated_completion"], found["since"], found["at"]) == (
        "2026-06-01",
        None,
        "2026-04-01T00:00:00Z",
    )


def test_what_changed_since_the_last_report(graph: Tracegraph) -> None:
    before = asked(*SAID)
    status = ("status", {"text": "first report", "estimated_completion": "2026-07-01"})
    later = asked(*SAID, status, sent(C3), reply(C2, on_hand=260), dispose(L, 50))
    at = 2 + len(SAID)
    later.moves[at].parts["figures"] = reported(graph, before)  # type: ignore[index]
    found = reported(graph, later)
    assert found["estimated_completion"] == "2026-07-01"
    assert (found["since"]["move"], found["since"]["at"]) == (at + 1, "2026-04-01T00:00:00Z")
    assert (
        found["since"]["changed"]
        == {
            "notified": {"before": 2, "more": 1},
            "responding": {"before": 1, "more": 1},
            "contradicting": {"before": 0, "more": 1},
            "on_hand_at_receipt": {"before": "100", "more": "260"},
            "disposed": {"before": "0", "more": "50"},
            "accounted": {"before": "295", "more": "260"},
            "unaccounted": {"before": "5", "more": "-10"},
            "recovered": {"before": "60", "more": "0"},
        }
        or "recovered" not in found["since"]["changed"]
    )


def test_amounts_in_another_unit_of_measure_are_not_compared(graph: Tracegraph) -> None:
    later = asked(*SAID, ("status", {}), sent(C3))
    later.moves[-2].parts["figures"] = reported(graph, asked(*SAID)) | {"unit": "LTR"}  # type: ignore[index]
    assert set(reported(graph, later)["since"]["changed"]) == {"notified", "not_responding"}


def test_the_percentages_of_the_notified(graph: Tracegraph) -> None:
    percentages = [one.to_dict("en") for one in accounted(graph, asked(*SAID)).ratios()]
    assert [(one["part"], one["of"]) for one in percentages[:2]] == [("2", "3"), ("1", "2")]


def test_cause_remedy_and_disposal_are_told_as_they_were_said() -> None:
    said = [
        ("cause", {"cause": "a pump was not cleaned"}),
        ("remedy", {"corrective": "cleaned", "preventive": "clean daily", "due": "2026-05-01"}),
        dispose(L, 50, witness="person:1", certificate="Z-1"),
    ]
    moves = case(*said).moves
    [cause], [remedy], [disposal] = (told(moves, action) for action in ("cause", "remedy", "dispose"))
    assert (cause["move"], cause["cause"], cause["by"]) == (3, "a pump was not cleaned", "somebody")
    assert (remedy["corrective"], remedy["due"], remedy["done"]) == ("cleaned", "2026-05-01", None)
    assert (disposal["quantity"], disposal["method"], disposal["witness"], disposal["certificate"]) == (
        "50",
        "destroyed",
        "person:1",
        "Z-1",
    )
