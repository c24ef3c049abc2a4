"""ASI-PCT: no more output is sold as certified than the share of certified input allows, over a period of at most 12
months and the whole certification scope; no more eligible scrap either.

Source: the scheme's public pages on claims and on its material accounting tool. Input percentage = certified input /
(certified input + other input). With 50 % half of the output may be sold, each tonne of it as wholly certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from tracegraph.claims.finding import Found, Term, failed, missing, passed
from tracegraph.claims.material import CERTIFIED, REST, SCRAP, Book, Period
from tracegraph.claims.outcome import Severity
from tracegraph.claims.row import Row
from tracegraph.claims.rule import Parameters
from tracegraph.claims.world import World
from tracegraph.schemes.asi_coc.reading import kept, reckoned, shown, span, term, told, uncounted


def evaluate(world: World, parameters: Parameters) -> Iterator[Found]:
    """Each certified account in each period of its book; each scrap account too."""
    yield from uncounted(world, parameters)
    for book in kept(world, parameters):
        for account in book.of(*CERTIFIED):
            yield from _length(account, parameters)
        for period in reckoned(world, parameters, book):
            for account in book.of(*CERTIFIED):
                yield _within(account, book, period)
            for account in book.of(*SCRAP):
                yield _scrap_within(account, book, period)


def _length(account: Row, parameters: Parameters) -> Iterator[Found]:
    months, most = account.number("period_months"), parameters.number("period_months")
    if months is not None and months > most:
        words = {"account": account.id, "months": months, "most": most}
        yield failed(
            account,
            case="long",
            words=words,
            observed=months,
            limit=most,
            evidence=(account,),
            severity=Severity.MAJOR,
        )


def _unknown(account: Row, book: Book, period: Period, claimed: Fraction) -> Found | None:
    """What is missing for the limit: an account of other material, or any input."""
    words = {"account": account.id, "span": span(period.totals), "party": book.party, "material": book.material}
    window = (period.totals.first, period.totals.last)
    if not book.of(*REST):
        return missing(account, case="no_other", words=words, window=window, evidence=book.accounts)
    if period.share is None and claimed:
        return missing(account, words=words, window=window, evidence=book.accounts)
    return None


def _within(account: Row, book: Book, period: Period) -> Found:
    unknown = _unknown(account, book, period, max(period.claimed - period.carried, Fraction(0)))
    if unknown is not None:
        return unknown
    limit = period.allowed + period.carried
    return (failed if period.excess else passed)(
        account,
        words=_words(account, period, period.claimed, limit, period.excess),
        observed=shown(period.claimed),
        limit=shown(limit),
        formula=_formula(period),
        terms=_terms(period),
        window=(period.totals.first, period.totals.last),
        evidence=(account, *period.claims, *period.totals.postings("out", *CERTIFIED)),
    )


def _scrap_within(account: Row, book: Book, period: Period) -> Found:
    sold, of = period.totals.total("out", *SCRAP), period.totals
    unknown = _unknown(account, book, period, sold)
    if unknown is not None:
        return unknown
    say, case = (failed, "scrap_over") if period.scrap_excess else (passed, "scrap")
    certified, other, _, _, _ = _terms(period)
    out = term(of, "scrap out", "out", *SCRAP, "other_scrap")
    return say(
        account,
        case=case,
        words=_words(account, period, sold, period.allowed_scrap, period.scrap_excess),
        observed=shown(sold),
        limit=shown(period.allowed_scrap),
        formula=_share(shown(sold), certified, other, out, "", period.allowed_scrap),
        terms=(certified, other, out),
        window=(of.first, of.last),
        evidence=(account, *of.postings("out", *SCRAP)),
    )


def _words(
    account: Row, period: Period, claimed: Fraction, limit: Fraction, excess: Fraction
) -> dict[str, str | Decimal]:
    return {
        "account": account.id,
        "span": span(period.totals),
        "claimed": told(claimed),
        "limit": told(limit),
        "excess": told(excess),
        "percent": shown(round((period.share or Fraction(0)) * 100, 4)),
        "unit": period.totals.book.unit,
    }


def _terms(period: Period) -> tuple[Term, Term, Term, Term, Term]:
    of = period.totals
    return (
        term(of, "certified in", "in", *CERTIFIED),
        term(of, "other in", "in", *REST),
        term(of, "output", "out", *CERTIFIED, "other"),
        Term("claimed", shown(period.claimed), of.book.unit, period.claims or of.postings("out", *CERTIFIED)),
        Term("carried", shown(period.carried), of.book.unit),
    )


def _formula(period: Period) -> str:
    certified, other, output, claimed, carried = _terms(period)
    limit = period.allowed + period.carried
    return _share(claimed.value, certified, other, output, f" + {carried.value}" if period.carried else "", limit)


def _share(observed: str | Decimal, certified: Term, other: Term, out: Term, more: str, limit: Fraction) -> str:
    share = f"{certified.value} / ({certified.value} + {other.value}) x {out.value}"
    return f"{observed} <= {share}{more} = {shown(limit)}"
