"""Which values are valid under which GS1 application identifier: biip decides, and says why not in short codes.

biip is imported on first use only: the common identifiers never need it (see `fast`).
"""

from __future__ import annotations

import re

from tracegraph.identifiers.keys import KEY_TYPES, WITH_COMPANY_PREFIX

_QUALIFIER_SHAPES = {
    "10": "1 to 20 characters",
    "21": "1 to 20 characters",
    "22": "1 to 20 characters",
    "235": "1 to 28 characters",
    "254": "1 to 20 characters",
    "7040": "4 characters",
    "8011": "1 to 12 digits",
    "8019": "1 to 10 digits",
}
_LETTERS_OF_GS1 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z#]*""")
_DIGITS_AT_FRONT = re.compile(r"[0-9]{4}")
_GTIN_LENGTHS = (8, 12, 13)


def is_known(ai: str) -> bool:
    """Whether this is an application identifier of the GS1 General Specifications."""
    from biip.gs1_application_identifiers import _GS1_APPLICATION_IDENTIFIERS

    return ai in _GS1_APPLICATION_IDENTIFIERS


def is_valid(ai: str, value: str) -> bool:
    """Whether the value has the length and the characters of this application identifier; check digits aside."""
    from biip import ParseConfig, ParseError
    from biip.gs1_element_strings import GS1ElementString

    # biip takes the digits of every script, and a text beginning with further digits for a longer AI.
    if not value.isascii() or (ai in WITH_COMPANY_PREFIX and not _DIGITS_AT_FRONT.match(value)):
        return False
    try:
        parsed = GS1ElementString.parse(ai + value, config=ParseConfig(gs1_element_strings_verify_date=False))
    except ParseError:
        return False
    return parsed.ai.ai == ai


def expected_check_digit(digits: str) -> str:
    """The check digit that belongs at the end of these digits (GS1 General Specifications, section 7.9)."""
    from biip.checksums import gs1_standard_check_digit

    return str(gs1_standard_check_digit(digits))


def has_right_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    return expected_check_digit(digits[:-1]) == digits[-1]


def check_digit_problem(ai: str, value: str) -> tuple[str, ...]:
    """The problem of a valid value whose check digit is wrong; empty where it is right or the key has none."""
    key_type = KEY_TYPES[ai]
    if key_type.checked is None:
        return ()
    digits = value[slice(*key_type.checked)]
    expected = expected_check_digit(digits[:-1])
    if expected == digits[-1]:
        return ()
    return (
        f"bad_check_digit: {digits} (AI {ai}) ends in {digits[-1]} where its check digit is {expected}; "
        "compare it with the label or ask who recorded it",
    )


def value_problem(ai: str, value: str) -> tuple[str, ...]:
    """The problem of a value that `is_valid` refuses, empty where it does not."""
    if is_valid(ai, value):
        return ()
    shape = KEY_TYPES[ai].shape if ai in KEY_TYPES else _QUALIFIER_SHAPES.get(ai, "another shape")
    reason = f"{value[:60]!r} is not a value of AI {ai}, which takes {shape}; correct it where it was recorded"
    return (f"{_code(ai, value)}: {reason}",)


def has_gs1_characters(value: str) -> bool:
    """Whether the value keeps to the characters of GS1 (General Specifications, section 7.11; # in part numbers)."""
    return _LETTERS_OF_GS1.fullmatch(value) is not None


def _code(ai: str, value: str) -> str:
    if not has_gs1_characters(value) or _has_odd_letters(ai, value):
        return "illegal_characters"
    lacks_prefix = ai in WITH_COMPANY_PREFIX and not _DIGITS_AT_FRONT.match(value)
    lacks_zero = ai == "8003" and len(value) >= 14 and value[0] != "0"
    return "malformed" if lacks_prefix or lacks_zero else "wrong_length"


def _has_odd_letters(ai: str, value: str) -> bool:
    numeric = ai in _QUALIFIER_SHAPES and "digits" in _QUALIFIER_SHAPES[ai]
    checked = KEY_TYPES[ai].checked if ai in KEY_TYPES else None
    digits = value[: checked[1]] if checked else value if numeric else ""
    return not all("0" <= letter <= "9" for letter in digits)


def padded(ai: str, value: str) -> str:
    """A GTIN of 8, 12 or 13 digits filled up to 14 with zeros, everything else as it is."""
    if ai == "01" and len(value) in _GTIN_LENGTHS and value.isascii() and value.isdigit():
        return value.zfill(14)
    return value
