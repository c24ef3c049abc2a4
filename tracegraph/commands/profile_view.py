"""What records lack, for people: how complete each partner is, then the findings, event by event."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tracegraph.commands.screen import Json, Sheet
from tracegraph.commands.session import Session


def show_findings(answer: Json, session: Session) -> None:
    """A headline, the elements that are not always there, and one line for each finding."""
    sheet, result = Sheet(session), answer["result"]
    sheet.print(
        sheet.word(
            "key_data_headline",
            profile=result["profile"]["title"],
            events=session.counted("event", result["checked"]["checked"]),
            findings=session.counted("finding", result["found"]),
        ),
        "bold",
    )
    for name in ("others", "withheld"):
        if result["checked"][name]:
            sheet.print(sheet.word(f"key_data_{name}", events=session.counted("event", result["checked"][name])))
    for sentence in sheet.capped(result["rejected"]):
        sheet.print(sentence, "yellow")
    _completeness(sheet, [row for row in result["completeness"] if row["present"] < row["required"]])
    _findings(sheet, result["findings"])


def _completeness(sheet: Sheet, rows: list[Json]) -> None:
    if not rows:
        return
    sheet.title(sheet.word("key_data_incomplete"))
    sheet.table(
        ("partner", "kind_of_event", "key_data_element", "present", "required"),
        (
            [row["partner"] or "", row["kind_label"], row["label"], str(row["present"]), str(row["required"])]
            for row in rows
        ),
        len(rows),
    )


def _findings(sheet: Sheet, findings: list[Json]) -> None:
    if not findings:
        return
    sheet.title(sheet.word("findings_title"))
    for about, found in _by_event(list(sheet.capped(findings))):
        sheet.print(about, "cyan")
        for finding in found:
            sheet.bullet(f"{finding['message']} {finding['pointer']}")


def _by_event(findings: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    def about(finding: Json) -> str:
        where = [finding["file"] or "", finding["event_id"] or finding["event"]]
        return " ".join(filter(None, where))

    for name, found in groupby(findings, about):
        yield name, list(found)
