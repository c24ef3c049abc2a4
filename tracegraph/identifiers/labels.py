"""What stands on labels: GS1 element strings, with brackets or with FNC1, and plain keys of digits only.

Source: GS1 General Specifications, sections 3 and 7.8. biip reads element strings without brackets.
"""

from __future__ import annotations

import re

from tracegraph.errors import UsageError
from tracegraph.identifiers.checks import (
    check_digit_problem,
    has_right_check_digit,
    is_known,
    is_valid,
    padded,
    value_problem,
)
from tracegraph.identifiers.keys import KEY_TYPES, OPAQUE, Identified, assembled

#: What a scanner sends for FNC1.
SEPARATOR = "\x1d"
#: Symbology identifiers of bar codes that carry element strings (ISO/IEC 15424).
_SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")
_BRACKET = re.compile(r"\(([0-9]{2,4})\)")
_UNMARKED = re.compile(r"01([0-9]{14})|00([0-9]{18})")

#: What digits without anything around them may be said to be, and how many there are.
_PLAIN_KINDS = {
    "gtin": ("01", (8, 12, 13, 14)),
    "sscc": ("00", (18,)),
    "gln": ("414", (13,)),
    "sgln": ("414", (13,)),
    "pgln": ("417", (13,)),
    "gsrn": ("8018", (18,)),
    "gsrnp": ("8017", (18,)),
    "gsin": ("402", (17,)),
    "itip": ("8006", (18,)),
}
_KIND_BY_LENGTH = {8: "gtin", 12: "gtin", 13: "gtin", 14: "gtin", 18: "sscc"}
#: These few digits are as often a date or a house number as a GTIN: only the right check digit makes them one.
_SHORT = (8, 12)


def checked_kind(kind: str | None) -> str | None:
    """The kind of a plain key, if it is one that can be asked for. Errors: UsageError."""
    if kind is not None and kind not in _PLAIN_KINDS:
        raise UsageError(f"A plain key cannot be of kind {kind!r}; use one of {', '.join(_PLAIN_KINDS)}.")
    return kind


def read_plain(text: str, kind: str | None) -> Identified | None:
    """What a text of digits only identifies, None where it is no such text or, without `kind`, of another length.

    Without `kind`, 8, 12, 13 and 14 digits are a GTIN (13 never a GLN) and 18 an SSCC. 8 or 12 digits with a wrong
    check digit stay as they are, with the problem.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    asked = kind or _KIND_BY_LENGTH.get(len(text))
    if asked is None:
        return None
    ai, lengths = _PLAIN_KINDS[asked]
    if len(text) not in lengths:
        return Identified(text, OPAQUE, problems=(_length_problem(text, asked, lengths),))
    value = padded(ai, text)
    problems = check_digit_problem(ai, value)
    if problems and kind is None and len(text) in _SHORT:
        return Identified(text, OPAQUE, problems=problems)
    return assembled(ai, value, {}, problems)


def _length_problem(text: str, kind: str, lengths: tuple[int, ...]) -> str:
    wanted = " or ".join(str(length) for length in lengths)
    return f"wrong_length: {text[:60]!r} has {len(text)} digits where a {kind.upper()} has {wanted}; correct it"


def read_element_string(text: str) -> Identified | None:
    """What a GS1 element string identifies: the first key in it, with its qualifiers. None where the text is none."""
    if text.startswith("("):
        elements = _bracketed(text)
        return None if elements is None else _first_key(text, elements)
    marked = text.startswith(_SYMBOLOGIES) or SEPARATOR in text
    if not marked and not _looks_unmarked(text):
        return None
    unbracketed = _unbracketed(text[3:] if text.startswith(_SYMBOLOGIES) else text)
    if unbracketed is None:
        return _unreadable(text) if marked else None
    return _first_key(text, unbracketed)


def _bracketed(text: str) -> list[tuple[str, str]] | None:
    marks = [mark for mark in _BRACKET.finditer(text) if is_known(mark[1])]
    if not marks or marks[0].start() != 0:
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(mark[1], text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]


def _looks_unmarked(text: str) -> bool:
    match = _UNMARKED.match(text)
    return match is not None and has_right_check_digit(match[1] or match[2])


def _unbracketed(text: str) -> list[tuple[str, str]] | None:
    from biip import ParseConfig, ParseError
    from biip.gs1_messages import GS1Message

    if not text.isascii():
        return None
    config = ParseConfig(gs1_element_strings_verify_date=False)
    try:
        message = GS1Message.parse(text.strip(SEPARATOR), config=config)
    except ParseError:
        return None
    return [(element.ai.ai, element.value) for element in message.element_strings]


def _first_key(text: str, elements: list[tuple[str, str]]) -> Identified | None:
    keys = [element for element in elements if element[0] in KEY_TYPES]
    if not keys:
        return None
    ai, written = keys[0]
    value = padded(ai, written)
    if not is_valid(ai, value):
        return Identified(text, OPAQUE, problems=value_problem(ai, value))
    problems = value_problem(ai, written) + check_digit_problem(ai, value)
    qualifiers = _qualifiers(ai, elements)
    for qualifier, its_value in qualifiers.items():
        problems += value_problem(qualifier, its_value)
    return assembled(ai, value, qualifiers, problems)


def _qualifiers(ai: str, elements: list[tuple[str, str]]) -> dict[str, str]:
    """The qualifiers of this key; of one given twice the first. A lot beside an SSCC is that of the contents."""
    wanted = {qualifier for qualifier, _ in KEY_TYPES[ai].finer}
    return {qualifier: value for qualifier, value in reversed(elements) if qualifier in wanted and value}


def _unreadable(text: str) -> Identified:
    problem = (
        f"malformed: {text[:120]!r} has the marks of a GS1 element string but cannot be read as one; scan it again"
    )
    return Identified(text, OPAQUE, problems=(problem,))
