"""The application of one store: routers, and around them what every request passes through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from tracegraph import __version__
from tracegraph.api import epcis, health, openapi, v1
from tracegraph.api.auditing import Auditing
from tracegraph.api.authentication import Authentication
from tracegraph.api.epcis.headers import Announcing
from tracegraph.api.guarding import Guarding
from tracegraph.api.observing import Observing
from tracegraph.api.problems import METHOD_NOT_ALLOWED, NOT_FOUND, WRONG_REQUEST, Problem, problem_of, response
from tracegraph.api.routes import Routes
from tracegraph.api.serving import Serving
from tracegraph.api.v1.working import worker_of
from tracegraph.errors import TracegraphError

#: Requests that ask the store at once; others wait. Each such thread may come to hold a connection with its cache.
THREADS = 16

#: Every router, in the order of the documentation.
ROUTES: tuple[Routes, ...] = (health.routes, *epcis.ROUTES, *v1.ROUTES)


def create_app(serving: Serving) -> FastAPI:
    """The application; its background work begins and ends with it."""
    app = FastAPI(
        title="tracegraph",
        version=__version__,
        lifespan=_lifespan(serving),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.serving = serving
    serving.workers.append(worker_of(serving))
    for routes in (*ROUTES, openapi.routes):
        app.include_router(routes.router)
    _answer_errors(app)
    app.add_middleware(Authentication, serving=serving)
    app.add_middleware(Auditing, serving=serving)
    app.add_middleware(Announcing)
    app.add_middleware(Guarding, most_bytes=serving.settings.most_bytes)
    if serving.settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=serving.settings.origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["*"],
        )
    app.add_middleware(Observing, measures=serving.measures)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


def _lifespan(serving: Serving) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        await run_in_threadpool(serving.start)
        yield
        await run_in_threadpool(serving.close)

    return running


def _answer_errors(app: FastAPI) -> None:
    """Every error of a route becomes problem details."""

    def told(request: Request, problem: Problem) -> Response:
        return response(problem, request.url.path, request.scope.get("request_id", ""))

    @app.exception_handler(Problem)
    async def _(request: Request, error: Problem) -> Response:
        return told(request, error)

    @app.exception_handler(TracegraphError)
    async def _(request: Request, error: TracegraphError) -> Response:
        return told(request, problem_of(error))

    @app.exception_handler(RequestValidationError)
    async def _(request: Request, error: RequestValidationError) -> Response:
        return told(request, _invalid(error))

    @app.exception_handler(HTTPException)
    async def _(request: Request, error: HTTPException) -> Response:
        return told(request, _by_status(error, request))


def _invalid(error: RequestValidationError) -> Problem:
    """What is wrong with the parameters, each with where it stands (RFC 6901 for bodies)."""
    found = [
        {"where": "/".join(str(part) for part in fault["loc"]), "what": str(fault["msg"])} for fault in error.errors()
    ]
    first = found[0] if found else {"where": "body", "what": "it cannot be read"}
    return Problem(WRONG_REQUEST, f"{first['where']}: {first['what']}; correct it and ask again", errors=found)


def _by_status(error: HTTPException, request: Request) -> Problem:
    """What the framework itself refuses: no such route, no such method, a body that is no JSON."""
    match error.status_code:
        case 404:
            return Problem(NOT_FOUND, f"nothing is offered at {request.url.path}; see /openapi.json for what is")
        case 405:
            detail = f"{request.method} is not offered here; see the header Allow"
            return Problem(METHOD_NOT_ALLOWED, detail, {"Allow": ", ".join(_methods_at(request.url.path))})
    return Problem(WRONG_REQUEST, f"{error.detail}; correct the request")


def _methods_at(path: str) -> list[str]:
    """Every method that some route offers at a path; the framework knows only those of the first route there."""
    offered = (route for routes in (*ROUTES, openapi.routes) for route in routes.router.routes)
    at_path = (route for route in offered if isinstance(route, APIRoute) and route.path_regex.match(path))
    return sorted({method for route in at_path for method in route.methods or ()})
