"""Which parties are one: proposed by likeness, decided by a person (move `merge`), undone by one (move `split`)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tracegraph.model.values import value
from tracegraph.recall.case.move import Move
from tracegraph.trace.envelope import Json

#: What master data say of each thing, by the local names of attributes in lower case.
Described = Mapping[str, Mapping[str, object]]

_GLN = re.compile(r"/41[47]/([0-9]{13})(?:/|$)")
_NUMBER = re.compile(r"\d+")
_NO_LETTER = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Sameness:
    """What people decided: pairs (party, same as) that hold, in order, and pairs that were undone."""

    links: tuple[tuple[str, str], ...] = ()
    undone: frozenset[frozenset[str]] = frozenset()

    def of(self, party: str) -> str:
        """The party under which a party goes: of those that are one, the one that nobody said to be another."""
        group = self.group(party)
        named = group - {one for one, _ in self.links}
        return min(named or group)

    def group(self, party: str) -> frozenset[str]:
        """All parties that are one with a party, itself included."""
        found, pending = {party}, [party]
        while pending:
            near = self._next_to(pending.pop())
            pending += near - found
            found |= near
        return frozenset(found)

    def _next_to(self, party: str) -> set[str]:
        return {other for pair in self.links if party in pair for other in pair}


#: Nobody is one with anybody else.
NOBODY_ELSE = Sameness()


def sameness(moves: Iterable[Move]) -> Sameness:
    """What the moves of a case decide. A split undoes the last merge of a party; where it was merged into nothing, the
    last one of another party into it."""
    links: list[tuple[str, str]] = []
    undone: set[frozenset[str]] = set()
    for move in moves:
        party = move.text("party")
        if move.action == "merge" and party != move.text("same_as"):
            links.append((party, move.text("same_as")))
            undone.discard(frozenset(links[-1]))
        elif move.action == "split" and (link := _last(links, party)) is not None:
            links.remove(link)
            undone.add(frozenset(link))
    return Sameness(tuple(dict.fromkeys(links)), frozenset(undone))


def _last(links: Iterable[tuple[str, str]], party: str) -> tuple[str, str] | None:
    latest = list(links)[::-1]
    mine = [link for link in latest if link[0] == party] + [link for link in latest if link[1] == party]
    return mine[0] if mine else None


@value
class Proposal:
    """Two parties that may be one. `because`: `same_identifier`, `same_site` (one of them is the site, as some record
    does not say whose it is) or `similar_name`; `likeness`: of their names, 0 to 100."""

    party: str
    same_as: str
    because: str
    detail: str
    likeness: int | None = None

    def to_dict(self) -> Json:
        """As it is listed."""
        return {
            "party": self.party,
            "same_as": self.same_as,
            "because": self.because,
            "detail": self.detail,
            "likeness": self.likeness,
        }


def proposals(
    parties: Collection[str], described: Described, decided: Sameness, sites: Mapping[str, Collection[str]]
) -> list[Proposal]:
    """Pairs of parties that may be one, and of which nobody decided so or otherwise, sorted. `sites`: where each party
    had goods."""
    ordered = sorted(parties)
    found: dict[tuple[str, str], Proposal] = {}
    proposed = [*_by_identifier(ordered, described), *_by_site(ordered, sites), *_by_name(ordered, described)]
    for one in proposed:
        pair = frozenset((one.party, one.same_as))
        if pair not in decided.undone and one.same_as not in decided.group(one.party):
            found.setdefault((one.same_as, one.party), one)
    return [found[key] for key in sorted(found)]


def _by_site(parties: Collection[str], sites: Mapping[str, Collection[str]]) -> Iterator[Proposal]:
    known = set(parties)
    for party in parties:
        yield from (
            Proposal(site, party, "same_site", site) for site in sites.get(party, ()) if site in known - {party}
        )


def _by_identifier(parties: Iterable[str], described: Described) -> Iterator[Proposal]:
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for party in parties:
        for identifier in _identifiers(party, described.get(party, {})):
            owners[identifier].append(party)
    for (name, number), same in sorted(owners.items()):
        yield from (Proposal(other, same[0], "same_identifier", f"{name} {number}") for other in same[1:])


def _identifiers(party: str, told: Mapping[str, object]) -> set[tuple[str, str]]:
    """The numbers that name only one organisation; a GLN is one also where it stands in the key."""
    number = gln(party)
    found = {("gln", number)} if number else set()
    for name in _rules()["identifiers"]:
        said = _NO_LETTER.sub("", str(told.get(name) or "")).casefold()
        found |= {(name, said)} if said else set()
    return found


def _by_name(parties: Iterable[str], described: Described) -> Iterator[Proposal]:
    from rapidfuzz import fuzz, process  # few questions are about likeness

    names = {party: name for party in parties if (name := plain_name(str(described.get(party, {}).get("name") or "")))}
    ordered = list(names)
    texts = list(names.values())
    for number, party in enumerate(ordered):
        alike = process.extract(
            names[party], texts[:number], scorer=fuzz.token_sort_ratio, limit=None, score_cutoff=_rules()["least"]
        )
        for _, score, other in sorted(alike, key=lambda one: one[2]):
            if _NUMBER.findall(names[party]) != _NUMBER.findall(texts[other]):
                continue  # shop 1 is not shop 2
            said = str(described[ordered[other]].get("name"))
            yield Proposal(party, ordered[other], "similar_name", said, int(score))


def gln(key: str) -> str | None:
    """The global location number in the key of a party or a site."""
    match = _GLN.search(key)
    return match[1] if match else None


def plain_name(name: str) -> str:
    """A name as it is compared: small letters, no points, no legal form at its end."""
    words = _NO_LETTER.sub(" ", name.casefold().replace(".", "")).split()
    while len(words) > 1 and words[-1] in _rules()["legal_forms"]:
        words.pop()
    return " ".join(words)


@cache
def _rules() -> dict[str, Any]:
    text = files("tracegraph.recall.consignees").joinpath("likeness.json").read_text(encoding="utf-8")
    rules: dict[str, Any] = json.loads(text)
    return rules
