"""One case as its documents tell it: what they are all made from, each thing worked out once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.messages import Language
from tracegraph.recall.accounting import Accounting, accounting, accounting_json
from tracegraph.recall.accounting.consigned import parties_of
from tracegraph.recall.accounting.figures import figures
from tracegraph.recall.case.casefile import CaseFile, case_file
from tracegraph.recall.case.version import ScopeVersion
from tracegraph.recall.consignees.listing import Consignee, Consignees, consignees
from tracegraph.recall.effectiveness import Effectiveness, effectiveness
from tracegraph.recall.notices.following import Standing, standings
from tracegraph.recall.notices.notice import Notice
from tracegraph.recall.notices.preparing import notices_of, to_prepare
from tracegraph.reports.documents.recall.known import Known
from tracegraph.reports.documents.recall.subject import Address, People, Subject
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.trace.envelope import Json
from tracegraph.trace.register import Register
from tracegraph.trace.resolve import master_data
from tracegraph.trace.snapshot import Snapshot


@dataclass
class ToldCase:
    """A case as known at a snapshot, in the version of its scope that is asked for (None: the approved one, else the
    newest)."""

    snapshot: Snapshot
    case: CaseFile
    version: ScopeVersion | None
    people: People
    language: Language

    @classmethod
    def of(cls, snapshot: Snapshot, wanted: Wanted, language: Language) -> ToldCase:
        """The case that a document is wanted of. Raises UsageError without one, UnknownIdentifier where nobody opened
        it or it has no such version."""
        if not wanted.case:
            raise UsageError(f"the report {wanted.kind} is of a recall case; give its number")
        case = case_file(snapshot.store, wanted.case, snapshot.position)
        return cls(snapshot, case, _version(case, wanted.version), wanted.people, language)

    def before(self, snapshot: Snapshot) -> ToldCase:
        """The same case as it was known before."""
        case = case_file(snapshot.store, self.case.id, snapshot.position)
        return ToldCase(snapshot, case, case.approved or case.scope, self.people, self.language)

    @property
    def subject(self) -> Subject:
        """The case as every document names it."""
        version = self.version
        return Subject(
            self.case.id,
            self.case.type,
            self.case.state,
            self.case.facts,
            None if version is None else version.number,
            "" if version is None else json.dumps(version.question, ensure_ascii=False, sort_keys=True),
            self.snapshot.known,
            self.snapshot.head,
            self.people,
        )

    @cached_property
    def consignees(self) -> Consignees:
        """Who got goods in scope."""
        return consignees(self.snapshot, self.case, self.version)

    def consignee(self, key: str) -> Consignee | None:
        """The consignee that a party is."""
        return self._by_party.get(key)

    @cached_property
    def _by_party(self) -> dict[str, Consignee]:
        return {party: one for one in self.consignees.rows for party in (*one.parties, one.id)}

    @cached_property
    def accounting(self) -> Accounting:
        """Where the goods are, and what each consignee says, exactly."""
        return accounting(self.case, Register(self.snapshot), parties_of(self.consignees, self.case))

    @cached_property
    def account(self) -> Json:
        """The same as it is told."""
        return accounting_json(self.case, self.accounting, language=self.language)

    @cached_property
    def figures(self) -> Json:
        """The figures of a status report of this moment."""
        return figures(self.case, self.accounting, self.snapshot.known or 0)

    @cached_property
    def disagreeing(self) -> frozenset[str]:
        """The consignees whose replies contradict something."""
        return frozenset(one["consignee"] for one in self.account["consignees"] if one["contradicts"])

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """How the notice to each consignee stands."""
        return {one.known.consignee: one for one in standings(self.case, self.disagreeing)}

    @cached_property
    def checks(self) -> Effectiveness:
        """The log of checks."""
        return effectiveness(self.case)

    def notice(self, name: str) -> Notice:
        """The notice of that number, or to the consignee of that key. Raises UnknownIdentifier where there is none,
        UsageError for another version than the approved one, Refused where none is."""
        approved = self.case.approved
        if approved is not None and self.version is not None and self.version.number != approved.number:
            raise UsageError(
                f"notices are of the approved scope version, which is {approved.number}; leave out another"
            )
        every = [*to_prepare(self.case, self.consignees), *notices_of(self.case, self.consignees)]
        for one in every:
            if name in (one.id, one.consignee.id, *one.consignee.parties):
                return one
        raise UnknownIdentifier(
            f"case {self.case.id} has no notice to {name!r}; see its consignees",
            name,
            tuple(one.id for one in every[:3]),
        )

    @cached_property
    def owner(self) -> Address | None:
        """The case owner, as a letter names it."""
        name = self.case.facts.get("owner")
        if not name:
            return None
        return self.address(str(name), str(self.case.facts.get("contact") or "") or None)

    def address(self, key: str, contact: str | None = None) -> Address:
        """A party or site as master data describe it."""
        said = self.described.get(key, {})
        parts = ", ".join(str(said[name]) for name in _STREET if said.get(name))
        country = said.get("country") or said.get("countrycode")
        return Address(key, str(said.get("name") or "") or None, parts or None, str(country or "") or None, contact)

    def named(self, key: str) -> str:
        """A party, site or product by its name; by its identifier where it has none."""
        return self.known.name(key) or key

    def lot(self, number: str) -> str:
        """A unit by its lot or serial number; by its identifier where several of the scope have the same number."""
        short = self.known.lot(number)
        return number if self._numbers[short] > 1 else short

    def lots(self, units: Iterable[str]) -> list[tuple[str, str, str | None]]:
        """What the lot numbers of a document stand for: identifier and product."""
        return [(self.lot(unit), unit, self.known.named(self.known.product_of(unit))) for unit in sorted(set(units))]

    @cached_property
    def _numbers(self) -> Counter[str]:
        return Counter(self.known.lot(unit) for unit in (self.version.units() if self.version else ()))

    @cached_property
    def known(self) -> Known:
        """What things are called."""
        return Known(self.snapshot)

    @cached_property
    def described(self) -> dict[str, dict[str, object]]:
        """What master data say of parties, sites and products."""
        from tracegraph.trace.profiles.records import described_things  # it brings the readers of events

        return described_things(master_data(self.snapshot))

    def consignee_address(self, key: str) -> Address:
        """A consignee as a letter names it: of several sites, the first one with an address."""
        one = self.consignee(key)
        if one is None:
            return self.address(key)
        site = next((site for site in one.sites if site.address), None) or next(iter(one.sites), None)
        contact = self.address(one.id)
        return Address(
            one.id,
            one.name or contact.name,
            (site.address if site else "") or contact.address,
            (site.country if site else "") or contact.country,
            self._signers.get(one.id),
        )

    @cached_property
    def _signers(self) -> dict[str, str]:
        """Who signed the last signed reply of each consignee."""
        signed = [move for move in self.case.of("reply") if move.text("signer")]
        return {self.consignee_id(move.text("consignee")): move.text("signer") for move in signed}

    def consignee_id(self, party: str) -> str:
        """The consignee that a party is; the party itself where it is none."""
        one = self.consignee(party)
        return one.id if one else party

    @cached_property
    def replied(self) -> dict[str, set[str]]:
        """Of which units each consignee replied."""
        found: dict[str, set[str]] = {}
        for row in self.account["consignees"]:
            if row["reply"] is not None:
                found.setdefault(row["consignee"], set()).add(row["unit"])
        return found


_STREET = ("streetaddressone", "streetaddresstwo", "postalcode", "city", "state")


def _version(case: CaseFile, number: int | None) -> ScopeVersion | None:
    if number is None:
        return case.approved or case.scope
    found = next((one for one in case.versions if one.number == number), None)
    if found is None:
        known = ", ".join(str(one.number) for one in case.versions) or "none yet"
        raise UnknownIdentifier(f"case {case.id} has no scope version {number}; there are: {known}", str(number))
    return found
