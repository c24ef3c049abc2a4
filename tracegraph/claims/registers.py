"""The registers of the claim layer as answers: certificates as they stood at a date, accounts with their balances.

The envelope is that of every answer; `result` names the register and lists its entries, sorted by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracegraph.claims.accounts.statement import accounts as account_register
from tracegraph.claims.accounts.statement import statement, stock_on
from tracegraph.claims.accounts.yields import factors as factor_register
from tracegraph.claims.certificates import Standing, register, scope, standing, timeline
from tracegraph.claims.credits.registry import registries
from tracegraph.claims.declarations import declarations as declaration_register
from tracegraph.claims.models import Model
from tracegraph.claims.world import World, world_at
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.identifiers import canonical, location, party
from tracegraph.messages import Language
from tracegraph.model.instants import Moment, known_until, optional_text, parse_instant
from tracegraph.stores.port import Reading
from tracegraph.trace.answering import answering
from tracegraph.trace.envelope import Json, envelope
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail


@dataclass(frozen=True, slots=True)
class RegisterQuestion:
    """Which register, at which date (`on`, an instant; None: as known last), as known when, and what else was asked."""

    kind: str
    asked: Json
    on: int | None = None
    as_of: int | None = None

    @property
    def direction(self) -> str:
        """Registers are looked at, not followed."""
        return "backward"

    def to_dict(self) -> Json:
        """As it stands in the answer."""
        return {"kind": self.kind, **self.asked, "on": optional_text(self.on), "as_of": optional_text(self.as_of)}


def question_of(kind: str, on: Moment | None, as_of: Moment | None, **asked: Any) -> RegisterQuestion:
    """The question that somebody wrote; a date is the whole day. Raises UsageError for what is no time."""
    at = None if on is None else parse_instant(on, "on", "end")
    return RegisterQuestion(kind, asked, at, known_until(as_of))


@dataclass(frozen=True, slots=True)
class CertificatesWanted:
    """Which certificates: of a scheme, a holder; that cover a site, product and model; only valid ones. Empty: any."""

    scheme: str = ""
    holder: str = ""
    site: str = ""
    product: str = ""
    model: str = ""
    valid: bool = False

    @classmethod
    def of(
        cls, scheme: str = "", holder: str = "", site: str = "", product: str = "", model: str = "", valid: bool = False
    ) -> CertificatesWanted:
        """With canonical identifiers; raises UsageError for what is none, and for a model that there is not."""
        if model and model.casefold() not in set(Model):
            raise UsageError(f"{model!r} is no model; choose one of {', '.join(Model)}")
        return cls(
            scheme,
            party(holder) if holder else "",
            location(site) if site else "",
            canonical(product) if product else "",
            model.casefold(),
            valid,
        )

    def to_dict(self) -> Json:
        """As it stands in the answer."""
        return {
            "scheme": self.scheme or None,
            "holder": self.holder or None,
            "site": self.site or None,
            "product": self.product or None,
            "model": self.model or None,
            "valid": self.valid,
        }


def certificates(
    store: Reading,
    wanted: CertificatesWanted,
    on: Moment | None = None,
    as_of: Moment | None = None,
    language: Language = "en",
) -> Answered:
    """How certificates stood at a date (`result["certificates"]`), each with whether it covers what was asked.

    Whether one covers something is null where it lists nothing of that sort; such ones are listed too.
    """
    question = question_of("certificates", on, as_of, **wanted.to_dict())

    def told(world: World, at: int) -> Json:
        known = [one for one in register(world, at, wanted.scheme) if _is_wanted(one, wanted)]
        return {"certificates": [one.to_dict() | {"scope": _scope(one, wanted)} for one in known]}

    return answer_of(store, question, told, language)


def certificate(
    store: Reading, number: str, on: Moment | None = None, as_of: Moment | None = None, language: Language = "en"
) -> Answered:
    """One certificate as it stood at a date, with all its changes (`result["timeline"]`). Raises UnknownIdentifier."""
    question = question_of("certificate", on, as_of, certificate=number)

    def told(world: World, at: int) -> Json:
        row = world.row("certificate", number)
        if row is None:
            raise UnknownIdentifier(
                f"no certificate {number!r} is on record; `certificates list` names those that are", number
            )
        changes = [change.to_dict() for change in timeline(world, row)]
        return {"certificates": [standing(world, row, at).to_dict()], "timeline": changes}

    return answer_of(store, question, told, language)


def answer_of(
    store: Reading,
    question: RegisterQuestion,
    told: Callable[[World, int], Json],
    language: Language,
    until: int | None = None,
) -> Answered:
    """The answer that `told` gives of the world as known (`until`: without what became true later), at the asked date,
    else at the last known instant."""
    with answering(store):
        snapshot = Snapshot.of(store, question.as_of)
        at = question.on if question.on is not None else snapshot.known or 0
        result = told(world_at(snapshot, until), at)
        return Answered(envelope(snapshot, question, result, [], (), language), Trail.empty())


def _is_wanted(one: Standing, wanted: CertificatesWanted) -> bool:
    if wanted.holder and one.certificate.text("holder") != wanted.holder:
        return False
    covers = scope(one.certificate, wanted.site, wanted.product, wanted.model).covered
    return covers is not False and (one.valid or not wanted.valid)


def _scope(one: Standing, wanted: CertificatesWanted) -> Json:
    return scope(one.certificate, wanted.site, wanted.product, wanted.model).to_dict()


def accounts(
    store: Reading, on: Moment | None = None, as_of: Moment | None = None, language: Language = "en"
) -> Answered:
    """All accounts as a register (`result["accounts"]`): what each holds, what expires next, and why one cannot be
    counted."""

    def told(world: World, at: int) -> Json:
        return {"accounts": list(account_register(world))}

    asked = question_of("accounts", on, as_of)
    return answer_of(store, asked, told, language, asked.on)


def account(
    store: Reading,
    number: str,
    on: Moment | None = None,
    since: Moment | None = None,
    as_of: Moment | None = None,
    language: Language = "en",
) -> Answered:
    """The statement of an account (`result["statement"]`) until a date, from the begin of the period in which it lies
    or from `since`; of a site's stock beside it (`result["stock"]`) the last statement until then. Raises
    UnknownIdentifier for an account that is not on record, InputError for one that cannot be counted."""
    begin = None if since is None else parse_instant(since, "since")
    asked = question_of("account", on, as_of, account=number, since=optional_text(begin))

    def told(world: World, at: int) -> Json:
        row = world.row("account", number)
        if row is None:
            raise UnknownIdentifier(f"there is no account {number!r}; `accounts list` names those on record", number)
        stocks = (stock_on(world, site, at, row.text("product")) for site in row.several("boundary"))
        return {
            "statement": statement(world, number, asked.on, begin).to_dict(),
            "stock": [{"stock": one.id, **one.data} for one in stocks if one is not None],
        }

    return answer_of(store, asked, told, language, asked.on)


def factors(
    store: Reading, on: Moment | None = None, as_of: Moment | None = None, language: Language = "en"
) -> Answered:
    """The conversion factors (`result["factors"]`), each with the yields of stock statements beside it."""

    def told(world: World, at: int) -> Json:
        return {"factors": list(factor_register(world))}

    asked = question_of("factors", on, as_of)
    return answer_of(store, asked, told, language, asked.on)


def declarations(
    store: Reading, on: Moment | None = None, as_of: Moment | None = None, language: Language = "en"
) -> Answered:
    """The declared models (`result["declarations"]`), each with whether it holds at the date."""

    def told(world: World, at: int) -> Json:
        return {"declarations": list(declaration_register(world, at))}

    return answer_of(store, question_of("declarations", on, as_of), told, language)


def credits(
    store: Reading, on: Moment | None = None, as_of: Moment | None = None, language: Language = "en"
) -> Answered:
    """The registries of credits (`result["registries"]`): runs of serials with owner and state, and contradictions."""

    def told(world: World, at: int) -> Json:
        return {"registries": [one.to_dict() for one in registries(world)]}

    asked = question_of("credits", on, as_of)
    return answer_of(store, asked, told, language, asked.on)
