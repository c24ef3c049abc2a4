"""Cases about one lot, in which everything can be done in one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.commands.conftest import LOT_KEY as LOT
from tests.commands.conftest import document, harvest
from tracegraph import Tracegraph
from tracegraph.intake.clearing import clear
from tracegraph.intake.recall_scopes import make_version
from tracegraph.intake.recalling import Acted, Actor, act
from tracegraph.model.instants import parse_instant
from tracegraph.recall.case.casefile import CaseFile, find_case

NOW = parse_instant("2026-03-01T08:00:00Z", "now")
SHOP, OTHER = "https://shop.example/a", "https://shop.example/b"

#: What each action says, so that it is whole.
FIELDS: dict[str, dict[str, str]] = {
    "open": {"title": "T"},
    "hold": {"units": LOT},
    "release": {"units": LOT},
    "clear": {"unit": LOT},
    "sent": {"notice": "N-1", "version": "1", "channel": "letter", "sent": "2026-03-01"},
    "remind": {"notice": "N-1", "step": "1"},
    "reply": {"consignee": SHOP, "unit": LOT},
    "merge": {"party": SHOP, "same_as": OTHER},
    "split": {"party": SHOP},
    "check": {"consignee": SHOP, "method": "phone", "date": "2026-03-02", "result": "effective"},
    "cause": {"cause": "broken sieve"},
    "remedy": {"corrective": "new sieve"},
    "dispose": {"unit": LOT, "quantity": "1", "method": "destroyed", "date": "2026-03-02"},
    "attach": {"hash": "sha256:" + "0" * 64, "name": "note.pdf"},
    "note": {"text": "n"},
}
_numbers = count(1)


def seeded(graph: Tracegraph, folder: Path) -> None:
    """One lot that is known."""
    file = folder / "harvest.json"
    file.write_bytes(document(harvest()))
    graph.capture(file, rejects=None)


@dataclass
class Case:
    """One case; `kind`: its type."""

    graph: Tracegraph
    kind: str = "recall"
    id: str = field(default_factory=lambda: f"C{next(_numbers)}")

    @property
    def file(self) -> CaseFile:
        return find_case(self.graph.store, self.id)

    @property
    def state(self) -> str:
        return self.file.state

    def does(self, action: str, actor: Actor, key: str = "", seen: int | None = None, **more: str) -> Acted:
        """The action with fields that are whole, `more` of them or others."""
        store, said = self.graph.store, FIELDS.get(action, {}) | more
        if action == "open":
            said |= {"type": self.kind}
        told: dict[str, Any] = {"key": key, "seen": seen}
        if action == "scope":
            done = make_version(store, self.id, [LOT], {}, NOW, actor, "why", **told)
            assert done.acted is not None
            return done.acted
        if action == "clear":
            return clear(store, self.id, said, NOW, actor, "why", **told)
        last = self.file.scope
        if action in ("approve", "reject"):
            said = {"version": "1" if last is None else str(last.number), **said}
        return act(store, self.id, action, said, NOW, actor, "why", **told)
