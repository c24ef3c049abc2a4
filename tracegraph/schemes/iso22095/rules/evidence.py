"""ISO22095-4-EVIDENCE: a claim on a characteristic needs a verification of it; chain of custody alone proves none.

Source: ISO 22095:2020, 1 and 4. Wording for consumers must say more than that the standard was followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.backing import chain, verifications
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each claim: the verifications behind it, and its wording where it is addressed to consumers."""
    names = parameters.words("standard_names")
    for claim in world.rows("claim"):
        yield _verified(world, claim)
        if claim.flag("consumer"):
            yield _worded(world, claim, names)


def _verified(world: World, claim: Row) -> Found:
    words = {"claim": claim.id, "charset": claim.text("charset")}
    if not claim.given("charset"):
        return missing(claim, case="no_charset", words=words, evidence=(claim,))
    behind = (claim, *chain(world, claim))
    found = tuple(row for one in behind if _alike(one, claim) for row in verifications(world, one))
    if not found:
        return failed(claim, words=words, observed="0", limit="1", evidence=(claim,))
    words["verifications"] = ", ".join(sorted({row.id for row in found}))
    return passed(claim, words=words, observed=words["verifications"], evidence=(claim, *found))


def _alike(one: Row, claim: Row) -> bool:
    return one.text("charset") == claim.text("charset")


def _worded(world: World, claim: Row, names: tuple[str, ...]) -> Found:
    words = {"claim": claim.id, "text": claim.text("text")}
    if not claim.given("text"):
        return missing(claim, case="no_text", words=words, evidence=(claim,))
    text = claim.text("text").casefold()
    if any(name.casefold() in text for name in names) and not any(one in text for one in _meant(world, claim)):
        return failed(claim, case="only_standard", words=words, observed=words["text"], evidence=(claim,))
    return passed(claim, case="worded", words=words, observed=words["text"], evidence=(claim,))


def _meant(world: World, claim: Row) -> list[str]:
    """What a wording may say besides the standard: the characteristic set, what it says of the material, the scheme."""
    charset = world.row("charset", claim.text("charset"))
    said = [claim.text("charset"), claim.text("scheme")]
    if charset is not None:
        said += [*charset.several("attributes"), charset.text("scheme")]
    return [one.casefold() for one in said if one]
