"""Which notices to prepare: one for each consignee that was not told yet, or for which something changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tracegraph.errors import Refused
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.version import ScopeVersion
from tracegraph.recall.consignees.listing import Consignee, Consignees
from tracegraph.recall.notices.notice import Notice, Status, prepared_json
from tracegraph.recall.notices.records import Known, known_notices
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

#: The states of a case in which what it tells is the last word.
CLOSING = frozenset({"completed", "terminated"})


def to_prepare(case: CaseFile, found: Consignees) -> list[Notice]:
    """The notices that are due now, by id. Raises Refused where no version of the scope was approved."""
    known = {one.id: one for one in known_notices(case.moves)}
    every = [*notices_of(case, found), *_to_those_out(case, found, known.values())]
    return sorted((one for one in every if _is_due(one, known.get(one.id))), key=lambda one: one.id)


def notices_of(case: CaseFile, found: Consignees) -> list[Notice]:
    """The notice to each consignee as it stands now, due or not, by id. Raises Refused as above."""
    version = _approved(case).number
    known = known_notices(case.moves)
    before = _told_before(found.rows, known)
    notices = []
    used = len(known)
    for one in found.rows:
        earlier = before.get(one.id)
        used += earlier is None
        number = earlier.id if earlier else f"{case.id}/N{used:04d}"
        notices.append(Notice(number, case, version, _status(case, earlier), one))
    return sorted(notices, key=lambda one: one.id)


def notices_payload(snapshot: Snapshot, notices: Iterable[Notice], version: int) -> Json:
    """What the move `notices` keeps: of which version and from which state of the ledger they were made, and each."""
    return {
        "version": version,
        "head": snapshot.head,
        "position": snapshot.position if snapshot.counted else None,
        "notices": [prepared_json(one) for one in notices],
    }


def _approved(case: CaseFile) -> ScopeVersion:
    if case.approved is None:
        raise Refused(f"no version of the scope of case {case.id} is approved; let a second person approve it first")
    return case.approved


def _to_those_out(case: CaseFile, found: Consignees, known: Iterable[Known]) -> Iterator[Notice]:
    """Who was told, and has nothing in scope any more, is told that."""
    for before in known:
        if before.sent_digest is not None and not any(found.of(party) for party in before.parties):
            nothing = Consignee(
                before.consignee, tuple(before.parties), "", None, "recipient", (), (), (), (), "stated"
            )
            yield Notice(before.id, case, _approved(case).number, _status(case, before), nothing)


def _status(case: CaseFile, before: Known | None) -> Status:
    if before is None or before.sent_digest is None:
        return Status.INITIAL
    return Status.FINAL if case.state in CLOSING else Status.UPDATE


def _is_due(notice: Notice, before: Known | None) -> bool:
    """Whether a notice says otherwise than the last one that was prepared, is the last word, or waits to be sent with a
    version that no longer holds."""
    if before is None or notice.digest != before.digest:
        return True
    if notice.status is Status.FINAL and before.status != Status.FINAL:
        return True
    return not before.is_sent and notice.version != before.version


def _told_before(rows: Sequence[Consignee], known: Sequence[Known]) -> dict[str, Known]:
    """The notice that each consignee has already: its own, else one that a party got that is now one with it. No two
    consignees have the same."""
    by_consignee = {one.consignee: one for one in known}
    found = {row.id: by_consignee[row.id] for row in rows if row.id in by_consignee}
    free = {one.id: one for one in known if one not in found.values()}
    for row in rows:
        other = next((one for one in free.values() if one.consignee in row.parties), None)
        if row.id not in found and other is not None:
            found[row.id] = free.pop(other.id)
    return found
