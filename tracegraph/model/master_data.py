"""Master data: what is known about sites, parties and products, each a versioned record in the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class MasterData:
    """One vocabulary element. `kind`: site, party, product or other; `id` its canonical key.

    `parent`: the site that a sub-location belongs to; `children`: sub-locations it names; `party`: who runs a site;
    `name`, `latitude`, `longitude` (decimal text) and `country` where given; `attributes`: everything as recorded.
    """

    kind: str
    id: str
    parent: str | None = None
    children: tuple[str, ...] = ()
    party: str | None = None
    name: str | None = None
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
