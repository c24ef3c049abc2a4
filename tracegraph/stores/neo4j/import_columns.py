"""CSV as `neo4j-admin database import` reads it: typed columns, texts in quotes, nothing where a property is unset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

#: Between the elements of a list: a character that no identifier has. The import is told so.
LIST_DELIMITER = "\x1f"

#: What the import calls it.
LIST_DELIMITER_OPTION = "U+001F"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """One file of the import: its name, what its rows are (labels, or the type of relationships), and its columns as
    the header names them (`number:long`)."""

    name: str
    relationships: bool
    told: str
    columns: tuple[str, ...]

    @property
    def option(self) -> str:
        """How the import is told of it: in its folder, which 2026.x wants to be named."""
        kind = "relationships" if self.relationships else "nodes"
        return f"--{kind}={self.told}=./{self.name}"


class ImportFolder:
    """Files of an import that are being written; a context manager. Every file is there, with its header at least."""

    def __init__(self, folder: Path, files: Sequence[ImportFile]) -> None:
        self._folder = folder
        self._files = files
        self._open: dict[ImportFile, IO[str]] = {}
        self._closing = ExitStack()

    def __enter__(self) -> ImportFolder:
        for file in self._files:
            path = self._folder / file.name
            self._open[file] = self._closing.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            self._open[file].write(",".join(file.columns) + "\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def write(self, file: ImportFile, rows: Iterable[Sequence[object]]) -> None:
        """Add rows, whose values stand in the order of the columns."""
        self._open[file].writelines(",".join(map(cell, row)) + "\n" for row in rows)

    def write_named(self, file: ImportFile, rows: Iterable[Mapping[str, object]]) -> None:
        """Add rows whose values are named as the columns are, without their types."""
        names = [column.partition(":")[0] for column in file.columns]
        self.write(file, ([row.get(name) for name in names] for row in rows))


def cell(value: object) -> str:
    """A value as it stands in the file. A text without characters is one, unlike nothing at all."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f'"{LIST_DELIMITER.join(str(byte - 256 if byte > 127 else byte) for byte in value)}"'
    text = value if isinstance(value, str) else LIST_DELIMITER.join(map(str, value))  # type: ignore[call-overload]
    return '"' + text.replace('"', '""') + '"'
