"""A recall of the chain from first suspicion to its end, through the interface of Python: what each person does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.recall.loop import network as chain
from tracegraph import Tracegraph

CASE = "C-2026-1"
#: Who opens and runs the case, and who looks at what she did.
INITIATOR, APPROVER = "kim", "lee"
FACTS = {
    "title": "Metal in flour",
    "type": "recall",
    "product": "Wheat flour",
    "hazard": "Metal splinters",
    "reason_code": "foreign_body",
    "class": "1",
    "owner": chain.MILL,
    "level": "a",
    "depth": "retail",
    "action": "return",
    "discovered": "2026-02-10T09:00:00Z",
    "circumstances": "A baker found a splinter",
}
Json = dict[str, Any]


class Play:
    """One case in one store."""

    def __init__(self, graph: Tracegraph, folder: Path) -> None:
        self.graph = graph
        self.folder = folder

    def does(self, action: str, actor: str = INITIATOR, **fields: str) -> None:
        self.graph.recall_act(CASE, action, fields, f"why {action}", actor=actor)

    def told(self) -> Json:
        return self.graph.recall(CASE).result["recall"]

    def account(self) -> Json:
        return self.graph.recall_account(CASE).result["account"]

    def consignees(self) -> dict[str, Json]:
        return {one["id"]: one for one in self.graph.recall_consignees(CASE).result["consignees"]}

    def notices(self) -> dict[str, str]:
        """The number of the notice to each consignee that has one."""
        return {key: one["notice"]["notice"] for key, one in self.consignees().items() if one["notice"]}

    def version(self) -> str:
        return str(self.told()["approved"])

    def begin(self) -> None:
        """Suspicion, assessment, a first scope, and a second person who approves it."""
        self.graph.capture(chain.write(chain.early(), self.folder / "early.json"), rejects=None)
        self.graph.recall_open(FACTS, CASE, "a complaint", actor=INITIATOR)
        self.does("assess", risk="Injury of the mouth is likely")
        self.graph.recall_scope(CASE, chain.ONE, reason="the lot on the bag", actor=INITIATOR)
        self.does("hold", units=chain.ONE)
        self.does("approve", APPROVER)

    def notify(self, *, again: bool = False) -> list[str]:
        """Notices to all, of which each is said to have been sent; those told that were."""
        before = {move["parts"]["notice"] for move in self.told()["done"] if move["action"] == "sent"}
        self.does("notices")
        waiting = [one for one in self.graph.recall_tasks(CASE) if one["kind"] == "not_notified"]
        for task in sorted(waiting, key=lambda one: one["about"]):
            self.does("sent", notice=task["about"], version=self.version(), channel="letter", sent="2026-02-11")
        assert again or not before
        return [task["about"] for task in waiting]

    def reply(self, consignee: str, unit: str, **said: str) -> None:
        known = self.notices().get(consignee, "")
        self.does("reply", consignee=consignee, unit=unit, notice=known, measure="KGM", **said)

    def replies(self) -> None:
        """One contradicts the records and is corrected, one names a customer that nobody knew of, one is silent."""
        self.reply(chain.EAST, chain.ONE, quantity="400", on_hand="50", distributed="350", date="2026-02-12")
        self.reply(chain.SOUTH, chain.ONE, quantity="100", on_hand="90", returned="20", date="2026-02-12")
        self.reply(chain.SOUTH, chain.ONE, quantity="100", distributed="100", date="2026-02-13")
        self.reply(chain.SHOPS[2], chain.ONE, quantity="100", sold="60", returned="40", date="2026-02-13")

    def widen(self) -> None:
        """Late records of a delivery, and metal in the grain: the other lot made of it is in question too."""
        self.graph.capture(chain.write(chain.late(), self.folder / "late.json"), rejects=None)
        self.graph.recall_scope(CASE, chain.GRAIN, reason="metal in the grain", actor=INITIATOR)
        self.does("approve", APPROVER)

    def end(self) -> None:
        """Checks, what was done about it, a last report, a late reply, and the end, by two people."""
        self.graph.recall_act(CASE, "draw", {"seed": "7"}, "checks", actor=INITIATOR)
        for consignee in sorted(self.consignees()):
            self.does("check", consignee=consignee, method="phone", date="2026-02-15", result="effective")
        self.does("cause", cause="A worn sieve")
        self.does("remedy", corrective="New sieve", preventive="Magnet behind the mill")
        self.does(
            "dispose",
            unit=chain.ONE,
            quantity="40",
            method="destroyed",
            date="2026-02-16",
            measure="KGM",
            witness="person:none",
        )
        self.does("status", text="last")
        self.does("complete")
        self.reply(
            chain.EAST, chain.ONE, quantity="400", on_hand="40", distributed="350", destroyed="10", date="2026-03-20"
        )
        self.does("terminate", APPROVER)

    def whole(self) -> None:
        """All of it."""
        self.begin()
        self.notify()
        self.replies()
        self.does("status", text="first")
        self.widen()
        self.notify(again=True)
        self.end()


#: What the clock said when something was recorded, and what follows from that; events have whole seconds.
_RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z|sha256:[0-9a-f]{64}")


def told_by(play: Play) -> str:
    """Everything that follows from the case, without times of recording and the hashes of entries that hold them."""
    answers = [play.consignees(), play.account(), play.told(), play.graph.recall_diff(CASE, 1, 2)]
    return _RECORDED.sub("recorded", json.dumps(answers, sort_keys=True))
