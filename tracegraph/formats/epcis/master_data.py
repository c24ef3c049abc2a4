"""Master data of an EPCIS document: vocabulary elements as statements about sites, parties and products.

Source: EPCIS 2.0 section 9.4 (master data in the header), CBV 2.0 section 9 (attributes). Attribute names are compared
without namespace and case, as files write `urn:epcglobal:cbv:mda#name`, `cbvmda:name` and `gdst:name` alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tracegraph.formats.epcis.context import TRACEGRAPH_URI
from tracegraph.formats.epcis.facts import alias_from
from tracegraph.identifiers import canonical, location, parse, party, product_of
from tracegraph.model.event import Json
from tracegraph.model.facts import Alias, Membership
from tracegraph.model.master_data import MasterData

_SEPARATOR = re.compile(r"[:#/]")
_KINDS = {
    "businesslocation": "site",
    "readpoint": "site",
    "location": "site",
    "place": "site",
    "party": "party",
    "tradingparty": "party",
    "organization": "party",
    "sourcedest": "party",
    "epcclass": "product",
    "tradeitem": "product",
    "product": "product",
    "lot": "other",
}
_NAMES = ("name", "descriptionshort", "tradeitemdescription", "organizationname", "productname", "vesselname")
_COUNTRIES = ("countrycode", "country", "countryoforigin")
_PARTIES = ("possessing_party", "owning_party", "party")
_PARENTS = ("site", "sitelocation", "parent")


class UnusableElement(Exception):
    """The vocabulary element cannot be kept as a record; the message is the end of a sentence."""


def master_data_of(vocabulary_type: str, element: Json) -> MasterData:
    """The statement that one vocabulary element makes. UnusableElement where it is no object or has no id."""
    identifier = element.get("id") if isinstance(element, dict) else None
    if not isinstance(identifier, str) or not identifier.strip():
        raise UnusableElement("has no id; give the identifier that it describes")
    kind = _kind(vocabulary_type, identifier)
    key_of = {"site": location, "party": party}.get(kind, canonical)
    attributes = dict(_attributes(element))
    found = {_local(name): value for name, value in attributes.items()}
    return MasterData(
        kind=kind,
        id=key_of(identifier),
        parent=_key(found, _PARENTS, location) if kind == "site" else None,
        children=tuple(_children(element, key_of)),
        party=_key(found, _PARTIES, party) if kind == "site" else None,
        name=_text(found, _NAMES),
        country=_text(found, _COUNTRIES),
        latitude=_text(found, ("latitude",)),
        longitude=_text(found, ("longitude",)),
        attributes=attributes,
    )


def _kind(vocabulary_type: str, identifier: str) -> str:
    """What the vocabulary is about; of sources and destinations some are sites."""
    name = _local(vocabulary_type)
    kind = _KINDS.get(name, "other")
    if name == "sourcedest" and parse(identifier).scheme == "sgln":
        return "site"
    return kind


def _local(name: str) -> str:
    """The last part of a URI or CURIE, in lower case."""
    return _SEPARATOR.split(name)[-1].lower()


def _attributes(element: dict[str, Json]) -> Iterator[tuple[str, Any]]:
    """Name and value of each attribute; a name given several times has a list of values."""
    listed = element.get("attributes")
    values: dict[str, list[Any]] = {}
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            values.setdefault(entry["id"], []).append(entry.get("attribute"))
    for name, found in values.items():
        yield name, found[0] if len(found) == 1 else found


def _children(element: dict[str, Json], key_of: Callable[[str], str]) -> Iterator[str]:
    """The keys of the elements that this one names as parts of itself."""
    children = element.get("children")
    if isinstance(children, dict):
        children = children.get("id")
    for child in children if isinstance(children, list) else [children]:
        text = child.get("id") if isinstance(child, dict) else child
        if isinstance(text, str) and text.strip():
            yield key_of(text)


def _text(found: dict[str, Any], names: tuple[str, ...]) -> str | None:
    """The first attribute among the names that holds a text or a number."""
    for name in names:
        value = found.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, Decimal):
            return str(value)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _key(found: dict[str, Any], names: tuple[str, ...], key_of: Callable[[str], str]) -> str | None:
    """The key of the first attribute among the names that holds an identifier."""
    text = _text(found, names)
    return None if text is None else key_of(text)


def aliases_of_master_data(data: MasterData) -> tuple[Alias, ...]:
    """Other numbers that master data give a unit (attribute `tracegraph:alias`)."""
    source = data.party or ""
    found = []
    for name, value in data.attributes.items():
        if name in ("tracegraph:alias", f"{TRACEGRAPH_URI}alias"):
            items = value if isinstance(value, list) else [value]
            found += [alias for item in items if (alias := alias_from(data.id, item, source)) is not None]
    return tuple(found)


def memberships_of_master_data(data: MasterData) -> tuple[Membership, ...]:
    """The lots that master data say a unit belongs to: by lotNumber an item, by `tracegraph:lot` (a key) any unit."""
    stated = [value for name, value in data.attributes.items() if name in ("tracegraph:lot", f"{TRACEGRAPH_URI}lot")]
    keys = [canonical(value) for value in stated if isinstance(value, str) and value.strip()]
    return (*(Membership(data.id, key) for key in keys if key != data.id), *_by_lot_number(data))


def _by_lot_number(data: MasterData) -> tuple[Membership, ...]:
    """The lots of an item by the attribute lotNumber."""
    product = product_of(data.id)
    if product is None or product == data.id or "/21/" not in data.id:
        return ()
    lots = [value for name, value in data.attributes.items() if _local(name) == "lotnumber"]
    return tuple(Membership(data.id, canonical(f"{product}/10/{lot}")) for lot in lots if isinstance(lot, str) and lot)
