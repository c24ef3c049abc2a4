"""Words for people, in English and Chinese: one catalogue, one entry for each gap kind and each heading.

The texts are data (messages.json), so that they can be reviewed and translated without reading code.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from tracegraph.errors import UsageError
from tracegraph.model.custody import Gap

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
#: A name in braces, in a text that is escaped for a regular expression.
_NAMED = re.compile(r"\\\{(\w+)\\\}")


def language_of(text: str) -> Language:
    """The language of that name; raises UsageError for one that there is not."""
    for language in LANGUAGES:
        if text == language:
            return language
    raise UsageError(f"language is {text!r}; choose one of {', '.join(LANGUAGES)}")


def gap_message(gap: Gap, language: Language = "en") -> str:
    """One sentence: what the records do not say. A kind that the catalogue does not know stands for itself."""
    template = _catalogue()["gaps"].get(gap.kind, {}).get(language)
    if template is None:
        return gap.kind
    nowhere = words("somewhere", language)
    return template.format(unit=gap.unit, place=gap.place or nowhere, event=gap.event, detail=gap.detail)


def gap_kinds() -> list[str]:
    """The gap kinds that have a text, sorted."""
    return sorted(_catalogue()["gaps"])


def words(key: str, language: Language = "en") -> str:
    """A heading or label; KeyError where the catalogue has none (a fault of the program)."""
    return _catalogue()["words"][key][language]


def error_text(sentence: str, language: Language) -> str:
    """The sentence of an error, which is English, in another language; as it stands where the catalogue has no such
    sentence. The English ones of the catalogue have names in braces for what differs."""
    if language == "en":
        return sentence
    for form, told in _error_forms():
        if found := form.fullmatch(sentence):
            return told[language].format(**found.groupdict())
    return sentence


def error_names() -> list[str]:
    """The sentences of errors that the catalogue has, by name."""
    return list(_catalogue()["errors"])


@cache
def _error_forms() -> list[tuple[re.Pattern[str], dict[str, str]]]:
    told = _catalogue()["errors"].values()
    return [(re.compile(_NAMED.sub(r"(?P<\1>.+?)", re.escape(one["en"])), re.DOTALL), one) for one in told]


def help_text(key: str, language: Language = "en") -> str:
    """What a command or an option of the command line is for; empty where the catalogue has none."""
    return _catalogue()["help"].get(key, {}).get(language, "")


@cache
def _catalogue() -> dict[str, dict[str, dict[str, str]]]:
    text = files("tracegraph").joinpath("messages.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return loaded
