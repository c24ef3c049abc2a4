"""Reading docker-compose.yml as Compose does, and Neo4j's settings out of it as the image's start script does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.wheel import ROOT

COMPOSE = ROOT / "docker-compose.yml"

#: Variables that the image takes for itself; every other NEO4J_ variable is a setting.
NOT_SETTINGS = {"NEO4J_AUTH", "NEO4J_PLUGINS", "NEO4J_ACCEPT_LICENSE_AGREEMENT"}


class Missing(Exception):
    """A variable that must be set is not."""


def composed(variables: Mapping[str, str]) -> dict[str, Any]:
    """The compose file, with these variables put in."""
    return dict(interpolated(YAML(typ="safe", pure=True).load(COMPOSE.read_text(encoding="utf-8")), variables))


def interpolated(value: Any, variables: Mapping[str, str]) -> Any:
    """The same with `${NAME:-default}` and `${NAME:?what to do}` replaced. Missing where the second kind is not set."""
    if isinstance(value, dict):
        return {name: interpolated(inner, variables) for name, inner in value.items()}
    if isinstance(value, list):
        return [interpolated(inner, variables) for inner in value]
    if not isinstance(value, str):
        return value
    replaced = re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", lambda found: _variable(found, variables), value)
    assert "$" not in replaced, f"{value}: a notation that this test does not know"
    return replaced


def _variable(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name, kind, words = found.groups()
    if variables.get(name):
        return variables[name]
    if kind == ":?":
        raise Missing(words)
    return str(words)


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """What stands in neo4j.conf: in names of variables, `_` is a dot and `__` is a `_`."""
    named = {name: value for name, value in environment.items() if name.startswith("NEO4J_")}
    return {
        name.removeprefix("NEO4J_").replace("__", " ").replace("_", ".").replace(" ", "_"): value
        for name, value in named.items()
        if name not in NOT_SETTINGS
    }
