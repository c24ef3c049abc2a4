"""What rules found, for people: a verdict for each claim, then violations, missing evidence, unverified values."""

from __future__ import annotations

from collections.abc import Sequence

from tracegraph.commands.screen import Json, Sheet
from tracegraph.commands.session import Session

#: Outcomes in the order in which people want to read them, with the colour of each.
ORDER = {"FAIL": "red", "NE": "yellow", "PASS": "green"}


def show_claims(answer: Json, session: Session, whole: bool = False) -> None:
    """`whole`: also what passed, with formulas and evidence."""
    sheet, result = Sheet(session), answer["result"]
    for pack in result["packs"]:
        title = pack["title"].get(session.language, pack["title"]["en"])
        sheet.print(sheet.word("claims_pack", pack=pack["id"], version=pack["version"], title=title), "bold")
    for claim in sheet.capped(result["claims"]):
        sheet.bullet(claim["statement"][session.language])
    _summary(sheet, result["summary"])
    for outcome, colour in ORDER.items():
        if whole or outcome != "PASS":
            found = [one for one in result["findings"] if one["outcome"] == outcome]
            _findings(sheet, outcome, found, colour, whole)
    if result["unverified"]:
        sheet.print(sheet.word("claims_unverified", parameters=", ".join(result["unverified"])), "yellow")


def _summary(sheet: Sheet, rows: Sequence[Json]) -> None:
    columns = ("pack", "PASS", "FAIL", "NE", "NA")
    names = ("column_pack", "outcome_pass", "outcome_fail", "outcome_ne", "outcome_na")
    sheet.table(names, ([str(row[name]) for name in columns] for row in rows), len(rows))


def _findings(sheet: Sheet, outcome: str, findings: Sequence[Json], colour: str, whole: bool) -> None:
    if not findings:
        return
    sheet.title(sheet.word(f"outcome_{outcome.lower()}"))
    for finding in sheet.capped(findings):
        grade = f" ({sheet.word('severity_' + finding['severity'])})" if finding["severity"] else ""
        sheet.print(f"{finding['rule']}{grade}", colour)
        sheet.bullet(finding["text"][sheet.session.language], _formula(finding))
        if finding["correction"]:
            sheet.print(f"  {finding['correction'][sheet.session.language]}")
        if whole:
            _evidence(sheet, finding)


def _formula(finding: Json) -> str:
    """With the parameters that nobody verified."""
    doubtful = [f"{one['name']} = {one['value']} ?" for one in finding["parameters"] if not one["verified"]]
    return "; ".join(filter(None, [finding["formula"], *doubtful]))


def _evidence(sheet: Sheet, finding: Json) -> None:
    for one in finding["evidence"]:
        sheet.print("  " + " ".join(str(part) for part in one.values()))
