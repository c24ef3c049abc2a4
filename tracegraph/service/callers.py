"""Callers as text, for what a service does later in somebody's name."""

from __future__ import annotations

import json

from tracegraph.access.caller import Caller, Role


def caller_text(caller: Caller) -> str:
    """The caller as JSON, as it is now: role, organisations and scopes."""
    return json.dumps(
        {
            "name": caller.name,
            "role": caller.role,
            "organisations": sorted(caller.organisations),
            "scopes": sorted(caller.scopes),
        }
    )


def caller_of(text: str) -> Caller:
    """The caller that `caller_text` wrote."""
    told = json.loads(text)
    return Caller(told["name"], Role(told["role"]), frozenset(told["organisations"]), frozenset(told["scopes"]))
