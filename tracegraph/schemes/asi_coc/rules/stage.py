"""ASI-STAGE: each certified entity is of one of three stages; one after the casthouse cannot make certified metal of
anything but certified metal.

Source: the scheme's public pages; the names of the stages are a parameter that nobody verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon
from tracegraph.claims.material import CERTIFIED, Book
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, shown, standings, uncounted

LAST = "post_casthouse"


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each certified account, by the stage of its owner's certificate."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        known = standings(world, parameters, book.party, "coc_standard", horizon(world))
        rows = tuple(one.certificate for one in known if one.certificate.given("stage"))
        for account in book.of(*CERTIFIED):
            yield _staged(account, book, rows, parameters.words("stages"))


def _staged(account: Row, book: Book, certificates: tuple[Row, ...], stages: tuple[str, ...]) -> Found:
    named = sorted({row.text("stage") for row in certificates})
    words = {"account": account.id, "party": book.party, "stage": ", ".join(named), "unit": book.unit}
    evidence = (account, *certificates)
    if not named:
        return missing(account, words=words, evidence=evidence)
    if strange := [one for one in named if one not in stages]:
        limit = ", ".join(stages)
        return failed(account, case="unknown", words=words, observed=strange[0], limit=limit, evidence=evidence)
    if named == [LAST]:
        return _after_casthouse(account, book, words, evidence)
    return passed(account, words=words, observed=words["stage"], evidence=evidence)


def _after_casthouse(account: Row, book: Book, words: dict[str, str], evidence: tuple[Row, ...]) -> Found:
    """Metal made of scrap does not count here, and certified output needs certified input."""
    made = [flow for flow in book.flows if flow.kind == "recycled" and flow.side == "in"]
    bought = [flow for flow in book.flows if flow.kind == "coc" and flow.side == "in"]
    sold = [flow for flow in book.flows if flow.kind in CERTIFIED and flow.side == "out"]
    if not made and (bought or not sold):
        return passed(account, words=words, observed=words["stage"], evidence=evidence)
    wrong = made or sold
    amount = shown(sum((flow.amount for flow in wrong), Fraction(0)))
    return failed(
        account,
        case="created",
        words={**words, "amount": amount},
        observed=amount,
        limit="0",
        evidence=(*evidence, *(flow.posting for flow in wrong)),
    )
