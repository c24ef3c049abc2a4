"""Everything that the records do not say: of the whole graph, or of one kind, or what one partner can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.identifiers import location, party
from tracegraph.messages import Language, gap_kinds
from tracegraph.model.custody import Gap
from tracegraph.stores.port import Reading
from tracegraph.trace.cursors import Key, read_cursor, write_cursor
from tracegraph.trace.envelope import envelope, gap_order, gaps_json, no_lists
from tracegraph.trace.question import Question
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

_NO_KEY: Key = ("",) * 7


@dataclass(frozen=True, slots=True)
class GapChoice:
    """Which gaps: of a kind, that a partner (party or site) is to be asked about; a page of at most `limit` of them
    (None: all), `after` the `next` of the page before."""

    kind: str | None = None
    partner: str | None = None
    limit: int | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in gap_kinds():
            raise UsageError(f"there is no gap of kind {self.kind!r}; choose one of {', '.join(gap_kinds())}")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"limit is {self.limit}; give at least 1, or leave it out for all")

    def to_dict(self) -> dict[str, Any]:
        """What is chosen, as it stands in the question."""
        chosen = {"gap": self.kind, "partner": self.partner, "limit": self.limit, "after": self.after}
        return {name: value for name, value in chosen.items() if value is not None}

    def takes(self, gap: Gap) -> bool:
        """Whether it is of the kind, and the partner is to be asked."""
        if self.kind not in (None, gap.kind):
            return False
        return self.partner is None or not {party(self.partner), location(self.partner)}.isdisjoint(gap.ask)


EVERYTHING = GapChoice()


def all_gaps(store: Reading, question: Question, choice: GapChoice = EVERYTHING, language: Language = "en") -> Answered:
    """Answer a question of kind `gaps`. Whether the answer is complete is said of all gaps, chosen or not; where a page
    is cut, `result` has `next`."""
    with store.one_state():
        snapshot = Snapshot.of(store, question.as_of)
        gaps = snapshot.gaps()
    result: dict[str, Any] = no_lists()
    told = envelope(snapshot, question, result, gaps, (), language)
    if choice != EVERYTHING:
        told["question"] |= choice.to_dict()
        page, following = _page([gap for gap in gaps if choice.takes(gap)], choice)
        told["gaps"] = gaps_json(page, language)
        result["next"] = following
    return Answered(told, Trail.empty())


def _page(gaps: list[Gap], choice: GapChoice) -> tuple[list[Gap], str | None]:
    ordered = sorted(set(gaps), key=_key)
    if choice.after is not None:
        behind = read_cursor(choice.after, _NO_KEY)
        ordered = [gap for gap in ordered if _key(gap) > behind]
    page = ordered[: choice.limit]
    return page, write_cursor(_key(page[-1])) if len(page) < len(ordered) else None


def _key(gap: Gap) -> Key:
    *others, ask = gap_order(gap)
    return (*others, "\n".join(ask))
