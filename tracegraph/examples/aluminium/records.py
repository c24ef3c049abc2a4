"""What the partners put on record besides events: certificates, accounts, postings, claims, documents, totals.

Rows by partner and kind, as tables hold them (tracegraph.model.record_kinds). With `faulty` they have the faults of
tracegraph.examples.aluminium.year.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tracegraph.examples.aluminium.events import lot, site
from tracegraph.examples.aluminium.year import (
    ALUMINA,
    EXTRUDED,
    EXTRUDER,
    INGOT,
    MAKER,
    OTHER_REFINERY,
    PROFILE,
    REFINERY,
    REMELTER,
    SMELTED,
    SMELTER,
    YEAR,
    Month,
)

Row = dict[str, str]
#: Who recorded a row, of which kind, and the row.
Told = tuple[str, str, Row]

SCHEME, CHARSET, CREDITS = "ASI", "ASI-ALUMINIUM", "ALUMINA-CREDITS"
HOLDERS = {
    "C-REF": (REFINERY, "mine_casthouse"),
    "C-SM": (SMELTER, "mine_casthouse"),
    "C-REM": (REMELTER, "scrap_casthouse"),
    "C-EX": (EXTRUDER, "post_casthouse"),
    "C-WM": (MAKER, "post_casthouse"),
}
#: The months in which the remelter's certificate was suspended, if the year is told with faults.
SUSPENDED = (f"{YEAR}-06-15", f"{YEAR}-09-01")


def records(months: Sequence[Month], faulty: bool) -> Iterator[Told]:
    """Every row."""
    yield from _scheme(faulty)
    yield from _smelter(months, faulty)
    yield from _extruder(months, faulty)
    yield from _credits(faulty)
    if faulty:
        yield from _maker()


def _scheme(faulty: bool) -> Iterator[Told]:
    """The characteristic, the certificates, the suppliers' approvals and the models."""
    yield REFINERY, "charset", {"charset": CHARSET, "attributes": "responsibly made aluminium", "scheme": SCHEME}
    for number, (holder, stage) in HOLDERS.items():
        dates = {"issued": f"{YEAR - 1}-01-01", "expires": f"{YEAR + 1}-12-31", "registered": f"{YEAR - 1}-01-02"}
        about = {"certificate": number, "scheme": SCHEME, "standard": "Chain of Custody", "holder": holder}
        yield holder, "certificate", {**about, "stage": stage, "sites": site(holder), "models": "mb", **dates}
    if faulty:
        for status, day in zip(("suspended", "restored"), SUSPENDED, strict=True):
            yield REMELTER, "status", {"certificate": "C-REM", "status": status, "decided": day, "effective": day}
    for who, partner in ((SMELTER, REFINERY), (EXTRUDER, SMELTER), (EXTRUDER, REMELTER)):
        about = {"kind": "supplier", "party": who, "partner": partner, "outcome": "pass"}
        for turn, day in enumerate((f"{YEAR}-01-01", f"{YEAR}-12-15"), 1):
            name = f"AP-{_short(who)}-{_short(partner)}-{turn}"
            yield who, "approval", {"approval": name, **about, "agreement": f"AG-{name}", "evaluated": day}
    for who, product in ((REFINERY, ALUMINA), (SMELTER, INGOT), (EXTRUDER, PROFILE)):
        seen = {"verification": f"V-{_short(who)}", "charset": CHARSET, "party": who, "site": site(who)}
        yield who, "verification", {**seen, "document": f"audit of {_short(who)}", "time": f"{YEAR - 1}-06-01"}
        about = {"declaration": f"D-{_short(who)}", "party": who, "site": site(who), "product": product}
        more = {
            "charset": CHARSET,
            "scheme": SCHEME,
            "model": "mb",
            "method": "credit",
            "reviewed": f"{YEAR - 1}-12-01",
        }
        months = {"balance_months": "12", "evaluation_months": "12", "from": f"{YEAR}-01-01"}
        yield who, "declaration", {**about, **more, **months}


