"""`tracegraph recall bundle`: all documents of a case as one archive."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from tracegraph.commands.key_file import KeyFile, write_key
from tracegraph.commands.output import line
from tracegraph.commands.recall_actions import CaseArgument, graph_of
from tracegraph.commands.recall_work import people_of
from tracegraph.commands.report import PaperForm
from tracegraph.commands.service_file import ServiceFileOption
from tracegraph.commands.session import session_of


def bundle(
    context: typer.Context,
    case: CaseArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")],
    languages: Annotated[list[str] | None, typer.Option("--language", metavar="LANGUAGE")] = None,
    forms: Annotated[list[PaperForm] | None, typer.Option("--format")] = None,
    kinds: Annotated[list[str] | None, typer.Option("--kind", metavar="KIND")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous")] = False,
    key: KeyFile = None,
    folder: Annotated[Path | None, typer.Option("--folder", envvar="TRACEGRAPH_FILES", metavar="FOLDER")] = None,
    service_file: ServiceFileOption = None,
) -> None:
    """All documents of a case."""
    from tracegraph.messages import language_of
    from tracegraph.reports.documents.bundle import USUAL_FORMS, BundleChoice
    from tracegraph.service.attachments import Attachments, files_beside

    session = session_of(context)
    files = Attachments(folder) if folder is not None else files_beside(session.url)
    with ExitStack() as open_files, graph_of(session) as graph:
        choice = BundleChoice(
            tuple(map(language_of, languages or [session.language])),
            tuple(form.value for form in forms or ()) or USUAL_FORMS,
            tuple(f"recall-{kind.removeprefix('recall-')}" for kind in kinds or ()),
            anonymous,
            people_of(session, service_file, open_files) or {},
            lambda digest: files.path(digest).read_bytes(),
        )
        hidden = graph.bundle(case, output, choice)
    write_key(key, hidden)
    line(session.say("bundle_written", file=output))
