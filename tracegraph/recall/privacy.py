"""Whether a text that is about to go into the ledger looks as if it held personal data.

Nothing leaves the ledger again, so whoever writes an e-mail address or a telephone number into a move is stopped
before,
and told of the reference to put there instead. A name cannot be told from other words; an address or a number mostly
can. What is no person's (the number of a switchboard, a lot that looks like a number) is let through by who looked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from tracegraph.errors import InvalidField
from tracegraph.model.record_kinds import RecordKind

#: A text inside which these stand is none of a person: identifiers, versions, hashes.
_BEFORE, _AFTER = r"(?<![\w.:/@-])", r"(?![\w@]|[-./:]\w)"

_EMAIL = re.compile(r"[\w.%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_PHONES = (
    re.compile(_BEFORE + r"\+\d(?:[ ()./-]{0,2}\d){7,14}" + _AFTER),  # international: ITU-T E.164, at most 15 digits
    re.compile(_BEFORE + r"1[3-9]\d(?:[ -]?\d{4}){2}" + _AFTER),  # mobile in China
    re.compile(_BEFORE + r"\(0\d{1,4}\)[ -]?\d(?:[ -]?\d){4,7}" + _AFTER),  # area code in brackets
    re.compile(_BEFORE + r"(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[.-]\d{4}" + _AFTER),  # North America
    re.compile(
        r"(?i)(?:\b(?:tele)?(?:phone|fon|fax)|\btel|\bmobile|\bcall|电话|手机|传真)[.:： ]{0,3}[(0-9][ ()./\d-]{4,}\d"
    ),
)
#: What else may hold them: why a move was made.
REASON = "reason"


def looks_personal(text: str) -> str:
    """`an e-mail address` or `a telephone number` where the text seems to hold one; else empty."""
    if _EMAIL.search(text):
        return "an e-mail address"
    return "a telephone number" if any(phone.search(text) for phone in _PHONES) else ""


def personal_texts(kind: RecordKind, fields: Mapping[str, str], reason: str = "") -> dict[str, str]:
    """What each free text of an action (and its reason) looks like, by field; only those that look like something."""
    free = {one.name: fields.get(one.name, "") for one in kind.fields if one.type == "text"} | {REASON: reason}
    return {name: seen for name, text in free.items() if (seen := looks_personal(text))}


def check_texts(kind: RecordKind, fields: Mapping[str, str], reason: str = "", as_is: Collection[str] = ()) -> None:
    """Raise InvalidField for the first free text that looks personal and whose field nobody looked at (`as_is`). The
    message never repeats the text."""
    for name, seen in personal_texts(kind, fields, reason).items():
        if name not in as_is:
            raise InvalidField(
                f"{kind.name}: {name} seems to hold {seen}, which could never be erased from the ledger; add the "
                "person and give its reference (person:...), or say that it is no person's",
                name,
            )
