"""One delivery: goods of a unit in scope that came to somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracegraph.model.facts import Document
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.trace.envelope import Json, quantity_json


@value
class Delivery:
    """`id`: the same on every store, and as long as nothing else is learnt of it. `numbers`: those of its unit that the
    receiver can know it by. `receiver`: the organisation, of a site without one the site; `site`: where it came
    to. `senders`: everybody who may have sent it; `sent_by`: those whom the receiver's own papers name, or of whom it
    is certain. `tier`: through how many hands it came from the owner (None: not from the owner). `confirmed`: a record
    shows it, and that the unit is affected.

    `shipped`, `arrived`: `at` and how precise that is; `arrived` has a `meaning`: `received`, or `first_seen` (the
    earliest record of goods whose receipt nobody wrote down); None where no record says it. `shipments`: the events
    that sent it, where nobody else can have got the same; `event`: the one that shows it arrived. `quantity`: what
    arrived, else what was sent; None where that is not known. `container`: in which it came.
    """

    id: str
    unit: str
    product: str | None
    numbers: tuple[str, ...]
    receiver: str
    site: str | None
    senders: tuple[str, ...]
    sent_by: tuple[str, ...]
    tier: int | None
    confirmed: bool
    event: str | None
    shipments: tuple[str, ...]
    shipped: Json | None
    arrived: Json | None
    documents: tuple[Document, ...]
    quantity: Quantity | None
    quantity_shipped: Quantity | None
    quantity_received: Quantity | None
    container: str | None = None

    def to_dict(self) -> Json:
        """All of it, for who works on the case."""
        return {**self.to_receiver(), "unit": self.unit, "tier": self.tier, "senders": list(self.senders)}

    def to_receiver(self) -> Json:
        """What the receiver may be told: nothing that names anybody else but who sent it."""
        return {
            "id": self.id,
            "numbers": list(self.numbers),
            "product": self.product,
            "site": self.site,
            "sent_by": list(self.sent_by),
            "certainty": "confirmed" if self.confirmed else "possible",
            "event": self.event,
            "shipments": list(self.shipments),
            "shipped": self.shipped,
            "arrived": self.arrived,
            "documents": [{"type": one.type, "id": one.id} for one in self.documents],
            "quantity": quantity_json(self.quantity),
            "quantity_shipped": quantity_json(self.quantity_shipped),
            "quantity_received": quantity_json(self.quantity_received),
            "container": self.container,
        }


@value
class Made:
    """Goods in scope that were made by, or are first recorded with, somebody: no delivery, but theirs to look for."""

    unit: str
    product: str | None
    numbers: tuple[str, ...]
    holder: str
    site: str | None
    event: str
    at: Json
    quantity: Quantity | None

    def to_dict(self) -> Json:
        """For the list and for the holder alike."""
        return {
            "numbers": list(self.numbers),
            "product": self.product,
            "site": self.site,
            "event": self.event,
            "at": self.at,
            "quantity": quantity_json(self.quantity),
        }


@value
class Astray:
    """A shipment of goods in scope of which nobody knows where it went."""

    unit: str
    event: str
    senders: tuple[str, ...]
    shipped: Json
    documents: tuple[Document, ...]
    quantity: Quantity | None

    def to_dict(self) -> Json:
        """As it is listed."""
        return {
            "unit": self.unit,
            "event": self.event,
            "senders": list(self.senders),
            "shipped": self.shipped,
            "documents": [{"type": one.type, "id": one.id} for one in self.documents],
            "quantity": quantity_json(self.quantity),
        }


@dataclass(frozen=True, slots=True)
class Distribution:
    """Who got goods in scope beyond the control of the `owners`. `unseen`: owners of whom no record shows that they had
    any, so that nothing is known to have come from them. `sites`: where each party had any; `onward`: who
    passed some on; `sold`: who sold some to consumers; `used`: who made other goods in scope of some; `kept`: with whom
    some still belonged to the owner."""

    owners: tuple[str, ...]
    unseen: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    made: tuple[Made, ...]
    astray: tuple[Astray, ...]
    sites: Mapping[str, Collection[str]]
    onward: Collection[str] = ()
    sold: Collection[str] = ()
    used: Collection[str] = ()
    kept: Collection[str] = ()
