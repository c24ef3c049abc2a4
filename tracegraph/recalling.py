"""What whoever runs a recall does from Python: a case from first suspicion to its end. Command line and HTTP call this.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are. Without users anybody may
do anything, and says with `actor` who it is; a caller (`as_caller`) is known, and acts in its role.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Unpack

from tracegraph.answers import Answer
from tracegraph.clock import now
from tracegraph.errors import Refused, UsageError
from tracegraph.model.instants import Moment, known_until
from tracegraph.opened import Opened
from tracegraph.stores.port import Store

if TYPE_CHECKING:
    from tracegraph.intake.recall_scopes import Scoped
    from tracegraph.intake.recalling import Acted, Actor
    from tracegraph.recall.scope.written import ScopeOptions, WrittenSeed

RECALL = "recall"


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
        """Do something in a case: any action but `scope` (recall_scope). `fields`, as text, are those of
        recall/case/actions/ACTION.json; `payload` is what a program adds; `seen`: how many moves whoever acts has seen;
        `as_is`: the fields that look as if they held personal data and do not.

        Raises IllegalMove, which says what is possible; CaseChanged where somebody did something since; InvalidField;
        UnknownIdentifier; UsageError where a reason is missing.
        """
        from tracegraph.intake.doing import do

        if action == "scope":
            raise UsageError("a scope is made by asking for it; use recall_scope")
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
            return self._answer(held(self._whole_store("recall cases"), question, self.language))
        return self._answer(held_for(self._guard.store, self.store, question, self.language))

    def _cases(self) -> Store:
        """The store with the cases. Raises Refused for a role without them, or one that sees only a part of the
        store."""
        self._allow(RECALL)
        return self._whole_store("recall cases")

    def _actor(self, name: str) -> Actor:
        """Who acts, and as what. Raises Refused where a caller gives another name than its own."""
        from tracegraph.intake.recalling import Actor

        if self._guard is None:
            return Actor(name)
        caller = self._guard.caller
        if name not in ("", caller.name):
            raise Refused(f"{caller.name} acts in its own name only; leave out {name}")
        return Actor(caller.name, caller.role.value)
