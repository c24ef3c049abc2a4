"""Who asks: a name, a role, and the organisations that it acts for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What kind of caller it is (docs/interfaces, "HTTP")."""

    PUBLIC = "public"
    OPERATOR = "operator"
    INVESTIGATOR = "investigator"
    REGULATOR = "regulator"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    CERTIFIER = "certifier"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller. `organisations`: canonical party keys, its own or, for auditors and certifiers, those of its clients.

    `scopes` narrow what the role may do to these operations (empty: all that the role may)."""

    name: str
    role: Role
    organisations: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()


#: Who says nothing of itself.
NOBODY = Caller("", Role.PUBLIC)
