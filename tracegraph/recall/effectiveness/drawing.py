"""A draw as a move of a case: what it keeps, so that the sample can be drawn again and be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from tracegraph.errors import InvalidField, UsageError
from tracegraph.recall.effectiveness.levels import Level, levels, sample_size
from tracegraph.recall.effectiveness.sampling import Candidate, drawn, fresh_seed
from tracegraph.trace.envelope import Json, decimal_text

if TYPE_CHECKING:
    from tracegraph.recall.case.casefile import CaseFile


def draw_payload(
    case: CaseFile,
    fields: Mapping[str, str],
    candidates: Iterable[Candidate],
    reason: str = "",
    key: str = "",
    table: Mapping[str, Level] | None = None,
) -> Json:
    """What the program adds to a move `draw`: `size`, `share` (percentage), `seed`, `strata`, `drawn` and the rest of
    Drawn.to_dict. Level and percentage are those of the fields, else of the case; the seed is that of the fields, else
    a new one.

    Raises InvalidField for a level or percentage that is missing or not possible; UsageError where a sample was drawn
    before and no reason is given (but for a request that is repeated under its `key`).
    """
    again = case.of("draw") and not any(key and move.key == key for move in case.moves)
    if again and not reason.strip():
        raise UsageError("a sample was drawn before; say why another is drawn")
    level, share = chosen_level(case, fields, levels() if table is None else table)
    found = tuple(candidates)
    seed = fields.get("seed", "").strip() or fresh_seed()
    sample = drawn(found, sample_size(len(found), share), seed)
    source = {"configured_from": level.source, "source_date": level.date or None, "verified": level.verified}
    return {
        "level": level.id,
        "share": decimal_text(share),
        "size": len(sample.consignees),
        **source,
        **sample.to_dict(),
    }


def chosen_level(case: CaseFile, fields: Mapping[str, str], table: Mapping[str, Level]) -> tuple[Level, Decimal]:
    """The level of a draw and its percentage. Raises InvalidField where one is missing or not possible."""
    facts = case.facts
    name = fields.get("level", "").strip().casefold() or str(facts.get("level") or "")
    if name not in table:
        problem = f"{name!r} is not configured" if name else "is missing"
        raise InvalidField(f"draw: level {problem}; give one of {', '.join(table)}", "level")
    level = table[name]
    given = fields.get("percentage", "").strip()
    if not given and level.percentage is None:
        given = str(facts.get("percentage") or "")
    return level, level.share(Decimal(given) if given else None)


def drawn_again(payload: Json, candidates: Iterable[Candidate]) -> bool:
    """Whether the same seed and these consignees give the sample that a move kept."""
    found = tuple(candidates)
    if payload["size"] > len(found):
        return False
    again = drawn(found, payload["size"], payload["seed"]).to_dict()
    return all(payload[name] == told for name, told in again.items())
