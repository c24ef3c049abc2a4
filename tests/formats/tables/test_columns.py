"""Which column is which: by name, told, or guessed and then said to be a guess."""

from __future__ import annotations

import pytest

from tracegraph.errors import InputError, UsageError
from tracegraph.formats.tables.columns import Layout, layout
from tracegraph.formats.tables.kinds import kind_named, table_kinds, template
from tracegraph.formats.tables.reading import Sheet, read_sheets
from tracegraph.model.record_kinds import record_kinds


def found(*rows: tuple[str, ...], told: dict[str, str] | None = None) -> Layout | None:
    return layout(Sheet("", rows), table_kinds().values(), told)


@pytest.mark.parametrize("kind", table_kinds())
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_is_recognised_without_a_guess(kind: str, language: str, form: str) -> None:
    sheet = read_sheets(template(kind, form, language), "template")[0]
    best = layout(sheet, table_kinds().values())
    assert best is not None
    assert (best.kind.name, best.guessed, best.found) == (kind, (), frozenset(table_kinds()[kind].columns))


def test_every_kind_of_record_has_a_template() -> None:
    sheet, about = read_sheets(template("case", "xlsx", "en"), "case.xlsx")
    assert sheet.rows[0][0] == "Pseudonymous case number"
    assert about.rows[1] == ("case", "Pseudonymous case number", "假名病例编号", "pseudonym", "required")
    with pytest.raises(UsageError, match="'casse' is no kind of table"):
        kind_named("casse")
    with pytest.raises(UsageError, match="not as 'pdf'"):
        template("case", "pdf", "en")


def test_names_stand_below_titles_and_state_units() -> None:
    best = found(
        ("Deliveries of the year",),
        (),
        ("Lieferschein-Nr.", "Lieferant", "KUNDE", "Charge", "Menge [kg]", "Lieferdatum", "Preis"),
    )
    assert best is not None
    assert (best.kind.name, best.row, best.missing(), best.guessed) == ("deliveries", 3, [], ())
    assert [(chosen.ours, chosen.measure) for chosen in best.columns] == [
        ("delivery", ""),
        ("from", ""),
        ("to", ""),
        ("lot", ""),
        ("quantity", "KGM"),
        ("date", ""),
        ("", ""),
    ]


def test_what_is_only_alike_is_a_guess() -> None:
    best = found(("Lott Number", "Supliers", "Customer", "Shipped"))
    assert best is not None
    assert [(chosen.header, chosen.ours) for chosen in best.guessed] == [("Lott Number", "lot"), ("Supliers", "from")]
    assert all(80 <= chosen.likeness < 100 for chosen in best.guessed)


def test_what_was_told_is_no_guess() -> None:
    told = {"Wer": "from", "An wen": "to", "deliveries:Tag": "date", "Lot": ""}
    best = found(("Wer", "An wen", "Tag", "Lot", "Nr"), told={**told, "Nr": "lot"})
    assert best is not None
    assert (best.guessed, best.told) == ((), {"Wer": "from", "An wen": "to", "Tag": "date", "Nr": "lot"})


def test_two_columns_of_one_meaning_are_asked() -> None:
    with pytest.raises(InputError, match="'Supplier' and 'Sender' can both be from; say which with --columns"):
        found(("Supplier", "Sender", "To", "Lot", "Date"))


def test_what_names_no_columns_is_no_table() -> None:
    assert found(("a", "b"), ("1", "2")) is None
    assert found(("Lot",)) is None
    lacking = found(("Lot", "Date", "To"))
    assert lacking is not None
    assert lacking.missing() == ["from"]


@pytest.mark.parametrize("kind", sorted(record_kinds()))
def test_a_column_named_like_a_field_is_that_field(kind: str) -> None:
    """A label of another field must not take it: `unit` once was the column of what is labelled Unit."""
    known = kind_named(kind)
    names = list(known.columns)
    (sheet,) = read_sheets((",".join(names) + "\n" + ",".join("1" for _ in names) + "\n").encode(), "table.csv")
    found = layout(sheet, [known])
    assert found is not None
    assert [chosen.ours for chosen in found.columns] == names
