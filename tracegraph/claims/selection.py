"""Which findings are about what was asked for, and which about one claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tracegraph.claims.finding import Evidence, Finding
from tracegraph.claims.row import Row
from tracegraph.claims.world import World

#: Fields of a claim that name other records on which it stands or falls.
STANDS_ON = (("account", "account"), ("certificate", "certificate"))
#: Fields by which a claim is about something that a question may name.
IS_ABOUT = ("goods", "party", "site", "account", "certificate", "product", "document", "charset")


def chosen_claims(world: World, about: Iterable[str]) -> tuple[Row, ...]:
    """The claims that have one of these numbers, or are about one of these things; sorted by id."""
    names = frozenset(about)
    return tuple(row for row in world.rows("claim") if row.id in names or any(row.text(f) in names for f in IS_ABOUT))


def asked_for(
    findings: Iterable[Finding], names: frozenset[str], of_each: Mapping[str, Iterable[Finding]]
) -> list[Finding]:
    """The findings about one of these names or about one of the claims, and those by which a claim stands or falls
    (`of_each`): a verdict never rests on a finding that is not told beside it."""
    deciding = {id(finding) for told in of_each.values() for finding in told}
    claims = frozenset(of_each)
    return [finding for finding in findings if id(finding) in deciding or about_any(finding, names, claims)]


def about_any(finding: Finding, names: frozenset[str], claims: frozenset[str]) -> bool:
    """Whether a finding is about one of these names, or about one of the claims."""
    kind, id = finding.found.subject
    if id in names or (kind == "claim" and id in claims):
        return True
    return any(id in claims or id in names for _, id in _named(finding))


def of_claim(findings: Iterable[Finding], claim: Row) -> Iterator[Finding]:
    """The findings about a claim, about the account and certificate on which it stands, and about what was posted for
    it (or for no claim in particular) to that account."""
    subjects = {("claim", claim.id)} | {(kind, claim.text(name)) for kind, name in STANDS_ON if claim.given(name)}
    for finding in findings:
        if finding.found.subject in subjects or _posted_for(finding.found.about, claim):
            yield finding


def _posted_for(about: Row | tuple[str, str], claim: Row) -> bool:
    if not isinstance(about, Row) or about.kind != "posting":
        return False
    if about.given("claim"):
        return about.text("claim") == claim.id
    return claim.given("account") and about.text("account") == claim.text("account")


def _named(finding: Finding) -> Iterator[tuple[str, str]]:
    for one in finding.found.evidence:
        yield _name(one)


def _name(one: Row | Evidence) -> tuple[str, str]:
    return (one.kind, one.id) if isinstance(one, Row) else (one.get("kind", ""), one.get("id", ""))
