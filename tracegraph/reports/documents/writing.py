"""Which documents there are, and one of them written in one form: what the command line, Python and HTTP share."""

from __future__ import annotations

from dataclasses import dataclass
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
from tracegraph.reports.documents.sources import Source
from tracegraph.trace.snapshot import Snapshot

KINDS = ("asi-annual", "asi-coc")
MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which document: of an organisation and year (`asi-annual`), or of a number (`asi-coc`)."""

    kind: str
    party: str = ""
    year: int | None = None
    number: str = ""


def paper_of(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None = None) -> Paper:
    """The document as known at a snapshot. Raises UsageError where what names it is missing, or the records have none
    such."""
    source = Source(world_at(snapshot, valid), snapshot.known, snapshot.head)
    if wanted.kind == "asi-annual":
        if not wanted.party or wanted.year is None:
            raise UsageError("the report asi-annual is of an organisation and a year; give both")
        return asi_annual(source, party(wanted.party), wanted.year, language)
    if wanted.kind != "asi-coc":
        raise UsageError(f"there is no report {wanted.kind!r}; choose one of {', '.join(KINDS)}")
    if not wanted.number:
        raise UsageError("the report asi-coc is of one document; give its number")
    return asi_coc(source, wanted.number, language)


def form_of(path: Path | None) -> str:
    """The form that the end of a file's name means; html for others, and where there is none."""
    ending = "" if path is None else path.suffix.lower().removeprefix(".")
    return ending if ending in FORMS else "html"


def write_document(
    snapshot: Snapshot, wanted: Wanted, form: str, language: Language, file: IO[bytes], valid: int | None = None
) -> None:
    """Write a document as html, pdf or xlsx. Raises UsageError for another form, and as `paper_of`."""
    if form not in FORMS:
        raise UsageError(f"a report is written as {', '.join(FORMS)}, not as {form}; choose one of these")
    FORMS[form](paper_of(snapshot, wanted, language, valid), file)