def _smelter(months: Sequence[Month], faulty: bool) -> Iterator[Told]:
    factor = {"factor": "F-SM", "site": site(SMELTER), "input": ALUMINA, "output": INGOT, "value": str(SMELTED)}
    units = {"input_unit": "TNE", "output_unit": "TNE", "side": "entry", "evidence": "cell balance"}
    yield SMELTER, "factor", {**factor, **units, "from": f"{YEAR}-01-01"}
    yield SMELTER, "account", _account("SM-COC", SMELTER, INGOT, "coc")
    yield SMELTER, "account", _account("SM-OTH", SMELTER, INGOT, "other")
    for month in months:
        made = {"factor": "F-SM", "site": site(SMELTER), "product": ALUMINA}
        came = _posting(month, "SM-COC", "in", month.certified, 3, **made, input="coc")
        paper = {"certificate": "C-REF", "document": f"CD-{month.lot('AC')}"}
        goods = {"goods": lot(ALUMINA, month.lot("AC"))}
        yield SMELTER, "posting", {**came, **paper, **goods}
        yield SMELTER, "posting", _posting(month, "SM-OTH", "in", month.other, 4, **made, input="other")
        yield from _sale(month, SMELTER, "SM", INGOT, "IN", month.sold, 12, EXTRUDER, faulty and month.number == 11)
        rest = month.other * SMELTED
        yield SMELTER, "posting", _posting(month, "SM-OTH", "out", rest, 12, site=site(SMELTER), product=INGOT)
        yield (
            REFINERY,
            "document",
            _paper(month, "AC", REFINERY, SMELTER, "C-REF", month.certified, 2, ALUMINA, "alumina"),
        )
        yield REFINERY, "claim", _claim(month, "K-REF", REFINERY, ALUMINA, "AC", month.certified, 2, "C-REF")
        yield SMELTER, "support", {"claim": month.lot("K-SM"), "by": "claim", "reference": month.lot("K-REF")}
    yield SMELTER, "annual", _totals(months, faulty)


def _extruder(months: Sequence[Month], faulty: bool) -> Iterator[Told]:
    factor = {"factor": "F-EX", "site": site(EXTRUDER), "input": INGOT, "output": PROFILE, "value": str(EXTRUDED)}
    units = {"input_unit": "TNE", "output_unit": "TNE", "side": "entry", "evidence": "press book"}
    yield EXTRUDER, "factor", {**factor, **units, "from": f"{YEAR}-01-01"}
    yield EXTRUDER, "account", _account("EX-COC", EXTRUDER, PROFILE, "coc")
    yield EXTRUDER, "account", _account("EX-OTH", EXTRUDER, PROFILE, "other")
    for month in months:
        made = {"factor": "F-EX", "site": site(EXTRUDER), "product": INGOT}
        came = _posting(month, "EX-COC", "in", month.sold, 13, **made, input="coc")
        goods = {"goods": lot(INGOT, month.lot("IN"))}
        yield EXTRUDER, "posting", {**came, **goods, "certificate": "C-SM", "document": f"CD-{month.lot('IN')}"}
        yield EXTRUDER, "posting", _posting(month, "EX-OTH", "in", month.other * SMELTED, 13, **made, input="other")
        yield from _sale(month, EXTRUDER, "EX", PROFILE, "PR", month.claimed, 24, MAKER, faulty=False)
        rest = month.other * SMELTED * EXTRUDED
        yield EXTRUDER, "posting", _posting(month, "EX-OTH", "out", rest, 24, site=site(EXTRUDER), product=PROFILE)
        yield EXTRUDER, "support", {"claim": month.lot("K-EX"), "by": "claim", "reference": month.lot("K-SM")}
    july = months[6]
    extra = _posting(july, "EX-COC", "in", Decimal(10), 15, site=site(EXTRUDER), product=INGOT, factor="F-EX")
    paper = {"certificate": "C-REM", "document": "CD-REM-07"}
    yield EXTRUDER, "posting", {**extra, "posting": "EX-COC-REM-07", "input": "coc", **paper}
    document = _paper(july, "REM", REMELTER, EXTRUDER, "C-REM", Decimal(10), 14, INGOT, "aluminium")
    yield REMELTER, "document", {**document, "document": "CD-REM-07"}


def _sale(
    month: Month,
    who: str,
    short: str,
    product: str,
    goods: str,
    amount: Decimal,
    day: int,
    buyer: str,
    faulty: bool,
) -> Iterator[Told]:
    """Goods that leave with a claim: the posting, the chain-of-custody document (with 5 t more, if `faulty`), the
    claim."""
    out = _posting(month, f"{short}-COC", "out", amount, day, site=site(who), product=product)
    more = {"goods": lot(product, month.lot(goods)), "claim": month.lot(f"K-{short}")}
    yield who, "posting", {**out, **more, "document": f"CD-{month.lot(goods)}"}
    stated = amount + 5 if faulty else amount
    yield who, "document", _paper(month, goods, who, buyer, f"C-{short}", stated, day, product, "aluminium")
    yield who, "claim", _claim(month, f"K-{short}", who, product, goods, amount, day, f"C-{short}")


