"""Claims under rule packs: what the supplied records support, and the packs themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import JSONResponse, Response

from tracegraph.api.problems import NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import claim_models as models
from tracegraph.api.v1.claim_parameters import ClaimAsked, ClaimsAsked, ClaimText
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.replying import PROBLEMS, Reply, told
from tracegraph.schemes import pack_names
from tracegraph.schemes import packs as known_packs

claims = Routes("/api/v1/claims", "claims")
packs = Routes("/api/v1/packs", "packs")


@claims.get(
    "",
    "trace",
    summary="Claims and what supports them",
    operation_id="check_claims",
    problems=PROBLEMS,
    responses=told(models.ClaimsAnswer, "A verdict for each claim and pack, and the findings", example("claims")),
)
def check_claims(asked: Annotated[ClaimsAsked, Query()], reply: Reply) -> Response:
    """The rules of the packs over what the caller may know: of each claim whether the supplied records support it, and
    what each rule found, with formulas, evidence and unverified parameters. What a caller may not know counts as
    missing evidence, never as a pass."""
    graph = reply.graph_in(asked.lang)
    return reply.send(
        lambda: graph.check_claims(
            *asked.about, packs=asked.pack, rules=asked.rule, valid=asked.valid, as_of=asked.as_of
        ),
        asked.lang,
    )


@claims.get(
    "/{claim}",
    "trace",
    summary="One claim",
    operation_id="get_claim",
    problems=PROBLEMS,
    responses=told(models.ClaimsAnswer, "The verdict on one claim under each pack", example("claims")),
)
def get_claim(
    claim: Annotated[ClaimText, Path(description="Number of the claim", examples=["C-17"])],
    asked: Annotated[ClaimAsked, Query()],
    reply: Reply,
) -> Response:
    """Every rule about one claim."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.claim(claim, packs=asked.pack, valid=asked.valid, as_of=asked.as_of), asked.lang)


@packs.get(
    "",
    "read",
    summary="Rule packs",
    operation_id="list_packs",
    problems=[WRONG_REQUEST],
    responses={200: {"model": models.PackList, "description": "All packs, by id"}},
)
def list_packs() -> Response:
    """The packs that tracegraph comes with and those that are installed beside it."""
    return JSONResponse({"packs": [pack.about() for pack in known_packs()]})


@packs.get(
    "/{pack}",
    "read",
    summary="One rule pack",
    operation_id="get_pack",
    problems=[NOT_FOUND, WRONG_REQUEST],
    responses={200: {"model": models.WholePack, "description": "Its rules, parameters and their sources"}},
)
def get_pack(
    pack: Annotated[ClaimText, Path(description="Name of the pack", examples=["iso22095"])],
) -> Response:
    """Its rules, and its parameters with where they come from and whether they were verified."""
    if pack not in pack_names():
        raise Problem(NOT_FOUND, f"there is no rule pack {pack!r}; see /api/v1/packs")
    return JSONResponse(known_packs((pack,))[0].whole())
