"""`Tracegraph`: the way in from Python. Open a store, capture events, ask, look at the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy as shallow_copy
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack, cast

from tracegraph.answers import Answer, Resumable, Rows, read_answer
from tracegraph.clock import now
from tracegraph.drilling import Drilling
from tracegraph.errors import UsageError
from tracegraph.handing import Handing
from tracegraph.investigation import Investigating
from tracegraph.keeping import Keeping
from tracegraph.messages import language_of
from tracegraph.model.instants import Moment, known_until
from tracegraph.stores import open_store
from tracegraph.stores.port import Store
from tracegraph.trace.all_gaps import GapChoice, all_gaps
from tracegraph.trace.answering import answering
from tracegraph.trace.balance import balance
from tracegraph.trace.origin import origin
from tracegraph.trace.question import Limits, Question, QuestionKind, ask
from tracegraph.trace.search import Among, Search, search
from tracegraph.trace.show import show
from tracegraph.trace.tracing import earlier_answer, trace
from tracegraph.trace.whereabouts import whereabouts
from tracegraph.validation import Validating

if TYPE_CHECKING:
    import pandas as pd

    from tracegraph.access.caller import Caller
    from tracegraph.access.rights import Rights
    from tracegraph.capture import CaptureReport
    from tracegraph.formats.tables.reader import TableOptions
    from tracegraph.query import FoundEvent, Page
    from tracegraph.recall.scope.written import ScopeOptions, WrittenSeed
    from tracegraph.recompile.entering import Entered

#: Where rejected input is kept unless another file is given.
REJECTS = "tracegraph-rejects.ndjson"

#: An earlier answer to resume: the answer, its JSON values, or a file with its JSON.


class Tracegraph(Investigating, Validating, Drilling, Handing, Keeping):
    """One store and the questions that can be asked of it. Use it as a context manager, or call `close`.

    Starts and identifiers are written as everywhere: a bare id (EPC URN, Digital Link, GS1 element string, plain key, a
    supplier's lot number, any URI) is a unit; `site:`, `party:`, `product:`, `event:`, `line:` name other starts. Times
    are text (a date is the whole day), dates or datetimes. Errors are tracegraph.errors.TracegraphError, one sentence
    each.
    """

    @classmethod
    def open(cls, url: str = "sqlite:///tracegraph.db", language: str = "en", create: bool = True) -> Self:
        """Open the store at `url`, making it where there is none unless `create` is False."""
        return cls(open_store(url, create), language)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def speaking(self, language: str) -> Self:
        """The same store and whatever else this one has, with messages in another language."""
        if language == self.language:
            return self
        other = shallow_copy(self)
        other.language = language_of(language)
        return other

    # putting in

    def capture(
        self,
        *sources: str | Path | pd.DataFrame,
        strict: bool = False,
        rejects: str | Path | None = REJECTS,
        whole: bool = False,
        form: str = "auto",
        kind: str = "",
        tables: TableOptions | None = None,
    ) -> CaptureReport:
        """Read files, folders and data frames and store their events.

        What is rejected is kept whole in the file `rejects` (None: nowhere). Under `strict` a source with anything
        doubtful in it is refused as a whole, under `whole` one of which anything is rejected: RejectedInput. `whole`
        stores all of a source in one change. `form`: the format of the files (`epcis`, `foodchainlab`, `tables`), or
        `auto`. `kind`: which plain table the sources are (`deliveries`), where their columns do not tell; `tables`: how
        cells that can be read in two ways are meant, and which column is which (tracegraph.formats.tables.reader).
        """
        from tracegraph.capture import Capture
        from tracegraph.formats.recognise import Reading
        from tracegraph.formats.tables.frames import source_of, table_options
        from tracegraph.recompile import Workbench

        self._allow("capture")
        file = None if rejects is None else Path(rejects)
        workbench, self._workbench = self._workbench or Workbench(), None  # nobody else's while this captures
        guard = self._guard
        store, actor, permit = (guard.store, guard.caller.name, guard.permit()) if guard else (self.store, "", None)
        reading = Reading(form, table_options(kind, tables) if kind or tables else None)
        work = Capture(store, now, actor, file, workbench, permit=permit, form=reading)
        report = work.run([source_of(source) for source in sources], strict, whole)
        self._workbench = workbench
        return report

    def record(self, kind: str, row: Mapping[str, str], reason: str, withdraw: bool = False) -> Entered:
        """Enter one record of a kind (tracegraph.model.record_kinds): `record("cleaning", {"line": "L1", ...}, "log")`.
        `withdraw` ends it. Raises InvalidField where a value is none of its field's type."""
        from tracegraph.recompile.entering import enter

        self._allow("administer")
        store, actor = (self._guard.store, self._guard.caller.name) if self._guard else (self.store, "")
        return enter(store, kind, row, reason, now(), actor, "", withdraw)

    # asking

    def trace(
        self,
        *starts: str,
        direction: str = "forward",
        certainty: str = "possible",
        at: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        on: Moment | None = None,
        as_of: Moment | None = None,
        max_hops: int | None = None,
        max_steps: int | None = None,
        max_nodes: int | None = None,
        max_seconds: float | None = None,
        contents: bool = True,
        paths: int = 0,
        shares: bool = False,
        infer: str | None = None,
        assumptions: Mapping[str, object] | None = None,
        resume: Resumable | None = None,
    ) -> Answer:
        """What the starts went into (forward), came from (backward), or both.

        With `shares`, each holding and unit says which part of it derives from the starts (backward: which part of the
        starts derives from it), with bounds. With `infer` (fifo, lifo, weighted, window, window:DAYS), goods without a
        lot number may be of the lots that were there; what follows from it is possible, and `result["inference"]` says
        how much wider the scope is. `assumptions` are those of `scope` (docs/scope.md): what was together with goods in
        scope is possible, nothing is followed through what makes safe, and `result["assumed"]` says so. With `resume`,
        an earlier answer that a limit cut, goes on from its frontier: starts, direction and the like are those of the
        earlier question, and the answer lists what the earlier one did and more.
        """
        self._allow("trace")
        limits = Limits(max_hops, max_steps, max_nodes, max_seconds)
        if resume is not None:
            return self._resumed(starts, read_answer(resume), limits, paths)
        question = ask(
            *starts,
            direction=direction,
            certainty=certainty,
            at=at,
            since=since,
            until=until,
            on=on,
            as_of=as_of,
            limits=limits,
            contents=contents,
            paths=paths,
            shares=shares,
            infer=infer,
            assumptions=assumptions,
        )
        with answering(self.store):  # the register too is of the state that answers
            register = self._register(question.as_of)
            return self._answer(trace(self.store, question, language=self.language, register=register))

    def _resumed(self, starts: tuple[str, ...], earlier: Mapping[str, Any], limits: Limits, paths: int) -> Answer:
        if starts:
            raise UsageError(f"resume goes on with its own starts; leave out {', '.join(starts)}")
        before = earlier_answer(earlier)
        question = Question("trace", before.question.starts, limits=limits, paths=paths)
        return self._answer(trace(self.store, question, before, self.language))

    def origin(
        self,
        *starts: str,
        certainty: str = "possible",
        as_of: Moment | None = None,
        on: Moment | None = None,
        max_hops: int | None = None,
        max_steps: int | None = None,
        max_nodes: int | None = None,
        max_seconds: float | None = None,
        contents: bool = True,
        infer: str | None = None,
    ) -> Answer:
        """Where the starts come from: ultimate sources and every hop on the way (`result["sources"]`, `["hops"]`);
        `infer` as in `trace`."""
        self._allow("trace")
        limits = Limits(max_hops, max_steps, max_nodes, max_seconds)
        question = ask(
            *starts,
            kind="origin",
            direction="backward",
            certainty=certainty,
            as_of=as_of,
            on=on,
            limits=limits,
            contents=contents,
            infer=infer,
        )
        return self._answer(origin(self.store, question, self.language, self._register(question.as_of)))

    def where(self, *units: str, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """The last holdings of the units with what remains there; `on` leaves out what happened later, `as_of` what was
        learnt later."""
        self._allow("trace")
        question = ask(*units, kind="where", on=on, as_of=as_of)
        return self._answer(whereabouts(self.store, question, self.language, self._register(question.as_of)))

    def balance(
        self, *units: str, on: Moment | None = None, as_of: Moment | None = None, measure: str | None = None
    ) -> Answer:
        """The quantity account of the units (`result["balance"]`): where all of their goods are, those in what was made
        of them too, in one unit of measure; `on` and `as_of` as in `where`."""
        self._allow("trace")
        question = ask(*units, kind="balance", on=on, as_of=as_of, measure=measure)
        return self._answer(balance(self.store, question, self.language, self._register(question.as_of)))

    def metrics(
        self,
        metric: str,
        *starts: str,
        by: str | None = None,
        direction: str | None = None,
        certainty: str = "possible",
        measure: str | None = None,
        period: str = "all",
        limit: int | None = None,
        as_of: Moment | None = None,
    ) -> Answer:
        """A figure for analysts about what the starts reach, or about everything (`answer.metrics`): see
        docs/metrics.md for the metrics, what rows can be `by`, and the periods."""
        from tracegraph.trace.metrics import choose, metrics, question_of

        self._allow("trace")
        choice = choose(metric, by, measure, period, limit)
        question = question_of(choice, *starts, direction=direction, certainty=certainty, as_of=as_of)
        return self._answer(metrics(self.store, question, choice, self.language, self._register(question.as_of)))

    def scope(self, *seeds: WrittenSeed, **options: Unpack[ScopeOptions]) -> Answer:
        """Which units are in scope, with class and reasons (`result["scope"]`): seeds as texts (`site:X`), as JSON
        objects, or one whole question as JSON; see docs/scope.md."""
        from tracegraph.recall.scope import ask_scope, scope

        self._allow("trace")
        question = ask_scope(*seeds, **options)
        return self._answer(scope(self.store, question, self.language, self._register(question.as_of)))

    def compare(self, before: Answer, after: Answer) -> dict[str, Any]:
        """Which units came, went or changed from one answer to another, and why; both traces or both scopes."""
        from tracegraph.recall.scope import compare

        self._allow("trace")
        return compare(self.store, before.to_dict(), after.to_dict())

    def show(self, start: str, as_of: Moment | None = None) -> Answer:
        """One unit with its timeline, or one event, site, party or product."""
        self._allow("read")
        question = ask(start, kind="show", as_of=as_of)
        return self._answer(show(self.store, question, self.language, self._register(question.as_of)))

    def search(
        self,
        text: str = "",
        among: Among = "units",
        product: str | None = None,
        kind: str | None = None,
        limit: int = 100,
        after: str | None = None,
        as_of: Moment | None = None,
    ) -> Answer:
        """Units, sites, parties or products: all, or those that a text finds, best first (`result[among]`).

        The text is an identifier in any form, another number of the unit, a supplier's own lot number, a part of an
        identifier or name, or something spelt alike. `product` and `kind` (lot, item) choose among units. At most
        `limit` at once; `after` is the `result["next"]` of the page before.
        """
        self._allow("read")
        known = known_until(as_of)
        asked = Search(text, among, product, kind, limit, after, known)
        return self._answer(search(self.store, asked, self._register(known)))

    def events(
        self, query: Mapping[str, Any] | None = None, /, *, as_of: Moment | None = None, **parameters: Any
    ) -> Iterator[FoundEvent]:
        """The events that answer an EPCIS 2.0 query, streamed: `events(EQ_bizStep="shipping", GE_quantity_KGM=5)`.

        `query` is the JSON object of a query, which may have an `@context`; single parameters can be given by name, a
        list where any of several values will do. See docs/queries.md. Raises QueryParameterInvalid, QueryTooLarge.
        """
        from tracegraph.query import find, read_body

        self._allow("query")
        return find(self.store, read_body({**(query or {}), **parameters}), as_of=known_until(as_of))

    def events_page(
        self, query: Mapping[str, Any] | None = None, /, *, as_of: Moment | None = None, **parameters: Any
    ) -> Page:
        """The same a page at a time: `perPage` events, and `next_page_token` to be given as nextPageToken. Pages do not
        change while events are captured."""
        from tracegraph.query import find_page, read_body

        self._allow("query")
        return find_page(self.store, read_body({**(query or {}), **parameters}), as_of=known_until(as_of))

    def public_facts(self, unit: str) -> dict[str, Any]:
        """What anybody may know of a unit: its product, where and when it began, and that the rest is withheld."""
        from tracegraph.access.resolving import public_facts

        return public_facts(self.store, unit, self.language)

    def gaps(self, as_of: Moment | None = None) -> Rows:
        """Everything that the records do not say, sorted by kind, unit and event."""
        return self.all_gaps(as_of).gaps

    def all_gaps(
        self,
        as_of: Moment | None = None,
        kind: str | None = None,
        partner: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Answer:
        """The same as an answer, with `complete` and `as_of`: all, of one kind, or those that a partner is to be asked
        about; a page of `limit` of them, `after` the `result["next"]` of the page before."""
        self._allow("read")
        choice = GapChoice(kind, partner, limit, after)
        return self._answer(all_gaps(self.store, ask(kind="gaps", as_of=as_of), choice, self.language))

    # on somebody's behalf

    def as_caller(self, caller: Caller, rights: Rights | None = None) -> Tracegraph:
        """This store as a caller may know and use it: asking is answered from what is theirs to know, capture takes
        what is theirs to record, and what their role may not do is Refused. It is over when this one is closed.
        `rights`: None for those that tracegraph comes with."""
        from tracegraph.access.guard import Guard
        from tracegraph.access.rights import load_rights
        from tracegraph.access.view import view_of

        chosen = load_rights() if rights is None else rights
        seen = cast(Store, view_of(self.store, caller, chosen))
        theirs = self._also() if seen is self.store else Tracegraph(seen, self.language)
        theirs._guard = Guard(caller, chosen, self.store)
        return theirs

    def _also(self) -> Tracegraph:
        """The same store for somebody else, with what is remembered of it between questions."""
        other = shallow_copy(self)
        other._workbench = None
        return other


__all__ = ["Answer", "QuestionKind", "Rows", "Tracegraph"]
