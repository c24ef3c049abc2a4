"""Lists of an answer as tables: CSV for spreadsheets, data frames for analysts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tracegraph.errors import UsageError
from tracegraph.formats.tables.writing import neutral
from tracegraph.trace.envelope import Json

if TYPE_CHECKING:
    import pandas as pd

#: The lists of an answer; a table has the first that is not empty.
_LISTS = (
    "cases",
    "recalls",
    "holds",
    "consignees",
    "holdings",
    "units",
    "sites",
    "parties",
    "products",
    "findings",
    "timeline",
    "certificates",
    "accounts",
)


def csv_text(answer: Json, more: Iterable[list[str]] = ()) -> str:
    """The answer as CSV: rows `question`, `as of`, `complete`, `more` and one for each gap, an empty row, then the
    holdings (where there are none the units, or what else was searched for; of an account its lines) under their column
    names. Cells that a spreadsheet would run as a formula begin with an apostrophe.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    rows = _rows(answer["result"])
    for row in _head(answer, more):
        writer.writerow([neutral(cell) for cell in row])
    writer.writerow([])
    flat = [flattened(row) for row in rows]
    columns = _columns(flat)
    writer.writerow(columns)
    for cells in flat:
        writer.writerow([neutral(_cell(cells.get(name))) for name in columns])
    return file.getvalue()


def _rows(result: Json) -> list[Json]:
    """What an answer is about: the lines of an account, metric or ranking, what was done in a case of recall,
    else the first list with something in it."""
    for name in ("balance", "metrics", "sources"):
        if isinstance(result.get(name), dict):  # the sources of an origin are a list beside its holdings
            found: list[Json] = result[name]["rows"]
            return found
    if "statement" in result:
        lines: list[Json] = result["statement"]["lines"]
        return lines
    for name, part in (("recall", "done"), ("account", "rows")):
        if isinstance(result.get(name), dict):
            listed_there: list[Json] = result[name][part]
            return listed_there
    return next((listed for name in _LISTS if (listed := result.get(name))), [])


def _head(answer: Json, more: Iterable[list[str]]) -> Iterable[list[str]]:
    yield ["tracegraph", answer["tracegraph"]]
    yield ["question", json.dumps(answer["question"], ensure_ascii=False)]
    yield [
        "as of",
        answer["as_of"]["known"] or "",
        _cell(answer["as_of"]["ledger"]["count"]),
        answer["as_of"]["ledger"]["head"],
    ]
    yield ["complete", "true" if answer["complete"] else "false"]
    yield from more
    for entry in answer["frontier"]:
        yield ["frontier", *(_cell(value) for value in entry.values())]
    for gap in answer["gaps"]:
        yield ["gap", gap["kind"], gap["unit"], gap["place"], gap["event"], "; ".join(gap["ask"]), gap["message"]]


def flattened(row: Json) -> Json:
    """Nested objects as columns such as `place.kind`."""
    found: Json = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": deeper for inner, deeper in value.items()}
        else:
            found[name] = value
    return found


def data_frame(rows: Sequence[Json]) -> pd.DataFrame:
    """One row for each object. Raises UsageError where pandas is not installed."""
    try:
        import pandas as pd
    except ImportError:
        raise UsageError(
            "data frames need pandas, which is not installed; run pip install 'tracegraph[data]'"
        ) from None
    flat = [flattened(row) for row in rows]
    return pd.DataFrame(flat, columns=_columns(flat))


def _columns(rows: Sequence[Json]) -> list[str]:
    """All columns in the order in which they first appear; a column that is nowhere an object loses to its parts."""
    found = dict.fromkeys(name for row in rows for name in row)
    parts = {name.partition(".")[0] for name in found if "." in name}
    return [name for name in found if name not in parts]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else str(value)
