"""Versions of the scope of a case: asked for, compared with the last one, recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.intake.recalling import Acted, Actor, act, check_allowed
from tracegraph.messages import Language
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.case.evidence import attached_files
from tracegraph.recall.case.version import ScopeVersion, changes, version_of
from tracegraph.recall.rescoping import KINDS_OF_CHANGE, question_again, version_changes, version_from, version_payload
from tracegraph.recall.scope import ask_scope
from tracegraph.recall.scope.written import WrittenSeed
from tracegraph.stores.port import Reading, Store
from tracegraph.trace.envelope import Json

SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Scoped:
    """What asking for a scope came to: the move that made a version (None: nothing changed, so there is none), the
    case, and what changed since the version before and why (None: there was none before)."""

    acted: Acted | None
    case: CaseFile
    changes: Json | None


def make_version(
    store: Store,
    case: str,
    seeds: Sequence[WrittenSeed],
    options: Mapping[str, Any],
    recorded_at: int,
    actor: Actor,
    reason: str = "",
    force: bool = False,
    key: str = "",
    seen: int | None = None,
    language: Language = "en",
) -> Scoped:
    """Record what the seeds reach as the next version of the scope. Without seeds the question of the last version is
    asked again (the options replace parts of it); where nothing changed, nothing is recorded unless `force`.

    Raises what recall.scope and `act` raise, and UsageError without seeds where there is no version yet.
    """
    file = case_file(store, case)
    if key and any(move.key == key for move in file.moves):
        again = act(store, case, SCOPE, {}, recorded_at, actor, reason, key=key)
        return Scoped(again, again.case, None)
    check_allowed(file, SCOPE, file.type, actor.role)  # before anything is asked that may take long
    last = file.scope
    question = ask_scope(*(seeds or [_last_question(file)]), **options)
    attached = attached_files(file.moves)
    payload = version_payload(store, question, _next(last), actor.name, last, attached, language)
    told = None if last is None else _changes(store, last, payload, language)
    if told is not None and not (seeds or options or force or any(told[name] for name in KINDS_OF_CHANGE)):
        return Scoped(None, file, told)
    expected = len(file.moves) if seen is None else seen
    acted = act(store, case, SCOPE, {}, recorded_at, actor, reason, payload, key, expected)
    return Scoped(acted, acted.case, None if told is None or last is None else told | _ends(last, acted))


def _ends(last: ScopeVersion, acted: Acted) -> Json:
    """From which version to which, now that the new one has an author and a time."""
    named = changes(last, version_of(acted.move))
    return {"from": named["from"], "to": named["to"]}


def _next(last: ScopeVersion | None) -> int:
    return 1 if last is None else last.number + 1


def _last_question(file: CaseFile) -> Mapping[str, Any]:
    if file.scope is None:
        raise UsageError(f"case {file.id} has no scope yet; name what is suspected, as for tracegraph scope")
    return question_again(file.scope)


def _changes(store: Reading, last: ScopeVersion, payload: Json, language: Language) -> Json:
    return version_changes(store, last, version_from(payload), language)
