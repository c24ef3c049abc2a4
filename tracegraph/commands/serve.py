"""`tracegraph serve`: the HTTP interface of one store, in this process, until it is told to end."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.index import started_when_due
from tracegraph.commands.output import note
from tracegraph.commands.session import Session, reachable, session_of
from tracegraph.errors import UsageError

if TYPE_CHECKING:
    from tracegraph.api.settings import Oidc, Settings

#: Seconds that requests are given to end when the service is told to.
GRACE = 20
#: Seconds between two looks whether so much was captured that a new trace index pays.
INDEX_LOOK = 60.0
#: Seconds for which a thread may keep the interpreter while others wait. An answer asks the store many small questions,
#: and waits so long after each of them: with Python's own 5 ms four threads together do less than one.
SWITCH = 0.000_5

#: Parameters of mallopt(3), as numbered in malloc.h; and from how many bytes on a block is large.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 128 * 1024


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
    oidc_issuer: Annotated[
        str | None, typer.Option("--oidc-issuer", envvar="TRACEGRAPH_OIDC_ISSUER", metavar="URL")
    ] = None,
    oidc_audience: Annotated[
        str | None, typer.Option("--oidc-audience", envvar="TRACEGRAPH_OIDC_AUDIENCE", metavar="TEXT")
    ] = None,
    oidc_claims: Annotated[
        Path | None, typer.Option("--oidc-claims", envvar="TRACEGRAPH_OIDC_CLAIMS", metavar="FILE")
    ] = None,
    rate_limit: Annotated[str, typer.Option("--rate-limit", envvar="TRACEGRAPH_RATE_LIMIT", metavar="N|off")] = "6000",
    audit_days: Annotated[int, typer.Option("--audit-days", envvar="TRACEGRAPH_AUDIT_DAYS", metavar="N", min=0)] = 365,
    signing_key: Annotated[
        Path | None, typer.Option("--signing-key", envvar="TRACEGRAPH_SIGNING_KEY", metavar="FILE")
    ] = None,
    destination: Annotated[list[str] | None, typer.Option("--destination", metavar="HOST")] = None,
) -> None:
    """Open the store, and answer until interrupted."""
    session = session_of(context)
    try:
        from tracegraph.api import Settings
    except ModuleNotFoundError as error:
        raise UsageError(f"serve needs {error.name}, which is missing; pip install 'tracegraph[serve]'") from None
    settings = Settings(
        reachable(session.url),
        service_file,
        rights,
        tuple(origin or ()),
        **_limits(rate_limit),
        audit_days=audit_days,
        signing_key=signing_key,
        oidc=_issuer(oidc_issuer, oidc_audience, oidc_claims),
        destinations=tuple(destination or ()),
    )
    _run(session, settings, host, port)


def _limits(text: str) -> dict[str, int]:
    """What the settings say of limits; off: there is none, for strangers and wrong credentials either."""
    if text == "off":
        return {"most_requests": 0, "most_anonymous_requests": 0, "most_wrong_credentials": 0}
    if text.isdecimal() and int(text):
        return {"most_requests": int(text)}
    raise UsageError(f"--rate-limit is {text!r}; give the most requests a minute of one caller, or off")


def _issuer(issuer: str | None, audience: str | None, claims: Path | None) -> Oidc | None:
    from tracegraph.api.settings import Oidc

    if issuer and audience:
        return Oidc(issuer, audience, claims)
    if issuer or audience or claims:
        raise UsageError("tokens need both --oidc-issuer and --oidc-audience; name both, or neither")
    return None


def _run(session: Session, settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from tracegraph.api import Serving, create_app
    from tracegraph.api.logs import log_as_json
    from tracegraph.service.regularly import Regularly
    from tracegraph.service.users import Users

    log_as_json(sys.stderr)
    with closing(listening(host, port)) as listener:
        serving = Serving.open(settings)
        look = partial(started_when_due, session, serving.graph.store)
        serving.workers.append(Regularly("index", look, INDEX_LOOK))
        options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
        config = uvicorn.Config(create_app(serving), timeout_graceful_shutdown=GRACE, **options)
        # uvicorn ends well when it is terminated, and then lets the signal do what it did before: nothing more.
        signal.signal(signal.SIGTERM, lambda *_: None)
        if settings.oidc is None and not Users(serving.file).have_admin():
            note(session.say("no_admin"))
        note(session.say("serving", address=f"http://{_shown(listener)}"))
        sys.setswitchinterval(SWITCH)
        give_memory_back()
        uvicorn.Server(config).run(sockets=[listener])


def give_memory_back() -> None:
    """Large answers come and go in several threads. The C library of Linux would keep a heap for each thread, and what
    large blocks took within them; with two heaps, and large blocks apart, memory is soon what it will be."""
    if sys.platform != "linux":
        return
    import ctypes

    tune = getattr(ctypes.CDLL(None), "mallopt", None)  # there is none in other C libraries
    if tune is not None:
        tune(M_ARENA_MAX, 2)
        tune(M_MMAP_THRESHOLD, LARGE)


def listening(host: str, port: int) -> socket.socket:
    """The open port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose another --port or --host") from None
    # asyncio does this by itself only for sockets that it made; else each answer waits 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _shown(listener: socket.socket) -> str:
    """Address and port, as they stand in a URL."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
