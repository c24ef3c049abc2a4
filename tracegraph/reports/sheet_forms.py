"""Which exports are sheets of chosen events, and what may be chosen: little enough to be known before any is made."""

from __future__ import annotations

from dataclasses import dataclass

from tracegraph.errors import UsageError
from tracegraph.model.instants import Moment

#: The forms that are sheets (tracegraph.reports.sortable).
SHEET_FORMS = ("fsma204", "eu931")


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """What is asked for; nothing: everything. `lots`: by any identifier, each number of a lot means all of them;
    `product`: a GTIN, or words of its description or commodity; `since`, `until`: when the event was, both included;
    `partner`: a party or site that takes part."""

    lots: tuple[str, ...] = ()
    product: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    partner: str | None = None

    def told(self) -> dict[str, str]:
        """As names and values, for the sheet to say what was asked for."""
        wanted = {
            "lot": " ".join(self.lots),
            "product": self.product,
            "from": self.since,
            "to": self.until,
            "partner": self.partner,
        }
        return {name: str(value) for name, value in wanted.items() if value}


def sheet_choice(
    form: str,
    lots: tuple[str, ...] = (),
    product: str | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    partner: str | None = None,
) -> SheetChoice | None:
    """What is chosen of a sheet; None for a form that is no sheet. UsageError where rows of such a one are chosen."""
    choice = SheetChoice(lots, product, since, until, partner)
    if form in SHEET_FORMS:
        return choice
    if choice != SheetChoice():
        raise UsageError(f"lot, product, from, to and partner choose rows of a sheet; {form} is none")
    return None
