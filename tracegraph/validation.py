"""What somebody who validates claims asks from Python: which claims the supplied records support.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tracegraph.answers import Answer
from tracegraph.clock import now
from tracegraph.model.instants import Moment
from tracegraph.opened import Opened

if TYPE_CHECKING:
    from tracegraph.recompile.entering import Entered


class Validating(Opened):
    """Claims and the rules they are under; see Tracegraph."""

    def check_claims(
        self,
        *about: str,
        packs: Iterable[str] = (),
        rules: Iterable[str] = (),
        valid: Moment | None = None,
        as_of: Moment | None = None,
    ) -> Answer:
        """What the supplied records support: `result["claims"]` has a verdict for each claim and pack, and
        `result["findings"]` what each rule found.

        `about`: numbers of claims, units, accounts, certificates, sites or parties (none: all); `packs`, `rules`:
        ids (none: all); `valid`: what became true later does not count. Never "compliant": supported, or not, or not
        evaluable. Raises UsageError for a pack or rule that there is not.
        """
        from tracegraph.claims.answering import check_claims
        from tracegraph.claims.question import asked_of_claims
        from tracegraph.schemes import packs as known

        self._allow("trace")
        chosen = known(tuple(packs))
        names = tuple(pack.id for pack in chosen)
        question = asked_of_claims(names, tuple(rules), about, valid, as_of)
        return self._answer(check_claims(self.store, question, chosen, self.language))

    def claim(
        self, claim: str, packs: Iterable[str] = (), valid: Moment | None = None, as_of: Moment | None = None
    ) -> Answer:
        """What the supplied records say of one claim, as `check_claims` does. Raises UnknownIdentifier where there is
        no such claim."""
        from tracegraph.claims.answering import known_claim

        answer = self.check_claims(claim, packs=packs, valid=valid, as_of=as_of)
        known_claim(answer.result, claim)
        return answer

    def certificates(
        self,
        scheme: str = "",
        holder: str = "",
        site: str = "",
        product: str = "",
        model: str = "",
        valid: bool = False,
        on: Moment | None = None,
        as_of: Moment | None = None,
    ) -> Answer:
        """How certificates stood at a date (`result["certificates"]`): of a scheme or holder, and those that cover a
        site, product and model or list nothing of that sort; `valid`: only those on which a claim could rest then."""
        from tracegraph.claims.registers import CertificatesWanted, certificates

        self._allow("read")
        wanted = CertificatesWanted.of(scheme, holder, site, product, model, valid)
        return self._answer(certificates(self.store, wanted, on, as_of, self.language))

    def certificate(self, number: str, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """One certificate as it stood at a date, with its changes (`result["timeline"]`). Raises UnknownIdentifier."""
        from tracegraph.claims.registers import certificate

        self._allow("read")
        return self._answer(certificate(self.store, number, on, as_of, self.language))

    def accounts(self, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """All accounts (`result["accounts"]`): what each holds at a date, what expires next, why one cannot be
        counted."""
        from tracegraph.claims.registers import accounts

        self._allow("read")
        return self._answer(accounts(self.store, on, as_of, self.language))

    def account(
        self, number: str, on: Moment | None = None, since: Moment | None = None, as_of: Moment | None = None
    ) -> Answer:
        """The statement of an account until a date (`result["statement"]`). Raises UnknownIdentifier; InputError where
        a posting cannot be counted."""
        from tracegraph.claims.registers import account

        self._allow("read")
        return self._answer(account(self.store, number, on, since, as_of, self.language))

    def close_period(self, account: str, on: Moment, reason: str, signed: str = "") -> Entered:
        """Close the period of an account in which `on` lies; no posting enters it any more. `signed`: the number of the
        person who signs."""
        from tracegraph.intake.closing import close_period

        self._allow("administer")
        store, actor = (self._guard.store, self._guard.caller.name) if self._guard else (self.store, "")
        return close_period(store, account, on, reason, now(), actor, signed)

    def factors(self, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """Conversion factors (`result["factors"]`), each with the yields of stock statements beside it."""
        from tracegraph.claims.registers import factors

        self._allow("read")
        return self._answer(factors(self.store, on, as_of, self.language))

    def declarations(self, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """Declared models (`result["declarations"]`), each with whether it holds at a date (`in_force`)."""
        from tracegraph.claims.registers import declarations

        self._allow("read")
        return self._answer(declarations(self.store, on, as_of, self.language))

    def credits(self, on: Moment | None = None, as_of: Moment | None = None) -> Answer:
        """Registries of credits (`result["registries"]`): runs of serials with owner and state, and contradictions."""
        from tracegraph.claims.registers import credits

        self._allow("read")
        return self._answer(credits(self.store, on, as_of, self.language))
