"""Answer a trace: resolve, begin, reach, limit, list. The one way from a question to an answer, on every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tracegraph.errors import UsageError
from tracegraph.messages import Language, words
from tracegraph.model.custody import Certainty
from tracegraph.model.instants import parse_instant
from tracegraph.stores.port import Direction, Reading
from tracegraph.trace.answer import Listed, listed
from tracegraph.trace.answering import answering
from tracegraph.trace.assumptions.asked import read_assumptions
from tracegraph.trace.columns import listed_columns
from tracegraph.trace.envelope import ENCODER, Json, frame, in_bytes, to_json
from tracegraph.trace.infer.modes import Mode, parse_mode
from tracegraph.trace.limits import listing
from tracegraph.trace.paths import MOST_HOPS, paths
from tracegraph.trace.question import DIRECTIONS, Limits, Question, Start, StartKind, Window
from tracegraph.trace.reach import Reached, Starts, reach
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import resolve
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.starts import begin
from tracegraph.trace.trail import Trail, trail_of

if TYPE_CHECKING:
    from tracegraph.trace.assumptions.following import Supposed
    from tracegraph.trace.infer.following import Inferring
    from tracegraph.trace.shares import Shares

RESULT = "result"


@dataclass(slots=True)
class Answered:
    """An answer, and the graph of what it lists. `frame` is the envelope; where `listed` is given, still without its
    result, which is made when it is asked for: as values, or as text without that detour. Where the graph is not there
    yet, it is made when it is asked for too."""

    frame: Json
    _trail: Trail | Callable[[], Trail]
    listed: Listed | None = None

    @property
    def trail(self) -> Trail:
        """The graph."""
        if not isinstance(self._trail, Trail):
            self._trail = self._trail()
        return self._trail

    @property
    def cut(self) -> bool:
        """Was a limit hit?"""
        parts = self.listed.others if self.listed is not None else self.frame[RESULT]
        return bool(self.frame["frontier"]) or "paths_left_out" in parts

    @property
    def envelope(self) -> Json:
        """The whole answer as JSON values."""
        if self.listed is not None and RESULT not in self.frame:
            self.frame[RESULT] = self.listed.result()
        return self.frame

    def json_pieces(self) -> Iterator[bytes]:
        """The canonical JSON, piece by piece."""
        if self.listed is None or RESULT in self.frame:
            yield to_json(self.frame)
            return
        yield in_bytes(f'{ENCODER.encode(self.frame)[:-1]},"{RESULT}":')
        yield from map(in_bytes, self.listed.texts())
        yield b"}"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier, limited answer: its question, snapshot, and the holdings that it listed."""

    question: Question
    position: int | None
    head: str
    known: int | None
    holdings: frozenset[str]


def trace(
    store: Reading,
    question: Question,
    resume: Earlier | None = None,
    language: Language = "en",
    register: Register | None = None,
) -> Answered:
    """Answer a question of kind `trace`.

    With `resume`, everything but limits and paths is the earlier question's, asked of the same ledger position; the
    answer lists what the earlier one listed and goes on from there, and `max_nodes` and `max_seconds` count anew.
    `register` spares reading aliases and memberships again; it must be of the wanted snapshot.
    """
    with answering(store):
        return _trace(store, question, resume, language, register)


def _trace(
    store: Reading, question: Question, resume: Earlier | None, language: Language, register: Register | None
) -> Answered:
    snapshot = _snapshot(store, question, resume, register)
    register = register if register is not None and register.snapshot is snapshot else Register(snapshot)
    asked = resolve(question, register) if resume is None else _taken_up(question, resume)
    starts = begin(asked, register)
    if resume is None and (at_once := _at_once(asked, starts, register, language)):
        return at_once
    return _followed(asked, starts, register, resume, language)


