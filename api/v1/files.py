"""Everything that a caller may know as a file, and answers as pages for people."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from tracegraph.access.caller import Caller
from tracegraph.api.problems import CONTRADICTION, NOT_FOUND, REFUSED, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.serving import Serving
from tracegraph.api.v1.document_parameters import AnnualAsked, DocumentAsked, NumberAsked
from tracegraph.api.v1.following import ask
from tracegraph.api.v1.jobs import accepted, ask_job
from tracegraph.api.v1.parameters import FormAsked, ReportAsked, SheetAsked
from tracegraph.api.v1.recall_parameters import CaseDocumentAsked, CaseNumber
from tracegraph.api.v1.replying import VARY, Reply, answer_of
from tracegraph.errors import UsageError
from tracegraph.messages import Language
from tracegraph.reports.documents.writing import MEDIA as PAPER_MEDIA
from tracegraph.service.people import People

exports = Routes("/api/v1/exports", "exports")
sheets = Routes("/api/v1/sheets", "exports")
reports = Routes("/api/v1/reports", "reports")
recall_documents = Routes("/api/v1/recalls", "recalls")
documents = Routes("/api/v1/reports", "reports")

Form = Literal["epcis", "csv", "graphml", "geojson", "parquet", "foodchainlab", "xlsx"]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA: dict[str, str] = {
    "epcis": "application/ld+json",
    "csv": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml",
    "geojson": "application/geo+json",
    "parquet": "application/zip",
    "foodchainlab": "application/json",
    "xlsx": WORKBOOK,
}
ENDINGS = {
    "epcis": "jsonld",
    "csv": "csv",
    "graphml": "graphml",
    "geojson": "geojson",
    "parquet": "zip",
    "foodchainlab": "json",
    "xlsx": "xlsx",
}


@exports.get(
    "/{form}",
    "export",
    summary="Export",
    operation_id="get_export",
    problems=[WRONG_REQUEST, NOT_FOUND, REFUSED, CONTRADICTION],
    responses={
        200: {"description": "The file", "content": {kind.partition(";")[0]: {} for kind in MEDIA.values()}},
        **accepted(),
    },
)
def get_export(
    form: Annotated[Form, Path(description="What to write", examples=["csv"])],
    asked: Annotated[FormAsked, Query()],
    reply: Reply,
) -> Response:
    """Everything that the caller, or the party named by `for`, may know: `epcis` events and master data as captured,
    the others the custody graph or, with `start`, a trace: `csv`, `graphml`, `geojson` (sites and flows), `parquet`
    (tables in a zip archive), `foodchainlab` (deliveries), `xlsx` (plain tables). The file says its level and whom it
    is for. A large store is exported by a job."""
    options = asked.model_dump(exclude={"lang"}, exclude_none=True)
    return _exported(reply, form, MEDIA[form], ENDINGS[form], asked.lang, options)


SheetForm = Literal["fsma204", "eu931"]


@sheets.get(
    "/{form}",
    "export",
    summary="A sheet that an authority asks for",
    operation_id="get_sheet",
    problems=[WRONG_REQUEST, NOT_FOUND, REFUSED, CONTRADICTION],
    responses={
        200: {"description": "The sheet", "content": {"text/csv": {}, WORKBOOK: {}}},
        **accepted(),
    },
)
def get_sheet(
    form: Annotated[SheetForm, Path(description="Which sheet", examples=["fsma204"])],
    asked: Annotated[SheetAsked, Query()],
    reply: Reply,
) -> Response:
    """`fsma204`: the sortable spreadsheet of critical tracking events; `eu931`: the eight items of dispatches. Of what
    the caller, or the party named by `for`, may know. A large store is exported by a job."""
    options = asked.model_dump(exclude={"lang"}, exclude_none=True)
    media, ending = (WORKBOOK, "xlsx") if asked.workbook else (MEDIA["csv"], ENDINGS["csv"])
    return _exported(reply, form, media, ending, asked.lang, options)


def _exported(reply: Reply, form: str, media: str, ending: str, lang: str | None, options: dict[str, Any]) -> Response:
    """A file at once, or the job that makes it."""
    head = reply.graph.store.head()
    if head.count > reply.serving.settings.most_nodes:
        wanted = {"form": form, "media_type": media, "options": options, "ledger": head.hash}
        return ask_job(reply, "export", wanted | {"language": reply.language(lang)})
    language = reply.language(lang)
    return _sent(lambda path: export(reply.serving, reply.caller, form, path, language, options), media, ending)


def _sent(make: Callable[[FilePath], None], media: str, ending: str) -> Response:
    """The file that `make` writes. What is refused although its parts are understood does not go together."""
    with tempfile.NamedTemporaryFile(prefix="tracegraph-export-", delete=False) as file:
        path = FilePath(file.name)
    try:
        make(path)
    except UsageError as error:
        path.unlink()
        raise Problem(CONTRADICTION, str(error)) from None
    except BaseException:
        path.unlink()
        raise
    name = f"tracegraph.{ending}"
    return FileResponse(
        path, media_type=media, filename=name, headers={"Vary": VARY}, background=BackgroundTask(path.unlink)
    )


def export(
    serving: Serving, caller: Caller, form: str, path: FilePath, language: Language, options: Mapping[str, Any]
) -> None:
    """Write what a caller may export, under the rights of the service."""
    serving.graph.as_caller(caller, serving.rights).speaking(language).export(form, path, **options)


DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document", "content": {kind.partition(";")[0]: {} for kind in PAPER_MEDIA.values()}}
}


@documents.get(
    "/asi-annual",
    "export",
    summary="The ASI annual report",
    operation_id="get_asi_annual_report",
    problems=[WRONG_REQUEST, NOT_FOUND, REFUSED, CONTRADICTION],
    responses=DOCUMENT,
)
def get_asi_annual_report(asked: Annotated[AnnualAsked, Query()], reply: Reply) -> Response:
    """Six totals, input percentage, balance and claims of an organisation in a calendar year, from the records that the
    caller may know: as a page, PDF or workbook."""
    return _document(reply, asked, "asi-annual", party=asked.party, year=asked.year)


@documents.get(
    "/asi-coc",
    "export",
    summary="The chain-of-custody document of a delivery",
    operation_id="get_asi_coc_document",
    problems=[WRONG_REQUEST, NOT_FOUND, REFUSED, CONTRADICTION],
    responses=DOCUMENT,
)
def get_asi_coc_document(asked: Annotated[NumberAsked, Query()], reply: Reply) -> Response:
    """What the record of type `coc` with that number says, its certificate and the claims on it, from the records that
    the caller may know: as a page, PDF or workbook."""
    return _document(reply, asked, "asi-coc", number=asked.number)


@recall_documents.get(
    "/{case}/documents",
    "recall",
    summary="A document of a case of recall",
    operation_id="get_recall_document",
    problems=[WRONG_REQUEST, NOT_FOUND, REFUSED, CONTRADICTION],
    responses=DOCUMENT,
)
def get_recall_document(case: CaseNumber, asked: Annotated[CaseDocumentAsked, Query()], reply: Reply) -> Response:
    """A notice to one consignee, its form to reply, the list of consignees, the status report and so on, with the
    persons that references mean; `anonymous` names nobody. What a drill gives says so on every page."""
    named = asked.model_dump(include={"consignee", "party", "number", "version", "anonymous"})
    people = None if asked.anonymous else People(reply.serving.file)
    return _document(reply, asked, f"recall-{asked.kind}", case=case, people=people, **named)


def _document(reply: Reply, asked: DocumentAsked, kind: str, **named: Any) -> Response:
    graph, form = reply.graph_in(asked.lang), asked.form

    def made(path: FilePath) -> None:
        graph.document(kind, path, form=form, valid=asked.valid, as_of=asked.as_of, **named)

    return _sent(made, PAPER_MEDIA[form], form)


Question = Literal["trace", "origin", "where", "show"]


@reports.get(
    "/{question}",
    "trace",
    summary="An answer as a page",
    operation_id="get_report",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses={
        200: {"description": "One page without scripts", "content": {"text/html": {"schema": {"type": "string"}}}}
    },
)
def get_report(
    question: Annotated[Question, Path(description="What is asked", examples=["trace"])],
    asked: Annotated[ReportAsked, Query()],
    reply: Reply,
) -> Response:
    """A trace, origin, whereabouts or one thing as a self-contained page with the graph drawn, within the server's
    limits. Parameters that a question does not have are passed over."""
    graph, settings = reply.graph_in(asked.lang), reply.serving.settings
    options: dict[str, Any] = asked.model_dump(exclude={"lang"}, exclude_none=True)
    match question:
        case "trace" | "origin":
            kept = {name: value for name, value in options.items() if question == "trace" or name not in _OF_TRACES}
            answer = answer_of(lambda: ask(graph, question, kept, settings.most_nodes, settings.most_seconds))
        case "where":
            answer = answer_of(lambda: graph.where(*asked.start, on=asked.on, as_of=asked.as_of))
        case "show":
            answer = answer_of(lambda: graph.show(asked.start[0], as_of=asked.as_of))
    text = answer.html(reply.language(asked.lang))
    return Response(text, headers={"Vary": VARY}, media_type="text/html; charset=utf-8")


_OF_TRACES = ("direction", "at", "since", "until", "paths", "shares")
