"""Which documents there are, and one of them written in one form: what the command line, Python and HTTP share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from tracegraph.claims.world import world_at
from tracegraph.errors import UsageError
from tracegraph.identifiers import party
from tracegraph.messages import Language
from tracegraph.recall.case import case_file
from tracegraph.reports.anonymising import Hidden, Hiding, secrets_of, texts_in
from tracegraph.reports.documents.asi_annual import asi_annual
from tracegraph.reports.documents.asi_coc import asi_coc
from tracegraph.reports.documents.content import content
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
    snapshot: Snapshot,
    wanted: Wanted,
    form: str,
    language: Language,
    file: IO[bytes],
    valid: int | None = None,
    hiding: Hiding | None = None,
) -> None:
    """Write a document as html, pdf, xlsx, csv or json; with `hiding`, anonymously. Raises UsageError for another form,
    and as `paper_of`."""
    if form not in FORMS:
        raise UsageError(f"a report is written as {', '.join(FORMS)}, not as {form}; choose one of these")
    own = investigation.OWN.get((wanted.kind, form))
    if own is not None and hiding is None:
        file.write(own(snapshot, wanted, language))
        return
    paper = paper_of(snapshot, wanted, language, valid)
    file.write(FORMS[form](paper if hiding is None else hiding.paper(paper)))


def hand_out(
    snapshot: Snapshot,
    wanted: Wanted,
    form: str,
    language: Language,
    file: IO[bytes],
    valid: int | None = None,
    anonymous: bool = False,
) -> list[Hidden]:
    """Write a document, without the names of anybody where it is `anonymous`; returns the key of those, which stands
    nowhere else. Raises as `write_document`."""
    hiding = hiding_of(snapshot, wanted, language, valid) if anonymous else None
    write_document(snapshot, wanted, form, language, file, valid, hiding)
    return hiding.key() if hiding else []


def hiding_of(snapshot: Snapshot, wanted: Wanted, language: Language, valid: int | None = None) -> Hiding:
    """What makes a document anonymous: it knows all that the document names, and what was done in its case."""
    named = texts_in(content(paper_of(snapshot, wanted, language, valid)))
    cases = [case_file(snapshot.store, wanted.case, snapshot.position)] if wanted.case else []
    return Hiding(secrets_of(snapshot, named, cases, wanted.people), language)
