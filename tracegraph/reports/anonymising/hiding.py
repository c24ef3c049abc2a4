"""The replacing: in texts, documents and answers; longest forms first, whole words only, then all that looks like an
identifier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tracegraph.identifiers import canonical, location, party
from tracegraph.messages import Language, words
from tracegraph.model.custody import Place
from tracegraph.model.measures import measures
from tracegraph.reports.anonymising.secrets import Secrets, secrets_of, texts_in
from tracegraph.reports.documents.paper import Cell, Entry, Grid, Paper, Part, Picture
from tracegraph.reports.drawing import Drawing
from tracegraph.trace.snapshot import Snapshot

#: What looks like an identifier: a URI, a reference of a person, a hash, digits as many as those of a key.
_LOOKS = re.compile(
    r"(?:https?://|urn:|ni:///|geo:|person:)[^\s,\"'<>()\[\]{}|·]+"
    r"|(?<![\w:])[0-9a-f]{16,64}(?![\w])|(?<![\w.:-])[0-9]{8,18}(?![\w.:-])"
)
#: Letters that go on with an identifier.
_ON = re.compile(r"[\w/%#?=&~@+-]|[.:](?=\w)")
#: A date, perhaps with a time: no name, though a lot may be called so.
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}[0-9:.]*Z?)?(?![\w-])"
#: Members of answers that are figures, whatever goods are called.
_FIGURES = frozenset(
    {"value", "attributed", "min", "max", "min_even_loss", "max_even_loss", "weight", "score", "confirmed", "combined"}
    | {"decided", "specificity", "log", "posterior", "mean", "variance", "probability", "adjusted", "max_seconds"}
)
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
#: A name with its identifier behind it, which are now one.
_TWICE = re.compile(r"([^,;()\n]+) \(\1\)")
#: Left as they are: hashes of the ledger and of content.
_KEPT = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A line of the key: what something is called in the export, and what it is."""

    called: str
    kind: str
    identifier: str
    name: str


