"""A rule pack: one reviewable folder with data, texts, rules and vectors.

`pack.json` names the pack, its version, its parameters (value, source, `verified`) and its rules, each with its clause,
severity and module; `texts.json` has the words of each rule in English and Chinese; `vectors/*.json` prove it. A large
pack is written in parts: `rules/*.json` add parameters and rules, `texts/*.json` add words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from tracegraph.claims.finding import Parameter
from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.rule import Rule
from tracegraph.errors import InputError

Value = TypeVar("Value")
Texts = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Pack:
    """`schemes`: the names under which claims and certificates call the scheme; `texts`: by rule, case and language;
    `hash`: of all files of the folder, so that a report names what it was made with."""

    id: str
    version: str
    title: Mapping[str, str]
    source: str
    schemes: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    texts: Texts
    hash: str
    package: str

    def about(self) -> dict[str, Any]:
        """What an answer says of it."""
        return {
            "id": self.id,
            "version": self.version,
            "title": dict(self.title),
            "source": self.source,
            "hash": self.hash,
        }

    def whole(self) -> dict[str, Any]:
        """With its rules and parameters."""
        return self.about() | {
            "schemes": list(self.schemes),
            "rules": [{"id": one.id, "clause": one.clause, "severity": one.severity.value} for one in self.rules],
            "parameters": [one.to_dict() for one in self.parameters.values()],
        }

    def vectors(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The vectors of the pack: name and content, sorted by file and in their order."""
        folder = files(self.package).joinpath("vectors")
        for file in _documents(folder):
            for vector in _told(file):
                yield f"{file.name.removesuffix('.json')}: {vector['name']}", vector


@cache
def pack_of(package: str) -> Pack:
    """The pack in a package. Raises InputError where its files are no pack: the file and what is wrong."""
    folder = files(package)
    try:
        told = _told(folder.joinpath("pack.json"))
        parts = [told, *map(_told, _documents(folder.joinpath("rules")))]
        return Pack(
            told["id"],
            told["version"],
            told["title"],
            told["source"],
            tuple(told.get("schemes", ())),
            _merged(
                {name: _parameter(name, one) for name, one in part.get("parameters", {}).items()} for part in parts
            ),
            tuple(_rule(package, one) for part in parts for one in part.get("rules", ())),
            _merged(map(_told, [*_documents(folder, "texts.json"), *_documents(folder.joinpath("texts"))])),
            _hash(folder),
            package,
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError, AttributeError) as error:
        raise InputError(
            f"the rule pack {package} cannot be loaded: {error!r}; see docs/packs.md for its files"
        ) from None


def _told(file: Traversable) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _documents(folder: Traversable, name: str = ".json") -> list[Traversable]:
    """The files of a folder whose name ends so, by name; none where there is no such folder."""
    inside = folder.iterdir() if folder.is_dir() else ()
    return sorted((one for one in inside if one.name.endswith(name)), key=lambda one: one.name)


def _merged(parts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """All parts as one. Raises ValueError for a name that stands in two of them: nobody could say which one counts."""
    whole: dict[str, Value] = {}
    for part in parts:
        if twice := sorted(whole.keys() & part.keys()):
            raise ValueError(f"{', '.join(twice)} is said in two files")
        whole.update(part)
    return whole


def _parameter(name: str, told: Mapping[str, Any]) -> Parameter:
    return Parameter(name, str(told.get("value", "") or ""), bool(told["verified"]), told.get("source", ""))


def _rule(package: str, told: Mapping[str, Any]) -> Rule:
    module = import_module(f"{package}.rules.{told['module']}")
    evaluate = getattr(module, told.get("function", "evaluate"))
    closed = frozenset(map(Outcome, told.get("closed", ())))
    return Rule(told["id"], told["clause"], Severity(told["severity"]), evaluate, closed)


def _hash(folder: Traversable) -> str:
    """Over names and contents of all files, sorted."""
    whole = sha256()
    for name, content in sorted(_contents(folder, "")):
        whole.update(f"{name}\n{len(content)}\n".encode() + content)
    return f"sha256:{whole.hexdigest()}"


def _contents(folder: Traversable, under: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir() and one.name != "__pycache__":
            yield from _contents(one, f"{under}{one.name}/")
        elif one.name.endswith((".json", ".py")):
            yield f"{under}{one.name}", one.read_bytes()
