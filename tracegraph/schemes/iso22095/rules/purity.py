"""ISO22095-5.3.2-PURITY: every input of segregated goods carries the same characteristic set; ratios do not matter.

Source: ISO 22095:2020, 5.3.2 and 3.3.2. Several sources are allowed, unspecified inputs are not, beyond a tolerance
(a share of all inputs, none by default).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.backing import verifications
from tracegraph.claims.carrying import Ingredient, ingredients
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.missing_hop import untraced
from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal, dimension, in_base, measure
from tracegraph.model.quantity import Quantity, decimal_text


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of segregated goods."""
    tolerance = Fraction(parameters.number("purity_tolerance"))
    for claim in world.by("claim", "model", Model.SEGREGATED.value):
        yield _judged(world, claim, tolerance)


def _judged(world: World, claim: Row, tolerance: Fraction) -> Found:
    words = {"claim": claim.id, "charset": claim.text("charset")}
    if not claim.given("charset"):
        return missing(claim, case="no_charset", words=words, evidence=(claim,))
    found = ingredients(world, claim)
    foreign = [one for one in found if one.carries is False and _is_some(one)]
    if foreign:
        return _foreign(claim, found, foreign, tolerance, words)
    return _pure(world, claim, found, words)


def _is_some(one: Ingredient) -> bool:
    """An input of nothing is none; one of which nobody says how much is."""
    return one.quantity is None or one.quantity.value is None or one.quantity.value > 0


def _foreign(
    claim: Row, found: tuple[Ingredient, ...], foreign: list[Ingredient], tolerance: Fraction, words: dict[str, str]
) -> Found:
    unit = foreign[0].quantity.unit if foreign[0].quantity is not None else ""
    mass, whole = _sum(foreign, unit), _sum(found, unit)
    evidence = tuple(piece for one in foreign for piece in one.evidence)
    told = words | {"inputs": ", ".join(dict.fromkeys(one.name for one in foreign)), "mass": _text(mass, unit)}
    if tolerance and (mass is None or whole is None):
        return missing(claim, case="no_quantity", words=told, evidence=evidence)
    allowed = tolerance * whole if tolerance and whole is not None else Fraction(0)
    say = passed if mass is not None and mass <= allowed else failed
    return say(
        claim,
        case="tolerated" if say is passed else "",
        words=told,
        observed="" if mass is None else decimal(mass),
        limit=decimal(allowed),
        formula=f"{_text(mass, unit)} <= {decimal_text(decimal(allowed))}",
        terms=tuple(Term(one.name, _amount(one.quantity), unit) for one in foreign),
        evidence=evidence,
    )


def _pure(world: World, claim: Row, found: tuple[Ingredient, ...], words: dict[str, str]) -> Found:
    upstream = world.upstream(claim)
    unknown = [one.name for one in found if one.carries is None]
    if unknown:
        return missing(claim, words=words | {"inputs": ", ".join(unknown)}, evidence=(claim,))
    if upstream is not None and upstream.gap is not None:
        return untraced(claim, upstream)
    if not found and not verifications(world, claim):
        return missing(claim, case="no_inputs", words=words, evidence=(claim,))
    evidence = tuple(piece for one in found for piece in one.evidence[1:])
    return passed(claim, words=words, observed=Decimal(0), limit=Decimal(0), evidence=(claim, *evidence))


def _sum(found: Iterable[Ingredient], unit: str) -> Fraction | None:
    """The whole amount in a unit of measure; None where some is not said, or is of another dimension."""
    whole = Fraction(0)
    for one in found:
        amount = None if one.quantity is None else in_base(one.quantity)
        if amount is None or one.quantity is None or dimension(one.quantity.unit) != dimension(unit):
            return None
        whole += amount
    return whole / measure(unit).factor


def _amount(quantity: Quantity | None) -> Decimal | str:
    return "?" if quantity is None or quantity.value is None else quantity.value


def _text(mass: Fraction | None, unit: str) -> str:
    return "?" if mass is None else f"{decimal_text(decimal(mass))} {unit}".strip()
