"""The recall case that a document is about: what stands at its head and its end, and how its facts are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from tracegraph.messages import Language, words
from tracegraph.model.instants import instant_text
from tracegraph.model.person import REFERENCE, Person, PersonState
from tracegraph.model.quantity import Quantity
from tracegraph.model.values import value
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.case.states import DRILL
from tracegraph.reports.documents.paper import Cell, Entry, Made, Paper, Part
from tracegraph.reports.documents.recall.grids import part_of
from tracegraph.reports.documents.recall.telling import fact, grid, said
from tracegraph.stores.ledger import digest

People = Mapping[str, Person]
#: A lot number, the identifier that it stands for, and the product.
LotNamed = tuple[str, str, str | None]


@value
class Subject:
    """A case at one moment: its number, type and state, the facts of its opening and assessments, the version of its
    scope (None: none yet) with the question that it answers, and of which state of the ledger it is told. `people`:
    whom its references mean."""

    case: str
    type: str
    state: str
    facts: Mapping[str, Any]
    version: int | None
    question: str
    known: int | None
    head: str
    people: People

    @property
    def is_drill(self) -> bool:
        """Whether it is an exercise."""
        return self.type == DRILL

    def text(self, name: str) -> str | None:
        """A fact as text; None where nobody gave it."""
        told = self.facts.get(name)
        return "; ".join(map(str, told)) if isinstance(told, list) and told else str(told) if told else None


@value
class Address:
    """An organisation or site as a letter names it: key and GLN-like identifier, name, address, country (None: not on
    record) and the reference of whom to reach there."""

    id: str
    name: str | None = None
    address: str | None = None
    country: str | None = None
    contact: str | None = None

    @property
    def named(self) -> str:
        """Its name with the identifier behind it, or that alone."""
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


def document(
    kind: str,
    subject: Subject,
    language: Language,
    parts: Iterable[Part],
    *,
    about: str = "",
    optional: Iterable[str] = (),
    parameters: Iterable[Entry] = (),
    marks: tuple[str, ...] = (),
    wide: bool = False,
    to_one: bool = False,
) -> Paper:
    """A document of the case. `kind`: its word in the catalogue; `about`: what it is about within the case; every fact
    without a value is lacking but the `optional` ones. `to_one`: it goes to one consignee, whom the question of the
    scope may tell of others, so only its hash stands there."""
    told = tuple(parts)
    may_lack = set(optional)
    lacking = [one.label for part in told for one in part.entries if one.value is None and one.name not in may_lack]
    return Paper(
        said(f"{kind}", language),
        " · ".join(one for one in (_numbered(subject.case, about), subject.text("title")) if one),
        language,
        told,
        tuple(dict.fromkeys(lacking)),
        (words("paper_honest", language),),
        Made((*_asked(subject, language, to_one), *parameters), subject.known, subject.head),
        marks,
        subject.is_drill,
        wide,
    )


def _numbered(case: str, about: str) -> str:
    """The number of the case and what a document is about in it, which may begin with that number."""
    return about if about.startswith(case) else f"{case} · {about}" if about else case


def _asked(subject: Subject, language: Language, to_one: bool) -> tuple[Entry, ...]:
    question = digest(subject.question.encode()) if to_one and subject.question else subject.question
    return (
        fact("recall", subject.case, language),
        fact("scope_version", _number(subject.version), language),
        fact("question_hash" if to_one else "question", question or None, language),
    )


def _number(number: int | None) -> Cell:
    return None if number is None else str(number)


def case_part(subject: Subject, language: Language, names: Iterable[str], *more: Entry) -> Part:
    """The number of the case, these facts of it, and more."""
    said = (told(subject, name, language) for name in names)
    return Part("", (fact("recall", subject.case, language), *said, *more), name="case")


def lots_part(lots: Iterable[LotNamed], language: Language) -> Part:
    """What the lot numbers of a document stand for."""
    return part_of(grid("lots", ("lot", "identifier", "goods"), lots, language), language)


def told(subject: Subject, name: str, language: Language) -> Entry:
    """A fact of the case under the label of its field, choices in words; a person as reached."""
    label = field_label("open", name, language)
    text = subject.type if name == "type" else subject.text(name)
    if text is None:
        return Entry(label, None, name)
    return Entry(label, _told(subject, name, text, language), name)


def _told(subject: Subject, name: str, text: str, language: Language) -> Cell:
    return person(subject.people, text) if REFERENCE.fullmatch(text) else choice(name, text, language)


def field_label(action: str, name: str, language: Language) -> str:
    """What a field of an action is called."""
    return next(field.label[language] for field in action_kind(action).fields if field.name == name)


def choice(field: str, text: str, language: Language) -> str:
    """A choice of a field in words; what the catalogue has no words for stands for itself."""
    try:
        return said(f"{field}_{text}", language)
    except KeyError:
        return text


def yes_no(answer: object, language: Language) -> Cell:
    """An answer in words; None for none."""
    return None if answer is None else words("yes" if answer else "no", language)


def person(people: People, reference: str | None) -> str | None:
    """Whom a reference means: name, role and organisation; the reference alone where nobody knows or may say."""
    found = _known(people, reference)
    if found is None or found.state is not PersonState.KNOWN:
        return reference or None
    return ", ".join(part for part in (found.name, found.role, found.organisation) if part)


def reached(people: People, reference: str | None, way: Literal["phone", "email", "after_hours"]) -> str | None:
    """Where a person is reached; None where nobody said."""
    found = _known(people, reference)
    return None if found is None else getattr(found, way) or None


def _known(people: People, reference: str | None) -> Person | None:
    return people.get(reference) if reference and REFERENCE.fullmatch(reference) else None


def seconds(instant: int) -> str:
    """An instant to the second."""
    return f"{instant_text(instant)[:19]}Z"


def amount(quantity: Quantity | None) -> tuple[Cell, Cell]:
    """A quantity as two cells: number and unit of measure (pieces have none)."""
    if quantity is None or quantity.value is None:
        return None, None
    return quantity.value, quantity.unit or "–"


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """So many of a hundred, to one decimal; None of nothing."""
    return None if not whole else (part * 100 / whole).quantize(Decimal("0.1")).normalize()
