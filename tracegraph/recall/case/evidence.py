"""Files attached to a case, and what they make documented.

In a case the evidence grade `documented` is strict: a paper must be there, by its hash in the ledger, and say what it
is about. An entry of a scope is documented where a file is about the unit, or about the event by which it was reached,
and what it was reached from is documented too; without such files it is `stated`, whatever papers the records name.
`verified` needs somebody who looked, not a paper. Records outside of cases keep the grade that they state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tracegraph.errors import InvalidField
from tracegraph.identifiers import canonical
from tracegraph.model.grading import Grade
from tracegraph.model.values import value
from tracegraph.recall.case.move import Move

#: How an attached file is named.
HASH = re.compile(r"sha256:[0-9a-f]{64}")
ATTACH = "attach"
#: Between two of several: not the semicolon inside the hash of an event (ni:///sha-256;...).
_BETWEEN = re.compile(r"\n|;(?![0-9a-f]{64})")


@value
class Attached:
    """A file that a move attached: `hash` (sha256: and 64 digits), `name`, `media` type, `size` in bytes; `about`: the
    units (canonical keys), events, notices and moves that it is about; the `move` that attached it."""

    hash: str
    name: str
    media: str
    size: int
    about: frozenset[str]
    move: Move


def attached_files(moves: Iterable[Move]) -> tuple[Attached, ...]:
    """The files that these moves attached, in order; a file attached again, about something else, is there again."""
    return tuple(_attached(move) for move in moves if move.action == ATTACH)


def _attached(move: Move) -> Attached:
    about = frozenset(subjects(move.text("about")))
    return Attached(move.text("hash"), move.text("name"), move.text("media"), int(move.text("size") or 0), about, move)


def subjects(text: str) -> list[str]:
    """What a field `about` names, separated by semicolons: identifiers of units in their canonical form."""
    return [canonical(one) for part in _BETWEEN.split(text) if (one := part.strip())]


def documented(ways: Mapping[str, tuple[str, str] | None], attached: Iterable[Attached]) -> frozenset[str]:
    """The units that the files document. `ways`: by unit, from which unit and by which event it was reached (None: it
    was named itself)."""
    about = {subject for one in attached for subject in one.about}
    onward: dict[str | None, list[str]] = {}
    for unit, way in ways.items():
        if unit in about or (way is not None and not about.isdisjoint((way[1], way[1].partition("#")[0]))):
            onward.setdefault(way[0] if way is not None and way[0] in ways else None, []).append(unit)
    found: set[str] = set()
    waiting = onward.get(None, [])
    while waiting:
        unit = waiting.pop()
        found.add(unit)
        waiting += onward.get(unit, [])
    return frozenset(found)


def strict_grade(grade: str, is_documented: bool) -> str:
    """The grade that a scope entry of this grade has in a case."""
    return Grade.STATED.value if grade == Grade.DOCUMENTED and not is_documented else grade


def check_documents(action: str, parts: Mapping[str, object], attached: Iterable[Attached]) -> None:
    """Raise InvalidField where a move names a file that is not attached to its case, calls itself documented without
    one, or attaches what is no hash."""
    told, hashes = str(parts.get("document", "")), {one.hash for one in attached}
    if told.startswith("sha256:") and told not in hashes:
        raise InvalidField(f"{action}: document {told} is not attached to this case; attach the file first", "document")
    if parts.get("grade") == Grade.DOCUMENTED and told not in hashes:
        raise InvalidField(f"{action}: grade documented needs a document; attach the file, and name its hash", "grade")
    if action == ATTACH and not HASH.fullmatch(str(parts.get("hash", ""))):
        raise InvalidField("attach: hash is none of a file; give sha256: and 64 digits", "hash")
