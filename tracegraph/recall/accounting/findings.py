"""What does not agree in replies: with each other, with themselves, with what was delivered. Nothing is corrected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files

from tracegraph.messages import Language
from tracegraph.model.measures import decimal, measure
from tracegraph.model.values import value
from tracegraph.recall.accounting.buckets import ZERO
from tracegraph.recall.accounting.replies import AMOUNTS, Reply, Standing
from tracegraph.trace.envelope import Json, decimal_text

#: Findings that contradict nothing: less may arrive than was sent, and anybody may be late.
_CONSISTENT = frozenset({"late", "less_than_delivered"})


@value
class Finding:
    """Something that does not agree. `code`: a key of texts.json; `told`, `known`: the amounts (None: it is not about
    amounts); `fields`: which of the reply; `replies`: the numbers of the moves."""

    code: str
    replies: tuple[int, ...]
    told: Fraction | None = None
    known: Fraction | None = None
    fields: tuple[str, ...] = ()

    @property
    def contradicts(self) -> bool:
        """Whether one of two must be wrong."""
        return self.code not in _CONSISTENT

    def to_dict(self, code: str, language: Language) -> Json:
        """As it stands in an account in the unit of measure `code`."""
        return {
            "finding": self.code,
            "text": texts("findings")[self.code][language],
            "told": _text(self.told, code),
            "known": _text(self.known, code),
            "fields": list(self.fields),
            "replies": list(self.replies),
        }


def findings(standing: Standing, shipped: Fraction | None, code: str) -> list[Finding]:
    """What does not agree in the reply that holds. `shipped`: what was delivered (None: not known to the gram; 0:
    nothing that is on record), in the base unit of the dimension of `code`."""
    amounts = standing.reply.amounts(code)
    by = (standing.reply.number,)
    if amounts is None:
        return [Finding("other_measure", by), *_differing(standing)]
    said = sum((amounts.get(name, ZERO) for name in AMOUNTS), ZERO)
    return [
        *_of_itself(amounts, said, by),
        *_of_deliveries(amounts, said, shipped, by),
        *_differing(standing),
        *([Finding("late", by)] if standing.reply.late else []),
    ]


def _of_itself(amounts: Mapping[str, Fraction], said: Fraction, by: tuple[int, ...]) -> Iterator[Finding]:
    got = amounts.get("quantity")
    if got is not None and got != said:
        yield Finding("does_not_add_up", by, said, got)


def _of_deliveries(
    amounts: Mapping[str, Fraction], said: Fraction, shipped: Fraction | None, by: tuple[int, ...]
) -> Iterator[Finding]:
    got = amounts.get("quantity", said)
    if shipped is None:
        return
    if not shipped and (got or said):
        yield Finding("nothing_delivered", by, max(got, said), ZERO)
    elif max(got, said) > shipped:
        yield Finding("more_than_delivered", by, max(got, said), shipped)
    elif "quantity" in amounts and got < shipped:
        yield Finding("less_than_delivered", by, got, shipped)


def _differing(standing: Standing) -> Iterator[Finding]:
    """From each earlier reply, what it stated otherwise."""
    for earlier in standing.earlier:
        if changed := _changed(earlier, standing.reply):
            yield Finding("differs", (standing.reply.number, earlier.number), fields=changed)


def _changed(one: Reply, other: Reply) -> tuple[str, ...]:
    same = next((code for code in (one.measure, other.measure) if code is not None), "")
    first, second = one.amounts(same), other.amounts(same)
    if first is None or second is None:
        return ("measure",)
    return tuple(name for name in ("quantity", *AMOUNTS) if first.get(name) != second.get(name))


@cache
def texts(part: str) -> Mapping[str, Mapping[str, str]]:
    """Words by code and language: `findings`, `reasons`, `ratios`, `buckets`."""
    told: dict[str, dict[str, dict[str, str]]] = json.loads(
        files("tracegraph.recall.accounting").joinpath("texts.json").read_text(encoding="utf-8")
    )
    return told[part]


def _text(amount: Fraction | None, code: str) -> str | None:
    return None if amount is None else decimal_text(decimal(amount / measure(code).factor))
