"""Claims under rule packs: what the supplied records support, and the packs themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from starlette.responses import JSONResponse, Response

from tracegraph.api.problems import NOT_FOUND, WRONG_REQUEST, Problem
from tracegraph.api.routes import Routes
from tracegraph.api.v1 import claim_models as models
from tracegraph.api.v1.claim_parameters import (
    CertificatesAsked,
    ClaimAsked,
    ClaimsAsked,
    ClaimText,
    DatedAsked,
    StatementAsked,
)
from tracegraph.api.v1.examples import example
from tracegraph.api.v1.replying import PROBLEMS, Reply, told
from tracegraph.schemes import pack_names
from tracegraph.schemes import packs as known_packs

claims = Routes("/api/v1/claims", "claims")
packs = Routes("/api/v1/packs", "packs")
certificates = Routes("/api/v1/certificates", "certificates")
accounts = Routes("/api/v1/accounts", "accounts")
credits = Routes("/api/v1/credits", "accounts")
factors = Routes("/api/v1/conversion-factors", "accounts")
declarations = Routes("/api/v1/declarations", "claims")


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


@certificates.get(
    "",
    "read",
    summary="Certificates",
    operation_id="list_certificates",
    problems=PROBLEMS,
    responses=told(models.CertificatesAnswer, "Certificates as they stood at a date", example("certificates")),
)
def list_certificates(asked: Annotated[CertificatesAsked, Query()], reply: Reply) -> Response:
    """How certificates stood at a date: of a scheme or holder, or those that cover a site, product and model or list
    nothing of that sort."""
    graph = reply.graph_in(asked.lang)
    options = asked.model_dump(exclude={"lang"}, exclude_none=True)
    return reply.send(lambda: graph.certificates(**options), asked.lang)


@certificates.get(
    "/{certificate}",
    "read",
    summary="One certificate",
    operation_id="get_certificate",
    problems=PROBLEMS,
    responses=told(models.CertificatesAnswer, "The certificate and its changes", example("certificates")),
)
def get_certificate(
    certificate: Annotated[ClaimText, Path(description="Number of the certificate", examples=["CERT-1"])],
    asked: Annotated[DatedAsked, Query()],
    reply: Reply,
) -> Response:
    """One certificate as it stood at a date, with all its changes."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.certificate(certificate, asked.on, asked.as_of), asked.lang)


@accounts.get(
    "",
    "read",
    summary="Accounts",
    operation_id="list_accounts",
    problems=[WRONG_REQUEST],
    responses=told(models.AccountsAnswer, "What each account holds", example("accounts")),
)
def list_accounts(asked: Annotated[DatedAsked, Query()], reply: Reply) -> Response:
    """Credit and material accounts: what each holds at a date, its lowest balance, what expires next, and why one
    cannot be counted."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.accounts(asked.on, asked.as_of), asked.lang)


@accounts.get(
    "/{account}",
    "read",
    summary="Statement of an account",
    operation_id="get_account",
    problems=PROBLEMS,
    responses=told(models.StatementAnswer, "Sums, movements and credits that are left", example("statement")),
)
def get_account(
    account: Annotated[ClaimText, Path(description="Number of the account", examples=["A-1"])],
    asked: Annotated[StatementAsked, Query()],
    reply: Reply,
) -> Response:
    """The statement of an account until a date, from the begin of the period in which it lies or from `since`."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.account(account, asked.on, asked.since, asked.as_of), asked.lang)


@credits.get(
    "",
    "read",
    summary="Registries of credits",
    operation_id="list_credits",
    problems=[WRONG_REQUEST],
    responses=told(models.CreditsAnswer, "Runs of serials and contradictions", example("credits")),
)
def list_credits(asked: Annotated[DatedAsked, Query()], reply: Reply) -> Response:
    """Book and claim: who owns which serials, what was redeemed and cancelled, and which entries contradict others."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.credits(asked.on, asked.as_of), asked.lang)


@factors.get(
    "",
    "read",
    summary="Conversion factors",
    operation_id="list_conversion_factors",
    problems=[WRONG_REQUEST],
    responses=told(models.FactorsAnswer, "Factors and yields", example("factors")),
)
def list_conversion_factors(asked: Annotated[DatedAsked, Query()], reply: Reply) -> Response:
    """Conversion factors, each with the yields that stock statements show beside it."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.factors(asked.on, asked.as_of), asked.lang)


@declarations.get(
    "",
    "read",
    summary="Declared models",
    operation_id="list_declarations",
    problems=[WRONG_REQUEST],
    responses=told(models.DeclarationsAnswer, "Declared models and which hold", example("declarations")),
)
def list_declarations(asked: Annotated[DatedAsked, Query()], reply: Reply) -> Response:
    """Which site declared which chain-of-custody model of what, and whether that holds at a date."""
    graph = reply.graph_in(asked.lang)
    return reply.send(lambda: graph.declarations(asked.on, asked.as_of), asked.lang)
