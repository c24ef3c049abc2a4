"""ASI-S0.7-AUDIT: the own certificate is valid, audits came when they were due, and corrective actions are closed.

Source: ASI chain-of-custody overview, 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tracegraph.claims.certificates import Standing
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import at_intervals, horizon
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import parties, standings

EXTERNAL = ("surveillance", "certification", "recertification")


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation under the scheme: its certificates, the audits of them, its nonconformities."""
    at = horizon(world)
    for party in parties(world, parameters):
        known = standings(world, parameters, party, "coc_standard", at)
        if not known:
            yield missing(("party", party), words={"party": party, "day": day(at)})
        for one in known:
            yield _certified(one, at)
            yield from _audited(world, one.certificate, parameters.number("surveillance_months"), at)
        for row in world.by("nonconformity", "party", party):
            yield _closed(row, at)


def _certified(one: Standing, at: int) -> Found:
    words = {"certificate": one.certificate.id, "state": one.state, "day": day(at)}
    say = passed if one.valid else failed
    return say(one.certificate, words=words, observed=one.state, limit="valid", evidence=one.evidence)


def _audited(world: World, certificate: Row, months: Decimal, at: int) -> Iterator[Found]:
    rows = [row for row in world.by("audit", "certificate", certificate.id) if row.text("kind") in EXTERNAL]
    about = (certificate.kind, certificate.id)
    found = at_intervals(about, rows, "time", months, at, {"certificate": certificate.id})
    cases = {"PASS": "audited", "NE": "no_audit", "FAIL": found.case or "gap"}
    yield replace(found, case=cases[found.outcome.value])
    for row in rows:
        if row.given("due") and (row.first("time") or 0) > (row.last("due") or 0):
            words = {"certificate": certificate.id, "audit": row.id, "due": row.text("due"), "held": row.text("time")}
            yield failed(
                certificate, case="late", words=words, observed=row.text("time"), limit=row.text("due"), evidence=(row,)
            )


def _closed(row: Row, at: int) -> Found:
    words = {"nonconformity": row.id, "deadline": row.text("deadline"), "day": day(at)}
    due, done = row.last("deadline"), row.first("closed")
    if due is None:
        return missing(row, case="no_deadline", words=words, evidence=(row,))
    end = at if done is None else done
    say, case = (passed, "closed") if end <= due else (failed, "open")
    return say(row, case=case, words=words, observed=day(end), limit=day(due), due=due, evidence=(row,))
