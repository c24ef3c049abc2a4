"""What people see: sentences, tables and names, with rich, at sane widths on a terminal and in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracegraph.commands.output import printable
from tracegraph.commands.session import Session

if TYPE_CHECKING:
    from tracegraph.stores.port import Reading

#: In a pipe nothing is folded, unless COLUMNS says how wide the reader is.
WIDTH_IN_A_PIPE = 1000

#: Symbols of common units of measure (UN/ECE Recommendation 20 codes).
SYMBOLS = {"KGM": "kg", "GRM": "g", "MGM": "mg", "TNE": "t", "LBR": "lb", "LTR": "l", "MLT": "ml", "HLT": "hl"}

STYLES = {"confirmed": "green", "possible": "yellow"}

Json = dict[str, Any]


class Sheet:
    """Prints sentences, lists and tables in the language of the session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.console = Console(
            file=sys.stdout,
            width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_IN_A_PIPE,
            markup=False,
            emoji=False,
            highlight=False,
        )

    def word(self, key: str, /, **values: object) -> str:
        """A label or sentence in the language of this run."""
        return self.session.say(key, **values)

    def print(self, text: str = "", style: str = "") -> None:
        """A sentence; in a pipe on one line, however long."""
        self.console.print(Text(printable(text), style=style), soft_wrap=not self.console.is_terminal)

    def title(self, text: str) -> None:
        """What follows."""
        self.console.print()
        self.print(text, "bold")

    def bullet(self, text: str, further: str = "") -> None:
        """An item of a list, with a second line under it."""
        self.print(f"- {text}")
        if further:
            self.print(f"  {further}", "cyan")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], count: int) -> None:
        """Rows under the catalogue's words for the columns; of very many (`count`) only the first ones are made."""
        limit = self.session.rows or count
        heads = [self.word(column) for column in columns]
        cells = [[printable(cell) for cell in row] for row in islice(rows, limit)]
        lines = None if self.console.is_terminal else plain_lines([heads, *cells], self.console.width)
        if lines is None:
            self._print_table(heads, cells)
        else:
            for line in lines:
                print(line)
        if count > limit:
            self.print(self.word("rows_shown_here", shown=limit, count=count), "italic")

    def _print_table(self, heads: Sequence[str], cells: Iterable[Sequence[str]]) -> None:
        """In a pipe without the blanks that fill the last column."""
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in cells:
            table.add_row(*(Text(cell, style=self._style(cell)) for cell in row))
        if self.console.is_terminal:
            self.console.print(table)
            return
        with self.console.capture() as captured:
            self.console.print(table)
        for text in captured.get().splitlines():
            print(text.rstrip())

    def _style(self, cell: str) -> str:
        return next((style for word, style in STYLES.items() if cell == self.word(word)), "")

    def capped(self, items: Sequence[Any]) -> Sequence[Any]:
        """As many items as a list for people may have."""
        return items[: self.session.rows] if self.session.rows else items


