"""The keys that FoodChain-Lab's stations, deliveries and lots have here.

Its ids are unique within one investigation only. So a station's key is made of its id and name, and a delivery's of its
supplier's key and its id: other facts may be corrected without a new key, and two investigations that both number their
stations S1, S2, ... do not run into each other unless the names are equal too.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from tracegraph.identifiers import supplier_lot

_PREFIX = "urn:tracegraph:foodchainlab:"


def station_key(identifier: str, name: str) -> str:
    """The key of a station as a site, and as the party that runs it."""
    mark = f":{digest(name)[:8]}" if name else ""
    return f"{_PREFIX}station:{quote(identifier, safe='')}{mark}"


def delivery_key(supplier: str, identifier: str) -> str:
    """The unit that a delivery is; its id alone finds it again (as a lot number that the supplier gave)."""
    return supplier_lot(supplier, identifier)


def lot_key(supplier: str, number: str) -> str:
    """The lot that several deliveries of one supplier may be of."""
    return supplier_lot(supplier, number)


def document_key(stations: list[str]) -> str:
    """What is kept of a file as a whole, by the ids of its stations: the same file edited is the same document."""
    return f"{_PREFIX}document:{digest(chr(10).join(sorted(stations)))[:16]}"


def event_id(delivery: str, step: str) -> str:
    """The eventID of what happens to a delivery (a unit's key): the same from whichever file and at whatever time."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{_PREFIX}{step}:{delivery}')}"


def digest(text: str) -> str:
    """A short name for a text: hex digits of its SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
