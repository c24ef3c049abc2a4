"""Which documents there are, and one of them written in one form: what the command line, Python and HTTP share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from tracegraph.claims.world import world_at
from tracegraph.errors import UsageError
from tracegraph.identifiers import party
from tracegraph.messages import Language
from tracegraph.reports.documents.asi_annual import asi_annual
from tracegraph.reports.documents.asi_coc import asi_coc
from tracegraph.reports.documents.laying_out import FORMS
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall import investigation, kinds
from tracegraph.reports.documents.sources import Source
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.trace.snapshot import Snapshot

MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


#: What makes a document of a kind, as known at a snapshot; what became true after the instant does not count.
Maker = Callable[[Snapshot, Wanted, Language, int | None], Paper]


def paper_of(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None = None) -> Paper:
    """The document as known at a snapshot. Raises UsageError where what names it is missing, or the records have none
    such."""
    if wanted.kind not in MAKERS:
        raise UsageError(f"there is no report {wanted.kind!r}; choose one of {', '.join(MAKERS)}")
    return MAKERS[wanted.kind](snapshot, wanted, language, valid)


def _annual(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None) -> Paper:
    if not wanted.party or wanted.year is None:
        raise UsageError("the report asi-annual is of an organisation and a year; give both")
    return asi_annual(_source(snapshot, valid), party(wanted.party), wanted.year, language)


def _coc(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None) -> Paper:
    if not wanted.number:
        raise UsageError("the report asi-coc is of one document; give its number")
    return asi_coc(_source(snapshot, valid), wanted.number, language)


def _source(snapshot: Snapshot, valid: int | None) -> Source:
    return Source(world_at(snapshot, valid), snapshot.known, snapshot.head)


#: The kinds of documents there are.
MAKERS: dict[str, Maker] = {"asi-annual": _annual, "asi-coc": _coc, **kinds.MAKERS, **investigation.MAKERS}


def form_of(path: Path | None) -> str:
    """The form that the end of a file's name means; html for others, and where there is none."""
    ending = "" if path is None else path.suffix.lower().removeprefix(".")
    return ending if ending in FORMS else "html"


def write_document(
    snapshot: Snapshot, wanted: Wanted, form: str, language: Language, file: IO[bytes], valid: int | None = None
) -> None:
    """Write a document as html, pdf, xlsx, csv or json. Raises UsageError for another form, and as `paper_of`."""
    if form not in FORMS:
        raise UsageError(f"a report is written as {', '.join(FORMS)}, not as {form}; choose one of these")
    own = investigation.OWN.get((wanted.kind, form))
    file.write(own(snapshot, wanted, language) if own else FORMS[form](paper_of(snapshot, wanted, language, valid)))
