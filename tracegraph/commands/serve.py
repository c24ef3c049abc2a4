"""`tracegraph serve`: the HTTP interface of one store, in this process, until it is told to end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.output import note
from tracegraph.commands.session import Session, reachable, session_of
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from tracegraph.api.settings import Settings

#: Seconds that requests are given to end when the service is told to.
GRACE = 20


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("serve")(serve)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535)] = 8000,
    service_file: Annotated[
        Path | None, typer.Option("--service-file", envvar="TRACEGRAPH_SERVICE_FILE", metavar="FILE")
    ] = None,
    rights: Annotated[Path | None, typer.Option("--rights", envvar="TRACEGRAPH_RIGHTS", metavar="FILE")] = None,
    origin: Annotated[list[str] | None, typer.Option("--origin", metavar="URL")] = None,
) -> None:
    """Open the store, and answer until interrupted."""
    session = session_of(context)
    try:
        from tracegraph.api import Settings
    except ModuleNotFoundError as error:
        raise UsageError(f"serve needs {error.name}, which is missing; pip install 'tracegraph[serve]'") from None
    _run(session, Settings(reachable(session.url), service_file, rights, tuple(origin or ())), host, port)


def _run(session: Session, settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from tracegraph.api import Serving, create_app
    from tracegraph.api.logs import log_as_json

    log_as_json(sys.stderr)
    serving = Serving.open(settings)
    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "date_header": True}
    server = uvicorn.Server(uvicorn.Config(create_app(serving), host, port, timeout_graceful_shutdown=GRACE, **options))
    note(session.say("serving", address=f"http://{host}:{port}"))
    server.run()
    if not server.started:
        raise UsageError(f"cannot listen on {host}:{port}; is another program using the port? choose another --port")
