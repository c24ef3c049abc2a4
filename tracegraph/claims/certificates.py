"""The register of certificates: what state each was in at an instant, how it came to that, and what it covers.

Status comes from the certificate's dates and the recorded changes (kinds `certificate` and `status`). A change counts
from its effective date; one that is retroactive makes the certificate void from its issue, at every instant. After
withdrawal, revocation or cancellation nothing restores a certificate: a later change is listed, and refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracegraph.claims.row import Row
from tracegraph.claims.world import World
from tracegraph.model.instants import optional_text
from tracegraph.model.record_kinds import time_span

Json = dict[str, Any]
#: States in which a claim may rest on a certificate.
VALID_STATES = frozenset({"issued", "active", "restored", "extended"})
#: States that nothing ends.
FINAL_STATES = frozenset({"withdrawn", "revoked", "cancelled", "void"})


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a timeline: the `state` from `effective` on, when it was decided, entered and published, until when
    it was meant to last, and whether it is `refused`: recorded, but not possible after what went before."""

    state: str
    effective: int
    decided: int | None = None
    known: int | None = None
    until: int | None = None
    published: int | None = None
    retroactive: bool = False
    refused: bool = False
    note: str = ""
    record: Row | None = None

    def to_dict(self) -> Json:
        """As it stands in a report."""
        return {
            "state": self.state,
            "effective": optional_text(self.effective),
            "decided": optional_text(self.decided),
            "known": optional_text(self.known),
            "until": optional_text(self.until),
            "published": optional_text(self.published),
            "retroactive": self.retroactive,
            "refused": self.refused,
            "note": self.note,
            "record": None if self.record is None else self.record.shown(),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """The `state` of a certificate `at` an instant, since when, and the last instant of its life as far as known."""

    certificate: Row
    at: int
    state: str
    since: int | None
    expires: int | None
    change: Change | None = None

    @property
    def valid(self) -> bool:
        """Whether a claim may rest on it at that instant."""
        return self.state in VALID_STATES

    @property
    def evidence(self) -> tuple[Row, ...]:
        """The certificate, and the change that decided."""
        decided = self.change.record if self.change else None
        return (self.certificate,) if decided in (None, self.certificate) else (self.certificate, decided)

    def to_dict(self) -> Json:
        """As it stands in a report."""
        row = self.certificate
        return {
            "certificate": row.id,
            "scheme": row.text("scheme"),
            "standard": row.text("standard"),
            "holder": row.text("holder"),
            "body": row.text("body"),
            "stage": row.text("stage"),
            "sites": list(row.several("sites")),
            "products": list(row.several("products")),
            "models": list(row.several("models")),
            "issued": row.text("issued"),
            "registered": row.text("registered") or None,
            "at": optional_text(self.at),
            "state": self.state,
            "valid": self.valid,
            "since": optional_text(self.since),
            "expires": optional_text(self.expires),
            "change": self.change.to_dict() if self.change else None,
        }


@dataclass(frozen=True, slots=True)
class Scope:
    """Whether a certificate covers what was asked: yes, no, or None where it lists nothing of that sort."""

    site: bool | None = None
    product: bool | None = None
    model: bool | None = None

    @property
    def covered(self) -> bool | None:
        """No where any is not covered, None where that is not known of any, else yes."""
        said = (self.site, self.product, self.model)
        return False if False in said else None if None in said else True

    def to_dict(self) -> Json:
        """As it stands in a report."""
        return {"site": self.site, "product": self.product, "model": self.model, "covered": self.covered}


def register(world: World, at: int, scheme: str = "") -> list[Standing]:
    """How every certificate (of a scheme) stands at an instant, sorted by number."""
    rows = world.by("certificate", "scheme", scheme) if scheme else world.rows("certificate")
    return [standing(world, row, at) for row in rows]


def standing(world: World, certificate: Row, at: int) -> Standing:
    """How one certificate stands at an instant, as far as the world knows."""
    changes = [change for change in timeline(world, certificate) if not change.refused and change.effective <= at]
    void = [change for change in changes if change.state == "void"]
    decided = next(iter(void or reversed(changes)), None)
    expires = _expiry(certificate, changes)
    if decided is None:
        return Standing(certificate, at, "not_issued", None, expires)
    return Standing(certificate, at, decided.state, decided.effective, expires, decided)


def timeline(world: World, certificate: Row) -> tuple[Change, ...]:
    """Issue, every recorded change and expiry, in the order in which they take effect; what makes it void last."""
    return world.once(("timeline", certificate.id), lambda: _timeline(world, certificate))


def _timeline(world: World, certificate: Row) -> tuple[Change, ...]:
    issued = _instant(certificate, "issued")
    found = [Change("issued", issued, known=certificate.known, record=certificate)]
    void = []
    for row in sorted(world.by("status", "certificate", certificate.id), key=_order):
        if row.flag("retroactive"):
            void.append(_change(row, "void", issued, False))
            continue
        found += _ended(certificate, found, _instant(row, "effective"))
        found.append(_change(row, row.text("status"), _instant(row, "effective"), _refused(found, row)))
    return (*found, *_ended(certificate, found, None), *void)


def scope(certificate: Row, site: str = "", product: str = "", model: str = "") -> Scope:
    """Whether the certificate covers a site, a product and a model; what is not asked is covered."""
    return Scope(
        _listed(certificate, "sites", site),
        _listed(certificate, "products", product),
        _listed(certificate, "models", model.lower()),
    )


def held(world: World, holder: str, scheme: str, at: int) -> list[Standing]:
    """The certificates of a holder under a scheme, as they stand at an instant."""
    rows = (row for row in world.by("certificate", "holder", holder) if row.text("scheme") == scheme)
    return [standing(world, row, at) for row in rows]


def _order(row: Row) -> tuple[int, int, str]:
    return (_instant(row, "effective"), row.first("decided") or 0, row.id)


def _instant(row: Row, name: str) -> int:
    """The first instant of a time that every record of the kind has."""
    return time_span(row.data[name])[0]


def _ended(certificate: Row, changes: list[Change], before: int | None) -> list[Change]:
    """The expiry that comes before an instant (None: at all), unless the life is over already."""
    expires = _expiry(certificate, changes)
    over = _state(changes) in FINAL_STATES | {"expired"}
    if over or expires is None or (before is not None and before <= expires):
        return []
    return [Change("expired", expires + 1, record=certificate)]


def _state(changes: list[Change]) -> str:
    return [change.state for change in changes if not change.refused][-1]


def _refused(before: list[Change], row: Row) -> bool:
    """Whether the change cannot be: nothing follows an end but, after expiry, an extension or a graver end."""
    state = _state(before)
    after_expiry = FINAL_STATES | {"extended"}
    return state in FINAL_STATES or (state == "expired" and row.text("status") not in after_expiry)


def _change(row: Row, state: str, effective: int, refused: bool) -> Change:
    return Change(
        state,
        effective,
        row.first("decided"),
        row.known,
        row.last("until"),
        row.first("published"),
        bool(row.flag("retroactive")),
        refused,
        row.text("note"),
        row,
    )


def _expiry(certificate: Row, changes: list[Change]) -> int | None:
    """The last instant of its life: the printed one, or that of the last extension."""
    extended = [
        change.until for change in changes if change.state == "extended" and change.until and not change.refused
    ]
    return extended[-1] if extended else certificate.last("expires")


def _listed(certificate: Row, name: str, asked: str) -> bool | None:
    if not asked:
        return True
    listed = [one.lower() if name == "models" else one for one in certificate.several(name)]
    return asked in listed if listed else None
