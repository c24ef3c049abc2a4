"""Answer a question about claims: run the packs, choose the findings, say of each claim what they come to.

`result["packs"]`: what was run; `["claims"]`: a verdict for each claim and pack; `["findings"]`: sorted by pack, rule
and subject; `["summary"]`: how many of each outcome; `["unverified"]`: parameters used that nobody verified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracegraph.claims.finding import Finding, unverified
from tracegraph.claims.outcome import Outcome
from tracegraph.claims.pack import Pack
from tracegraph.claims.question import ClaimsQuestion
from tracegraph.claims.running import run
from tracegraph.claims.selection import Deciding, asked_for, chosen_claims
from tracegraph.claims.verdict import statement, verdict
from tracegraph.claims.world import World, world_at
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.messages import Language
from tracegraph.stores.port import Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, envelope, no_lists
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail


def check_claims(
    store: Reading, question: ClaimsQuestion, packs: Sequence[Pack], language: Language = "en"
) -> Answered:
    """What the packs find in the store. Raises UsageError for a rule that none of them has."""
    _check_rules(question, packs)
    with answering(store):
        snapshot = Snapshot.of(store, question.as_of)
        # The world is gone before the context ends: nobody then looks for circles in very many records.
        result: Json = no_lists() | checked(world_at(snapshot, question.valid), question, packs)
        return Answered(envelope(snapshot, question, result, [], (), language), Trail.empty())


def known_claim(result: Mapping[str, Any], claim: str) -> None:
    """Raise UnknownIdentifier where a result is about no claim of that number."""
    if claim not in {told["claim"] for told in result["claims"]}:
        raise UnknownIdentifier(f"no claim {claim!r} is on record; `claims check` lists those that are", claim)


def checked(world: World, question: ClaimsQuestion, packs: Sequence[Pack]) -> Json:
    """The result over a world."""
    findings = run(world, packs, frozenset(question.rules) or None)
    claims = chosen_claims(world, question.about) if question.about else world.rows("claim")
    deciding = Deciding(findings)
    of_each = {row.id: list(deciding.of_claim(row)) for row in claims}
    if question.about:
        findings = asked_for(findings, frozenset(question.about), of_each)
    return {
        "packs": [pack.about() for pack in packs],
        "claims": [_claim(id, pack, told) for id, told in of_each.items() for pack in packs],
        "summary": list(_summary(findings, packs)),
        "unverified": unverified(findings),
        "findings": [finding.to_dict() for finding in findings],
    }


def _check_rules(question: ClaimsQuestion, packs: Sequence[Pack]) -> None:
    known = {rule.id for pack in packs for rule in pack.rules}
    for rule in question.rules:
        if rule not in known:
            raise UsageError(f"there is no rule {rule!r} in {', '.join(pack.id for pack in packs)}; see `packs show`")


def _claim(claim: str, pack: Pack, findings: list[Finding]) -> Json:
    mine = [finding for finding in findings if finding.pack == pack.id]
    said = verdict(mine)
    return {
        "claim": claim,
        "pack": pack.id,
        "version": pack.version,
        "verdict": said.value,
        "statement": statement(said, claim, pack.id, pack.version),
        "outcomes": {outcome.value: sum(one.outcome is outcome for one in mine) for outcome in Outcome},
    }


def _summary(findings: Sequence[Finding], packs: Sequence[Pack]) -> Iterator[Json]:
    counts = Counter((finding.pack, finding.outcome) for finding in findings)
    for pack in packs:
        yield {"pack": pack.id, **{outcome.value: counts[pack.id, outcome] for outcome in Outcome}}
