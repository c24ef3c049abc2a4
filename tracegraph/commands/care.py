"""`tracegraph verify`: has anybody changed what was recorded?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.checkpoint import read_checkpoint
from tracegraph.commands.options import FormOption
from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, line, note, write
from tracegraph.commands.progress import ProgressOption, watched
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import NegativeAnswer

if TYPE_CHECKING:
    from tracegraph.stores.checkpoint import Checkpoint
    from tracegraph.stores.port import Store


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("verify")(verify)


def verify(
    context: typer.Context,
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", metavar="FILE")] = None,
    trust: Annotated[str | None, typer.Option("--trust", metavar="KEY")] = None,
    deep: Annotated[bool, typer.Option("--deep")] = False,
    processes: Annotated[int | None, typer.Option("--processes", metavar="N", min=1)] = None,
    progress: ProgressOption = None,
    form: FormOption = Form.TABLE,
) -> None:
    """Check the chain, the graph and, with a checkpoint, that nothing is missing at the end."""
    from tracegraph.care.verifying import find_faults
    from tracegraph.service.attachments import attachment_faults, files_beside

    allowed(form, PLAIN_FORMS, "verify")
    session = session_of(context)
    signed = read_checkpoint(checkpoint) if checkpoint else None
    with session.opened() as store, watched(session, progress) as watch:
        faults: list[str] = list(find_faults(store, deep, watch, processes))
        faults += [] if faults else attachment_faults(store, files_beside(session.url))
        faults += _against(store, signed, trust) if signed else []
        head = store.head()
    told = {
        "intact": not faults,
        "ledger": {"count": head.count, "head": head.hash},
        "checkpoint": {"count": signed.count, "head": signed.head, "key": signed.key} if signed else None,
        "faults": faults,
    }
    if form is Form.JSON:
        write(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace"))
    else:
        _print(told, session, trusted=trust is not None)
    if faults:
        note(session.say("damage_found", faults=session.counted("fault", len(faults))))
        raise typer.Exit(NegativeAnswer.exit_status)


def _against(store: Store, signed: Checkpoint, trust: str | None) -> list[str]:
    """Differences from a checkpoint; that it is not signed as it should be is one too."""
    from tracegraph.stores.checkpoint import verify_checkpoint

    try:
        return list(verify_checkpoint(store, signed, trust or signed.key))
    except NegativeAnswer as error:
        return [str(error)]


def _print(told: dict[str, Any], session: Session, trusted: bool) -> None:
    for fault in told["faults"]:
        line(fault)
    if told["faults"]:
        return
    line(session.say("intact", count=told["ledger"]["count"], head=told["ledger"]["head"]))
    if told["checkpoint"]:
        line(session.say("checkpoint_holds", count=told["checkpoint"]["count"], key=told["checkpoint"]["key"]))
        if not trusted:
            line(session.say("checkpoint_trust"))
