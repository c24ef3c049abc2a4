"""ISO22095-5.5-DOUBLE: a credit has one owner and is redeemed once, and its goods are not also sold with the claim.

Source: ISO 22095:2020, 5.5 and B.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracegraph.claims.credits.blocks import Conflict
from tracegraph.claims.credits.channels import Channel, channels
from tracegraph.claims.credits.registry import Registry, registries
from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.model.measures import decimal


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each registry, entry by entry; then each producer of whose goods credits were issued."""
    for registry in registries(world):
        yield from _contradictions(registry)
    if registries(world):
        yield from map(_both_ways, channels(world, parameters.number("credit_size")))


def _contradictions(registry: Registry) -> Iterator[Found]:
    for row in registry.unreadable:
        yield missing(row, case="unreadable", words={"entry": row.id}, evidence=(row,))
    for conflict in registry.conflicts:
        yield _never_issued(conflict) if conflict.earlier is None else _twice(conflict)
    if not registry.conflicts and not registry.unreadable:
        words = {"registry": registry.name, "count": str(sum(block.count for block in registry.blocks))}
        yield passed(("registry", registry.name), words=words, evidence=registry.entries)


def _words(conflict: Conflict) -> dict[str, str]:
    words = {"entry": conflict.entry.id, "first": str(conflict.first), "last": str(conflict.last)}
    return {**words, "count": str(conflict.count)}


def _never_issued(conflict: Conflict) -> Found:
    return missing(conflict.entry, case="not_issued", words=_words(conflict), evidence=(conflict.entry,))


def _twice(conflict: Conflict) -> Found:
    earlier = conflict.earlier
    assert earlier is not None
    return failed(
        conflict.entry,
        case=conflict.case,
        words={**_words(conflict), "earlier": earlier.id},
        observed=Decimal(conflict.count),
        limit="0",
        formula=f"{conflict.last} - {conflict.first} + 1 = {conflict.count}",
        detected=conflict.entry.valid_from,
        evidence=(earlier, conflict.entry),
    )


def _both_ways(channel: Channel) -> Found:
    certified, credits, physical = map(decimal, (channel.certified, channel.credits, channel.physical))
    say, case = (failed, "channel") if channel.over else (passed, "one_channel")
    if channel.uncounted and not channel.over:
        say, case = missing, "uncounted"
    words = {"owner": channel.owner, "certified": certified, "credits": credits, "physical": physical}
    words |= {"over": decimal(channel.over), "unit": channel.unit, "count": str(len(channel.uncounted))}
    return say(
        ("party", channel.owner),
        case=case,
        words=words,
        observed=decimal(channel.credits + channel.physical),
        limit=certified,
        formula=f"{physical:f} + {credits:f} <= {certified:f}",
        terms=(
            Term("certified", certified, channel.unit, channel.issues),
            Term("credits", credits, channel.unit, channel.issues),
            Term("physical", physical, channel.unit, channel.claims),
        ),
        evidence=channel.uncounted if say is missing else (*channel.issues, *channel.claims),
    )
