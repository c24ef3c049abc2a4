"""The list of consignees: one for each legal party, with all of its sites, and everything in scope that came to it.

Source: recall practice (21 CFR 7.49 and 7.53, the list of recipients of food alerts): tier, role, name, address, lots,
deliveries, confirmed or possible. Parties are one where a person said so; notices go to sites.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracegraph.model.grading import Grade
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.recall.case.casefile import CaseFile
from tracegraph.recall.case.version import ScopeVersion
from tracegraph.recall.consignees.delivery import Astray, Delivery, Distribution, Made
from tracegraph.recall.consignees.distributing import distribution
from tracegraph.recall.consignees.parties import Described, Proposal, Sameness, proposals, sameness
from tracegraph.recall.consignees.told import Passed, passed_on
from tracegraph.trace.envelope import Json
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot

#: The classes of a scope whose units are notified, and whether a unit in them is confirmed to be affected.
NOTIFIED = {"implicated": True, "affected": True, "possible": False}
_ADDRESS = ("streetaddressone", "streetaddresstwo", "city", "state", "postalcode")


@value
class Address:
    """A site (or, of a party without a known one, the party). What master data do not say is empty."""

    id: str
    name: str
    address: str
    country: str

    def to_dict(self) -> Json:
        """As it is listed."""
        return {"id": self.id, "name": self.name, "address": self.address, "country": self.country}


@value
class Consignee:
    """One legal party that got goods in scope. `parties`: under which keys records know it; `tier`: 1 for a direct
    account of the owner, more for further ones, None where its goods did not come from the owner; `role`: what it did
    with them: `processor`, `retailer`, `distributor`, `keeper` (they still belonged to the owner), `maker` (it got
    none, it made them), `recipient`; `passed`: what others say they passed on to it; `grade`: how well all of it is
    evidenced."""

    id: str
    parties: tuple[str, ...]
    name: str
    tier: int | None
    role: str
    sites: tuple[Address, ...]
    deliveries: tuple[Delivery, ...]
    made: tuple[Made, ...]
    passed: tuple[Passed, ...]
    grade: str

    @property
    def confirmed(self) -> bool:
        """Whether a record shows that something affected came to it."""
        return any(one.confirmed for one in self.deliveries)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the lots and items concerned, as it knows them."""
        found = {number for one in self.deliveries for number in one.numbers}
        found |= {number for one in self.made for number in one.numbers}
        return tuple(sorted(found | {one.number for one in self.passed}))

    def to_dict(self) -> Json:
        """As it is listed, for who works on the case."""
        return {
            "id": self.id,
            "parties": list(self.parties),
            "name": self.name,
            "tier": self.tier,
            "role": self.role,
            "certainty": "confirmed" if self.confirmed else "possible",
            "grade": self.grade,
            "sites": [one.to_dict() for one in self.sites],
            "lots": list(self.numbers),
            "deliveries": [one.to_dict() for one in self.deliveries],
            "made": [one.to_dict() for one in self.made],
            "passed": [one.to_dict() for one in self.passed],
        }


class Delivered(NamedTuple):
    """A delivery as an account takes it. `sender`: the consignee that sent it on; empty: the owner did."""

    consignee: str
    unit: str
    quantity: Quantity | None
    sender: str


@dataclass(frozen=True, slots=True)
class Consignees:
    """All consignees of a case, by tier, then id. `unseen`: owners with whom no record shows any goods; `astray`:
    shipments of which nobody knows where they went; `proposals`: parties that may be one."""

    owners: tuple[str, ...]
    unseen: tuple[str, ...]
    rows: tuple[Consignee, ...]
    astray: tuple[Astray, ...]
    proposals: tuple[Proposal, ...]
    same: Sameness

    def of(self, party: str) -> Consignee | None:
        """The consignee that a party is."""
        return next((one for one in self.rows if party == one.id or party in one.parties), None)

    def delivered(self) -> list[Delivered]:
        """Every delivery once, for the account."""
        return [
            Delivered(row.id, one.unit, one.quantity, self._sender(one)) for row in self.rows for one in row.deliveries
        ]

    def _sender(self, one: Delivery) -> str:
        if one.tier == 1:
            return ""
        return self.same.of(next(iter((*one.sent_by, *one.senders)), UNKNOWN))

    def to_dict(self) -> Json:
        """As it is answered."""
        return {
            "owners": list(self.owners),
            "unseen": list(self.unseen),
            "consignees": [one.to_dict() for one in self.rows],
            "astray": [one.to_dict() for one in self.astray],
            "proposals": [one.to_dict() for one in self.proposals],
        }


#: A sender of whom the records say nothing.
UNKNOWN = "unknown"


def consignees(snapshot: Snapshot, case: CaseFile, version: ScopeVersion | None = None) -> Consignees:
    """The consignees of a version of a case's scope (the approved one, else the newest), as known now: who got the
    goods may be learnt after the scope was settled."""
    chosen = version or case.approved or case.scope
    units = units_of(chosen) if chosen else {}
    owner = case.facts.get("owner")
    same = sameness(case.moves)
    found = distribution(snapshot, units, sorted(same.group(str(owner))) if owner else (), same)
    return listed(found, described(snapshot), same, case)


