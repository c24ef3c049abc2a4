"""The scope of a case asked again: what its last version would be today, what changed between two versions, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tracegraph.errors import UnknownIdentifier
from tracegraph.messages import Language
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.evidence import Attached
from tracegraph.recall.case.move import CASE_KIND, MOVE_KIND, Move
from tracegraph.recall.case.version import ScopeVersion, changes, scope_payload, version_of
from tracegraph.recall.case.ways import ways_to_units
from tracegraph.recall.scope import ScopeQuestion, compare, read_question, scope
from tracegraph.recall.scope.answering import scope_alone
from tracegraph.recall.scope.question import QUESTION_PARTS
from tracegraph.stores.port import EntryKind, LedgerEntry, Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json
from tracegraph.trace.register import Register
from tracegraph.trace.snapshot import Snapshot

#: The lists of what differs.
KINDS_OF_CHANGE = ("added", "removed", "changed")


def question_again(version: ScopeVersion) -> dict[str, Any]:
    """The question of a version as it can be asked of today's ledger: without the date at which it was known."""
    return {name: version.question[name] for name in QUESTION_PARTS if name != "as_of" and name in version.question}


def version_named(case: CaseFile, number: int | None, before_last: bool = False) -> ScopeVersion:
    """The version of that number; None: the last one, or the one before it. Raises UnknownIdentifier."""
    versions = case.versions
    wanted = len(versions) - before_last if number is None else number
    found = next((one for one in versions if one.number == wanted), None)
    if found is None:
        known = ", ".join(str(one.number) for one in versions) or "none yet"
        raise UnknownIdentifier(f"case {case.id} has no scope version {wanted}; there are: {known}", str(wanted))
    return found


def version_today(
    store: Reading, version: ScopeVersion, attached: Iterable[Attached] = (), language: Language = "en"
) -> ScopeVersion:
    """What the question of a version is answered with today, as if it were the next version; `attached`: the files of
    the case."""
    question = read_question(question_again(version))
    return version_from(version_payload(store, question, version.number + 1, "", version, attached, language))


def version_payload(
    store: Reading,
    question: ScopeQuestion,
    number: int,
    author: str,
    earlier: ScopeVersion | None = None,
    attached: Iterable[Attached] = (),
    language: Language = "en",
) -> Json:
    """What a `scope` move keeps (case.version.scope_payload) of an answer to a question. No path has to be made for it,
    so that none is left out because there are many."""
    with answering(store):
        answer, scoped = scope_alone(question, language, Register(Snapshot.of(store, question.as_of)))
        ways = ways_to_units(scoped.found.part)
        return scope_payload(answer, ways, number, author, earlier, attached)


def version_changes(store: Reading, one: ScopeVersion, other: ScopeVersion, language: Language = "en") -> Json:
    """What differs from one version to another (case.version.changes), each row with `why`: the events and records
    learnt in between that concern the unit, and the parts in which the questions differ."""
    told = changes(one, other)
    if not any(told[name] for name in KINDS_OF_CHANGE):
        return told
    reasons = _reasons(store, one, other, language)
    for name in KINDS_OF_CHANGE:
        told[name] = [row | {"why": reasons.get(row["unit"], [])} for row in told[name]]
    return told


def version_from(payload: Json) -> ScopeVersion:
    """The version that a payload (case.version.scope_payload) would be; who made it, and when, is not known yet."""
    return version_of(Move("", 0, "scope", "", 0, 0, "", "", "", "", payload))


def is_untouched(store: Reading, version: ScopeVersion) -> bool:
    """Whether nothing but moves in cases was recorded since a version was asked for, so that it is what it was."""
    return all(_is_of_a_case(entry) for entry in store.entries(after=version.position or 0))


def _is_of_a_case(entry: LedgerEntry) -> bool:
    return entry.kind is EntryKind.RECORD and json.loads(entry.payload).get("kind") in (CASE_KIND, MOVE_KIND)


def _reasons(store: Reading, one: ScopeVersion, other: ScopeVersion, language: Language) -> Mapping[str, list[Json]]:
    compared = compare(store, *(_answer_of(store, version, language) for version in (one, other)))
    return {row["unit"]: row["why"] for name in KINDS_OF_CHANGE for row in compared[name]}


def _answer_of(store: Reading, version: ScopeVersion, language: Language) -> Json:
    """The answer of which a version was made, made again from the ledger as it was."""
    asked = read_question(question_again(version))
    snapshot = Snapshot.again(store, version.position, version.head, version.known)
    return scope(store, asked, language, Register(snapshot)).envelope
