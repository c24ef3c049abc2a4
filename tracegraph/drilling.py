"""Recall drills from Python: held, ended, told again, planned. The command line calls this.

A part of `Tracegraph`, which says how to open a store and what identifiers, times and errors are; who acts is known as
in `Recalling`.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracegraph.answers import Answer
from tracegraph.clock import now
from tracegraph.model.instants import Moment, parse_instant
from tracegraph.recalling import Recalling


class Drilling(Recalling):
    """Drills; see Tracegraph and docs/drills.md."""

    def drill(
        self,
        unit: str | None = None,
        seed: int | None = None,
        product: str | None = None,
        site: str | None = None,
        targets: Sequence[str] = (),
        case: str = "",
        title: str = "",
        reason: str = "",
        keep_open: bool = False,
        actor: str = "",
    ) -> Answer:
        """Hold a drill (`result["drill"]`): find what is affected, trace both ways, account for all goods, and compare
        with the targets (those of these names; none: the usual ones). Without a unit a lot is drawn, the same again
        from the same `seed`, among those of a product or of a site. `keep_open`: do not complete the case.

        Raises UnknownIdentifier; UsageError for a target that there is not, or where there is no lot to draw from."""
        from tracegraph.intake.drilling import hold_drill, picked
        from tracegraph.recall.drills.answering import held_answer

        store, who = self._cases(), self._actor(actor)
        lot = picked(store, unit, now() if seed is None else seed, product, site)
        held = hold_drill(store, lot, now, who, reason, targets, case, title, keep_open, self.language)
        return self._answer(held_answer(held.drill, held.answer, self.language))

    def drill_finish(self, case: str, reason: str = "", actor: str = "") -> Answer:
        """End a drill that people hold, whose scope stands in its case: account for the goods of its lot, and judge it
        by when its moves were recorded. Raises UnknownIdentifier, IllegalMove; UsageError for a case that is no drill,
        or names no lot."""
        from tracegraph.intake.drilling import finish_drill
        from tracegraph.recall.drills.answering import held_answer

        held = finish_drill(self._cases(), case, now, self._actor(actor), reason, self.language)
        return self._answer(held_answer(held.drill, held.answer, self.language))

    def drill_show(self, case: str) -> Answer:
        """A drill as its case tells it. Raises UnknownIdentifier; UsageError for a case that is no drill."""
        from tracegraph.recall.drills.answering import drill_answer

        return self._answer(drill_answer(self._cases(), case, self.language))

    def drill_schedule(self, overdue_only: bool = False, on: Moment | None = None) -> Answer:
        """When the drill of each plan is due (`result["plans"]`), the most urgent first, now or at another time."""
        from tracegraph.recall.drills.answering import schedule_answer

        at = now() if on is None else parse_instant(str(on), "on", "end")
        return self._answer(schedule_answer(self._cases(), at, overdue_only, self.language))
