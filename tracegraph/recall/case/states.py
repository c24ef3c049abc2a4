"""Which moves a case allows: state x action x role, as data (states.json).

An action leads from a state to another (`to`) or leaves it as it is (`in`). `of_type`: what holds for cases of that
type besides; `never`: types that never allow it; `unless`: not any more once one of these was done; `by`: the roles
that may; `not_by_who`: never by who did that last, so that four eyes see it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.model.values import value

#: The state of a case that nobody opened yet.
NOT_OPENED = ""
DRILL = "drill"


@value
class Rule:
    """When one action is allowed; see above."""

    by: frozenset[str]
    to: Mapping[str, str]
    of_type: Mapping[str, Mapping[str, str]]
    never: frozenset[str]
    unless: frozenset[str]
    not_by_who: str

    def state_after(self, state: str, kind: str, done: Collection[str] = ()) -> str | None:
        """The state that the action leads to in a case of a type (`kind`) in which `done` was done; None: not now."""
        if kind in self.never or not self.unless.isdisjoint(done):
            return None
        return self.of_type.get(kind, {}).get(state, self.to.get(state))


@cache
def rules() -> dict[str, Rule]:
    """The rule of each action, by name."""
    return {name: _rule(told) for name, told in _table()["actions"].items()}


@cache
def states() -> tuple[str, ...]:
    """All states, in the order in which a case goes through them."""
    return tuple(_table()["states"])


def allowed(state: str, kind: str, done: Collection[str] = (), role: str | None = None) -> list[str]:
    """The actions that are possible now, to a role (None: to some role), sorted."""
    return sorted(
        name
        for name, rule in rules().items()
        if rule.state_after(state, kind, done) is not None and (role is None or role in rule.by)
    )


def _rule(told: Mapping[str, Any]) -> Rule:
    to = {**{state: state for state in told.get("in", ())}, **told.get("to", {})}
    never, unless = frozenset(told.get("never", ())), frozenset(told.get("unless", ()))
    return Rule(frozenset(told["by"]), to, told.get("of_type", {}), never, unless, told.get("not_by_who", ""))


def _table() -> dict[str, Any]:
    text = files("tracegraph.recall.case").joinpath("states.json").read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(text)
    return told
