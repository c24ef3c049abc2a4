"""ISO22095-6.6-RECORDS: each transaction links the records of purchase, processing, factor, sale, stock and carriage,
and records are kept as long as the setter of the requirements asks.

Source: ISO 22095:2020, 6.6.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracegraph.claims.finding import Found, failed, missing, passed
from tracegraph.claims.management import horizon, kept, organisations
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World

#: The links of a transaction, and the kind of record that each names (empty: none of this ledger).
LINKS = {"purchase": "document", "processing": "", "factor": "factor", "sale": "document", "stock": "stock"}
LINKS["carrier"] = "document"


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each transaction, then the retention of each organisation that declares a model."""
    for row in world.rows("transaction"):
        yield _links(world, row)
    for party, declared in organisations(world).items():
        for name in sorted({row.text("charset") for row in declared if row.given("charset")}):
            yield _retention(world, party, name)


def _links(world: World, row: Row) -> Found:
    blank = [name for name in LINKS if not row.given(name)]
    absent = [
        f"{name} {row.text(name)}"
        for name, kind in LINKS.items()
        if row.given(name) and not _there(world, row, name, kind)
    ]
    words = {"transaction": row.id, "blank": ", ".join(blank), "absent": ", ".join(absent)}
    if blank:
        return failed(
            row,
            words=words,
            observed=", ".join(name for name in LINKS if row.given(name)),
            limit=", ".join(LINKS),
            evidence=(row,),
        )
    if absent:
        return missing(row, words=words, evidence=(row,))
    return passed(row, words=words, evidence=(row,))


def _there(world: World, row: Row, name: str, kind: str) -> bool:
    if kind == "document":
        return bool(world.by("document", "document", row.text(name)))
    return not kind or world.row(kind, row.text(name)) is not None


def _retention(world: World, party: str, charset: str) -> Found:
    setter = world.row("charset", charset)
    months = None if setter is None else setter.number("retention_months")
    if months is None:
        return missing(("party", party), case="no_limit", words={"party": party, "charset": charset})
    return kept(world, party, months, horizon(world))
