"""The likely sources of some cases as an answer: candidates under every method, covering sets, and why.

Source: Horn and Friedrich, J R Soc Interface 2019 (random walk); Manitz 2014 and Brockmann-Helbing (effective
distance); FoodChain-Lab (coverage). Association, not proof: an answer says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.messages import Language, words
from tracegraph.model.instants import Moment
from tracegraph.stores.port import Reading
from tracegraph.trace.answer import listed
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, envelope
from tracegraph.trace.question import Question, ask
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import nearest_names
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.sources.candidates import KINDS, Candidate, Kind, candidates
from tracegraph.trace.sources.cases import CASE_RECORD, Begun, Case, begun, unique
from tracegraph.trace.sources.covers import Covers, smallest_covers
from tracegraph.trace.sources.explaining import Explaining
from tracegraph.trace.sources.goods import Goods, goods
from tracegraph.trace.sources.measures import FORGIVING
from tracegraph.trace.sources.ranking import Met, Weighted, met, rated
from tracegraph.trace.sources.telling import DIGITS, CaseNames, cover_json, decimal_of, row_json
from tracegraph.trace.sources.upstream import Upstream, upstream
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail, trail_of

#: Candidates of each kind that are listed, unless more are asked for.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: at most `limit` candidates of each of the `kinds`, and the paths from the first `explained` of each
    kind to the cases. Raises UsageError for what cannot be."""

    kinds: tuple[Kind, ...] = KINDS
    limit: int = LISTED
    explained: int = 1

    def __post_init__(self) -> None:
        for kind in self.kinds:
            if kind not in KINDS:
                raise UsageError(f"a source is no {kind!r}; choose from {', '.join(KINDS)}")
        if self.limit < 1:
            raise UsageError(f"limit is {self.limit}; give at least 1")
        if self.explained < 0:
            raise UsageError(f"paths is {self.explained}; give for how many candidates they are wanted, 0 for none")

    @classmethod
    def of(cls, kinds: Iterable[str] | None, limit: int, explained: int) -> Wanted:
        """From what a person names; no kinds: all of them."""
        named = list(kinds or KINDS)
        unknown = [kind for kind in named if kind not in KINDS]
        return cls(tuple(unknown or [kind for kind in KINDS if kind in named]), limit, explained)  # type: ignore[arg-type]


EVERYTHING = Wanted()


def stored_cases(snapshot: Snapshot, ids: Iterable[str] | None = None) -> list[Case]:
    """The cases on record, all or those of these numbers, by number. Raises UnknownIdentifier for one that is not."""
    found = [Case.of(stored.record) for stored in snapshot.records(CASE_RECORD)]
    if ids is None:
        return found
    by_id = {case.id: case for case in found}
    for number in (numbers := list(ids)):
        if number not in by_id:
            nearest = nearest_names(number, by_id)
            advice = f"the nearest known are {', '.join(nearest)}" if nearest else "import it first"
            raise UnknownIdentifier(f"case {number!r} is unknown; {advice}", number, tuple(nearest))
    return [by_id[number] for number in sorted(set(numbers))]


def sources(
    store: Reading,
    question: Question,
    cases: Iterable[Case] | None = None,
    numbers: Iterable[str] | None = None,
    wish: Wanted = EVERYTHING,
    language: Language = "en",
    register: Register | None = None,
) -> Answered:
    """Answer a question of kind `sources` (`asked_of_cases`): `result["sources"]` ranks what the given cases, and those
    on record with these numbers, have in common; all on record where neither is given. Raises UsageError where there
    is no case, UnknownIdentifier for a number that is not on record."""
    with answering(store):
        known = register or Register(Snapshot.of(store, question.as_of))
        chosen = list(cases or ())
        if numbers is not None or cases is None:
            chosen += stored_cases(known.snapshot, numbers)
        return _Answering(known, question, begun(unique(chosen), question, known), wish, language).answered()


def asked_of_cases(
    certainty: str = "possible", as_of: Moment | None = None, contents: bool = True, paths: int = 1
) -> Question:
    """A question of kind `sources`, of which the cases are yet to come. Raises UsageError."""
    return ask(kind="sources", direction="backward", certainty=certainty, as_of=as_of, contents=contents, paths=paths)


def recorded_cases(store: Reading, as_of: int | None = None, language: Language = "en") -> Answered:
    """The cases on record, as an answer of kind `cases` (`result["cases"]`, by number)."""
    with store.one_state():
        snapshot = Snapshot.of(store, as_of)
        found = stored_cases(snapshot)
    result = {"cases": [case.to_dict() for case in found]}
    return Answered(envelope(snapshot, Question("cases", (), as_of=as_of), result, (), (), language), Trail.empty())


