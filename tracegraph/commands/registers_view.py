"""Registers of the claim layer, for people."""

from __future__ import annotations

from tracegraph.commands.screen import Json, Sheet
from tracegraph.commands.session import Session

DECLARATIONS = ("declaration", "site", "product", "model", "charset", "from", "to", "in_force")
CERTIFICATES = ("certificate", "scheme", "holder", "state", "since", "expires")
CHANGES = ("state", "takes_effect", "decided", "known", "until", "published", "note")

ACCOUNTS = ("account", "product", "input", "balance", "unit", "lowest", "expires", "problem")
LINES = ("time", "posting", "direction", "quantity", "unit", "factor", "change", "balance")
LOTS = ("posting", "entered", "expires", "amount", "remains")
BLOCKS = ("first", "last", "count", "owner", "state", "since", "entry")
CONFLICTS = ("case", "first", "last", "count", "entry", "earlier")
FACTORS = ("factor", "input", "output", "value", "checked")
YIELDS = ("factor", "stock", "yield", "drift")
SUMS = ("opening", "entered", "withdrawn", "lapsed", "corrected", "closing")


def show_accounts(answer: Json, session: Session) -> None:
    """A line for each account."""
    _table(Sheet(session), ACCOUNTS, answer["result"]["accounts"])


def show_statement(answer: Json, session: Session) -> None:
    """The sums of the time, the movements, the credits that are left, and stock statements beside them."""
    sheet, told = Sheet(session), answer["result"]["statement"]
    span = {"since": told["from"][:10], "until": told["to"][:10]}
    sheet.print(sheet.word("account_statement", account=told["account"], unit=told["unit"], **span), "bold")
    for name in SUMS:
        sheet.bullet(f"{sheet.word('account_' + name)}: {told[name]}")
    sheet.print(sheet.word("account_signed" if told["signed"] else "account_unsigned"))
    for title, names, rows in (("lines", LINES, told["lines"]), ("lots", LOTS, told["lots"])):
        if rows:
            sheet.title(sheet.word(f"account_{title}"))
            _table(sheet, names, rows)
    for stock in answer["result"]["stock"]:
        sheet.bullet(sheet.word("account_stock", stock=stock["stock"], until=stock["to"][:10]))


def show_credits(answer: Json, session: Session) -> None:
    """The runs of serials of each registry, and what contradicts."""
    sheet = Sheet(session)
    for registry in answer["result"]["registries"]:
        sheet.title(registry["registry"])
        _table(sheet, BLOCKS, registry["blocks"])
        if registry["conflicts"]:
            sheet.title(sheet.word("credit_conflicts"))
            _table(sheet, CONFLICTS, registry["conflicts"])


def show_factors(answer: Json, session: Session) -> None:
    """A line for each factor, and one for each yield beside it."""
    sheet = Sheet(session)
    _table(sheet, FACTORS, answer["result"]["factors"])
    yields = [one for factor in answer["result"]["factors"] for one in factor["yields"]]
    if yields:
        sheet.title(sheet.word("factor_yields"))
        _table(sheet, YIELDS, yields)


def show_declarations(answer: Json, session: Session) -> None:
    """A line for each declared model."""
    _table(Sheet(session), DECLARATIONS, answer["result"]["declarations"])


def show_certificates(answer: Json, session: Session) -> None:
    """A line for each certificate, and the changes of one that was asked for."""
    sheet, result = Sheet(session), answer["result"]
    _table(sheet, CERTIFICATES, result["certificates"])
    if result.get("timeline"):
        sheet.title(sheet.word("certificate_changes"))
        _table(sheet, CHANGES, result["timeline"])


def _table(sheet: Sheet, names: tuple[str, ...], rows: list[Json]) -> None:
    cells = ([_cell(sheet, name, row) for name in names] for row in rows)
    sheet.table([f"column_{name}" for name in names], cells, len(rows))


def _cell(sheet: Sheet, name: str, row: Json) -> str:
    value = row["effective" if name == "takes_effect" else name]
    if name == "state":
        said = sheet.word(f"{'credit' if 'entry' in row else 'certificate'}_{value}")
        return f"{said} ({sheet.word('certificate_refused')})" if row.get("refused") else said
    if isinstance(value, bool):
        return sheet.word("yes" if value else "no")
    return "" if value is None else str(value)
