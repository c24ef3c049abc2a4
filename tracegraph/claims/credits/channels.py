"""The two ways in which certified goods may leave: with the claim, or without it and as credits. Not both.

Source: ISO 22095:2020, 5.5. Credits are issued for a verified volume that was placed on the market; what of that volume
was sold with the claim carries it already.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.accounts.factors import amount_in
from tracegraph.claims.credits.registry import serials
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.values import value


@value
class Channel:
    """What one producer has of one product and characteristic set, in `unit`. `certified`: the verified volume;
    `uncounted`: claims and entries that say no quantity in that unit."""

    owner: str
    product: str
    charset: str
    unit: str
    certified: Fraction
    credits: Fraction
    physical: Fraction
    issues: tuple[Row, ...]
    claims: tuple[Row, ...]
    uncounted: tuple[Row, ...]

    @property
    def over(self) -> Fraction:
        """How much more left than was certified; not below none."""
        return max(Fraction(0), self.credits + self.physical - self.certified)


def credits_of(entry: Row) -> int:
    """How many credits an entry is about; none where its serials cannot be read."""
    first, last = serials(entry) or (0, -1)
    return last - first + 1


def issues(world: World) -> tuple[Row, ...]:
    """The entries that issue credits, sorted by id."""
    return world.by("credit", "action", "issue")


def channels(world: World, size: Decimal) -> Iterator[Channel]:
    """Each producer, product and characteristic set with credits. `size`: what one credit stands for."""
    for key in sorted({_key(row) for row in issues(world) if row.given("volume")}):
        yield _channel(world, key, tuple(row for row in issues(world) if _key(row) == key), Fraction(size))


def _key(row: Row) -> tuple[str, str, str]:
    return row.text("owner"), row.text("product"), row.text("charset")


def _channel(world: World, key: tuple[str, str, str], entries: tuple[Row, ...], size: Fraction) -> Channel:
    unit = entries[0].text("unit")
    claims = tuple(row for row in world.by("claim", "party", key[0]) if _with_the_claim(row, key))
    amounts = {row.id: amount_in(row, "quantity", unit) for row in claims}
    uncounted = [row for row in claims if amounts[row.id] is None]
    uncounted += [row for row in entries if amount_in(row, "volume", unit) is None]
    return Channel(
        *key,
        unit,
        sum(verified(entries, unit).values(), Fraction(0)),
        sum(map(credits_of, entries)) * size,
        sum((amount for amount in amounts.values() if amount is not None), Fraction(0)),
        entries,
        claims,
        tuple(uncounted),
    )


def verified(entries: tuple[Row, ...], unit: str) -> dict[str, Fraction]:
    """The verified volume of each market entry: the least that any of its entries says, counted once."""
    volumes: dict[str, Fraction] = {}
    for row in entries:
        volume = amount_in(row, "volume", unit)
        if volume is not None:
            market = row.text("market") or row.id
            volumes[market] = min(volume, volumes.get(market, volume))
    return volumes


def _with_the_claim(claim: Row, key: tuple[str, str, str]) -> bool:
    _, product, charset = key
    physical = claim.text("model") not in ("", Model.BOOK_AND_CLAIM) and claim.flag("sold") is not False
    return physical and claim.text("product") in ("", product) and claim.text("charset") in ("", charset)
