"""ISO22095-5.1-MIN-INPUT: under controlled blending and mass balance every input meets the minimum of the requirement
setter, the unspecified ones too, and somebody checked that.

Source: ISO 22095:2020, 4, 5.1 and 6.7. Inputs are the goods and products that support records, the claim's account and
its vessel name, and what the custody graph shows that its goods were made of; a check is an approval of kind input.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.backing import backings
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.identifiers import parse

MODELS = ("cb", "mb")
ENTERING = ("opening", "in")
FILLING = ("heel", "add")
#: An input: its goods, and its product; one of them may be empty.
Input = tuple[str, str]


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim of these models, against each of its inputs."""
    for claim in world.rows("claim"):
        if claim.text("model") in MODELS and claim.given("charset"):
            yield from _judged(world, claim)


def _judged(world: World, claim: Row) -> Iterator[Found]:
    charset = world.row("charset", claim.text("charset"))
    words = {"claim": claim.id, "charset": claim.text("charset")}
    if charset is None or not charset.given("minimum"):
        yield missing(claim, case="no_minimum", words=words, evidence=(claim,))
        return
    inputs = sorted(set(_inputs(world, claim)) - {("", "")})
    if not inputs:
        yield missing(claim, case="no_inputs", words=words, evidence=(claim, charset))
    for goods, product in inputs:
        yield _checked(world, claim, charset, goods, product)


def _inputs(world: World, claim: Row) -> Iterator[Input]:
    behind = backings(world, claim)
    rows = [one.row for one in behind if one.by == "claim" and one.row is not None]
    rows += [row for row in _postings(world, claim) if row.text("direction") in ENTERING]
    rows += [row for row in _fillings(world, claim) if row.text("action") in FILLING]
    yield from (_named(one.reference) for one in behind if one.by == "goods")
    yield from (_named(row.text("goods"), row.text("product")) for row in rows)
    if world.custody is not None and claim.given("goods"):
        yield from (_named(one.unit) for one in world.custody.inputs(claim.text("goods")))


def _named(goods: str, product: str = "") -> Input:
    return goods, product or (parse(goods).product or "" if goods else "")


def _postings(world: World, claim: Row) -> tuple[Row, ...]:
    return world.by("posting", "account", claim.text("account")) if claim.given("account") else ()


def _fillings(world: World, claim: Row) -> Iterator[Row]:
    for vessel in sorted({row.text("vessel") for row in world.by("blend", "claim", claim.id)}):
        yield from world.by("blend", "vessel", vessel)


def _checked(world: World, claim: Row, charset: Row, goods: str, product: str) -> Found:
    minimum = charset.text("minimum")
    words = {"claim": claim.id, "input": goods or product, "minimum": minimum}
    checks = [row for row in world.by("approval", "kind", "input") if _about(row, charset, goods, product)]
    judged = [row for row in checks if row.given("outcome") and _in_time(row, claim)]
    evidence = (claim, charset, *checks)
    newest = max((row.first("evaluated") or 0 for row in judged), default=0)
    outcomes = {row.text("outcome") for row in judged if row.first("evaluated") == newest}
    if not judged:
        return missing(claim, words=words, limit=minimum, evidence=evidence)
    if "fail" in outcomes:
        return failed(claim, words=words, observed="fail", limit=minimum, evidence=evidence)
    return passed(claim, words=words, observed="pass", limit=minimum, evidence=evidence)


def _in_time(approval: Row, claim: Row) -> bool:
    """Whether it was given by the day of the claim, and had not lapsed."""
    given, asked, until = approval.first("evaluated"), claim.last("made"), approval.last("to")
    return (given or 0) <= (asked or 0) and (until is None or (claim.first("made") or 0) <= until)


def _about(approval: Row, charset: Row, goods: str, product: str) -> bool:
    """Of this minimum, and of the goods, or of all goods of the product."""
    of_minimum = charset.id == approval.text("charset") or charset.text("minimum") == approval.text("criterion")
    if approval.given("goods"):
        return of_minimum and approval.text("goods") == goods
    return of_minimum and approval.given("product") and approval.text("product") == product
