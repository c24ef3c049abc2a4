"""Events with their identifiers as EPC URNs or as GS1 Digital Links, whichever a reader asks for.

Translated is what names goods, places, parties and documents; nothing else changes, and the event hash stays the same.
Not translated: extensions, ids of events, and addresses that a sensor gives (such as `rawData`), which are there to be
fetched. Source: EPCIS 2.0 section 12 (header GS1-EPC-Format), CBV 2.0 section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from tracegraph.formats.epcis.fields import EVENT, Kind, Member, Shape
from tracegraph.identifiers import parse, to_epc_urn
from tracegraph.identifiers.keys import OPAQUE, SUPPLIER_LOT
from tracegraph.model.event import Json

#: Members of sensor elements that are addresses, though they may look like identifiers.
_ADDRESSES = frozenset(
    {
        "deviceMetadata",
        "rawData",
        "dataProcessingMethod",
        "bizRules",
        "uriValue",
        "microorganism",
        "chemicalSubstance",
        "coordinateReferenceSystem",
    }
)
_LINKS = ("https://", "http://")
_URN = "urn:epc:"
#: Patterns that no Digital Link can say: that of the key without serial number or extension says something else.
_WITHOUT_LINK = ("urn:epc:idpat:sgln:", "urn:epc:idpat:upui:")

#: Gives the length of the GS1 company prefix of a canonical key, None where it does not know (PrefixLengths is one).
PrefixLength = Callable[[str], int | None]


class EpcFormat(StrEnum):
    """How identifiers are written. The first two mean: as they were captured."""

    NO_PREFERENCE = "No_Preference"
    NEVER_TRANSLATES = "Never_Translates"
    DIGITAL_LINK = "Always_GS1_Digital_Link"
    EPC_URN = "Always_EPC_URN"


def unknown(key: str) -> int | None:
    """No prefix lengths but those in GS1's list."""
    return None


def translated(event: Mapping[str, Json], form: EpcFormat, prefix_length: PrefixLength = unknown) -> dict[str, Json]:
    """The event as JSON with its identifiers in the form; see `translated_identifier`."""
    if form in (EpcFormat.NO_PREFERENCE, EpcFormat.NEVER_TRANSLATES):
        return dict(event)
    return _object(event, EVENT, lambda text: translated_identifier(text, form, prefix_length))


def translated_identifier(text: str, form: EpcFormat, prefix_length: PrefixLength = unknown) -> str:
    """A GS1 key, given as EPC URN or Digital Link of any domain, in the form; any other text and a faulty key stay.

    A Digital Link is that of id.gs1.org; a lot beside a serial number stays in it. A URN needs to know where the
    company prefix ends: `prefix_length` says so, else GS1's list of prefixes. Where neither knows, or no URN can say
    all that the Digital Link does (a lot beside a serial number), the Digital Link stays: a prefix is never guessed.
    """
    if form in (EpcFormat.NO_PREFERENCE, EpcFormat.NEVER_TRANSLATES):
        return text
    read = _LINKS if form is EpcFormat.EPC_URN else (_URN, *_LINKS)
    beginning = text[:40].lower()
    if not beginning.startswith(read) or beginning.startswith(_WITHOUT_LINK):
        return text
    found = parse(text)
    if found.scheme in (OPAQUE, SUPPLIER_LOT) or found.problems:
        return text
    if form is EpcFormat.DIGITAL_LINK:
        return found.key if found.lot is None else found.lot + found.key.removeprefix(found.product or "")
    return text if found.lot else to_epc_urn(found.key, prefix_length(found.key)) or text


def identifiers_in(event: Mapping[str, Json]) -> list[str]:
    """The texts that would be translated, in the order of the event: what a PrefixLengths can learn from."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _object(event, EVENT, note)
    return found


Translation = Callable[[str], str]


def _object(value: Mapping[str, Json], shape: Shape, translate: Translation) -> dict[str, Json]:
    """An object of which EPCIS defines the members."""
    return {name: _member(name, inner, shape.members.get(name), translate) for name, inner in value.items()}


def _member(name: str, value: Json, member: Member | None, translate: Translation) -> Json:
    """One member; what is not of the kind that it should be stays as it is."""
    if member is None or name in _ADDRESSES:
        return value
    if isinstance(value, list):
        return [_member(name, item, member, translate) for item in value]
    if member.shape is not None and isinstance(value, dict):
        return _object(value, member.shape, translate)
    if member.kind in (Kind.UNIT, Kind.PLACE, Kind.UNIT_LIST) and isinstance(value, str):
        return translate(value)
    return value
