"""The answer to a query: a stream of events, or one page of them, from a store as it was at one ledger position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from secrets import token_bytes

from tracegraph.errors import QueryInvalid, QueryTooLarge
from tracegraph.formats.epcis import event_in_document, facts_of_payload
from tracegraph.model.event import Event, Json, Moment
from tracegraph.model.instants import instant_text
from tracegraph.query.candidate import Candidate, Master
from tracegraph.query.candidates import Allowance, Scope, candidates, scope_of
from tracegraph.query.query import RECORD_TIME, Order, Query, SortKey, digest, matches, undecided
from tracegraph.query.tokens import Token, mark_of, read_token
from tracegraph.stores.port import Reading
from tracegraph.stores.stored_facts import master_data
from tracegraph.trace.snapshot import Snapshot

#: Events that are read from the ledger and described at once.
AT_ONCE = 256
#: Entries that are read at once from the end of the ledger on: at first, and at most.
FIRST_PART, LARGEST_PART = 32, 1024


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event that answers a query: as it is stored, the position and instant of its recording, its content hash, and
    whether another event of different content has the same eventID."""

    event: Event
    position: int
    recorded_at: int
    content_hash: str
    conflicting: bool = False

    def as_json(self, context: tuple[Json, ...] = ()) -> dict[str, Json]:
        """The event as it came, with the time of recording as its recordTime; for a document that declares `context`:
        what the event was declared under otherwise is in its own `@context`."""
        recorded = Moment(instant_text(self.recorded_at), self.recorded_at)
        unread = {name: value for name, value in self.event.unread.items() if name != "recordTime"}
        return event_in_document(replace(self.event, record_time=recorded, unread=unread), context)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the events that answer a query. `next_page_token`: what asks for the next ones (None: these are the
    last). `position`: the ledger position as of which all pages are."""

    events: tuple[FoundEvent, ...]
    next_page_token: str | None
    position: int


def find(
    store: Reading,
    query: Query,
    *,
    as_of: int | None = None,
    after: int = 0,
    upto: int | None = None,
    most_candidates: int | None = None,
) -> Iterator[FoundEvent]:
    """Every event that answers the query, in its order (else in that of the ledger), streamed; pages do not matter.

    `as_of`: what was known at that instant. `after` and `upto`: only of these ledger positions. Raises QueryTooComplex
    where more than `most_candidates` would have to be looked at, QueryTooLarge beyond the query's maxEventCount; both
    before the first event is given (on a view that may not tell how many there are, when the last allowed one was).
    """
    snapshot = Snapshot.of(store, as_of)
    if upto is not None:
        snapshot = replace(snapshot, position=min(upto, snapshot.position))
    return _Search(snapshot, query, after, most_candidates).stream()


def find_page(
    store: Reading,
    query: Query,
    *,
    as_of: int | None = None,
    most_candidates: int | None = None,
    most_per_page: int | None = None,
    secret: bytes | None = None,
) -> Page:
    """One page of the events that answer the query: the first, or the one that its nextPageToken asks for.

    All pages are of the state that was known when the first one was asked for. With a `secret` (any bytes, the same for
    all pages) tokens are encrypted, so that they do not tell positions; where positions may not be told and no secret
    is given, one is made up that lasts as long as this process. Raises QueryInvalid for a token that is not of
    this query and store, and what `find` raises.
    """
    mark = digest(query)
    if secret is None and not store.head().counted:
        secret = _made_up_secret()
    token = None if query.next_page_token is None else read_token(query.next_page_token, mark, store, secret)
    snapshot = Snapshot.of(store, as_of)
    if token is not None:
        snapshot = replace(snapshot, position=token.position)
    size = query.per_page if most_per_page is None else min(query.per_page, most_per_page)
    chosen = _Search(snapshot, query, 0, most_candidates).chosen(token, size + 1)
    events = tuple(_described(snapshot, chosen[:size]))
    if len(chosen) <= size:
        return Page(events, None, snapshot.position)
    following = Token(snapshot.position, events[-1].position, mark_of(store, snapshot.position), mark)
    return Page(events, following.text(secret), snapshot.position)


@cache
def _made_up_secret() -> bytes:
    return token_bytes(32)


def find_at(store: Reading, positions: Iterable[int]) -> Iterator[FoundEvent]:
    """The events at these ledger positions, in the order of the ledger; positions of anything else are left out."""
    snapshot = Snapshot.of(store)
    return _streamed(snapshot, candidates(snapshot, Scope(0, snapshot.position).only(positions)))


class _Search:
    """One query on one state of a store."""

    def __init__(self, snapshot: Snapshot, query: Query, after: int, most_candidates: int | None) -> None:
        self.snapshot = snapshot
        self.query = query
        self.scope = scope_of(query, snapshot, after)
        self.allowance = Allowance(most_candidates)
        self.master = Master(lambda: master_data(snapshot.store, at=snapshot.position))

    def stream(self) -> Iterator[FoundEvent]:
        """All events; what is refused is refused at once."""
        self._refuse_too_many()
        if self._follows_the_ledger:
            found = self._along(self.scope)
        elif self.query.order is not None:
            found = self._at(self._ordered())
        elif self.query.max_event_count is not None:
            found = self._at(self._counted())
        else:
            found = self._matching(self.scope)
        return _streamed(self.snapshot, found)

    def chosen(self, token: Token | None, size: int) -> list[Candidate]:
        """So many events after where the token ends; where they can be given as they are met, only what is looked at
        until then counts."""
        if self._follows_the_ledger:
            return list(islice(self._along(self.scope if token is None else self._rest(token)), size))
        if self.query.order is not None:
            return list(self._at(_following(self._ordered(check=token is None), token)[:size]))
        if token is None and self.query.max_event_count is not None:
            return list(self._at(self._counted()[:size]))
        scope = self.scope if token is None else self.scope.beyond(token.last)
        return list(islice(self._matching(scope), size))

    @property
    def _follows_the_ledger(self) -> bool:
        """Whether events can be given as they are met: times of recording never go back along the ledger."""
        query = self.query
        is_along = query.order is not None and query.order.by == RECORD_TIME
        return is_along and query.event_count_limit is None and query.max_event_count is None

    def _along(self, scope: Scope) -> Iterator[Candidate]:
        """The events in the order of the ledger, or from its end on."""
        assert self.query.order is not None
        if not self.query.order.descending:
            return self._matching(scope)
        return self._backwards(scope)

    def _backwards(self, scope: Scope) -> Iterator[Candidate]:
        """The events of a part of the ledger, the last one first, read in parts that grow: most pages are short."""
        size = FIRST_PART if self.snapshot.counted else max(1, len(scope))
        while len(scope):
            size = self.allowance.within(size)
            yield from reversed(list(self._matching(scope.end(size))))
            scope = scope.without_end(size)
            size = min(2 * size, LARGEST_PART)

    def _rest(self, token: Token) -> Scope:
        """What of the ledger is left after a page in its order."""
        assert self.query.order is not None
        return self.scope.below(token.last) if self.query.order.descending else self.scope.beyond(token.last)

    def _matching(self, scope: Scope) -> Iterator[Candidate]:
        remaining = undecided(self.query)
        looked_at = candidates(self.snapshot, scope, self.query, self.allowance)
        return (one for one in looked_at if matches(remaining, one, self.master))

    def _refuse_too_many(self) -> None:
        """Where all of the scope has to be looked at; what cannot be seen does not count."""
        if self.snapshot.counted:
            self.allowance.refuse_more_than(len(self.scope))

    def _counted(self) -> list[int]:
        """The positions of all events, of which there may not be more than the query allows."""
        self._refuse_too_many()
        return self._allowed([one.position for one in islice(self._matching(self.scope), self._one_too_many)])

    @property
    def _one_too_many(self) -> int | None:
        most = self.query.max_event_count
        return None if most is None else most + 1

    def _allowed(self, positions: list[int]) -> list[int]:
        most = self.query.max_event_count
        if most is not None and len(positions) > most:
            raise QueryTooLarge(
                f"more than {most} events answer the query, its maxEventCount; ask for fewer, or raise it"
            )
        return positions

    def _ordered(self, check: bool = True) -> list[int]:
        """The positions of all events in the order of the query, as many as it wants."""
        assert self.query.order is not None
        self._refuse_too_many()
        bound = self._one_too_many if check else None
        positions = _sorted(islice(self._matching(self.scope), bound), self.query.order)
        return (self._allowed(positions) if check else positions)[: self.query.event_count_limit]

    def _at(self, positions: Sequence[int]) -> Iterator[Candidate]:
        """The events at the positions, in that order."""
        for start in range(0, len(positions), AT_ONCE):
            wanted = positions[start : start + AT_ONCE]
            found = {one.position: one for one in candidates(self.snapshot, self.scope.only(wanted))}
            yield from (found[position] for position in wanted if position in found)


def _sorted(found: Iterable[Candidate], order: Order) -> list[int]:
    """Positions in order; equal ones by position, in the same direction; those without the field at the end."""
    keyed: list[tuple[SortKey, int]] = []
    without: list[int] = []
    for one in found:
        key = order.key(one)
        if key is None:
            without.append(one.position)
        else:
            keyed.append((key, one.position))
    keyed.sort(reverse=order.descending)
    return [position for _, position in keyed] + without


def _following(positions: list[int], token: Token | None) -> list[int]:
    """What comes after the last event of the earlier page."""
    if token is None:
        return positions
    if token.last not in positions:
        raise QueryInvalid(
            "the event with which the earlier page ended is not shown any more; ask for the first page anew"
        )
    return positions[positions.index(token.last) + 1 :]


def _streamed(snapshot: Snapshot, found: Iterator[Candidate]) -> Iterator[FoundEvent]:
    while chunk := list(islice(found, AT_ONCE)):
        yield from _described(snapshot, chunk)


@dataclass(slots=True)
class _Contents:
    """What the store knows under some eventIDs: the content hash by position, and all hashes by eventID."""

    by_position: dict[int, str] = field(default_factory=dict)
    by_event_id: dict[str, set[str]] = field(default_factory=dict)


def _described(snapshot: Snapshot, chunk: Sequence[Candidate]) -> Iterator[FoundEvent]:
    """The events with their content hashes and conflicts, looked up together."""
    contents = _contents(snapshot, {one.event.event_id for one in chunk if one.event.event_id})
    for one in chunk:
        content_hash = contents.by_position.get(one.position) or facts_of_payload(one.payload).content_hash
        is_shared = len(contents.by_event_id.get(one.event.event_id or "", ())) > 1
        yield FoundEvent(one.event, one.position, one.recorded_at, content_hash, is_shared)


def _contents(snapshot: Snapshot, event_ids: set[str]) -> _Contents:
    contents = _Contents()
    for stored in snapshot.events(event_ids=event_ids) if event_ids else ():
        contents.by_position[stored.position] = stored.facts.content_hash
        contents.by_event_id.setdefault(stored.facts.event_id, set()).add(stored.facts.content_hash)
    return contents
