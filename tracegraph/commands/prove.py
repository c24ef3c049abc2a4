"""`tracegraph prove`: that an event was recorded, for somebody who has a checkpoint and not the store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tracegraph.commands.checkpoint import read_checkpoint
from tracegraph.commands.output import line, note, write
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, NegativeAnswer, UsageError


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("prove")(prove)


def prove(
    context: typer.Context,
    event: Annotated[str | None, typer.Argument(metavar="[EVENT]")] = None,
    upto: Annotated[int | None, typer.Option("--upto", metavar="N")] = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE")] = None,
    check: Annotated[Path | None, typer.Option("--check", metavar="FILE")] = None,
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", metavar="FILE")] = None,
    trust: Annotated[str | None, typer.Option("--trust", metavar="KEY")] = None,
) -> None:
    """Make a proof, or check one."""
    if (event is None) == (check is None):
        raise UsageError("give either an event to prove, or --check and a proof")
    session = session_of(context)
    if check is not None:
        _check(session, check, checkpoint, trust)
    elif event is not None:
        _make(session, event, upto, output)


def _make(session: Session, event: str, upto: int | None, output: Path | None) -> None:
    from tracegraph.care.proving import prove as proof_of

    with session.opened() as store:
        proof = proof_of(store, event.removeprefix("event:"), upto)
    text = f"{json.dumps(proof, ensure_ascii=False, separators=(',', ':'))}\n".encode()
    if output is None:
        write(text)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise InputError(f"the file {output} cannot be written: {error.strerror}; choose another") from None
    note(session.say("proof_made", file=output))


def _check(session: Session, path: Path, checkpoint: Path | None, trust: str | None) -> None:
    from tracegraph.care.proving import check_proof

    proof = _read(path)
    faults = list(check_proof(proof, read_checkpoint(checkpoint) if checkpoint else None, trust or ""))
    for fault in faults:
        line(fault)
    if faults:
        note(session.say("proof_fails"))
        raise typer.Exit(NegativeAnswer.exit_status)
    line(session.say("proof_holds", event=proof["event"], position=proof["entry"]["position"], **proof["head"]))
    if checkpoint is None:
        line(session.say("proof_compare"))


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"the proof {path} cannot be read: {error}; name a file made by tracegraph prove") from None
    if not isinstance(loaded, dict):
        raise InputError(f"the proof {path} is no JSON object; name a file made by tracegraph prove")
    return loaded
