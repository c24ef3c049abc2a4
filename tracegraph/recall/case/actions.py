"""What each action of a case says: its fields, as data (actions/*.json, one file each, in the form of the kinds of
records: model/record_kinds.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.errors import UsageError
from tracegraph.model.record_kinds import RecordKind, data_of, kind_of

_FOLDER = files("tracegraph.recall.case").joinpath("actions")


@cache
def action_names() -> tuple[str, ...]:
    """All actions, sorted."""
    named = (file.name for file in _FOLDER.iterdir() if file.name.endswith(".json"))
    return tuple(sorted(name.removesuffix(".json") for name in named))


@cache
def action_kind(name: str) -> RecordKind:
    """The fields of an action, and its label; raises UsageError for one that there is not."""
    if name not in action_names():
        raise UsageError(f"{name!r} is no action of a recall case; choose one of {', '.join(action_names())}")
    return kind_of(name, json.loads(_FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")))


def action_data(name: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What a row of text says as the parts of a move. Raises InvalidField where a value is missing, is none of its
    type, or is of no field of the action."""
    told = data_of(action_kind(name), fields)
    if told.keys() & {"days_off", "country"}:
        from tracegraph.recall.deadlines.calendar import check_calendar

        check_calendar(name, told)
    return told
