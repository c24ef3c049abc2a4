"""Which consignees are checked: a sample that anybody can draw again.

Consignees are put into strata by tier and, within a tier, by how much they got: three bands, each of about a third of
those whose amounts can be compared, and one of those whose amount is not known. The places go to the strata in
proportion to how many consignees each has (largest remainders), and every stratum gets at least one where there are
enough places.

Within a stratum the consignees stand in the order of SHA-256 over the seed, a line feed and the consignee. So the draw
follows from seed and consignees alone: not from the order in which they come, nor from any version of Python's random
numbers; and who comes before whom does not change when others join or leave.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from tracegraph.errors import UsageError
from tracegraph.model.measures import measured
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.trace.envelope import Json

_BANDS = ("large", "medium", "small")


@value
class Candidate:
    """A consignee that may be checked: at which tier, and how much came to it (None: not known)."""

    consignee: str
    tier: int
    quantity: Quantity | None = None


@value
class Stratum:
    """Some of the consignees. `dimension`: in what the amounts are measured (`mass`, `count`, ...; empty: not known);
    `band`: `large`, `medium`, `small` or `unknown`."""

    tier: int
    dimension: str
    band: str

    def to_dict(self) -> Json:
        """As it stands in the ledger and in answers."""
        return {"tier": self.tier, "dimension": self.dimension, "band": self.band}


@value
class Drawn:
    """A sample. `consignees`: those that are checked, by stratum; `strata`: each with how many there are and how many
    places it got; `candidates`: SHA-256 over all consignees with their strata, so that a later draw from others is
    noticed."""

    seed: str
    population: int
    consignees: tuple[tuple[str, Stratum], ...]
    strata: tuple[tuple[Stratum, int, int], ...]
    candidates: str

    def to_dict(self) -> Json:
        """As it stands in the ledger and in answers."""
        return {
            "seed": self.seed,
            "population": self.population,
            "candidates": self.candidates,
            "strata": [{**one.to_dict(), "size": size, "places": places} for one, size, places in self.strata],
            "drawn": [{"consignee": name, **one.to_dict()} for name, one in self.consignees],
        }


def fresh_seed() -> str:
    """A seed that nobody chose."""
    return secrets.token_hex(8)


def drawn(candidates: Iterable[Candidate], number: int, seed: str) -> Drawn:
    """A sample of `number` of the candidates. Raises UsageError where one is named twice or there are fewer."""
    groups = stratified(candidates)
    sizes = {stratum: len(names) for stratum, names in groups.items()}
    population = sum(sizes.values())
    if not 0 <= number <= population:
        raise UsageError(f"{number} of {population} consignees cannot be drawn; ask for no more than there are")
    places = allocated(sizes, number)
    chosen = [
        (name, stratum)
        for stratum, names in groups.items()
        for name in sorted(names, key=lambda name: _rank(seed, name))[: places[stratum]]
    ]
    strata = tuple((stratum, sizes[stratum], places[stratum]) for stratum in groups)
    return Drawn(seed, population, tuple(chosen), strata, _hash_of(groups))


def stratified(candidates: Iterable[Candidate]) -> dict[Stratum, list[str]]:
    """The consignees by stratum, both in order. Raises UsageError where one is named twice."""
    peers: dict[tuple[int, str], dict[str, Fraction | None]] = defaultdict(dict)
    seen: set[str] = set()
    for one in candidates:
        if one.consignee in seen:
            raise UsageError(f"the consignee {one.consignee} is named twice; name each once, with all that it got")
        seen.add(one.consignee)
        amount, dimension = measured(one.quantity)
        peers[one.tier, dimension][one.consignee] = amount
    found: dict[Stratum, list[str]] = defaultdict(list)
    for (tier, dimension), amounts in sorted(peers.items()):
        for name, band in _bands(amounts).items():
            found[Stratum(tier, dimension, band)].append(name)
    return {stratum: sorted(found[stratum]) for stratum in sorted(found, key=_place)}


def allocated(sizes: Mapping[Stratum, int], number: int) -> dict[Stratum, int]:
    """How many places each stratum gets: in proportion to its size, by largest remainders; then, where there are
    enough, one at least, from whichever has most above its proportion."""
    whole = sum(sizes.values())
    quotas = {stratum: Fraction(number * size, whole) for stratum, size in sizes.items()}
    places = {stratum: int(quota) for stratum, quota in quotas.items()}
    order = sorted(sizes, key=lambda one: (places[one] - quotas[one], _place(one)))
    for stratum in order[: number - sum(places.values())]:
        places[stratum] += 1
    empty = [stratum for stratum in sizes if not places[stratum]] if number >= len(sizes) else []
    for stratum in sorted(empty, key=_place):
        giving = [one for one in sizes if places[one] > 1]
        donor = max(giving, key=lambda one: (places[one] - quotas[one], _place(one)))
        places[donor] -= 1
        places[stratum] = 1
    return places


def _bands(amounts: Mapping[str, Fraction | None]) -> dict[str, str]:
    """The band of each: by how many got more, so that equal amounts are in one band."""
    known = sorted((amount for amount in amounts.values() if amount is not None), reverse=True)
    before: dict[Fraction, int] = {}
    for rank, amount in enumerate(known):
        before.setdefault(amount, rank)
    return {
        name: "unknown" if amount is None else _BANDS[before[amount] * len(_BANDS) // len(known)]
        for name, amount in amounts.items()
    }


def _place(stratum: Stratum) -> tuple[int, str, int]:
    """Where a stratum stands among the others."""
    return stratum.tier, stratum.dimension, (*_BANDS, "unknown").index(stratum.band)


def _rank(seed: str, consignee: str) -> bytes:
    return sha256(f"{seed}\n{consignee}".encode()).digest()


def _hash_of(groups: Mapping[Stratum, Sequence[str]]) -> str:
    lines = [f"{one.tier}\t{one.dimension}\t{one.band}\t{name}\n" for one, names in groups.items() for name in names]
    return sha256("".join(lines).encode()).hexdigest()
