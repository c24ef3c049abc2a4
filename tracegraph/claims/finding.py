"""What a rule found: errors are values, with what they are about and the evidence for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracegraph.claims.outcome import Outcome, Severity
from tracegraph.claims.row import Row
from tracegraph.model.instants import optional_text
from tracegraph.model.quantity import decimal_text

Json = dict[str, Any]
#: What evidence is: a record (`{"kind", "id"}`), or events, units and places of the custody graph.
Evidence = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a formula: what it is called, its number or text, its unit, and the records behind it."""

    name: str
    value: Decimal | str
    unit: str = ""
    records: tuple[Row, ...] = ()

    def to_dict(self) -> Json:
        """As it stands in a report."""
        value = decimal_text(self.value) if isinstance(self.value, Decimal) else self.value
        return {"name": self.name, "value": value, "unit": self.unit, "records": [row.shown() for row in self.records]}


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of one subject.

    `outcome`; `about`: the record or the (kind, id) that it is about; `case`: which of the rule's texts says it (empty:
    the one named after the outcome); `words`: what stands in the text's places, numbers as Decimals; `observed` and
    `limit`: what was found and what was allowed; `formula` as text with its `terms`; `window` and `due` as instants;
    `evidence`: records and parts of the custody graph; `severity`: where it is not the rule's own.
    """

    outcome: Outcome
    about: Row | tuple[str, str]
    case: str = ""
    words: Mapping[str, str | Decimal] = field(default_factory=dict)
    observed: str | Decimal = ""
    limit: str | Decimal = ""
    formula: str = ""
    terms: tuple[Term, ...] = ()
    window: tuple[int | None, int | None] = (None, None)
    evidence: tuple[Row | Evidence, ...] = ()
    detected: int | None = None
    due: int | None = None
    severity: Severity | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """Kind and id of what it is about."""
        return (self.about.kind, self.about.id) if isinstance(self.about, Row) else self.about


def passed(about: Row | tuple[str, str], **told: Any) -> Found:
    """The records support it."""
    return Found(Outcome.PASS, about, **told)


def failed(about: Row | tuple[str, str], **told: Any) -> Found:
    """The records contradict it."""
    return Found(Outcome.FAIL, about, **told)


def missing(about: Row | tuple[str, str], **told: Any) -> Found:
    """The records do not say enough: not evaluable."""
    return Found(Outcome.NE, about, **told)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or text that a rule used: its clause or source, and whether that was verified in public text."""

    name: str
    value: str
    verified: bool
    source: str = ""

    def to_dict(self) -> Json:
        """As it stands in a report."""
        return {"name": self.name, "value": self.value, "verified": self.verified, "source": self.source}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a report: what a rule of a pack said of one subject, in words of two languages."""

    rule: str
    clause: str
    pack: str
    version: str
    found: Found
    severity: Severity
    parameters: tuple[Parameter, ...]
    text: Mapping[str, str]
    correction: Mapping[str, str]

    @property
    def outcome(self) -> Outcome:
        """PASS, FAIL, NE or NA."""
        return self.found.outcome

    @property
    def order(self) -> tuple[Any, ...]:
        """What findings are sorted by: it does not depend on the order of the records."""
        found = self.found
        return (self.pack, self.rule, *found.subject, found.window[0] or 0, found.outcome, self.text.get("en", ""))

    def to_dict(self) -> Json:
        """As it stands in a report, keys in order."""
        found = self.found
        kind, id = found.subject
        return {
            "rule": self.rule,
            "clause": self.clause,
            "pack": self.pack,
            "version": self.version,
            "outcome": found.outcome.value,
            "severity": self.severity.value if found.outcome is Outcome.FAIL else None,
            "subject": {"kind": kind, "id": id},
            "window": {"from": optional_text(found.window[0]), "to": optional_text(found.window[1])},
            "observed": written(found.observed),
            "limit": written(found.limit),
            "formula": found.formula,
            "terms": [term.to_dict() for term in found.terms],
            "evidence": [shown(one) for one in found.evidence],
            "parameters": [parameter.to_dict() for parameter in self.parameters],
            "detected": optional_text(found.detected),
            "due": optional_text(found.due),
            "text": dict(self.text),
            "correction": dict(self.correction) if found.outcome in (Outcome.FAIL, Outcome.NE) else {},
        }


def written(value: str | Decimal) -> str:
    """A number as its plain decimal text."""
    return decimal_text(value) if isinstance(value, Decimal) else value


def shown(one: Row | Evidence) -> Json:
    """A piece of evidence as a report names it."""
    return one.shown() if isinstance(one, Row) else dict(one)


def unverified(findings: Sequence[Finding]) -> list[str]:
    """The names of the unverified parameters that any of these used, sorted."""
    return sorted({one.name for finding in findings for one in finding.parameters if not one.verified})
