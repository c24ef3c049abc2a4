"""The notice to one consignee: what is wrong, with which of its own deliveries, what to do, and the form to reply.

Source: fields of 21 CFR 7.49 and of the GS1 product recall notification (docs/recall). A notice names nobody but the
case owner, the recipient, and who sent the recipient its goods, as its own papers do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.consignees.listing import Consignee
from tracegraph.recall.notices.form import lots_of, reply_form
from tracegraph.trace.envelope import ENCODER, Json


class Status(StrEnum):
    """INITIAL: the first one; UPDATE: something changed since the last one that was sent; FINAL: the case is closed."""

    INITIAL = "INITIAL"
    UPDATE = "UPDATE"
    FINAL = "FINAL"


#: What a notice says of the case, as its facts have it.
FACTS = ("title", "product", "hazard", "reason_code", "class", "market", "depth", "action", "contact", "owner")
#: How far a recall goes that the recipient must tell its own customers of.
ONWARD = frozenset({"consumer", "retail"})


@dataclass(frozen=True)
class Notice:
    """One notice. `id`: the same for all notices to one consignee in a case; `version`: of the scope."""

    id: str
    case: CaseFile
    version: int
    status: Status
    consignee: Consignee

    @property
    def lifted(self) -> bool:
        """Whether nothing of the consignee is in scope (any more)."""
        one = self.consignee
        return not (one.deliveries or one.made or one.passed)

    @cached_property
    def digest(self) -> str:
        """Of what it says of the consignee's goods and of what to do: equal where nothing changed for the consignee."""
        told = {"facts": self._facts(), "deliveries": self._deliveries(), "made": self._made()}
        return f"sha256:{hashlib.sha256(ENCODER.encode(told).encode('utf-8', 'backslashreplace')).hexdigest()}"

    def to_dict(self) -> Json:
        """Everything that a template fills in, but names and addresses of persons, which are references."""
        return {
            "notice": self.id,
            "case": self.case.id,
            "version": self.version,
            "status": self.status.value,
            "type": self.case.type,
            "drill": self.case.is_drill,
            **self._facts(),
            "notify_onward": self.case.facts.get("depth") in ONWARD,
            "recipient": self._recipient(),
            "lifted": self.lifted,
            "lots": list(self.consignee.numbers),
            "products": sorted({one.product for one in self.consignee.deliveries if one.product}),
            "deliveries": self._deliveries(),
            "made": self._made(),
            "reply": reply_form(self.id, self.version, self.consignee),
        }

    def _facts(self) -> Json:
        return {name: self.case.facts.get(name) for name in FACTS}

    def _recipient(self) -> Json:
        one = self.consignee
        return {"id": one.id, "name": one.name, "sites": [site.to_dict() for site in one.sites]}

    def _deliveries(self) -> list[Json]:
        stated = [{**one.to_receiver(), "certainty": "possible", "grade": "stated"} for one in self.consignee.passed]
        return [one.to_receiver() for one in self.consignee.deliveries] + stated

    def _made(self) -> list[Json]:
        return [one.to_dict() for one in self.consignee.made]


def prepared_json(notice: Notice) -> Json:
    """What the ledger keeps of a prepared notice: enough to know what was told, and to tell whether it changed."""
    return {
        "notice": notice.id,
        "consignee": notice.consignee.id,
        "parties": list(notice.consignee.parties),
        "status": notice.status.value,
        "digest": notice.digest,
        "lots": lots_of(notice.consignee),
        "deliveries": [one.id for one in notice.consignee.deliveries],
    }


Prepared = Mapping[str, Any]
