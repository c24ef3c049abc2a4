"""The statements in the folder `cypher`, by the name of their file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The text of `cypher/<name>.cypher`, without its header."""
    text = files("tracegraph.cypher").joinpath(f"{name}.cypher").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))


@cache
def statements_beginning(prefix: str) -> tuple[str, ...]:
    """The names of the statements that begin so, sorted."""
    names = [path.name for path in files("tracegraph.cypher").iterdir() if path.name.startswith(prefix)]
    return tuple(sorted(name.removesuffix(".cypher") for name in names if name.endswith(".cypher")))
