"""ISO22095-6.7-TXN: the sale document names the model, conformity of the input was confirmed, and who assessed it is
disclosed.

Source: ISO 22095:2020, 6.7. A transaction is known by its number: two of the same number are one record.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.row import Row, day
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each transaction: model on the sale document, confirmation, assessment."""
    for row in world.rows("transaction"):
        yield _model(world, row)
        yield _confirmed(row)
        words = {"transaction": row.id, "assessment": row.text("assessment")}
        case, say = ("assessed", passed) if row.given("assessment") else ("not_assessed", missing)
        yield say(row, case=case, words=words, evidence=(row,))


def _model(world: World, row: Row) -> Found:
    sales = world.by("document", "document", row.text("sale")) if row.given("sale") else ()
    words = {"transaction": row.id, "sale": row.text("sale"), "model": row.text("model")}
    if not sales:
        return missing(row, words=words, evidence=(row,))
    stated = sorted({sale.text("model").lower() for sale in sales if sale.given("model")})
    evidence = (row, *sales)
    if not stated:
        return failed(row, words=words, limit=row.text("model"), evidence=evidence)
    if row.given("model") and row.text("model") not in stated:
        words["stated"] = ", ".join(stated)
        return failed(
            row, case="differs", words=words, observed=", ".join(stated), limit=row.text("model"), evidence=evidence
        )
    return passed(row, words={**words, "model": ", ".join(stated)}, observed=", ".join(stated), evidence=evidence)


def _confirmed(row: Row) -> Found:
    confirmed, last = row.first("confirmed"), row.last("time") or 0
    words = {"transaction": row.id, "confirmed": row.text("confirmed"), "time": row.text("time")}
    if confirmed is None:
        return missing(row, case="unconfirmed", words=words, evidence=(row,))
    say, case = (passed, "confirmed") if confirmed <= last else (failed, "late")
    return say(row, case=case, words=words, observed=day(confirmed), limit=day(last), evidence=(row,))