class Hiding:
    """One export: the same thing is called the same all through it. `roles`: words for some identifiers that say more
    than their kind, such as that of the case owner."""

    def __init__(self, secrets: Secrets, language: Language, roles: Mapping[str, str] | None = None) -> None:
        self._secrets = secrets
        self._language: Language = language
        self._roles = dict(roles or {})
        self._lengths = sorted({len(form) for form in secrets.forms}, reverse=True)
        self._called: dict[str, Hidden] = {}
        self._counts: dict[str, int] = {}

    def key(self) -> list[Hidden]:
        """What everything is that was replaced until now, in the order of appearance."""
        return list(self._called.values())

    def text(self, text: str) -> str:
        """A text in which nothing is left that tells of whom it is."""
        lower = text.lower()
        if len(lower) != len(text):
            lower = text
        out: list[str] = []
        at = 0
        while at < len(text):
            told, end = self._piece(text, lower, at)
            out.append(told)
            at = end
        return _TWICE.sub(r"\1", "".join(out))

    def _piece(self, text: str, lower: str, at: int) -> tuple[str, int]:
        """What stands for the piece of a text that begins at a place, and where the next one begins."""
        begins = _starts(text, at)
        kept = _KEPT.match(text, at) or (_amount().match(text, at) if begins else None)
        if kept is not None and kept[0] != text:
            return kept[0], kept.end()
        if length := self._found(lower, at) if begins else 0:
            return self._name(*self._secrets.forms[lower[at : at + length]]), at + length
        if looks := _LOOKS.match(text, at):
            return self._unknown(looks[0]), looks.end()
        return text[at], at + 1

    def json(self, told: Any) -> Any:
        """JSON values, names of members included."""
        if isinstance(told, str):
            return self.text(told)
        if isinstance(told, Mapping):
            return {self.text(key): one if _is_figure(key, one) else self.json(one) for key, one in told.items()}
        return [self.json(one) for one in told] if isinstance(told, list | tuple) else told

    def paper(self, paper: Paper) -> Paper:
        """A document, marked as anonymous."""
        made = paper.made and replace(paper.made, parameters=tuple(map(self._entry, paper.made.parameters)))
        return replace(
            paper,
            title=paper.title,
            subtitle=self.text(paper.subtitle),
            parts=tuple(map(self._part, paper.parts)),
            lacking=tuple(map(self.text, paper.lacking)),
            notes=tuple(map(self.text, paper.notes)),
            made=made,
            marks=(*map(self.text, paper.marks), words("doc_anonymised", self._language)),
        )

    def _part(self, part: Part) -> Part:
        return replace(
            part,
            title=self.text(part.title),
            texts=tuple(map(self.text, part.texts)),
            entries=tuple(map(self._entry, part.entries)),
            pictures=tuple(Picture(self.text(one.title), self._drawing(one.drawing)) for one in part.pictures),
            grids=tuple(map(self._grid, part.grids)),
        )

    def _entry(self, one: Entry) -> Entry:
        return replace(one, value=self._cell(one.value))

    def _grid(self, grid: Grid) -> Grid:
        return replace(grid, title=self.text(grid.title), rows=tuple(tuple(map(self._cell, row)) for row in grid.rows))

    def _cell(self, cell: Cell) -> Cell:
        return self.text(cell) if isinstance(cell, str) else cell

    def _drawing(self, drawing: Drawing) -> Drawing:
        """Boxes by number, with the words in them; nothing else of them is drawn."""
        numbers = {box.key: str(number) for number, box in enumerate(drawing.boxes)}
        boxes = [
            replace(
                box,
                key=numbers[box.key],
                place=Place(box.place.kind, self.text(box.place.id)),
                units=frozenset(map(self.text, sorted(box.units))),
                node=None,
                told=tuple(map(self.text, box.told)),
            )
            for box in drawing.boxes
        ]
        lines = [replace(line, source=numbers[line.source], target=numbers[line.target]) for line in drawing.lines]
        return Drawing(boxes, lines, drawing.grouped)

    def _found(self, lower: str, at: int) -> int:
        """The length of the longest form that stands at a place as a whole word; 0: none."""
        forms = self._secrets.forms
        return next((n for n in self._lengths if lower[at : at + n] in forms and _ends(lower, at, n)), 0)

    def _unknown(self, text: str) -> str:
        """What looks like an identifier: perhaps a known one in another notation."""
        for key in (canonical(text), location(text), party(text)):
            if key.lower() in self._secrets.forms:
                return self._name(*self._secrets.forms[key.lower()])
        return self._name("identifier", text)

    def _name(self, kind: str, key: str) -> str:
        """What a thing is called."""
        if key not in self._called:
            role = self._roles.get(key) or words(f"doc_hidden_{kind}", self._language)
            number = self._counts[role] = self._counts.get(role, 0) + 1
            called = role if key in self._roles else f"{role} {number}"
            self._called[key] = Hidden(called, kind, key, self._secrets.names.get(key, ""))
        return self._called[key].called


def hiding_answer(snapshot: Snapshot, told: Any, language: Language) -> Hiding:
    """What makes an answer anonymous, from all that it names."""
    return Hiding(secrets_of(snapshot, texts_in(told)), language)


@cache
def _amount() -> re.Pattern[str]:
    """A number and its unit of measure, or a date."""
    codes = "|".join(sorted(map(re.escape, filter(None, measures())), key=len, reverse=True))
    return re.compile(rf"[0-9]+(?:\.[0-9]+)?(?= (?:{codes})\b)|{_DATE}")


def _is_figure(name: str, told: Any) -> bool:
    return name in _FIGURES and isinstance(told, str) and _DECIMAL.fullmatch(told) is not None


def _starts(text: str, at: int) -> bool:
    """Whether a word may begin at a place."""
    return at == 0 or not (text[at - 1].isalnum() and text[at].isalnum()) or _is_wide(text[at])


def _ends(text: str, at: int, length: int) -> bool:
    """Whether a word that long may end there."""
    end = at + length
    if end >= len(text) or _is_wide(text[end - 1]) or _is_wide(text[end]):
        return True
    if not text[end - 1].isalnum():
        return True
    is_uri = text.startswith(("http://", "https://", "urn:"), at)
    return not (_ON.match(text, end) if is_uri else text[end].isalnum())


def _is_wide(letter: str) -> bool:
    """Whether it is of a script that sets no blanks between words."""
    return ord(letter) >= 0x2E80
