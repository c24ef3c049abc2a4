"""ISO22095-6.11-OUTSOURCE: each contractor's site that handles goods has a written agreement with a right of access,
valid when it handles them.

Source: ISO 22095:2020, 6.11. A site that no valid declaration names is a contractor's.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each transaction and posting at a site of somebody else, where anybody declares sites at all."""
    declared = world.rows("declaration")
    own = {site for row in declared for site in (*row.several("boundary"), row.text("site"))}
    for kind in ("transaction", "posting"):
        for row in world.rows(kind) if declared else ():
            if row.given("site") and row.text("site") not in own:
                yield _agreed(row, world.by("approval", "partner_site", row.text("site")))


def _agreed(row: Row, approvals: tuple[Row, ...]) -> Found:
    agreements = [one for one in approvals if one.text("kind") == "outsourcing"]
    words = {"kind": row.kind, "id": row.id, "site": row.text("site"), "time": row.text("time")}
    if not agreements:
        return missing(row, words=words, evidence=(row,))
    at = row.valid_from or 0
    valid = [one for one in agreements if _holds(one, at)]
    evidence = (row, *(valid or agreements))
    words["approval"] = (valid or agreements)[-1].id
    if not valid:
        return failed(row, words=words, evidence=evidence)
    if any(one.given("agreement") and one.flag("access") for one in valid):
        return passed(row, words=words, evidence=evidence)
    refused = any(one.flag("access") is False for one in valid)
    return (failed if refused else missing)(
        row, case="no_access" if refused else "unsaid", words=words, evidence=evidence
    )


def _holds(approval: Row, at: int) -> bool:
    since, until = approval.first("from"), approval.last("to")
    since = approval.first("evaluated") if since is None else since
    return (since is None or since <= at) and (until is None or at <= until)
