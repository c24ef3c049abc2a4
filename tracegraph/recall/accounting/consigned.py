"""The account of a case with the consignees that its scope has: who got what is read off the list of consignees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from tracegraph.model.quantity import Quantity
from tracegraph.recall.accounting.answering import Accounting, Parties, accounting, snapshot_of
from tracegraph.recall.accounting.figures import notified
from tracegraph.recall.accounting.holders import Names
from tracegraph.recall.accounting.ledger import Delivery
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.consignees.delivery import Delivery as Listed
from tracegraph.recall.consignees.listing import Consignees, consignees
from tracegraph.stores.port import Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

NOTHING = Decimal(0)


def case_account(store: Reading, case: CaseFile, code: str | None = None, now: bool = False) -> Accounting:
    """The account of the newest scope version of a case, from the state of the ledger of which the version was made;
    `now`: from all that is known now. `code`: its unit of measure."""
    version = case.scope
    with answering(store):
        snapshot = snapshot_of(store, version) if version is not None and not now else Snapshot.of(store)
        found = consignees(snapshot, case, version)
        return accounting(case, Register(snapshot), parties_of(found, case), code)


def parties_of(found: Consignees, case: CaseFile) -> Parties:
    """The consignees of a case as its account takes them."""
    places = {site.id: row.id for row in found.rows for site in row.sites}
    places |= {party: row.id for row in found.rows for party in (*row.parties, row.id)}
    shipments = {event: row.id for row in found.rows for one in row.deliveries for event in one.shipments}
    names = Names(places, shipments)
    others = frozenset(row.id for row in found.rows if not row.deliveries)
    return Parties(list(_deliveries(found)), names, notified(case, names.party), others)


def _deliveries(found: Consignees) -> Iterator[Delivery]:
    """What was sent to each, once: of a shipment that came in several parts, too."""
    senders = (one.sender for one in found.delivered())
    parts: dict[tuple[str, str, tuple[str, ...], str], list[Listed]] = defaultdict(list)
    for row in found.rows:
        for one in row.deliveries:
            parts[row.id, one.unit, one.shipments or (one.id,), next(senders)].append(one)
    told = _told_of(key[2] for key in parts)
    for (consignee, unit, shipments, sender), those in parts.items():
        yield from _sent(consignee, unit, sender, those, all(told[event] == 1 for event in shipments))


def _told_of(shipments: Iterable[tuple[str, ...]]) -> dict[str, int]:
    """In how many sets of shipments each is."""
    found: dict[str, int] = defaultdict(int)
    for events in shipments:
        for event in events:
            found[event] += 1
    return found


def _sent(consignee: str, unit: str, sender: str, parts: Iterable[Listed], alone: bool) -> Iterator[Delivery]:
    """The shipments that led to these deliveries and to no others are one; else each is what arrived."""
    those = list(parts)
    sent = those[0].quantity_shipped
    if alone and sent is not None and sent.value is not None:
        yield Delivery(consignee, unit, sent, _arrived(those, sent.unit), sender)
        return
    for one in those:
        yield Delivery(consignee, unit, one.quantity, None, sender)


def _arrived(parts: Iterable[Listed], unit: str) -> Quantity | None:
    """What records show to have arrived; None where one of them does not say how much."""
    known = [one.quantity_received for one in parts if one.event is not None]
    if not known or any(one is None or one.value is None or one.unit != unit for one in known):
        return None
    return Quantity(sum((one.value for one in known if one and one.value is not None), NOTHING), unit)
