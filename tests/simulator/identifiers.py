"""Names for simulated things: each unit, site and party has one canonical key and several ways to write it.

The GS1 arithmetic (check digits, EPC URN to Digital Link) is written out here, so that a mistake in the product's own
arithmetic shows as a wrong trace.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COMPANY = "9521234"  # a demonstration prefix
RESOLVER = "https://id.gs1.org"
OTHER_DOMAIN = "https://labels.example.com/product"

LOT_SCHEMES = ("opaque", "lgtin", "digital_link")
ITEM_SCHEMES = ("opaque", "sgtin", "digital_link", "sscc")
TOTE_SCHEMES = ("opaque", "grai", "sscc")


def check_digit(digits: str) -> str:
    """The GS1 modulo 10 check digit of a key without it (GS1 General Specifications, section 7.9)."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def with_check_digit(digits: str) -> str:
    """The key with its check digit."""
    return digits + check_digit(digits)


@dataclass(frozen=True, slots=True)
class Unit:
    """A lot or an item. `key`: the id in answers; `written`: in event files; `asked`: in questions too."""

    key: str
    written: tuple[str, ...]
    is_lot: bool
    asked: tuple[str, ...] = ()

    def say(self, chance: random.Random) -> str:
        """One of the ways to write it in an event."""
        return chance.choice(self.written)

    def ask(self, chance: random.Random) -> str:
        """One of the ways to name it on the command line."""
        return chance.choice((self.key, *self.written, *self.asked))


@dataclass(frozen=True, slots=True)
class Site:
    """A place with its master-data name, and a point inside that says by itself to which site it belongs."""

    key: str
    written: str
    dock: str


class Names:
    """Mints names that are unique in one world."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._count = 0

    def number(self) -> int:
        self._count += 1
        return self._count

    def gtin(self) -> tuple[str, str]:
        """A new product: its GTIN of 14 digits and the item reference of its URN."""
        reference = f"1{self.number():05d}"
        return with_check_digit(f"1{COMPANY}{reference[1:]}"), reference

    def lot(self, scheme: str | None = None) -> Unit:
        """A new lot: opaque, an LGTIN (URN), or a Digital Link with product and lot."""
        number = self.number()
        scheme = scheme or self._chance.choice(LOT_SCHEMES)
        if scheme == "opaque":
            key = f"urn:x-lot:{number}"
            return Unit(key, (key,), True)
        gtin, reference = self.gtin()
        return self.lot_of(gtin, reference, f"L{number}", "urn" if scheme == "lgtin" else "link")

    def lot_of(self, gtin: str, reference: str, lot: str, style: str = "both") -> Unit:
        """The lot of a known product."""
        key = f"{RESOLVER}/01/{gtin}/10/{lot}"
        urn = f"urn:epc:class:lgtin:{COMPANY}.{reference}.{lot}"
        forms = {"urn": (urn,), "link": (key, f"{OTHER_DOMAIN}/01/{gtin}/10/{lot}"), "both": (urn, key)}
        return Unit(key, forms[style], True, (f"(01){gtin}(10){lot}",))

    def item(self, scheme: str | None = None) -> Unit:
        """A new item: opaque, an SGTIN (URN or Digital Link), or a logistic unit (SSCC)."""
        number = self.number()
        scheme = scheme or self._chance.choice(ITEM_SCHEMES)
        if scheme == "opaque":
            key = f"urn:x-item:{number}"
            return Unit(key, (key,), False)
        if scheme == "sscc":
            return self._sscc(number)
        gtin, reference = self.gtin()
        unit = self.item_of(gtin, reference, f"S{number}")
        return unit if scheme == "sgtin" else Unit(unit.key, (unit.key, unit.asked[0]), False, unit.written[:1])

    def item_of(self, gtin: str, reference: str, serial: str, lot: str | None = None) -> Unit:
        """A serialised item of a known product; with `lot` it is written with AI 10 beside AI 21."""
        key = f"{RESOLVER}/01/{gtin}/21/{serial}"
        urn = f"urn:epc:id:sgtin:{COMPANY}.{reference}.{serial}"
        if lot:
            return Unit(key, (f"{RESOLVER}/01/{gtin}/10/{lot}/21/{serial}",), False, (key, urn))
        return Unit(key, (urn,), False, (f"{OTHER_DOMAIN}/01/{gtin}/21/{serial}",))

    def tote(self, scheme: str | None = None) -> Unit:
        """A new carrier that is packed again and again: opaque, GRAI or SSCC."""
        number = self.number()
        scheme = scheme or self._chance.choice(TOTE_SCHEMES)
        if scheme == "opaque":
            key = f"urn:x-carrier:{number}"
            return Unit(key, (key,), False)
        if scheme == "sscc":
            return self._sscc(number)
        asset = with_check_digit(f"{COMPANY}00077")
        return Unit(f"{RESOLVER}/8003/0{asset}{number}", (f"urn:epc:id:grai:{COMPANY}.00077.{number}",), False)

    def _sscc(self, number: int) -> Unit:
        key = f"{RESOLVER}/00/{with_check_digit(f'3{COMPANY}{number:09d}')}"
        return Unit(key, (f"urn:epc:id:sscc:{COMPANY}.3{number:09d}", key), False)

    def bare_product(self) -> Unit:
        """A product named without lot or serial: a lot without number."""
        gtin, reference = self.gtin()
        return Unit(f"{RESOLVER}/01/{gtin}", (f"urn:epc:idpat:sgtin:{COMPANY}.{reference}.*",), True)

    def site(self, scheme: str | None = None) -> Site:
        """A new site: opaque or a GLN (URN or Digital Link); GLN sites have a dock with an extension."""
        number = self.number()
        scheme = scheme or self._chance.choice(("opaque", "sgln", "digital_link"))
        if scheme == "opaque":
            return Site(f"urn:x-site:{number}", f"urn:x-site:{number}", f"urn:x-site:{number}")
        gln = with_check_digit(f"{COMPANY}{number:05d}")
        key = f"{RESOLVER}/414/{gln}"
        urn = f"urn:epc:id:sgln:{COMPANY}.{number:05d}"
        if scheme == "sgln":
            return Site(key, f"{urn}.0", f"{urn}.D{number}")
        return Site(key, key, f"{key}/254/D{number}")

    def party(self) -> str:
        """A new organisation, as a PGLN."""
        return f"urn:epc:id:pgln:{COMPANY}.{self.number():05d}"

    def opaque(self, kind: str) -> str:
        """A name without any scheme, for documents, batches, docks and the like."""
        return f"urn:x-{kind}:{self.number()}"
