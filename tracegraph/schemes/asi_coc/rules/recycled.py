"""ASI-S0.4-RECYCLED: recycled aluminium is certified material only where it was made in a facility of the own scope, or
by a toller with a valid certificate, and the facility holds the Performance Standard certificate.

Source: ASI chain-of-custody overview, 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.certificates import Standing, scope
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.material import Book, Flow
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, receipts, standings, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each receipt of recycled aluminium that is counted as certified."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for account, flow in receipts(book, "recycled"):
            yield _made(world, parameters, book, account, flow)


def _made(world: World, parameters: Parameters, book: Book, account: Row, flow: Flow) -> Found:
    site = flow.posting.text("site")
    words = {"posting": flow.posting.id, "site": site, "time": flow.posting.text("time")}
    if not site:
        return missing(account, case="no_site", words=words, evidence=(flow.posting,))
    makers = [book.party, *_tollers(world, site)]
    for standard in ("coc_standard", "performance_standard"):
        on_record = [one for maker in makers for one in standings(world, parameters, maker, standard, flow.time)]
        words["standard"] = parameters.text(standard)
        evidence = (flow.posting, *(row for one in on_record for row in one.evidence))
        if not on_record:
            return missing(account, words=words, evidence=evidence)
        if not any(_covers(one, site) for one in on_record):
            return failed(account, words=words, evidence=evidence)
    return passed(account, words=words, evidence=(flow.posting,))


def _tollers(world: World, site: str) -> list[str]:
    """The contractors that work at the site."""
    rows = world.by("approval", "partner_site", site)
    return sorted({row.text("partner") for row in rows if row.text("kind") == "outsourcing" and row.given("partner")})


def _covers(one: Standing, site: str) -> bool:
    return one.valid and scope(one.certificate, site=site).covered is True
