"""Scope questions as people write them: seeds as short texts or JSON, and options that hold for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from tracegraph.errors import UsageError
from tracegraph.model.instants import Moment
from tracegraph.recall.scope.question import RULES, ScopeQuestion, read_question

#: Short seeds: `site:X` and so on, and to which rule and part of it the text belongs.
PREFIXES = {
    "unit": ("lot", "unit"),
    "lot": ("lot", "unit"),
    "site": ("site", "site"),
    "line": ("line", "on"),
    "party": ("organisation", "party"),
    "product": ("product", "product"),
    "equipment": ("equipment", "equipment"),
    "evidence": ("evidence", "evidence"),
}

WrittenSeed = str | Mapping[str, Any]


class ScopeOptions(TypedDict, total=False):
    """What can be said beside the seeds. `line`, `since` and `until` belong to every seed that has such a part;
    the rest is as in tracegraph.recall.scope.question."""

    line: str | None
    since: Moment | None
    until: Moment | None
    assumptions: Mapping[str, Any] | None
    follow: bool | None
    minimum_grade: str | None
    as_of: Moment | None
    paths: int | None


def ask_scope(*seeds: WrittenSeed, **options: Unpack[ScopeOptions]) -> ScopeQuestion:
    """A question about the union of the seeds. A whole question as JSON object may stand alone; options then replace
    what it says. Raises UsageError."""
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if "as_of" in given:
        given["as_of"] = str(given["as_of"])
    mine = {_PARTS[name]: str(given.pop(name)) for name in _PARTS if name in given}
    whole = _whole(seeds)
    if whole is not None and mine:
        raise UsageError(f"{', '.join(mine)} belong to seeds; write them into the question itself")
    return read_question((dict(whole) if whole is not None else {"scope": _union(seeds, mine)}) | given)


#: Options that are parts of seeds.
_PARTS = {"line": "line", "since": "from", "until": "to"}


def _whole(seeds: Sequence[WrittenSeed]) -> Mapping[str, Any] | None:
    """The question that stands alone."""
    first = seeds[0] if len(seeds) == 1 else None
    return first if isinstance(first, Mapping) and "rule" not in first else None


def _union(seeds: Sequence[WrittenSeed], given: Mapping[str, str]) -> Any:
    parts = [_seed(seed, given) for seed in seeds]
    if not parts:
        raise UsageError(
            "nothing is suspected; name a lot, or site:, line:, party:, product:, equipment: or evidence: and an id"
        )
    return parts[0] if len(parts) == 1 else {"rule": "union", "of": parts}


def _seed(seed: WrittenSeed, given: Mapping[str, str]) -> Mapping[str, Any]:
    """A short seed as JSON; one that is JSON already stays as it is."""
    if not isinstance(seed, str):
        return seed
    prefix, colon, rest = seed.strip().partition(":")
    rule, part = PREFIXES[prefix] if colon and prefix in PREFIXES else PREFIXES["unit"]
    name = rest.strip() if colon and prefix in PREFIXES else seed.strip()
    mine = {one: value for one, value in given.items() if one in RULES[rule]}
    if rule == "evidence" and name in ("", "*"):
        return {"rule": rule, **mine}
    return {"rule": rule, part: name, **mine}
