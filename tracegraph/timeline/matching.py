"""Matching a receipt to the shipments that may be it: a pure function (custody-graph section 6, rules 1 to 4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tracegraph.model.custody import Place
from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.timeline.places import Places
from tracegraph.timeline.stock import ZERO


@value
class Receipt:
    """What a receipt says. `implied`: nothing was recorded, an event merely needs the goods there."""

    place: Place
    source: Place | None
    documents: frozenset[Document]
    quantity: Quantity | None
    implied: bool = False


class Candidate(NamedTuple):
    """An open in-transit holding of the unit or of a container it is in. `pool`: where the goods are now;
    `available`: the upper bound of what is there (None: unknown, or in another unit of measure); `standing`: a
    container that already stands at the receiving place; `late`: it departed after the receipt (clock tolerance)."""

    pool: Place
    origin: Place | None
    destination: Place | None
    documents: frozenset[Document]
    available: Decimal | None
    standing: bool = False


@value
class Match:
    """The answer: which candidates, how certain, by which rule, with which gaps, and whether rule 4 applies as well."""

    candidates: tuple[Candidate, ...]
    certain: bool
    rule: str
    gaps: tuple[str, ...] = ()
    elsewhere: bool = False


def match(receipt: Receipt, candidates: Sequence[Candidate], places: Places) -> Match:
    """The first rule that fits."""
    found = by_document(receipt, candidates, places)
    if found:
        return found
    same = _of_same_document(receipt, candidates)
    agreeing = without_conflict(receipt, candidates, places)
    found = _without_document(receipt, agreeing, places) or _ambiguous(receipt, same, candidates, agreeing, places)
    return found or Match((), False, "unmatched_receipt", (), True)


def same_document(one: frozenset[Document], other: frozenset[Document]) -> bool:
    """Equal type and id; a missing type matches any."""
    return any(a.id == b.id and (a.type == b.type or not a.type or not b.type) for a in one for b in other)


def documents_conflict(one: frozenset[Document], other: frozenset[Document]) -> bool:
    """Both sides name documents of a type that could be the same, and none is the same."""
    if not one or not other or same_document(one, other):
        return False
    return any(a.type == b.type or not a.type or not b.type for a in one for b in other)


def _of_same_document(receipt: Receipt, candidates: Sequence[Candidate]) -> list[Candidate]:
    papers = receipt.documents
    return [one for one in candidates if papers and not one.standing and same_document(papers, one.documents)]


def by_document(receipt: Receipt, candidates: Sequence[Candidate], places: Places) -> Match | None:
    """Rule 1: one shipment of the same document fits, or the quantity needs them all."""
    same = [one for one in _of_same_document(receipt, candidates) if not _elsewhere_bound(receipt, one, places)]
    fitting = [candidate for candidate in same if _fits(receipt, candidate)]
    if len(fitting) == 1:
        return Match(tuple(fitting), not receipt.implied, "same_document")
    if len(same) > 1 and _needs_all(receipt, same):
        return Match(tuple(same), not receipt.implied, "same_document_all")
    if fitting:
        return Match(tuple(fitting), False, "same_document_several", ("ambiguous_receipt",))
    return None


def _without_document(receipt: Receipt, agreeing: list[Candidate], places: Places) -> Match | None:
    """Rule 2: no document on either side, same source and destination, exactly one candidate, quantity fits."""
    if receipt.documents or receipt.implied or len(agreeing) != 1 or agreeing[0].standing:
        return None
    only = agreeing[0]
    same_source = places.agree(receipt.source, only.origin) is True
    same_destination = places.agree(receipt.place, only.destination) is True
    if not only.documents and same_source and same_destination and _fits(receipt, only):
        return Match((only,), True, "only_shipment")
    return None


def _ambiguous(
    receipt: Receipt,
    same: list[Candidate],
    candidates: Sequence[Candidate],
    agreeing: list[Candidate],
    places: Places,
) -> Match | None:
    """Rule 3: whatever quantity, time and destination leave open; those in conflict only where nothing else fits."""
    if not candidates:
        return None
    chosen = [candidate for candidate in agreeing if not candidate.standing or not same] or list(candidates)
    mismatch = not agreeing and any(_elsewhere_bound(receipt, candidate, places) for candidate in chosen)
    gaps = ("ambiguous_receipt", "destination_mismatch") if mismatch else ("ambiguous_receipt",)
    return Match(tuple(chosen), False, "ambiguous_receipt", gaps, not agreeing or _too_little(receipt, chosen))


def without_conflict(receipt: Receipt, candidates: Sequence[Candidate], places: Places) -> list[Candidate]:
    """The candidates that neither document nor destination nor source speaks against; one look for all that say the
    same of these."""
    known: dict[tuple[object, ...], bool] = {}
    found: list[Candidate] = []
    for candidate in candidates:
        papers = candidate[1:4]
        against = known.get(papers) if not candidate.standing else None
        if against is None:
            against = conflicts(receipt, candidate, places)
            if not candidate.standing:
                known[papers] = against
        if not against:
            found.append(candidate)
    return found


def conflicts(receipt: Receipt, candidate: Candidate, places: Places) -> bool:
    """Whether document, destination or source speak against the candidate."""
    return documents_conflict(receipt.documents, candidate.documents) or _elsewhere_bound(receipt, candidate, places)


def _elsewhere_bound(receipt: Receipt, candidate: Candidate, places: Places) -> bool:
    """Declared for another destination, or from another source than the receipt says."""
    if candidate.standing:
        return False
    away = places.agree(receipt.place, candidate.destination) is False
    return away or places.agree(receipt.source, candidate.origin) is False


def _fits(receipt: Receipt, candidate: Candidate) -> bool:
    value = receipt.quantity.value if receipt.quantity else None
    return value is None or candidate.available is None or value <= candidate.available


def _needs_all(receipt: Receipt, same: list[Candidate]) -> bool:
    value = receipt.quantity.value if receipt.quantity else None
    amounts = [candidate.available for candidate in same if candidate.available is not None]
    if value is None or len(amounts) < len(same):
        return False
    total = sum(amounts, ZERO)
    return total - min(amounts) < value <= total


def _too_little(receipt: Receipt, chosen: Sequence[Candidate]) -> bool:
    value = receipt.quantity.value if receipt.quantity else None
    amounts = [candidate.available for candidate in chosen if candidate.available is not None]
    return value is not None and len(amounts) == len(chosen) and sum(amounts, ZERO) < value
