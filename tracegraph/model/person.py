"""Persons that recall cases speak of: contacts, complainants, signers, witnesses.

A ledger is never changed, so no personal data go into it. It names a person by a reference, `person:` and 32
hexadecimal digits; what the reference stands for lies elsewhere and can be erased, after which the reference leads
nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: What a reference looks like.
REFERENCE = re.compile(r"person:[0-9a-f]{32}")


class PersonState(StrEnum):
    """`erased`: there were data, and they are gone. `unknown`: this deployment never had any, or lost them."""

    KNOWN = "known"
    ERASED = "erased"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person. `purpose`: what the data are kept for; `keep_until`: the last day on which they may
    be kept (`2027-01-31`). `after_hours`: where the person is reached outside of office hours. Of a person who is not
    known all texts are empty. Only the reference is ever shown by `repr`, so that no log holds more."""

    reference: str
    name: str = field(default="", repr=False)
    role: str = field(default="", repr=False)
    organisation: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    after_hours: str = field(default="", repr=False)
    notes: str = field(default="", repr=False)
    purpose: str = field(default="", repr=False)
    keep_until: str = field(default="", repr=False)
    state: PersonState = field(default=PersonState.KNOWN, kw_only=True)

    @classmethod
    def of(cls, reference: str, texts: Mapping[str, str]) -> Person:
        """The person of these texts, by the names in TEXTS."""
        return cls(reference, *(texts[name] for name in TEXTS))


#: The texts of a person, in the order in which a form asks for them.
TEXTS = (
    "name",
    "role",
    "organisation",
    "phone",
    "email",
    "address",
    "after_hours",
    "notes",
    "purpose",
    "keep_until",
)
#: What must be given of each.
REQUIRED = ("name", "purpose", "keep_until")
