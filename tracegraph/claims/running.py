"""Run the rules of packs over a world: findings in an order that does not depend on that of the records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from tracegraph.claims.finding import Finding, Found, missing, written
from tracegraph.claims.outcome import Outcome
from tracegraph.claims.pack import Pack
from tracegraph.claims.rule import Parameters, Rule, UnsetParameter
from tracegraph.claims.texts import shared_texts
from tracegraph.claims.world import World

#: Said of a rule that is about nothing on record.
NOTHING = {"en": "nothing on record is subject to this rule", "zh": "没有记录适用本规则"}
UNSET = {
    "en": "the pack sets no value for the parameter {name}, so this cannot be evaluated",
    "zh": "规则包未设定参数 {name} 的值，因此无法评价",
}


def run(world: World, packs: Iterable[Pack], rules: frozenset[str] | None = None) -> list[Finding]:
    """What the rules of the packs (`rules`: only these) find, sorted by pack, rule, subject."""
    together = list(packs)
    schemes = {scheme: f"{pack.id} {pack.version}" for pack in together for scheme in pack.schemes}
    found = [
        finding
        for pack in together
        for rule in pack.rules
        if rules is None or rule.id in rules
        for finding in findings_of(world, pack, rule, schemes)
    ]
    return sorted(found, key=lambda finding: finding.order)


def findings_of(world: World, pack: Pack, rule: Rule, schemes: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """What one rule finds. `schemes`: which pack has the rules of each scheme."""
    parameters = Parameters(pack.parameters, schemes)
    try:
        found = list(rule.evaluate(world, parameters))
    except UnsetParameter as unset:
        found = [missing(("pack", pack.id), case="unset", words={"name": str(unset.args[0])})]
    for one in found or [Found(Outcome.NA, ("pack", pack.id))]:
        withheld = world.partial and one.outcome in rule.closed
        yield _finding(replace(one, outcome=Outcome.NE, case="withheld") if withheld else one, pack, rule, parameters)


def _finding(found: Found, pack: Pack, rule: Rule, parameters: Parameters) -> Finding:
    text = _said(_texts(pack, rule, found), found.words)
    correction = _said(pack.texts.get(rule.id, {}).get("correction", {}), found.words)
    severity = found.severity or rule.severity
    return Finding(rule.id, rule.clause, pack.id, pack.version, found, severity, parameters.used, text, correction)


def _texts(pack: Pack, rule: Rule, found: Found) -> Mapping[str, str]:
    if found.case == "unset":
        return UNSET
    if found.outcome is Outcome.NA and not found.case:
        return NOTHING
    case = found.case or found.outcome.value.lower()
    own = pack.texts.get(rule.id, {})
    return own[case] if case in own else shared_texts()[case]


def _said(texts: Mapping[str, str], words: Mapping[str, str | Decimal]) -> dict[str, str]:
    filled = {name: written(value) for name, value in words.items()}
    return {language: text.format_map(filled) for language, text in texts.items()}
