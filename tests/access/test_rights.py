"""The rights file: what is shipped, and a sentence for every way in which a file can be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tracegraph.access.caller import Caller, Role
from tracegraph.access.rights import FIELDS, OPERATIONS, Distance, Level, Sees, load_rights
from tracegraph.errors import InputError

WRITING = ("capture", "administer")


def shipped() -> dict[str, Any]:
    return json.loads(files("tracegraph.access").joinpath("rights.json").read_text(encoding="utf-8"))


def written(folder: Path, told: Any) -> Path:
    path = folder / "rights.json"
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return path


def test_what_is_shipped() -> None:
    rights = load_rights()
    assert {role: rights.sees[role] for role in Role} == {
        Role.PUBLIC: Sees.NOTHING,
        Role.OPERATOR: Sees.ORGANISATIONS,
        Role.AUDITOR: Sees.ORGANISATIONS,
        Role.CERTIFIER: Sees.ORGANISATIONS,
        Role.INVESTIGATOR: Sees.EVERYTHING,
        Role.REGULATOR: Sees.EVERYTHING,
        Role.ANALYST: Sees.EVERYTHING,
        Role.ADMIN: Sees.EVERYTHING,
    }
    writers = {role for role in Role if any(rights.allows(Caller("one", role), operation) for operation in WRITING)}
    assert writers == {Role.OPERATOR, Role.INVESTIGATOR, Role.ADMIN}
    assert frozenset().union(*rights.operations.values()) == OPERATIONS


def test_the_shipped_levels_name_every_field_once() -> None:
    levels = shipped()["levels"]
    for kind, fields in FIELDS.items():
        basic, extended = levels["basic"][kind], levels["extended"][kind]
        plain = [name for name in basic + extended if ":" not in name]
        assert sorted(plain) == sorted(fields)


def test_extended_includes_basic() -> None:
    rights = load_rights()
    for kind in FIELDS:
        assert rights.shown[Level.BASIC][kind] <= rights.shown[Level.EXTENDED][kind]
    assert "quantity" not in rights.fields(Distance.BEYOND, "holding")
    assert "quantity" in rights.fields(Distance.ADJACENT, "holding")


def test_scopes_narrow_and_never_widen() -> None:
    rights = load_rights()
    assert not rights.allows(Caller("one", Role.OPERATOR, scopes=frozenset({"read"})), "trace")
    assert rights.allows(Caller("one", Role.OPERATOR, scopes=frozenset({"read"})), "read")
    assert not rights.allows(Caller("one", Role.OPERATOR, scopes=frozenset({"administer"})), "administer")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    told = shipped()
    told["sees"]["analyst"] = "organisations"
    told["level_at"]["adjacent"] = "basic"
    told["follow"] = "possible"
    rights = load_rights(written(tmp_path, told))
    assert rights.sees[Role.ANALYST] is Sees.ORGANISATIONS
    assert "quantity" not in rights.fields(Distance.ADJACENT, "holding")
    assert not rights.confirmed_only
    assert rights.seen_by(Caller("one", Role.ANALYST)) is Sees.NOTHING


def _set(told: Any, value: Any, *path: str) -> Any:
    for name in path[:-1]:
        told = told[name]
    told[path[-1]] = value
    return None


FAULTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "no part": (lambda told: told.pop("sees") and None, "at the file: .*follow, level_at, levels, operations, sees"),
    "no object": (lambda told: [], "at the file"),
    "role": (lambda told: _set(told, [], "operations", "boss"), "at operations: "),
    "operation": (lambda told: _set(told, ["fly"], "operations", "admin"), "at operations.admin: .* not 'fly'"),
    "list": (lambda told: _set(told, "read", "operations", "admin"), "at operations.admin: "),
    "sees": (lambda told: _set(told, "much", "sees", "admin"), "at sees.admin: .*everything, nothing, organisations"),
    "sees list": (lambda told: _set(told, ["everything"], "sees", "admin"), "at sees.admin: "),
    "field": (lambda told: _set(told, ["colour"], "levels", "basic", "holding"), "at levels.basic.holding: "),
    "prefix": (lambda told: _set(told, ["a:b"], "levels", "basic", "holding"), "at levels.basic.holding: "),
    "level": (lambda told: _set(told, "all", "level_at", "own"), "at level_at.own: .*basic, extended"),
    "follow": (lambda told: _set(told, None, "follow"), "at follow: .*confirmed, possible"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, fault: str) -> None:
    spoil, message = FAULTS[fault]
    told = shipped()
    spoilt = spoil(told)
    path = written(tmp_path, told if spoilt is None else spoilt)
    with pytest.raises(InputError, match=f"rights.json is wrong {message}"):
        load_rights(path)


def test_no_json_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no JSON"):
        load_rights(written(tmp_path, "{"))
    with pytest.raises(InputError, match="cannot be read"):
        load_rights(tmp_path / "nothing.json")