def _with_starts(question: Question, cases: Sequence[Begun]) -> Question:
    """The question with what was asked for as its starts."""
    starts = sorted({case.case.start() for case in cases}, key=lambda start: (start.kind, start.id))
    return replace(question, starts=tuple(starts))


@dataclass(slots=True)
class _Answering:
    """One answer being made."""

    register: Register
    question: Question
    cases: Sequence[Begun]
    wish: Wanted
    language: Language
    above: Upstream = field(init=False)
    goods: Goods = field(init=False)
    weighted: Weighted = field(init=False)
    explaining: Explaining = field(init=False)

    def __post_init__(self) -> None:
        self.above = upstream(self.register.snapshot, self.cases, self.question.confirmed_only)
        self.goods = goods(self.register.snapshot, self.above)
        self.weighted = _weighted(self.cases, self.above)
        self.explaining = Explaining(self.above, self.cases)

    def answered(self) -> Answered:
        """Everything of it."""
        snapshot = self.register.snapshot
        every = candidates(snapshot, self.above, self.goods.weights, self.wish.kinds)
        reaching = [one for one in every if one.explained & self.weighted.cases]
        walks = dict(zip(((one.kind, one.id) for one in reaching), self._walked(reaching), strict=True))
        rows: list[Json] = []
        covers: list[Json] = []
        totals: Json = {}
        nodes: set[int] = set()
        for kind in self.wish.kinds:
            found = [one for one in reaching if one.kind == kind]
            totals[kind] = len(found)
            rows += self._rows(found, [walks[kind, one.id] for one in found], nodes)
            covers.append(cover_json(kind, self._covers(found), self._names()))
        told = self._told(rows, covers, totals)
        trail = trail_of([self.above.part], [frozenset(nodes)])
        shown = listed(snapshot, trail)
        question = _with_starts(self.question, self.cases)
        frame = envelope(snapshot, question, shown.result() | {"sources": told}, self.above.gaps, (), self.language)
        frame["question"] |= {
            "cases": [case.case.to_dict() for case in self.cases],
            "kinds": list(self.wish.kinds),
            "limit": self.wish.limit,
        }
        frame["complete"] = bool(frame["complete"]) and all(case.problem is None for case in self.cases)
        return Answered(frame, trail)

    def _walked(self, found: Sequence[Candidate]) -> list[Met]:
        return met(self.goods.flow, found, self.weighted) if found else []

    def _rows(self, found: Sequence[Candidate], walks: Sequence[Met], nodes: set[int]) -> list[Json]:
        """The listed candidates of one kind; adds the nodes on their paths."""
        ranked = rated(found, walks, self.weighted)[: self.wish.limit]
        rows: list[Json] = []
        for number, row in enumerate(ranked):
            explained = self.explaining.paths(row.candidate) if number < self.wish.explained else None
            nodes |= explained.nodes if explained else frozenset()
            rows.append(row_json(row, self._names(), [] if explained is None else explained.paths))
        return rows

    def _covers(self, found: Sequence[Candidate]) -> Covers:
        return smallest_covers({one.id: one.explained for one in found}, self.weighted.cases)

    def _names(self) -> CaseNames:
        return CaseNames([case.case.id for case in self.cases], self.weighted.cases, self.weighted.controls)

    def _told(self, rows: list[Json], covers: list[Json], totals: Json) -> Json:
        """`result["sources"]`."""
        return {
            "association": words("association_not_proof", self.language),
            "methods": {
                "approximate": True,
                "digits": DIGITS,
                "forgiving": decimal_of(FORGIVING),
                "outlets": len(self.weighted.observed),
                "split_evenly": self.goods.split,
                "moving": self.goods.moving,
            },
            "cases": [self._case(bit, case) for bit, case in enumerate(self.cases)],
            "candidates": totals,
            "rows": rows,
            "covers": covers,
        }

    def _case(self, bit: int, case: Begun) -> Json:
        """What became of one case: whether the records know it, and whether something is missing upstream of it."""
        return {
            "case": case.case.id,
            "role": "control" if case.case.control else "case",
            "traced": bool(case.starts.certain),
            "doubtful": bool(self.above.doubtful >> bit & 1),
            "problem": case.problem,
        }


def _weighted(cases: Sequence[Begun], above: Upstream) -> Weighted:
    """The cases and controls of which the records know where to begin, by their bits; no others count."""
    traced = sum(1 << bit for bit, case in enumerate(cases) if case.starts.certain)
    controls = sum(1 << bit for bit, case in enumerate(cases) if case.case.control)
    outlets = [tuple(sorted(above.place[node] for node in case.starts.certain)) for case in cases]
    return Weighted([case.case.worth for case in cases], traced & ~controls, traced & controls, above.doubtful, outlets)
