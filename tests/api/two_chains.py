"""A store with two chains of custody that have nothing to do with each other: Alpha's and Bravo's.

Each has a party, a farm, a shop, a product, a lot that goes from farm to shop and is received, an item that stays on
the farm, and an event id.
`UNKNOWN` are identifiers of the same forms that nobody ever recorded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegraph import Tracegraph
from tracegraph.formats.epcis.context import EPCIS_CONTEXT

LINK = "https://id.gs1.org"


@dataclass(frozen=True)
class Chain:
    """Identifiers of one chain. `prefix`: seven digits that stand in no identifier of another one; `word`: its name,
    which stands in its records."""

    prefix: str
    word: str

    @property
    def party(self) -> str:
        return f"{LINK}/417/{checked(f'{self.prefix}00000')}"

    @property
    def site(self) -> str:
        return f"{LINK}/414/{checked(f'{self.prefix}00001')}"

    @property
    def shop(self) -> str:
        return f"{LINK}/414/{checked(f'{self.prefix}00002')}"

    @property
    def product(self) -> str:
        return f"{LINK}/01/{checked(f'0{self.prefix}01234')}"

    @property
    def unit(self) -> str:
        return f"{self.product}/10/{self.word.upper()}1"

    @property
    def item(self) -> str:
        return f"{self.product}/21/{self.word.upper()}2"

    @property
    def event(self) -> str:
        return f"urn:uuid:5b3f5a4e-2f0a-4c0f-9d5b-00000{self.prefix}"

    def of(self, kind: str) -> str:
        """The identifier of that kind: unit, item, product, site, party, event."""
        found: str = getattr(self, kind)
        return found

    @property
    def marks(self) -> tuple[str, ...]:
        """What stands in every answer that tells something of it."""
        return (self.prefix, self.word, self.word.upper(), f"{self.prefix[3:]}.321")


ALPHA = Chain("9521234", "Alpha")
BRAVO = Chain("9524321", "Bravo")
UNKNOWN = Chain("9528765", "Omega")


def checked(digits: str) -> str:
    """With the check digit that GS1 keys have."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def fill(store: str, folder: Path) -> None:
    """Capture both chains, and open a case of recall about Alpha's."""
    with Tracegraph.open(store) as graph:
        for chain in (ALPHA, BRAVO):
            path = folder / f"{chain.word}.json"
            path.write_text(json.dumps(_document(chain)), encoding="utf-8")
            report = graph.capture(path, rejects=None)
            assert (report.rejected, report.accepted) == (0, 3)
            graph.record("account", _account(chain), reason="opened")
        graph.recall_open({"title": ALPHA.word}, case="R2026-0001", actor="somebody")
        graph.recall_scope("R2026-0001", ALPHA.unit, reason="suspicion", actor="somebody")


def _account(chain: Chain) -> dict[str, str]:
    """Of which there is a report."""
    return {
        "account": f"{chain.word} account",
        "party": chain.party,
        "boundary": chain.site,
        "product": chain.product,
        "material": "aluminium",
        "input": "coc",
        "scheme": "ASI",
        "unit": "TNE",
        "formula": "1",
        "from": "2025-01-01",
    }


def _document(chain: Chain) -> dict[str, Any]:
    return {
        "@context": [EPCIS_CONTEXT, {"ex": "https://ns.example/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T00:00:00Z",
        "epcisHeader": {"epcisMasterData": {"vocabularyList": _names(chain)}},
        "epcisBody": {"eventList": _events(chain)},
    }


def _names(chain: Chain) -> list[dict[str, Any]]:
    def element(key: str, name: str, **others: str) -> dict[str, Any]:
        told = {"cbvmda:name" if "/01/" not in key else "cbvmda:descriptionShort": name, **others}
        return {
            "id": key,
            "attributes": [{"id": f"urn:epcglobal:{kind}", "attribute": text} for kind, text in told.items()],
        }

    sites = [
        element(key, f"{chain.word} place", **{"cbvmda:owning_party": chain.party}) for key in (chain.site, chain.shop)
    ]
    return [
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": sites},
        {
            "type": "urn:epcglobal:epcis:vtype:Party",
            "vocabularyElementList": [element(chain.party, f"{chain.word} company")],
        },
        {
            "type": "urn:epcglobal:epcis:vtype:EPCClass",
            "vocabularyElementList": [element(chain.product, f"{chain.word} seed")],
        },
    ]


def _events(chain: Chain) -> list[dict[str, Any]]:
    amount = [{"epcClass": chain.unit, "quantity": float(f"{chain.prefix[3:]}.321"), "uom": "KGM"}]
    parties: dict[str, Any] = {
        "sourceList": [{"type": "owning_party", "source": chain.party}, {"type": "location", "source": chain.site}],
        "destinationList": [
            {"type": "owning_party", "destination": chain.party},
            {"type": "location", "destination": chain.shop},
        ],
    }
    papers = [{"type": "desadv", "bizTransaction": f"urn:example:{chain.word}:1"}]
    common = {"eventTimeZoneOffset": "+00:00", "quantityList": amount, "type": "ObjectEvent", "ex:note": chain.word}

    def event(day: int, step: str, place: str, action: str = "OBSERVE", **others: Any) -> dict[str, Any]:
        where = {"readPoint": {"id": place}, "bizLocation": {"id": place}}
        return {
            **common,
            **where,
            "eventTime": f"2026-01-0{day}T08:00:00Z",
            "bizStep": step,
            "action": action,
            **others,
        }

    return [
        event(1, "commissioning", chain.site, "ADD", eventID=chain.event, epcList=[chain.item]),
        event(2, "shipping", chain.site, bizTransactionList=papers, **parties),
        event(3, "receiving", chain.shop, bizTransactionList=papers, **parties),
    ]
