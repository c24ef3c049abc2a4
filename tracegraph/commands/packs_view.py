"""One rule pack, for people: where it comes from, its rules, its parameters and which of them nobody verified."""

from __future__ import annotations

from tracegraph.claims.pack import Pack
from tracegraph.commands.screen import Sheet
from tracegraph.commands.session import Session


def show_pack(pack: Pack, session: Session) -> None:
    """Headline, rules, parameters."""
    sheet = Sheet(session)
    title = pack.title.get(session.language, pack.title["en"])
    sheet.print(sheet.word("claims_pack", pack=pack.id, version=pack.version, title=title), "bold")
    sheet.print(pack.source)
    rules = [[rule.id, rule.clause, sheet.word(f"severity_{rule.severity}")] for rule in pack.rules]
    sheet.title(sheet.word("packs_rules"))
    sheet.table(("column_rule", "column_clause", "column_severity"), rules, len(rules))
    if pack.parameters:
        sheet.title(sheet.word("packs_parameters"))
        told = [
            [one.name, one.value, one.source, sheet.word("yes" if one.verified else "no")]
            for one in pack.parameters.values()
        ]
        sheet.table(("column_parameter", "column_value", "column_source", "column_verified"), told, len(told))
