"""The ledger: its end, signed checkpoints, whether it is intact, and proof of single events."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.responses import JSONResponse, Response

from tracegraph.api.callers import Graph, Shared
from tracegraph.api.problems import CONTRADICTION, FORBIDDEN, NOT_FOUND, REFUSED, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import service_models as models
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.jobs import accepted, ask_job
from tracegraph.api.v1.parameters import EventId, ProofAsked
from tracegraph.api.v1.replying import JSON, Reply
from tracegraph.errors import UsageError
from tracegraph.graph import Tracegraph
from tracegraph.model.instants import optional_text
from tracegraph.stores.checkpoint import format_checkpoint, read_key
from tracegraph.stores.faults import Watch, unwatched

ledger = Routes("/api/v1/ledger", "ledger")


def whole_graph(graph: Graph) -> Tracegraph:
    """The graph of one who sees all of it: what the ledger says as a whole is not for others."""
    if not graph.store.head().counted:
        raise Problem(FORBIDDEN, "the ledger is for those who see all of it; ask the administrator")
    return graph


WholeGraph = Annotated[Tracegraph, Depends(whole_graph)]


def _told(model: type[Any], description: str, name: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": model, "description": description, "content": {JSON: {"example": example(name)}}}}


@ledger.get(
    "",
    "ledger",
    summary="The end of the ledger",
    operation_id="get_ledger",
    responses=_told(models.Head, "How long it is and how it ends", "ledger"),
)
def get_ledger(graph: WholeGraph) -> Response:
    """How many entries there are, and the hash of the last one, which follows from all of them."""
    head = graph.store.head()
    return JSONResponse(
        {
            "store": graph.store.identity,
            "count": head.count,
            "head": head.hash,
            "recorded_at": optional_text(head.recorded_at),
        }
    )


@ledger.post(
    "/checkpoints",
    "ledger",
    summary="Sign a checkpoint",
    operation_id="make_checkpoint",
    status_code=201,
    problems=[REFUSED],
    responses={
        201: {
            "model": models.Checkpoint,
            "description": "Signed",
            "content": {JSON: {"example": example("checkpoint")}},
        }
    },
)
def make_checkpoint(serving: Shared, graph: WholeGraph) -> Response:
    """A statement of how the ledger is now, signed by the service: keep it elsewhere, nothing is stored here."""
    if serving.settings.signing_key is None:
        detail = "this service has no key to sign with; begin it with --signing-key and a key file"
        raise Problem(REFUSED, detail)
    signed = graph.checkpoint(read_key(serving.settings.signing_key), serving.clock())
    return Response(format_checkpoint(signed), 201, media_type=JSON)


@ledger.post(
    "/verifications",
    "ledger",
    summary="Verify the store",
    operation_id="verify_ledger",
    responses={**_told(models.Verified, "Whether it is intact", "verified"), **accepted()},
)
def verify_ledger(graph: WholeGraph, reply: Reply) -> Response:
    """Recompute the chain and check the graph: a sentence for each fault. A large store is verified by a job."""
    head = graph.store.head()
    if head.count > reply.serving.settings.most_nodes:
        return ask_job(reply, "verify", {"ledger": head.hash})
    return Response(verified(graph), media_type=JSON)


def verified(graph: Tracegraph, watch: Watch = unwatched) -> bytes:
    """What `tracegraph verify --format json` says without a checkpoint."""
    faults = [str(fault) for fault in graph.verify(watch=watch)]
    head = graph.store.head()
    told = {"intact": not faults, "ledger": {"count": head.count, "head": head.hash}, "faults": faults}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


@ledger.get(
    "/proofs/{id:path}",
    "ledger",
    summary="Prove an event",
    operation_id="prove_event",
    problems=[NOT_FOUND, WRONG_REQUEST, CONTRADICTION],
    responses=_told(models.Proof, "The entry and the chain behind it", "proof"),
)
def prove_event(id: EventId, asked: Annotated[ProofAsked, Query()], serving: Shared, graph: WholeGraph) -> Response:
    """The event's entry, and of every later one what its hash is made of, up to the end or to `upto`: whoever has a
    checkpoint from there can recompute it (`tracegraph prove --check`)."""
    try:
        proof = graph.prove(id, asked.upto, serving.settings.most_nodes)
    except UsageError as error:
        raise Problem(CONTRADICTION, str(error)) from None
    return Response(json.dumps(proof, ensure_ascii=False, separators=(",", ":")), media_type=JSON)
