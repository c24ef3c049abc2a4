"""An answer in Python: what was asked, whether it is complete, and its lists, which turn into other forms on demand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.trace.envelope import Json
from tracegraph.trace.tracing import Answered

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


class Rows(Sequence[Json]):
    """One list of an answer: a sequence of JSON objects that can become a data frame."""

    def __init__(self, rows: list[Json]) -> None:
        self._rows = rows

    @overload
    def __getitem__(self, index: int) -> Json: ...
    @overload
    def __getitem__(self, index: slice) -> list[Json]: ...
    def __getitem__(self, index: int | slice) -> Json | list[Json]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Json]:
        return iter(self._rows)

    def __repr__(self) -> str:
        return f"Rows({self._rows!r})"

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with one row for each object; nested objects become columns such as `place.kind`.

        Amounts stay decimal text, so that nothing is lost. Raises UsageError where pandas is not installed.
        """
        from tracegraph.reports.table import data_frame

        return data_frame(self._rows)


class Answer:
    """The answer to one question. `complete` False means that something may be missing; `gaps` and `frontier` say what.

    The same question on the same records gives the same bytes of `to_json()` from every store.
    """

    def __init__(self, answered: Answered, language: Language = "en") -> None:
        self._answered = answered
        self._language = language

    @property
    def answered(self) -> Answered:
        """What it is made from, for whoever prints it in a form of their own."""
        return self._answered

    @property
    def complete(self) -> bool:
        """True: no limit was hit and no gap that may hide goods is among the gaps."""
        return bool(self._answered.frame["complete"])

    @property
    def question(self) -> Json:
        """What was asked, identifiers made canonical."""
        return dict(self._answered.frame["question"])

    @property
    def as_of(self) -> Json:
        """The known time, and the ledger's count and head at it."""
        return dict(self._answered.frame["as_of"])

    @property
    def units(self) -> Rows:
        """Reached units, nearest first."""
        return Rows(self._result["units"])

    @property
    def holdings(self) -> Rows:
        """Reached holdings, nearest first."""
        return Rows(self._result["holdings"])

    @property
    def metrics(self) -> Rows:
        """The rows of a metric."""
        return Rows(self._result["metrics"]["rows"])

    @property
    def gaps(self) -> Rows:
        """What the records do not say although they should."""
        return Rows(self._answered.frame["gaps"])

    @property
    def frontier(self) -> Rows:
        """Where a limit cut: holdings behind which there is more."""
        return Rows(self._answered.frame["frontier"])

    @property
    def sites(self) -> Rows:
        """Reached sites."""
        return Rows(self._result["sites"])

    @property
    def parties(self) -> Rows:
        """Reached organisations."""
        return Rows(self._result["parties"])

    @property
    def events(self) -> list[str]:
        """Public ids of the events involved."""
        return list(self._result["events"])

    @property
    def paths(self) -> Rows:
        """Shortest paths, where they were asked for."""
        return Rows(self._result["paths"])

    @property
    def result(self) -> Json:
        """The whole `result`, with what is special to the kind of question."""
        return dict(self._result)

    @property
    def _result(self) -> Json:
        result: Json = self._answered.envelope["result"]
        return result

    def to_dict(self) -> dict[str, Any]:
        """The envelope as JSON values."""
        return dict(self._answered.envelope)

    def to_json(self) -> bytes:
        """The envelope as canonical JSON."""
        return b"".join(self.json_pieces())

    def json_pieces(self) -> Iterator[bytes]:
        """The same in pieces, so that a large answer need not be in memory twice."""
        return self._answered.json_pieces()

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The listed holdings, transformations and legs as a graph. Raises UsageError where networkx is missing."""
        from tracegraph.reports.network import to_networkx

        return to_networkx(self._answered)

    def to_graphml(self, path: str | Path) -> None:
        """Write the graph as GraphML; question, complete and gaps are graph attributes."""
        from tracegraph.reports.graphml import write_graphml

        with Path(path).open("wb") as file:
            write_graphml(self._answered, file)

    def to_csv(self, path: str | Path) -> None:
        """Write the holdings (units where there are none) as a table under rows with question, complete and gaps."""
        from tracegraph.reports.table import csv_text

        Path(path).write_bytes(csv_text(self.to_dict()).encode("utf-8", "backslashreplace"))

    def to_html(self, path: str | Path, language: Language | None = None) -> None:
        """Write one self-contained page with the graph drawn."""
        Path(path).write_bytes(self.html(language))

    def html(self, language: Language | None = None) -> bytes:
        """The page that `to_html` writes."""
        from tracegraph.reports.page import page

        return page(self._answered, language or self._language).encode("utf-8", "backslashreplace")

    def __repr__(self) -> str:
        kind, units, gaps = self.question["kind"], len(self.units), len(self.gaps)
        return f"<Answer {kind}: {units} units, {gaps} gaps, {'complete' if self.complete else 'incomplete'}>"


#: An earlier answer, its JSON, or the file with it.
Resumable = Answer | Mapping[str, Any] | str | Path


def read_answer(resume: Resumable) -> Mapping[str, Any]:
    """An answer as JSON values, from a file where it is a path. UsageError where it cannot be read."""
    if isinstance(resume, Answer):
        return resume.to_dict()
    if isinstance(resume, Mapping):
        return resume
    try:
        loaded = json.loads(Path(resume).read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(
            f"{resume} cannot be read as an earlier answer ({problem}); give a file with its JSON"
        ) from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{resume} is no earlier answer; give the JSON object of one answer")
    return loaded
