"""Which findings are about what was asked for, and which about one claim."""

from __future__ import annotations

from collections import defaultdict
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


class Deciding:
    """Findings by what they are about, so that those by which each of many claims stands or falls are found at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._findings = tuple(findings)
        self._places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, finding in enumerate(self._findings):
            for key in _keys(finding):
                self._places[key].append(place)

    def of_claim(self, claim: Row) -> Iterator[Finding]:
        """The findings about a claim, about the account and certificate on which it stands, and about what was posted
        for it (or for no claim in particular) to that account; in order, each once."""
        keys = [("claim", claim.id), (_POSTED_FOR, claim.id)]
        keys += [(kind, claim.text(name)) for kind, name in STANDS_ON if claim.given(name)]
        keys += [(_POSTED_TO, claim.text("account"))] if claim.given("account") else []
        for place in sorted({place for key in keys for place in self._places.get(key, ())}):
            yield self._findings[place]


#: Keys of findings about a posting: by the claim for which it is, or else by its account.
_POSTED_FOR, _POSTED_TO = "posted for", "posted to"


def _keys(finding: Finding) -> Iterator[tuple[str, ...]]:
    yield finding.found.subject
    about = finding.found.about
    if isinstance(about, Row) and about.kind == "posting":
        yield (_POSTED_FOR, about.text("claim")) if about.given("claim") else (_POSTED_TO, about.text("account"))


def _named(finding: Finding) -> Iterator[tuple[str, str]]:
    for one in finding.found.evidence:
        yield _name(one)


def _name(one: Row | Evidence) -> tuple[str, str]:
    return (one.kind, one.id) if isinstance(one, Row) else (one.get("kind", ""), one.get("id", ""))
