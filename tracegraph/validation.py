"""What somebody who validates claims asks from Python: which claims the supplied records support.

A part of `Tracegraph`, which says how to open a store and what starts, times and errors are.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracegraph.answers import Answer
from tracegraph.model.instants import Moment
from tracegraph.opened import Opened


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
