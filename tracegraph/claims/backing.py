"""What a claim rests on: input claims, accounts, credits and goods; and the chain of claims behind it.

Source: ISO 22095:2020, 5.1 (what an output claim may state follows from what supports it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracegraph.claims.models import Model
from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.identifiers import canonical


@dataclass(frozen=True, slots=True)
class Backing:
    """One thing that a claim rests on.

    `by`: claim, posting, credit or goods; `reference`: what the support record names; `row`: that record (None: it is
    not on record, or nothing is claimed of the goods); `model`: the model that it can bear at most (None: not said);
    `support`: the record that says so (None: the custody graph does).
    """

    by: str
    reference: str
    row: Row | None
    model: Model | None
    support: Row | None = None

    @property
    def name(self) -> str:
        """What a report calls it."""
        return self.row.id if self.row is not None else self.reference

    @property
    def evidence(self) -> tuple[Row, ...]:
        """The records that say so."""
        return tuple(row for row in (self.support, self.row) if row is not None)


def model_of(row: Row | None) -> Model | None:
    """The model that a record names; None where it names none."""
    return Model(row.text("model")) if row is not None and row.given("model") else None


def backings(world: World, claim: Row) -> tuple[Backing, ...]:
    """What the support records of a claim name, sorted; without any, the claims on the goods that its own goods were
    made of, where the custody graph is at hand."""
    told = tuple(one for support in world.by("support", "claim", claim.id) for one in _backings(world, claim, support))
    return tuple(sorted(told or _upstream(world, claim), key=lambda one: (one.by, one.reference, one.name)))


def _backings(world: World, claim: Row, support: Row) -> Iterator[Backing]:
    reference = support.text("reference")
    match support.text("by"):
        case "claim":
            row = world.row("claim", reference)
            yield Backing("claim", reference, row, model_of(row), support)
        case "posting":
            yield _posting(world, claim, support)
        case "credit":
            row = world.row("credit", reference)
            yield Backing("credit", reference, row, Model.BOOK_AND_CLAIM if row else None, support)
        case "goods":
            goods = canonical(reference)
            rows = claims_on(world, goods, claim)
            yield from (Backing("goods", goods, row, model_of(row), support) for row in rows or (None,))


def _posting(world: World, claim: Row, support: Row) -> Backing:
    """An account bears mass balance at most (5.4.2), and no more than the claim that was posted to it."""
    row = world.row("posting", support.text("reference"))
    posted = world.row("claim", row.text("claim")) if row and row.text("claim") != claim.id else None
    known = [model for model in (model_of(posted), Model.MASS_BALANCE if row else None) if model]
    return Backing(
        "posting", support.text("reference"), row, min(known, key=lambda one: one.rank, default=None), support
    )


def claims_on(world: World, goods: str, asked: Row) -> tuple[Row, ...]:
    """What else is claimed of goods: of the same characteristic set where the asked claim names one, else anything."""
    others = tuple(row for row in about_goods(world, "claim", goods) if row.id != asked.id)
    alike = tuple(row for row in others if row.text("charset") == asked.text("charset"))
    return alike if asked.given("charset") else others


def about_goods(world: World, kind: str, goods: str) -> tuple[Row, ...]:
    """The rows of a kind about a unit, under whichever of its numbers, or about a lot that it belongs to."""
    names = world.custody.numbers(goods) if world.custody is not None else {goods}
    return tuple(row for name in sorted(names) for row in world.by(kind, "goods", name))


def _upstream(world: World, claim: Row) -> Iterator[Backing]:
    """What somebody else claimed of the same goods before; else the nearest claims on what they were made of."""
    if not claim.given("goods"):
        return
    earlier = [row for row in claims_on(world, claim.text("goods"), claim) if _handed_on(row, claim)]
    yield from (Backing("goods", claim.text("goods"), row, model_of(row)) for row in earlier)
    if earlier or world.custody is None:
        return
    for goods in world.custody.nearest(claim.text("goods"), lambda unit: bool(claims_on(world, unit, claim))):
        for row in claims_on(world, goods, claim):
            yield Backing("goods", goods, row, model_of(row))


def _handed_on(earlier: Row, claim: Row) -> bool:
    """Whether a claim came with the goods to whoever makes another one: it is older, and of another party or site."""
    elsewhere = any(earlier.given(name) and earlier.text(name) != claim.text(name) for name in ("party", "site"))
    return elsewhere and (earlier.last("made") or 0) < (claim.first("made") or 0)


def chain(world: World, claim: Row) -> tuple[Row, ...]:
    """The claims behind a claim, without itself, each once however they lead to each other, sorted by id."""
    found: dict[str, Row] = {}
    waiting = [claim]
    while waiting:
        for one in backings(world, waiting.pop()):
            row = _claim_behind(world, one)
            if row is not None and row.id != claim.id and row.id not in found:
                found[row.id] = row
                waiting.append(row)
    return tuple(found[id] for id in sorted(found))


def _claim_behind(world: World, backing: Backing) -> Row | None:
    if backing.row is None or backing.row.kind == "claim":
        return backing.row
    return world.row("claim", backing.row.text("claim"))


def verifications(world: World, claim: Row) -> tuple[Row, ...]:
    """The verifications of the claim's characteristic set that were in force when it was made and that are about it:
    each of goods, product, site and party that a verification names is the claim's."""
    return tuple(
        row
        for row in world.by("verification", "charset", claim.text("charset"))
        if row.touches(claim.first("made"), claim.last("made")) and _about(row, claim)
    )


def _about(verification: Row, claim: Row) -> bool:
    named = [name for name in ("goods", "product", "site", "party") if verification.given(name)]
    return all(verification.text(name) == claim.text(name) for name in named)


def is_origin(world: World, claim: Row) -> bool:
    """Whether nothing needs to stand behind a claim, and nothing does: its characteristic was verified where it begins,
    or the custody graph shows without a gap that its goods were made of nothing else."""
    if backings(world, claim):
        return False
    upstream = world.upstream(claim)
    whole = upstream is not None and upstream.gap is None and not upstream.made_of.get(upstream.unit)
    return whole or bool(verifications(world, claim))
