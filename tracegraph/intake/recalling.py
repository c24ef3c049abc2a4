"""A move in a recall case: looked at, and appended to the ledger, in one change of the store.

Two people who edit one case at once: the move of the earlier one is recorded, the later one is told what was done
meanwhile, and nothing of hers is recorded before she looked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracegraph.errors import CaseChanged, IllegalMove, Refused, UsageError
from tracegraph.model.instants import instant_text
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import PSEUDONYM
from tracegraph.recall.case.actions import action_data, action_kind
from tracegraph.recall.case.casefile import CaseFile, case_file, case_files, find_case, moves_counted, stored_move
from tracegraph.recall.case.evidence import attached_files, check_documents
from tracegraph.recall.case.move import CASE_KIND, Move, records_of
from tracegraph.recall.case.states import rules
from tracegraph.recall.privacy import check_texts
from tracegraph.recompile.batch import store_batch
from tracegraph.recompile.entering import record_entry
from tracegraph.stores.port import Reading, Store

OPEN = "open"
#: Actions that are about the last version of the scope.
ABOUT_A_VERSION = ("approve", "reject")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and as what. Without users anybody who may read the store is an admin; `name` is what they say."""

    name: str = ""
    role: str = "admin"


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several moves of the same action: its fields as text, its reason, and the key by which it is known again
    (empty: it is always new)."""

    fields: Mapping[str, str]
    reason: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Acted:
    """The case afterwards, the move, and whether it is new (False: this was asked for, and done, before)."""

    case: CaseFile
    move: Move
    new: bool


def act(
    store: Store,
    case: str,
    action: str,
    fields: Mapping[str, str],
    recorded_at: int,
    actor: Actor,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    key: str = "",
    seen: int | None = None,
    also: Sequence[Record] = (),
    as_is: Collection[str] = (),
    before: CaseFile | None = None,
) -> Acted:
    """Do something in a case. `fields`: what the action says, as text (recall/case/actions); `payload`: what the
    program adds to it; `key`: by which a repeated request is known; `seen`: how many moves who asks has seen;
    `also`: records that are stored with it, or not at all; `as_is`: the fields (or `reason`) that look as if they held
    personal data and do not; `before`: the case as it is, where that was read already (a scope of ten thousand units
    takes a while). `open` without a case makes a number for it.

    Raises IllegalMove, CaseChanged, UnknownIdentifier, InvalidField; UsageError without a reason where one is needed.
    """
    now = before or (_opened(store, case, recorded_at, key) if action == OPEN else case_file(store, case))
    earlier = next((move for move in now.moves if key and move.key == key), None)
    if earlier is not None:
        return Acted(now, _repeated(earlier, action, action_data(action, fields)), False)
    _check_seen(now, seen)
    if action != OPEN:
        check_allowed(now, action, now.type, actor.role)
    said = action_data(action, fields)
    check_texts(action_kind(action), fields, reason, as_is)
    check_documents(action, said, attached_files(now.moves))
    move = _move(now, action, said | dict(payload or {}), actor, reason, key)
    _append(store, now, [*records_of(move), *also], recorded_at, actor)
    after = CaseFile(now.id, (*now.moves, stored_move(store, now.id, move.number)))
    return Acted(after, after.moves[-1], True)


def act_all(
    store: Store,
    case: str,
    action: str,
    asked: Sequence[Asked],
    recorded_at: int,
    actor: Actor,
    seen: int | None = None,
) -> list[Acted]:
    """Do the same thing many times in a case, in one change: all of it is recorded, or nothing. What has a key of a
    move of the case, or of one before it here, is that move. Raises what `act` raises."""
    before = after = case_file(store, case)
    _check_seen(before, seen)
    known = {move.key: move for move in before.moves if move.key}
    done: list[tuple[int, bool]] = []
    for one in asked:
        earlier = known.get(one.key) if one.key else None
        if earlier is None:
            check_texts(action_kind(action), one.fields, one.reason)
            said = action_data(action, one.fields)
            check_documents(action, said, attached_files(before.moves))
            move = _move(after, action, said, actor, one.reason, one.key)
            after = CaseFile(after.id, (*after.moves, move))
            known[one.key] = move
        done.append(((earlier or move).number, earlier is None))
    after = _appended(store, before, after.moves[len(before.moves) :], recorded_at, actor)
    return [Acted(after, after.moves[number - 1], new) for number, new in done]


def _appended(store: Store, before: CaseFile, moves: Sequence[Move], recorded_at: int, actor: Actor) -> CaseFile:
    """The case with more moves, recorded in one change."""
    if not moves:
        return before
    records = [*(records_of(move)[0] for move in moves), records_of(moves[-1])[1]]
    _append(store, before, records, recorded_at, actor)
    return case_file(store, before.id)


def _append(store: Store, before: CaseFile, records: Iterable[Record], recorded_at: int, actor: Actor) -> None:
    """Store the records in one change, unless somebody did something in the case meanwhile."""

    def unchanged(change: Reading) -> None:
        _check_unchanged(change, before)

    store_batch(store, [record_entry(record) for record in records], recorded_at, actor.name, check=unchanged)


def _opened(store: Reading, case: str, recorded_at: int, key: str) -> CaseFile:
    """The case that is to be opened: that of the number, or of a new one; with its move where this was done already."""
    if case:
        if not PSEUDONYM.fullmatch(case):
            raise UsageError(f"{case!r} is no number of a case; use letters, digits, dots and dashes, with a digit")
        return find_case(store, case)
    known = case_files(store) if key else []
    again = next((one for one in known if one.opened.key == key), None)
    return again or CaseFile(_free_number(store, recorded_at))


def _free_number(store: Reading, recorded_at: int) -> str:
    """`R2026-0007`: the next of the year."""
    year = instant_text(recorded_at)[:4]
    taken = {stored.record.id for stored in store.records(CASE_KIND)}
    number = 1 + sum(one.startswith(f"R{year}-") for one in taken)
    while f"R{year}-{number:04d}" in taken:
        number += 1
    return f"R{year}-{number:04d}"


def _repeated(earlier: Move, action: str, said: Mapping[str, Any]) -> Move:
    """The move that was recorded under the same key, where it is the same."""
    if earlier.action != action or any(earlier.parts.get(name) != told for name, told in said.items()):
        raise Refused(
            f"the key {earlier.key!r} was used for another move of case {earlier.case} ({earlier.action}, number "
            f"{earlier.number}); use a new key"
        )
    return earlier


def _check_seen(case: CaseFile, seen: int | None) -> None:
    if seen is not None and seen != len(case.moves):
        raise _changed(case, case.moves[max(0, seen) :])


def _check_unchanged(change: Reading, before: CaseFile) -> None:
    """Raise CaseChanged where the case has more moves by now. As a rule none of them has to be read."""
    if moves_counted(change, before.id) != len(before.moves):
        raise _changed(before, find_case(change, before.id).moves[len(before.moves) :])


def _changed(case: CaseFile, since: Sequence[Move]) -> CaseChanged:
    done = ", ".join(f"{move.action} by {move.actor or 'somebody'}" for move in since) or "fewer moves than seen"
    return CaseChanged(
        f"case {case.id} changed meanwhile ({done}); look at it, and do what you meant if it still holds"
    )


def _move(case: CaseFile, action: str, parts: Mapping[str, Any], actor: Actor, reason: str, key: str) -> Move:
    """The next move of a case, where its state, its type and who acts allow it; raises IllegalMove, and UsageError
    without a reason where the action needs one."""
    rule = rules()[action]
    state = check_allowed(case, action, str(parts["type"]) if action == OPEN else case.type, actor.role)
    if action_kind(action).reason and not reason.strip():
        raise UsageError(f"{action} needs a reason; say why this is done, and who says it")
    if rule.not_by_who:
        _check_four_eyes(case, action, rule.not_by_who, actor.name)
    if action in ABOUT_A_VERSION:
        _check_is_last(case, action, str(parts["version"]))
    return Move(case.id, len(case.moves) + 1, action, state, 0, 0, actor.name, actor.role, reason, key, parts)


def check_allowed(case: CaseFile, action: str, kind: str, role: str) -> str:
    """The state that an action leads to in a case of a type (`kind`). Raises IllegalMove where the state or the role
    does not allow it, UsageError for an action that there is not."""
    action_kind(action)
    rule = rules()[action]
    state = rule.state_after(case.state, kind, {move.action for move in case.moves})
    if state is None:
        raise _illegal(case, action, f"is {case.state or 'not opened'}" if kind not in rule.never else f"is a {kind}")
    if role not in rule.by:
        raise _illegal(case, action, f"lets {', '.join(sorted(rule.by))} do that, not the role {role}", role)
    return state


def _illegal(case: CaseFile, action: str, because: str, role: str | None = None) -> IllegalMove:
    possible = tuple(case.allowed(role)) if case.moves else (OPEN,)
    told = ", ".join(possible) or "nothing"
    return IllegalMove(
        f"{action} is not possible: case {case.id} {because}; possible now: {told}", case.state, action, possible
    )


def _check_four_eyes(case: CaseFile, action: str, other: str, name: str) -> None:
    """Who did the one must not do the other, and both must say who they are."""
    last = case.of(other)[-1]
    if not name.strip():
        raise IllegalMove(f"{action} needs to know who does it; say so with --as", case.state, action)
    if not last.actor.strip():
        raise IllegalMove(
            f"{action} needs to know who did {other} (move {last.number}), and nobody is named there; do it again "
            "with --as",
            case.state,
            action,
        )
    if _person(last.actor) == _person(name):
        raise IllegalMove(
            f"{action} of case {case.id} is for another person than {name}, who did {other} (move {last.number}); "
            "ask a second person",
            case.state,
            action,
        )


def _person(name: str) -> str:
    """A name by which the same person is known however it is written: blanks, capitals and widths of letters apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _check_is_last(case: CaseFile, action: str, version: str) -> None:
    """Who decides about an older version has not seen the newest, which another may have made."""
    last = str(case.of("scope")[-1].parts["number"])
    if version != last:
        raise IllegalMove(
            f"{action} is for the last version of the scope, {last}, and not for {version}; look at it first",
            case.state,
            action,
        )
