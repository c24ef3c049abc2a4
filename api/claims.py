"""From the claims of a token to a caller, as a file of the service says (JSON):

    {"name": "sub",
     "role": {"claim": ["realm_access", "roles"], "values": {"trace-team": "investigator", "plant": "operator"}},
     "organisations": {"claim": "organisations", "values": {"plant-1": "9521234000006"}}}

A claim is a name, or a list of names that lead into it. `values` says what its values mean; the first of the file that
the claim has is taken. Without `values` roles are called as here, and organisations are party identifiers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracegraph.access.caller import Caller, Role
from tracegraph.errors import UsageError
from tracegraph.identifiers import party
from tracegraph.service.users import ORGANISED, role_named

#: Before the names of callers with tokens, so that none is called as a user of the service file is.
PREFIX = "oidc:"
MOST_NAME = 255

ClaimPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which claims say what. `roles`: from a value of the claim to the role, in order of preference; `parties`: from a
    value to a canonical party key (None: the value is one)."""

    name: ClaimPath
    role: ClaimPath
    roles: Mapping[str, Role]
    organisations: ClaimPath
    parties: Mapping[str, str] | None

    def caller(self, claims: Mapping[str, Any]) -> Caller | None:
        """Whom the claims describe; None: nobody that has a role here."""
        name = _at(claims, self.name)
        role = self._role(claims)
        organisations = self._organisations(claims)
        if not isinstance(name, str) or not _is_harmless(name) or role is None:
            return None
        if role in ORGANISED and not organisations:
            return None
        return Caller(f"{PREFIX}{name}", role, organisations)

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        told = _texts(_at(claims, self.role))
        return next((role for value, role in self.roles.items() if value in told), None)

    def _organisations(self, claims: Mapping[str, Any]) -> frozenset[str]:
        told = _texts(_at(claims, self.organisations))
        if self.parties is None:
            return frozenset(party(text) for text in told if text.strip())
        return frozenset(self.parties[text] for text in told if text in self.parties)


def read_mapping(path: Path | None) -> Mapped:
    """The mapping in a file, or the one without any; UsageError for a file that is wrong."""
    if path is None:
        return Mapped(("sub",), ("role",), _roles({}), ("organisations",), None)
    try:
        return _mapping(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"the claims mapping {path} is wrong: {error}; see the documentation of serve") from None


def _mapping(told: Mapping[str, Any]) -> Mapped:
    role, organisations = told["role"], told.get("organisations", {"claim": "organisations"})
    parties = organisations.get("values")
    return Mapped(
        _path(told.get("name", "sub")),
        _path(role["claim"]),
        _roles(role.get("values") or {}),
        _path(organisations["claim"]),
        None if parties is None else {str(value): party(key) for value, key in parties.items()},
    )


def _roles(values: Mapping[str, str]) -> dict[str, Role]:
    if not values:
        return {role.value: role for role in Role if role is not Role.PUBLIC}
    return {value: role_named(role) for value, role in values.items()}


def _path(told: Any) -> ClaimPath:
    names = (told,) if isinstance(told, str) else tuple(told)
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{told!r} names no claim")
    return names


def _at(claims: Any, path: ClaimPath) -> Any:
    for name in path:
        claims = claims.get(name) if isinstance(claims, Mapping) else None
    return claims


def _texts(told: Any) -> list[str]:
    if isinstance(told, str):
        return [told]
    return [value for value in told if isinstance(value, str)] if isinstance(told, list) else []


def _is_harmless(name: str) -> bool:
    return 0 < len(name) <= MOST_NAME and name.isprintable()
