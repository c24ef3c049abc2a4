"""Profiles from JSON: those that tracegraph comes with, or a file of one's own.

The form is described in docs/fsma204.md. Whatever is wrong with a file is an InputError that names the file and the
member.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any, NoReturn

from tracegraph.errors import InputError, UsageError
from tracegraph.formats.profiles.profile import VALUE_KINDS, Condition, Element, EventKind, Profile, Text
from tracegraph.formats.profiles.standing import Path

#: The profiles that tracegraph comes with.
SHIPPED = ("fsma204", "gdst")
_OF_ELEMENTS = ("at", "named_at", "is", "one_of", "matches", "within", "described_by")


def profile_names(folder: str | FilePath | None = None) -> list[str]:
    """The names of the shipped profiles and of those in a folder, sorted."""
    own = [] if folder is None else [path.stem for path in FilePath(folder).glob("*.json")]
    return sorted({*SHIPPED, *own})


def load_profile(name: str | FilePath, folder: str | FilePath | None = None) -> Profile:
    """A profile by its name, which is looked for in the folder first, or by the path of its file (`*.json`).

    Errors: UsageError for a name that there is not, InputError for a file that is no profile.
    """
    if str(name).endswith(".json"):
        return _from_file(FilePath(name))
    own = None if folder is None else FilePath(folder) / f"{name}.json"
    if own is not None and own.is_file():
        return _from_file(own)
    if name not in SHIPPED:
        known = ", ".join(profile_names(folder))
        raise UsageError(f"there is no profile {str(name)!r}; choose one of {known}, or name a file that ends in .json")
    return _shipped(str(name))


@cache
def _shipped(name: str) -> Profile:
    text = files("tracegraph.formats.profiles").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return _Reader(f"{name}.json").profile(json.loads(text))


def _from_file(path: FilePath) -> Profile:
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path} cannot be opened: {error.strerror or error}; check the path.") from None
    except ValueError as error:
        raise InputError(f"{path} is no JSON ({error}); see docs/fsma204.md for how a profile is written.") from None
    return _Reader(str(path)).profile(value)


class _Reader:
    """One file that is made a profile; every complaint names the file and where in it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._prefixes: dict[str, str] = {}

    def profile(self, value: Any) -> Profile:
        """The profile that a JSON value describes."""
        self._members(value, "", ("profile", "title", "elements", "events"), ("source", "prefixes"))
        self._prefixes = dict(self._object(value.get("prefixes", {}), "/prefixes"))
        elements = {
            name: self._element(name, described, f"/elements/{name}")
            for name, described in self._object(value["elements"], "/elements").items()
        }
        events = self._object(value["events"], "/events").items()
        kinds = tuple(self._kind(name, described, f"/events/{name}", elements) for name, described in events)
        for element in elements.values():
            self._known([element.within] if element.within else [], elements, f"/elements/{element.name}/within")
        title = self._text(value["title"], "/title")
        return Profile(str(value["profile"]), title, str(value.get("source", "")), kinds, elements)

    def _element(self, name: str, value: Any, where: str) -> Element:
        self._members(value, where, ("label",), _OF_ELEMENTS)
        kind = value.get("is", "text")
        if kind not in VALUE_KINDS:
            self._refuse(f"{where}/is", f"{kind!r} is none of {', '.join(VALUE_KINDS)}")
        at, named_at = (self._paths(value.get(member, []), f"{where}/{member}") for member in ("at", "named_at"))
        if not at and not named_at:
            self._refuse(where, "it names no place: it has neither at nor named_at")
        return Element(
            name=name,
            label=self._text(value["label"], f"{where}/label"),
            at=at,
            kind=kind,
            one_of=tuple(self._texts(value.get("one_of", []), f"{where}/one_of")),
            matches=self._pattern(value.get("matches"), f"{where}/matches"),
            within=value.get("within"),
            named_at=named_at,
            described_by=tuple(
                tuple(choice.split("|"))
                for choice in self._texts(value.get("described_by", []), f"{where}/described_by")
            ),
        )

    def _kind(self, name: str, value: Any, where: str, elements: Mapping[str, Element]) -> EventKind:
        self._members(value, where, ("label", "when", "required"), ("clause", "optional"))
        required = self._texts(value["required"], f"{where}/required")
        optional = self._texts(value.get("optional", []), f"{where}/optional")
        self._known([*required, *optional], elements, where)
        when = value["when"] if isinstance(value["when"], list) else [value["when"]]
        conditions = tuple(self._condition(one, f"{where}/when/{number}") for number, one in enumerate(when))
        label = self._text(value["label"], f"{where}/label")
        return EventKind(name, label, str(value.get("clause", "")), conditions, tuple(required), tuple(optional))

    def _condition(self, value: Any, where: str) -> Condition:
        self._members(value, where, (), ("type", "action", "step", "is", "has", "lacks"))
        values = self._object(value.get("is", {}), f"{where}/is").items()
        return Condition(
            types=frozenset(self._texts(value.get("type", []), f"{where}/type")),
            actions=frozenset(self._texts(value.get("action", []), f"{where}/action")),
            steps=frozenset(self._texts(value.get("step", []), f"{where}/step")),
            values=tuple(
                (self._path(path, f"{where}/is"), frozenset(self._texts(words, f"{where}/is/{path}")))
                for path, words in values
            ),
            has=self._paths(value.get("has", []), f"{where}/has"),
            lacks=self._paths(value.get("lacks", []), f"{where}/lacks"),
        )

    def _paths(self, value: Any, where: str) -> tuple[Path, ...]:
        return tuple(self._path(text, where) for text in self._texts(value, where))

    def _path(self, text: str, where: str) -> Path:
        try:
            return Path.of(text, self._prefixes)
        except KeyError as unknown:
            self._refuse(where, f"the prefix {unknown} of {text!r} is not among the prefixes")
        except ValueError:
            self._refuse(where, f"{text!r} has an empty step")

    def _pattern(self, value: Any, where: str) -> re.Pattern[str] | None:
        try:
            return None if value is None else re.compile(str(value))
        except re.error as error:
            self._refuse(where, f"{value!r} is no regular expression ({error})")

    def _members(self, value: Any, where: str, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
        members = self._object(value, where)
        for name in required:
            if name not in members:
                self._refuse(where or "/", f"it has no member {name!r}")
        for name in members:
            if name not in (*required, *optional):
                self._refuse(where or "/", f"the member {name!r} means nothing here")

    def _object(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse(where or "/", "an object is wanted here")
        found: dict[str, Any] = value
        return found

    def _texts(self, value: Any, where: str) -> list[str]:
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in listed):
            self._refuse(where, "a text or a list of texts is wanted here")
        return listed

    def _text(self, value: Any, where: str) -> Text:
        """A label in English, and in Chinese where that is given."""
        if not isinstance(value, dict) or not isinstance(value.get("en"), str):
            self._refuse(where, 'a label is wanted here, such as {"en": "lot number", "zh": "批号"}')
        return {language: str(text) for language, text in value.items()}

    def _known(self, names: Iterable[str], elements: Mapping[str, Element], where: str) -> None:
        for name in names:
            if name not in elements:
                self._refuse(where, f"there is no element {name!r}")

    def _refuse(self, where: str, what: str) -> NoReturn:
        raise InputError(f"The profile {self._file} is wrong at {where}: {what}; see docs/fsma204.md.")
