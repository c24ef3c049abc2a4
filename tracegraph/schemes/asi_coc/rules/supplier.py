"""ASI-S0.2-SUPPLIER: certified material comes only from a supplier whose certificate was valid on the day of delivery,
with an agreement and a document that proves it.

Source: ASI chain-of-custody overview, 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.certificates import standing
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.material import Flow
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, receipts, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each receipt of certified material; about its account, for claims rest on that."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for account, flow in receipts(book, "coc"):
            yield _received(world, account, flow)


def _received(world: World, account: Row, flow: Flow) -> Found:
    posting = flow.posting
    certificate = world.row("certificate", posting.text("certificate"))
    words = {"posting": posting.id, "certificate": posting.text("certificate"), "time": posting.text("time")}
    if certificate is None:
        return missing(account, words=words, evidence=(posting,))
    stands = standing(world, certificate, flow.time)
    words["state"] = stands.state
    evidence = (posting, *stands.evidence)
    if not stands.valid:
        return failed(account, words=words, observed=stands.state, limit="valid", evidence=evidence)
    return _proved(world, account, posting, certificate, words | {"supplier": certificate.text("holder")})


def _proved(world: World, account: Row, posting: Row, certificate: Row, words: dict[str, str]) -> Found:
    holder = certificate.text("holder")
    agreed = [row for row in world.by("approval", "partner", holder) if row.given("agreement")]
    documents = world.by("document", "document", posting.text("document")) if posting.given("document") else ()
    evidence = (posting, certificate, *agreed, *documents)
    words["document"] = posting.text("document")
    if not documents:
        return missing(account, case="no_document", words=words, evidence=evidence)
    issuers = sorted({row.text("issuer") for row in documents if row.given("issuer")})
    if issuers and holder not in issuers:
        words["issuer"] = issuers[0]
        return failed(account, case="stranger", words=words, observed=issuers[0], limit=holder, evidence=evidence)
    if not agreed:
        return missing(account, case="no_agreement", words=words, evidence=evidence)
    return passed(account, words=words, evidence=evidence)