def _claim(
    month: Month, name: str, who: str, product: str, goods: str, amount: Decimal, day: int, certificate: str
) -> Row:
    about = {"claim": month.lot(name), "party": who, "site": site(who), "product": product}
    what = {"goods": lot(product, month.lot(goods)), "scheme": SCHEME, "model": "mb", "charset": CHARSET}
    shown = {"quantity": f"{amount:f}", "unit": "TNE", "percent": "100", "certificate": certificate, "shown": "yes"}
    words = {"text": f"{amount:f} t by mass balance; the physical content may differ"}
    account = {} if name == "K-REF" else {"account": f"{name.removeprefix('K-')}-COC"}
    return {**about, **what, **shown, **words, **account, "made": month.day(day), "sold": "yes"}


def _posting(month: Month, account: str, direction: str, amount: Decimal, day: int, **more: str) -> Row:
    number = f"{account}-{direction.upper()}-{month.number:02}"
    what = {"posting": number, "account": account, "direction": direction, "quantity": f"{amount:f}", "unit": "TNE"}
    return {**what, "time": month.day(day), **more}


def _paper(
    month: Month,
    goods: str,
    issuer: str,
    recipient: str,
    certificate: str,
    amount: Decimal,
    day: int,
    product: str,
    material: str,
) -> Row:
    about = {"document": f"CD-{month.lot(goods)}", "type": "coc", "issuer": issuer, "recipient": recipient}
    what = {"product": product, "material": material, "quantity": f"{amount:f}", "unit": "TNE", "model": "mb"}
    words = {"certificate": certificate, "statement": "ASI material by mass balance"}
    return {**about, **what, **words, "date": month.day(day)}


def _account(number: str, who: str, product: str, kind: str) -> Row:
    about = {"account": number, "party": who, "boundary": site(who), "product": product, "input": kind}
    rule = {"charset": CHARSET, "scheme": SCHEME, "unit": "TNE", "formula": "1", "material": "aluminium"}
    period = {"period_months": "12", "evaluation_months": "12", "expiry_months": "12", "carry": "next"}
    return {**about, **rule, **period, "from": f"{YEAR}-01-01"}


def _totals(months: Sequence[Month], faulty: bool) -> Row:
    """The smelter's six totals of aluminium; the forgotten month is missing from the certified input."""
    entered = sum((month.certified for month in (months[:-1] if faulty else months)), Decimal(0)) * SMELTED
    other = sum((month.other for month in months), Decimal(0)) * SMELTED
    sold = sum((month.sold for month in months), Decimal(0))
    told = {"coc_in": entered, "coc_out": sold, "scrap_in": 0, "scrap_out": 0, "other_in": other, "other_out": other}
    about = {"party": SMELTER, "year": str(YEAR), "material": "aluminium", "unit": "TNE"}
    return {**about, **{name: f"{amount:f}" for name, amount in told.items()}, "reported": f"{YEAR + 1}-02-01"}


def _credits(faulty: bool) -> Iterator[Told]:
    """The other refinery's credits for alumina: one hundred, of which sixty are redeemed, and then the rest."""
    about = {"registry": "R-ALUMINA", "owner": OTHER_REFINERY, "product": ALUMINA, "charset": CHARSET, "unit": "TNE"}
    entry = {
        **about,
        "action": "issue",
        "first": "1",
        "last": "100",
        "volume": "100",
        "market": "M-1",
        "removed": "yes",
    }
    yield OTHER_REFINERY, "credit", {**entry, "entry": "CR-1", "time": f"{YEAR}-03-01"}
    for number, first, last, day in (("CR-2", 1, 60, "04-01"), ("CR-3", 51 if faulty else 61, 100, "05-01")):
        for action, suffix in (("redeem", ""), ("cancel", "-C")):
            serials = {"first": str(first), "last": str(last), "action": action, "time": f"{YEAR}-{day}"}
            yield OTHER_REFINERY, "credit", {**about, **serials, "entry": f"{number}{suffix}"}


def _maker() -> Iterator[Told]:
    """Metal of its own scrap, which no company behind the casthouse can make certified."""
    yield MAKER, "account", _account("WM-REC", MAKER, INGOT, "recycled")
    what = {"posting": "WM-REC-IN-08", "account": "WM-REC", "direction": "in", "quantity": "4", "unit": "TNE"}
    yield MAKER, "posting", {**what, "time": f"{YEAR}-08-20", "site": site(MAKER), "input": "recycled"}


def with_faults(told: Told) -> Told:
    """The row as it stands in the faulty year: two claims say more, or less, than they may."""
    who, kind, row = told
    if kind == "claim" and row["claim"] == "K-EX-09":
        return who, kind, {**row, "model": "sg", "as_found": "yes"}
    if kind == "claim" and row["claim"] == "K-EX-10":
        return who, kind, {**row, "percent": "40"}
    return told


def _short(party: str) -> str:
    return {REFINERY: "REF", SMELTER: "SM", REMELTER: "REM", EXTRUDER: "EX", OTHER_REFINERY: "ORE", MAKER: "WM"}[party]
