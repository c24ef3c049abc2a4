"""ISO22095-6.7-SUPPLIER: each supplier and contractor was evaluated before its first delivery, and every 12 months.

Source: ISO 22095:2020, 6.7 h.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing
from tracegraph.claims.management import at_intervals, horizon
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each partner that is approved as supplier or contractor, or issued the purchase document of a transaction."""
    approvals = [row for row in world.rows("approval") if row.text("kind") != "input" and row.given("partner")]
    delivered = _purchases(world)
    for partner in sorted({*(row.text("partner") for row in approvals), *delivered}):
        rows = [row for row in approvals if row.text("partner") == partner]
        yield from _evaluated(partner, rows, delivered.get(partner, []), parameters, horizon(world))


def _purchases(world: World) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for number in sorted({row.text("purchase") for row in world.rows("transaction") if row.given("purchase")}):
        for document in world.by("document", "document", number):
            if document.given("issuer"):
                found.setdefault(document.text("issuer"), []).append(document)
    return found


def _evaluated(partner: str, rows: list[Row], delivered: list[Row], parameters: Parameters, at: int) -> Iterator[Found]:
    about, words = ("party", partner), {"partner": partner}
    if not rows:
        yield missing(about, words={**words, "day": day(at)}, evidence=(*delivered,))
        return
    first = min(row.first("evaluated") or 0 for row in rows)
    early = [row for row in delivered if (row.last("date") or 0) < first]
    if early:
        told = {**words, "document": early[0].id, "until": day(first)}
        yield failed(
            about, case="before", words=told, observed=day(first), limit=early[0].text("date"), evidence=(*early, *rows)
        )
    newest = max(rows, key=lambda row: (row.first("evaluated") or 0, row.id))
    if newest.text("outcome") == "fail":
        yield failed(about, case="refused", words={**words, "last": newest.text("evaluated")}, evidence=(newest,))
    yield at_intervals(about, rows, "evaluated", parameters.number("supplier_months"), at, words)
