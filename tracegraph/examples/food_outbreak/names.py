"""Who and what appears in the story, and how partners spell it: GS1 keys as EPC URN or Digital Link, or opaque URIs.

GS1 company prefixes 9520101 to 9520109 lie in the range that GS1 keeps for examples (952). Arithmetic of keys after the
GS1 General Specifications (check digit, section 7.9) and the EPC Tag Data Standard (URN forms).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CANONICAL_DOMAIN = "https://id.gs1.org"


class Spelling(StrEnum):
    """How a partner writes GS1 keys."""

    URN = "urn"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Name:
    """One identifier: `key` is its canonical form (Digital Link of id.gs1.org, or an opaque URI), `urn` its EPC URN
    (the same text as `key` where it is opaque)."""

    key: str
    urn: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A sender of one file and its habits. `domain`: of its Digital Links; `event_ids`: whether it numbers events."""

    file: str
    spelling: Spelling = Spelling.LINK
    domain: str = CANONICAL_DOMAIN
    event_ids: bool = True

    def spell(self, name: Name) -> str:
        """The identifier as this partner writes it."""
        if self.spelling is Spelling.URN:
            return name.urn
        return name.key.replace(CANONICAL_DOMAIN, self.domain, 1)


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, known by its role only."""

    name: Name
    title: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town: country as ISO 3166-1 alpha-2, coordinates of its centre in degrees as decimal text, and the hours by
    which its winter time is ahead of UTC."""

    title: str
    country: str
    latitude: str
    longitude: str
    winter: int = 1


@dataclass(frozen=True, slots=True)
class Site:
    """A place that somebody runs. `partner` keeps its records; `by_day`: its books say dates only; `source` cites what
    is published about it (empty: the site is invented)."""

    name: Name
    title: str
    party: Party
    town: Town
    partner: Partner
    by_day: bool = False
    source: str = ""

    @property
    def key(self) -> str:
        """Its canonical identifier."""
        return self.name.key


@dataclass(frozen=True, slots=True)
class Unit:
    """A lot, or a container. `measure`: UN/ECE Rec 20 code, empty for pieces, `container` for a container.
    `same_as`: the key of the same goods under another number (a relabelled lot)."""

    name: Name
    measure: str = "KGM"
    same_as: str = ""

    @property
    def key(self) -> str:
        """Its canonical identifier."""
        return self.name.key

    @property
    def goods(self) -> str:
        """The key under which the truth counts these goods: one key, whatever the number on the bag."""
        return self.same_as or self.name.key


def check_digit(digits: str) -> str:
    """The GS1 check digit (modulo 10, weights 3 and 1 from the right) of the digits before it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def opaque(uri: str) -> Name:
    """A name that only its owner can read."""
    return Name(uri, uri)


def lot_name(prefix: str, item: str, lot: str) -> Name:
    """A GTIN with lot; `item` is the indicator digit and the item reference."""
    digits = item[0] + prefix + item[1:]
    return Name(
        f"{CANONICAL_DOMAIN}/01/{digits}{check_digit(digits)}/10/{lot}", f"urn:epc:class:lgtin:{prefix}.{item}.{lot}"
    )


def product_name(prefix: str, item: str) -> Name:
    """A GTIN without lot; as a quantity element it is a lot whose number nobody wrote down."""
    digits = item[0] + prefix + item[1:]
    return Name(f"{CANONICAL_DOMAIN}/01/{digits}{check_digit(digits)}", f"urn:epc:idpat:sgtin:{prefix}.{item}.*")


def site_name(prefix: str, reference: str) -> Name:
    """A GLN of a place, without extension."""
    digits = prefix + reference
    return Name(f"{CANONICAL_DOMAIN}/414/{digits}{check_digit(digits)}", f"urn:epc:id:sgln:{prefix}.{reference}.0")


def party_name(prefix: str, reference: str) -> Name:
    """A GLN of an organisation."""
    digits = prefix + reference
    return Name(f"{CANONICAL_DOMAIN}/417/{digits}{check_digit(digits)}", f"urn:epc:id:pgln:{prefix}.{reference}")


def sscc_name(prefix: str, reference: str) -> Name:
    """A serial shipping container code; `reference` is the extension digit and the serial reference."""
    digits = reference[0] + prefix + reference[1:]
    return Name(f"{CANONICAL_DOMAIN}/00/{digits}{check_digit(digits)}", f"urn:epc:id:sscc:{prefix}.{reference}")


def crate_name(prefix: str, asset: str, serial: str) -> Name:
    """A returnable crate (GRAI with serial)."""
    digits = prefix + asset
    return Name(
        f"{CANONICAL_DOMAIN}/8003/0{digits}{check_digit(digits)}{serial}", f"urn:epc:id:grai:{prefix}.{asset}.{serial}"
    )