def _at_once(asked: Question, starts: Starts, register: Register, language: Language) -> Answered | None:
    """The answer made from columns, where no limit is hit and nothing asked for that needs the graph, and the store
    gives such columns. The graph is made by following after all, should it be asked for."""
    snapshot = register.snapshot
    if not _is_simple(asked) or starts.early or starts.unsure or starts.nowhere:
        return None
    (direction,) = directions(asked)
    most = asked.limits.max_nodes
    found = snapshot.gathered(starts.certain, direction, asked.confirmed_only, most)
    if found is None or (most is not None and len(found.node) > most):
        return None
    for place, node in enumerate(found.node if starts.conjectured else ()):
        if node in starts.conjectured:
            found.confirmed[place] = False
    listing = listed_columns(snapshot, found, starts.units)

    def trail() -> Trail:
        with answering(snapshot.store):
            return _followed(asked, starts, register, None, language).trail

    return Answered(frame(snapshot, asked, listing.gaps, (), language), trail, listing)


def _is_simple(asked: Question) -> bool:
    """Whether a question has one direction and nothing but what says where to begin, how sure to be, as of when, and
    how many holdings to list at most. So few are gathered so quickly that a limit of time is not needed beside it."""
    limits = Limits(max_nodes=asked.limits.max_nodes)
    if limits.max_nodes is not None:
        limits = replace(limits, max_seconds=asked.limits.max_seconds)
    simple = Question(
        asked.kind,
        asked.starts,
        asked.direction,
        asked.certainty,
        asked.window,
        limits=limits,
        contents=asked.contents,
        as_of=asked.as_of,
    )
    return asked == simple and asked.direction != "both"


def _followed(
    asked: Question, starts: Starts, register: Register, resume: Earlier | None, language: Language
) -> Answered:
    """The answer made by following legs, with its graph."""
    snapshot, limits = register.snapshot, asked.limits
    known = resume.holdings if resume else frozenset[str]()
    assumed = None if asked.infer is None else _inferring(snapshot, asked.infer)

    supposed: list[Supposed] = []

    def reached(within: Snapshot) -> list[Reached]:
        wanted = directions(asked)
        if asked.assumptions.change_reach:
            supposed[:] = _supposed(asked, starts, register, within, known)
            return [one.part for one in supposed]
        return [reach(within, starts, one, asked.confirmed_only, limits.max_seconds, known) for one in wanted]

    explicit, snapshot = (reached(snapshot), assumed) if assumed is not None else ([], snapshot)
    parts = reached(snapshot)
    shown = listing(parts, limits, known)
    trail = trail_of(parts, shown.listed, (entry.holding for entry in shown.frontier))
    following = parts[0].onwards() if len(parts) == 1 else None
    mixed = _shares(snapshot, starts, parts[0], asked.confirmed_only) if asked.shares else None
    found = listed(snapshot, trail, starts.units, asked.direction == "both", following, mixed, starts.unsure)
    if assumed is not None:
        found.others["inference"] = _inferred(assumed, parts, explicit)
    if supposed:
        found.others["assumed"] = _told(asked, supposed, shown.listed)
    left_out = add_paths(found.others, parts, shown.listed, asked.paths, language)
    found.gaps += starts.gaps
    return Answered(frame(snapshot, asked, found.gaps, shown.frontier, language, left_out), trail, found)


# what few questions need is loaded by those: with it come the compiler of timelines, and more


def _inferring(snapshot: Snapshot, mode: Mode) -> Inferring:
    from tracegraph.trace.infer.following import Inferring

    return Inferring.over(snapshot, mode)


def _inferred(assumed: Inferring, parts: Sequence[Reached], explicit: Sequence[Reached]) -> Json:
    from tracegraph.trace.infer.telling import told

    return told(assumed, parts, explicit)


def _supposed(
    asked: Question, starts: Starts, register: Register, within: Snapshot, known: frozenset[str]
) -> list[Supposed]:
    from tracegraph.trace.assumptions.following import suppose

    sure, seconds = asked.confirmed_only, asked.limits.max_seconds
    wanted = directions(asked)
    return [suppose(register, within, asked.assumptions, starts, one, sure, seconds, known) for one in wanted]


