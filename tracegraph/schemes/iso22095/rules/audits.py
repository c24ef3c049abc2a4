"""ISO22095-6.5-AUDIT: internal audits and management reviews at most 12 months apart, of all processes and sites.

Source: ISO 22095:2020, 6.5. A site may be left out where a documented risk assessment says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.calendar import months_later
from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import at_intervals, horizon, of_party, organisations, papers
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each organisation that declares a model: both intervals, each site, the processes."""
    at = horizon(world)
    for party, declared in organisations(world).items():
        months = parameters.number("audit_months")
        for kind, limit in (("internal", months), ("management_review", parameters.number("review_months"))):
            rows = of_party(world.by("audit", "kind", kind), party)
            yield at_intervals(("party", party), rows, "time", limit, at, {"party": party, "what": kind})
        audits = of_party(world.by("audit", "kind", "internal"), party)
        recent = [row for row in audits if (row.last("time") or 0) >= months_later(at, -months)]
        yield from _sites(party, declared, recent, at)
        yield _processes(world, party, recent, at)


def _sites(party: str, declared: tuple[Row, ...], audits: list[Row], at: int) -> Iterator[Found]:
    valid = [row for row in declared if row.holds_at(at)]
    sites = {site for row in valid for site in (*row.several("boundary"), row.text("site")) if site}
    for site in sorted(sites):
        yield _site(party, site, audits, at)


def _site(party: str, site: str, audits: list[Row], at: int) -> Found:
    words = {"party": party, "site": site, "day": day(at)}
    visited = [row for row in audits if site in row.several("sites")]
    skipped = [row for row in audits if site in row.several("skipped")]
    if visited:
        return passed(("site", site), case="visited", words={**words, "audit": visited[-1].id}, evidence=(*visited,))
    if not skipped:
        return missing(("site", site), case="unvisited", words=words, evidence=(*audits,))
    justified = [row for row in skipped if row.given("justification")]
    say, case = (passed, "justified") if justified else (failed, "skipped")
    evidence = justified or skipped
    return say(("site", site), case=case, words={**words, "audit": evidence[-1].id}, evidence=(*evidence,))


def _processes(world: World, party: str, audits: list[Row], at: int) -> Found:
    scope = [row for row in papers(world, "scope", party) if row.holds_at(at)]
    wanted = {one for row in scope for one in row.several("covers")}
    done = {one for row in audits for one in row.several("processes")}
    lacking = sorted(wanted - done)
    words = {"party": party, "day": day(at), "lacking": ", ".join(lacking)}
    about, evidence = ("party", party), (*scope, *audits)
    if not wanted or not done:
        return missing(about, case="no_processes", words=words, evidence=evidence)
    if lacking:
        return failed(
            about,
            case="processes",
            words=words,
            observed=", ".join(sorted(done)),
            limit=", ".join(sorted(wanted)),
            evidence=evidence,
        )
    return passed(about, case="all_processes", words=words, evidence=evidence)
