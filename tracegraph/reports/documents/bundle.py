"""All documents of a recall case as one ZIP archive: a manifest says of each file what it is and its SHA-256, and of
all from what they were made. The same case at the same state of the ledger gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tracegraph import __version__
from tracegraph.errors import InputError, TracegraphError, UsageError
from tracegraph.formats.archives import UNREADABLE
from tracegraph.messages import Language
from tracegraph.model.instants import optional_text
from tracegraph.recall.case import CaseFile, case_file
from tracegraph.reports.anonymising import Hidden, Hiding, secrets_of, texts_in
from tracegraph.reports.documents.content import content
from tracegraph.reports.documents.laying_out import FORMS
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.investigation import OWN, asking, seeds
from tracegraph.reports.documents.recall.kinds import OF_CASE
from tracegraph.reports.documents.recall.told_case import ToldCase
from tracegraph.reports.documents.recall.trace_request import Asking, TraceRequest
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.documents.writing import MAKERS, MEDIA, paper_of
from tracegraph.trace.envelope import Json
from tracegraph.trace.snapshot import Snapshot

MANIFEST = "manifest.json"
#: What is made of each document: one to read, one to compute with.
USUAL_FORMS = ("pdf", "json")
#: Documents of a case that are made for each consignee, and those that are about goods.
FOR_CONSIGNEES = ("recall-notice", "recall-reply")
OF_GOODS = ("recall-origin",)
REQUEST = "recall-request"
#: The moment that every file in the archive says it is of.
_MADE = (1980, 1, 1, 0, 0, 0)

#: The bytes of an attached file, by its hash.
Attached = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """What goes into a bundle. `kinds`: which documents (none: all that there are); `anonymous`: nobody is named, and
    attached files are left out; `people`: by reference, who is meant; `attached`: where attached files are got."""

    languages: tuple[Language, ...] = ("en",)
    forms: tuple[str, ...] = USUAL_FORMS
    kinds: tuple[str, ...] = ()
    anonymous: bool = False
    people: Mapping[str, Any] = field(default_factory=dict)
    attached: Attached | None = None

    def __post_init__(self) -> None:
        for form in self.forms:
            if form not in FORMS:
                raise UsageError(f"a bundle holds {', '.join(FORMS)}, not {form}; choose of these")
        for kind in self.kinds:
            if kind not in bundled_kinds():
                raise UsageError(f"a bundle holds no {kind!r}; choose of {', '.join(bundled_kinds())}")


@dataclass(frozen=True, slots=True)
class _Made:
    """One document that was made, and its name in the archive."""

    name: str
    wanted: Wanted
    paper: Paper


def bundled_kinds() -> list[str]:
    """The kinds of documents that a bundle can hold."""
    return [kind for kind in MAKERS if kind.startswith("recall-")]


def write_bundle(snapshot: Snapshot, case: str, file: IO[bytes], choice: BundleChoice | None = None) -> list[Hidden]:
    """Write the archive; gives back the key of an anonymous one. Raises UnknownIdentifier where nobody opened the case.
    A document that cannot be made is left out, and the manifest says why."""
    return _Bundle(snapshot, case_file(snapshot.store, case, snapshot.position), choice or BundleChoice()).write(file)


class _Bundle:
    """One archive being made."""

    def __init__(self, snapshot: Snapshot, case: CaseFile, choice: BundleChoice) -> None:
        self.snapshot = snapshot
        self.case = case
        self.choice = choice
        self.left_out: list[Json] = []
        self.files: list[Json] = []
        self._cases: dict[Language, ToldCase] = {}
        self._requests: dict[Language, Asking] = {}

    def write(self, file: IO[bytes]) -> list[Hidden]:
        """All of it; the manifest is its first file."""
        made = [one for language in self.choice.languages for one in self._papers(language)]
        hiding = self._hiding(made)
        parts = dict(self._attached())
        for one in made:
            parts |= dict(self._written(one, hiding))
        manifest = json.dumps(self._manifest(hiding), ensure_ascii=False, indent=1).encode()
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            for name, data in ((MANIFEST, manifest), *sorted(parts.items())):
                entry = ZipInfo(name, _MADE)
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, data)
        return hiding.key() if hiding else []

    # what there is to be made

    def _papers(self, language: Language) -> Iterator[_Made]:
        counts: dict[str, int] = {}
        for wanted in self._wanted(language):
            try:
                paper = self._paper(wanted, language)
            except TracegraphError as reason:
                self.left_out.append({**_told(wanted), "language": language, "reason": str(reason)})
                continue
            counts[wanted.kind] = counts.get(wanted.kind, 0) + 1
            several = f"-{counts[wanted.kind]:03d}" if _is_one_of_several(wanted) else ""
            yield _Made(f"{language}/{wanted.kind}{several}", wanted, paper)

    def _paper(self, wanted: Wanted, language: Language) -> Paper:
        """A document; what many of them need is worked out once for each language."""
        if wanted.kind in OF_CASE:
            return OF_CASE[wanted.kind](self._told_case(language), wanted)
        return self._request(wanted, language).paper if wanted.party else paper_of(self.snapshot, wanted, language)

    def _request(self, wanted: Wanted, language: Language) -> TraceRequest:
        return self._asking(language).to(wanted.party)

    def _told_case(self, language: Language) -> ToldCase:
        if language not in self._cases:
            wanted = Wanted("", case=self.case.id, people=self.choice.people)
            self._cases[language] = ToldCase.of(self.snapshot, wanted, language)
        return self._cases[language]

    def _asking(self, language: Language) -> Asking:
        if language not in self._requests:
            self._requests[language] = asking(self.snapshot, seeds(self.case), language)
        return self._requests[language]

    def _wanted(self, language: Language) -> Iterator[Wanted]:
        scoped = self.case.scope is not None
        case, people = self.case.id, self.choice.people
        for kind in self.choice.kinds or bundled_kinds():
            if kind in FOR_CONSIGNEES:
                rows = self._told_case(language).consignees.rows if scoped else []
                yield from (Wanted(kind, case=case, consignee=one.id, people=people) for one in rows)
            elif kind == REQUEST:
                operators = self._asking(language).operators() if scoped else []
                yield from (Wanted(kind, party=one, case=case, people=people) for one in operators)
            else:
                number = "; ".join(seeds(self.case)) if scoped and kind in OF_GOODS else ""
                yield Wanted(kind, case=case, number=number, people=people)

    # files

    def _written(self, one: _Made, hiding: Hiding | None) -> Iterator[tuple[str, bytes]]:
        language = one.paper.language
        for form in self._forms(one.wanted.kind):
            data = self._bytes(one, form, hiding)
            name = f"{one.name}.{form}"
            told = {**_told(one.wanted), "language": language, "form": form, "media": MEDIA[form]}
            self.files.append(_entry(name, data, hiding.json(told) if hiding else told))
            yield name, data

    def _bytes(self, one: _Made, form: str, hiding: Hiding | None) -> bytes:
        own = OWN.get((one.wanted.kind, form))
        if own is None or hiding is not None:
            return FORMS[form](one.paper if hiding is None else hiding.paper(one.paper))
        if one.wanted.kind == REQUEST:
            return self._request(one.wanted, one.paper.language).workbook()
        return own(self.snapshot, one.wanted, one.paper.language)

    def _forms(self, kind: str) -> Sequence[str]:
        """The forms that are wanted; of what is filled in, or a plain table, also the one that can be captured."""
        own = [form for named, form in OWN if named == kind and not self.choice.anonymous]
        return tuple(dict.fromkeys((*self.choice.forms, *own)))

    def _attached(self) -> Iterator[tuple[str, bytes]]:
        for move in self.case.of("attach"):
            if self.choice.attached is not None and not self.choice.anonymous:
                digest = move.text("hash")
                name = f"attached/{digest.removeprefix('sha256:')}"
                try:
                    data = self.choice.attached(digest)
                except TracegraphError as reason:
                    self.left_out.append({"kind": "attached", "name": move.text("name"), "reason": str(reason)})
                    continue
                told = {"kind": "attached", "name": move.text("name"), "media": move.text("media")}
                self.files.append(_entry(name, data, told))
                yield name, data

    def _hiding(self, made: Iterable[_Made]) -> Hiding | None:
        if not self.choice.anonymous:
            return None
        named = {text for one in made for text in texts_in(content(one.paper))}
        named |= {text for one in self.left_out for text in texts_in(one)}
        language = self.choice.languages[0]
        return Hiding(secrets_of(self.snapshot, named, [self.case], self.choice.people), language)

    def _manifest(self, hiding: Hiding | None) -> Json:
        """From what the documents were made, and what each file is."""
        left_out = hiding.json(self.left_out) if hiding else self.left_out
        return {
            "tracegraph": __version__,
            "case": self.case.id,
            "state": self.case.state,
            "moves": len(self.case.moves),
            "known": optional_text(self.snapshot.known),
            "ledger": self.snapshot.ledger,
            "languages": list(self.choice.languages),
            "forms": list(self.choice.forms),
            "anonymous": self.choice.anonymous,
            "files": sorted(self.files, key=lambda one: str(one["path"])),
            "left_out": left_out,
        }


def _is_one_of_several(wanted: Wanted) -> bool:
    return bool(wanted.consignee or wanted.party)


def _told(wanted: Wanted) -> Json:
    """What was wanted, as far as it was said."""
    told = {"kind": wanted.kind, "party": wanted.party, "number": wanted.number, "consignee": wanted.consignee}
    return {name: text for name, text in told.items() if text}


def _entry(name: str, data: bytes, told: Json) -> Json:
    return {"path": name, "sha256": sha256(data).hexdigest(), "size": len(data), **told}


def bundle_faults(data: bytes) -> Iterator[str]:
    """What is wrong with an archive: a sentence for each file that is not as its manifest says, is missing, or is not
    in it. Raises InputError where it is no bundle."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
            manifest = json.loads(files.pop(MANIFEST))
            listed = {str(one["path"]): str(one["sha256"]) for one in manifest["files"]}
    except (*UNREADABLE, KeyError, TypeError):
        raise InputError(f"this is no bundle of a recall case: it has no {MANIFEST} that can be read") from None
    for name in sorted({*files, *listed}):
        if name not in files:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not in the manifest"
        elif sha256(files[name]).hexdigest() != listed[name]:
            yield f"{name} is not the file that the manifest names"