def plain_lines(rows: Sequence[Sequence[str]], width: int) -> list[str] | None:
    """The lines of a table without colours, as rich would print them, which takes it a tenth of a second for a hundred
    rows; None where something would have to be folded, or rows are not of equal length."""
    if len(set(map(len, rows))) != 1:
        return None
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return None
    return [
        "  ".join(cell + " " * (most - cell_len(cell)) for cell, most in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


class Screen(Sheet):
    """Prints one answer. `position`: the ledger position at which names are read (None: as they are now)."""

    def __init__(self, session: Session, store: Reading, answer: Json) -> None:
        super().__init__(session)
        self.store = store
        self.position: int | None = answer["as_of"]["ledger"]["count"]

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of sites, parties and products that the partners gave."""
        found: dict[str, str] = {}
        for kind in ("product", "party", "site"):
            for stored in self.store.records(kind, at=self.position):
                name = stored.record.data.get("name")
                if name and not stored.record.withdrawn:
                    found[stored.record.id] = str(name)
        return found

    def named(self, key: str | None) -> str:
        """The name of a site or party, else its id."""
        return self.names.get(key or "", key or "")

    def named_fully(self, key: str) -> str:
        """Name and id."""
        return f"{self.names[key]} ({key})" if key in self.names else key

    def place(self, holding: Json) -> str:
        """The place of a holding, or of anything else with `place`."""
        kind, key = holding["place"]["kind"], holding["place"]["id"]
        match kind:
            case "site" | "party":
                return self.named(key)
            case "container":
                return self.word("inside", container=key)
            case "transit":
                to = holding.get("destination")
                return self.word("transit_to", place=self.named(to)) if to else self.word("transit")
            case "sink":
                return self.word("sink_of", step=key)
        return self.word("unknown")

    def amount(self, quantity: Json | None) -> str:
        """`75 kg`; `?` where the number is not known, nothing where no amount was recorded."""
        if quantity is None:
            return ""
        value = "?" if quantity["value"] is None else quantity["value"]
        unit = quantity["unit"]
        return f"{value} {SYMBOLS.get(unit, unit)}".strip()

    def certainty(self, thing: Json) -> str:
        """Confirmed or possible, in words."""
        return self.word(thing["certainty"])

    def starts(self, answer: Json) -> str:
        """What was asked, shortly."""
        named = [self._start(start) for start in answer["question"]["start"]]
        if len(named) > 3:
            return self.word("starts_and_more", first="; ".join(named[:2]), count=len(named) - 2)
        return "; ".join(named)

    def _start(self, start: Json) -> str:
        kind, key = next(iter(start.items()))
        if start.get("asked"):
            return f"{start['asked']} = {key}"
        return self.named(key) if kind in ("site", "party") else key

    def completeness(self, answer: Json) -> None:
        """Is the answer complete, and if not, why."""
        if answer["complete"]:
            self.print(self.word("complete"), "green")
            return
        why = [self.word("incomplete_limit_here", count=len(answer["frontier"]))] if answer["frontier"] else []
        left_out = answer["result"].get("paths_left_out")
        why += [left_out["message"]] if left_out else []
        hiding = incomplete_gaps(answer)
        why += [self.word("incomplete_gaps_here", gaps=self.session.counted("gap", len(hiding)))] if hiding else []
        self.print(self.word("incomplete_because", why="; ".join(why)), "yellow")

    def gaps(self, gaps: Sequence[Json], most: int) -> None:
        """What the records do not say and whom to ask, what may hide goods first."""
        if not gaps:
            return
        self.title(self.word("gaps_title"))
        for gap in gaps[:most]:
            self.bullet(self.with_names(gap["message"], gap), self.asking(gap))
        if len(gaps) > most:
            self.print(self.word("more_gaps", gaps=self.session.counted("gap", len(gaps) - most)), "italic")

    def asking(self, gap: Json) -> str:
        """Whom to ask."""
        return self.word("ask_them", whom="; ".join(self.named(key) for key in gap["ask"])) if gap["ask"] else ""

    def with_names(self, message: str, gap: Json) -> str:
        """The message with the place's name instead of its id."""
        place = gap["place"]
        return message.replace(place, self.names[place]) if place in self.names else message

    def next_steps(self, steps: Iterable[tuple[str, str]]) -> None:
        """Commands to try next, each with what it tells."""
        if not self.session.hints:
            return
        self.title(self.word("try_next"))
        for command, tells in steps:
            self.console.print(Text(f"  {printable(command)}", style="bold"), soft_wrap=True)
            self.print(f"      {tells}")


def incomplete_gaps(answer: Json) -> list[Json]:
    """The gaps that may hide goods."""
    from tracegraph.model.custody import INCOMPLETE_GAPS

    return [gap for gap in answer["gaps"] if gap["kind"] in INCOMPLETE_GAPS]


def ordered_gaps(answer: Json) -> list[Json]:
    """Gaps that may hide goods first."""
    from tracegraph.model.custody import INCOMPLETE_GAPS

    return sorted(answer["gaps"], key=lambda gap: gap["kind"] not in INCOMPLETE_GAPS)


def moment(text: str | None) -> str:
    """`2011-05-01 09:00`, in UTC; seconds only where there are any."""
    if text is None:
        return ""
    return text.replace("T", " ").removesuffix("Z").removesuffix(":00")


def quoted(text: str) -> str:
    """As a word for the shell."""
    import shlex

    return shlex.quote(text)
