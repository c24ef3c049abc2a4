"""`tracegraph capture`: files, folders and stdin into the store; what is rejected is kept whole and counted."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.clock import now
from tracegraph.commands.capture_tables import Told, reading
from tracegraph.commands.capture_view import show_profile, shown, told
from tracegraph.commands.index import index_when_due
from tracegraph.commands.output import WRONG_INPUT, line, note
from tracegraph.commands.progress import ProgressOption
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, RejectedInput, UsageError
from tracegraph.stages import UNMEASURED, MeasuredStages

if TYPE_CHECKING:
    from tracegraph.capture import Capture, CaptureReport
    from tracegraph.intake.portions import Source

STDIN = "-"
DEFAULT_REJECTS = Path("tracegraph-rejects.ndjson")
#: So many reasons are told one by one.
MOST_REASONS = 5
#: Rejected pieces up to this size are looked at again, to tell a file that is no JSON from a faulty event.
LARGEST_REREAD = 64 * 1024 * 1024


class InputFormat(StrEnum):
    """What the files hold."""

    AUTO = "auto"
    EPCIS = "epcis"
    FSMA204 = "fsma204"
    FOODCHAINLAB = "foodchainlab"
    TABLES = "tables"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("capture")(capture)


def capture(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH... | -")],
    input_format: Annotated[InputFormat, typer.Option("--format")] = InputFormat.AUTO,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    whole: Annotated[bool, typer.Option("--whole")] = False,
    rejects: Annotated[Path, typer.Option("--rejects", metavar="FILE")] = DEFAULT_REJECTS,
    progress: ProgressOption = None,
    profile: Annotated[bool, typer.Option("--profile")] = False,
    table: Annotated[str, typer.Option("--table", metavar="KIND")] = "",
    columns: Annotated[Path | None, typer.Option("--columns", metavar="FILE")] = None,
    confirmed: Annotated[bool, typer.Option("--yes")] = False,
    sender: Annotated[str, typer.Option("--sender", metavar="NAME")] = "",
    dates: Annotated[str, typer.Option("--dates", metavar="dmy|mdy|ymd")] = "",
    decimal: Annotated[str, typer.Option("--decimal", metavar="point|comma")] = "",
    encoding: Annotated[str, typer.Option("--encoding", metavar="NAME")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    batch: Annotated[int | None, typer.Option("--batch", metavar="EVENTS", min=1)] = None,
) -> None:
    """Read, store, and tell what became of it."""
    from tracegraph.capture import Capture

    session = session_of(context)
    _check_rejects(rejects)
    sources = list(_sources(session, paths, rejects, strict or whole))
    kept_before = rejects.stat().st_size if rejects.exists() else 0
    with session.whole(create=True) as store:
        stages = MeasuredStages() if profile else UNMEASURED
        work = Capture(store, now, session.actor, rejects, stages=stages, permit=session.permit(store))
        if batch is not None:
            from tracegraph.recompile import Workbench

            work.batch, work.workbench = batch, Workbench.of_batches(batch)
        told = Told(table, columns, confirmed, sender, dates, decimal, encoding, reason)
        work.form, remember = reading(session, store, sources, input_format.value, told)
        refused = _run(work, session, sources, strict, whole, progress)
        remember()
        index_when_due(session, store)
    _end(
        work.report, ("strict_refused" if strict else "whole_refused") if refused else "", session, rejects, kept_before
    )


def _run(
    work: Capture,
    session: Session,
    sources: Sequence[Source],
    strict: bool,
    whole: bool = False,
    progress: bool | None = None,
) -> bool:
    """Capture, and print the counts whatever happens; returns whether a file was refused as a whole."""
    finished = refused = False
    try:
        with shown(session, progress, lambda: _bytes(sources)) as work.progress:
            work.run(sources, strict, whole)
        finished = True
    except RejectedInput:
        finished = refused = True
    finally:
        if finished or work.report.accepted or work.report.rejected:
            _print_report(work.report, session)
    return refused


def _end(report: CaptureReport, refused: str, session: Session, rejects: Path, kept_before: int) -> None:
    """Leave with the exit status that the report means. `refused`: what to say where a file was, else empty."""
    if refused:
        note(session.say(refused))
        raise typer.Exit(RejectedInput.exit_status)
    stored = report.accepted or report.duplicates or report.master_data or report.records or report.records_known
    if report.rejected and not stored and not _any_readable(rejects, kept_before):
        raise typer.Exit(WRONG_INPUT)


def _check_rejects(rejects: Path) -> None:
    """The rejects file must be writable before anything is read: a reject that cannot be kept would be lost."""
    there = rejects if rejects.exists() else rejects.absolute().parent
    if rejects.is_dir() or not os.access(there, os.W_OK):
        raise UsageError(f"the rejects file {rejects} cannot be written; name another one with --rejects")


def _sources(session: Session, paths: Sequence[str], rejects: Path, strict: bool) -> Iterator[Source]:
    """What to read, each path checked before anything is stored. Folders that hold the store or the rejects file, which
    are no input, come file by file; so do all where each file is taken or refused as a whole (`strict`)."""
    ours = {path.absolute() for path in (rejects, *_store_files(session))}
    for path in dict.fromkeys(paths):
        if path == STDIN:
            yield sys.stdin.buffer
            continue
        folder = Path(path).absolute()
        if not folder.is_dir() or strict or any(folder in file.parents for file in ours):
            yield from _checked(Path(path), ours)
        else:
            any(_checked(Path(path), ours))
            yield Path(path)


def _checked(path: Path, ours: set[Path]) -> Iterator[Path]:
    """The files of a path but our own. InputError where there is nothing to read."""
    from tracegraph.formats.source import source_files

    found = False
    for file in source_files(path):
        if file.path is not None and file.path.absolute() not in ours:
            found = True
            yield file.path
        elif file.unreadable:
            found = True
            yield Path(file.name)
    if not found:
        raise InputError(f"{path} holds no file to read; name a file, or a folder that holds files")


def _store_files(session: Session) -> Iterator[Path]:
    """The files of an embedded store."""
    scheme, separator, path = session.url.partition("sqlite:///")
    if separator and not scheme:
        yield from (Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm", "-journal"))


def _bytes(sources: Sequence[Source]) -> int | None:
    """How much there is to read; None where stdin is among it."""
    from tracegraph.formats.source import source_files

    files = [file.path for source in sources for file in source_files(source)]
    sizes = [path.stat().st_size for path in files if path is not None]
    return sum(sizes) if len(sizes) == len(files) else None


def _print_report(report: CaptureReport, session: Session) -> None:
    """Counts on stdout; reasons, the rejects file and the profile on stderr."""
    line(told(report, session))
    if report.master_data:
        line(session.counted("master_data", report.master_data))
    if report.records or report.records_known:
        line(session.say("records_captured", recorded=report.records, known=report.records_known))
    if report.findings:
        codes = ", ".join(f"{code} {count}" for code, count in sorted(report.findings.items()))
        line(session.say("findings", count=sum(report.findings.values()), codes=codes))
    for reason in report.reasons[:MOST_REASONS]:
        note(reason)
    if len(report.reasons) > MOST_REASONS:
        note(session.say("more_reasons", count=len(report.reasons) - MOST_REASONS))
    if report.rejects is not None:
        note(session.say("rejects_kept", count=report.rejected, file=report.rejects))
    if report.seconds:
        show_profile(report, session)


def _any_readable(rejects: Path, start: int) -> bool:
    """Whether any of the pieces that this run rejected is JSON with members at least, or an element within EPCIS XML:
    then input could be read."""
    if not rejects.exists():
        return False
    with rejects.open("rb") as stream:
        stream.seek(start)
        while kept := stream.readline(LARGEST_REREAD):
            if not kept.endswith(b"\n") or _is_readable(json.loads(kept)):
                return True
    return False


def _is_readable(piece: dict[str, str]) -> bool:
    data = piece["data"].encode() if "data" in piece else base64.b64decode(piece["base64"])
    if data.startswith(b"<"):
        return bool(piece["pointer"])
    try:
        return isinstance(json.loads(data), (dict, list))
    except RecursionError:
        return True
    except ValueError:
        return False
