"""What whoever runs a recall does from Python: a case from first suspicion to its end. Command line and HTTP call this.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are. Without users anybody may
do anything, and says with `actor` who it is; a caller (`as_caller`) is known, and acts in its role.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Unpack

from tracegraph.answers import Answer
from tracegraph.clock import now
from tracegraph.errors import Refused, UsageError
from tracegraph.model.instants import Moment, known_until
from tracegraph.opened import RECALL, Opened

if TYPE_CHECKING:
    from tracegraph.intake.recall_scopes import Scoped
    from tracegraph.intake.recalling import Acted, Actor
    from tracegraph.intake.replying import RepliesImported
    from tracegraph.model.person import Person
    from tracegraph.recall.scope.written import ScopeOptions, WrittenSeed
    from tracegraph.service.file import ServiceFile
    from tracegraph.service.queueing import Queued


class Recalling(Opened):
    """Recall cases; see Tracegraph."""

    def recall_open(
        self,
        fields: Mapping[str, str],
        case: str = "",
        reason: str = "",
        key: str = "",
        actor: str = "",
        as_is: Collection[str] = (),
    ) -> Acted:
        """Open a case; without a number it gets the next of the year. `fields`: those of recall/case/actions/open.json,
        as text; `key`: whoever asks again with it gets the same case. Raises InvalidField, IllegalMove."""
        return self.recall_act(case, "open", fields, reason, key=key, actor=actor, as_is=as_is)

    def recall_act(
        self,
        case: str,
        action: str,
        fields: Mapping[str, str] | None = None,
        reason: str = "",
        payload: Mapping[str, Any] | None = None,
        key: str = "",
        seen: int | None = None,
        actor: str = "",
        as_is: Collection[str] = (),
    ) -> Acted:
        """Do something in a case: any action but `scope` (recall_scope) and `attach` (recall_attach). `fields`, as
        text, are those of recall/case/actions/ACTION.json; `payload` is what a program adds; `seen`: how many moves
        whoever acts has seen; `as_is`: the fields that look as if they held personal data and do not.

        Raises IllegalMove, which says what is possible; CaseChanged where somebody did something since; InvalidField;
        UnknownIdentifier; UsageError where a reason is missing.
        """
        from tracegraph.intake.doing import do

        if action == "scope":
            raise UsageError("a scope is made by asking for it; use recall_scope")
        if action == "attach":
            raise UsageError("a file is attached where it is kept; use recall_attach, or tracegraph recall attach")
        store, who = self._cases(), self._actor(actor)
        return do(store, case, action, fields or {}, now(), who, reason, payload, key, seen, as_is)

    def recall_scope(
        self,
        case: str,
        *seeds: WrittenSeed,
        reason: str = "",
        force: bool = False,
        key: str = "",
        seen: int | None = None,
        actor: str = "",
        **options: Unpack[ScopeOptions],
    ) -> Scoped:
        """Make a version of the scope: what the seeds reach, asked as in `scope`. Without seeds the question of the
        last version is asked anew of today's ledger; where nothing changed, there is no new version unless `force`."""
        from tracegraph.intake.recall_scopes import make_version

        store, who = self._cases(), self._actor(actor)
        given = {name: value for name, value in options.items() if value is not None}
        return make_version(store, case, seeds, given, now(), who, reason, force, key, seen, self.language)

    def recall_diff(self, case: str, before: int | None = None, after: int | None = None) -> dict[str, Any]:
        """What changed from one scope version to another, and why: `added`, `removed`, `changed` units. None: the last
        two. Raises UnknownIdentifier for a version that there is not."""
        from tracegraph.recall.case import case_file
        from tracegraph.recall.rescoping import version_changes, version_named

        store = self._cases()
        file = case_file(store, case)
        one, other = version_named(file, before, before_last=True), version_named(file, after)
        return version_changes(store, one, other, self.language)

    def recalls(self, state: str = "", as_of: Moment | None = None) -> Answer:
        """All cases by number, or those in a state (`result["recalls"]`)."""
        from tracegraph.recall.answering import recalls

        return self._answer(recalls(self._cases(), state, known_until(as_of), self.language))

    def recall(self, case: str, as_of: Moment | None = None) -> Answer:
        """One case (`result["recall"]`): what is known, its scope versions, everything that was done, what is to be
        done (`tasks`), and what the caller may do now (`allowed`). Raises UnknownIdentifier."""
        from tracegraph.recall.answering import recall

        role = self._actor("").role
        return self._answer(recall(self._cases(), case, now(), role, known_until(as_of), self.language))

    def recall_account(self, case: str, measure: str | None = None, now: bool = False) -> Answer:
        """What is in question in a case and where it is (`result["account"]`): every bit in one bucket, what each
        consignee got and replied, percentages with their denominators. From the state of the ledger of which the scope
        was made, or of all that is known `now`. `measure`: a unit of measure. Raises UnknownIdentifier."""
        from tracegraph.recall.answering import recall_account

        return self._answer(recall_account(self._cases(), case, measure, now, self.language))

    def recall_consignees(self, case: str, version: int | None = None) -> Answer:
        """Who got goods in scope (`result["consignees"]`): tier, role, deliveries, notice; which parties may be one
        (`result["proposals"]`), and shipments that nobody received (`result["astray"]`). Raises UnknownIdentifier."""
        from tracegraph.recall.answering import recall_consignees

        return self._answer(recall_consignees(self._cases(), case, version, self.language))

    def recall_replies(
        self,
        case: str,
        data: bytes,
        name: str,
        reason: str = "",
        strict: bool = False,
        seen: int | None = None,
        actor: str = "",
        persons: Callable[[str], str] | None = None,
        dates: str = "",
        decimal: str = "",
    ) -> RepliesImported:
        """Record the replies in a file called `name` (CSV, XLSX or JSON), each once, in one change. `strict`: all rows
        or none; `persons`: the reference of a signer or witness by the name in the file. Raises InputError,
        RejectedInput, and as recall_act. `dates`, `decimal`: how cells that can be read in two ways are meant (dmy, mdy
        or ymd; point or comma)."""
        from tracegraph.formats.tables.reader import ways_of
        from tracegraph.intake.replying import import_replies

        store, who = self._cases(), self._actor(actor)
        return import_replies(
            store, case, data, name, now(), who, reason, ways_of(dates, decimal), strict, seen, persons
        )

    def recall_attach(
        self,
        case: str,
        path: str | Path,
        about: str = "",
        reason: str = "",
        name: str = "",
        media: str = "",
        key: str = "",
        seen: int | None = None,
        actor: str = "",
        folder: str | Path | None = None,
    ) -> Acted:
        """Keep a file under its hash in the `folder` of attached files (None: beside the store) and attach it to a
        case. `about`: the units, events, notices or moves that it is about, separated by semicolons; what they say is
        then documented. Raises as recall_act; OSError where the file cannot be read."""
        from tracegraph.service.attachments import ENDING, Attachments, attach
        from tracegraph.service.file import beside

        store, who = self._cases(), self._actor(actor)
        files = Attachments(beside(store.url, ENDING) if folder is None else Path(folder))
        with Path(path).open("rb") as source:
            told = (now(), who, media, about, reason, key, seen)
            return attach(store, files, case, source, name or Path(path).name, *told)

    def recall_post(
        self,
        case: str,
        channel: str,
        file: ServiceFile,
        to: Mapping[str, str] | None = None,
        form: str = "html",
        actor: str = "",
    ) -> Queued:
        """Put the notices of a case that are due into the outbox of a service file, to be sent by a channel, each with
        its papers (the notice as `form`: html or pdf) and to the person of its consignee, or as `to` says by consignee.
        Raises IllegalMove, DrillNeverSends, UnknownIdentifier."""
        from tracegraph.service.queueing import queue_notices

        store, who = self._cases(), self._actor(actor)
        return queue_notices(store, case, file, channel, who, to, form, self.language)

    def recall_document(
        self,
        case: str,
        kind: str,
        file: IO[bytes],
        form: str = "html",
        *,
        consignee: str = "",
        version: int | None = None,
        party: str = "",
        number: str = "",
        people: Mapping[str, Person] | None = None,
        anonymous: bool = False,
    ) -> None:
        """Write a document of a case (docs/documents.md) into an open file: `kind` without `recall-`. `consignee`: to
        or of whom, where it is about one; `form`: html, pdf, xlsx, csv or json; `people`: whom references mean;
        `anonymous`: without the names of anybody. Raises UsageError for a kind or form that there is not,
        UnknownIdentifier."""
        from tracegraph.reports.documents.wanted import Wanted
        from tracegraph.reports.documents.writing import hand_out
        from tracegraph.trace.snapshot import Snapshot

        snapshot = Snapshot.of(self._cases())
        name = f"recall-{kind.removeprefix('recall-')}"
        wanted = Wanted(name, party, None, number, case, version, consignee, people or {})
        hand_out(snapshot, wanted, form, self.language, file, anonymous=anonymous)

    def recall_version(self, case: str, number: int | None = None) -> dict[str, Any]:
        """One scope version with its entries; None: the last one. Raises UnknownIdentifier."""
        from tracegraph.recall.answering import decided_version
        from tracegraph.recall.case import case_file

        return decided_version(case_file(self._cases(), case), number)

    def recall_tasks(self, case: str = "") -> list[dict[str, Any]]:
        """What is to be done in a case, or in all that have not ended. Raises UnknownIdentifier."""
        from tracegraph.recall.case import case_file, case_files
        from tracegraph.recall.tasks import tasks

        store, moment = self._cases(), now()
        found = [case_file(store, case)] if case else case_files(store)
        return [task.to_dict() for one in found for task in tasks(store, one, moment, self.language)]

    def holds(self, *units: str, as_of: Moment | None = None) -> Answer:
        """Is each unit blocked, since when and by which case (`result["holds"]`); without units everything that is on
        hold. Who sees only a part of the store is told so of units that it may know, and not which case it is.
        Raises UsageError for a lot number that several units have."""
        from tracegraph.recall.blocking import HoldsQuestion, held, held_for

        question = HoldsQuestion(units, now(), known_until(as_of))
        self._allow("read" if units else RECALL)
        if self._guard is None or self._guard.rights.allows(self._guard.caller, RECALL):
            return self._answer(held(self._cases(), question, self.language))
        return self._answer(held_for(self._guard.store, self.store, question, self.language))

    def _actor(self, name: str) -> Actor:
        """Who acts, and as what. Raises Refused where a caller gives another name than its own."""
        from tracegraph.intake.recalling import Actor

        if self._guard is None:
            return Actor(name)
        caller = self._guard.caller
        if name not in ("", caller.name):
            raise Refused(f"{caller.name} acts in its own name only; leave out {name}")
        return Actor(caller.name, caller.role.value)
