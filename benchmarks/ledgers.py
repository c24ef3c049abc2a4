"""Claims: accounts of a hundred thousand postings, checked by all rules on accounts in a new process."""

from __future__ import annotations

import compileall
import random
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import tracegraph as tracegraph_package
from benchmarks.children import run, tracegraph
from benchmarks.measuring import Section, told
from benchmarks.workspace import Workspace
from tracegraph.model.instants import MINUTE, instant_text, parse_instant
from tracegraph.model.record import Record
from tracegraph.model.record_kinds import record_of
from tracegraph.stores import open_store
from tracegraph.stores.port import NewEntry

CHECKED = "Claims: accounts checked by all ledger rules, a new process"
#: Postings of an account, a quarter of an hour apart.
OF_AN_ACCOUNT = 5_000
APART = 15 * MINUTE
SITES = 20
#: The rules on accounts of both packs; those on deliveries, documents and management are about other records.
LEDGER_RULES = (
    "ISO22095-5.4.2-BOUNDARY",
    "ISO22095-5.4.2.2.2-ONE-ACCOUNT",
    "ISO22095-5.4.2.2.2-NO-OVERDRAW",
    "ISO22095-5.4.2.2.2-PERIOD",
    "ISO22095-5.4.2.2.2-EXPIRY",
    "ISO22095-5.4.2.3-RECON",
    "ISO22095-6.8-CF",
    "ISO22095-C.1-FORMULA",
    "ASI-S0.3-SIX-TOTALS",
    "ASI-PCT",
    "ASI-NO-PARTIAL",
    "ASI-TYPE-SEPARATE",
    "ASI-POS-BALANCE",
    "ASI-OVERDRAW",
)


def measure_claims(bench: Workspace) -> Section:
    """`tracegraph claims check` over a store of nothing but accounts: wall and processor time."""
    section = Section()
    compileall.compile_dir(Path(tracegraph_package.__file__).parent, quiet=1)
    store = bench.scratch("claims") / "store.db"
    with told(f"recording {bench.size.postings:,} postings"):
        fill(store, bench.size.postings)
    with told("checking them"):
        rules = [word for rule in LEDGER_RULES for word in ("--rule", rule)]
        command = tracegraph(store, "claims", "check", "--format", "json", *rules)
        runs = [run(command) for _ in range(bench.size.cold)]
    what = f"{bench.size.postings:,} postings"
    section.add_times(CHECKED, what, [one.wall for one in runs], "s", target="claims")
    section.add_times(CHECKED, f"{what}: processor time", [one.processor for one in runs], "s")
    return section


def fill(store: Path, postings: int) -> None:
    """A store with accounts of so many postings in all, none of which is overdrawn."""
    entries = [NewEntry(f"{one.kind} {one.id}".encode(), record=one) for one in records(postings)]
    with closing(open_store(f"sqlite:///{store}")) as opened, opened.write() as change:
        change.append(entries, parse_instant("2026-01-01", "recorded"), "benchmark")


def records(postings: int) -> Iterator[Record]:
    """The factors, accounts and postings, the same each time."""
    drawn = random.Random(8)
    for number in range(-(-postings // OF_AN_ACCOUNT)):
        site, factor = f"mill {number % SITES}", Decimal(drawn.randrange(500, 999)) / 1000
        yield from _account(number, site, factor)
        yield from _postings(number, site, factor, min(OF_AN_ACCOUNT, postings), drawn)


def _account(number: int, site: str, factor: Decimal) -> Iterator[Record]:
    goods = {"site": site, "input": f"input {number}", "output": f"product {number}"}
    proof = {"evidence": "trial", "checked": "2025-06-01"}
    yield record_of("factor", {"factor": f"F{number}", **goods, "value": str(factor), "from": "2020-01-01", **proof})
    owner = {"party": f"party {number}", "scheme": "ASI", "material": "aluminium", "input": "coc"}
    account = {"account": f"A{number}", "boundary": site, "product": f"product {number}", **owner}
    rules = {"unit": "TNE", "formula": "1", "expiry_months": "24", "period_months": "3", "evaluation_months": "12"}
    yield record_of("account", {**account, **rules, "from": "2025-01-01"})


def _postings(number: int, site: str, factor: Decimal, count: int, drawn: random.Random) -> Iterator[Record]:
    """Entries of a factor and withdrawals of no more than is there, each with what it credits and the balance after."""
    start, balance = parse_instant("2025-01-01", "start"), Decimal(0)
    for place in range(count):
        time = instant_text(start + place * APART)
        told_of = {
            "posting": f"A{number}-{place:05}",
            "account": f"A{number}",
            "unit": "TNE",
            "time": time,
            "site": site,
        }
        if balance < 1 or drawn.random() < 0.5:
            quantity = Decimal(drawn.randrange(1_000, 30_000)) / 1000
            change = quantity * factor
            used = {"factor": f"F{number}", "factor_value": str(factor)}
            told_of |= {"direction": "in", "input": "coc", "document": f"D{place}", **used}
        else:
            quantity = Decimal(drawn.randrange(1, int(balance * 1000))) / 1000
            change = -quantity
            told_of |= {"direction": "out", "claim": f"C{place}"}
        balance += change
        credits = {"quantity": str(quantity), "credited": str(abs(change)), "balance": str(balance)}
        yield record_of("posting", {**told_of, **credits})