def units_of(version: ScopeVersion) -> dict[str, bool]:
    """The units whose consignees are notified, and whether each is confirmed to be affected. What was merely exposed,
    or cleared, is not among them."""
    return {one.unit: NOTIFIED[one.scope_class] for one in version.entries if one.scope_class in NOTIFIED}


def described(snapshot: Snapshot) -> Described:
    """What master data say of parties and sites, by the local names of attributes in lower case."""
    from tracegraph.trace.profiles.records import described_things  # it brings the readers of events

    return described_things(one for one in master_data(snapshot) if one.kind in ("party", "site"))


def listed(found: Distribution, things: Described, same: Sameness, case: CaseFile | None = None) -> Consignees:
    """The consignees of a distribution, parties that are one together."""
    parties = {one.receiver for one in found.deliveries} | {one.holder for one in found.made} | {*found.sites}
    told = passed_on(case.moves, lambda key: key in parties or key in things) if case else []
    told = [one for one in told if same.of(one.to) not in {same.of(owner) for owner in found.owners}]
    rows = _Rows(found, things, same, told).rows()
    every = {party for row in rows for party in row.parties}
    named = {**things, **{one.to: {"name": one.name} for one in told if one.to not in things}}
    return Consignees(
        found.owners, found.unseen, tuple(rows), found.astray, tuple(proposals(every, named, same, found.sites)), same
    )


class _Rows:
    def __init__(self, found: Distribution, things: Described, same: Sameness, told: Sequence[Passed]) -> None:
        self._found, self._things, self._same = found, things, same
        self._deliveries: dict[str, list[Delivery]] = defaultdict(list)
        self._made: dict[str, list[Made]] = defaultdict(list)
        self._passed: dict[str, list[Passed]] = defaultdict(list)
        for delivery in found.deliveries:
            self._deliveries[delivery.receiver].append(delivery)
        for made in found.made:
            self._made[made.holder].append(made)
        for passed in told:
            self._passed[same.of(passed.to)].append(passed)

    def rows(self) -> list[Consignee]:
        """By tier, those without one last, then by id."""
        tiers = self._tiers()
        found = [self._row(name, tiers.get(name)) for name in {**self._deliveries, **self._made, **self._passed}]
        return sorted(found, key=lambda one: (one.tier is None, one.tier or 0, one.id))

    def _tiers(self) -> dict[str, int]:
        """The least of the deliveries with a certain sender, else of all; of those whom others named, one more than
        that of who named them."""
        known = {name: counts for name, found in self._deliveries.items() if (counts := _known_tiers(found))}
        tiers = {name: min(counts) for name, counts in known.items()}
        for _ in range(len(self._passed)):  # who was named may name others
            for name, told in self._passed.items():
                tellers = [tiers[teller] for one in told if (teller := self._same.of(one.teller)) in tiers]
                if tellers and name not in known:
                    tiers[name] = min(tellers) + 1
        return tiers

    def _row(self, name: str, tier: int | None) -> Consignee:
        parties = tuple(sorted(self._same.group(name)))
        deliveries, told = tuple(self._deliveries.get(name, ())), tuple(self._passed.get(name, ()))
        return Consignee(
            name,
            parties,
            self._name((name, *parties), told),
            tier,
            self._role(parties, bool(deliveries or told)),
            self._sites(parties),
            deliveries,
            tuple(self._made.get(name, ())),
            told,
            _grade(deliveries),
        )

    def _name(self, parties: Iterable[str], told: Sequence[Passed]) -> str:
        names = [str(said) for party in parties if (said := self._things.get(party, {}).get("name"))]
        return next(iter([*names, *(one.name for one in told if one.name)]), "")

    def _role(self, parties: Collection[str], got: bool) -> str:
        found = self._found
        if not got:
            return "maker"
        for role, those in (
            ("processor", found.used), ("retailer", found.sold), ("distributor", found.onward), ("keeper", found.kept),
        ):  # fmt: skip
            if any(party in those for party in parties):
                return role
        return "recipient"

    def _sites(self, parties: Iterable[str]) -> tuple[Address, ...]:
        """All sites that had something, by id; where none is known, the parties."""
        sites = {site for party in parties for site in self._found.sites.get(party, ())}
        return tuple(self._address(site) for site in sorted(sites or set(parties)))

    def _address(self, site: str) -> Address:
        said = self._things.get(site, {})
        parts = (str(said[name]) for name in _ADDRESS if said.get(name))
        country = str(said.get("country") or said.get("countrycode") or "")
        return Address(site, str(said.get("name") or ""), ", ".join(parts), country)


def _known_tiers(deliveries: Iterable[Delivery]) -> list[int]:
    """Those of deliveries with a certain sender; where there are none, of all."""
    told = [(one.tier, bool(one.sent_by)) for one in deliveries if one.tier is not None]
    return [tier for tier, certain in told if certain] or [tier for tier, _ in told]


def _grade(deliveries: Iterable[Delivery]) -> str:
    documented = any(one.documents for one in deliveries)
    return (Grade.DOCUMENTED if documented else Grade.STATED).value
