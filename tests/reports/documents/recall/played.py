"""A case played on the chain of four tiers: two scope versions, notices, replies, checks, a status report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.recall.case.told_paths import payload_of
from tests.recall.loop.network import EAST, MILL, ONE, PACKER, early, late, write
from tracegraph import Tracegraph
from tracegraph.intake.recalling import Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.accounting.consigned import case_account
from tracegraph.recall.accounting.figures import status_payload
from tracegraph.recall.case import case_file
from tracegraph.recall.consignees import consignees
from tracegraph.recall.effectiveness import Candidate, draw_payload
from tracegraph.recall.notices import notices_payload, to_prepare
from tracegraph.recall.scope import ask_scope, scope
from tracegraph.trace.snapshot import Snapshot

CASE = "R-1"
CONTACT, SIGNER = (f"person:{number:032x}" for number in (1, 2))
HOUR = 3600 * 10**6
FACTS = {
    "title": "Flour of February",
    "product": "Flour",
    "owner": f"{MILL}/dock",
    "hazard": "metal found",
    "reason_code": "foreign_body",
    "class": "2",
    "depth": "retail",
    "action": "return",
    "level": "a",
    "discovered": "2026-02-20",
    "contact": CONTACT,
}


class Played:
    """The case in a store, an hour between moves, each by Anna but approvals."""

    def __init__(self, graph: Tracegraph, kind: str) -> None:
        self.graph = graph
        self.now = parse_instant("2036-03-01", "start")
        self.do("open", {**FACTS, "type": kind})

    def do(self, action: str, fields: Mapping[str, str], payload: Mapping[str, Any] | None = None) -> None:
        self.now += HOUR
        actor = Actor("ben" if action == "approve" else "anna", "investigator")
        act(self.graph.store, CASE, action, fields, self.now, actor, "a reason", payload)

    def scoped(self) -> None:
        """One more version of the scope, approved."""
        case = case_file(self.graph.store, CASE)
        number = len(case.versions) + 1
        answer = scope(self.graph.store, ask_scope({"rule": "lot", "unit": ONE})).envelope
        self.do("scope", {}, payload_of(answer, number, "anna", case.scope))
        self.do("approve", {"version": str(number)})

    def noticed(self) -> None:
        """The notices that are due, prepared; and sent, but not of a drill."""
        case, snapshot = case_file(self.graph.store, CASE), Snapshot.of(self.graph.store)
        made = to_prepare(case, consignees(snapshot, case))
        self.do("notices", {}, notices_payload(snapshot, made, case.versions[-1].number))
        for one in [] if case.is_drill else made:
            who = {"consignee": one.consignee.id, "version": str(one.version)}
            self.do("sent", {"notice": one.id, **who, "channel": "file", "sent": "2036-03-02T08:00:00Z"})

    def reported(self) -> None:
        """A status report."""
        case = case_file(self.graph.store, CASE)
        found = case_account(self.graph.store, case, now=True)
        self.do("status", {"text": "going on"}, status_payload(case, found, self.now))

    def drawn(self) -> None:
        """All consignees are drawn for checks."""
        case = case_file(self.graph.store, CASE)
        rows = consignees(Snapshot.of(self.graph.store), case).rows
        candidates = [Candidate(row.id, row.tier or 9) for row in rows]
        self.do("draw", {"seed": "seed-1"}, draw_payload(case, {"seed": "seed-1"}, candidates))


def play(url: str, folder: Path, kind: str = "recall") -> Tracegraph:
    """The whole case in a new store."""
    graph = Tracegraph.open(url)
    graph.capture(str(write(early(), folder / "early.json")))
    played = Played(graph, kind)
    played.scoped()
    if kind == "drill":
        return graph
    played.noticed()
    said = {"measure": "kg", "date": "2036-03-03", "signer": SIGNER, "received": "2036-03-02"}
    played.do(
        "reply", {**said, "consignee": EAST, "unit": ONE, "on_hand": "40", "returned": "10", "distributed": "350"}
    )
    played.reported()
    graph.capture(str(write(late(), folder / "late.json")))
    played.scoped()
    played.noticed()
    played.do("reply", {**said, "consignee": PACKER, "unit": ONE, "on_hand": "50", "sold": "240"})
    played.drawn()
    check = {"method": "visit", "date": "2036-03-05", "followed": "no", "result": "not_effective"}
    played.do("check", {**check, "consignee": EAST, "checker": SIGNER})
    played.do("cause", {"cause": "a broken sieve"})
    played.do("remedy", {"corrective": "sieve replaced"})
    played.do("dispose", {"unit": ONE, "quantity": "10", "measure": "kg", "method": "destroyed", "date": "2036-03-06"})
    return graph