def _told(asked: Question, supposed: Sequence[Supposed], listed: Sequence[frozenset[int]]) -> Json:
    from tracegraph.trace.assumptions.telling import told

    return told(asked.assumptions, supposed, listed)


def _shares(snapshot: Snapshot, starts: Starts, part: Reached, confirmed_only: bool) -> Shares:
    from tracegraph.trace.shares import shares

    return shares(snapshot, starts, part, confirmed_only)


def directions(question: Question) -> tuple[Direction, ...]:
    """The one or two directions that a question asks for."""
    match question.direction:
        case "forward":
            return ("forward",)
        case "backward":
            return ("backward",)
        case "both":
            return ("backward", "forward")


def _snapshot(store: Reading, question: Question, resume: Earlier | None, register: Register | None) -> Snapshot:
    if resume is not None:
        return Snapshot.again(store, resume.position, resume.head, resume.known)
    return register.snapshot if register is not None else Snapshot.of(store, question.as_of)


def _taken_up(question: Question, earlier: Earlier) -> Question:
    return replace(earlier.question, limits=question.limits, paths=question.paths)


def add_paths(
    result: Json, parts: Sequence[Reached], shown: Sequence[frozenset[int]], wanted: int, language: Language
) -> bool:
    """The wanted paths of all directions; whether some were left out, which `paths_left_out` says then."""
    if not wanted:
        return False
    room, left_out = MOST_HOPS, 0
    for part, nodes in zip(parts, shown, strict=True):
        more = paths(part, nodes, wanted, room)
        room -= more.hops
        left_out += more.left_out
        told = {"direction": part.direction} if len(parts) > 1 else {}
        result["paths"] += [path | told for path in more.found]
    if left_out:
        message = words("paths_left_out", language).format(units=left_out, hops=MOST_HOPS)
        result["paths_left_out"] = {"units": left_out, "message": message}
    return left_out > 0


def earlier_answer(answer: Mapping[str, Any]) -> Earlier:
    """Read what resuming needs from an answer (parsed JSON). Raises UsageError where it is no answer to a trace."""
    try:
        question = _question_of(answer["question"])
        ledger = answer["as_of"]["ledger"]
        known = answer["as_of"]["known"]
        holdings = frozenset(str(holding["id"]) for holding in answer["result"]["holdings"])
        position, head = None if ledger["count"] is None else int(ledger["count"]), str(ledger["head"])
    except (KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"the earlier answer is no answer to a trace ({problem}); give the JSON of one") from None
    return Earlier(
        question, position, head, None if known is None else parse_instant(str(known), "as_of.known"), holdings
    )


def _question_of(asked: Mapping[str, Any]) -> Question:
    if asked["kind"] != "trace" or asked["direction"] not in DIRECTIONS:
        raise ValueError(f"kind {asked['kind']!r}, direction {asked['direction']!r}")
    as_of, assumed = asked.get("as_of"), dict(asked["assumptions"])
    return Question(
        kind="trace",
        starts=tuple(_start_of(start) for start in asked["start"]),
        direction=asked["direction"],
        certainty=Certainty(asked["certainty"]),
        window=_window_of(asked["start"][0]),
        limits=Limits(),
        contents=bool(asked["contents"]),
        as_of=None if as_of is None else parse_instant(str(as_of), "as_of"),
        shares=bool(asked.get("shares", False)),
        infer=None if (infer := assumed.pop("infer", None)) is None else parse_mode(str(infer)),
        assumptions=read_assumptions(assumed),
    )


def _start_of(start: Mapping[str, str]) -> Start:
    for kind in StartKind:
        if kind.value in start:
            return Start(kind, start[kind.value], start.get("asked"))
    raise ValueError(f"start {dict(start)!r}")


def _window_of(start: Mapping[str, str]) -> Window:
    ends = {name: parse_instant(start[name], name) for name in ("on", "from", "to") if name in start}
    if "on" in ends:
        return Window(start.get("at"), ends["on"], ends["on"] + 1, ends["on"])
    return Window(start.get("at"), ends.get("from"), ends.get("to"))
